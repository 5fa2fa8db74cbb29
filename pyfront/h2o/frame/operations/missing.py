"""Missing cells."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Operations

if TYPE_CHECKING:
    from ..h2oframe import H2OFrame


class MissingCells(Operations):
    """Missing cells."""

    def isna(self) -> H2OFrame:
        """1 where a cell is missing, else 0."""
        return self._expr("is.na", self)

    def na_omit(self) -> H2OFrame:
        """The rows in which nothing is missing."""
        return self._expr("na.omit", self)

    def fillna(self, method: str = "forward", axis: int = 0, maxlen: int = 1) -> H2OFrame:
        """Fill missing cells with the nearest one that is not missing.

        Parameters
        ----------
        method : str
            ``forward`` (from the cell before) or ``backward``.
        axis : int
            0 down the rows, 1 along the columns.
        maxlen : int
            How many missing cells in a row are filled at most.
        """
        return self._expr("h2o.fillna", self, method, axis, maxlen)

    def filter_na_cols(self, frac: float = 0.2) -> list[float]:
        """Numbers of the columns in which less than a fraction of the cells is missing."""
        return self._expr("filterNACols", self, frac)
