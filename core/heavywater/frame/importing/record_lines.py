"""In which lines of a block of text records are."""

from __future__ import annotations

import contextlib
import csv
import io

from .cleaning import clean
from .raw_text import Buffer
from .setup import Setup


def places_of(block: Buffer, rows: list[int], height: int, setup: Setup) -> list[int]:
    """Line ends before some rows of a block, in ascending order.

    Parameters
    ----------
    block : bytes-like
    rows : list of int
    height : int
        Number of rows of the block.
    setup : Setup
    """
    text = bytes(block)
    if text.count(b"\n") + (not text.endswith(b"\n")) == height:
        return list(rows)
    cleaned = clean(
        text, *(c.encode() for c in (setup.separator, setup.quote, setup.escape or "", setup.markers))
    )
    lines = io.StringIO(cleaned.decode("utf-8", "replace"), newline="")
    reader = csv.reader(
        lines, delimiter=setup.separator, quotechar=setup.quote or None, escapechar=setup.escape
    )
    places: list[int] = []
    row = start = 0
    with contextlib.suppress(csv.Error):  # a field of more than 128 kB
        for fields in reader:
            if fields:
                while len(places) < len(rows) and rows[len(places)] == row:
                    places.append(start)
                row += 1
            start = reader.line_num
            if len(places) == len(rows):
                break
    return places + [start] * (len(rows) - len(places))
