"""From many cells to one number for the frame, each column or each row; running totals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..columns import Array, Column, numeric, times
from ..frame import Frame
from .arguments import map_columns, need_numeric
from .registry import primitive, row_form

Total = Callable[..., Any]


def _cells(frame: Frame, skip_missing: bool) -> Array:
    """All cells in a row; levels and texts count as missing."""
    numbers = [
        c.numbers() if c.is_numeric or c.kind == "time" else np.full(len(c), np.nan) for c in frame.columns
    ]
    cells = np.concatenate(numbers) if numbers else np.zeros(0)
    return cells[~np.isnan(cells)] if skip_missing else cells


def _matrix(frame: Frame, name: str) -> Array:
    need_numeric(frame, name)
    return np.column_stack([c.numbers() for c in frame.columns]) if frame.ncol else np.zeros((frame.nrow, 0))


_TOTALS: tuple[tuple[tuple[str, ...], tuple[str, ...], Total, Total, float, str], ...] = (
    (("sum",), ("sumNA",), np.sum, np.nansum, 0.0, "Sum"),
    (("prod",), ("prodNA", "prod.na"), np.prod, np.nanprod, 1.0, "Product"),
    (("min",), ("minNA",), np.min, np.fmin.reduce, float("nan"), "Smallest"),
    (("max",), ("maxNA",), np.max, np.fmax.reduce, float("nan"), "Largest"),
)
_TOTAL_DOCUMENTATION = """{0} of all cells of a frame; {1}.

    Parameters
    ----------
    frame : Frame
        Levels and texts count as missing.

    Returns
    -------
    float
        {2} when there is no cell.
    """


def _register_total(names: tuple[str, ...], function: Total, skip: bool, empty: float, text: str) -> None:
    def total(frame: Frame) -> float:
        numbers = _cells(frame, skip)
        with np.errstate(all="ignore"):
            return float(function(numbers)) if len(numbers) else empty

    def rows(frame: Frame) -> Frame:
        matrix = _matrix(frame, names[0])
        with np.errstate(all="ignore"):
            values = function(matrix, axis=1) if frame.ncol else np.full(frame.nrow, empty)
        return Frame([names[0]], [numeric(values)])

    missing = "missing ones are left out" if skip else "NaN if one is missing"
    total.__doc__ = _TOTAL_DOCUMENTATION.format(text, missing, empty)
    primitive(*names)(total)
    row_form(*names)(rows)


for _plain, _skipping, _function, _skip_function, _empty, _text in _TOTALS:
    _register_total(_plain, _function, False, _empty, _text)
    _register_total(_skipping, _skip_function, True, _empty, _text)


def _is_summable(column: Column) -> bool:
    """Whether a column has a sum and a mean: numbers, times, and enums of two levels (as 0 and 1)."""
    return (
        column.is_numeric
        or column.kind == "time"
        or (column.kind == "enum" and len(column.levels or ()) == 2)
    )


def _by_axis(frame: Frame, skip_missing: bool, axis: int, name: str, function: Total) -> Frame:
    """A one-row frame of column results (axis 0), or a one-column frame of row results (axis 1)."""
    if axis:
        return Frame([name], [numeric(function(_matrix(frame, name), 1, skip_missing))])
    results = [
        function(c.numbers(), 0, skip_missing) if _is_summable(c) else np.float64(np.nan)
        for c in frame.columns
    ]
    return Frame(frame.names, [numeric(np.array([float(r)])) for r in results])


def _mean(values: Array, axis: int, skip: bool) -> Any:
    absent = np.isnan(values)
    count = (~absent).sum(axis=axis) if skip else values.shape[axis]
    with np.errstate(all="ignore"):
        return np.divide(
            np.where(absent, 0.0, values).sum(axis=axis) if skip else values.sum(axis=axis), count
        )


def _sum(values: Array, axis: int, skip: bool) -> Any:
    return np.nansum(values, axis=axis) if skip else values.sum(axis=axis)


@primitive("mean")
def mean(frame: Frame, skip_missing: bool = False, axis: int = 0) -> Frame:
    """Means of columns or rows.

    Parameters
    ----------
    frame : Frame
        By columns, an enum of two levels counts as 0 and 1; other enums and texts give NaN.
    skip_missing : bool
        Whether missing cells are left out; if not, they make the result missing.
    axis : int
        0 for columns, 1 for rows.

    Returns
    -------
    Frame
        One row, or one column.
    """
    result = _by_axis(frame, skip_missing, axis, "mean", _mean)
    if axis:
        return result
    # The mean of times is a time.
    columns = [
        times(np.array([round(r.numbers()[0])])) if c.kind == "time" and not r.missing_count else r
        for c, r in zip(frame.columns, result.columns, strict=True)
    ]
    return Frame(frame.names, columns)


@primitive("sumaxis")
def sum_axis(frame: Frame, skip_missing: bool = False, axis: int = 0) -> Frame:
    """Sums of columns or rows.

    Parameters
    ----------
    frame : Frame
        By columns, an enum of two levels counts as 0 and 1; other enums and texts give NaN.
    skip_missing : bool
        Whether missing cells are left out; if not, they make the result missing.
    axis : int
        0 for columns, 1 for rows.

    Returns
    -------
    Frame
        One row, or one column.
    """
    return _by_axis(frame, skip_missing, axis, "sum", _sum)


@row_form("mean")
def _row_mean(frame: Frame, skip_missing: bool = False, axis: int = 0) -> Frame:
    return mean(frame, skip_missing, 1)


@row_form("sumaxis")
def _row_sum(frame: Frame, skip_missing: bool = False, axis: int = 0) -> Frame:
    return sum_axis(frame, skip_missing, 1)


def _which(function: Total, filler: float) -> Total:
    def find(values: Array, axis: int, skip: bool) -> Any:
        if not values.shape[axis]:
            return np.full(values.shape[:axis], np.nan)
        absent = np.isnan(values)
        found = function(np.where(absent, filler, values), axis=axis).astype(np.float64)
        hidden = absent.all(axis=axis) if skip else absent.any(axis=axis)
        return np.where(hidden, np.nan, found)

    return find


@primitive("which.max")
def which_max(frame: Frame, skip_missing: bool = True, axis: int = 0) -> Frame:
    """Row number of the largest value of each column, or column number of the largest of each row.

    Parameters
    ----------
    frame : Frame
    skip_missing : bool
        Whether missing cells are left out; if not, they make the result missing.
    axis : int
        0 for columns, 1 for rows.

    Returns
    -------
    Frame
        One row, or one column; numbers count from 0.
    """
    return _by_axis(frame, skip_missing, axis, "which.max", _which(np.argmax, -np.inf))


@primitive("which.min")
def which_min(frame: Frame, skip_missing: bool = True, axis: int = 0) -> Frame:
    """Row number of the smallest value of each column, or column number of the smallest of each row.

    Parameters
    ----------
    frame : Frame
    skip_missing : bool
        Whether missing cells are left out; if not, they make the result missing.
    axis : int
        0 for columns, 1 for rows.

    Returns
    -------
    Frame
        One row, or one column; numbers count from 0.
    """
    return _by_axis(frame, skip_missing, axis, "which.min", _which(np.argmin, np.inf))


_TRUE = ("true", "True", "TRUE")


def _truth(column: Column, missing: bool) -> Array:
    """Which cells are true: numbers but 0, the level True; a missing cell as given."""
    if column.is_text:
        return np.zeros(len(column), bool)
    if column.kind != "enum":
        return np.where(column.is_missing(), missing, column.numbers() != 0)
    codes = [i for i, level in enumerate(column.levels or ()) if level in _TRUE]
    return np.isin(column.values, codes + [-1] * missing)


@primitive("all")
def all_true(frame: Frame) -> float:
    """1 when all cells are true: not 0, or of the level True. A missing one counts as true.

    Parameters
    ----------
    frame : Frame
        Of an enum without a level True no cell is true, nor of a column of texts.

    Returns
    -------
    float
    """
    return float(all(_truth(column, True).all() for column in frame.columns))


@primitive("any")
def any_true(frame: Frame) -> float:
    """1 when a cell is true: not 0, or of the level True. A missing one counts as true.

    Parameters
    ----------
    frame : Frame
        Of an enum without a level True no cell is true, nor of a column of texts.

    Returns
    -------
    float
    """
    return float(any(_truth(column, True).any() for column in frame.columns))


@primitive("any.na")
def any_true_or_missing_left_out(frame: Frame) -> float:
    """1 when a cell is true (not 0, or of the level True) and not missing.

    Parameters
    ----------
    frame : Frame

    Returns
    -------
    float
    """
    return float(any(_truth(column, False).any() for column in frame.columns))


_RUNNING: tuple[tuple[str, Total, str], ...] = (
    ("cumsum", np.cumsum, "sum"),
    ("cumprod", np.cumprod, "product"),
    ("cummin", np.minimum.accumulate, "minimum"),
    ("cummax", np.maximum.accumulate, "maximum"),
)
_RUNNING_DOCUMENTATION = """Running {0}; missing from the first missing cell on.

    Parameters
    ----------
    frame : Frame
        Columns of numbers.
    axis : int
        0 down the rows, 1 along the columns.

    Returns
    -------
    Frame
    """


def _register_running(name: str, function: Total, meaning: str) -> None:
    def running(frame: Frame, axis: int = 0) -> Frame:
        need_numeric(frame, name)
        with np.errstate(all="ignore"):
            if not axis:
                return map_columns(frame, lambda column: numeric(function(column.numbers())))
            matrix = _matrix(frame, name)
            totals = function(matrix, axis=1) if frame.ncol else matrix
        return Frame(frame.names, [numeric(totals[:, j]) for j in range(frame.ncol)], nrow=frame.nrow)

    running.__doc__ = _RUNNING_DOCUMENTATION.format(meaning)
    primitive(name)(running)


for _name, _function, _text in _RUNNING:
    _register_running(_name, _function, _text)


@primitive("difflag1")
def difflag1(frame: Frame) -> Frame:
    """Each number minus the one in the row before; missing in the first row.

    Parameters
    ----------
    frame : Frame
        Columns of numbers.

    Returns
    -------
    Frame
    """
    need_numeric(frame, "difflag1")

    def differences(column: Column) -> Column:
        numbers = column.numbers()
        with np.errstate(all="ignore"):
            return numeric(np.concatenate([np.full(min(1, len(numbers)), np.nan), np.diff(numbers)]))

    return map_columns(frame, differences)
