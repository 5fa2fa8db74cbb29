"""The time zone in which the time operations read the clock."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ...errors import InvalidArgument, InvalidType

_zone: ContextVar[str] = ContextVar("time zone", default="UTC")


def current_zone() -> str:
    """Name of the time zone that holds while an expression is evaluated."""
    return _zone.get()


@contextmanager
def zone_of_session(name: str) -> Iterator[None]:
    """Let a time zone hold in the body of the with statement."""
    token = _zone.set(name)
    try:
        yield
    finally:
        _zone.reset(token)


def zone_names() -> list[str]:
    """All known time zones, sorted."""
    from zoneinfo import available_timezones  # start-up: seldom asked for

    return sorted(available_timezones())


def check_zone(name: Any) -> str:
    """The name, if a time zone has it.

    Raises
    ------
    InvalidArgument
        With similar names.
    """
    if not isinstance(name, str):
        raise InvalidType(f"time zone: a name such as 'Europe/Prague' is needed, got {name!r}")
    names = zone_names()
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3)
        raise InvalidArgument(
            f"no time zone {name!r}; " + (f"similar names: {', '.join(near)}" if near else "try 'UTC'")
        )
    return name
