"""Frames: which there are, what they hold, their end."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InvalidArgument, NotFound
from ...frame.summary import QUANTILES
from ...session.values import Facts
from ..node.raw_files import RawFiles
from .calls import Call, takes
from .frame_json import column_object, distribution_table, frames_object, layout_table
from .replies import Json, Refused, key, meta, not_found

_SHOWN_ROWS = 100  # where the client does not say how many
_TEXTS = ("string", "uuid")
_COLUMNS = "frames/columns/"
_COUNTS = (
    "missing_count",
    "zero_count",
    "positive_infinity_count",
    "negative_infinity_count",
    "domain_cardinality",
)
_PAGE = "frame_id column row_offset row_count column_offset full_column_count column_count"
_PARAMETERS = ("row_offset", "row_count", "column_offset", "full_column_count", "column_count")


@dataclass(frozen=True)
class _Page:
    """Which part of a frame is asked for: columns, of which the first ones with cells, and rows."""

    columns: range
    full: int
    first: int
    rows: int


@takes("frame_id column")
def frames(call: Call) -> Json:
    """Key and size of every frame, and of files that were sent."""
    found = [
        _synopsis(each["frame_id"]["name"], each["byte_size"], False, each["rows"], each["columns"])
        for each in call.session.frames.described()
    ]
    sent = RawFiles(call.node, call.session.client).sent()
    found += [_synopsis(name, size, True, size, 1) for name, size in sent.items()]
    found.sort(key=lambda each: each["frame_id"]["name"])
    return {"__meta": meta("FramesListV3", "Frames"), "_exclude_fields": "", "frames": found}


def _synopsis(name: str, size: int, is_text: bool, rows: int, columns: int) -> Json:
    return {
        "__meta": meta("FrameSynopsisV3"),
        "_exclude_fields": "",
        "frame_id": key(name, "Frame"),
        "byte_size": size,
        "is_text": is_text,
        "rows": rows,
        "columns": columns,
    }


@takes(_PAGE)
def frame(call: Call) -> Json:
    """A page of a frame: facts and cells of some columns."""
    name, sent = call.parts["id"], RawFiles(call.node, call.session.client)
    if sent.is_sent(name) and name not in call.session.objects.keys("frame"):
        return _raw(call, name, sent.location(name))
    facts = facts_of(call, name)
    return _answer(call, facts, _page(call, facts), summary=False)


@takes(_PAGE)
def summary(call: Call) -> Json:
    """The same with histograms and quantiles."""
    facts = facts_of(call, call.parts["id"])
    return _answer(call, facts, _page(call, facts), summary=True)


@takes(_PAGE)
def column(call: Call) -> Json:
    """One column with its facts, histogram, quantiles and first cells."""
    facts, position = _column_of(call)
    page = _page(call, facts)
    found = _answer(call, facts, _Page(range(position, position + 1), 1, page.first, page.rows), summary=True)
    told = found["frames"][0]
    told["frame_id"] = {"__meta": meta("FrameKeyV3", "Key<Frame>"), "name": None, "type": None, "URL": None}
    told |= {"column_offset": 0, "total_column_count": 1, "num_columns": 1}
    return found


@takes(_PAGE)
def domain(call: Call) -> Json:
    """The levels of one column."""
    facts, position = _column_of(call)
    levels = call.session.frames.levels(facts["frame"])[position]
    return {**frames_object(None), "domain": [levels]}


def facts_of(call: Call, name: str) -> Facts:
    """What a frame is; that it is not there is said in H2O's words."""
    try:
        return call.session.frames.facts(name)
    except NotFound:
        raise not_found(name) from None


def _column_of(call: Call) -> tuple[Facts, int]:
    facts, name = facts_of(call, call.parts["id"]), call.parts["column"]
    if name not in facts["names"]:
        raise Refused(
            404,
            f"Column: {name} not found in frame: {facts['frame']} from argument: column",
            "water.exceptions.H2OColumnNotFoundArgumentException",
        )
    return facts, list(facts["names"]).index(name)


def _page(call: Call, facts: Facts) -> _Page:
    """What of a frame is asked for; what there is not of it is left out."""
    asked = {name: call.whole(name, -1 if "count" in name else 0) for name in _PARAMETERS}
    for name in ("row_offset", "column_offset"):
        if asked[name] < 0:
            raise InvalidArgument(f"{name}={asked[name]} must be 0 or more")
    columns, rows = len(facts["names"]), facts["nrow"]
    begin, first = min(asked["column_offset"], columns), min(asked["row_offset"], rows)
    width = _at_most(asked["column_count"], columns - begin, columns)
    full = _at_most(asked["full_column_count"], width, width)
    return _Page(
        range(begin, begin + width), full, first, _at_most(asked["row_count"], rows - first, _SHOWN_ROWS)
    )


