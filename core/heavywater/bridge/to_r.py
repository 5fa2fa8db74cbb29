"""R objects for Python objects; what a function here returns is unprotected, see `heavywater.bridge.r_memory`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import HeavywaterError
from . import r_memory
from .r_columns import vectors_of
from .r_memory import (
    INTEGER,
    LOGICAL,
    NA_INTEGER,
    NA_REAL,
    RAW,
    REAL,
    Address,
    ListMaker,
    Protection,
)


def to_r(value: Any) -> Address:
    """An R object for a Python object; the caller keeps it (see `heavywater.bridge.r_memory`).

    None becomes NULL, dicts become named lists, lists of one type become vectors (None in them NA), tables data
    frames of the class ``H2OTable``, Arrow tables lists of vectors, factors and POSIXct.
    """
    if value is None:
        return r_memory.constant("R_NilValue")
    if type(value).__module__.startswith("pyarrow"):
        return vectors_of(value)
    if isinstance(value, Mapping):
        if "columns" in value and "rows" in value and "types" in value:
            return _table(value)
        with Protection() as keep:
            result = keep(_elements(list(value.values())))
            return r_memory.set_attribute(result, "names", r_memory.from_texts([str(name) for name in value]))
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple | set):
        return _list(list(value))
    if isinstance(value, bytes | bytearray):
        return r_memory.from_numbers(RAW, np.frombuffer(value, np.uint8))
    return _list([value])


def _elements(values: list[Any]) -> Address:
    """A list, each element by itself."""
    with Protection() as keep:
        made = ListMaker(len(values), keep)
        for i, value in enumerate(values):
            made[i] = to_r(value)
        return made.made


def _list(values: list[Any]) -> Address:
    """Vector of the narrowest type that holds all values, or a list."""
    kinds = {type(each) for each in values if each is not None}
    if not kinds:
        return _elements(values)
    if all(issubclass(kind, bool | np.bool_) for kind in kinds):
        return r_memory.from_numbers(LOGICAL, [NA_INTEGER if each is None else int(each) for each in values])
    if all(issubclass(kind, int | np.integer) for kind in kinds):
        largest = max(abs(int(each)) for each in values if each is not None)
        if largest < 2**31:
            return _whole_numbers(values)
        if largest > 2**53:  # a seed: as text it keeps all its digits
            return r_memory.from_texts([None if each is None else str(each) for each in values])
    if all(issubclass(kind, int | float | np.number) for kind in kinds):
        return _real_numbers(values)
    if kinds == {str}:
        return r_memory.from_texts(values)
    unknown = [kind.__name__ for kind in kinds if not issubclass(kind, _KNOWN)]
    if unknown:
        raise HeavywaterError(f"a value of the type {unknown[0]} cannot be shown in R")
    return _elements(values)


_KNOWN = (bool, int, float, str, bytes, np.generic, np.ndarray, list, tuple, set, Mapping)


def _whole_numbers(values: list[Any]) -> Address:
    return r_memory.from_numbers(INTEGER, [NA_INTEGER if each is None else int(each) for each in values])


def _real_numbers(values: list[Any]) -> Address:
    return r_memory.from_numbers(REAL, [NA_REAL if each is None else float(each) for each in values])


def _table(table: Mapping[str, Any]) -> Address:
    columns = list(zip(*table["rows"], strict=True)) or [()] * len(table["columns"])
    with Protection() as keep:
        result = ListMaker(len(columns), keep)
        for i, (kind, cells) in enumerate(zip(table["types"], columns, strict=True)):
            result[i] = _table_column(kind, list(cells))
        for name, texts in {
            "names": [str(name) for name in table["columns"]],
            "header": [str(table.get("name", ""))],
            "description": [str(table.get("description") or "")],
        }.items():
            r_memory.set_attribute(result.made, name, r_memory.from_texts(texts))
        rows = r_memory.from_numbers(INTEGER, list(range(1, len(table["rows"]) + 1)))
        r_memory.set_attribute(result.made, "row.names", rows)
        return r_memory.with_class(result.made, "H2OTable", "data.frame")


def _table_column(kind: str, cells: list[Any]) -> Address:
    """Column of a table by its declared type: cells that are all missing would not show it."""
    if kind == "string":
        return r_memory.from_texts([None if each is None else str(each) for each in cells])
    whole = [each for each in cells if each is not None and each == each]
    if kind in ("int", "long") and all(float(each).is_integer() and abs(each) < 2**31 for each in whole):
        return _whole_numbers([None if each is None or each != each else each for each in cells])
    return _real_numbers(cells)
