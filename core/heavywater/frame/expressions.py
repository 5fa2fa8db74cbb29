"""Evaluation of nested expressions of primitives.

An expression is a tuple ``(operation, argument, ...)``. An argument is a number, a text, None, a list
(with `Span` for ranges), a nested tuple, a `Ref` to a stored frame, or a `Frame` itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from ..errors import HeavywaterError, InvalidArgument, InvalidType
from .frame import Frame
from .primitives import operation
from .primitives.arguments import Span

__all__ = ["FrameStore", "Ref", "Span", "evaluate"]


class Ref(NamedTuple):
    """Name of a stored frame inside an expression."""

    key: str


class FrameStore(Protocol):
    """What an expression needs of the place where frames are kept."""

    def frame(self, key: str) -> Frame:
        """The stored frame."""

    def put_frame(self, frame: Frame, key: str | None = None) -> str:
        """Store a frame and return its key."""

    def remove(self, key: str) -> int:
        """Remove an object; how many were removed."""

    def keys(self) -> list[str]:
        """Keys of everything stored."""


def evaluate(expression: Any, store: FrameStore) -> Any:
    """Value of an expression.

    Parameters
    ----------
    expression : object
        See the module's text.
    store : FrameStore
        Where `Ref` is looked up, and what ``tmp=``, ``assign``, ``rm``, ``rename`` and ``ls`` change.

    Returns
    -------
    Frame, float, str, list or (Frame, list)
    """
    if isinstance(expression, Ref):
        return store.frame(expression.key)
    if isinstance(expression, Span) or not isinstance(expression, tuple):
        return expression
    if not expression or not isinstance(expression[0], str):
        raise InvalidType(f"an expression starts with the name of an operation, got {expression!r}")
    name, *arguments = expression
    if name in _STORE_FORMS:
        return _STORE_FORMS[name](store, *arguments)
    function = operation(name)
    values = [evaluate(argument, store) for argument in arguments]
    try:
        return function(*values)
    except HeavywaterError:
        raise
    except (TypeError, AttributeError) as error:
        # A wrong number or kind of arguments; anything else is a fault of the operation itself.
        raise InvalidType(f"{name}: the arguments do not fit the operation ({error})") from error


def _temporary(store: FrameStore, key: str, value: Any) -> Frame:
    existing = store.keys()
    if key in existing:
        raise InvalidArgument(f"temporary {key!r} exists already")
    return _assign(store, key, value)


def _assign(store: FrameStore, key: str, value: Any) -> Frame:
    frame = evaluate(value, store)
    if not isinstance(frame, Frame):
        raise InvalidType(f"assign: {key!r} needs a frame, got {frame!r}")
    return store.frame(store.put_frame(frame, key))


def _remove(store: FrameStore, key: str | Ref) -> float:
    return float(store.remove(key.key if isinstance(key, Ref) else key))


def _rename(store: FrameStore, old: str, new: str) -> float:
    store.put_frame(store.frame(old), new)
    store.remove(old)
    return float("nan")


def _list_keys(store: FrameStore) -> Frame:
    from .columns import strings

    return Frame(["key"], [strings(store.keys())])


def _sequence(store: FrameStore, *parts: Any) -> Any:
    result = None
    for part in parts:
        result = evaluate(part, store)
    return result


_STORE_FORMS: dict[str, Any] = {
    "tmp=": _temporary,
    "assign": _assign,
    "rm": _remove,
    "rename": _rename,
    "ls": _list_keys,
    ",": _sequence,
}
