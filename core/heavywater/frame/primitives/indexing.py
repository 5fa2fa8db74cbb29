"""Selecting, assigning, appending, renaming and binding."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ..columns import (
    TEXT,
    Array,
    Column,
    constant,
    enum,
    factor,
    numeric,
    reals,
    sorted_enum,
    stack,
    strings,
    times,
)
from ..frame import Frame, unique_names
from .arguments import column_positions, frame_argument, is_missing_value, row_selection
from .registry import primitive


@primitive("cols")
def cols(frame: Frame, selector: Any) -> Frame:
    """Some columns; negative numbers leave columns out (-1 is the first)."""
    return frame.select(column_positions(frame, selector))


@primitive("cols_py")
def cols_py(frame: Frame, selector: Any) -> Frame:
    """Some columns; negative numbers count from the end."""
    return frame.select(column_positions(frame, selector, from_end=True))


@primitive("rows")
def rows(frame: Frame, selector: Any) -> Frame:
    """Some rows, by number, span, exclusion or a 0/1 column."""
    chosen = row_selection(frame, selector)
    if isinstance(chosen, np.ndarray) and chosen.dtype == bool:
        chosen = np.flatnonzero(chosen)  # gathering by index is faster than by mask for many columns
    nrow = len(range(frame.nrow)[chosen]) if isinstance(chosen, slice) else len(chosen)
    return Frame(frame.names, [c.take(chosen) for c in frame.columns], nrow=nrow)


@primitive(":=")
def assign_cells(frame: Frame, value: Any, columns: Any, rows: Any) -> Frame:
    """New frame with some cells replaced; columns not named are shared.

    Parameters
    ----------
    frame : Frame
    value : number, str, None or Frame
        A frame must have one column or as many as are replaced, and one row or as many as are replaced.
    columns, rows : selector
        An empty list of rows means all.
    """
    positions = column_positions(frame, columns, from_end=True) if columns != [] else list(range(frame.ncol))
    chosen = None if isinstance(rows, list) and not rows else row_selection(frame, rows)
    nrow = frame.nrow if chosen is None else len(np.arange(frame.nrow)[chosen])
    if isinstance(value, Frame) and value.ncol not in (1, len(positions)):
        raise InvalidArgument(f"assignment: {value.ncol} columns given for {len(positions)} columns")
    result = list(frame.columns)
    for i, position in enumerate(positions):
        source = value.columns[i % value.ncol] if isinstance(value, Frame) else value
        if isinstance(source, Column):
            source = _fit_height(source, nrow, frame.nrow, chosen)
        if chosen is None:
            result[position] = source if isinstance(source, Column) else constant(_plain(source), nrow)
        elif nrow:
            result[position] = _replace(frame.columns[position], source, chosen, frame.names[position])
    return Frame(frame.names, result, nrow=frame.nrow)


def _plain(value: Any) -> Any:
    return None if is_missing_value(value) else value


def _fit_height(source: Column, nrow: int, height: int, chosen: Any) -> Column:
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
        return _blank(column, chosen)
    if not isinstance(value, Column):
        value = _scalar_column(column, value, len(np.arange(len(column))[chosen]), name)
    if column.kind == "bad" and not value.is_numeric:
        column = _all_missing(value, len(column))
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
    raise InvalidType(f"assignment: column {name!r} is of type {column.kind}, the value of type {value.kind}")


def _scalar_column(column: Column, value: Any, nrow: int, name: str) -> Column:
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


def _all_missing(like: Column, nrow: int) -> Column:
    if like.kind == "enum":
        return enum(np.full(nrow, -1), like.levels or ())
    return Column(like.kind, np.zeros(nrow, like.values.dtype), np.ones(nrow, bool))


def _blank(column: Column, chosen: Any) -> Column:
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


@primitive("append")
def append(frame: Frame, *values_and_names: Any) -> Frame:
    """Frame with further columns: value, name, value, name, ... (a value is a number, text or column)."""
    names, columns = list(frame.names), list(frame.columns)
    for value, name in zip(values_and_names[::2], values_and_names[1::2], strict=True):
        if isinstance(value, Frame):
            if value.ncol != 1 or value.nrow not in (1, frame.nrow):
                raise InvalidArgument(
                    f"column {name!r}: a frame of {value.nrow} rows x {value.ncol} columns cannot become one "
                    f"column of {frame.nrow} rows"
                )
            column = _fit_height(value.columns[0], frame.nrow, frame.nrow, slice(None))
        else:
            column = constant(_plain(value), frame.nrow)
        if name in names:
            columns[names.index(name)] = column
        else:
            names.append(name)
            columns.append(column)
    return Frame(names, columns)


@primitive("colnames=")
def colnames(frame: Frame, columns: Any, names: Any) -> Frame:
    """Frame with some columns renamed."""
    positions = column_positions(frame, columns)
    wanted = names if isinstance(names, list) else [names]
    if len(positions) != len(wanted):
        raise InvalidArgument(f"rename: {len(wanted)} names for {len(positions)} columns")
    result = list(frame.names)
    for position, name in zip(positions, wanted, strict=True):
        result[position] = str(name)
    return Frame(result, frame.columns, nrow=frame.nrow)


@primitive("cbind")
def cbind(*frames: Any) -> Frame:
    """Frames side by side; a name that exists already gets a number appended, a number becomes a column."""
    heights = {f.nrow for f in frames if isinstance(f, Frame)}
    if len(heights) != 1:
        raise InvalidArgument(f"cbind: the frames have different numbers of rows: {sorted(heights)}")
    nrow = heights.pop()
    names: list[str] = []
    columns: list[Column] = []
    for item in frames:
        if isinstance(item, Frame):
            names += unique_names(item.names, names)
            columns += item.columns
        else:
            names += unique_names([f"C{len(columns) + 1}"], names)
            columns.append(constant(_plain(item), nrow))
    return Frame(names, columns, nrow=nrow)


@primitive("rbind")
def rbind(*frames: Any) -> Frame:
    """Frames of equal column names and types one below the other."""
    first = frame_argument(frames[0], "rbind")
    for other in frames[1:]:
        if frame_argument(other, "rbind").ncol != first.ncol:
            raise InvalidArgument(f"rbind: {other.ncol} columns below {first.ncol} columns")
        if other.names != first.names:
            differing = next((a, b) for a, b in zip(first.names, other.names, strict=True) if a != b)
            raise InvalidArgument(
                f"rbind: column {differing[1]!r} below column {differing[0]!r}; names must agree"
            )
    columns = []
    for i, name in enumerate(first.names):
        try:
            columns.append(stack([f.columns[i] for f in frames]))
        except InvalidArgument as error:
            raise InvalidArgument(f"rbind: column {name!r}: {error}") from None
    return Frame(first.names, columns, nrow=sum(f.nrow for f in frames))


_TYPE_GROUPS = {
    "numeric": ("int", "real", "bad"),
    "categorical": ("enum",),
    "string": ("string",),
    "time": ("time",),
    "uuid": ("uuid",),
    "bad": ("bad",),
}


@primitive("columnsByType")
def columns_by_type(frame: Frame, kind: str) -> list[float]:
    """Numbers of the columns of one group of types."""
    if kind not in _TYPE_GROUPS:
        raise InvalidArgument(f"columns_by_type: coltype {kind!r} must be one of {', '.join(_TYPE_GROUPS)}")
    return [float(i) for i, c in enumerate(frame.columns) if c.kind in _TYPE_GROUPS[kind]]


@primitive("filterNACols")
def filter_na_cols(frame: Frame, fraction: float) -> list[float]:
    """Numbers of the columns in which less than a fraction of the cells is missing."""
    return [float(i) for i, c in enumerate(frame.columns) if c.missing_count < fraction * max(1, frame.nrow)]


@primitive("flatten")
def flatten(frame: Frame) -> Any:
    """The only cell of a 1x1 frame, as a number or text (NaN when missing)."""
    if frame.shape != (1, 1):
        raise InvalidArgument(f"flatten: a frame of 1 row and 1 column is needed, this one has {frame.shape}")
    return cell(frame.columns[0], 0)


@primitive("getrow")
def getrow(frame: Frame) -> list[Any]:
    """The cells of a one-row frame."""
    if frame.nrow != 1:
        raise InvalidArgument(f"getrow: a frame of one row is needed, this one has {frame.nrow} rows")
    return [cell(column, 0) for column in frame.columns]


def cell(column: Column, row: int) -> Any:
    """One cell as a Python number or text; NaN when missing."""
    if column.is_missing()[row]:
        return float("nan")
    if column.kind == "enum":
        return (column.levels or ())[int(column.values[row])]
    value = column.values[row]
    return str(value) if column.is_text else value.item()


@primitive("nrow")
def nrow(frame: Frame) -> float:
    """Number of rows."""
    return float(frame.nrow)


@primitive("ncol")
def ncol(frame: Frame) -> float:
    """Number of columns."""
    return float(frame.ncol)


def drop_unused(column: Column) -> Column:
    """Enum without the levels that do not occur, in byte order."""
    codes: Array = column.values
    return sorted_enum(codes, column.levels or ())
