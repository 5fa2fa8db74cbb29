"""Missing cells: asking, leaving out, filling."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import InvalidArgument
from ..columns import Column, enum, numeric
from ..frame import Frame
from .arguments import whole
from .registry import primitive
from .statistics import quantiles


@primitive("is.na")
def is_na(frame: Any) -> Any:
    """1 where a cell is missing, else 0."""
    if not isinstance(frame, Frame):
        return float(frame is None or frame != frame)
    columns = [numeric(column.is_missing()) for column in frame.columns]
    return Frame([f"isNA({name})" for name in frame.names], columns, nrow=frame.nrow)


@primitive("na.omit")
def na_omit(frame: Frame) -> Frame:
    """The rows in which nothing is missing."""
    keep = np.ones(frame.nrow, bool)
    for column in frame.columns:
        if column.missing_count:
            keep &= ~column.is_missing()
    if keep.all():
        return Frame(frame.names, frame.columns, nrow=frame.nrow)
    rows = np.flatnonzero(keep)
    return Frame(frame.names, [column.take(rows) for column in frame.columns], nrow=len(rows))


@primitive("naCnt")
def na_count(frame: Frame) -> list[float]:
    """Number of missing cells of each column."""
    return [float(column.missing_count) for column in frame.columns]


@primitive("h2o.impute")
def impute(
    frame: Frame, column: Any, method: str, combine: str, by: Any, groups: Any = "_", values: Any = "_"
) -> tuple[Frame, list[float]]:
    """Fill missing cells with the column's mean, median or most frequent level, or with given values.

    Returns
    -------
    (Frame, list of float)
        The filled frame, and for each column the value used (NaN where none was).
    """
    if by:
        raise NotImplementedError("impute: filling by groups (by=) comes with the grouping operations")
    if isinstance(groups, Frame):
        raise NotImplementedError("impute: group_by_frame comes with the grouping operations")
    if method not in ("mean", "median", "mode"):
        raise InvalidArgument(f"impute: method {method!r} must be one of mean, median, mode")
    position = whole(column, "impute: column")
    given = values if isinstance(values, list) else None
    if given is not None and len(given) != frame.ncol:
        raise InvalidArgument(f"impute: values has {len(given)} entries for {frame.ncol} columns")
    result, used = list(frame.columns), [float("nan")] * frame.ncol
    for i in range(frame.ncol) if position < 0 else [frame.index(position)]:
        value = given[i] if given is not None else _fill_value(frame.columns[i], method, combine)
        if value is None or value != value:
            continue
        result[i], used[i] = _fill(frame.columns[i], value)
    return Frame(frame.names, result, nrow=frame.nrow), used


def _fill_value(column: Column, method: str, combine: str) -> Any:
    if column.missing_count == len(column) or column.is_text:
        return None
    if column.kind == "enum":
        return int(np.bincount(column.values[column.values >= 0]).argmax()) if method == "mode" else None
    numbers = column.numbers()
    present = numbers[~np.isnan(numbers)]
    if method == "mean":
        return float(present.mean())
    if method == "median":
        return float(quantiles(present, [0.5], combine)[0])
    uniques, counts = np.unique(present, return_counts=True)
    return float(uniques[counts.argmax()])


def _fill(column: Column, value: Any) -> tuple[Column, float]:
    absent = column.is_missing()
    if column.kind == "enum":
        code = (column.levels or ()).index(value) if isinstance(value, str) else int(value)
        return enum(np.where(absent, code, column.values), column.levels or ()), float(code)
    return numeric(np.where(absent, value, column.numbers())), float(value)
