"""The one registry of operations on frames."""

from __future__ import annotations

import difflib
import functools
import inspect
import typing
from collections.abc import Callable
from typing import Any

from ...errors import InvalidType, UnknownName
from .arguments import reader_of

Operation = Callable[..., Any]

_REGISTRY: dict[str, Operation] = {}
_BY_ROW: dict[str, Operation] = {}


def primitive(*names: str, elementwise: bool = False) -> Callable[[Operation], Operation]:
    """Register a function under H2O's Rapids names.

    The function takes evaluated arguments by position, in H2O's order. Its annotations say what each of
    them must be (see `arguments`): arguments are checked and converted by them before the function runs, and
    what does not fit is an error that names operation, parameter and value. It returns a `Frame`, a number,
    a text or a list of these, and never changes its arguments.

    Parameters
    ----------
    *names : str
        The first is the usual one.
    elementwise : bool
        Whether a row of the result depends only on the same row of the arguments, so that the operation
        does the same to one row and to a frame (see `row_form`).
    """

    def register(function: Operation) -> Operation:
        for name in names:
            if name in _REGISTRY:
                raise ValueError(f"operation {name!r} is registered twice")
            checked = _checked(name, function)
            _REGISTRY[name] = checked
            if elementwise:
                _BY_ROW[name] = checked
        return function

    return register


def row_form(*names: str) -> Callable[[Operation], Operation]:
    """Register what an operation means for each row, as ``apply`` over rows needs it.

    The function takes a frame whose rows are the vectors, and the further arguments of the operation; it
    returns a frame of as many rows.
    """

    def register(function: Operation) -> Operation:
        for name in names:
            _BY_ROW[name] = _checked(name, function)
        return function

    return register


def operation(name: str) -> Operation:
    """The function registered under a name; it checks its arguments.

    Raises
    ------
    UnknownName
        With the nearest names that exist.
    """
    if name not in _REGISTRY:
        near = difflib.get_close_matches(name, _REGISTRY, n=3)
        hint = f"; similar names: {', '.join(near)}" if near else ""
        raise UnknownName(f"no operation {name!r} on frames{hint}", name)
    return _REGISTRY[name]


def is_operation(name: str) -> bool:
    """Whether an operation of this name exists."""
    return name in _REGISTRY


def row_operation(name: str) -> Operation | None:
    """What the operation does to each row of a frame; None when that is not known."""
    return _BY_ROW.get(name)


def operation_names() -> list[str]:
    """All registered names, sorted."""
    return sorted(_REGISTRY)


def _checked(name: str, function: Operation) -> Operation:
    """The function behind a check of its arguments."""
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())
    needed = sum(p.default is p.empty and p.kind is not p.VAR_POSITIONAL for p in parameters)
    rest = parameters[-1] if parameters and parameters[-1].kind is parameters[-1].VAR_POSITIONAL else None
    most = None if rest else len(parameters)

    @functools.cache
    def readers() -> list[Any]:
        hints = typing.get_type_hints(function, include_extras=True)
        return [reader_of(hints.get(p.name, Any)) for p in parameters]

    @functools.wraps(function)
    def call(*values: Any) -> Any:
        if len(values) < needed or (most is not None and len(values) > most):
            raise InvalidType(f"{name}: {_arity(parameters, needed, most)}, got {len(values)}")
        converted = []
        for position, value in enumerate(values):
            place = min(position, len(parameters) - 1)
            read = readers()[place]
            converted.append(value if read is None else read(value, f"{name}: {parameters[place].name}"))
        return function(*converted)

    return call


def _arity(parameters: list[inspect.Parameter], needed: int, most: int | None) -> str:
    names = ", ".join(("*" if p.kind is p.VAR_POSITIONAL else "") + p.name for p in parameters)
    count = str(needed) if needed == most else f"at least {needed}" if most is None else f"{needed} to {most}"
    return f"takes {count} argument{'s' * (count != '1')} ({names})"
