"""Frames of numbers as matrices: scaling, transposing, products, distances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ..columns.column import Column
from ..columns.column_statistics import ColumnStatistics
from ..columns.makers import numeric
from ..frame import Frame
from .arguments import need_numeric, one_of, read_flag, read_numbers
from .registry import primitive

# Cells of a result beyond which memory is at stake rather than patience.
_LARGEST = 2_000_000_000


def _matrix(frame: Frame, operation: str) -> Array:
    need_numeric(frame, operation, allow_time=False)
    if not frame.ncol:
        return np.zeros((frame.nrow, 0))
    return np.column_stack([column.numbers() for column in frame.columns])


def _as_frame(matrix: Array, names: list[str] | None = None) -> Frame:
    labels = names or [f"C{j + 1}" for j in range(matrix.shape[1])]
    return Frame(labels, [numeric(matrix[:, j]) for j in range(matrix.shape[1])], nrow=matrix.shape[0])


def _check_size(rows: int, columns: int, operation: str) -> None:
    if rows * columns > _LARGEST:
        raise InvalidArgument(f"{operation}: the result would have {rows} rows x {columns} columns")


@primitive("scale", "scale_inplace")
def scale(frame: Frame, center: Any = True, scale: Any = True) -> Frame:
    """Subtract from each number the mean of its column, and divide by the standard deviation.

    Parameters
    ----------
    frame : Frame
        Enums, texts and times stay as they are.
    center : bool or list of float
        Whether to subtract; or what, for each column (or each numeric column).
    scale : bool or list of float
        Whether to divide; or by what, for each column (or each numeric column). Without deviation there is no
        division.

    Returns
    -------
    Frame
    """
    positions = [i for i, c in enumerate(frame.columns) if c.is_numeric]
    shifts = _amounts(center, frame, positions, "center", _mean, 0.0)
    divisors = _amounts(scale, frame, positions, "scale", _deviation, 1.0)
    columns = list(frame.columns)
    with np.errstate(all="ignore"):
        for place, i in enumerate(positions):
            divisor = divisors[place] if np.isfinite(divisors[place]) and divisors[place] else 1.0
            columns[i] = numeric((columns[i].numbers() - shifts[place]) / divisor)
    return Frame(frame.names, columns, nrow=frame.nrow)


def _amounts(
    option: Any,
    frame: Frame,
    positions: list[int],
    name: str,
    default: Callable[[Column], float],
    nothing: float,
) -> list[float]:
    if isinstance(option, list):
        given = read_numbers(option, f"scale: {name}")
        if len(given) == frame.ncol:
            return [given[i] for i in positions]
        if len(given) != len(positions):
            raise InvalidArgument(
                f"scale: {name} has {len(given)} numbers for {frame.ncol} columns, {len(positions)} of them numeric"
            )
        return given
    if not read_flag(option, f"scale: {name}"):
        return [nothing] * len(positions)
    return [default(frame.columns[i]) for i in positions]


def _mean(column: Column) -> float:
    mean = ColumnStatistics.of(column).figures().sums.mean()
    return 0.0 if column.missing_count == len(column) else mean


def _deviation(column: Column) -> float:
    statistics = ColumnStatistics.of(column)
    return statistics.figures().sums.deviation() if statistics.rows - statistics.missing > 1 else 1.0


@primitive("t")
def transpose(frame: Frame) -> Frame:
    """Rows as columns.

    Parameters
    ----------
    frame : Frame
        Columns of numbers.

    Returns
    -------
    Frame
        Columns C1, C2 ...
    """
    return _as_frame(_matrix(frame, "transpose").T)


@primitive("x")
def product(left: Frame, right: Frame) -> Frame:
    """Matrix product.

    Parameters
    ----------
    left, right : Frame
        Columns of numbers; as many columns on the left as rows on the right.

    Returns
    -------
    Frame
        Columns C1, C2 ...
    """
    a, b = _matrix(left, "mult"), _matrix(right, "mult")
    if a.shape[1] != b.shape[0]:
        raise InvalidArgument(
            f"mult: a matrix of {a.shape[0]} rows x {a.shape[1]} columns cannot be multiplied with one of "
            f"{b.shape[0]} rows x {b.shape[1]} columns: the inner numbers must be equal"
        )
    _check_size(a.shape[0], b.shape[1], "mult")
    with np.errstate(all="ignore"):
        return _as_frame(a @ b)


_MEASURES = ("l1", "l2", "cosine", "cosine_sq")


@primitive("distance")
def distance(frame: Frame, references: Frame, measure: str) -> Frame:
    """Distance or similarity of each row of one frame to each row of another.

    Parameters
    ----------
    frame, references : Frame
        Columns of numbers, as many in both.
    measure : str
        l1 (sum of absolute differences), l2 (Euclidean), cosine (similarity: 1 for the same direction), or cosine_sq
        (its square).

    Returns
    -------
    Frame
        A row for each row of `frame`, a column for each row of `references`.
    """
    one_of(measure, _MEASURES, "distance: measure")
    a, b = _matrix(frame, "distance"), _matrix(references, "distance")
    if a.shape[1] != b.shape[1]:
        raise InvalidArgument(f"distance: the frames have {a.shape[1]} and {b.shape[1]} columns")
    _check_size(len(a), len(b), "distance")
    with np.errstate(all="ignore"):
        if measure == "l1":
            result = np.column_stack([np.abs(a - row).sum(axis=1) for row in b]) if len(b) else a[:, :0]
        elif measure == "l2":
            result = (
                np.column_stack([np.sqrt(((a - row) ** 2).sum(axis=1)) for row in b]) if len(b) else a[:, :0]
            )
        else:
            lengths = np.outer(np.sqrt((a * a).sum(axis=1)), np.sqrt((b * b).sum(axis=1)))
            result = a @ b.T / lengths
            result = result**2 if measure == "cosine_sq" else result
    return _as_frame(result)
