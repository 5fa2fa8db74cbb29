"""The rows of a frame, some of them at a time."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ..basics.asking import PageCall
from ..basics.paging import part_of

ROWS, COLUMNS = (25, 50, 100, 200), (10, 20, 50)  # at a time
_NAME = {"int": "number", "real": "number", "time": "time"}


def frame_rows(call: PageCall) -> Response:
    """Cells of some rows and columns."""
    session, key = call.session, call.key("frame")
    facts, outline = session.frames.facts(key), session.frames.outline(key)
    count = call.count("count", ROWS[1], 1, ROWS[-1])
    width = call.count("columns", COLUMNS[1], 1, COLUMNS[-1])
    rows = part_of(call, outline["rows_here"], count, "row")
    columns = part_of(call, outline["columns"], width, "column")
    shown = range(columns.first, columns.first + columns.count)
    cells = session.frames.cells(key, list(shown), rows.first, rows.count, level_names=True)
    heads = [
        {
            "position": i + 1,
            "name": facts["names"][i],
            "type": facts["types"][i],
            "kind": _NAME.get(facts["types"][i], "text"),
        }
        for i in shown
    ]
    return call.page(
        "frames/frame_rows.html",
        key=key,
        outline=outline,
        heads=heads,
        lines=_lines(cells, rows.count),
        rows=rows,
        columns=columns,
        count=count,
        width=width,
        counts=sorted({*ROWS, count}),
        widths=sorted({*COLUMNS, width}),
    )


def _lines(cells: list[list[Any]], rows: int) -> list[tuple[Any, ...]]:
    return list(zip(*cells, strict=True)) if cells else [()] * rows


ROUTES = {"GET /frames/{key}/rows": frame_rows}
