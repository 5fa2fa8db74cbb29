"""Functions of one number, for every cell."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .base import Operations

if TYPE_CHECKING:
    from ..h2oframe import H2OFrame


class Elementwise(Protocol):
    """A function of each cell."""

    def __call__(self) -> H2OFrame:
        """The values of the function; missing stays missing."""
        ...


_TEXT = """Element-wise {operation}; missing stays missing.

        Returns
        -------
        H2OFrame
            As many rows and columns; NaN where the function has no value.

        Examples
        --------
        >>> frame["x"].{method}().shape
        (4, 1)
        """


def _elementwise(method: str, operation: str) -> Any:
    def function(self: Mathematics) -> Any:
        return self._expr(operation, self)

    function.__name__ = function.__qualname__ = method
    function.__doc__ = _TEXT.format(operation=operation, method=method)
    return function


class Mathematics(Operations):
    """Mathematics of a frame."""

    abs: Elementwise = _elementwise("abs", "abs")
    acos: Elementwise = _elementwise("acos", "acos")
    asin: Elementwise = _elementwise("asin", "asin")
    atan: Elementwise = _elementwise("atan", "atan")
    acosh: Elementwise = _elementwise("acosh", "acosh")
    asinh: Elementwise = _elementwise("asinh", "asinh")
    atanh: Elementwise = _elementwise("atanh", "atanh")
    cos: Elementwise = _elementwise("cos", "cos")
    cosh: Elementwise = _elementwise("cosh", "cosh")
    cospi: Elementwise = _elementwise("cospi", "cospi")
    sin: Elementwise = _elementwise("sin", "sin")
    sinh: Elementwise = _elementwise("sinh", "sinh")
    sinpi: Elementwise = _elementwise("sinpi", "sinpi")
    tan: Elementwise = _elementwise("tan", "tan")
    tanh: Elementwise = _elementwise("tanh", "tanh")
    tanpi: Elementwise = _elementwise("tanpi", "tanpi")
    floor: Elementwise = _elementwise("floor", "floor")
    trunc: Elementwise = _elementwise("trunc", "trunc")
    sign: Elementwise = _elementwise("sign", "sign")
    sqrt: Elementwise = _elementwise("sqrt", "sqrt")
    exp: Elementwise = _elementwise("exp", "exp")
    expm1: Elementwise = _elementwise("expm1", "expm1")
    log: Elementwise = _elementwise("log", "log")
    log10: Elementwise = _elementwise("log10", "log10")
    log2: Elementwise = _elementwise("log2", "log2")
    log1p: Elementwise = _elementwise("log1p", "log1p")
    gamma: Elementwise = _elementwise("gamma", "gamma")
    lgamma: Elementwise = _elementwise("lgamma", "lgamma")
    digamma: Elementwise = _elementwise("digamma", "digamma")
    trigamma: Elementwise = _elementwise("trigamma", "trigamma")
    ceil: Elementwise = _elementwise("ceil", "ceiling")

    def round(self, digits: int = 0) -> H2OFrame:
        """Round to decimal places, halves to the even digit.

        Parameters
        ----------
        digits : int
            Decimal places; negative ones round to tens, hundreds ...

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> h2o.H2OFrame([0.5, 1.5, 2.25]).round().as_data_frame().iloc[:, 0].tolist()
        [0, 2, 2]
        """
        return self._expr("round", self, digits)

    def signif(self, digits: int = 6) -> H2OFrame:
        """Round to significant digits.

        Parameters
        ----------
        digits : int
            How many digits are kept.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> h2o.H2OFrame([1234.5]).signif(2).flatten()
        1200.0
        """
        return self._expr("signif", self, digits)

    def difflag1(self) -> H2OFrame:
        """Each number minus the one in the row before; missing in the first row.

        Returns
        -------
        H2OFrame
            As many rows; one column of numbers.

        Examples
        --------
        >>> frame["n"].difflag1().as_data_frame().iloc[:, 0].tolist()
        [nan, -2.0, 1.0, 0.0]
        """
        return self._expr("difflag1", self)

    def cumsum(self, axis: int = 0) -> H2OFrame:
        """Running sum down the rows (axis 0) or along the columns (axis 1).

        Parameters
        ----------
        axis : int
            0 down the rows, 1 along the columns.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["n"].cumsum().as_data_frame().iloc[:, 0].tolist()
        [3, 4, 6, 8]
        """
        return self._expr("cumsum", self, axis)

    def cumprod(self, axis: int = 0) -> H2OFrame:
        """Running product down the rows (axis 0) or along the columns (axis 1).

        Parameters
        ----------
        axis : int
            0 down the rows, 1 along the columns.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["n"].cumprod().as_data_frame().iloc[:, 0].tolist()
        [3, 3, 6, 12]
        """
        return self._expr("cumprod", self, axis)

    def cummin(self, axis: int = 0) -> H2OFrame:
        """Running minimum down the rows (axis 0) or along the columns (axis 1).

        Parameters
        ----------
        axis : int
            0 down the rows, 1 along the columns.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["n"].cummin().as_data_frame().iloc[:, 0].tolist()
        [3, 1, 1, 1]
        """
        return self._expr("cummin", self, axis)

    def cummax(self, axis: int = 0) -> H2OFrame:
        """Running maximum down the rows (axis 0) or along the columns (axis 1).

        Parameters
        ----------
        axis : int
            0 down the rows, 1 along the columns.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["n"].cummax().as_data_frame().iloc[:, 0].tolist()
        [3, 3, 3, 3]
        """
        return self._expr("cummax", self, axis)

    def scale(self, center: Any = True, scale: Any = True) -> H2OFrame:
        """Columns minus their mean, divided by their standard deviation (or by given numbers).

        Parameters
        ----------
        center : bool or list of float
            Whether the means are subtracted, or a number for each column.
        scale : bool or list of float
            Whether columns are divided by their standard deviations, or a number for each column.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["n"].scale(center=True, scale=False).as_data_frame().iloc[:, 0].tolist()
        [1, -1, 0, 0]
        """
        return self._expr("scale", self, center, scale)

    def transpose(self) -> H2OFrame:
        """Rows as columns.

        Returns
        -------
        H2OFrame
            (columns x rows)

        Examples
        --------
        >>> frame[["x", "n"]].transpose().shape
        (2, 4)
        """
        return self._expr("t", self)

    def mult(self, matrix: Any) -> H2OFrame:
        """Matrix product of this frame and another one.

        Parameters
        ----------
        matrix : H2OFrame
            As many rows as this frame has columns.

        Returns
        -------
        H2OFrame
            (rows of this frame x columns of the other one)

        Examples
        --------
        >>> h2o.H2OFrame([[1, 2], [3, 4]]).mult(h2o.H2OFrame([[1], [1]])).as_data_frame().iloc[:, 0].tolist()
        [3, 7]
        """
        return self._expr("x", self, matrix)

    def distance(self, y: Any, measure: str | None = None) -> H2OFrame:
        """Distance or similarity of each row to each row of `y`.

        Parameters
        ----------
        y : H2OFrame
            As many columns of numbers.
        measure : str
            ``l1``, ``l2``, ``cosine`` or ``cosine_sq``.

        Returns
        -------
        H2OFrame
            A row for each row of this frame, a column for each row of `y`.

        Examples
        --------
        >>> h2o.H2OFrame([[0, 0], [3, 4]]).distance(h2o.H2OFrame([[0, 0]]), "l2").as_data_frame().iloc[:, 0].tolist()
        [0, 5]
        """
        return self._expr("distance", self, y, measure)

    def isax(self, num_words: int, max_cardinality: int, optimize_card: bool = False) -> H2OFrame:
        """Index of time series (iSAX), each row being a series.

        Parameters
        ----------
        num_words : int
            Number of pieces a series is cut into.
        max_cardinality : int
            Number of symbols.
        optimize_card : bool
            Whether the index says how many symbols a piece has in this frame.

        Returns
        -------
        H2OFrame
            The word of each series as a text, in the column ``iSax_index``, then a column of symbols for each
            piece.

        Examples
        --------
        >>> series = h2o.H2OFrame([[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]])
        >>> series.isax(num_words=2, max_cardinality=4)[0].as_data_frame().iloc[:, 0].tolist()
        ['0^4_3^4', '3^4_0^4']
        """
        return self._expr("isax", self, num_words, max_cardinality, optimize_card)
