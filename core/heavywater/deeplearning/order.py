"""Which row is trained when: a pure function of the seed and of how many rows were visited before."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


class RowOrder:
    """An endless sequence of passes over the rows.

    Parameters
    ----------
    usable : bool array (rows,)
        Rows that are trained; the others are visited and skipped, and count as rows of an epoch.
    seed : int
    shuffle : bool
        A fresh pseudo-random order in each pass; else the natural order again and again.
    """

    def __init__(self, usable: Array, seed: int, shuffle: bool) -> None:
        self.usable = usable
        self.seed = seed
        self.shuffle = shuffle
        self._pass: tuple[int, Array] | None = None

    def visits(self, first: int, last: int) -> Array:
        """Rows to train among visits first..last-1 of the sequence; int64."""
        n = len(self.usable)
        parts = []
        while first < last:
            number, at = divmod(first, n)
            end = min(n, at + last - first)
            parts.append(self._rows_of_pass(number)[at:end])
            first += end - at
        order = np.concatenate(parts) if parts else np.empty(0, np.int64)
        return np.ascontiguousarray(order[self.usable[order]])

    def visits_until(self, first: int, samples: int) -> int:
        """Number of visits from the one numbered `first` on in which so many rows are trained (at least one)."""
        n, visits = len(self.usable), 0
        while True:
            number, at = divmod(first + visits, n)
            trained = np.cumsum(self.usable[self._rows_of_pass(number)[at:]])
            if trained[-1] >= samples:
                return visits + int(np.searchsorted(trained, samples)) + 1
            samples -= int(trained[-1])
            visits += n - at

    def _rows_of_pass(self, number: int) -> Array:
        if not self.shuffle:
            number = 0
        if self._pass is None or self._pass[0] != number:
            n = len(self.usable)
            key = np.random.SeedSequence([self.seed & 0xFFFFFFFFFFFFFFFF, number])
            order = (
                np.random.Generator(np.random.Philox(key)).permutation(n) if self.shuffle else np.arange(n)
            )
            self._pass = (number, order.astype(np.int64, copy=False))
        return self._pass[1]


def sample(usable: Array, size: int, seed: int) -> Array:
    """Sorted numbers of at most `size` of the usable rows (0 = all), drawn without replacement."""
    rows = np.flatnonzero(usable)
    if size <= 0 or len(rows) <= size:
        return rows
    key = np.random.SeedSequence([seed & 0xFFFFFFFFFFFFFFFF, 0x5C0E])
    return np.sort(np.random.Generator(np.random.Philox(key)).choice(rows, size, replace=False))
