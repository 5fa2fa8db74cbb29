"""Piecewise-linear encoding of numbers: each becomes several units, which rise one after the other from edge to edge.

Of the edges e_0 < ... < e_B of a column, unit i is (x - e_i) / (e_(i + 1) - e_i), but no less than 0 and no more than 1. All of
them together are one number, the *position* of x among the edges, in 0 .. B: unit i is the position less i, within 0 and 1.
Source: Gorishniy, Rubachev, Babenko 2022, "On embeddings for numerical features in tabular deep learning", section 3.2.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array

MOST_UNITS = 4096  # of all columns together
FEWEST_BINS = 8  # of a column, where there would be more units
ROWS_PER_BIN = 100  # that are trained, at least
MOST_TABLE = 1 << 20  # bytes of the positions of all narrow whole numbers
_NARROWEST = 1e-300  # from one edge to the next: its reciprocal is a number
_COMPARED = 130  # edges of a column, up to which numbers are compared with all of them
_BLOCK = 1 << 12  # numbers that are worked on at once: they stay in the cache
_FEW = 16  # rows, up to which plain numbers are quicker than arrays


@dataclass(frozen=True)
class Spread:
    """The different numbers of a column, and what each stands for.

    Attributes
    ----------
    values : float array (different numbers,)
        They are finite and increase.
    loads : float array (different numbers,)
        Sum of the weights of the rows of each; positive.
    """

    values: Array
    loads: Array

    @classmethod
    def of(cls, numbers: Array, loads: Array) -> Spread:
        """That of some cells (rows,) with weights (rows,); what is missing, infinite or without weight does not count."""
        known = np.isfinite(numbers) & (loads > 0)
        values, place = np.unique(numbers[known] + 0.0, return_inverse=True)
        sums = np.bincount(place, loads[known], minlength=len(values))
        if len(values) > 1:
            apart = np.append(True, np.diff(values) >= _NARROWEST)
            if not apart.all():
                starts = np.flatnonzero(apart)
                values, sums = values[starts], np.add.reduceat(sums, starts)
        return cls(values, sums)

    def bins(self, most: int) -> int:
        """Into how many bins the numbers go, of so many at most."""
        return max(1, min(most, len(self.values) - 1))

    def edges(self, bins: int, otherwise: float) -> Array:
        """Edges of at most so many bins, at quantiles of the numbers that differ; float (edges,).

        A number that is as frequent as a bin is an edge by itself, and the quantiles are those of the other rows.
        Few different numbers are all edges. A constant one has a bin above it, and where there is none `otherwise`
        stands for it.
        """
        values = self.values
        if len(values) < 2:
            low = float(values[0]) if len(values) else otherwise
            return np.array([low, low + max(1.0, float(np.spacing(abs(low))))])
        if len(values) <= bins + 1:
            return values.copy()
        frequent, left = self._frequent(bins)
        sums = np.cumsum(np.where(frequent, 0.0, self.loads))
        places = np.searchsorted(sums, sums[-1] * np.arange(1, left) / left)
        last = len(values) - 1
        found: Array = values[np.unique([0, *np.flatnonzero(frequent), *np.minimum(places, last), last])]
        return found

    def _frequent(self, bins: int) -> tuple[Array, int]:
        """Which numbers would fill one of so many bins alone, and how many bins are left for the others.

        Several quantiles would be such a number: of a column that is mostly 0 hardly an edge would be left for the rest.
        """
        frequent: Array = np.zeros(len(self.values), bool)
        left = bins
        while left > 1:
            more = ~frequent & (self.loads > self.loads[~frequent].sum() / left)
            if not more.any():
                break
            frequent |= more
            left = max(1, bins - int(frequent.sum()))
        return frequent, left


def edges_of(
    spreads: Mapping[str, Spread], means: Mapping[str, float], most: int, rows: float
) -> dict[str, Array]:
    """The edges of all columns; none where they would have too many units together.

    Parameters
    ----------
    spreads : mapping of str to Spread
        Of each column.
    means : mapping of str to float
        What stands for missing numbers.
    most : int
        Bins of a column, at most.
    rows : int
        How many are trained: each bin of a column is to have 100.
    """
    cap = max(1, min(most, int(rows) // ROWS_PER_BIN))
    bins = {name: spread.bins(cap) for name, spread in spreads.items()}
    fewest = min(cap, FEWEST_BINS)
    while sum(min(cap, each) for each in bins.values()) > MOST_UNITS:
        if cap == fewest:
            return {}
        cap -= 1
    return {name: spread.edges(min(cap, bins[name]), means[name]) for name, spread in spreads.items()}


class PiecewiseNumbers:
    """The edges of the numbers of an encoder, and where numbers lie among them.

    Parameters
    ----------
    edges : sequence of float array
        Of each column.

    Attributes
    ----------
    spans : int32 array (columns + 1,)
        First unit of each column, and how many there are of all.
    """

    def __init__(self, edges: Sequence[Array]) -> None:
        self._edges = list(edges)
        self._widths = [np.diff(each) for each in self._edges]
        self.spans: Array = np.cumsum([0, *map(len, self._widths)]).astype(np.int32)
        self._plain = [
            (each.tolist(), widths.tolist()) for each, widths in zip(edges, self._widths, strict=True)
        ]

    def of_column(self, place: int, x: Array) -> Array:
        """Positions of numbers of a column, none missing; float64 (rows,)."""
        edges, widths = self._edges[place], self._widths[place]
        found = np.empty(len(x))
        for lo in range(0, len(x), _BLOCK):
            part = x[lo : lo + _BLOCK]
            k = _edges_below(edges, part) - 1
            np.clip(k, 0, len(widths) - 1, out=k)
            found[lo : lo + _BLOCK] = _position(k, part, edges.take(k), widths.take(k))
        return found

    def of_rows(self, numbers: Array) -> Array:
        """Positions of rows (rows, columns), none missing; float64."""
        if len(numbers) <= _FEW:
            return np.array(
                [list(map(_plain_position, row, self._plain)) for row in numbers.tolist()]
            ).reshape(numbers.shape)
        found = np.empty(numbers.shape)
        for place in range(numbers.shape[1]):
            found[:, place] = self.of_column(place, numbers[:, place])
        return found

    def of_whole_numbers(self, columns: Sequence[Array], dtype: Any) -> tuple[Array, Array] | None:
        """A table of positions for columns of narrow whole numbers, and where that of each begins, less its least number.

        Position of number v of column j: ``table[begin[j] + v]``. None where the table would be large.
        """
        ranges = [(int(each.min()), int(each.max())) if len(each) else (0, 0) for each in columns]
        if sum(high - low + 1 for low, high in ranges) * np.dtype(dtype).itemsize > MOST_TABLE:
            return None
        parts, begin, end = [], [], 0
        for place, (low, high) in enumerate(ranges):
            parts.append(self.of_column(place, np.arange(low, high + 1, dtype=np.float64)).astype(dtype))
            begin.append(end - low)
            end += high - low + 1
        return np.concatenate(parts), np.array(begin, np.int32)


def _edges_below(edges: Array, x: Array) -> Array:
    """How many edges each number has reached; int64 (rows,)."""
    if len(edges) > _COMPARED or len(x) < len(edges):
        return np.searchsorted(edges, x, side="right")
    count, reached = np.zeros(len(x), np.uint8), np.empty(len(x), bool)
    for edge in edges.tolist():  # quicker than a search in each number, whose branches nobody can predict
        np.greater_equal(x, edge, out=reached)
        count += reached.view(np.uint8)
    return count.astype(np.int64)


def _plain_position(x: float, column: tuple[list[float], list[float]]) -> float:
    """The same as `_position`, to the last bit, of a single number."""
    edges, widths = column
    k = min(max(bisect_right(edges, x) - 1, 0), len(widths) - 1)
    return k + min(max((x - edges[k]) / widths[k], 0.0), 1.0)


def _position(k: Array, x: Array, edges: Array, widths: Array) -> Array:
    with np.errstate(over="ignore"):
        return k + np.minimum(np.maximum((x - edges) / widths, 0.0), 1.0)


def unit_names(name: str, edges: Array) -> list[str]:
    """Names of the units of a column: of one its own, of more from where to where each rises."""
    if len(edges) == 2:
        return [name]
    for digits in range(4, 18):
        texts = [f"{edge:.{digits}g}" for edge in edges.tolist()]
        if len(set(texts)) == len(texts):
            break
    return [f"{name}.{low}..{high}" for low, high in zip(texts, texts[1:], strict=False)]
