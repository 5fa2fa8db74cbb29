"""H2O's names for the connection and its answers.

There is no server behind them: see `h2o.connection`.
"""

from h2o.connection import H2OCluster, H2OConnection
from h2o.elsewhere import names_of

__all__ = ["H2OCluster", "H2OConnection"]

__getattr__ = names_of(__name__)
