"""Sums, means and other figures of columns and frames."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ..settings import allow_breaking_changes
from .base import Operations, skipping

if TYPE_CHECKING:
    from ..h2oframe import H2OFrame

_QUANTILES = (0.01, 0.1, 0.25, 0.333, 0.5, 0.667, 0.75, 0.9, 0.99)


class Statistics(Operations):
    """Figures of columns and frames."""

    @overload
    def sum(
        self,
        skipna: bool = True,
        axis: int = 0,
        return_frame: Literal[False] | None = None,
        na_rm: bool | None = None,
    ) -> float: ...

    @overload
    def sum(
        self, skipna: bool = True, axis: int = 0, *, return_frame: bool, na_rm: bool | None = None
    ) -> H2OFrame | float: ...

    def sum(
        self,
        skipna: bool = True,
        axis: int = 0,
        return_frame: bool | None = None,
        na_rm: bool | None = None,
    ) -> H2OFrame | float:
        """Sum of all cells, whatever the axis; with ``return_frame`` of each column (axis 0) or row (axis 1).

        ``return_frame`` is false unless a file `.h2oconfig` says ``allow_breaking_changes = True``.

        Parameters
        ----------
        skipna : bool
            Whether missing cells are left out; with False one of them makes the result missing.
        axis : int
            Of a frame of sums: 0 a sum of each column, 1 of each row.
        return_frame : bool, optional
            Whether the result is a frame in place of one number.
        na_rm : bool, optional
            H2O's old name of `skipna`.

        Returns
        -------
        float or H2OFrame
            The sum of all cells, or a frame of one row (axis 0) or one column (axis 1).

        Examples
        --------
        >>> frame["n"].sum()
        8.0
        >>> frame[["x", "n"]].sum(axis=1, return_frame=True).as_data_frame().iloc[:, 0].tolist()
        [4.5, -1.0, 6.0, 2.0]
        """
        skipna = skipping(skipna, na_rm)
        if allow_breaking_changes() if return_frame is None else return_frame:
            return self._expr("sumaxis", self, skipna, axis)
        return self._expr("sumNA" if skipna else "sum", self)

    @overload
    def mean(
        self,
        skipna: bool = True,
        axis: Literal[0] = 0,
        return_frame: Literal[False] | None = None,
        na_rm: bool | None = None,
    ) -> list[float]: ...

    @overload
    def mean(
        self,
        skipna: bool = True,
        axis: int = 0,
        *,
        return_frame: Literal[True],
        na_rm: bool | None = None,
    ) -> H2OFrame: ...

    @overload
    def mean(
        self,
        skipna: bool = True,
        axis: int = 0,
        return_frame: bool | None = None,
        na_rm: bool | None = None,
    ) -> H2OFrame | list[float]: ...

    def mean(
        self,
        skipna: bool = True,
        axis: int = 0,
        return_frame: bool | None = None,
        na_rm: bool | None = None,
    ) -> H2OFrame | list[float]:
        """Means of the columns as a list; with axis 1 or ``return_frame`` as a frame.

        ``return_frame`` is false unless a file `.h2oconfig` says ``allow_breaking_changes = True``.

        Parameters
        ----------
        skipna : bool
            Whether missing cells are left out; with False one of them makes the mean missing.
        axis : int
            0 a mean of each column, 1 of each row.
        return_frame : bool, optional
            Whether the means of the columns come as a frame.
        na_rm : bool, optional
            H2O's old name of `skipna`.

        Returns
        -------
        list of float or H2OFrame
            One mean for each column; NaN for columns that are no numbers.

        Examples
        --------
        >>> frame[["x", "n"]].mean()
        [1.1666666666666667, 2.0]
        """
        result = self._expr("mean", self, skipping(skipna, na_rm), axis)
        wanted = allow_breaking_changes() if return_frame is None else return_frame
        return result if wanted or axis == 1 else result.getrow()

    def min(self) -> float:
        """Smallest cell; NaN if one is missing.

        Returns
        -------
        float
            Over all cells.

        Examples
        --------
        >>> frame["n"].min()
        1.0
        """
        return self._expr("min", self)

    def max(self) -> float:
        """Largest cell; NaN if one is missing.

        Returns
        -------
        float
            Over all cells.

        Examples
        --------
        >>> frame["n"].max()
        3.0
        """
        return self._expr("max", self)

    def prod(self, na_rm: bool = False) -> float:
        """Product of all cells.

        Parameters
        ----------
        na_rm : bool
            Whether missing cells are left out; else one of them makes the product missing.

        Returns
        -------
        float
            Over all cells.

        Examples
        --------
        >>> frame["x"].prod(na_rm=True)
        -12.0
        """
        return self._expr("prod.na" if na_rm else "prod", self)

    def median(self, na_rm: bool = False) -> list[float]:
        """Median of each column; NaN where cells are missing unless they are skipped.

        Parameters
        ----------
        na_rm : bool
            Whether missing cells are left out.

        Returns
        -------
        list of float
            One for each column.

        Examples
        --------
        >>> frame[["x", "n"]].median(na_rm=True)
        [1.5, 2.0]
        """
        return self._expr("median", self, na_rm)

    def sd(self, na_rm: bool = False) -> list[float]:
        """Standard deviation (n - 1) of each column.

        Parameters
        ----------
        na_rm : bool
            Whether missing cells are left out.

        Returns
        -------
        list of float
            One for each column.

        Examples
        --------
        >>> frame["n"].sd()
        [0.816496580927726]
        """
        return self._expr("sd", self, na_rm)

    def var(self, y: Any = None, na_rm: bool = False, use: str | None = None) -> H2OFrame | float:
        """Variance of one column, or covariance with `y`, or the covariance matrix of many columns.

        Parameters
        ----------
        y : H2OFrame, optional
            This frame itself by default.
        na_rm : bool
            Whether rows with missing cells are left out, if `use` is not given.
        use : str, optional
            ``everything``, ``all.obs`` or ``complete.obs``.

        Returns
        -------
        H2OFrame or float
            A number where both sides have one column, else a matrix as a frame (columns x columns).

        Examples
        --------
        >>> frame["n"].var()
        0.6666666666666666
        """
        use = use or ("complete.obs" if na_rm else "everything")
        return self._expr("var", self, self if y is None else y, use, y is None)

    def cor(
        self, y: Any = None, na_rm: bool = False, use: str | None = None, method: str = "Pearson"
    ) -> H2OFrame | float:
        """Correlation with `y`, or the correlation matrix of the columns.

        Parameters
        ----------
        y : H2OFrame, optional
            This frame itself by default.
        na_rm : bool
            Whether rows with missing cells are left out, if `use` is not given.
        use : str, optional
            ``everything``, ``all.obs`` or ``complete.obs``.
        method : str
            ``Pearson`` or ``Spearman``.

        Returns
        -------
        H2OFrame or float
            A number where both sides have one column, else a matrix as a frame (columns x columns).

        Examples
        --------
        >>> round(iris["sepal_len"].cor(iris["petal_len"]), 4)
        0.8718
        """
        use = use or ("complete.obs" if na_rm else "everything")
        return self._expr("cor", self, self if y is None else y, use, method)

    def skewness(self, na_rm: bool = False) -> list[float]:
        """Skewness of each column.

        Parameters
        ----------
        na_rm : bool
            Whether missing cells are left out.

        Returns
        -------
        list of float
            One for each column; 0 where the cells lie evenly around their mean.

        Examples
        --------
        >>> frame["n"].skewness()
        [0.0]
        """
        return self._expr("skewness", self, na_rm)

    def kurtosis(self, na_rm: bool = False) -> list[float]:
        """Kurtosis of each column (3 for a normal distribution).

        Parameters
        ----------
        na_rm : bool
            Whether missing cells are left out.

        Returns
        -------
        list of float
            One for each column.

        Examples
        --------
        >>> frame["n"].kurtosis()
        [1.9999999999999996]
        """
        return self._expr("kurtosis", self, na_rm)

    def quantile(
        self,
        prob: Sequence[float] | None = None,
        combine_method: str = "interpolate",
        weights_column: Any = None,
    ) -> H2OFrame:
        """Quantiles of each column: a column of probabilities, then one column for each of this frame.

        Parameters
        ----------
        prob : sequence of float, optional
            Probabilities.
        combine_method : str
            Between two neighbours: ``interpolate``, ``average``, ``low`` or ``high``.
        weights_column : str or H2OFrame, optional
            Name of a column of this frame, or a frame of one column: how often each row counts.

        Returns
        -------
        H2OFrame
            The column ``Probs``, then for each column of numbers one of quantiles.

        Examples
        --------
        >>> frame["n"].quantile([0.25, 0.5]).as_data_frame().values.tolist()
        [[0.25, 1.75], [0.5, 2.0]]
        """
        frame: Any = self
        weights = "_" if weights_column is None else weights_column
        if not isinstance(weights, str):
            frame = self._expr("cbind", self, weights)
            weights = frame.names[-1]
        wanted = list(_QUANTILES if prob is None else prob)
        return self._expr("quantile", frame, wanted, combine_method, weights)

    def all(self) -> bool:
        """Whether no cell is 0 (a missing one counts as not 0).

        Returns
        -------
        bool
            Over all cells.

        Examples
        --------
        >>> (frame["n"] > 0).all()
        True
        """
        return bool(self._expr("all", self))

    def any(self) -> bool:
        """Whether a cell is not 0 (a missing one counts as not 0).

        Returns
        -------
        bool
            Over all cells.

        Examples
        --------
        >>> (frame["n"] > 2).any()
        True
        """
        return bool(self._expr("any", self))

    def any_na_rm(self) -> bool:
        """Whether a cell is neither 0 nor missing.

        Returns
        -------
        bool
            Over all cells.

        Examples
        --------
        >>> (frame["x"] > 9).any_na_rm()
        False
        """
        return bool(self._expr("any.na", self))

    def nacnt(self) -> list[float]:
        """Number of missing cells of each column.

        Returns
        -------
        list of float
            One count for each column.

        Examples
        --------
        >>> frame.nacnt()
        [1.0, 0.0, 0.0, 1.0, 0.0]
        """
        return self._expr("naCnt", self)

    def idxmax(self, skipna: bool = True, axis: int = 0) -> H2OFrame:
        """Row number of the largest value of each column (or column number, axis 1).

        Parameters
        ----------
        skipna : bool
            Whether missing cells are left out.
        axis : int
            0 for the largest cell of each column, 1 of each row.

        Returns
        -------
        H2OFrame
            Positions, counted from 0.

        Examples
        --------
        >>> frame["x"].idxmax().flatten()
        2.0
        """
        return self._expr("which.max", self, skipna, axis)

    def idxmin(self, skipna: bool = True, axis: int = 0) -> H2OFrame:
        """Row number of the smallest value of each column (or column number, axis 1).

        Parameters
        ----------
        skipna : bool
            Whether missing cells are left out.
        axis : int
            0 for the smallest cell of each column, 1 of each row.

        Returns
        -------
        H2OFrame
            Positions, counted from 0.

        Examples
        --------
        >>> frame["x"].idxmin().flatten()
        1.0
        """
        return self._expr("which.min", self, skipna, axis)

    def unique(self, include_nas: bool = False) -> H2OFrame:
        """Distinct values of one column.

        Parameters
        ----------
        include_nas : bool
            Whether a missing cell is one of the values.

        Returns
        -------
        H2OFrame
            One column.

        Examples
        --------
        >>> frame["k"].unique().as_data_frame().iloc[:, 0].tolist()
        ['a', 'b', 'c']
        """
        return self._expr("unique", self, include_nas)

    def table(self, data2: Any = None, dense: bool = True) -> H2OFrame:
        """Counts of the values of one column, or of the pairs of two.

        Parameters
        ----------
        data2 : H2OFrame, optional
            The second column.
        dense : bool
            Of pairs: a row for each pair that occurs, or a matrix of counts.

        Returns
        -------
        H2OFrame
            A row for each value or pair, with the column ``Count``.

        Examples
        --------
        >>> frame["k"].table().as_data_frame().values.tolist()
        [['a', 1], ['b', 2], ['c', 1]]
        """
        both = self if data2 is None else self._expr("cbind", self, data2)
        return self._expr("table", both, dense)
