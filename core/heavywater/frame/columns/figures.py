"""Moments, quantiles and histograms of the numbers of a column: from how often each value occurs where there are few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from .column import Column


class Figures:
    """The numbers of a column that are neither missing nor infinite.

    Parameters
    ----------
    numbers : ndarray of float64, shape (n,)
        All of them, or the distinct ones in ascending order.
    counts : ndarray of int, shape (n,), optional
        How often each occurs, with distinct numbers.
    """

    def __init__(self, numbers: Array, counts: Array | None = None) -> None:
        self.numbers, self.counts = numbers, counts
        self.size = len(numbers) if counts is None else int(counts.sum())

    @classmethod
    def of(cls, column: Column) -> Figures:
        """Those of a column of numbers, times, or levels (by their codes)."""
        counted = _counted(column)
        if counted is not None:
            return cls(*counted)
        numbers = column.numbers()
        if column.missing_count:
            numbers = numbers[~np.isnan(numbers)]
        return cls(numbers if column.kind != "real" else numbers[np.isfinite(numbers)])

    def zeros(self) -> int:
        """How many are 0."""
        zero = self.numbers == 0
        return int(np.count_nonzero(zero) if self.counts is None else self.counts[zero].sum())

    def range(self) -> tuple[float, float]:
        """The least and the greatest."""
        return float(self.numbers.min()), float(self.numbers.max())

    def moments(self) -> tuple[float, float]:
        """Mean, and standard deviation with n - 1 (0 of a single number)."""
        with np.errstate(over="ignore", invalid="ignore"):
            if self.counts is None:
                mean = self.numbers.mean()
                return float(mean), float(self.numbers.std(ddof=1)) if self.size > 1 else 0.0
            mean = self.numbers @ self.counts / self.size
            squares = (self.numbers - mean) ** 2 @ self.counts
            return float(mean), float(np.sqrt(squares / (self.size - 1))) if self.size > 1 else 0.0

    def quantiles(self, probabilities: Sequence[float]) -> list[float]:
        """Quantiles (R's type 7)."""
        if self.counts is None:
            return [float(each) for each in np.quantile(self.numbers, probabilities)]
        # Only the neighbours of each quantile are looked at: numpy's own rule then gives its own rounding.
        places = np.asarray(probabilities) * (self.size - 1)
        low = np.floor(places).astype(np.int64)
        upto = np.cumsum(self.counts)
        first = self.numbers[np.searchsorted(upto, low, "right")]
        second = self.numbers[np.searchsorted(upto, np.minimum(low + 1, self.size - 1), "right")]
        share = places - low
        between = np.where(
            share < 0.5, first + (second - first) * share, second - (second - first) * (1 - share)
        )
        return [float(each) for each in between]

    def smallest(self, count: int) -> list[float]:
        """The smallest ones, ascending, as often as they occur."""
        return _first(self.numbers, self.counts, min(count, self.size))

    def largest(self, count: int) -> list[float]:
        """The largest ones, descending, as often as they occur."""
        if self.counts is None:
            return [-each for each in _first(-self.numbers, None, min(count, self.size))]
        return _first(self.numbers[::-1], self.counts[::-1], min(count, self.size))

    def histogram(self, classes: int) -> Array:
        """How many fall into each of equally wide classes from the least to the greatest."""
        counts: Array = np.histogram(self.numbers, classes, self.range(), weights=self.counts)[0]
        return counts


def _first(ordered: Array, counts: Array | None, count: int) -> list[float]:
    if not count:
        return []
    if counts is None:
        return [float(each) for each in np.sort(np.partition(ordered, count - 1)[:count])]
    return [float(each) for each in np.repeat(ordered[:count], counts[:count])[:count]]


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
