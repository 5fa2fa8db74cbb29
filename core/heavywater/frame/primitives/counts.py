"""Distinct values and their counts."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ..columns.column import Column
from ..columns.keys import Keys, column_keys, dense, grouped, joined
from ..columns.makers import numeric
from ..frame import Frame, unique_names
from .arguments import Items, column_argument, column_positions, one_of
from .registry import primitive

# A matrix of counts beyond this has a wrong column in it.
_WIDEST = 100_000


@primitive("unique")
def unique(frame: Frame, include_missing: bool = False) -> Frame:
    """Distinct values of a column in order.

    Parameters
    ----------
    frame : Frame
        One column.
    include_missing : bool
        Whether missing counts as a value; it comes last.

    Returns
    -------
    Frame
    """
    column = column_argument(frame, "unique")
    first = grouped([column]).first
    absent = column.is_missing()[first]
    rows = first[~absent]
    return frame.take(np.append(rows, first[absent]) if include_missing else rows)


@primitive("table")
def table(frame: Frame, dense_format: bool = True) -> Frame:
    """Counts of the values of one column, or of the pairs of two; missing is a value of its own, and comes first.

    Parameters
    ----------
    frame : Frame
        One or two columns.
    dense_format : bool
        Of two columns: whether the result has a row for each pair that occurs; otherwise it is a matrix with a
        row for each value of the first and a column for each value of the second (missing: ``NA``).

    Returns
    -------
    Frame
        The values in order, and a column ``Count`` (of pairs ``Counts``).
    """
    if frame.ncol not in (1, 2):
        raise InvalidArgument(f"table: a frame of 1 or 2 columns is needed, this one has {frame.ncol}")
    if frame.ncol == 2 and not dense_format:
        return _matrix(frame)
    groups = grouped(frame.columns)
    counts = np.bincount(groups.codes, minlength=groups.size)
    columns = [*(column.take(groups.first) for column in frame.columns), numeric(counts)]
    label = "Count" if frame.ncol == 1 else "Counts"
    return Frame([*frame.names, *unique_names([label], frame.names)], columns)


def _matrix(frame: Frame) -> Frame:
    left, right = (grouped([column]) for column in frame.columns)
    if right.size > _WIDEST:
        raise InvalidArgument(
            f"table: column {frame.names[1]!r} has {right.size} values; as a matrix that is too wide: use dense=True"
        )
    pairs = joined(Keys(left.codes, left.size), Keys(right.codes, right.size))
    matrix = np.bincount(pairs.codes, minlength=left.size * right.size).reshape(left.size, right.size)
    texts = frame.columns[1].take(right.first).texts().tolist()
    labels = ["NA" if text is None else text for text in texts]
    names = [frame.names[0], *unique_names(labels, [frame.names[0]])]
    return Frame(
        names, [frame.columns[0].take(left.first), *(numeric(matrix[:, j]) for j in range(right.size))]
    )


@primitive("dropdup")
def drop_duplicates(frame: Frame, columns: Items, keep: str) -> Frame:
    """One row of each set of rows that are equal in some columns; rows stay in order.

    Parameters
    ----------
    frame : Frame
    columns : list of int or str
        What is compared; missing equals missing.
    keep : str
        first or last: which row of a set is kept.

    Returns
    -------
    Frame
    """
    one_of(keep, ("first", "last"), "drop_duplicates: keep")
    positions = column_positions(frame, columns)
    if not positions:
        raise InvalidArgument("drop_duplicates: at least one column is needed")
    groups = grouped([frame.columns[i] for i in positions])
    return frame.take(np.sort(groups.first if keep == "first" else _last_rows(groups.codes, groups.size)))


def _last_rows(codes: Array, count: int) -> Array:
    last = np.zeros(count, np.int64)
    last[codes] = np.arange(len(codes))  # of several rows the last assignment stays
    return last


def distinct_count(column: Column) -> int:
    """How many different values a column has, missing left out."""
    keys = dense(column_keys(column))
    return keys.size - int(column.missing_count > 0)
