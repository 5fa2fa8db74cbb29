"""Excel workbooks: the first sheet as delimited text, which then is read like any other."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from typing import Any

from ...errors import InvalidArgument, ParseError, warn
from .unpack import TableContent, TextContent

_ROWS_OF_PIECE = 4096


def sheet_text(table: TableContent) -> TextContent:
    """The first sheet of a workbook as text with commas."""
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        raise InvalidArgument(
            f"{table.name}: reading Excel files needs python-calamine: pip install 'heavywater[excel]'"
        ) from None
    try:
        book = CalamineWorkbook.from_filelike(table.file)
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except Exception as error:  # calamine has a dozen classes of errors without a common base
        raise ParseError(f"{table.name}: cannot be read as a workbook ({error})") from error
    if not rows:
        raise ParseError(f"{table.name}: the first sheet is empty")
    if len(book.sheet_names) > 1:
        warn(
            f"{table.name}: only the first of {len(book.sheet_names)} sheets, {book.sheet_names[0]!r}, is read; for another one "
            "give H2OFrame(pandas.read_excel(..., sheet_name=...))"
        )
    return TextContent(table.name, _pieces(rows))


def _pieces(rows: list[list[Any]]) -> Iterator[bytes]:
    for start in range(0, len(rows), _ROWS_OF_PIECE):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for row in rows[start : start + _ROWS_OF_PIECE]:
            if any(cell != "" for cell in row):
                writer.writerow([_cell(cell) for cell in row])
        yield out.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "milliseconds" if value.microsecond else "seconds")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    return value
