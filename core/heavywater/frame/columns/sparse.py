"""Sparse matrices of SciPy to columns, and the cells of columns that are not 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidType
from .column import Column
from .makers import narrow, numeric
from .storage import SparseCells

DENSE_FROM = 0.5  # share of cells that are not 0 from which on a column is stored as a plain array


def sparse_columns(matrix: Any) -> list[Column]:
    """Columns of a sparse matrix, each sparse unless most of its cells are not 0.

    Parameters
    ----------
    matrix : scipy.sparse matrix or array, shape (rows, columns) or (rows,)
        NaN is missing; entries for the same cell add up.
    """
    if matrix.ndim == 1:
        matrix = matrix.reshape(-1, 1)
    packed = matrix.tocsc(copy=True)  # the columns keep views of it, and its owner may go on changing his
    packed.sum_duplicates()
    packed.eliminate_zeros()
    rows = packed.indices.astype(
        np.int32 if packed.shape[0] <= np.iinfo(np.int32).max else np.int64, copy=False
    )
    data = packed.data
    if data.dtype.kind not in "iuf":
        if data.dtype.kind != "b":
            raise InvalidType(f"python_obj: a sparse matrix of {data.dtype}; it must hold real numbers")
        data = data.astype(np.uint8)
    stores = _Stored(data)
    starts = packed.indptr.tolist()
    return [
        stores.column(packed.shape[0], rows, start, end)
        for start, end in zip(starts, starts[1:], strict=False)
    ]


class _Stored:
    """The stored cells of all columns, in as few types as possible, so that columns can be views of them."""

    def __init__(self, data: Array) -> None:
        self._missing = np.isnan(data) if data.dtype.kind == "f" else np.zeros(len(data), bool)
        filled = np.where(self._missing, 0, data) if self._missing.any() else data
        whole = np.ones(len(data), bool)
        if data.dtype.kind == "f":
            whole = (np.trunc(filled) == filled) & (np.abs(filled) < 2.0**63)
        # Before an entry: how many others there are that are no whole numbers, and that are missing.
        self._broken = np.concatenate([[0], np.cumsum(~whole)])
        self._gone = np.concatenate([[0], np.cumsum(self._missing)])
        self._real = data
        if data.dtype.kind == "f" and not whole.all():
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                single = data.astype(np.float32)
            self._real = single if np.array_equal(single, data, equal_nan=True) else data.astype(np.float64)
        integers = np.where(whole, filled, 0).astype(np.int64) if data.dtype.kind == "f" else filled
        self._integers = narrow(integers) if len(data) else integers.astype(np.uint8)

    def column(self, nrow: int, rows: Array, start: int, end: int) -> Column:
        """Column of the entries from `start` to `end`."""
        part = slice(start, end)
        whole = self._broken[start] == self._broken[end]
        gone = int(self._gone[end] - self._gone[start])
        if end - start >= DENSE_FROM * nrow:
            values = np.zeros(nrow, np.float64 if gone or not whole else np.int64)
            values[rows[part]] = (self._real if gone or not whole else self._integers)[part]
            return numeric(values)
        if not whole:
            return Column("real", SparseCells(nrow, rows[part], self._real[part]))
        absent = self._missing[part] if gone else None
        return Column("int", SparseCells(nrow, rows[part], self._integers[part], absent))


def stored_cells(column: Column) -> tuple[Array, Array]:
    """Rows of the cells that are not 0, and their values as float64 (NaN where missing)."""
    stored = column.sparse
    if stored is None:
        numbers = column.numbers()
        rows = np.flatnonzero(numbers)
        return rows, numbers[rows]
    values = stored.values.astype(np.float64)
    if stored.absent is not None:
        values[stored.absent] = np.nan
    return stored.rows, values
