"""Long and wide tables; repeating and numbering."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ...room import need_room
from ..columns.column import Column
from ..columns.keys import grouped
from ..columns.makers import constant, enum, numeric
from ..frame import Frame, unique_names
from .arguments import Texts, column_argument, read_scalar
from .assignment import all_missing, blank
from .registry import primitive

_WIDEST = 100_000
_LONGEST = 2_000_000_000


@primitive("pivot")
def pivot(frame: Frame, index: str, column: str, value: str) -> Frame:
    """From a long table to a wide one.

    Parameters
    ----------
    frame : Frame
    index : str
        Column whose values make the rows; none may be missing.
    column : str
        Column whose values make the columns; rows in which it is missing are left out.
    value : str
        Column with the cells. Of several rows for one cell the first counts.

    Returns
    -------
    Frame
        The index in order, then a column for each value of `column` in order; missing where there is no row.
    """
    rows, across, cells = (frame.column(name) for name in (index, column, value))
    if rows.missing_count:
        raise InvalidArgument(
            f"pivot: the index {index!r} has {rows.missing_count} missing cells; leave them out first"
        )
    if across.missing_count:
        present = np.flatnonzero(~across.is_missing())
        rows, across, cells = rows.take(present), across.take(present), cells.take(present)
    if cells.is_text or cells.kind == "time":
        raise InvalidType(
            f"pivot: the values {value!r} are of type {cells.kind}; numbers or levels are needed"
        )
    down, along = grouped([rows]), grouped([across])
    if along.size > _WIDEST:
        raise InvalidArgument(f"pivot: {column!r} has {along.size} different values, which is too wide")
    # The first row of a cell is assigned last.
    source = np.full((along.size, down.size), -1, np.int64)
    source[along.codes[::-1], down.codes[::-1]] = np.arange(len(cells) - 1, -1, -1)
    labels = unique_names(across.take(along.first).texts().tolist(), [index])
    return Frame([index, *labels], [rows.take(down.first), *(_picked(cells, row) for row in source)])


def _picked(cells: Column, rows: Any) -> Column:
    if not len(cells):
        return all_missing(cells, len(rows))
    return blank(cells.take(np.maximum(rows, 0)), rows < 0)


@primitive("melt")
def melt(
    frame: Frame,
    id_columns: Texts,
    value_columns: Texts = [],  # noqa: B006 (never changed)
    variable_name: str = "variable",
    value_name: str = "value",
    skip_missing: bool = False,
) -> Frame:
    """From a wide table to a long one: a row for each cell of some columns.

    Parameters
    ----------
    frame : Frame
    id_columns : list of str
        Columns that are repeated.
    value_columns : list of str
        Columns of numbers whose cells become rows; empty: all others.
    variable_name : str
        Name of the column with the names of these columns.
    value_name : str
        Name of the column with their cells.
    skip_missing : bool
        Whether missing cells are left out.

    Returns
    -------
    Frame
        The rows of the first row of the frame come first.
    """
    keys = [frame.index(name) for name in id_columns]
    chosen = [frame.index(name) for name in value_columns] or [i for i in range(frame.ncol) if i not in keys]
    if not chosen:
        raise InvalidArgument("melt: no column is left for the values")
    for i in chosen:
        if not frame.columns[i].is_numeric:
            raise InvalidType(
                f"melt: column {frame.names[i]!r} is of type {frame.columns[i].kind}; value columns must be numbers"
            )
    width = len(chosen)
    values = np.column_stack([frame.columns[i].numbers() for i in chosen]).ravel()
    rows, variable = np.divmod(np.arange(frame.nrow * width), width)
    if skip_missing:
        kept = ~np.isnan(values)
        rows, variable, values = rows[kept], variable[kept], values[kept]
    names = [*(frame.names[i] for i in keys)]
    names += unique_names([variable_name, value_name], names)
    columns = [frame.columns[i].take(rows) for i in keys]
    columns += [enum(variable, [frame.names[i] for i in chosen]), numeric(values)]
    return Frame(names, columns)


@primitive("which")
def which(frame: Frame) -> Frame:
    """Numbers of the rows, from 0 on, in which a column is neither 0 nor missing.

    Parameters
    ----------
    frame : Frame
        One column of numbers.

    Returns
    -------
    Frame
    """
    column = column_argument(frame, "which")
    if not column.is_numeric:
        raise InvalidType(f"which: column {frame.names[0]!r} is of type {column.kind}, not 0/1")
    numbers = column.numbers()
    return Frame(frame.names, [numeric(np.flatnonzero((numbers != 0) & ~np.isnan(numbers)))])


def _check_length(length: int, operation: str) -> None:
    if not 1 <= length <= _LONGEST:
        raise InvalidArgument(f"{operation}: length {length} must lie between 1 and {_LONGEST}")
    need_room(16 * length, f"{operation}: {length} rows", "Ask for fewer")


@primitive("rep_len")
def rep_len(value: Any, length: int) -> Frame:
    """Repeat the cells of a column, or the columns of a frame, or a value, up to a length.

    Parameters
    ----------
    value : Frame, float or str
    length : int
        Number of rows; of a frame of several columns, number of columns.

    Returns
    -------
    Frame
    """
    _check_length(length, "rep_len")
    if not isinstance(value, Frame):
        return Frame(["C1"], [constant(read_scalar(value, "rep_len: value"), length)])
    if not value.nrow or not value.ncol:
        raise InvalidArgument("rep_len: an empty frame cannot be repeated")
    if value.ncol == 1:
        return value.take(np.arange(length) % value.nrow)
    if length > _WIDEST:
        raise InvalidArgument(f"rep_len: {length} columns are too many")
    columns = [value.columns[i % value.ncol] for i in range(length)]
    return Frame([f"C{i + 1}" for i in range(length)], columns)


@primitive("seq")
def seq(start: float, end: float, step: float) -> Frame:
    """Numbers from a start in steps up to an end.

    Parameters
    ----------
    start, end : float
        The end belongs to them when a step reaches it.
    step : float
        Negative to count down.

    Returns
    -------
    Frame
        One column, ``C1``.
    """
    for name, value in (("start", start), ("end", end), ("step", step)):
        if not np.isfinite(value):
            raise InvalidArgument(f"seq: {name} {value} must be a finite number")
    if step == 0 or (end - start) * step < 0:
        raise InvalidArgument(f"seq: a step of {step} does not lead from {start} to {end}")
    span = (end - start) / step
    _check_length(int(span) + 1 if span < _LONGEST else _LONGEST + 1, "seq")
    # A little more than the quotient, or rounding would lose the end of 0, 0.1, ... 0.3.
    return Frame(["C1"], [numeric(start + step * np.arange(int(span + 1e-10) + 1))])


@primitive("seq_len")
def seq_len(length: float) -> Frame:
    """The numbers 1, 2, 3 ... up to a length.

    Parameters
    ----------
    length : float
        From 1 on; decimals are rounded.

    Returns
    -------
    Frame
        One column, ``C1``.
    """
    if not np.isfinite(length):
        raise InvalidArgument(f"seq_len: length {length} must be a finite number")
    _check_length(round(length), "seq_len")
    return Frame(["C1"], [numeric(np.arange(1, round(length) + 1))])
