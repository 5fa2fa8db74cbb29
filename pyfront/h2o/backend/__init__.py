"""H2O's names for the connection and its answers.

There is no server behind them: see `h2o.backend.connection`.
"""

from ..elsewhere.stand_ins import names_of
from .connection import H2OCluster, H2OConnection

__all__ = ["H2OCluster", "H2OConnection"]

__getattr__ = names_of(__name__)
