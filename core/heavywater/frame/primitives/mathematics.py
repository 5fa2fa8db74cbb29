"""Functions of one number, applied to every cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidType
from ..columns.makers import numeric
from ..frame import Frame
from .arguments import map_columns, need_numeric, read_number
from .registry import primitive

Unary = Callable[[Array], Array]


def _special(name: str) -> Unary:
    """A function of scipy.special, which is imported only when it is needed."""

    def call(x: Array) -> Array:
        from scipy import special

        result: Array = getattr(special, name)(x)
        return result

    return call


def _trigamma(x: Array) -> Array:
    from scipy import special

    result: Array = special.polygamma(1, x)
    return result


_FUNCTIONS: dict[str, tuple[Unary, str]] = {
    "abs": (np.abs, "Absolute value"),
    "acos": (np.arccos, "Arc cosine in radians"),
    "asin": (np.arcsin, "Arc sine in radians"),
    "atan": (np.arctan, "Arc tangent in radians"),
    "acosh": (np.arccosh, "Inverse hyperbolic cosine"),
    "asinh": (np.arcsinh, "Inverse hyperbolic sine"),
    "atanh": (np.arctanh, "Inverse hyperbolic tangent"),
    "cos": (np.cos, "Cosine of radians"),
    "cosh": (np.cosh, "Hyperbolic cosine"),
    "sin": (np.sin, "Sine of radians"),
    "sinh": (np.sinh, "Hyperbolic sine"),
    "tan": (np.tan, "Tangent of radians"),
    "tanh": (np.tanh, "Hyperbolic tangent"),
    "ceiling": (np.ceil, "Smallest whole number not below"),
    "floor": (np.floor, "Largest whole number not above"),
    "trunc": (np.trunc, "Number without its decimals"),
    "sign": (np.sign, "Sign (-1, 0 or 1)"),
    "sqrt": (np.sqrt, "Square root"),
    "exp": (np.exp, "Exponential"),
    "expm1": (np.expm1, "Exponential minus 1, exact near 0,"),
    "log": (np.log, "Natural logarithm"),
    "log10": (np.log10, "Logarithm to base 10"),
    "log2": (np.log2, "Logarithm to base 2"),
    "log1p": (np.log1p, "Natural logarithm of 1 plus the number, exact near 0,"),
    "cospi": (lambda x: np.cos(np.pi * x), "Cosine of pi times the number"),
    "sinpi": (lambda x: np.sin(np.pi * x), "Sine of pi times the number"),
    "tanpi": (lambda x: np.tan(np.pi * x), "Tangent of pi times the number"),
    "gamma": (_special("gamma"), "Gamma function"),
    "lgamma": (_special("gammaln"), "Natural logarithm of the absolute value of the gamma function"),
    "digamma": (_special("digamma"), "Derivative of the logarithm of the gamma function"),
    "trigamma": (_trigamma, "Second derivative of the logarithm of the gamma function"),
}
_DOCUMENTATION = """{0} of each cell; missing stays missing.

    Parameters
    ----------
    frame : Frame or float

    Returns
    -------
    Frame or float
        The columns are called ``{1}(name)``.
    """


def _apply(name: str, function: Unary, frame: Any) -> Any:
    with np.errstate(all="ignore"):
        if not isinstance(frame, Frame):
            if isinstance(frame, (str, list, tuple)):
                raise InvalidType(f"{name}: a frame or a number is needed, got {frame!r}")
            return float(function(np.array(read_number(frame, name))))
        need_numeric(frame, name, allow_time=False)
        return map_columns(frame, lambda column: numeric(function(column.numbers())))


def _register(name: str, function: Unary, meaning: str) -> None:
    def operation(frame: Any) -> Any:
        result = _apply(name, function, frame)
        return (
            result.renamed(f"{name}({label})" for label in frame.names)
            if isinstance(frame, Frame)
            else result
        )

    operation.__doc__ = _DOCUMENTATION.format(meaning, name)
    primitive(name, elementwise=True)(operation)


for _name, (_function, _meaning) in _FUNCTIONS.items():
    _register(_name, _function, _meaning)


@primitive("round", elementwise=True)
def round_digits(frame: Any, digits: int = 0) -> Any:
    """Round to decimal places, halves to the even digit (IEEE 754).

    Parameters
    ----------
    frame : Frame or float
    digits : int
        Decimal places; a negative number rounds to tens, hundreds ...

    Returns
    -------
    Frame or float
    """
    places = max(-308, min(308, digits))

    def rounded(x: Array) -> Array:
        result = np.round(x, places)
        return np.where(np.isfinite(result), result, x)  # too large to have decimals

    return _apply("round", rounded, frame)


@primitive("signif", elementwise=True)
def signif(frame: Any, digits: int = 6) -> Any:
    """Round to significant digits.

    Parameters
    ----------
    frame : Frame or float
    digits : int
        How many digits; less than 1 counts as 1.

    Returns
    -------
    Frame or float
    """
    places = max(1, min(308, digits))

    def rounded(x: Array) -> Array:
        size = np.where((x == 0) | ~np.isfinite(x), 1.0, np.abs(x))
        # Powers of ten are exact only upwards, so small numbers are multiplied and large ones divided.
        power = places - 1 - np.floor(np.log10(size))
        up, down = 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)
        shifted = np.round(x * up / down)
        return np.where(np.isfinite(x) & np.isfinite(shifted), shifted / up * down, x)

    return _apply("signif", rounded, frame)
