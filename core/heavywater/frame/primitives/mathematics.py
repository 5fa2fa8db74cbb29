"""Functions of one number, applied to every cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..columns import Array, numeric
from ..frame import Frame
from .arguments import map_columns, need_numeric
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


_FUNCTIONS: dict[str, Unary] = {
    "abs": np.abs,
    "acos": np.arccos,
    "asin": np.arcsin,
    "atan": np.arctan,
    "acosh": np.arccosh,
    "asinh": np.arcsinh,
    "atanh": np.arctanh,
    "cos": np.cos,
    "cosh": np.cosh,
    "sin": np.sin,
    "sinh": np.sinh,
    "tan": np.tan,
    "tanh": np.tanh,
    "ceiling": np.ceil,
    "floor": np.floor,
    "trunc": np.trunc,
    "sign": np.sign,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "log1p": np.log1p,
    "cospi": lambda x: np.cos(np.pi * x),
    "sinpi": lambda x: np.sin(np.pi * x),
    "tanpi": lambda x: np.tan(np.pi * x),
    "gamma": _special("gamma"),
    "lgamma": _special("gammaln"),
    "digamma": _special("digamma"),
    "trigamma": _trigamma,
}


def _apply(name: str, function: Unary, frame: Any) -> Any:
    with np.errstate(all="ignore"):
        if not isinstance(frame, Frame):
            return float(function(np.array(frame, np.float64)))
        need_numeric(frame, name, allow_time=False)
        return map_columns(frame, lambda column: numeric(function(column.numbers())))


def _register(name: str, function: Unary) -> None:
    @primitive(name)
    def operation(frame: Any) -> Any:
        return _apply(name, function, frame)

    operation.__doc__ = f"Element-wise {name}; missing stays missing."


for _name, _function in _FUNCTIONS.items():
    _register(_name, _function)


@primitive("round")
def round_digits(frame: Any, digits: float = 0) -> Any:
    """Round to decimal places, halves to the even digit."""
    return _apply("round", lambda x: np.round(x, int(digits)), frame)


@primitive("signif")
def signif(frame: Any, digits: float = 6) -> Any:
    """Round to significant digits."""
    places = max(1, int(digits))

    def rounded(x: Array) -> Array:
        size = np.where((x == 0) | ~np.isfinite(x), 1.0, np.abs(x))
        # Powers of ten are exact only upwards, so small numbers are multiplied and large ones divided.
        power = places - 1 - np.floor(np.log10(size))
        up, down = 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)
        return np.where(np.isfinite(x), np.round(x * up / down) / up * down, x)

    return _apply("signif", rounded, frame)
