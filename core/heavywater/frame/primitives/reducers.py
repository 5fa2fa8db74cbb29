"""From many cells to one number for the frame, each column or each row; running totals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...errors import InvalidType
from ..columns import Array, numeric
from ..frame import Frame
from .arguments import map_columns, need_numeric
from .registry import primitive


def _cells(frame: Any, operation: str, skip_missing: bool) -> Array:
    if not isinstance(frame, Frame):
        return np.atleast_1d(np.asarray(frame, dtype=np.float64))
    need_numeric(frame, operation)
    numbers = np.concatenate([c.numbers() for c in frame.columns]) if frame.ncol else np.zeros(0)
    return numbers[~np.isnan(numbers)] if skip_missing else numbers


def _register_total(name: str, function: Callable[[Array], Any], skip: bool, empty: float, text: str) -> None:
    @primitive(name)
    def total(*frames: Any) -> float:
        numbers = np.concatenate([_cells(frame, name, skip) for frame in frames])
        return float(function(numbers)) if len(numbers) else empty

    total.__doc__ = f"{text} of all cells, {'missing ones left out' if skip else 'NaN if one is missing'}."


for _name, _function, _empty, _text in (
    ("sum", np.sum, 0.0, "Sum"),
    ("prod", np.prod, 1.0, "Product"),
    ("min", np.min, float("nan"), "Smallest"),
    ("max", np.max, float("nan"), "Largest"),
):
    _register_total(_name, _function, False, _empty, _text)
    _register_total(f"{_name}NA", _function, True, _empty, _text)


def _by_axis(frame: Frame, skip_missing: Any, axis: Any, name: str, function: Callable[..., Any]) -> Frame:
    """A one-row frame of column results (axis 0), or a one-column frame of row results (axis 1)."""
    if axis:
        need_numeric(frame, name)
        matrix = np.column_stack([c.numbers() for c in frame.columns])
        return Frame([name], [numeric(function(matrix, 1, bool(skip_missing)))])
    results = [
        function(c.numbers(), 0, bool(skip_missing)) if c.is_numeric or c.kind == "time" else np.nan
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
def mean(frame: Frame, skip_missing: Any = False, axis: Any = 0) -> Frame:
    """Means of columns (axis 0) or rows (axis 1); NaN for enums and texts."""
    return _by_axis(frame, skip_missing, axis, "mean", _mean)


@primitive("sumaxis")
def sum_axis(frame: Frame, skip_missing: Any = False, axis: Any = 0) -> Frame:
    """Sums of columns (axis 0) or rows (axis 1); NaN for enums and texts."""
    return _by_axis(frame, skip_missing, axis, "sum", _sum)


def _which(function: Callable[..., Any], filler: float) -> Callable[..., Any]:
    def find(values: Array, axis: int, skip: bool) -> Any:
        if not values.shape[axis]:
            return np.full(values.shape[:axis], np.nan)
        absent = np.isnan(values)
        found = function(np.where(absent, filler, values), axis=axis).astype(np.float64)
        hidden = absent.all(axis=axis) if skip else absent.any(axis=axis)
        return np.where(hidden, np.nan, found)

    return find


@primitive("which.max")
def which_max(frame: Frame, skip_missing: Any = True, axis: Any = 0) -> Frame:
    """Row number (axis 0) or column number (axis 1) of the largest value."""
    return _by_axis(frame, skip_missing, axis, "which.max", _which(np.argmax, -np.inf))


@primitive("which.min")
def which_min(frame: Frame, skip_missing: Any = True, axis: Any = 0) -> Frame:
    """Row number (axis 0) or column number (axis 1) of the smallest value."""
    return _by_axis(frame, skip_missing, axis, "which.min", _which(np.argmin, np.inf))


@primitive("all")
def all_true(frame: Any) -> float:
    """1 when every cell is neither 0 nor missing."""
    numbers = _cells(frame, "all", False)
    return float(bool(np.all((numbers != 0) & ~np.isnan(numbers))))


@primitive("any")
def any_true(frame: Any) -> float:
    """1 when a cell is not 0 (a missing one counts as not 0, as in H2O)."""
    return float(bool(np.any(_cells(frame, "any", False))))


@primitive("any.na")
def any_not_missing(frame: Frame) -> float:
    """1 when a cell is missing."""
    if not isinstance(frame, Frame):
        raise InvalidType(f"any.na: a frame is needed, got {frame!r}")
    return float(any(column.missing_count for column in frame.columns))


def _register_running(name: str, function: Callable[..., Any]) -> None:
    @primitive(name)
    def running(frame: Frame, axis: Any = 0) -> Frame:
        need_numeric(frame, name)
        if not axis:
            return map_columns(frame, lambda column: numeric(function(column.numbers())))
        matrix = function(np.column_stack([c.numbers() for c in frame.columns]), axis=1)
        return Frame(frame.names, [numeric(matrix[:, j]) for j in range(frame.ncol)])

    running.__doc__ = f"Running {name[3:]} down the rows (axis 0) or along the columns (axis 1)."


_RUNNING: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("cumsum", np.cumsum),
    ("cumprod", np.cumprod),
    ("cummin", np.minimum.accumulate),
    ("cummax", np.maximum.accumulate),
)
for _name, _function in _RUNNING:
    _register_running(_name, _function)
