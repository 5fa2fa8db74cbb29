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
        """
        result = self._expr("mean", self, skipping(skipna, na_rm), axis)
        wanted = allow_breaking_changes() if return_frame is None else return_frame
        return result if wanted or axis == 1 else result.getrow()

    def min(self) -> float:
        """Smallest cell; NaN if one is missing."""
        return self._expr("min", self)

    def max(self) -> float:
        """Largest cell; NaN if one is missing."""
        return self._expr("max", self)

    def prod(self, na_rm: bool = False) -> float:
        """Product of all cells."""
        return self._expr("prod.na" if na_rm else "prod", self)

    def median(self, na_rm: bool = False) -> list[float]:
        """Median of each column; NaN where cells are missing unless they are skipped."""
        return self._expr("median", self, na_rm)

    def sd(self, na_rm: bool = False) -> list[float]:
        """Standard deviation (n - 1) of each column."""
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
        """
        use = use or ("complete.obs" if na_rm else "everything")
        return self._expr("cor", self, self if y is None else y, use, method)

    def skewness(self, na_rm: bool = False) -> list[float]:
        """Skewness of each column."""
        return self._expr("skewness", self, na_rm)

    def kurtosis(self, na_rm: bool = False) -> list[float]:
        """Kurtosis of each column (3 for a normal distribution)."""
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
        """
        frame: Any = self
        weights = "_" if weights_column is None else weights_column
        if not isinstance(weights, str):
            frame = self._expr("cbind", self, weights)
            weights = frame.names[-1]
        wanted = list(_QUANTILES if prob is None else prob)
        return self._expr("quantile", frame, wanted, combine_method, weights)

    def all(self) -> bool:
        """Whether no cell is 0 (a missing one counts as not 0)."""
        return bool(self._expr("all", self))

    def any(self) -> bool:
        """Whether a cell is not 0 (a missing one counts as not 0)."""
        return bool(self._expr("any", self))

    def any_na_rm(self) -> bool:
        """Whether a cell is neither 0 nor missing."""
        return bool(self._expr("any.na", self))

    def nacnt(self) -> list[float]:
        """Number of missing cells of each column."""
        return self._expr("naCnt", self)

    def idxmax(self, skipna: bool = True, axis: int = 0) -> H2OFrame:
        """Row number of the largest value of each column (or column number, axis 1)."""
        return self._expr("which.max", self, skipna, axis)

    def idxmin(self, skipna: bool = True, axis: int = 0) -> H2OFrame:
        """Row number of the smallest value of each column (or column number, axis 1)."""
        return self._expr("which.min", self, skipna, axis)

    def unique(self, include_nas: bool = False) -> H2OFrame:
        """Distinct values of one column."""
        return self._expr("unique", self, include_nas)

    def table(self, data2: Any = None, dense: bool = True) -> H2OFrame:
        """Counts of the values of one column, or of the pairs of two.

        Parameters
        ----------
        data2 : H2OFrame, optional
            The second column.
        dense : bool
            Of pairs: a row for each pair that occurs, or a matrix of counts.
        """
        both = self if data2 is None else self._expr("cbind", self, data2)
        return self._expr("table", both, dense)
