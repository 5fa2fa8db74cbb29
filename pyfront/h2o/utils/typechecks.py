"""Checks of types, under the names that scripts written for H2O import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from h2o.exceptions import H2OTypeError

__all__ = ["assert_is_type", "is_type", "numeric"]

#: any real number; True and False are none
numeric = (int, float, np.integer, np.floating)


def is_type(var: Any, *types: Any) -> bool:
    """Whether a value is of one of several types.

    Parameters
    ----------
    var : object
    *types : type, None, list, set, tuple, dict or value
        A class (`int` and `float` do not take booleans; `float` takes whole numbers); None for itself; ``[int]`` or
        ``{int}``, a list or set of such elements; ``(int, str)``, a tuple of exactly these; ``{str: int}``, a dict with
        such keys and values; `numeric`; any other value stands for itself.
    """
    return any(_fits(var, each) for each in types)


def _fits(var: Any, wanted: Any) -> bool:
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


def assert_is_type(var: Any, *types: Any, message: str | None = None) -> None:
    """Raise an error unless a value is of one of several types.

    Parameters
    ----------
    var : object
    *types
        As in `is_type`.
    message : str, optional
        Text of the error.

    Raises
    ------
    H2OTypeError
        The value is of none of the types.
    """
    if is_type(var, *types):
        return
    names = " or ".join(each.__name__ if isinstance(each, type) else repr(each) for each in types)
    raise H2OTypeError(message or f"{var!r} is of type {type(var).__name__}, it must be of type {names}.")
