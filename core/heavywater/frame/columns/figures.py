"""Quantiles, extremes and histograms of the numbers of a column: from how often each value occurs where there are few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from .column import Column


class Figures:
    """The numbers of a column that are neither missing nor infinite, in order.

    Parameters
    ----------
    numbers : ndarray of float64, shape (n,)
        All of them; with counts in ascending order. They are put in order when that is asked for: for a few of the smallest and
        largest it is not needed.
    counts : ndarray of int, shape (n,), optional
        How often each occurs.
    """

    def __init__(self, numbers: Array, counts: Array | None = None) -> None:
        self._numbers = numbers
        self._in_order = counts is not None
        self.counts = counts
        self._upto = None if counts is None else np.cumsum(counts)
        self.size = len(numbers) if self._upto is None else int(self._upto[-1]) if len(self._upto) else 0

    @property
    def numbers(self) -> Array:
        """The numbers in ascending order."""
        if not self._in_order:
            self._numbers, self._in_order = np.sort(self._numbers), True
        return self._numbers

    @classmethod
    def of(cls, column: Column) -> Figures:
        """Those of a column of numbers, times, or levels (by their codes)."""
        counted = _counted(column)
        if counted is not None:
            return cls(*counted)
        if (stored := column.sparse) is not None:
            numbers = np.sort(stored.values[~stored.stored_missing].astype(np.float64))
            numbers = numbers[np.isfinite(numbers)]
            zero, zeros = int(np.searchsorted(numbers, 0.0)), len(column) - len(stored.rows)
            return cls(np.insert(numbers, zero, 0.0), np.insert(np.ones(len(numbers), np.int64), zero, zeros))
        numbers = column.numbers()
        return cls(
            numbers[np.isfinite(numbers)] if column.missing_count or column.kind == "real" else numbers
        )

    def range(self) -> tuple[float, float]:
        """The least and the greatest."""
        return self.smallest(1)[0], self.largest(1)[0]

    def quantiles(self, probabilities: Sequence[float]) -> list[float]:
        """Quantiles (R's type 7)."""
        # Only the neighbours of each quantile are looked at: numpy's own rule then gives its own rounding.
        places = np.asarray(probabilities) * (self.size - 1)
        low = np.floor(places).astype(np.int64)
        first, second = self._at(low), self._at(np.minimum(low + 1, self.size - 1))
        share = places - low
        between = np.where(
            share < 0.5, first + (second - first) * share, second - (second - first) * (1 - share)
        )
        return [float(each) for each in between]

    def _at(self, places: Array) -> Array:
        """The numbers at some places of their order."""
        if self._upto is None:
            return self.numbers[places]
        return self.numbers[np.searchsorted(self._upto, places, "right")]

    def smallest(self, count: int) -> list[float]:
        """The smallest ones, ascending, as often as they occur."""
        if not self._in_order and count < self.size:
            return [float(each) for each in np.sort(np.partition(self._numbers, count - 1)[:count])]
        return [float(each) for each in self._at(np.arange(min(count, self.size)))]

    def largest(self, count: int) -> list[float]:
        """The largest ones, descending, as often as they occur."""
        if not self._in_order and count < self.size:
            ends = np.partition(self._numbers, self.size - count)[self.size - count :]
            return [float(each) for each in np.sort(ends)[::-1]]
        return [float(each) for each in self._at(self.size - 1 - np.arange(min(count, self.size)))]

    def histogram(self, classes: int) -> list[int]:
        """How many fall into each of equally wide classes from the least to the greatest; the last one has its upper end."""
        edges = np.linspace(*self.range(), classes + 1)
        return self.between(edges[1:-1])

    def between(self, edges: Array) -> list[int]:
        """How many are below the first of ascending edges, from there on below the next one, and from the last one on."""
        below = np.searchsorted(self.numbers, edges)
        if self._upto is not None:
            below = np.append(0, self._upto)[below]
        counts: list[int] = np.diff(below, prepend=0, append=self.size).tolist()
        return counts


def _counted(column: Column) -> tuple[Array, Array] | None:
    """Distinct numbers and counts of a column of whole numbers of a narrow type; None of others."""
    if column.kind not in ("int", "enum") or column.sparse is not None:
        return None
    codes = column.values
    if codes.dtype.itemsize > 2 or not len(codes):
        return None
    missing = codes < 0 if column.kind == "enum" else column.missing
    if missing is not None:
        codes = codes[~missing]
    low = int(np.iinfo(codes.dtype).min)
    unsigned = codes.view(codes.dtype.str.replace("i", "u")) if low else codes
    counts = np.bincount(unsigned)
    found = np.flatnonzero(counts)
    size = 1 << 8 * codes.dtype.itemsize
    numbers = np.where(found >= size // 2, found - size, found) if low else found
    order = np.argsort(numbers)
    return numbers[order].astype(np.float64), counts[found][order]
