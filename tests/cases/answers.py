"""Answers of H2O's server to its clients, recorded; and how an answer of ours differs in structure.

In a recorded answer the text ``... N in all`` at the end of a list says that it was cut, a text in the place of an object that it
was left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .archive import archive


def recorded(group: str, name: str) -> Any:
    """The body of an answer of a group of recorded ones."""
    return archive("answers", group).json(f"{name}.json")["response"]


def asked(group: str, name: str) -> Any:
    """The form of the request."""
    return archive("answers", group).json(f"{name}.json")["request"]["form"]


def differences(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Where members are missing, or kinds differ; what is null on either side may be anything.

    Parameters
    ----------
    theirs, ours
        JSON values.
    path : str
        To them, for what is told.
    """
    if isinstance(theirs, dict) and isinstance(ours, dict):
        tables = theirs.get("rowcount") is not None and ours.get("rowcount") is not None
        yield from _of_tables(theirs, ours, path) if tables else _of_objects(theirs, ours, path)
    elif isinstance(theirs, list) and isinstance(ours, list):
        for one, other in zip(_entries(theirs), ours, strict=False):
            yield from differences(one, other, f"{path}[]")
        if _entries(theirs) and not ours:
            yield f"{path} is empty"
    elif path.endswith((".schema_name", ".schema_type", ".schema_version")):
        if theirs != ours:
            yield f"{path}: {theirs} / {ours}"
    elif (one := _kind(theirs)) and (other := _kind(ours)) and one != other:
        yield f"{path}: {one} / {other}"


def _of_objects(theirs: Any, ours: Any, path: str) -> Iterator[str]:
    for name in theirs:
        if name in ours:
            yield from differences(theirs[name], ours[name], f"{path}.{name}")
        else:
            yield f"{path}.{name} is missing"


def _of_tables(theirs: Any, ours: Any, path: str) -> Iterator[str]:
    one, other = (
        {each["name"]: each["type"] for each in _columns(side) if isinstance(each, dict)}
        for side in (theirs, ours)
    )
    for name, kind in one.items():
        if name not in other:
            yield f"{path} has no column {name!r}"
        elif kind != other[name] and {kind, other[name]} != {"float", "double"}:
            yield f"{path} {name!r}: {kind} / {other[name]}"
    if {len(each) for each in ours["data"]} - {ours["rowcount"]} or len(ours["data"]) != len(ours["columns"]):
        yield f"{path} is no table"
    if theirs["name"].lower() != ours["name"].lower():
        yield f"{path}.name: {theirs['name']} / {ours['name']}"


def _columns(table: Any) -> list[Any]:
    """Of a confusion matrix those that are not about classes."""
    columns: list[Any] = table["columns"]
    return columns[-2:] if table["name"] == "Confusion Matrix" else columns


def _entries(values: list[Any]) -> list[Any]:
    return values[:-1] if values and isinstance(values[-1], str) and values[-1].startswith("... ") else values


def _kind(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "logical"
    if isinstance(value, int | float) or value in ("NaN", "Infinity", "-Infinity"):
        return "number"
    return "text" if isinstance(value, str) else type(value).__name__
