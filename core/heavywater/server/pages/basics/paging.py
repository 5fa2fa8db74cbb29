"""Lists in parts: what an address says of order and place, and the addresses of other parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from .asking import PageCall

T = TypeVar("T")
_PASSING = ("note",)  # what an address says once


def query(call: PageCall, **changes: Any) -> str:
    """What follows the path of this page's address, with some values changed; None leaves one out."""
    kept = [
        (name, value)
        for name, value in call.request.query_params.multi_items()
        if name not in changes and name not in _PASSING
    ]
    new = [(name, value) for name, value in changes.items() if value not in (None, "")]
    return f"?{urlencode([*kept, *new])}" if kept or new else "?"


@dataclass(frozen=True)
class ListPart:
    """A part of a list, and where its neighbours are.

    Attributes
    ----------
    first : int
        How many come before it.
    count : int
        How many it has.
    total : int
    previous, next, start, end : str or None
        Addresses of the neighbours, of the first and the last part; None where this is the one.
    """

    first: int
    count: int
    total: int
    previous: str | None
    next: str | None
    start: str | None
    end: str | None


def part_of(
    call: PageCall, total: int, size: int, name: str = "first", link: Callable[..., str] | None = None
) -> ListPart:
    """The part of a list that the address asks for.

    Parameters
    ----------
    call : PageCall
    total : int
    size : int
        How many are shown at a time.
    name : str
        Of the value in the address that says which one comes first, counted from 1.
    link : callable, optional
        What gives an address with that value, in place of `query`.
    """
    last = max(1, total - (total - 1) % size) if total else 1  # where the last part begins
    first = call.count(name, 1, 1, max(1, total)) - 1

    def at(place: int) -> str:
        wanted = {name: place if place > 1 else None}
        return query(call, **wanted) if link is None else link(**wanted)

    before, after = first > 0, first + size < total
    return ListPart(
        first,
        max(0, min(size, total - first)),
        total,
        at(max(1, first + 1 - size)) if before else None,
        at(first + 1 + size) if after else None,
        at(1) if before else None,
        at(last) if after else None,
    )


@dataclass(frozen=True)
class Order:
    """How a list is sorted.

    Attributes
    ----------
    by : str
    descending : bool
    links : mapping of str to str
        What leads to the list sorted otherwise, by what it can be sorted by; once more by the same turns it round.
    """

    by: str
    descending: bool
    links: Mapping[str, str]


def order_of(call: PageCall, names: Iterable[str]) -> Order:
    """The order that the address asks for; the first name is that of the order in which the list is given.

    Parameters
    ----------
    call : PageCall
    names : iterable of str
        What it can be sorted by.
    """
    known = list(names)
    asked = call.text("sort", known[0])
    descending = asked.startswith("-")
    by = asked.removeprefix("-")
    if by not in known:
        by, descending = known[0], False
    links = {
        name: query(call, sort=f"-{name}" if name == by and not descending else name, first=None)
        for name in known
    }
    return Order(by, descending, links)


def ordered(items: Iterable[T], value: Callable[[T], Any], descending: bool) -> list[T]:
    """Items sorted by a value of each; those without one come last, either way."""
    known: list[tuple[Any, T]] = []
    unknown: list[T] = []
    for item in items:
        found = value(item)
        if found is None or (isinstance(found, float) and math.isnan(found)):
            unknown.append(item)
        else:
            known.append((found, item))
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [item for _, item in known] + unknown
