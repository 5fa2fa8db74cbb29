"""Methods of H2OFrame that only name an operation of the registry."""

# The session answers with whatever the operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .frame import H2OFrame


class FrameOperations:
    """Operators, mathematics, reducers and conversions of a frame."""

    def _expr(self, operation: str, *arguments: Any) -> Any:
        raise NotImplementedError

    # -- operators ------------------------------------------------------------------------------

    def __add__(self, other: Any) -> H2OFrame:
        return self._expr("+", self, other)

    def __radd__(self, other: Any) -> H2OFrame:
        return self._expr("+", other, self)

    def __sub__(self, other: Any) -> H2OFrame:
        return self._expr("-", self, other)

    def __rsub__(self, other: Any) -> H2OFrame:
        return self._expr("-", other, self)

    def __mul__(self, other: Any) -> H2OFrame:
        return self._expr("*", self, other)

    def __rmul__(self, other: Any) -> H2OFrame:
        return self._expr("*", other, self)

    def __truediv__(self, other: Any) -> H2OFrame:
        return self._expr("/", self, other)

    def __rtruediv__(self, other: Any) -> H2OFrame:
        return self._expr("/", other, self)

    def __floordiv__(self, other: Any) -> H2OFrame:
        return self._expr("intDiv", self, other)

    def __rfloordiv__(self, other: Any) -> H2OFrame:
        return self._expr("intDiv", other, self)

    def __mod__(self, other: Any) -> H2OFrame:
        return self._expr("%", self, other)

    def __rmod__(self, other: Any) -> H2OFrame:
        return self._expr("%", other, self)

    def __pow__(self, other: Any) -> H2OFrame:
        return self._expr("^", self, other)

    def __rpow__(self, other: Any) -> H2OFrame:
        return self._expr("^", other, self)

    def __neg__(self) -> H2OFrame:
        return self._expr("-", 0, self)

    def __abs__(self) -> H2OFrame:
        return self._expr("abs", self)

    def __lt__(self, other: Any) -> H2OFrame:
        return self._expr("<", self, other)

    def __le__(self, other: Any) -> H2OFrame:
        return self._expr("<=", self, other)

    def __gt__(self, other: Any) -> H2OFrame:
        return self._expr(">", self, other)

    def __ge__(self, other: Any) -> H2OFrame:
        return self._expr(">=", self, other)

    def __eq__(self, other: Any) -> H2OFrame:  # type: ignore[override]
        return self._expr("==", self, other)

    def __ne__(self, other: Any) -> H2OFrame:  # type: ignore[override]
        return self._expr("!=", self, other)

    __hash__ = object.__hash__

    def __and__(self, other: Any) -> H2OFrame:
        return self._expr("&", self, other)

    def __rand__(self, other: Any) -> H2OFrame:
        return self._expr("&", other, self)

    def __or__(self, other: Any) -> H2OFrame:
        return self._expr("|", self, other)

    def __ror__(self, other: Any) -> H2OFrame:
        return self._expr("|", other, self)

    def __invert__(self) -> H2OFrame:
        return self._expr("!!", self)

    def logical_negation(self) -> H2OFrame:
        """1 where a cell is 0, 0 elsewhere, missing where it is missing."""
        return self._expr("not", self)

    def ifelse(self, yes: Any, no: Any) -> H2OFrame:
        """`yes` where this 0/1 frame holds 1, `no` where it holds 0 (numbers, texts or frames)."""
        return self._expr("ifelse", self, yes, no)

    # -- mathematics with an argument -----------------------------------------------------------

    def round(self, digits: int = 0) -> H2OFrame:
        """Round to decimal places, halves to the even digit."""
        return self._expr("round", self, digits)

    def signif(self, digits: int = 6) -> H2OFrame:
        """Round to significant digits."""
        return self._expr("signif", self, digits)

    # -- reducers -------------------------------------------------------------------------------

    def sum(self, skipna: bool = True, axis: int = 0, return_frame: bool = False) -> Any:
        """Sum of all cells, or with ``return_frame`` of each column (axis 0) or row (axis 1)."""
        if return_frame:
            return self._expr("sumaxis", self, skipna, axis)
        return self._expr("sumNA" if skipna else "sum", self)

    def mean(self, skipna: bool = True, axis: int = 0, return_frame: bool = False) -> Any:
        """Means of the columns as a list; with axis 1 or ``return_frame`` as a frame."""
        result = self._expr("mean", self, skipna, axis)
        return result if return_frame or axis == 1 else result.getrow()

    def min(self) -> float:
        """Smallest cell; NaN if one is missing."""
        return self._expr("min", self)

    def max(self) -> float:
        """Largest cell; NaN if one is missing."""
        return self._expr("max", self)

    def prod(self, na_rm: bool = False) -> float:
        """Product of all cells."""
        return self._expr("prodNA" if na_rm else "prod", self)

    def median(self, na_rm: bool = False) -> list[float]:
        """Median of each column; NaN where cells are missing unless they are skipped."""
        return self._expr("median", self, na_rm)

    def sd(self, na_rm: bool = False) -> list[float]:
        """Standard deviation (n - 1) of each column."""
        return self._expr("sd", self, na_rm)

    def var(self, y: Any = None, na_rm: bool = False, use: str | None = None) -> Any:
        """Variance of one column, or covariance with `y`, or the covariance matrix of many columns."""
        use = use or ("complete.obs" if na_rm else "everything")
        return self._expr("var", self, self if y is None else y, use, y is None)

    def cor(self, y: Any = None, na_rm: bool = False, use: str | None = None, method: str = "Pearson") -> Any:
        """Correlation with `y`, or the correlation matrix of the columns."""
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
        """Quantiles of each column: a column of probabilities, then one column for each of this frame."""
        prob = [0.01, 0.1, 0.25, 0.333, 0.5, 0.667, 0.75, 0.9, 0.99] if prob is None else prob
        weights = "_" if weights_column is None else weights_column
        return self._expr("quantile", self, list(prob), combine_method, weights)

    def all(self) -> bool:
        """Whether every cell is neither 0 nor missing."""
        return bool(self._expr("all", self))

    def any(self, na_rm: bool = False) -> bool:
        """Whether a cell is not 0 (a missing one counts, unless ``na_rm``)."""
        return self.any_na_rm() if na_rm else bool(self._expr("any", self))

    def any_na_rm(self) -> bool:
        """Whether a cell is neither 0 nor missing."""
        return self._expr("sumNA", self._expr("!=", self, 0)) > 0

    def nacnt(self) -> list[float]:
        """Number of missing cells of each column."""
        return self._expr("naCnt", self)

    def cumsum(self, axis: int = 0) -> H2OFrame:
        """Running sum down the rows (axis 0) or along the columns (axis 1)."""
        return self._expr("cumsum", self, axis)

    def cumprod(self, axis: int = 0) -> H2OFrame:
        """Running product down the rows (axis 0) or along the columns (axis 1)."""
        return self._expr("cumprod", self, axis)

    def cummin(self, axis: int = 0) -> H2OFrame:
        """Running minimum down the rows (axis 0) or along the columns (axis 1)."""
        return self._expr("cummin", self, axis)

    def cummax(self, axis: int = 0) -> H2OFrame:
        """Running maximum down the rows (axis 0) or along the columns (axis 1)."""
        return self._expr("cummax", self, axis)

    def idxmax(self, skipna: bool = True, axis: int = 0) -> H2OFrame:
        """Row number of the largest value of each column (or column number, axis 1)."""
        return self._expr("which.max", self, skipna, axis)

    def idxmin(self, skipna: bool = True, axis: int = 0) -> H2OFrame:
        """Row number of the smallest value of each column (or column number, axis 1)."""
        return self._expr("which.min", self, skipna, axis)

    # -- types and levels -----------------------------------------------------------------------

    def asfactor(self) -> H2OFrame:
        """Columns as enum: texts with levels in byte order, numbers with levels in the order of value."""
        return self._expr("as.factor", self)

    def asnumeric(self) -> H2OFrame:
        """Columns as numbers: levels that are numbers give these, other levels their position."""
        return self._expr("as.numeric", self)

    def ascharacter(self) -> H2OFrame:
        """Columns as texts."""
        return self._expr("as.character", self)

    def _flags(self, operation: str) -> list[bool]:
        return [bool(flag) for flag in self._expr(operation, self)]

    def isfactor(self) -> list[bool]:
        """For each column whether it is an enum."""
        return self._flags("is.factor")

    def isnumeric(self) -> list[bool]:
        """For each column whether it holds numbers."""
        return self._flags("is.numeric")

    def isstring(self) -> list[bool]:
        """For each column whether it holds strings."""
        return self._flags("is.character")

    ischaracter = isstring

    def anyfactor(self) -> bool:
        """Whether a column is an enum."""
        return bool(self._expr("any.factor", self))

    def set_levels(self, levels: Sequence[str]) -> H2OFrame:
        """New names for the levels, in order."""
        return self._expr("setDomain", self, False, list(levels))

    def set_level(self, level: str) -> H2OFrame:
        """Every cell set to one existing level."""
        return self._expr("setLevel", self, level)

    def relevel(self, y: str) -> H2OFrame:
        """The level `y` first."""
        return self._expr("relevel", self, y)

    def relevel_by_frequency(self, weights_column: str | None = None, top_n: int = -1) -> H2OFrame:
        """Levels by falling frequency."""
        return self._expr("relevel.by.freq", self, [weights_column] if weights_column else [], top_n)

    # -- missing cells, tables, classes ---------------------------------------------------------

    def isna(self) -> H2OFrame:
        """1 where a cell is missing, else 0."""
        return self._expr("is.na", self)

    def na_omit(self) -> H2OFrame:
        """The rows in which nothing is missing."""
        return self._expr("na.omit", self)

    def unique(self, include_nas: bool = False) -> H2OFrame:
        """Distinct values of one column."""
        return self._expr("unique", self, include_nas)

    def scale(self, center: Any = True, scale: Any = True) -> H2OFrame:
        """Columns minus their mean, divided by their standard deviation (or by given numbers)."""
        return self._expr("scale", self, center, scale)

    def cut(
        self,
        breaks: Any,
        labels: Sequence[str] | None = None,
        include_lowest: bool = False,
        right: bool = True,
        dig_lab: int = 3,
    ) -> H2OFrame:
        """Put numbers into classes between breaks; missing outside of them."""
        return self._expr("cut", self, breaks, list(labels or []), include_lowest, right, dig_lab)

    def match(self, table: Any, nomatch: Any = None, start_index: int = 1) -> H2OFrame:
        """Position of each cell in `table`, `nomatch` where it is not in it."""
        return self._expr("match", self, table, nomatch, start_index)

    def isin(self, item: Any) -> H2OFrame:
        """1 where a cell is one of the items (a list, or a single number or text)."""
        items = list(item) if isinstance(item, (list, tuple, set)) else [item]
        return self._expr(">", self._expr("match", self, items, 0, 1), 0)

    def runif(self, seed: int | None = None) -> H2OFrame:
        """Uniform random numbers in [0, 1), one for each row; a function of seed and number of rows only."""
        return self._expr("h2o.runif", self, -1 if seed is None else seed)


def _elementwise(method: str, operation: str) -> Callable[[Any], Any]:
    def function(self: FrameOperations) -> Any:
        return self._expr(operation, self)

    function.__name__ = function.__qualname__ = method
    function.__doc__ = f"Element-wise {operation}; missing stays missing."
    return function


for _method in (
    "abs",
    "acos",
    "asin",
    "atan",
    "acosh",
    "asinh",
    "atanh",
    "cos",
    "cosh",
    "cospi",
    "sin",
    "sinh",
    "sinpi",
    "tan",
    "tanh",
    "tanpi",
    "floor",
    "trunc",
    "sign",
    "sqrt",
    "exp",
    "expm1",
    "log",
    "log10",
    "log2",
    "log1p",
    "gamma",
    "lgamma",
    "digamma",
    "trigamma",
):
    setattr(FrameOperations, _method, _elementwise(_method, _method))
FrameOperations.ceil = _elementwise("ceil", "ceiling")  # type: ignore[attr-defined]
