from ._net import REAL as REAL
from ._net import Network as Network
from ._net import instruction_set as instruction_set
