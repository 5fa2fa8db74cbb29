"""A frame as an Arrow table that also says what Arrow does not know (kinds of columns), and back: the same frame.

Sparse columns are run-end encoded, all others as in `arrow_tables.to_arrow`; cells are shared where the layout is the
same. This is how frames travel between a session and who asks it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...errors import ParseError, shortened
from ..columns.arrow_buffers import arrow_numbers, missing_of, texts_of, values_of
from ..columns.column import KINDS, Column
from ..columns.makers import enum
from ..columns.origin import Origin
from ..columns.storage import SparseCells, TextCells
from ..frame import Frame
from .arrow_tables import arrow_column, column_from_arrow

ENTRY = b"heavywater.kinds"
MOST_ROWS = 2**53  # of a frame without columns, where no cell limits them
# Arrow's names of the types that a column of each kind has
TYPES = {
    "int": {"uint8", "int8", "uint16", "int16", "int32", "int64"},
    "real": {"float", "double"},
    "bad": {"float", "double"},
    "time": {"timestamp[ms]"},
    "string": {"string", "large_string", "string_view"},
    "uuid": {"string", "large_string", "string_view"},
    "enum": {
        f"dictionary<values=string, indices={codes}, ordered=0>" for codes in ("int8", "int16", "int32")
    },
}


def table_of_frame(frame: Frame) -> Any:
    """A pyarrow.Table of which `frame_of_table` makes the same frame."""
    import pyarrow as pa

    cells = [
        arrow_column(column) if column.sparse is None else _runs(column.sparse) for column in frame.columns
    ]
    table = pa.table(cells, names=list(frame.names))
    about: dict[str, Any] = {"kinds": [column.kind for column in frame.columns], "rows": frame.nrow}
    about |= origins_of(frame)
    return table.replace_schema_metadata({ENTRY: json.dumps(about).encode()})


def frame_of_table(table: Any) -> Frame:
    """The frame of an Arrow table: of the same kinds where it says them, else of those that its types stand for.

    Parameters
    ----------
    table : pyarrow.Table

    Raises
    ------
    ParseError
        What the table says of its columns does not fit them.
    """
    entry = (table.schema.metadata or {}).get(ENTRY)
    names = list(table.column_names)
    if entry is None:
        columns = [column_from_arrow(c, name) for c, name in zip(table.columns, names, strict=True)]
        return Frame(names, columns, nrow=table.num_rows)
    try:
        about: dict[str, Any] = json.loads(entry)
        kinds, rows = about["kinds"], about["rows"]
        if not isinstance(kinds, list) or len(kinds) != len(names) or not set(map(str, kinds)) <= set(KINDS):
            raise ValueError("the kinds of columns do not fit the columns")
        columns = [column_of_kind(kind, cells) for kind, cells in zip(kinds, table.columns, strict=True)]
        columns = as_they_came(columns, about)
        if type(rows) is not int or not (rows == table.num_rows or (not columns and 0 <= rows <= MOST_ROWS)):
            raise ValueError("the number of rows is wrong")
        return Frame(names, columns, nrow=rows)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ParseError(f"the table is no frame ({shortened(error)})") from error


def origins_of(frame: Frame) -> dict[str, Any]:
    """What is written of a frame to say where its columns came from: nothing where that is not known of any."""
    found = [None if column.origin is None else column.origin.entry() for column in frame.columns]
    return {"origins": found} if any(found) else {}


def as_they_came(columns: list[Column], about: Mapping[str, Any]) -> list[Column]:
    """The columns, which know again what `origins_of` said of them.

    Raises
    ------
    ValueError
        It does not fit them.
    """
    origins = about.get("origins")
    if origins is None:
        return columns
    return [
        column
        if entry is None
        else column.with_origin(Origin.read(entry, column.kind, len(column.levels or ())))
        for column, entry in zip(columns, origins, strict=True)
    ]


def check_type(kind: str, arrow_type: Any) -> None:
    """Refuse, by a ValueError, a type of Arrow that a column of this kind cannot have."""
    if str(arrow_type) not in TYPES[kind]:
        raise ValueError(f"a column of kind {kind} cannot be of type {shortened(arrow_type)}")


def column_of_kind(kind: str, cells: Any) -> Column:
    """Column of a known kind from its Arrow array; numbers are views of it.

    Raises
    ------
    ValueError
        The array is not of a type that such a column has, or its levels are no levels.
    """
    import pyarrow as pa

    if isinstance(cells, pa.ChunkedArray):
        cells = cells.chunk(0) if cells.num_chunks == 1 else cells.combine_chunks()
    if isinstance(cells, pa.RunEndEncodedArray):
        check_type(kind, cells.type.value_type)
        return _sparse(kind, cells)
    check_type(kind, cells.type)
    if kind in ("string", "uuid"):
        return Column(kind, TextCells(cells))
    if kind == "enum":
        return _enum(cells)
    if kind == "time":
        cells = cells.cast(pa.int64())
    values, missing = values_of(cells), missing_of(cells)
    if kind in ("real", "bad"):
        return Column(
            kind, values if missing is None else np.where(missing, np.nan, values).astype(values.dtype)
        )
    if missing is not None:
        values = np.where(missing, values.dtype.type(0), values)
    return Column(kind, values, missing)


def _enum(cells: Any) -> Column:
    if cells.dictionary.null_count:
        raise ValueError("a level is missing")
    levels = texts_of(cells.dictionary)
    if len(set(levels)) < len(levels):
        raise ValueError("a level is there twice")
    codes, missing = values_of(cells.indices), missing_of(cells.indices)
    return enum(codes if missing is None else np.where(missing, codes.dtype.type(-1), codes), levels)


def _runs(cells: SparseCells) -> Any:
    """Sparse cells as runs: each stored cell is one, and so are the zeros between two of them."""
    import pyarrow as pa

    count = len(cells.rows)
    ends = np.empty(2 * count + 1, np.int64)
    ends[0:-1:2], ends[1::2], ends[-1] = cells.rows, cells.rows + 1, cells.nrow
    values = np.zeros(len(ends), cells.values.dtype)
    values[1::2] = cells.values
    absent = np.zeros(len(ends), bool)
    absent[1::2] = False if cells.absent is None else cells.absent
    kept = np.diff(ends, prepend=0) > 0
    missing = absent[kept]
    return pa.RunEndEncodedArray.from_arrays(
        pa.array(ends[kept]), arrow_numbers(values[kept], missing if missing.any() else None)
    )


def _sparse(kind: str, cells: Any) -> Column:
    """Column of a run-end encoded array, whole (not a slice of one)."""
    ends, values = values_of(cells.run_ends).astype(np.int64), values_of(cells.values)
    missing = missing_of(cells.values)
    absent = np.zeros(len(values), bool) if missing is None else missing
    lengths = np.diff(ends, prepend=0)
    if cells.offset or (lengths <= 0).any() or (len(ends) and ends[-1] != len(cells)):
        raise ValueError("the runs of a sparse column do not fit its rows")
    if kind == "real" and missing is not None:
        values, absent = np.where(absent, np.nan, values).astype(values.dtype), np.zeros(len(values), bool)
    stored = absent | (values != 0)
    times = lengths[stored]
    firsts = np.repeat(ends[stored] - times, times)
    rows = firsts + np.arange(len(firsts)) - np.repeat(np.cumsum(times) - times, times)
    rows = rows.astype(np.int32 if len(cells) <= np.iinfo(np.int32).max else np.int64)
    found = np.repeat(np.where(absent, values.dtype.type(0), values)[stored], times)
    return Column(kind, SparseCells(len(cells), rows, found, np.repeat(absent[stored], times)))
