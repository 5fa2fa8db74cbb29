"""Replies of the real H2O, recorded with its own clients, and how ours are compared with them.

A file in ``tests/data/rest`` has one request and its reply on a line; lists are cut to their first items, long texts to their
beginning.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "rest"
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity")


def recorded(name: str) -> dict[str, Any]:
    """The recorded requests of a file by their names."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


def kind_of(value: Any) -> str:
    """What a value of JSON is; the texts for numbers that JSON lacks are numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "logical"
    if isinstance(value, (int, float)) or value in _NO_NUMBERS:
        return "number"
    return "text" if isinstance(value, str) else "list" if isinstance(value, list) else "object"


def differences(ours: Any, theirs: Any, free: frozenset[str], place: str = "") -> list[str]:
    """Where a reply differs from a recorded one in members and kinds.

    Parameters
    ----------
    ours, theirs : JSON
        Of lists the items that were recorded are compared, and the members of all others.
    free : frozenset of str
        Places whose kind may be another one, as ``frames[]/frame_id``.
    place : str
        Where these values stand.
    """
    if place in free:
        return []
    if kind_of(ours) != kind_of(theirs):
        return [f"{place}: {kind_of(ours)} instead of {kind_of(theirs)}"]
    if isinstance(theirs, dict):
        if place.endswith("__meta"):
            return [] if ours == theirs else [f"{place}: {ours} instead of {theirs}"]
        found = [f"{place}/{each} is absent" for each in theirs.keys() - ours.keys()]
        found += [f"{place}/{each} is more than there is" for each in ours.keys() - theirs.keys()]
        for each in theirs.keys() & ours.keys():
            found += differences(ours[each], theirs[each], free, f"{place}/{each}".strip("/"))
        return found
    if isinstance(theirs, list):
        found = [f"{place}[]: {text}" for text in _members_of_others(ours[len(theirs) :], theirs)]
        for mine, their in zip(ours, theirs, strict=False):
            found += differences(mine, their, free, f"{place}[]")
        return found
    return []


def _members_of_others(ours: list[Any], theirs: list[Any]) -> list[str]:
    """Items beyond those that were recorded have their members, if all of these have the same."""
    members = {frozenset(each) if isinstance(each, dict) else None for each in theirs}
    if len(members) != 1 or members == {None}:
        return []
    return [f"{sorted(each)}" for each in ours if frozenset(each) not in members]


def unequal(ours: Any, theirs: Any, place: str = "", rel: float = 1e-12) -> list[str]:
    """Where values differ: texts, and numbers by more than rounding; of lists as far as they were recorded."""
    if isinstance(theirs, dict):
        return [t for each in theirs for t in unequal(ours[each], theirs[each], f"{place}/{each}", rel)]
    if isinstance(theirs, list):
        pairs = enumerate(zip(ours, theirs, strict=False))
        return [t for i, (a, b) in pairs for t in unequal(a, b, f"{place}[{i}]", rel)]
    same = ours == theirs or (
        kind_of(ours) == kind_of(theirs) == "number"
        and isinstance(ours, (int, float))
        and isinstance(theirs, (int, float))
        and math.isclose(ours, theirs, rel_tol=rel, abs_tol=1e-12)
    )
    return [] if same else [f"{place}: {ours!r} instead of {theirs!r}"]
