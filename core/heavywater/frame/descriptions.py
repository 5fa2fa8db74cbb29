"""Frames as H2O's server describes them: size, layout, facts about columns and how their numbers are distributed."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from ..arrays import Array
from .columns.column import Column
from .columns.figures import Figures
from .frame import Frame
from .summary import facts_of_columns

DETAILS = ("extremes", "quantiles", "histograms")
_BINS = 1000
_BLOCK = 2**20  # rows
_KNOWN: WeakKeyDictionary[Frame, tuple[int, list[tuple[str, int, int]]]] = WeakKeyDictionary()
_NAMES: dict[Any, str] = {}  # of numpy's types, which are slow to tell


def describe(frame: Frame, columns: Sequence[int] | None = None, detail: str = "quantiles") -> dict[str, Any]:
    """Size and columns of a frame.

    Parameters
    ----------
    frame : Frame
    columns : sequence of int, optional
        Positions of those whose facts are told; all by default.
    detail : str
        ``extremes``: without what needs an order of all numbers; ``quantiles``: with `QUANTILES`; ``histograms``: also with
        ``histogram``, see `histogram_of`.

    Returns
    -------
    dict
        ``rows, num_columns, column_count`` (of those that are told)``, total_column_count, byte_size, is_text, checksum, layouts,
        columns``. A layout is how cells lie in memory, its number of columns and their bytes.
    """
    told = frame if columns is None else frame.select(columns)
    whole = _whole(frame)
    facts = facts_of_columns(told, detail != "extremes")
    if detail == "histograms":
        for each, column in zip(facts, told.columns, strict=True):
            each["histogram"] = histogram_of(column)
    return {
        "rows": frame.nrow,
        "num_columns": frame.ncol,
        "column_count": told.ncol,
        "total_column_count": frame.ncol,
        "byte_size": sum(held for _, _, held in whole[1]),
        "is_text": False,
        "checksum": whole[0],
        "layouts": [list(each) for each in whole[1]],
        "columns": facts,
    }


def histogram_of(column: Column) -> dict[str, Any] | None:
    """How many numbers fall into classes of equal width; None of texts.

    A level, or a whole number where these spread over less than 1000, has a class of its own; else there are 1000 classes.

    Returns
    -------
    dict
        ``bins``, the counts; ``base``, where the first one begins; ``stride``, the width.
    """
    if column.is_text:
        return None
    if len(column) <= _BINS:  # quickly done, and as large as the column itself
        found: dict[str, Any] | None = _histogram(column)
    else:
        found = column.remembered("histogram", _histogram)
    return found and {**found, "bins": list(found["bins"])}


def _histogram(column: Column) -> dict[str, Any]:
    figures = Figures.of(column)
    if not figures.size:
        return {"bins": [], "base": float("nan"), "stride": float("nan")}
    low, high = figures.range()
    if column.kind == "enum":
        low, high = 0.0, float(len(column.levels or ()) - 1)
    whole = column.kind not in ("real", "bad")
    span = high - low + whole
    count = int(span) if whole and (span <= _BINS or column.kind == "enum") else _BINS if span else 1
    stride = span / count or 1.0
    return {"bins": figures.between(low + stride * np.arange(1, count)), "base": low, "stride": stride}


def checksum_of(frame: Frame) -> int:
    """A number that changes when cells, names or types do."""
    found = 0
    for name, column in zip(frame.names, frame.columns, strict=True):
        facts = f"{name}\0{column.kind}\0{len(column)}\0{column.remembered('checksum', _checksum)}"
        found = zlib.crc32(facts.encode("utf-8", "surrogatepass"), found)
    return found


def _checksum(column: Column) -> int:
    if (stored := column.sparse) is not None:
        return _sum_of(stored.rows, stored.values, stored.stored_missing)
    if column.is_text:
        return _sum_of_texts(column)
    found = 0
    for first in range(0, len(column), _BLOCK):
        found = zlib.crc32(column.numbers(slice(first, first + _BLOCK)).tobytes(), found)
    for level in column.levels or ():
        found = zlib.crc32(f"{level}\0".encode("utf-8", "surrogatepass"), found)
    return found


def _sum_of_texts(column: Column) -> int:
    import pyarrow.compute

    cells = column.text_cells.arrow
    lengths = pyarrow.compute.binary_length(cells).fill_null(-1).to_numpy(zero_copy_only=False)
    texts = cells.fill_null("").cast("large_binary")
    start, end = texts.offset, texts.offset + len(texts)
    offsets = (
        np.frombuffer(texts.buffers()[1], np.int64)[[start, end]] if len(texts) else np.zeros(2, np.int64)
    )
    data = texts.buffers()[2]
    body = memoryview(data)[int(offsets[0]) : int(offsets[1])] if data is not None else b""
    return zlib.crc32(body, _sum_of(lengths))


def _sum_of(*arrays: Array) -> int:
    found = 0
    for each in arrays:
        found = zlib.crc32(each.tobytes(), found)
    return found


def _whole(frame: Frame) -> tuple[int, list[tuple[str, int, int]]]:
    """Checksum and layouts of a frame, worked out once: there may be many columns, and pages of few are asked for."""
    found = _KNOWN.get(frame)
    if found is None:
        found = _KNOWN[frame] = checksum_of(frame), _layouts(frame)
    return found


def _layouts(frame: Frame) -> list[tuple[str, int, int]]:
    """How cells lie in memory: name, number of columns and bytes of each layout."""
    columns: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for column in frame.columns:
        name = _layout(column)
        columns[name] += 1
        sizes[name] += column.nbytes
    return [(name, count, sizes[name]) for name, count in columns.items()]


def _layout(column: Column) -> str:
    if column.sparse is not None:
        return "sparse numbers"
    if column.is_text:
        return "text"
    kind = column.values.dtype
    name = _NAMES.get(kind) or _NAMES.setdefault(kind, str(kind))
    return f"levels as {name}" if column.kind == "enum" else name
