"""Vectors of R as Arrow tables, and Arrow tables as vectors of R: how frames cross."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import HeavywaterError, warn
from ..frame.columns.arrow_buffers import arrow_texts, missing_of, valid_bits
from ..frame.columns.column import Column
from ..frame.columns.makers import enum, numeric, sorted_enum, strings, times
from ..frame.columns.storage import TextCells
from ..frame.exchange.arrow_frames import frame_of_table, table_of_frame
from ..frame.frame import Frame, unique_names
from ..frame.importing.encodings import decoded
from ..frame.importing.header import usable_names
from . import r_memory
from .r_memory import INTEGER, NA_INTEGER, NA_REAL_BITS, RAW, REAL, Address, ListMaker, Protection
from .r_package import package_function

Table = Any  # pyarrow.Table


# ---- from R to Python


def table_from_r(value: Address) -> Table:
    """An Arrow table of a list with ``names``, ``columns`` and ``nrow``; nothing of R's memory stays in it.

    Each column is a list with ``kind`` and ``values``; see ``column_parts`` in the R package. Names that cannot be, or that are
    there twice, are changed with a warning.
    """
    parts = r_memory.named_elements(value)
    usable = usable_names(name or "" for name in r_memory.texts(parts["names"]))
    names = unique_names(usable)
    if names != usable:
        changed = [f"{new} for {old}" for old, new in zip(usable, names, strict=True) if old != new]
        warn(f"as.h2o: column names must differ: {', '.join(changed[:5])}")
    columns = [_column(r_memory.named_elements(each)) for each in r_memory.elements(parts["columns"])]
    return table_of_frame(Frame(names, columns, nrow=int(r_memory.numbers(parts["nrow"])[0])))


def _column(parts: dict[str, Address]) -> Column:
    """Column from R vectors; nothing of R's memory stays in it."""
    kind, values = r_memory.texts(parts["kind"])[0], parts["values"]
    if kind == "string":
        return strings(_text_cells(values, r_memory.numbers(parts["missing"]) - 1))
    view = r_memory.numbers(values)
    if kind == "numeric":
        missing = None if view.dtype.kind == "f" else view == NA_INTEGER
        column = numeric(view, missing if missing is None or missing.any() else None)
        shared = np.may_share_memory(column.values, view)
        return Column(column.kind, column.values.copy(), column.missing, column.levels) if shared else column
    if kind == "time":
        missing = np.isnan(view)
        scale = float(r_memory.numbers(parts["scale"])[0])
        return times(np.round(np.where(missing, 0, view) * scale).astype(np.int64), missing)
    codes = np.where(view == NA_INTEGER, -1, view - r_memory.numbers(parts["base"])[0])
    levels = _texts(parts["levels"])
    return sorted_enum(codes, levels) if kind == "logical" else enum(codes, levels)


def _block(values: Address) -> bytes:
    """Zero-terminated texts of R, as UTF-8 whatever R took for it."""
    block = r_memory.numbers(values).tobytes()
    text, stray, _ = decoded(block)
    if not stray:
        return block
    warn(
        f"as.h2o: {stray} bytes of texts are not UTF-8 and became text like <0xE4>; say by Encoding(x) <- or iconv() in R "
        "which letters they are"
    )
    return text.encode()


def _texts(values: Address) -> list[str]:
    return _block(values).decode().split("\0")[:-1]


def _text_cells(values: Address, missing: Array) -> TextCells:
    """Texts in Arrow's layout: the same bytes without the zeros, whose places say where each text ends."""
    import pyarrow as pa

    block = np.frombuffer(_block(values), np.uint8)
    ends = np.flatnonzero(block == 0)
    absent = np.zeros(len(ends), bool)
    absent[missing] = True
    offsets = np.concatenate([[0], ends - np.arange(len(ends))]).astype(np.int64)
    buffers = [
        valid_bits(absent if len(missing) else None),
        pa.py_buffer(offsets),
        pa.py_buffer(block[block != 0]),
    ]
    return TextCells(pa.Array.from_buffers(pa.large_string(), len(ends), buffers))


# ---- from Python to R


def vectors_of(table: Table) -> Address:
    """A list of vectors, one for each column of an Arrow table."""
    columns = frame_of_table(table).columns
    with Protection() as keep:
        made = ListMaker(len(columns), keep)
        for i, column in enumerate(columns):
            made[i] = _vector(column)
        return made.made


def _vector(column: Column) -> Address:
    """Vector of a column, written cell by cell only where it is text."""
    if column.is_text:
        return _characters(column.text_cells.arrow)
    absent = column.is_missing()
    with Protection() as keep:
        if column.kind == "enum":
            vector = keep(_integers(column.values, absent, 1))
            r_memory.set_attribute(vector, "levels", _characters(arrow_texts(column.levels or ())))
            return r_memory.with_class(vector, "factor")
        if column.kind == "int" and _fits(column.values):
            return _integers(column.values, absent, 0)
        vector = keep(r_memory.vector(REAL, len(column)))
        cells = r_memory.numbers(vector)
        cells[:] = column.values
        if column.kind == "time":
            cells /= 1000
        if absent.any():
            cells.view(np.int64)[absent] = NA_REAL_BITS
        if column.kind == "time":
            r_memory.set_attribute(vector, "tzone", r_memory.from_texts(["UTC"]))
            r_memory.with_class(vector, "POSIXct", "POSIXt")
        return vector


def _fits(values: Array) -> bool:
    small = values.dtype.itemsize < 4 or not len(values)
    return small or bool(values.min() > NA_INTEGER and values.max() < 2**31)


def _integers(values: Array, absent: Array, offset: int) -> Address:
    vector = r_memory.vector(INTEGER, len(values))
    cells = r_memory.numbers(vector)
    np.add(values, offset, out=cells, casting="unsafe", dtype=np.int32)
    if absent.any():
        cells[absent] = NA_INTEGER
    return vector


def _characters(texts: Any) -> Address:
    """Character vector of an Arrow array: R makes it from one block, which is much faster than text by text."""
    if not len(texts):
        return r_memory.from_texts([])
    _, offsets, data = texts.buffers()
    width = 8 if str(texts.type) == "large_string" else 4
    ends = np.frombuffer(offsets, f"i{width}", len(texts) + 1, width * texts.offset).astype(np.int64)
    everything = np.frombuffer(data or b"", np.uint8)[ends[0] : ends[-1]]
    if not everything.all():
        raise HeavywaterError("a text with a zero character cannot be shown in R; remove the character first")
    block = np.zeros(len(everything) + len(texts), np.uint8)
    letters = np.ones(len(block), bool)
    letters[ends[1:] - ends[0] + np.arange(len(texts))] = False
    block[letters] = everything
    absent = missing_of(texts)
    missing = np.zeros(0, np.int32) if absent is None else np.flatnonzero(absent) + 1
    with Protection() as keep:
        return r_memory.call(
            keep(package_function("texts_from_block")),
            keep(r_memory.from_numbers(RAW, block)),
            keep(r_memory.from_numbers(INTEGER, [len(texts)])),
            keep(r_memory.from_numbers(INTEGER, missing)),
        )
