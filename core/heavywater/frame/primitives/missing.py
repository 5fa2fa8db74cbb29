"""Missing cells: asking, leaving out, filling, making."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.column_statistics import ColumnStatistics
from ..columns.keys import Groups, grouped
from ..columns.makers import enum, numeric, stack, times
from ..columns.moment import Moment
from ..frame import Frame
from .arguments import Items, column_positions, is_missing_value, one_of
from .assignment import blank
from .comparable import refusal
from .grouping import aggregate
from .quantiles import quantiles
from .registry import primitive
from .sampling import generator


@primitive("is.na", elementwise=True)
def is_na(frame: Any) -> Any:
    """1 where a cell is missing, else 0.

    Parameters
    ----------
    frame : Frame or float

    Returns
    -------
    Frame or float
        The columns are called ``isNA(name)``.
    """
    if not isinstance(frame, Frame):
        return float(is_missing_value(frame))
    columns = [numeric(column.is_missing()) for column in frame.columns]
    return Frame([f"isNA({name})" for name in frame.names], columns, nrow=frame.nrow)


@primitive("na.omit")
def na_omit(frame: Frame) -> Frame:
    """The rows in which nothing is missing.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    Frame
    """
    keep = np.ones(frame.nrow, bool)
    for column in frame.columns:
        if column.missing_count:
            keep &= ~column.is_missing()
    if keep.all():
        return Frame(frame.names, frame.columns, nrow=frame.nrow)
    return frame.take(np.flatnonzero(keep))


@primitive("naCnt")
def na_count(frame: Frame) -> list[float]:
    """Number of missing cells of each column.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    list of float
    """
    return [float(column.missing_count) for column in frame.columns]


class Imputed(NamedTuple):
    """What `impute` gives: the filled frame, and what was filled in."""

    frame: Frame
    values: Any


@primitive("h2o.impute")
def impute(
    frame: Frame,
    column: int,
    method: str,
    combine_method: str,
    by: Items,
    groups: Any = "_",
    values: Any = "_",
) -> Imputed:
    """Fill missing cells with the column's mean, median or most frequent level, or with given values.

    Parameters
    ----------
    frame : Frame
    column : int
        Number of the column; -1 all but texts.
    method : str
        mean, median or mode. Enums get their most frequent level whatever the method; with mode a single column
        of numbers gets its most frequent number, and with `column` -1 or `by` numbers get their mean.
    combine_method : str
        How a median between two numbers is made: interpolate, average, low or high.
    by : list of int or str
        Columns; the cells of each group of rows are filled with the value of the group. Needs one column.
    groups : Frame or "_"
        With `by`: the values of the groups, as ``GB`` gives them: group columns, then the values.
    values : list of float, str or Moment, or "_"
        A value for each column of the frame instead of computed ones; NaN fills nothing.

    Returns
    -------
    (Frame, list of float or Frame)
        The filled frame, and the value for each column (levels by number, NaN where none), or with `by` a
        frame of groups and values.
    """
    one_of(method, ("mean", "median", "mode"), "impute: method")
    one_of(combine_method, ("interpolate", "average", "low", "high"), "impute: combine_method")
    positions = range(frame.ncol) if column == -1 else column_positions(frame, column, from_end=True)
    if by or isinstance(groups, Frame):
        if column == -1:
            raise InvalidArgument("impute: a column is needed together with by or group_by_frame")
        return _impute_groups(frame, next(iter(positions)), method, by, groups)
    given = values if isinstance(values, list) else None
    if given is not None and len(given) != frame.ncol:
        raise InvalidArgument(f"impute: values has {len(given)} entries for {frame.ncol} columns")
    result, used = list(frame.columns), [float("nan")] * frame.ncol
    chosen = "mean" if method == "mode" and column == -1 else method
    for i in positions:
        source = frame.columns[i]
        value = given[i] if given is not None else _fill_value(source, chosen, combine_method)
        if is_missing_value(value):
            continue
        result[i], used[i] = _fill(source, value, frame.names[i])
    return Imputed(Frame(frame.names, result, nrow=frame.nrow), used)


def _fill_value(column: Column, method: str, combine: str) -> Any:
    if column.missing_count == len(column) or column.is_text:
        return None
    if column.kind == "enum":
        levels = ColumnStatistics.of(column).levels
        return None if levels is None else int(np.argmax(levels.counts))
    if method == "mean":
        return ColumnStatistics.of(column).figures().sums.mean()
    numbers = column.numbers()
    present = numbers[~np.isnan(numbers)]
    if method == "median":
        return float(quantiles(present, [0.5], combine)[0])
    numbers, counts = np.unique(present, return_counts=True)
    return float(numbers[counts.argmax()])


def _fill(column: Column, value: Any, name: str) -> tuple[Column, float]:
    absent = column.is_missing()
    if column.kind == "enum":
        levels = column.levels or ()
        if isinstance(value, Moment):
            raise refusal("impute", (column, name), (value, None))
        if value not in levels and not (isinstance(value, (int, float)) and 0 <= value < len(levels)):
            raise InvalidArgument(f"impute: {value!r} is no level of column {name!r}")
        code = levels.index(value) if isinstance(value, str) else int(value)
        return enum(np.where(absent, code, column.values), levels), float(code)
    if isinstance(value, Moment) and column.kind == "time":
        return times(np.where(absent, value.milliseconds, column.values)), float(value.milliseconds)
    if column.is_text or isinstance(value, (str, Moment)):
        raise refusal("impute", (column, name), (value, None))
    return _filled(column, np.full(len(column), float(value)), absent), float(value)


def _filled(column: Column, values: Array, absent: Array) -> Column:
    if column.kind == "time":
        return Column("time", np.where(absent, np.rint(values), column.values).astype(np.int64))
    return numeric(np.where(absent, values, column.numbers()))


def _impute_groups(frame: Frame, position: int, method: str, by: list[Any], given: Any) -> Imputed:
    column = frame.columns[position]
    if isinstance(given, Frame):
        keys = [frame.index(name) for name in given.names[:-1]]
        groups, table = _matched(frame, keys, given), given
    else:
        keys = column_positions(frame, by)
        groups = grouped([frame.columns[i] for i in keys])
        name = "mode" if column.kind == "enum" else "mean" if method == "mode" else method
        value = aggregate(name, frame, position, groups, "rm")
        names = [*(frame.names[i] for i in keys), f"{name}_{frame.names[position]}"]
        table = Frame(names, [*(frame.columns[i].take(groups.first) for i in keys), value])
    source = table.columns[-1]
    known = groups.codes >= 0
    absent = column.is_missing() & known
    rows = np.where(known, groups.codes, 0)
    columns = list(frame.columns)
    if column.kind == "enum":
        codes = np.nan_to_num(source.numbers(), nan=-1).astype(np.int64)[rows]
        columns[position] = enum(np.where(absent, codes, column.values), column.levels or ())
    elif column.is_text:
        raise InvalidType(
            f"impute: column {frame.names[position]!r} is of type {column.kind}; it has no {method}"
        )
    elif len(source):
        values = source.numbers()[rows]
        columns[position] = _filled(column, values, absent & ~np.isnan(values))
    return Imputed(Frame(frame.names, columns, nrow=frame.nrow), table)


def _matched(frame: Frame, keys: list[int], table: Frame) -> Groups:
    """The row of a table of groups that each row of a frame belongs to, -1 where there is none."""
    both = [stack([table.columns[i], frame.columns[key]]) for i, key in enumerate(keys)]
    groups = grouped(both)
    row_of = np.full(groups.size, -1, np.int64)
    row_of[groups.codes[: table.nrow]] = np.arange(table.nrow)
    return Groups(row_of[groups.codes[table.nrow :]], table.nrow, groups.first)


@primitive("h2o.fillna")
def fillna(frame: Frame, method: str, axis: int, maxlen: int) -> Frame:
    """Fill missing cells with the nearest one that is not missing before or after them.

    Parameters
    ----------
    frame : Frame
    method : str
        forward: from the cell before; backward: from the cell after.
    axis : int
        0 down the rows, 1 along the columns (which then must be numbers).
    maxlen : int
        How many missing cells in a row are filled at most.

    Returns
    -------
    Frame
    """
    one_of(method, ("forward", "backward"), "fillna: method")
    if axis not in (0, 1):
        raise InvalidArgument(f"fillna: axis {axis} must be 0 (down the rows) or 1 (along the columns)")
    if maxlen < 0:
        raise InvalidArgument(f"fillna: maxlen {maxlen} must be 0 or more")
    if axis == 0:
        columns = [
            c.take(_source_rows(c.is_missing(), method, maxlen)) if c.missing_count else c
            for c in frame.columns
        ]
        return Frame(frame.names, columns, nrow=frame.nrow)
    for name, column in zip(frame.names, frame.columns, strict=True):
        if not column.is_numeric:
            raise InvalidType(
                f"fillna: along the columns all must be numbers; {name!r} is of type {column.kind}"
            )
    return _fill_along(frame, method, maxlen)


def _source_rows(absent: Array, method: str, maxlen: int) -> Array:
    """For each cell where its value comes from: itself, or the nearest present one within reach."""
    rows = np.arange(len(absent))
    if method == "forward":
        nearest = np.maximum.accumulate(np.where(absent, -1, rows))
        within = (nearest >= 0) & (rows - nearest <= maxlen)
    else:
        nearest = np.minimum.accumulate(np.where(absent, len(rows), rows)[::-1])[::-1]
        within = (nearest < len(rows)) & (nearest - rows <= maxlen)
    return np.where(within, nearest, rows)


def _fill_along(frame: Frame, method: str, maxlen: int) -> Frame:
    matrix = [column.numbers() for column in frame.columns]
    order = range(frame.ncol) if method == "forward" else range(frame.ncol - 1, -1, -1)
    last = np.full(frame.nrow, np.nan)
    distance = np.zeros(frame.nrow, np.int64)
    for j in order:
        absent = np.isnan(matrix[j])
        distance = np.where(absent, distance + 1, 0)
        last = np.where(absent, last, matrix[j])
        matrix[j] = np.where(absent & (distance <= maxlen), last, matrix[j])
    columns = [
        column if not column.missing_count else numeric(numbers)
        for column, numbers in zip(frame.columns, matrix, strict=True)
    ]
    return Frame(frame.names, columns, nrow=frame.nrow)


@primitive("h2o.insertMissing")
def insert_missing(frame: Frame, fraction: float = 0.1, seed: int = -1) -> Frame:
    """Make a random part of the cells missing.

    Parameters
    ----------
    frame : Frame
    fraction : float
        Share of cells, between 0 and 1.
    seed : int
        The same seed blanks the same cells; -1 draws one.

    Returns
    -------
    Frame
    """
    if not 0 <= fraction <= 1:
        raise InvalidArgument(f"insert_missing_values: fraction {fraction} must lie between 0 and 1")
    random = generator(seed)
    columns = [blank(column, random.random(frame.nrow) < fraction) for column in frame.columns]
    return Frame(frame.names, columns, nrow=frame.nrow)
