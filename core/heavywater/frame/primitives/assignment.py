"""Assignment of cells, and what fits into a column."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.makers import constant, enum, factor, numeric, reals, strings, times
from ..columns.moment import Moment
from ..columns.storage import TEXT
from ..frame import Frame
from .arguments import column_positions, is_missing_value, read_scalar, row_selection
from .comparable import can_be_equal, refusal
from .registry import primitive


@primitive(":=")
def assign_cells(frame: Frame, value: Any, columns: Any, rows: Any) -> Frame:
    """New frame with some cells replaced; columns not named are shared.

    Parameters
    ----------
    frame : Frame
    value : float, str, Moment, None or Frame
        A frame must have one column or as many as are replaced, and one row or as many as are replaced.
        None is missing.
    columns : int, str, or list of these
        Names or numbers; an empty list means all.
    rows : int, list of int, or Frame
        As in ``rows``; an empty list means all.

    Returns
    -------
    Frame
    """
    if not isinstance(value, Frame):
        value = read_scalar(value, ":=: value")
    positions = column_positions(frame, columns, from_end=True) if columns != [] else list(range(frame.ncol))
    chosen = None if isinstance(rows, list) and not rows else row_selection(frame, rows)
    nrow = frame.nrow if chosen is None else len(np.arange(frame.nrow)[chosen])
    if isinstance(value, Frame) and value.ncol not in (1, len(positions)):
        raise InvalidArgument(f"assignment: {value.ncol} columns given for {len(positions)} columns")
    result = list(frame.columns)
    for i, position in enumerate(positions):
        source = value.columns[i % value.ncol] if isinstance(value, Frame) else value
        if isinstance(source, Column):
            source = fit_height(source, nrow, frame.nrow, chosen)
        if chosen is None and is_missing_value(source):
            result[position] = all_missing(frame.columns[position], nrow)
        elif chosen is None and isinstance(source, str) and frame.columns[position].kind == "enum":
            result[position] = constant(source, nrow)
        elif chosen is None:
            result[position] = source if isinstance(source, Column) else repeated(source, nrow)
        elif nrow:
            result[position] = _replace(frame.columns[position], source, chosen, frame.names[position])
    return Frame(frame.names, result, nrow=frame.nrow)


def repeated(value: Any, nrow: int) -> Column:
    """A column that repeats a number, a text, a moment, or None for missing."""
    if isinstance(value, str):
        return strings(np.full(nrow, value, TEXT), missing=np.zeros(nrow, bool))
    return constant(value, nrow)


def fit_height(source: Column, nrow: int, height: int, chosen: Any) -> Column:
    """A column brought to the number of rows that are replaced: as it is, its only cell, or the chosen rows."""
    if len(source) == nrow:
        return source
    if len(source) == 1:
        return source.take(np.zeros(nrow, np.int64))
    if len(source) == height:
        return source.take(chosen)
    raise InvalidArgument(f"assignment: {len(source)} rows given for {nrow} rows")


def _replace(column: Column, value: Any, chosen: Any, name: str) -> Column:
    """Copy of a column with the chosen cells replaced by a scalar or by the cells of a column."""
    if is_missing_value(value):
        return blank(column, chosen)
    if not isinstance(value, Column):
        value = _scalar_column(column, value, len(np.arange(len(column))[chosen]), name)
    if column.kind == "bad" and not value.is_numeric:
        column = all_missing(value, len(column))
    if column.is_numeric and (value.is_numeric or value.kind == "time"):
        numbers = column.numbers()
        numbers[chosen] = value.numbers()
        return numeric(numbers)
    if column.kind == "enum" and value.kind in ("enum", "string"):
        return _replace_levels(column, factor(value), chosen)
    if value.kind == column.kind or (column.is_text and value.kind == "enum"):
        values, missing = column.values.copy(), column.is_missing().copy()
        values[chosen] = (
            value.values
            if value.kind != "enum"
            else np.where(value.is_missing(), "", value.texts()).astype(TEXT)
        )
        missing[chosen] = value.is_missing()
        return Column(column.kind, values, missing)
    raise refusal("assignment", (column, name), (value, None))


def _scalar_column(column: Column, value: Any, nrow: int, name: str) -> Column:
    if isinstance(value, Moment) or (isinstance(value, str) and column.kind == "time"):
        if not can_be_equal(column, value):
            raise refusal("assignment", (column, name), (value, None))
        return constant(value, nrow)
    if isinstance(value, str):
        if column.is_numeric and column.kind != "bad":
            raise InvalidType(
                f"assignment: column {name!r} is of type {column.kind} and cannot hold the text {value!r}; "
                "convert it with asfactor() or ascharacter() first"
            )
        if column.is_text:
            return strings(np.full(nrow, value, TEXT), column.kind, np.zeros(nrow, bool))
        return constant(value, nrow)
    if column.kind == "time":
        if not abs(value) < 2**62:
            raise InvalidArgument(f"assignment: {value!r} is no time in milliseconds (column {name!r})")
        return times(np.full(nrow, int(value)))
    if column.kind == "enum":
        return _level_number(column, value, nrow, name)
    return numeric(np.full(nrow, value))


def _level_number(column: Column, value: Any, nrow: int, name: str) -> Column:
    levels = column.levels or ()
    if not (float(value).is_integer() and 0 <= value < len(levels)):
        raise InvalidArgument(
            f"assignment: {value!r} is no level number of column {name!r}, which has {len(levels)} levels"
        )
    return enum(np.full(nrow, int(value)), levels)


def all_missing(like: Column, nrow: int) -> Column:
    """A column of the same kind in which every cell is missing."""
    if like.kind == "enum":
        return enum(np.full(nrow, -1), like.levels or ())
    if like.is_numeric:
        return numeric(np.full(nrow, np.nan))
    return Column(like.kind, np.zeros(nrow, like.values.dtype), np.ones(nrow, bool))


def blank(column: Column, chosen: Any) -> Column:
    """The column with some cells made missing."""
    if column.kind == "enum":
        codes = column.values.copy()
        codes[chosen] = -1
        return enum(codes, column.levels or ())
    if column.kind in ("real", "bad"):
        values = column.values.copy()
        values[chosen] = np.nan
        return reals(values) if column.kind == "real" else column
    missing = column.is_missing().copy()
    missing[chosen] = True
    values = column.values.copy()
    values[chosen] = values.dtype.type(0) if column.values.dtype != TEXT else ""
    return numeric(values, missing) if column.kind == "int" else Column(column.kind, values, missing)


def _replace_levels(column: Column, value: Column, chosen: Any) -> Column:
    """Replace codes; levels that the column did not have are appended at the end."""
    levels = list(column.levels or ())
    number = {level: i for i, level in enumerate(levels)}
    for level in value.levels or ():
        if level not in number:
            number[level] = len(levels)
            levels.append(level)
    remap = np.array([*(number[level] for level in value.levels or ()), -1], np.int32)
    codes = column.values.astype(np.int32)
    codes[chosen] = remap[value.values]
    return enum(codes, levels)
