"""Tables as text and as HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

#: the widest cells of tables that name models and frames: they differ at the end
NAMES = 200


def format_cell(value: Any, digits: int = 6) -> str:
    """One cell: missing as an empty text, real numbers with some significant digits."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.{digits}g}"
    return str(value)


def _texts(rows: Sequence[Sequence[Any]], digits: int, widest: int) -> list[list[str]]:
    def shorten(text: str) -> str:
        text = text.replace("\n", " ").replace("\r", " ")
        return text if len(text) <= widest else text[: widest - 3] + "..."

    return [[shorten(format_cell(cell, digits)) for cell in row] for row in rows]


def _is_number_column(rows: Sequence[Sequence[Any]], j: int) -> bool:
    cells = [row[j] for row in rows if row[j] is not None and row[j] != ""]  # both are missing
    return bool(cells) and all(
        isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells
    )


def format_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    digits: int = 6,
    max_rows: int = 60,
    max_columns: int = 20,
    widest: int = 40,
) -> str:
    """A table as text: numbers right-aligned, everything else left-aligned.

    Parameters
    ----------
    columns : sequence of str
        Headings.
    rows : sequence of sequences
        Cells: numbers, texts or None (shown empty).
    title : str
        A line above the table.
    digits : int
        Significant digits of real numbers.
    max_rows, max_columns : int
        More are left out in the middle (rows) and at the end (columns), and a line says so.
    widest : int
        Longer texts are cut.

    Returns
    -------
    str
        Without a line end at the end.
    """
    shown_columns = list(columns[:max_columns])
    top = len(rows) if len(rows) <= max_rows else max_rows // 2
    chosen = list(rows[:top]) + (list(rows[len(rows) - max_rows + top :]) if top < len(rows) else [])
    cells = _texts([row[:max_columns] for row in chosen], digits, widest)
    heads = [text.replace("\n", " ") for text in shown_columns]
    right = [_is_number_column(chosen, j) for j in range(len(heads))]
    widths = [max([len(head), *(len(row[j]) for row in cells)]) for j, head in enumerate(heads)]

    def line(row: Sequence[str]) -> str:
        parts = (t.rjust(w) if r else t.ljust(w) for t, w, r in zip(row, widths, right, strict=True))
        return "  ".join(parts).rstrip()

    lines = [title] if title else []
    lines += [line(heads), "  ".join("-" * width for width in widths)]
    body = [line(row) for row in cells]
    if top < len(rows):
        body.insert(top, f"... {len(rows) - max_rows} more rows ...")
    lines += body
    if len(columns) > max_columns:
        lines.append(f"({len(columns) - max_columns} more columns)")
    return "\n".join(lines)


def html_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    digits: int = 6,
    max_rows: int = 60,
    max_columns: int = 20,
    note: str = "",
) -> str:
    """A table as HTML for notebooks, with the same facts as `format_table`; everything is escaped.

    Parameters
    ----------
    columns, rows, title, digits, max_rows, max_columns
        As in `format_table`.
    note : str
        A line below the table.
    """
    top = len(rows) if len(rows) <= max_rows else max_rows // 2
    chosen = list(rows[:top]) + (list(rows[len(rows) - max_rows + top :]) if top < len(rows) else [])
    right = [_is_number_column(chosen, j) for j in range(min(len(columns), max_columns))]
    style = ["text-align:right" if r else "text-align:left" for r in right]
    parts = ["<table>"]
    if title:
        parts.append(f"<caption>{escape(title)}</caption>")
    heads = "".join(
        f'<th style="{s}">{escape(c)}</th>' for c, s in zip(columns[:max_columns], style, strict=True)
    )
    parts.append(f"<thead><tr>{heads}</tr></thead><tbody>")
    for i, row in enumerate(chosen):
        if i == top:
            parts.append(f'<tr><td colspan="{len(style)}">{len(rows) - max_rows} more rows</td></tr>')
        cells = (
            f'<td style="{s}">{escape(format_cell(c, digits))}</td>'
            for c, s in zip(row[:max_columns], style, strict=True)
        )
        parts.append(f"<tr>{''.join(cells)}</tr>")
    parts.append("</tbody></table>")
    if len(columns) > max_columns:
        parts.append(f"<p>{len(columns) - max_columns} more columns</p>")
    if note:
        parts.append(f"<p>{escape(note)}</p>")
    return "".join(parts)
