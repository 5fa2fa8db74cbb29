"""Frames: which there are, what they hold, their end."""

from __future__ import annotations

from ...frame.summary import QUANTILES
from .calls import Call
from .frame_json import column_object, frames_object
from .replies import Json, key, meta

_SHOWN_ROWS = 100


def frames(call: Call) -> Json:
    """Key and size of every frame."""
    found = [
        {
            "__meta": meta("FrameSynopsisV3"),
            "_exclude_fields": "",
            "frame_id": key(each["frame_id"]["name"], "Frame"),
            "byte_size": each["byte_size"],
            "is_text": False,
            "rows": each["rows"],
            "columns": each["columns"],
        }
        for each in call.session.frames.described()
    ]
    return {"__meta": meta("FramesListV3", "Frames"), "_exclude_fields": "", "frames": found}


def frame(call: Call) -> Json:
    """A page of a frame: facts and cells of some columns."""
    return _page(call, summary=False)


def summary(call: Call) -> Json:
    """The same with histograms and quantiles."""
    return _page(call, summary=True)


def _page(call: Call, summary: bool) -> Json:
    name = call.parts["id"]
    described = call.session.frames.describe(name)
    rows, count = described["rows"], described["num_columns"]
    first = max(0, call.whole("row_offset", 0))
    asked = call.whole("row_count", -1)
    shown = max(0, min(_SHOWN_ROWS if asked < 0 else asked, rows - first))
    begin = max(0, min(call.whole("column_offset", 0), count))
    wide = call.whole("column_count", -1)
    width = count - begin if wide < 0 else min(wide, count - begin)
    cells = call.session.frames.cells(name, range(begin, begin + width), first, shown)
    columns = [
        column_object(facts, each, summary)
        for facts, each in zip(described["columns"][begin : begin + width], cells, strict=True)
    ]
    found = {
        "__meta": meta("FrameV3", "Frame"),
        "_exclude_fields": "",
        "frame_id": key(name, "Frame"),
        "byte_size": described["byte_size"],
        "is_text": False,
        "row_offset": first,
        "row_count": shown,
        "column_offset": begin,
        "column_count": width,
        "full_column_count": width,
        "total_column_count": count,
        "checksum": 0,
        "rows": rows,
        "num_columns": count,
        "default_percentiles": list(QUANTILES),
        "columns": columns,
        "compatible_models": None,
        "chunk_summary": None,
        "distribution_summary": None,
    }
    return frames_object([found], asked, first)


def remove(call: Call) -> Json:
    """A frame goes."""
    call.session.frames.facts(call.parts["id"])
    call.session.objects.remove(call.parts["id"])
    return frames_object(None)


ROUTES = {
    "GET /3/Frames": frames,
    "GET /3/Frames/{id}": frame,
    "GET /3/Frames/{id}/light": frame,
    "GET /3/Frames/{id}/summary": summary,
    "DELETE /3/Frames/{id}": remove,
}
