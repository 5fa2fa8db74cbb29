"""Missing cells."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from .base import Operations

if TYPE_CHECKING:
    from ..h2oframe import H2OFrame


class MissingCells(Operations):
    """Missing cells."""

    def isna(self) -> H2OFrame:
        """1 where a cell is missing, else 0.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["x"].isna().as_data_frame().iloc[:, 0].tolist()
        [0, 0, 0, 1]
        """
        return self._expr("is.na", self)

    def na_omit(self) -> H2OFrame:
        """The rows in which nothing is missing.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame.na_omit().nrow
        3
        """
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

        Returns
        -------
        H2OFrame
            As many rows and columns; this frame stays as it is.

        Examples
        --------
        >>> frame["x"].fillna().as_data_frame()["x"].tolist()
        [1.5, -2.0, 4.0, 4.0]
        """
        return self._expr("h2o.fillna", self, method, axis, maxlen)

    def filter_na_cols(self, frac: float = 0.2) -> list[float]:
        """Numbers of the columns in which less than a fraction of the cells is missing.

        Parameters
        ----------
        frac : float
            From 0 to 1.

        Returns
        -------
        list of float
            Positions, counted from 0.

        Examples
        --------
        >>> frame.filter_na_cols(0.2)
        [1.0, 2.0, 4.0]
        """
        return self._expr("filterNACols", self, frac)

    def impute(
        self,
        column: int | str = -1,
        method: str = "mean",
        combine_method: str = "interpolate",
        by: Any = None,
        group_by_frame: H2OFrame | None = None,
        values: Sequence[Any] | None = None,
    ) -> list[float] | H2OFrame:
        """Fill missing cells of this frame by column mean, median or mode, or by given values.

        Parameters
        ----------
        column : int or str
            Which column; -1 all but texts.
        method : str
            ``mean``, ``median`` or ``mode``. Enums get their most frequent level, whatever the method.
        combine_method : str
            How a median between two numbers is made: ``interpolate``, ``average``, ``low`` or ``high``.
        by : str, int, or list of these, optional
            Columns; the cells of each group of rows get the value of the group.
        group_by_frame : H2OFrame, optional
            The values of the groups, as `group_by` gives them.
        values : sequence, optional
            A value for each column, instead of computed ones.

        Returns
        -------
        list of float or H2OFrame
            For each column the value used, NaN where none was; with groups a frame of groups and values.

        Examples
        --------
        >>> frame.impute("x", method="median")
        [1.5, nan, nan, nan, nan]
        >>> frame["x"].as_data_frame()["x"].tolist()
        [1.5, -2.0, 4.0, 1.5]
        """
        position = column if isinstance(column, int) else self._position(column)
        wanted = [] if by is None else [by] if isinstance(by, (str, int)) else list(by)
        groups = "_" if group_by_frame is None else group_by_frame
        given = "_" if values is None else list(values)
        used: Any = self._expr("h2o.impute", self, position, method, combine_method, wanted, groups, given)
        return list(used) if isinstance(used, list | tuple) else used

    def insert_missing_values(self, fraction: float = 0.1, seed: int | None = None) -> Self:
        """Make a random part of the cells of this frame missing.

        Parameters
        ----------
        fraction : float
            Share of the cells, from 0 to 1.
        seed : int, optional
            The same seed chooses the same cells.

        Returns
        -------
        H2OFrame
            The frame itself.

        Examples
        --------
        >>> frame = h2o.H2OFrame({"a": list(range(1000))})
        >>> 0 < frame.insert_missing_values(0.1, seed=1).nacnt()[0] < 200
        True
        """
        self._replace("h2o.insertMissing", self, fraction, -1 if seed is None else seed)
        return self
