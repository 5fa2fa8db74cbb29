"""Columns as the types of Arrow and pandas that they were before they became columns: see `heavywater.frame.columns.origin`.

Only what says nothing else than the column itself is noted: a type whose values the column does not hold (numbers beyond 64 bits,
decimals of more digits than float64 has) is none that it could become again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ..columns.arrow_buffers import arrow_numbers, arrow_texts
from ..columns.column import Column
from ..columns.makers import level_text
from ..columns.origin import ARROW_TYPES, PANDAS_TYPES, Origin

_EXACT = 2**53  # up to here float64 holds every whole number
_PER_MILLISECOND = {"s": 1e-3, "ms": 1, "us": 1000, "ns": 1_000_000}
_FLOATS = ("halffloat", "float", "double")


def with_origin(
    column: Column, arrow_type: Any, pandas: str = "", marks: Mapping[Any, Any] | None = None
) -> Column:
    """The column, which notes that it was of a type of Arrow.

    Parameters
    ----------
    column : Column
        As it was made of the cells.
    arrow_type : pyarrow.DataType
    pandas : str
        Name of the type in pandas, where it came from there.
    marks : mapping, optional
        Metadata of the field.
    """
    name, families = str(arrow_type), _families(column)
    if not any(ARROW_TYPES[family].fullmatch(name) for family in families) or not PANDAS_TYPES.fullmatch(
        pandas
    ):
        return column
    if "int" in name and "number" in families and column.kind == "real":  # beyond 2**63
        return column
    if name.startswith("decimal") and not _holds_decimals(column, arrow_type.scale):
        return column
    return column.with_origin(Origin(name, pandas, marks=_marks(marks)))


def with_categories(
    column: Column,
    categories: Sequence[Any],
    ordered: bool,
    pandas: str = "",
    marks: Mapping[Any, Any] | None = None,
    arrow: str = "",
) -> Column:
    """The enum, which notes that its levels were categories, in which order, and of which type.

    Parameters
    ----------
    column : Column
        Enum whose levels are the texts of the categories, in an order of its own.
    categories : sequence
        Values in the order that they had; as texts where they are neither numbers nor flags.
    ordered : bool
        Whether the order has a meaning.
    pandas, marks
        As in `with_origin`.
    arrow : str, optional
        Name of the type of the categories in Arrow; by default the one that fits them.
    """
    levels = column.levels or ()
    place = {level: i for i, level in enumerate(levels)}
    texts = [level_text(value) for value in categories]
    if len(texts) != len(levels) or len(set(texts)) < len(texts):
        return column
    name = (
        arrow
        if ARROW_TYPES["category"].fullmatch(arrow)
        else ""
        if arrow
        else _type_of_categories(categories)
    )
    order = tuple(place[text] for text in texts)
    return column.with_origin(Origin(name or "large_string", pandas, order, ordered, _marks(marks)))


def _type_of_categories(categories: Sequence[Any]) -> str:
    kinds = {type(value) for value in categories}
    if kinds == {int} and not all(-(2**63) <= value < 2**63 for value in categories):
        return ""
    return {int: "int64", float: "double", bool: "bool"}.get(kinds.pop(), "") if len(kinds) == 1 else ""


def _families(column: Column) -> tuple[str, ...]:
    if column.is_numeric:
        return ("number", "time", "text", "flag") if column.kind == "bad" else ("number",)
    return {"time": ("time",), "enum": ("flag", "text")}.get(column.kind, ("text",))


def _holds_decimals(column: Column, scale: int) -> bool:
    numbers = column.numbers()
    return not len(numbers) or bool(np.nanmax(np.abs(numbers), initial=0) * 10.0**scale < _EXACT)


def _marks(marks: Mapping[Any, Any] | None) -> tuple[tuple[str, str], ...]:
    found = {bytes(name): bytes(mark) for name, mark in (marks or {}).items()}
    return tuple((name.decode(), mark.decode()) for name, mark in found.items() if name.startswith(b"_PL_"))


# ---- the way back


def arrow_type(name: str) -> Any:
    """The type of Arrow that has this name, one of `ARROW_TYPES`."""
    import pyarrow as pa

    numbers = re.fullmatch(r"(decimal\d*)\((\d+), (\d+)\)", name)
    if numbers:
        return getattr(pa, numbers[1])(int(numbers[2]), int(numbers[3]))
    zoned = re.fullmatch(r"timestamp\[(\w+), tz=(.+)\]", name)
    return pa.timestamp(zoned[1], zoned[2]) if zoned else pa.type_for_alias(name)


def arrow_as_it_was(column: Column, natural: Any) -> Any:
    """The column as the Arrow array that it came from.

    Parameters
    ----------
    column : Column
    natural : pyarrow.Array
        As it is without regard to where it came from: what it is where it does not fit what it was.
    """
    import pyarrow as pa

    origin = column.origin
    if origin is None:
        return natural
    try:
        if origin.order is not None:
            return _categories(column, origin)
        kind = arrow_type(origin.arrow)
        if column.missing_count == len(column):
            return pa.nulls(len(column), kind)
        if column.kind == "enum":
            return _flags(column) if origin.arrow == "bool" else natural.dictionary_decode().cast(kind)
        if column.kind == "time":
            return _moments(column, kind)
        return natural.cast(kind) if column.is_text else _numbers(column, kind, natural)
    except (pa.ArrowException, OverflowError):  # texts of more than 2 GB, for one thing
        return natural


def category_values(column: Column) -> list[Any]:
    """The categories that the levels of a column were, in their order."""
    origin, levels = column.origin, column.levels or ()
    assert origin is not None and origin.order is not None
    texts = [levels[i] for i in origin.order]
    if origin.arrow == "bool":
        return [text == "True" for text in texts]
    if origin.arrow in _FLOATS:
        return [float(text) for text in texts]
    return [int(text) for text in texts] if "int" in origin.arrow else texts


def category_codes(column: Column) -> Array:
    """The cells as positions among `category_values`, -1 where missing."""
    assert column.origin is not None and column.origin.order is not None
    order = np.array(column.origin.order, np.int64)
    place = np.full(len(order) + 1, -1, np.int32)
    place[order] = np.arange(len(order))
    return place[column.values]


def _categories(column: Column, origin: Origin) -> Any:
    import pyarrow as pa

    codes, values = category_codes(column), category_values(column)
    missing = codes < 0
    indices = arrow_numbers(codes, missing if missing.any() else None)
    kind = arrow_type(origin.arrow)
    words = (
        arrow_texts(values).cast(kind)
        if ARROW_TYPES["text"].fullmatch(origin.arrow)
        else pa.array(values, kind)
    )
    return pa.DictionaryArray.from_arrays(indices, words, ordered=origin.ordered)


def _flags(column: Column) -> Any:
    import pyarrow as pa

    truths = np.array([*(level == "True" for level in column.levels or ()), False])
    missing = column.values < 0
    return pa.array(truths[column.values], mask=missing if missing.any() else None)


def _moments(column: Column, kind: Any) -> Any:

    name, values = str(kind), column.values
    missing = column.is_missing() if column.missing_count else None
    if name.startswith("date32"):
        return arrow_numbers((values // 86_400_000).astype(np.int32), missing).view(kind)
    if name.startswith("date64"):
        return arrow_numbers(values, missing).view(kind)
    moments = _in_unit(values, kind.unit)
    if name.startswith("time32"):
        return arrow_numbers(moments.astype(np.int32), missing).view(kind)
    return arrow_numbers(moments, missing).view(kind)


def _in_unit(milliseconds: Array, unit: str) -> Array:
    return milliseconds // 1000 if unit == "s" else milliseconds * int(_PER_MILLISECOND[unit])


def _numbers(column: Column, kind: Any, natural: Any) -> Any:
    import pyarrow as pa

    name = str(kind)
    missing = column.is_missing() if column.missing_count else None
    if name.startswith("duration"):
        return arrow_numbers(durations(column, kind.unit), missing).view(kind)
    if name in _FLOATS:
        dtype = {"halffloat": np.float16, "float": np.float32, "double": np.float64}[name]
        with np.errstate(over="ignore"):
            return arrow_numbers(column.numbers().astype(dtype), missing)
    if name.startswith("decimal"):
        return pa.array(column.numbers(), mask=missing).cast(kind, safe=False)
    return natural.cast(kind)


def durations(column: Column, unit: str) -> Array:
    """Milliseconds as whole numbers of a unit, 0 where missing."""
    if column.kind == "int":
        return _in_unit(column.values.astype(np.int64), unit)
    with np.errstate(invalid="ignore"):
        return np.rint(np.nan_to_num(column.numbers()) * _PER_MILLISECOND[unit]).astype(np.int64)
