"""Python objects for R objects."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import HeavywaterError
from ..session import Lambda, Moment, Ref, Span
from . import r_memory
from .r_columns import table_from_r
from .r_memory import INTEGER, LIST, LOGICAL, NA_INTEGER, NA_REAL_BITS, NULL, RAW, REAL, TEXT, Address


def from_r(value: Address) -> Any:
    """A Python object for an R object.

    NULL and NA become None, vectors of one element scalars, longer ones lists, named lists dicts. A list of
    the class ``h2o_table`` becomes an Arrow table, ``h2o_key`` a `Ref`, ``h2o_span`` a `Span`, ``h2o_moment`` a `Moment`,
    ``h2o_tuple`` a tuple (an expression), ``h2o_lambda`` a `Lambda`,
    ``h2o_numbered`` a dict with whole numbers for keys, ``h2o_list`` a list even when it has one element or none.
    """
    kind = r_memory.kind_of(value)
    if kind == NULL:
        return None
    marked = _class_of(value)
    if marked == "h2o_table":
        return table_from_r(value)
    if marked == "h2o_span":
        return Span(*(int(each) for each in _cells(value)))
    if kind == RAW:
        return r_memory.numbers(value).tobytes()
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
    names = r_memory.names(value) if kind == LIST and marked != "h2o_list" else None
    if names is not None:
        return dict(zip(map(int, names) if marked == "h2o_numbered" else names, cells, strict=True))
    single = len(cells) == 1 and marked != "h2o_list" and kind != LIST
    return cells[0] if single else cells


def _class_of(value: Address) -> str | None:
    found = r_memory.attribute(value, "class")
    return r_memory.texts(found)[0] if r_memory.kind_of(found) == TEXT else None


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
