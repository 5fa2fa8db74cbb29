"""The session that runs in this process, under H2O's names for a node and the connection to it; there is no server.

``running``  the one connection, and its end      ``connection``  H2OConnection, and how one is started
``cluster``  H2OCluster                           ``progress``    the progress bar of jobs
``handles``  how what is below `H2OFrame` makes one
"""

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from .cluster import H2OCluster
from .connection import H2OConnection

__all__ = ["H2OCluster", "H2OConnection"]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
