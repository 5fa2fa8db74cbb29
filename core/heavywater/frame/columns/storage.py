"""Layouts of a column's cells other than a plain array: Arrow texts, and sparse numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array

TEXT = np.dtypes.StringDType()


class TextCells:
    """Texts as Arrow lays them out: offsets into one run of UTF-8, and a bit for each missing cell.

    Importing, exchanging and selecting texts needs no Python object for each; `dense` makes the array that
    computing with them takes.

    Parameters
    ----------
    cells : pyarrow.Array or pyarrow.ChunkedArray
        Of type string, large_string or string_view.
    """

    __slots__ = ("arrow",)

    def __init__(self, cells: Any) -> None:
        import pyarrow as pa

        if isinstance(cells, pa.ChunkedArray):
            cells = cells.combine_chunks()
        if pa.types.is_string_view(cells.type):
            cells = cells.cast(pa.large_string())
        if isinstance(cells, pa.ChunkedArray):  # beyond what 32-bit offsets can address
            cells = pa.concat_arrays([chunk.cast(pa.large_string()) for chunk in cells.chunks])
        self.arrow = cells

    def __len__(self) -> int:
        return len(self.arrow)

    @property
    def nbytes(self) -> int:
        """Bytes of offsets, texts and missing bits."""
        return int(self.arrow.nbytes)

    @property
    def missing(self) -> Array | None:
        """Which cells are missing, None when none is."""
        if not self.arrow.null_count:
            return None
        absent: Array = self.arrow.is_null().to_numpy(zero_copy_only=False)
        return absent

    def dense(self) -> Array:
        """The texts as ``StringDType``, "" where missing."""
        filled = self.arrow.fill_null("") if self.arrow.null_count else self.arrow
        texts: Array = filled.to_numpy(zero_copy_only=False).astype(TEXT)
        return texts

    def objects(self) -> Array:
        """The texts as Python strings, None where missing."""
        texts: Array = self.arrow.to_numpy(zero_copy_only=False)
        return texts

    def take(self, rows: Any) -> TextCells:
        """The cells of some rows (slice, index array or boolean mask)."""
        import pyarrow as pa

        if isinstance(rows, slice):
            start, stop, step = rows.indices(len(self))
            if step == 1:
                return TextCells(self.arrow.slice(start, max(0, stop - start)))
            rows = np.arange(start, stop, step)
        rows = np.asarray(rows)
        if rows.dtype == bool:
            return TextCells(self.arrow.filter(pa.array(rows)))
        rows = np.where(rows < 0, rows + len(self), rows) if len(rows) and rows.min() < 0 else rows
        return TextCells(self.arrow.take(pa.array(rows.astype(np.int64, copy=False))))


class SparseCells:
    """Numbers of which most are 0: the others, and the rows they are in.

    Parameters
    ----------
    nrow : int
    rows : ndarray of int, ascending, shape (k,)
    values : ndarray of numbers, shape (k,)
        In the type of the column; NaN for missing in real columns.
    absent : ndarray of bool, shape (k,), optional
        Which of these cells are missing (of whole numbers); the value beneath is 0.
    """

    __slots__ = ("absent", "nrow", "rows", "values")

    def __init__(self, nrow: int, rows: Array, values: Array, absent: Array | None = None) -> None:
        self.nrow = nrow
        self.rows = rows
        self.values = values
        self.absent = absent if absent is not None and absent.any() else None
        for array in (rows, values, absent):
            if array is not None:
                array.flags.writeable = False

    def __len__(self) -> int:
        return self.nrow

    @property
    def nbytes(self) -> int:
        """Bytes of the stored cells."""
        return sum(a.nbytes for a in (self.rows, self.values, self.absent) if a is not None)

    @property
    def missing(self) -> Array | None:
        """Which cells of a column of whole numbers are missing, None when none is."""
        return None if self.absent is None else self.is_missing()

    @property
    def stored_missing(self) -> Array:
        """Which of the stored cells are missing."""
        if self.values.dtype.kind == "f":
            return np.isnan(self.values)
        return np.zeros(len(self.values), bool) if self.absent is None else self.absent

    def is_missing(self) -> Array:
        """Which cells are missing."""
        result = np.zeros(self.nrow, bool)
        result[self.rows[self.stored_missing]] = True
        return result

    def dense(self) -> Array:
        """All cells."""
        result = np.zeros(self.nrow, self.values.dtype)
        result[self.rows] = self.values
        return result

    def take(self, rows: Any) -> SparseCells | None:
        """The cells of a slice or of ascending rows, still sparse; None for any other order."""
        if isinstance(rows, slice):
            start, stop, step = rows.indices(self.nrow)
            if step != 1:
                return None
            lo, hi = np.searchsorted(self.rows, [start, max(start, stop)])
            return self._part(max(0, stop - start), slice(lo, hi), self.rows[lo:hi] - start)
        rows = np.asarray(rows)
        if rows.dtype == bool:
            rows = np.flatnonzero(rows)
        if len(rows) and (rows[0] < 0 or (rows[1:] <= rows[:-1]).any()):
            return None
        places = np.searchsorted(rows, self.rows)
        kept = np.flatnonzero(places < len(rows))
        kept = kept[rows[places[kept]] == self.rows[kept]]
        return self._part(len(rows), kept, places[kept])

    def _part(self, nrow: int, kept: Any, rows: Array) -> SparseCells:
        absent = None if self.absent is None else self.absent[kept]
        return SparseCells(nrow, rows.astype(self.rows.dtype, copy=True), self.values[kept].copy(), absent)
