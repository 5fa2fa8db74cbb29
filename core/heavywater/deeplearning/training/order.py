"""Which row is trained when: a pure function of the seed and of how many rows were visited before."""

from __future__ import annotations

import copy

import numpy as np

from ...arrays import Array


class RowOrder:
    """An endless sequence of passes over the rows.

    Parameters
    ----------
    usable : bool array (rows,)
        Rows that are trained; the others are visited and skipped, and count as rows of an epoch.
    seed : int
    shuffle : bool
        A fresh pseudo-random order in each pass; else the natural order again and again.
    rows : int array (places,), optional
        Row at each place of the natural order; by default every row once. Sampled rows may come more than once.
    """

    def __init__(self, usable: Array, seed: int, shuffle: bool, rows: Array | None = None) -> None:
        self.rows = rows
        self.usable = usable if rows is None else usable[rows]
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
        places = order[self.usable[order]]
        return np.ascontiguousarray(places if self.rows is None else self.rows[places])

    def with_seed(self, seed: int) -> RowOrder:
        """The same rows in the order of another seed."""
        other = copy.copy(self)
        other.seed, other._pass = seed, None
        return other

    def as_far_as(self, other: RowOrder, visits: int) -> int:
        """Visits after which as many rows are trained as after so many of another order of the same rows."""
        number, at = divmod(visits, max(1, self.places))
        if at == 0 or self.usable.all():
            return visits
        begin = number * self.places
        samples = other.samples(begin, visits)
        return begin + (self.visits_until(begin, samples) if samples else 0)

    def samples(self, first: int, last: int) -> int:
        """How many rows are trained among visits first..last-1."""
        return len(self.visits(first, last))

    @property
    def places(self) -> int:
        """Visits of a pass."""
        return len(self.usable)

    @property
    def trainable(self) -> bool:
        """Whether any row is trained."""
        return bool(self.usable.any())

    @property
    def trained(self) -> Array:
        """Numbers of the rows that are trained, each once."""
        return np.flatnonzero(self.usable) if self.rows is None else np.unique(self.rows[self.usable])

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

    def end_of(self, first: int, last: int, samples: int) -> int:
        """The visit, `last` at most, before which so many rows are trained from the one numbered `first` on."""
        return last if last - first <= samples else min(last, first + self.visits_until(first, samples))

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


class CountedOrder(RowOrder):
    """The order of rows that lie elsewhere: how many are visited, and how many of them trained, but not which.

    Parameters
    ----------
    rows, trained : int
    seed, shuffle
        As for `RowOrder`.
    """

    def __init__(self, rows: int, trained: int, seed: int, shuffle: bool) -> None:
        super().__init__(np.zeros(0, bool), seed, shuffle)
        self._rows, self._trained = rows, trained

    def lose(self, trained: int) -> None:
        """From now on so many rows are visited in vain: they are lost."""
        self._trained = max(0, self._trained - trained)

    @property
    def places(self) -> int:
        """Visits of a pass."""
        return self._rows

    @property
    def trainable(self) -> bool:
        """Whether any row is trained."""
        return self._trained > 0

    def samples(self, first: int, last: int) -> int:
        """How many rows are trained among visits first..last-1: nearly, since they need not lie evenly."""
        before, until = (visit * self._trained // max(1, self._rows) for visit in (first, last))
        return until - before

    def visits_until(self, first: int, samples: int) -> int:
        """Number of visits from the one numbered `first` on in which so many rows are trained (at least one), nearly."""
        until = first * self._trained // self._rows + samples
        return max(1, -(-until * self._rows // max(1, self._trained)) - first)


def sample(usable: Array, size: int, seed: int, strata: Array | None = None) -> Array:
    """Sorted numbers of at most `size` of the usable rows (0 = all), drawn without replacement.

    Parameters
    ----------
    strata : int array (rows,), optional
        Class of each row: then every class is drawn from by its share, rounded, but at least one row of each (so that a
        few rows more than `size` are possible). Rows of class -1 are left out.
    """
    rows = np.flatnonzero(usable if strata is None else usable & (strata >= 0))
    if strata is None:
        return rows[drawn(len(rows), size, seed)]
    if size <= 0 or len(rows) <= size:
        return rows
    random = _random(seed)
    rows = rows[np.argsort(strata[rows], kind="stable")]
    _, starts, counts = np.unique(strata[rows], return_index=True, return_counts=True)
    wanted = np.maximum(1, np.rint(size / len(rows) * counts)).astype(np.int64)
    chosen = [
        random.choice(rows[start : start + count], number, replace=False)
        for start, count, number in zip(starts, counts, wanted, strict=True)
    ]
    return np.sort(np.concatenate(chosen))


def drawn(rows: int, size: int, seed: int) -> Array:
    """Sorted numbers of at most `size` of so many rows (0 = all), drawn without replacement; int64."""
    if size <= 0 or rows <= size:
        return np.arange(rows)
    return np.sort(_random(seed).choice(rows, size, replace=False))


def _random(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed & 0xFFFFFFFFFFFFFFFF, 0x5C0E])))
