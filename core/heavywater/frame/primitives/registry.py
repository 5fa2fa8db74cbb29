"""The one registry of operations on frames."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from ...errors import NotFound

Operation = Callable[..., Any]

_REGISTRY: dict[str, Operation] = {}


def primitive(*names: str) -> Callable[[Operation], Operation]:
    """Register a function under H2O's Rapids names.

    The function takes evaluated arguments by position, in H2O's order: frames as `Frame`, numbers as
    int or float (NaN = missing), texts, and lists. It returns a `Frame`, a number, a text or a list of
    these, and never changes its arguments.
    """

    def register(function: Operation) -> Operation:
        for name in names:
            if name in _REGISTRY:
                raise ValueError(f"operation {name!r} is registered twice")
            _REGISTRY[name] = function
        return function

    return register


def operation(name: str) -> Operation:
    """The function registered under a name.

    Raises
    ------
    NotFound
        With the nearest names that exist.
    """
    if name not in _REGISTRY:
        near = difflib.get_close_matches(name, _REGISTRY, n=3)
        hint = f"; similar names: {', '.join(near)}" if near else ""
        raise NotFound(f"no operation {name!r} on frames{hint}")
    return _REGISTRY[name]


def operation_names() -> list[str]:
    """All registered names, sorted."""
    return sorted(_REGISTRY)
