"""Changing and asking the type of columns; levels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ..columns import Column, enum, factor, numeric, strings
from ..frame import Frame
from .arguments import column_argument, map_columns
from .registry import primitive


@primitive("as.factor")
def as_factor(frame: Frame) -> Frame:
    """Columns as enum: texts with levels in byte order, numbers with levels in the order of value."""
    for name, column in zip(frame.names, frame.columns, strict=True):
        if column.kind == "uuid" or column.kind == "time":
            raise InvalidType(
                f"as.factor: column {name!r} is of type {column.kind}; it cannot become a factor"
            )
    return map_columns(frame, factor)


@primitive("as.numeric")
def as_numeric(frame: Frame) -> Frame:
    """Columns as numbers: levels that are numbers give these, other enums give the level numbers."""
    return map_columns(frame, _to_numbers)


def _to_numbers(column: Column) -> Column:
    if column.is_numeric:
        return column
    if column.kind == "time":
        return numeric(column.values, column.is_missing())
    if column.kind == "enum":
        table = _numbers_of(list(column.levels or ()))
        if table is None:
            return numeric(column.numbers())
        return numeric(np.append(table, np.nan)[column.values])
    uniques, inverse = np.unique(column.values.astype(object), return_inverse=True)
    return numeric(np.array([_number_or_nan(text) for text in uniques.tolist()])[inverse])


def _numbers_of(levels: list[str]) -> Any:
    numbers = np.array([_number_or_nan(level) for level in levels])
    return None if np.isnan(numbers).any() else numbers


def _number_or_nan(text: str) -> float:
    try:
        return float(text) if "_" not in text else float("nan")
    except ValueError:
        return float("nan")


@primitive("as.character")
def as_character(frame: Frame) -> Frame:
    """Columns as texts."""
    return map_columns(frame, lambda c: c if c.kind == "string" else strings(c.texts()))


@primitive("is.factor")
def is_factor(frame: Frame) -> list[float]:
    """For each column 1 when it is an enum."""
    return [float(column.kind == "enum") for column in frame.columns]


@primitive("is.numeric")
def is_numeric(frame: Frame) -> list[float]:
    """For each column 1 when it holds numbers."""
    return [float(column.is_numeric) for column in frame.columns]


@primitive("is.character")
def is_character(frame: Frame) -> list[float]:
    """For each column 1 when it holds strings."""
    return [float(column.kind == "string") for column in frame.columns]


@primitive("any.factor")
def any_factor(frame: Frame) -> float:
    """1 when a column is an enum."""
    return float(any(column.kind == "enum" for column in frame.columns))


@primitive("levels")
def levels(frame: Frame) -> Frame:
    """Levels of each column as strings, filled up with missing to equal length."""
    height = max((len(column.levels or ()) for column in frame.columns), default=0)
    columns = [strings([*(c.levels or ()), *[None] * (height - len(c.levels or ()))]) for c in frame.columns]
    return Frame(frame.names, columns, nrow=height)


def _enum_argument(frame: Frame, operation: str) -> Column:
    column = column_argument(frame, operation)
    if column.kind != "enum":
        raise InvalidType(
            f"{operation}: column {frame.names[0]!r} is of type {column.kind}; use asfactor() first"
        )
    return column


@primitive("setDomain")
def set_domain(frame: Frame, in_place: Any, names: list[str]) -> Frame:
    """Replace the level names in order (always gives a new frame)."""
    column = _enum_argument(frame, "setDomain")
    if len(names) < len(column.levels or ()):
        raise InvalidArgument(f"set_levels: {len(names)} names for {len(column.levels or ())} levels")
    if len(set(names)) != len(names):
        raise InvalidArgument("set_levels: level names must differ")
    return Frame(frame.names, [enum(column.values, [str(name) for name in names])])


@primitive("setLevel")
def set_level(frame: Frame, level: str) -> Frame:
    """Every cell set to one existing level."""
    column = _enum_argument(frame, "setLevel")
    return Frame(frame.names, [enum(np.full(len(column), _level_code(column, level)), column.levels or ())])


@primitive("relevel")
def relevel(frame: Frame, level: str) -> Frame:
    """The given level first, the others in their order."""
    column = _enum_argument(frame, "relevel")
    first = _level_code(column, level)
    order = [first, *(i for i in range(len(column.levels or ())) if i != first)]
    return Frame(frame.names, [_reorder(column, order)])


@primitive("relevel.by.freq")
def relevel_by_freq(frame: Frame, weights: Any, top: float = -1) -> Frame:
    """Levels by falling frequency (ties in their present order); only the first `top` move, if given."""
    column = _enum_argument(frame, "relevel.by.freq")
    present = column.values[column.values >= 0]
    counts = np.bincount(present, minlength=len(column.levels or ()))
    if weights:
        raise NotImplementedError("relevel_by_frequency: weights_column comes with the grouping operations")
    order = np.argsort(-counts, kind="stable").tolist()
    if top > 0:
        order = order[: int(top)] + sorted(order[int(top) :])
    return Frame(frame.names, [_reorder(column, order)])


def _level_code(column: Column, level: str) -> int:
    choices = column.levels or ()
    if level not in choices:
        raise InvalidArgument(f"level {level!r} does not exist; levels are {', '.join(choices[:8])}")
    return choices.index(level)


def _reorder(column: Column, order: list[int]) -> Column:
    remap = np.full(len(order) + 1, -1, np.int32)
    remap[order] = np.arange(len(order))
    return enum(remap[column.values], [(column.levels or ())[i] for i in order])
