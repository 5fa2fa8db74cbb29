"""Changing and asking the type of columns."""

from __future__ import annotations

from ..columns.conversions import as_levels, as_numbers, as_texts
from ..frame import Frame
from .arguments import map_columns
from .registry import primitive


@primitive("as.factor")
def as_factor(frame: Frame) -> Frame:
    """Columns as enum: texts with levels in byte order, numbers with levels in the order of value.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    Frame
    """
    pairs = zip(frame.names, frame.columns, strict=True)
    columns = [as_levels(column, f"as.factor: column {name!r}") for name, column in pairs]
    return Frame(frame.names, columns, nrow=frame.nrow)


@primitive("as.numeric")
def as_numeric(frame: Frame) -> Frame:
    """Columns as numbers: levels that are numbers give these, other enums give the level numbers.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    Frame
    """
    return map_columns(frame, as_numbers)


@primitive("as.character")
def as_character(frame: Frame) -> Frame:
    """Columns as texts.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    Frame
    """
    return map_columns(frame, as_texts)


@primitive("is.factor")
def is_factor(frame: Frame) -> list[float]:
    """For each column 1 when it is an enum.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    list of float
    """
    return [float(column.kind == "enum") for column in frame.columns]


@primitive("is.numeric")
def is_numeric(frame: Frame) -> list[float]:
    """For each column 1 when it holds numbers.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    list of float
    """
    return [float(column.is_numeric) for column in frame.columns]


@primitive("is.character")
def is_character(frame: Frame) -> list[float]:
    """For each column 1 when it holds strings.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    list of float
    """
    return [float(column.kind == "string") for column in frame.columns]


@primitive("any.factor")
def any_factor(frame: Frame) -> float:
    """1 when a column is an enum.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    float
    """
    return float(any(column.kind == "enum" for column in frame.columns))
