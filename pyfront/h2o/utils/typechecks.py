"""Checks of types, under the names that scripts written for H2O import."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..exceptions import H2OTypeError, H2OValueError

__all__ = [
    "NOT",
    "BoundInt",
    "BoundNumeric",
    "Dict",
    "Enum",
    "I",
    "MagicType",
    "Tuple",
    "U",
    "assert_is_type",
    "assert_matches",
    "assert_satisfies",
    "h2oframe",
    "is_type",
    "numeric",
    "numpy_datetime",
    "numpy_ndarray",
    "pandas_dataframe",
    "pandas_timestamp",
    "scipy_sparse",
]

#: any real number; True and False are none
numeric = (int, float, np.integer, np.floating)


class MagicType:
    """A type that says itself whether a value is of it."""

    def check(self, var: Any) -> bool:
        """Whether a value is of the type."""
        raise NotImplementedError

    def name(self, src: str | None = None) -> str:
        """What it is called in messages; `src` is another name for it."""
        return src or repr(self)

    def __repr__(self) -> str:
        parts = ", ".join(_name(each) for each in vars(self).get("types", ()))
        return f"{type(self).__name__}({parts})"


class U(MagicType):  # the names are H2O's
    """A value of one of several types."""

    def __init__(self, *types: Any) -> None:
        self.types = types

    def check(self, var: Any) -> bool:
        """Whether a value is of the type."""
        return is_type(var, *self.types)


class I(MagicType):  # noqa: E742
    """A value that is of all of several types; a function stands for a condition."""

    def __init__(self, *types: Any) -> None:
        self.types = types

    def check(self, var: Any) -> bool:
        """Whether a value is of the type."""
        return all(_holds(var, each) for each in self.types)


class NOT(MagicType):
    """A value that is of none of several types."""

    def __init__(self, *types: Any) -> None:
        self.types = types

    def check(self, var: Any) -> bool:
        """Whether a value is of the type."""
        return not any(_holds(var, each) for each in self.types)


class Tuple(MagicType):
    """A tuple of any length whose elements are of one of several types."""

    def __init__(self, *types: Any) -> None:
        self.types = types

    def check(self, var: Any) -> bool:
        """Whether a value is of the type."""
        return isinstance(var, tuple) and all(is_type(each, *self.types) for each in var)


class Dict(MagicType):
    """A dict with no other keys than those named, each with a value of its type."""

    def __init__(self, **kws: Any) -> None:
        self.types = kws

    def check(self, var: Any) -> bool:
        """Whether a value is of the type."""
        return isinstance(var, dict) and all(
            key in self.types and _fits(value, self.types[key]) for key, value in var.items()
        )


class BoundInt(MagicType):
    """A whole number within limits (which belong to it); None leaves a side open."""

    kind: Any = int

    def __init__(self, lb: float | None = None, ub: float | None = None) -> None:
        self.lower, self.upper = lb, ub

    def check(self, var: Any) -> bool:
        """Whether a value is of the type."""
        return _fits(var, self.kind) and not (
            (self.lower is not None and var < self.lower) or (self.upper is not None and var > self.upper)
        )

    def __repr__(self) -> str:
        low, high = ("" if bound is None else bound for bound in (self.lower, self.upper))
        return f"{'int' if self.kind is int else 'numeric'}[{low}...{high}]"


class BoundNumeric(BoundInt):
    """A number within limits, see `BoundInt`."""

    kind = numeric


class Enum(MagicType):
    """One of several texts, in upper or lower case, or in camelCase for snake_case."""

    def __init__(self, *consts: str) -> None:
        self.types = tuple(consts)

    def check(self, var: Any) -> bool:
        """Whether a value is of the type."""
        plain = {re.sub("[^a-z0-9]", "", text.lower()) for text in self.types}
        return isinstance(var, str) and re.sub("[^a-z0-9]", "", var.lower()) in plain


class _Class(MagicType):
    """A class of a package that need not be there."""

    def __init__(self, module: str, *names: str) -> None:
        self._module, self._names = module, names

    def check(self, var: Any) -> bool:
        """Whether a value is of the type."""
        return any(
            each.__name__ in self._names and each.__module__.partition(".")[0] == self._module
            for each in type(var).__mro__
        )

    def __repr__(self) -> str:
        return self._names[0]


h2oframe = _Class("h2o", "H2OFrame")
pandas_dataframe = _Class("pandas", "DataFrame")
pandas_timestamp = _Class("pandas", "Timestamp")
numpy_ndarray = _Class("numpy", "ndarray")
numpy_datetime = _Class("numpy", "datetime64")
scipy_sparse = _Class("scipy", "spmatrix", "sparray")


def is_type(var: Any, *types: Any) -> bool:
    """Whether a value is of one of several types.

    Parameters
    ----------
    var : object
    *types : type, None, list, set, tuple, dict or value
        A class (`int` and `float` do not take booleans; `float` takes whole numbers); None for itself; ``[int]`` or
        ``{int}``, a list or set of such elements; ``(int, str)``, a tuple of exactly these; ``{str: int}``, a dict with
        such keys and values; `numeric`; a `MagicType`; any other value stands for itself.
    """
    return any(_fits(var, each) for each in types)


def _holds(var: Any, wanted: Any) -> bool:
    """Whether a value is of a type, or fulfils a condition."""
    if not isinstance(wanted, type | MagicType) and callable(wanted):
        return bool(wanted(var))
    return _fits(var, wanted)


def _name(wanted: Any) -> str:
    return wanted.__name__ if isinstance(wanted, type) else "numeric" if wanted is numeric else repr(wanted)


def _fits(var: Any, wanted: Any) -> bool:
    if isinstance(wanted, MagicType):
        return wanted.check(var)
    if isinstance(wanted, type):
        return _is_instance(var, wanted)
    if wanted is numeric:
        return isinstance(var, numeric) and not isinstance(var, bool)
    if isinstance(wanted, list | set | frozenset):
        own = list if isinstance(wanted, list) else (set, frozenset)
        return isinstance(var, own) and all(is_type(each, *wanted) for each in var)
    if isinstance(wanted, tuple):
        same = isinstance(var, tuple) and len(var) == len(wanted)
        return same and all(map(_fits, var, wanted))
    if isinstance(wanted, Mapping):
        entries = wanted.items()
        return isinstance(var, Mapping) and all(
            any(_fits(key, k) and _fits(value, v) for k, v in entries) for key, value in var.items()
        )
    return var is wanted if wanted is None else type(var) is type(wanted) and bool(var == wanted)


def _is_instance(var: Any, wanted: type) -> bool:
    if wanted in (int, float) and isinstance(var, bool):
        return False
    if wanted is int:
        return isinstance(var, int | np.integer)
    if wanted is float:
        return isinstance(var, numeric)
    return isinstance(var, wanted)


def assert_is_type(
    var: Any, *types: Any, message: str | None = None, nomatch: str | None = None, skip_frames: int = 1
) -> None:
    """Raise an error unless a value is of one of several types.

    Parameters
    ----------
    var : object
    *types
        As in `is_type`.
    message, nomatch : str, optional
        Text of the error; two names for the same.
    skip_frames : int
        Left out of H2O's own tracebacks; those here are Python's, which always end in this function.

    Raises
    ------
    H2OTypeError
        The value is of none of the types.
    """
    if not types:
        raise H2OValueError("assert_is_type: name at least one type")
    if is_type(var, *types):
        return
    names = " or ".join(map(_name, types))
    raise H2OTypeError(
        message or nomatch or f"{var!r} is of type {type(var).__name__}, it must be of type {names}."
    )


def assert_matches(v: str, regex: str | re.Pattern[str]) -> re.Match[str]:
    """The match of a text with a regular expression at its beginning.

    Raises
    ------
    H2OValueError
        There is none.
    """
    found = re.match(regex, v)
    if found is None:
        pattern = regex if isinstance(regex, str) else regex.pattern
        raise H2OValueError(f"{v!r} must match the regular expression {pattern!r}")
    return found


def assert_satisfies(v: Any, cond: bool, message: str | None = None) -> None:
    """Raise an error unless a condition about a value holds.

    Raises
    ------
    H2OValueError
        It does not.
    """
    if not cond:
        raise H2OValueError(message or f"{v!r} is not allowed here: a condition about it does not hold.")
