"""Arithmetic, comparison and logic."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import Operations

if TYPE_CHECKING:
    from ..h2oframe import H2OFrame


class Operators(Operations):
    """Operators of a frame."""

    __array_ufunc__ = None  # a number or time of numpy on the left leaves the answer to the frame

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

    def __eq__(self, other: object) -> H2OFrame:  # type: ignore[override]
        return self._expr("==", self, other)

    def __ne__(self, other: object) -> H2OFrame:  # type: ignore[override]
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
        """1 where a cell is 0, 0 elsewhere, missing where it is missing.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> (frame["n"] > 1).logical_negation().as_data_frame().iloc[:, 0].tolist()
        [0, 1, 0, 0]
        """
        return self._expr("not", self)

    def ifelse(self, yes: Any, no: Any) -> H2OFrame:
        """`yes` where this 0/1 frame holds 1, `no` where it holds 0 (numbers, texts or frames).

        Parameters
        ----------
        yes, no : H2OFrame, number or text
            What stands where the condition holds, and where it does not.

        Returns
        -------
        H2OFrame
            As many rows; missing where the condition is.

        Examples
        --------
        >>> (frame["n"] > 1).ifelse("many", "one").as_data_frame().iloc[:, 0].tolist()
        ['many', 'one', 'many', 'many']
        """
        return self._expr("ifelse", self, yes, no)