def _at_most(asked: int, there: int, otherwise: int) -> int:
    return min(otherwise if asked < 0 else asked, there)


def _answer(call: Call, facts: Facts, page: _Page, summary: bool) -> Json:
    name, excluded = facts["frame"], (call.text("_exclude_fields") or "").split(",")
    wanted = summary and not {_COLUMNS + "histogram_bins", _COLUMNS + "percentiles"} <= set(excluded)
    described = call.session.frames.describe(name, page.columns, "histograms" if wanted else "extremes")
    cells = _cells(call, facts, page, _COLUMNS + "data" not in excluded)
    found = {
        "__meta": meta("FrameV3", "Frame"),
        "_exclude_fields": "",
        "frame_id": key(name, "Frame"),
        "byte_size": described["byte_size"],
        "is_text": False,
        "row_offset": page.first,
        "row_count": page.rows,
        "column_offset": page.columns.start,
        "column_count": len(page.columns),
        "full_column_count": page.full,
        "total_column_count": described["total_column_count"],
        "checksum": described["checksum"],
        "rows": described["rows"],
        "num_columns": described["num_columns"],
        "default_percentiles": list(QUANTILES),
        "columns": [
            column_object(each, part, wanted) for each, part in zip(described["columns"], cells, strict=True)
        ],
        "compatible_models": None,
        "chunk_summary": layout_table(described),
        "distribution_summary": distribution_table(described, (call.headers or {}).get("host", "")),
    }
    asked = {each: call.whole(each, -1 if "count" in each else 0) for each in _PARAMETERS}
    return {**frames_object([found]), **asked}


def _cells(call: Call, facts: Facts, page: _Page, numbers: bool) -> list[Sequence[Any] | None]:
    """Cells of the columns that have some; None for others."""
    full = page.columns[: page.full]
    shown = [i for i in full if numbers or facts["types"][i] in _TEXTS]
    cells = call.session.frames.cells(facts["frame"], shown, page.first, page.rows)
    known = dict(zip(shown, cells, strict=True))
    return [known.get(i) for i in page.columns]


def frame_object(call: Call, name: str) -> Json:
    """A frame as an object, with the page of it that the request asks for."""
    facts = facts_of(call, name)
    found: Json = _answer(call, facts, _page(call, facts), summary=False)["frames"][0]
    return found


def _raw(call: Call, name: str, place: str) -> Json:
    """A file that was sent and not parsed, which H2O shows as a frame of bytes; facts of them are not told."""
    size, asked, first = os.path.getsize(place), call.whole("row_count", -1), call.whole("row_offset", 0)
    with open(place, "rb") as file:
        file.seek(max(0, first))
        cells = list(file.read(_SHOWN_ROWS if asked < 0 else asked))
    facts: Json = {
        **dict.fromkeys(_COUNTS, 0), "label": "bytes", "type": "int", "mins": [], "maxs": [], "mean": math.nan,
        "sigma": math.nan, "domain": None,
    }  # fmt: skip
    found = {
        "__meta": meta("FrameV3", "Frame"),
        "_exclude_fields": "",
        "frame_id": key(name, "Frame"),
        "byte_size": size,
        "is_text": True,
        "row_offset": max(0, first),
        "row_count": len(cells),
        "column_offset": 0,
        **dict.fromkeys(("column_count", "full_column_count", "total_column_count", "num_columns"), 1),
        "checksum": 0,
        "rows": size,
        "default_percentiles": list(QUANTILES),
        "columns": [column_object(facts, cells, False)],
        "compatible_models": None,
        "chunk_summary": None,
        "distribution_summary": None,
    }
    return frames_object([found])


@takes("frame_id")
def remove(call: Call) -> Json:
    """A frame goes, or a file that was sent."""
    name = call.parts["id"]
    if not RawFiles(call.node, call.session.client).remove(name):
        call.session.objects.remove(facts_of(call, name)["frame"])
    return frames_object(None)


@takes("")
def remove_all(call: Call) -> Json:
    """All frames go."""
    for name in call.session.objects.keys("frame"):
        call.session.objects.remove(name)
    return frames_object(None)


ROUTES = {
    "GET /3/Frames": frames,
    "DELETE /3/Frames": remove_all,
    "GET /3/Frames/{id}": frame,
    "DELETE /3/Frames/{id}": remove,
    "GET /3/Frames/{id}/light": frame,
    "GET /3/Frames/{id}/summary": summary,
    "GET /3/Frames/{id}/columns": frame,
    "GET /3/Frames/{id}/columns/{column}": column,
    "GET /3/Frames/{id}/columns/{column}/summary": column,
    "GET /3/Frames/{id}/columns/{column}/domain": domain,
}
