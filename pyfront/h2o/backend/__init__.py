"""H2O's names for the connection and its answers.

There is no server behind them: see `h2o.connection`.
"""

from ..connection import H2OCluster, H2OConnection
from ..elsewhere import absent

H2OLocalServer = absent("H2OLocalServer")

__all__ = ["H2OCluster", "H2OConnection", "H2OLocalServer"]
