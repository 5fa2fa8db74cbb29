"""Tables as text and as HTML."""

from __future__ import annotations

import math
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Any

from .templates import rendered

_LARGEST_WRITTEN_OUT = 1e15  # whole numbers beyond are not exact
# What would move the cursor, change colours or turn the direction of what follows
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def format_cell(value: Any, digits: int = 4) -> str:
    """One cell: missing as an empty text, real numbers with some significant digits, but all those before the point."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if abs(value) < _LARGEST_WRITTEN_OUT and (value.is_integer() or abs(value) >= 10**digits - 0.5):
        return str(round(value))
    return f"{value:.{digits}g}"


def shortened(text: str, widest: int, gap: str = "...") -> str:
    """A text of at most so many characters: of a longer one both ends, since names differ at either."""
    if len(text) <= widest:
        return text
    tail = (widest - len(gap)) // 2
    return text[: widest - len(gap) - tail] + gap + text[len(text) - tail :]


def one_line(text: str) -> str:
    """A text as it can stand in a line of a terminal: line breaks as spaces, other control characters as escapes."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], " ".join(text.splitlines()))


def width_of(text: str) -> int:
    """How many characters of a terminal a text takes: those of East Asia two, marks above others none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.category(each) in ("Mn", "Me", "Cf") for each in text)


def within_page(text: str, indent: str = "") -> str:
    """A text, one line, broken where it is longer than a line of the terminal; further lines are indented."""
    page = page_width()
    if page is None or width_of(text) <= page:
        return text
    for width in range(max(page, len(indent) + 10), len(indent) + 4, -1):  # characters may be two wide
        lines = textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False)
        if max(map(width_of, lines), default=0) <= page:
            break
    return "\n".join(lines)


def page_width() -> int | None:
    """Characters in a line of the terminal; None where the output goes to no terminal, and nothing need be left out."""
    try:
        shown = sys.stdout.isatty()
    except (AttributeError, ValueError):  # replaced, or closed
        return None
    return shutil.get_terminal_size().columns if shown else None


def _fitted(text: str, widest: int) -> str:
    """A text in one line of at most so many characters of the terminal."""
    text = one_line(text)
    found, allowed = shortened(text, widest), widest
    while width_of(found) > widest and allowed > 4:
        allowed -= 1
        found = shortened(text, allowed)
    return found


def _texts(rows: Sequence[Sequence[Any]], digits: int, widest: int) -> list[list[str]]:
    return [[_fitted(format_cell(cell, digits), widest) for cell in row] for row in rows]


def _is_number_column(rows: Sequence[Sequence[Any]], j: int) -> bool:
    cells = [row[j] for row in rows if row[j] is not None and row[j] != ""]  # both are missing
    return bool(cells) and all(
        isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells
    )


def _chosen(rows: Sequence[Sequence[Any]], max_rows: int) -> tuple[list[Sequence[Any]], int]:
    """The rows that are shown, and how many of them stand before the gap."""
    top = len(rows) if len(rows) <= max_rows else max_rows // 2
    return list(rows[:top]) + (list(rows[len(rows) - max_rows + top :]) if top < len(rows) else []), top


def format_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    digits: int = 4,
    max_rows: int = 60,
    max_columns: int = 20,
    widest: int = 40,
) -> str:
    """A table as text: numbers right-aligned, everything else left-aligned, no wider than the terminal.

    Parameters
    ----------
    columns : sequence of str
        Headings.
    rows : sequence of sequences
        Cells: numbers, texts or None (shown empty).
    title : str
        A line above the table.
    digits : int
        Significant digits of real numbers, see `format_cell`.
    max_rows, max_columns : int
        More are left out in the middle (rows) and at the end (columns), and a line says so.
    widest : int
        Longer texts are cut in the middle.

    Returns
    -------
    str
        Without a line end at the end.
    """
    page = page_width()
    widest = widest if page is None else max(8, min(widest, page))
    chosen, top = _chosen(rows, max_rows)
    narrow = [row[:max_columns] for row in chosen]

    def fitted(longest: int) -> tuple[list[str], list[list[str]], list[int]]:
        cells = _texts(narrow, digits, longest)
        heads = [_fitted(text, longest) for text in columns[:max_columns]]
        return heads, cells, [max(map(width_of, column)) for column in zip(heads, *cells, strict=True)]

    heads, cells, widths = fitted(widest)
    for longest in (24, 16):  # rather than a column texts are shortened, where that is enough
        if page is not None and longest < widest and _fitting(widths, page) < len(widths):
            shorter = fitted(longest)
            if _fitting(shorter[2], page) == len(shorter[2]):
                heads, cells, widths = shorter
    widths = widths[: _fitting(widths, page)]
    right = [_is_number_column(chosen, j) for j in range(len(widths))]

    def line(row: Sequence[str]) -> str:
        spaces = (" " * (w - width_of(text)) for text, w in zip(row, widths, strict=False))
        parts = (s + t if r else t + s for t, s, r in zip(row, spaces, right, strict=False))
        return "  ".join(parts).rstrip()

    lines = [within_page(one_line(title))] if title else []
    lines += [line(heads), "  ".join("-" * width for width in widths)]
    body = [line(row) for row in cells]
    if top < len(rows):
        body.insert(top, f"... {len(rows) - max_rows} more rows ...")
    lines += body
    if len(columns) > len(widths):
        lines.append(f"({len(columns) - len(widths)} more columns)")
    return "\n".join(lines)


def _fitting(widths: Sequence[int], page: int | None) -> int:
    """How many columns fit into a line: the first one always does."""
    total = -2
    for count, width in enumerate(widths):
        total += width + 2
        if page is not None and total > page and count:
            return count
    return len(widths)


def html_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    digits: int = 4,
    max_rows: int = 60,
    max_columns: int = 20,
    note: str = "",
    widest: int = 60,
) -> str:
    """A table as HTML for notebooks, with the same facts as `format_table`; everything is escaped.

    Parameters
    ----------
    columns, rows, title, digits, max_rows, max_columns, widest
        As in `format_table`. What is shortened or rounded is told in full by the mouse.
    note : str
        A line below the table.
    """
    chosen, top = _chosen(rows, max_rows)

    def cell(value: Any) -> tuple[str, str]:
        exact, text = str(value), " ".join(format_cell(value, digits).splitlines())
        shown = shortened(text, widest, "…")
        return shown, exact if shown and shown != exact else ""

    return rendered(
        "table.html",
        title=title,
        heads=[(shortened(str(name), widest, "…"), str(name)) for name in columns[:max_columns]],
        right=[_is_number_column(chosen, j) for j in range(min(len(columns), max_columns))],
        rows=[[cell(value) for value in row[:max_columns]] for row in chosen],
        gap=top if top < len(rows) else None,
        left_out=len(rows) - max_rows,
        more=max(0, len(columns) - max_columns),
        note=note,
    )
