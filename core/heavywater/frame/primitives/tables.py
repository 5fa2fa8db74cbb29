"""Distinct values, counts, classes of numbers, scaling."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ..columns import Array, Column, enum, factor, numeric
from ..frame import Frame
from .arguments import column_argument, need_numeric, numbers_in
from .registry import primitive


def _distinct(column: Column) -> tuple[Array, Array]:
    """First row of each distinct value, sorted by value, and for each row its group (-1 = missing)."""
    if column.is_text:
        column = factor(column)
    absent = column.is_missing()
    rows = np.flatnonzero(~absent)
    _, first, inverse = np.unique(column.values[rows], return_index=True, return_inverse=True)
    groups = np.full(len(column), -1, np.int64)
    groups[rows] = inverse
    return rows[first], groups


@primitive("unique")
def unique(frame: Frame, include_missing: Any = False) -> Frame:
    """Distinct values of a column in order; missing last, if asked for."""
    column = column_argument(frame, "unique")
    first, groups = _distinct(column)
    if include_missing and (groups < 0).any():
        first = np.append(first, np.flatnonzero(groups < 0)[0])
    return Frame(frame.names, [column.take(first)])


@primitive("table")
def table(frame: Frame, dense: Any = True) -> Frame:
    """Counts of the values of one column, or of the pairs of two; rows with missing are left out.

    Two columns give one row for each pair that occurs (dense), or a matrix of counts.
    """
    if frame.ncol not in (1, 2):
        raise InvalidArgument(f"table: a frame of 1 or 2 columns is needed, this one has {frame.ncol}")
    found = [_distinct(column) for column in frame.columns]
    if frame.ncol == 1:
        first, groups = found[0]
        counts = np.bincount(groups[groups >= 0], minlength=len(first))
        return Frame([frame.names[0], "Count"], [frame.columns[0].take(first), numeric(counts)])
    (first_a, a), (first_b, b) = found
    both = (a >= 0) & (b >= 0)
    counts = np.bincount(a[both] * len(first_b) + b[both], minlength=len(first_a) * len(first_b))
    if not dense:
        labels = frame.columns[1].take(first_b).texts().tolist()
        matrix = counts.reshape(len(first_a), len(first_b))
        return Frame(
            [frame.names[0], *labels],
            [frame.columns[0].take(first_a), *(numeric(matrix[:, j]) for j in range(len(labels)))],
        )
    # The second column varies slowest, as in H2O.
    order = (
        np.arange(len(counts)).reshape(len(first_a), len(first_b)).T.ravel() if len(counts) else np.arange(0)
    )
    order = order[counts[order] > 0]
    return Frame(
        [*frame.names, "Counts"],
        [
            frame.columns[0].take(first_a[order // len(first_b)])
            if len(order)
            else frame.columns[0].take(order),
            frame.columns[1].take(first_b[order % len(first_b)])
            if len(order)
            else frame.columns[1].take(order),
            numeric(counts[order]),
        ],
    )


@primitive("cut")
def cut(
    frame: Frame,
    breaks: Any,
    labels: Any = None,
    include_lowest: Any = False,
    right: Any = True,
    digits: Any = 3,
) -> Frame:
    """Put numbers into classes between breaks; missing outside of them.

    Parameters
    ----------
    breaks : list of float, or int
        Class bounds, or the number of classes of equal width over the range.
    labels : list of str
        One for each class; empty: the bounds in interval notation.
    include_lowest : bool
        Whether the outermost bound belongs to its class.
    right : bool
        Whether classes hold their upper bound ``(a,b]`` or their lower one ``[a,b)``.
    digits : int
        Significant digits of the bounds in labels.
    """
    column = column_argument(frame, "cut")
    if not column.is_numeric:
        raise InvalidType(f"cut: column {frame.names[0]!r} is of type {column.kind}, not numeric")
    numbers = column.numbers()
    bounds = _bounds(numbers, breaks)
    names = [str(label) for label in labels] if labels else _interval_labels(bounds, bool(right), int(digits))
    if len(names) != len(bounds) - 1:
        raise InvalidArgument(f"cut: {len(names)} labels for {len(bounds) - 1} classes")
    codes = np.searchsorted(bounds, numbers, side="left" if right else "right") - 1
    codes[(codes < 0) | (codes > len(names) - 1) | np.isnan(numbers)] = -1
    if include_lowest:
        codes[numbers == (bounds[0] if right else bounds[-1])] = 0 if right else len(names) - 1
    return Frame(frame.names, [enum(codes, names)])


def _bounds(numbers: Array, breaks: Any) -> Array:
    values = np.array(sorted(numbers_in(breaks)), dtype=np.float64)
    if len(values) > 1:
        return values
    if values[0] < 2 or not float(values[0]).is_integer():
        raise InvalidArgument(
            f"cut: breaks {breaks!r} must be a list of bounds or a number of classes from 2 on"
        )
    present = numbers[~np.isnan(numbers)]
    low, high = (present.min(), present.max()) if len(present) else (0.0, 1.0)
    bounds = np.linspace(low, high, int(values[0]) + 1)
    # Widened a little at both ends so that the extreme values fall inside, as R does.
    bounds[0] -= (high - low) / 1000
    bounds[-1] += (high - low) / 1000
    return np.asarray(bounds)


def _interval_labels(bounds: Array, right: bool, digits: int) -> list[str]:
    texts = [f"{bound:.{digits}g}" for bound in bounds]
    opening, closing = ("(", "]") if right else ("[", ")")
    return [f"{opening}{a},{b}{closing}" for a, b in pairwise(texts)]


@primitive("scale")
def scale(frame: Frame, center: Any = True, spread: Any = True) -> Frame:
    """Subtract the mean (or given numbers) and divide by the deviation (or given numbers).

    Enum and text columns stay as they are.
    """
    numeric_columns = [i for i, c in enumerate(frame.columns) if c.is_numeric]
    need_numeric(frame.select(numeric_columns), "scale")
    columns = list(frame.columns)
    for place, i in enumerate(numeric_columns):
        numbers = frame.columns[i].numbers()
        present = numbers[~np.isnan(numbers)]
        shift = _amount(
            center, i, place, frame, len(numeric_columns), lambda p: p.mean() if len(p) else 0.0, present
        )
        numbers = numbers - shift
        divisor = _amount(
            spread,
            i,
            place,
            frame,
            len(numeric_columns),
            lambda p: p.std(ddof=1) if len(p) > 1 else 1.0,
            present,
        )
        columns[i] = numeric(numbers / (divisor if spread is not False and divisor else 1.0))
    return Frame(frame.names, columns, nrow=frame.nrow)


def _amount(option: Any, i: int, place: int, frame: Frame, count: int, default: Any, present: Array) -> float:
    if isinstance(option, list):
        if len(option) not in (frame.ncol, count):
            raise InvalidArgument(f"scale: {len(option)} numbers given for {frame.ncol} columns")
        return float(option[i if len(option) == frame.ncol else place])
    return float(default(present)) if option else 0.0
