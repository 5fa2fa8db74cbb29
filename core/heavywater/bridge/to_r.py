"""R objects for Python objects; what a function here returns is unprotected, see `heavywater.bridge.r_memory`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import HeavywaterError
from ..frame.columns.column import Column
from ..frame.language.expressions import Ref
from . import r_memory
from .r_memory import (
    INTEGER,
    LOGICAL,
    NA_INTEGER,
    NA_REAL,
    NA_REAL_BITS,
    RAW,
    REAL,
    Address,
    ListMaker,
    Protection,
)
from .r_package import package_function


def to_r(value: Any) -> Address:
    """An R object for a Python object; the caller keeps it (see `heavywater.bridge.r_memory`).

    None becomes NULL, dicts become named lists, lists of one type become vectors (None in them NA), tables data
    frames of the class ``H2OTable``, columns vectors, factors or POSIXct, references lists of the class
    ``h2o_key``.
    """
    if value is None:
        return r_memory.constant("R_NilValue")
    if isinstance(value, Column):
        return _vector(value)
    if isinstance(value, Ref):
        with Protection() as keep:
            return _with_class(keep(r_memory.from_texts([value.key])), "h2o_key")
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


_KNOWN = (bool, int, float, str, bytes, np.generic, np.ndarray, list, tuple, set, Mapping, Column, Ref)


def _whole_numbers(values: list[Any]) -> Address:
    return r_memory.from_numbers(INTEGER, [NA_INTEGER if each is None else int(each) for each in values])


def _real_numbers(values: list[Any]) -> Address:
    return r_memory.from_numbers(REAL, [NA_REAL if each is None else float(each) for each in values])


def _with_class(vector: Address, *names: str) -> Address:
    return r_memory.set_attribute(vector, "class", r_memory.from_texts(list(names)))


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
        return _with_class(result.made, "H2OTable", "data.frame")


def _table_column(kind: str, cells: list[Any]) -> Address:
    """Column of a table by its declared type: cells that are all missing would not show it."""
    if kind == "string":
        return r_memory.from_texts([None if each is None else str(each) for each in cells])
    whole = [each for each in cells if each is not None and each == each]
    if kind in ("int", "long") and all(float(each).is_integer() and abs(each) < 2**31 for each in whole):
        return _whole_numbers([None if each is None or each != each else each for each in cells])
    return _real_numbers(cells)


def _vector(column: Column) -> Address:
    """R vector of a column, written cell by cell only where it is text."""
    if column.is_text:
        return _characters(column.texts().tolist())
    absent = column.is_missing()
    with Protection() as keep:
        if column.kind == "enum":
            vector = keep(_integers(column.values, absent, 1))
            r_memory.set_attribute(vector, "levels", _characters(list(column.levels or ())))
            return _with_class(vector, "factor")
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
            _with_class(vector, "POSIXct", "POSIXt")
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


def _characters(texts: list[str | None]) -> Address:
    """Character vector: R makes it from one block, which is much faster than text by text."""
    missing = [i for i, text in enumerate(texts, start=1) if text is None]
    block = "\0".join("" if text is None else text for text in texts) + "\0" if texts else ""
    if block.count("\0") != len(texts):
        raise HeavywaterError("a text with a zero character cannot be shown in R; remove the character first")
    with Protection() as keep:
        raw = keep(r_memory.from_numbers(RAW, np.frombuffer(block.encode("utf-8", "replace"), np.uint8)))
        return r_memory.call(
            keep(package_function("texts_from_block")),
            raw,
            keep(r_memory.from_numbers(INTEGER, [len(texts)])),
            keep(r_memory.from_numbers(INTEGER, missing)),
        )
