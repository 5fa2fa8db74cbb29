"""Python objects for R objects.

Numbers cross as arrays that are copied once; texts as one block of zero-terminated UTF-8.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import HeavywaterError, warn
from ..frame.columns.column import Column
from ..frame.columns.makers import from_codes, numeric, sorted_enum, strings, times
from ..frame.columns.moment import Moment
from ..frame.importing.encodings import decoded
from ..frame.language.expressions import Lambda, Ref, Span
from . import r_memory
from .r_memory import INTEGER, LIST, LOGICAL, NA_INTEGER, NA_REAL_BITS, NULL, RAW, REAL, TEXT, Address


def from_r(value: Address) -> Any:
    """A Python object for an R object.

    NULL and NA become None, vectors of one element scalars, longer ones lists, named lists dicts. A list of
    the class ``h2o_column`` becomes a `Column`, ``h2o_key`` a `Ref`, ``h2o_span`` a `Span`, ``h2o_moment`` a `Moment`,
    ``h2o_tuple`` a tuple (an expression), ``h2o_lambda`` a `Lambda`,
    ``h2o_numbered`` a dict with whole numbers for keys, ``h2o_list`` a list even when it has one element or none.
    """
    kind = r_memory.kind_of(value)
    if kind == NULL:
        return None
    marked = _class_of(value)
    if marked == "h2o_column":
        return _column(dict(zip(_names(value) or (), r_memory.elements(value), strict=True)))
    if marked == "h2o_span":
        return Span(*(int(each) for each in _cells(value)))
    if kind == RAW:
        return _bytes(value)
    cells = _cells(value)
    if marked == "h2o_key":
        return Ref(cells[0])
    if marked == "h2o_moment":
        return None if cells[0] is None or cells[0] != cells[0] else Moment(round(cells[0]))
    if marked == "h2o_tuple":
        return tuple(cells)
    if marked == "h2o_lambda":
        parameters, body = cells
        return Lambda(tuple(parameters), body)
    names = _names(value) if kind == LIST and marked != "h2o_list" else None
    if names is not None:
        return dict(zip(map(int, names) if marked == "h2o_numbered" else names, cells, strict=True))
    single = len(cells) == 1 and marked != "h2o_list" and kind != LIST
    return cells[0] if single else cells


def _class_of(value: Address) -> str | None:
    found = r_memory.attribute(value, "class")
    return r_memory.texts(found)[0] if r_memory.kind_of(found) == TEXT else None


def _names(value: Address) -> list[str] | None:
    found = r_memory.attribute(value, "names")
    return [each or "" for each in r_memory.texts(found)] if r_memory.kind_of(found) == TEXT else None


def _cells(value: Address) -> list[Any]:
    kind = r_memory.kind_of(value)
    if kind == LIST:
        return [from_r(each) for each in r_memory.elements(value)]
    if kind == TEXT:
        return r_memory.texts(value)
    if kind not in (REAL, INTEGER, LOGICAL):
        raise HeavywaterError(
            "a value given is neither a vector nor a list: give numbers, texts, TRUE or FALSE, or a list of them"
        )
    numbers = r_memory.numbers(value)
    unknown = numbers.view(np.int64) == NA_REAL_BITS if kind == REAL else numbers == NA_INTEGER
    cells: list[Any] = (numbers != 0 if kind == LOGICAL else numbers).tolist()
    return [None if gone else cell for cell, gone in zip(cells, unknown.tolist(), strict=True)]


def _column(parts: dict[str, Address]) -> Column:
    """Column from R vectors; nothing of R's memory stays in it."""
    kind, values = r_memory.texts(parts["kind"])[0], parts["values"]
    if kind == "string":
        cells = np.array(_texts(_bytes(values)), dtype=object)
        cells[r_memory.numbers(parts["missing"]) - 1] = None
        return strings(cells)
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
    levels = _texts(_bytes(parts["levels"]))
    return sorted_enum(codes, levels) if kind == "logical" else from_codes(codes, levels)


def _bytes(vector: Address) -> bytes:
    return r_memory.numbers(vector).tobytes()


def _texts(block: bytes) -> list[str]:
    text, stray, _ = decoded(block)
    if stray:
        warn(
            f"as.h2o: {stray} bytes of texts are not UTF-8 and became text like <0xE4>; say by Encoding(x) <- or iconv() in R "
            "which letters they are"
        )
    return text.split("\0")[:-1]
