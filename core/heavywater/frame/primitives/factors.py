"""Levels of factors."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.makers import enum, numeric
from ..frame import Frame
from .arguments import Texts, column_argument, map_columns
from .registry import primitive


@primitive("levels")
def levels(frame: Frame) -> Frame:
    """Levels of each column, one below the other, filled up with missing to equal length.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    Frame
        One column for each column; all missing for columns that are no enum.
    """
    height = max((len(column.levels or ()) for column in frame.columns), default=0)
    columns = []
    for column in frame.columns:
        codes = np.arange(height)
        count = len(column.levels or ())
        columns.append(
            enum(np.where(codes < count, codes, -1), column.levels) if column.levels else _blank(height)
        )
    return Frame(frame.names, columns, nrow=height)


def _blank(height: int) -> Column:
    return numeric(np.full(height, np.nan))


@primitive("nlevels")
def nlevels(frame: Frame) -> float:
    """Number of levels of a column; 0 when it is no enum.

    Parameters
    ----------
    frame : Frame
        One column.

    Returns
    -------
    float
    """
    return float(len(column_argument(frame, "nlevels").levels or ()))


def enum_argument(frame: Frame, operation: str) -> Column:
    """The only column of a frame, which must be an enum."""
    column = column_argument(frame, operation)
    if column.kind != "enum":
        raise InvalidType(
            f"{operation}: column {frame.names[0]!r} is of type {column.kind}; use asfactor() first"
        )
    return column


@primitive("setDomain")
def set_domain(frame: Frame, in_place: bool, levels: Texts) -> Frame:
    """Give the levels other names.

    Parameters
    ----------
    frame : Frame
        One column, an enum.
    in_place : bool
        Frames do not change here: both values give a new one.
    levels : list of str
        A name for each level, in order; further ones are levels that do not occur.

    Returns
    -------
    Frame
    """
    column = enum_argument(frame, "setDomain")
    if len(levels) < len(column.levels or ()):
        raise InvalidArgument(f"set_levels: {len(levels)} names for {len(column.levels or ())} levels")
    _need_different(levels, "set_levels")
    return Frame(frame.names, [enum(column.values, levels)])


def _need_different(levels: list[str], operation: str) -> None:
    if len(set(levels)) != len(levels):
        twice = next(level for level in levels if levels.count(level) > 1)
        raise InvalidArgument(f"{operation}: level {twice!r} appears more than once; level names must differ")


@primitive("appendLevels")
def append_levels(frame: Frame, in_place: bool, levels: Texts) -> Frame:
    """Add levels that do not occur.

    Parameters
    ----------
    frame : Frame
        One column, an enum.
    in_place : bool
        Frames do not change here: both values give a new one.
    levels : list of str
        Names of the new levels.

    Returns
    -------
    Frame
    """
    column = enum_argument(frame, "appendLevels")
    every = [*(column.levels or ()), *levels]
    _need_different(every, "append_levels")
    return Frame(frame.names, [enum(column.values, every)])


@primitive("setLevel")
def set_level(frame: Frame, level: str) -> Frame:
    """Set every cell to one existing level.

    Parameters
    ----------
    frame : Frame
        One column, an enum.
    level : str

    Returns
    -------
    Frame
    """
    column = enum_argument(frame, "setLevel")
    return Frame(frame.names, [enum(np.full(len(column), _level_code(column, level)), column.levels or ())])


@primitive("relevel")
def relevel(frame: Frame, level: str) -> Frame:
    """Put a level first, the others in their order; the first level is the reference of some models.

    Parameters
    ----------
    frame : Frame
        One column, an enum.
    level : str

    Returns
    -------
    Frame
    """
    column = enum_argument(frame, "relevel")
    first = _level_code(column, level)
    order = [first, *(i for i in range(len(column.levels or ())) if i != first)]
    return Frame(frame.names, [_reorder(column, order)])


@primitive("relevel.by.freq")
def relevel_by_freq(frame: Frame, weights: Texts, top_n: int = -1) -> Frame:
    """Put levels into the order of falling frequency; equally frequent ones stay in order.

    Parameters
    ----------
    frame : Frame
        Its enums are changed.
    weights : str, or empty list
        Name of a numeric column of the frame whose sums take the place of frequencies.
    top_n : int
        How many levels move to the front, the others staying behind them in order; -1 all.

    Returns
    -------
    Frame
    """
    if len(weights) > 1:
        raise InvalidArgument(f"relevel_by_frequency: one weights column is allowed, got {weights}")
    heavy = _weights_of(frame, weights[0]) if weights else None
    columns = [_by_frequency(c, heavy, top_n) if c.kind == "enum" else c for c in frame.columns]
    if not any(column.kind == "enum" for column in frame.columns):
        raise InvalidType("relevel_by_frequency: no column is an enum; use asfactor() first")
    return Frame(frame.names, columns, nrow=frame.nrow)


def _weights_of(frame: Frame, name: str) -> Array:
    column = frame.column(name)
    if not column.is_numeric or column.missing_count:
        raise InvalidType(
            f"relevel_by_frequency: the weights {name!r} must be numbers, none missing; the column is of type "
            f"{column.kind} with {column.missing_count} missing"
        )
    return column.numbers()


def _by_frequency(column: Column, weights: Array | None, top_n: int) -> Column:
    present = column.values >= 0
    counts = np.bincount(
        column.values[present],
        weights=None if weights is None else weights[present],
        minlength=len(column.levels or ()),
    )
    order = np.argsort(-counts, kind="stable").tolist()
    if top_n > 0:
        order = order[:top_n] + sorted(order[top_n:])
    return _reorder(column, order)


def _level_code(column: Column, level: str) -> int:
    choices = column.levels or ()
    if level not in choices:
        raise InvalidArgument(f"level {level!r} does not exist; levels are {', '.join(choices[:8])}")
    return choices.index(level)


def _reorder(column: Column, order: list[int]) -> Column:
    remap = np.full(len(order) + 1, -1, np.int32)
    remap[order] = np.arange(len(order))
    return enum(remap[column.values], [(column.levels or ())[i] for i in order])


@primitive("droplevels")
def drop_levels(frame: Frame) -> Frame:
    """Leave out the levels that do not occur, in every enum; the others stay in order.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    Frame
    """

    def used(column: Column) -> Column:
        if column.kind != "enum":
            return column
        counts = np.bincount(column.values[column.values >= 0], minlength=len(column.levels or ()))
        kept = np.flatnonzero(counts)
        remap = np.full(len(counts) + 1, -1, np.int32)
        remap[kept] = np.arange(len(kept))
        return enum(remap[column.values], [(column.levels or ())[i] for i in kept.tolist()])

    return map_columns(frame, used)
