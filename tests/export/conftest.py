"""Makes the helper modules of this folder importable, and those of the benchmarks, which know how to make environments."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
