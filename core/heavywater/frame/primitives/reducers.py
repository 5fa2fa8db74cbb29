"""From many cells to one number for the frame, each column or each row."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ..columns.column import Column, has_mean
from ..columns.column_statistics import ColumnStatistics
from ..columns.makers import numeric, times
from ..columns.number_statistics import NumberStatistics, Sums
from ..frame import Frame
from .arguments import need_numeric
from .registry import primitive, row_form

Total = Callable[..., Any]


def _product(frame: Frame, skip_missing: bool) -> float:
    """The product of all cells of a frame."""
    need_numeric(frame, "prod")
    numbers = np.concatenate([np.ones(1), *(column.numbers() for column in frame.columns)])
    with np.errstate(all="ignore"):
        return float(np.prod(numbers[~np.isnan(numbers)] if skip_missing else numbers))


def _total(frame: Frame, name: str, skip_missing: bool) -> float:
    """The sum, minimum or maximum of all cells of a frame, from the statistics of its columns.

    A column that has no such figure makes it NaN: that is not a missing cell, so it cannot be left out.
    """
    found: list[NumberStatistics] = []
    for column in frame.columns:
        if column.is_text or (name == "sum" and not has_mean(column)):
            return float("nan")
        if column.missing_count and not skip_missing:
            return float("nan")
        if column.missing_count < len(column):
            found.append(ColumnStatistics.of(column).figures())
    if name == "sum":
        return reduce(Sums.__add__, (each.sums for each in found), Sums()).sum()
    ranges = [each.range() for each in found]
    if not ranges:
        return float("nan")
    return min(low for low, _ in ranges) if name == "min" else max(high for _, high in ranges)


def _matrix(frame: Frame, name: str) -> Array:
    """The rows as a matrix, levels by their codes; a function that is applied to rows sees them so."""
    need_numeric(frame.select(i for i, c in enumerate(frame.columns) if c.kind != "enum"), name)
    return side_by_side(frame)


def side_by_side(frame: Frame) -> Array:
    """The columns as a matrix, levels by their codes."""
    return np.column_stack([c.numbers() for c in frame.columns]) if frame.ncol else np.zeros((frame.nrow, 0))


_CODES = "Levels count by their codes"
# Names, names of the form that leaves missing cells out, function, the same for rows with missing cells, value without
# cells, what it is called, what columns that hold no numbers give.
_TOTALS: tuple[tuple[tuple[str, ...], tuple[str, ...], Total, Total, float, str, str], ...] = (
    (("sum",), ("sumNA",), np.sum, np.nansum, 0.0, "Sum",
     f"{_CODES} where there are at most two; enums with more, and texts, make the sum NaN."),
    (("prod",), ("prodNA", "prod.na"), np.prod, np.nanprod, 1.0, "Product", "Columns of numbers or times."),
    (("min",), ("minNA",), np.min, np.fmin.reduce, float("nan"), "Smallest", f"{_CODES}; texts give NaN."),
    (("max",), ("maxNA",), np.max, np.fmax.reduce, float("nan"), "Largest", f"{_CODES}; texts give NaN."),
)  # fmt: skip
_TOTAL_DOCUMENTATION = """{0} of all cells of a frame; {1}.

    Parameters
    ----------
    frame : Frame
        {3}
    skip_missing : bool
        Whether missing cells are left out even where the name of the operation does not say so.
    axis : int
        0 or 1, as clients send it; the total is the same.

    Returns
    -------
    float
        {2} when there is no cell.
    """


def _register_total(
    names: tuple[str, ...], functions: tuple[Total, Total], skip: bool, empty: float, text: str, others: str
) -> None:
    name = names[0].removesuffix("NA")

    def check(axis: int) -> None:
        if axis not in (0, 1):
            raise InvalidArgument(f"{names[0]}: axis {axis} must be 0 or 1")

    def total(frame: Frame, skip_missing: bool = False, axis: int = 0) -> float:
        check(axis)
        skipped = skip or skip_missing
        return _product(frame, skipped) if name == "prod" else _total(frame, name, skipped)

    def rows(frame: Frame, skip_missing: bool = False, axis: int = 0) -> Frame:
        check(axis)
        if name == "prod":
            need_numeric(frame, name)
        matrix = _matrix(frame, name)
        with np.errstate(all="ignore"):
            function = functions[skip or skip_missing]
            values = function(matrix, axis=1) if frame.ncol else np.full(frame.nrow, empty)
        return Frame([names[0]], [numeric(values)])

    missing = "missing ones are left out" if skip else "NaN if one is missing"
    total.__doc__ = _TOTAL_DOCUMENTATION.format(text, missing, empty, others)
    primitive(*names)(total)
    row_form(*names)(rows)


for _plain, _skipping, _function, _skip_function, _empty, _text, _others in _TOTALS:
    _functions = (_function, _skip_function)
    _register_total(_plain, _functions, False, _empty, _text, _others)
    _register_total(_skipping, _functions, True, _empty, _text, _others)


def _by_axis(frame: Frame, skip_missing: bool, axis: int, name: str, function: Total) -> Frame:
    """A one-row frame of column results (axis 0), or a one-column frame of row results (axis 1)."""
    if axis:
        return Frame([name], [numeric(function(_numbers_by_row(frame, skip_missing), 1, skip_missing))])
    results = [
        function(c.numbers(), 0, skip_missing) if has_mean(c) else np.float64(np.nan) for c in frame.columns
    ]
    return Frame(frame.names, [numeric(np.array([float(r)])) for r in results])


def _numbers_by_row(frame: Frame, skip_missing: bool) -> Array:
    """The rows as a matrix in which all cells that are no numbers are missing.

    Without missing ones left out, they make every row missing.
    """
    missing = np.full(frame.nrow, np.nan)
    columns = [c.numbers() if c.is_numeric else missing for c in frame.columns]
    return np.column_stack(columns) if columns else np.zeros((frame.nrow, 0))


def _mean(values: Array, axis: int, skip: bool) -> Any:
    absent = np.isnan(values)
    count = (~absent).sum(axis=axis) if skip else values.shape[axis]
    with np.errstate(all="ignore"):
        return np.divide(
            np.where(absent, 0.0, values).sum(axis=axis) if skip else values.sum(axis=axis), count
        )


def _sum(values: Array, axis: int, skip: bool) -> Any:
    if not skip:
        return values.sum(axis=axis)
    total = np.nansum(values, axis=axis)
    # a row without a number has no sum, a column has 0
    return np.where(np.isnan(values).all(axis=1), np.nan, total) if axis and values.shape[1] else total


@primitive("mean")
def mean(frame: Frame, skip_missing: bool = False, axis: int = 0) -> Frame:
    """Means of columns or rows.

    Parameters
    ----------
    frame : Frame
        By columns, an enum of up to two levels counts as 0 and 1; other enums and texts give NaN. By rows, cells of
        columns that hold no numbers (enums, texts, times) are missing.
    skip_missing : bool
        Whether missing cells are left out; if not, they make the result missing.
    axis : int
        0 for columns, 1 for rows.

    Returns
    -------
    Frame
        One row, or one column.
    """
    if axis:
        return _by_axis(frame, skip_missing, axis, "mean", _mean)
    return Frame(frame.names, [_column_mean(column, skip_missing) for column in frame.columns])


def _column_mean(column: Column, skip_missing: bool) -> Column:
    found = float("nan")
    if has_mean(column) and (skip_missing or not column.missing_count):
        found = ColumnStatistics.of(column).figures().sums.mean()
    if column.kind == "time" and not np.isnan(found):
        return times(np.array([round(found)]))  # the mean of times is a time
    return numeric(np.array([found]))


@primitive("sumaxis")
def sum_axis(frame: Frame, skip_missing: bool = False, axis: int = 0) -> Frame:
    """Sums of columns or rows.

    Parameters
    ----------
    frame : Frame
        By columns, an enum of up to two levels counts as 0 and 1; other enums and texts give NaN. By rows, cells of
        columns that hold no numbers (enums, texts, times) are missing.
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
    return Frame(["mean"], [numeric(_mean(_matrix(frame, "mean"), 1, skip_missing))])


@row_form("sumaxis")
def _row_sum(frame: Frame, skip_missing: bool = False, axis: int = 0) -> Frame:
    return Frame(["sum"], [numeric(_sum(_matrix(frame, "sum"), 1, skip_missing))])


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
_FALSE = ("false", "False", "FALSE")


def _truth(column: Column, missing: bool) -> Array:
    """Which cells are true: numbers but 0, the level True; a missing cell as given."""
    if column.is_text:
        return np.zeros(len(column), bool)
    if column.kind != "enum":
        return np.where(column.is_missing(), missing, column.numbers() != 0)
    levels = list(column.levels or ())
    codes = [i for i, level in enumerate(levels) if level in _TRUE]
    of_truth = any(level in _TRUE or level in _FALSE for level in levels)
    return np.isin(column.values, codes + [-1] * (missing and of_truth))


@primitive("all")
def all_true(frame: Frame) -> float:
    """1 when all cells are true: not 0, or of the level True. A missing one counts as true.

    Parameters
    ----------
    frame : Frame
        Of an enum whose levels are not True and False no cell is true, nor of a column of texts.

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
        Of an enum whose levels are not True and False no cell is true, nor of a column of texts.

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
