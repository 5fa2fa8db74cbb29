"""Selecting rows and columns; cells as plain values."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import InvalidArgument
from ..columns.column import Column
from ..frame import Frame
from .arguments import column_positions, one_of, row_selection
from .registry import primitive


@primitive("cols", elementwise=True)
def cols(frame: Frame, selector: Any) -> Frame:
    """Some columns of a frame.

    Parameters
    ----------
    frame : Frame
    selector : int, str, or list of these
        Names or numbers from 0 on; negative numbers leave columns out (-1 is the first).

    Returns
    -------
    Frame
    """
    return frame.select(column_positions(frame, selector))


@primitive("cols_py", elementwise=True)
def cols_py(frame: Frame, selector: Any) -> Frame:
    """Some columns of a frame.

    Parameters
    ----------
    frame : Frame
    selector : int, str, or list of these
        Names or numbers from 0 on; negative numbers count from the end (-1 is the last).

    Returns
    -------
    Frame
    """
    return frame.select(column_positions(frame, selector, from_end=True))


@primitive("rows")
def rows(frame: Frame, selector: Any) -> Frame:
    """Some rows of a frame.

    Parameters
    ----------
    frame : Frame
    selector : int, list of int, or Frame
        Numbers from 0 on, in any order; negative ones leave rows out (-1 is the first). A frame of one 0/1
        column and the same height picks the rows that hold 1 (missing counts as 0).

    Returns
    -------
    Frame
    """
    chosen = row_selection(frame, selector)
    if isinstance(chosen, np.ndarray) and chosen.dtype == bool:
        chosen = np.flatnonzero(chosen)  # gathering by index is faster than by mask for many columns
    nrow = len(range(frame.nrow)[chosen]) if isinstance(chosen, slice) else len(chosen)
    return Frame(frame.names, [c.take(chosen) for c in frame.columns], nrow=nrow)


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
    """Numbers of the columns of one group of types.

    Parameters
    ----------
    frame : Frame
    kind : str
        numeric, categorical, string, time, uuid or bad (all missing).

    Returns
    -------
    list of float
    """
    wanted = _TYPE_GROUPS[one_of(kind, _TYPE_GROUPS, "columns_by_type: coltype")]
    return [float(i) for i, c in enumerate(frame.columns) if c.kind in wanted]


@primitive("filterNACols")
def filter_na_cols(frame: Frame, fraction: float) -> list[float]:
    """Numbers of the columns in which less than a fraction of the cells is missing.

    Parameters
    ----------
    frame : Frame
    fraction : float

    Returns
    -------
    list of float
    """
    return [float(i) for i, c in enumerate(frame.columns) if c.missing_count < fraction * max(1, frame.nrow)]


@primitive("flatten")
def flatten(frame: Frame) -> Any:
    """The only cell of a frame of one row and one column.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    float or str
        When missing NaN, or the text NA from a column of levels or texts; milliseconds for a time.
    """
    if frame.shape != (1, 1):
        raise InvalidArgument(f"flatten: a frame of 1 row and 1 column is needed, this one has {frame.shape}")
    column = frame.columns[0]
    if column.missing_count and (column.kind == "enum" or column.is_text):
        return "NA"
    return cell(column, 0)


@primitive("getrow")
def getrow(frame: Frame) -> list[Any]:
    """The cells of a frame of one row.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    list of float or str
    """
    if frame.nrow != 1:
        raise InvalidArgument(f"getrow: a frame of one row is needed, this one has {frame.nrow} rows")
    return [cell(column, 0) for column in frame.columns]


def cell(column: Column, row: int) -> Any:
    """One cell as a number or text; NaN when missing."""
    if column.is_missing()[row]:
        return float("nan")
    if column.kind == "enum":
        return (column.levels or ())[int(column.values[row])]
    value = column.values[row]
    return str(value) if column.is_text else float(value)


@primitive("nrow")
def nrow(frame: Frame) -> float:
    """Number of rows.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    float
    """
    return float(frame.nrow)


@primitive("ncol")
def ncol(frame: Frame) -> float:
    """Number of columns.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    float
    """
    return float(frame.ncol)
