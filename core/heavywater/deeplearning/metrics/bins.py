"""Merging of many distinct probabilities into few bins with a small squared error in each."""

from __future__ import annotations

import sys
from bisect import bisect_left
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats

# Cells to which probabilities are reduced before merging; far finer than the bins that come out.
_CELLS = 1 << 17
# Above so many rows probabilities are sorted as 32-bit numbers.
SINGLE_PRECISION_ROWS = 500_000


@dataclass(frozen=True)
class Bins:
    """Bins in ascending order.

    Attributes
    ----------
    center
        Weighted mean of the probabilities in the bin.
    total, positive
        Weight of all rows and of the rows of the positive class.
    """

    center: Floats
    total: Floats
    positive: Floats


@dataclass(frozen=True)
class SortedScores:
    """Probabilities of the positive class in ascending order, with what belongs to them.

    Attributes
    ----------
    probability
        Shape (rows,), ascending; 32-bit numbers where there are many rows (see `sort_scores`).
    positive
        Weight of the row if it is of the positive class, else 0.
    weight
        Observation weight of the row, None when all are 1.
    """

    probability: NDArray[np.floating[Any]]
    positive: NDArray[np.floating[Any]] | NDArray[np.integer[Any]]
    weight: Floats | None

    def distinct_starts(self) -> NDArray[np.int64]:
        """First rows of the runs of equal probability."""
        return np.flatnonzero(np.append(True, self.probability[1:] != self.probability[:-1]))

    def bins(self, starts: NDArray[np.int64]) -> Bins:
        """One bin for each run of rows that begins at `starts`."""
        positive = np.add.reduceat(self.positive, starts).astype(np.float64)
        ends = np.append(starts[1:], self.probability.size)
        if self.weight is None:
            total = (ends - starts).astype(np.float64)
            center = _sums_of_runs(self.probability, starts) / total
        else:
            total = np.add.reduceat(self.weight, starts)
            center = np.add.reduceat(self.weight * self.probability, starts) / total
        # A mean of equal numbers may round to another number; keep the number itself.
        first, last = self.probability[starts], self.probability[ends - 1]
        return Bins(np.where(first == last, first, center), total, positive)


def _sums_of_runs(values: NDArray[np.floating[Any]], starts: NDArray[np.int64]) -> Floats:
    return np.add.reduceat(values, starts, dtype=np.float64)


def sort_scores(probability: Floats, codes: NDArray[np.int64], weights: Floats | None) -> SortedScores:
    """Sort rows by probability.

    Beyond `SINGLE_PRECISION_ROWS` rows probabilities are compared as 32-bit numbers: the bits of
    non-negative ones order as the numbers do, so that the bits and the class (and, with weights, the row
    number) make one integer, and sorting integers is many times faster than an index sort.
    """
    rows = probability.shape[0]
    if rows <= SINGLE_PRECISION_ROWS or rows >= 1 << 31:
        order = np.argsort(probability)
        positive = codes[order].astype(np.float64)
        if weights is None:
            return SortedScores(probability[order], positive, None)
        return SortedScores(probability[order], positive * weights[order], weights[order])
    if weights is None:
        packed = _bits(probability)
        packed <<= np.uint32(1)
        packed |= codes.astype(np.uint32)
        packed.sort()
        positive_rows = (packed & np.uint32(1)).view(np.int32)
        packed >>= np.uint32(1)
        return SortedScores(packed.view(np.float32), positive_rows, None)
    wide = _bits(probability).astype(np.uint64)
    wide <<= np.uint64(32)
    wide |= ((np.arange(rows) << 1) | codes).view(np.uint64)
    wide.sort()
    halves = wide.view(np.uint32).reshape(-1, 2)  # the lower half comes first on little-endian machines
    low, high = (0, 1) if sys.byteorder == "little" else (1, 0)
    weight = weights[halves[:, low] >> np.uint32(1)]
    positive_weight = weight * (halves[:, low] & np.uint32(1))
    return SortedScores(np.ascontiguousarray(halves[:, high]).view(np.float32), positive_weight, weight)


def _bits(probability: Floats) -> NDArray[np.uint32]:
    """Bits of 32-bit numbers; abs makes 0 of -0, whose bits would order last."""
    return np.abs(probability.astype(np.float32)).view(np.uint32)


def merge_in_row_order(probability: Floats, codes: NDArray[np.int64], weight: Floats, limit: int) -> Bins:
    """Merge row by row, in the order given, as H2O does with rows that lie in one chunk of its memory.

    A new probability becomes a bin; when there are too many, the cheapest pair of neighbours merges. The cost
    of a pair is the squared error of the bin it would become. The result depends on the order, and every
    row costs Python time: meant for some thousand rows, where H2O's own thresholds are worth having.
    """
    bins = _OrderedBins(limit)
    single = probability.astype(np.float32).astype(np.float64)
    positive = np.where(codes == 1, weight, 0.0)
    columns = (probability.tolist(), single.tolist(), positive.tolist(), weight.tolist())
    for row in zip(*columns, strict=True):
        bins.add(*row)
    return Bins(np.array(bins.center), np.array(bins.total), np.array(bins.positive))


