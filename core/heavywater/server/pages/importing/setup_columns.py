"""How a file is to be read, as fields of a form: separator, names, types ..., and what a form says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....session.values import Description
from ..basics.asking import PageCall
from .import_drafts import ImportDraft, ImportFile

PAGE = 30  # columns that are shown at once
SEPARATORS = (
    (",", "comma ,"),
    ("\t", "tab"),
    (";", "semicolon ;"),
    ("|", "bar |"),
    (" ", "blank"),
    ("\x01", "Ctrl-A"),
)
TYPES = ("numeric", "enum", "string", "time", "uuid")
# Fields of `Options` that are one text, and those that are boxes; an empty text says nothing.
_TEXTS = ("quote", "escape", "markers", "encoding")
_BOXES = ("fill", "force_types", "adjust_to_zone")


def separator_label(found: Description) -> str:
    """What stands between cells, in words."""
    value = chr(found["separator"])
    return dict(SEPARATORS).get(value, value)


def said_of_layout(draft: ImportDraft) -> dict[str, Any]:
    """What stands in the fields about the files as a whole; empty where nothing was said."""
    nothing = dict.fromkeys(("separator", "header", *_TEXTS, *_BOXES, "skip_footer"), "")
    return {**nothing, "na_strings": [], "partition_by": [], **draft.layout}


def take_layout(call: PageCall, draft: ImportDraft) -> None:
    """Note what a form says of the files as a whole."""
    separator = call.values.get("separator", "")  # a blank is one
    if separator == "other":
        separator = call.values.get("other_separator", "")
    said: dict[str, Any] = {"separator": separator, "header": call.count("header", 0, -1, 1)}
    said |= {name: call.text(name) for name in _TEXTS}
    said |= {name: call.flag(name) for name in _BOXES}
    said["na_strings"] = [each for each in call.text("na_strings").splitlines() if each]
    said["partition_by"] = [each for each in call.text("partition_by").splitlines() if each]
    said["skip_footer"] = call.count("skip_footer", 0)
    draft.layout = {name: value for name, value in said.items() if value}
    draft.destination = call.text("destination", draft.destination)
    draft.apart = call.flag("apart")


def take_columns(call: PageCall, draft: ImportDraft, found: Description) -> None:
    """Note what a form says of the columns that it shows, as far as it is not what would be anyway."""
    names: list[str] = found["column_names"]
    for text in call.texts("column"):
        i = int(text) if text.isdecimal() else -1
        if not 0 <= i < len(names):
            continue
        name, kind = call.values.get(f"name_{i}", ""), call.text(f"type_{i}")
        _note(draft.names, i, name if name.strip() and _line(name) != _line(names[i]) else "")
        _note(draft.types, i, kind if kind in TYPES else "")
        (draft.skipped.discard if call.flag(f"keep_{i}") else draft.skipped.add)(i)


def _line(name: str) -> str:
    """A name as it comes back from a field, which has one line."""
    return name.replace("\r", "").replace("\n", "").strip()


def _note(said: dict[int, str], i: int, value: str) -> None:
    if value:
        said[i] = value
    else:
        said.pop(i, None)


def with_columns(draft: ImportDraft) -> dict[str, Any]:
    """All that was said, as `Options`."""
    said = dict(draft.layout)
    if draft.names:
        said["names"] = [draft.names.get(i) for i in range(draft.width)]
    if draft.types:
        said["types"] = dict(draft.types)
    if draft.skipped:
        said["skipped"] = sorted(draft.skipped)
    return said


def for_file(draft: ImportDraft, file: ImportFile) -> dict[str, Any]:
    """The same for one file of those that become frames of their own: of columns only where it has those of the first one."""
    first = draft.files[0]
    return with_columns(draft) if file.columns == first.columns else dict(draft.layout)


def matching(draft: ImportDraft, names: Sequence[str], part: str) -> list[int]:
    """Positions of the columns in whose name a text occurs."""
    wanted = part.casefold()
    return [i for i, name in enumerate(names) if wanted in draft.names.get(i, name).casefold()]


def shown_columns(draft: ImportDraft, found: Description, places: Sequence[int]) -> list[dict[str, Any]]:
    """What a page shows of some columns: name, type, and the cells of the first rows."""
    rows = found["first_rows"]
    return [
        {
            "place": i,
            "name": draft.names.get(i, found["column_names"][i]),
            "renamed": i in draft.names,
            "type": draft.types.get(i, ""),
            "guess": found["column_types"][i].lower(),
            "kept": i not in draft.skipped,
            "cells": [row[i] if i < len(row) else "" for row in rows],
        }
        for i in places
    ]
