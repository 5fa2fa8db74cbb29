"""Methods of H2OFrame that only name an operation of the registry, by topic.

``operators`` and ``mathematics`` cell by cell, ``statistics`` of columns and frames, ``factors``, ``texts``,
``times``, ``missing`` cells, ``rows``: binding, joining, sorting, grouping, sampling. ``base`` is what all of them rest on.
"""

from __future__ import annotations

from .factors import FactorOperations
from .mathematics import Mathematics
from .missing import MissingCells
from .operators import Operators
from .rows import RowOperations
from .statistics import Statistics
from .texts import TextOperations
from .times import TimeOperations

__all__ = ["FrameOperations"]


class FrameOperations(
    Operators,
    Mathematics,
    Statistics,
    FactorOperations,
    TextOperations,
    TimeOperations,
    MissingCells,
    RowOperations,
):
    """All of them; a class of its own needs only `_expr`."""