class _OrderedBins:
    """Ascending bins that take one row at a time and keep the cost of merging each pair of neighbours.

    Centres that agree as 32-bit numbers (`single`) merge at no cost and before all others: cost -1. Plain
    lists where one number is read or written, an array where the minimum is sought: the faster of the two.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.center: list[float] = []
        self.single: list[float] = []
        self.error: list[float] = []
        self.total: list[float] = []
        self.positive: list[float] = []
        self.cost = np.full(limit + 2, inf)  # of the pair that begins at an index; infinite from the last on

    def add(self, probability: float, single: float, positive: float, weight: float) -> None:
        """Take one row."""
        at = bisect_left(self.center, probability)
        if at < len(self.center) and self.center[at] == probability:
            self.total[at] += weight
            self.positive[at] += positive
            self._update_costs(at)
            return
        self.center.insert(at, probability)
        self.single.insert(at, single)
        self.error.insert(at, 0.0)
        self.total.insert(at, weight)
        self.positive.insert(at, positive)
        self.cost[at + 1 :] = self.cost[at:-1]
        self._update_costs(at)
        if len(self.center) > self.limit:
            self._merge(int(self.cost.argmin()))

    def _increase(self, at: int) -> float:
        """Increase of the squared error if the bins `at` and `at` + 1 were one."""
        low, high = self.single[at], self.single[at + 1]
        distance = high - low
        if high > 2 * low:  # closer 32-bit numbers have an exact difference
            distance = float(np.float32(distance))
        one, other = self.total[at], self.total[at + 1]
        return distance * distance * other * one / (other + one)

    def _update_costs(self, at: int) -> None:
        """Renew the costs of the two pairs to which a bin belongs."""
        error = self.error
        if at > 0:
            increase = self._increase(at - 1)
            self.cost[at - 1] = error[at - 1] + error[at] + increase if increase else -1.0
        if at + 1 < len(error):
            increase = self._increase(at)
            self.cost[at] = error[at] + error[at + 1] + increase if increase else -1.0
        else:
            self.cost[at] = inf

    def _merge(self, at: int) -> None:
        one, other = self.total[at], self.total[at + 1]
        self.error[at + 1] += self.error[at] + self._increase(at)
        self.center[at + 1] = (self.center[at] * one + self.center[at + 1] * other) / (one + other)
        self.single[at + 1] = float(np.float32(self.center[at + 1]))
        self.total[at + 1] += one
        self.positive[at + 1] += self.positive[at]
        for values in (self.center, self.single, self.error, self.total, self.positive):
            del values[at]
        self.cost[at:-1] = self.cost[at + 1 :]
        self._update_costs(at)


def merge_sorted(scores: SortedScores, starts: NDArray[np.int64], limit: int) -> Bins:
    """Merge runs of sorted rows to at most `limit` bins, by the same cost but independent of row order.

    In each round many pairs merge at once: of the cheapest quarter those that are not neighbours.

    Parameters
    ----------
    scores
        The sorted rows.
    starts
        First rows of the runs of equal probability.
    limit
        Most bins to keep.
    """
    bins = scores.bins(starts if starts.size <= _CELLS else _cell_starts(scores.probability))
    center, total, positive = bins.center.copy(), bins.total.copy(), bins.positive.copy()
    error = np.zeros_like(center)
    while center.size > limit:
        step = np.diff(center)
        pooled = total[1:] * total[:-1] / (total[1:] + total[:-1])
        cost = error[1:] + error[:-1] + step * step * pooled
        chosen = _independent_cheapest(cost, center.size - limit)
        keep = np.ones(center.size, dtype=bool)
        keep[chosen + 1] = False
        error[chosen] = cost[chosen]
        share = total[chosen + 1] / (total[chosen] + total[chosen + 1])
        center[chosen] += share * step[chosen]
        total[chosen] += total[chosen + 1]
        positive[chosen] += positive[chosen + 1]
        center, error, total, positive = center[keep], error[keep], total[keep], positive[keep]
    return Bins(center, total, positive)


def _cell_starts(probability: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """First rows of those of 131072 equal cells, from the least to the greatest value, that have rows."""
    edges = np.linspace(probability[0], probability[-1], _CELLS, endpoint=False, dtype=probability.dtype)
    starts = np.searchsorted(probability, edges)  # ascending, like the edges
    starts = starts[np.append(True, starts[1:] != starts[:-1])]
    first: NDArray[np.int64] = starts[starts < probability.size]
    return first


def _independent_cheapest(cost: Floats, most: int) -> NDArray[np.int64]:
    """Indices of pairs to merge: of the cheapest quarter, every other one of each run of neighbours."""
    candidate = cost <= np.partition(cost, cost.size // 4)[cost.size // 4]
    begins = np.flatnonzero(candidate & ~np.r_[False, candidate[:-1]])
    index = np.flatnonzero(candidate)
    run_begin = begins[np.searchsorted(begins, index, side="right") - 1]
    chosen: NDArray[np.int64] = index[(index - run_begin) % 2 == 0]
    if chosen.size > most:
        chosen = chosen[np.argpartition(cost[chosen], most - 1)[:most]]
    return chosen
