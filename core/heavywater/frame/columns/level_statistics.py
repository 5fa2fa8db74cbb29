"""What is learned of a factor: its levels, and how often each occurs. It merges, and the levels unite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from ...arrays import Array
from .column import Column
from .exact_numbers import ExactNumbers, group_sums
from .makers import level_bytes
from .numerals import number_of_level

# Orders in which levels may stand: as somebody gave them, of their bytes (where they come from a file), of the numbers
# that they are the texts of (where they were made of numbers).
GIVEN, BYTES, NUMBERS = "given", "bytes", "numbers"
_SLICE = 1 << 18


@dataclass(frozen=True)
class WeightsOfLevels:
    """Rows of each level whose weight is positive.

    Attributes
    ----------
    counts : tuple of int
        How many.
    sums : ExactNumbers
        Of their weights.
    """

    counts: tuple[int, ...]
    sums: ExactNumbers

    def __add__(self, other: WeightsOfLevels) -> WeightsOfLevels:
        counts = tuple(one + another for one, another in zip(self.counts, other.counts, strict=True))
        return WeightsOfLevels(counts, self.sums + other.sums)

    def placed(self, places: Sequence[int], size: int) -> WeightsOfLevels:
        """The same among other levels, see `LevelStatistics.among`."""
        return WeightsOfLevels(_gathered(self.counts, places, size), self.sums.placed(places, size))


@dataclass(frozen=True)
class LevelStatistics:
    """Levels of a factor, and how often they occur.

    Attributes
    ----------
    names : tuple of str
    orders : frozenset of str
        The orders in which the levels of every part stand. ``"given"`` is among them as long as all parts have the same
        levels: then these stay as they are.
    counts : tuple of int
        Rows of each level.
    weights : WeightsOfLevels or None
    """

    names: tuple[str, ...]
    orders: frozenset[str]
    counts: tuple[int, ...]
    weights: WeightsOfLevels | None = None

    @classmethod
    def of(cls, column: Column, weights: Array | None = None) -> LevelStatistics:
        """Those of a factor.

        Parameters
        ----------
        column : Column
        weights : ndarray of float64, shape (n,), optional
            From 0 on, finite.
        """
        names = column.levels or ()
        size, codes = len(names), column.values
        counts = np.zeros(size + 1, np.int64)
        for start in range(0, len(codes), _SLICE):
            counts += np.bincount(codes[start : start + _SLICE].astype(np.int64) + 1, minlength=size + 1)
        of_weights = None
        if weights is not None:
            heavy = np.flatnonzero((weights > 0) & (codes >= 0))
            found = codes[heavy]
            of_weights = WeightsOfLevels(
                tuple(np.bincount(found, minlength=size).tolist()), group_sums(found, size, weights[heavy])
            )
        return cls(names, orders_of(names), tuple(counts[1:].tolist()), of_weights)

    def merge(self, other: LevelStatistics) -> LevelStatistics:
        """Those of both parts; see `united` for the order of the levels."""
        names, orders = united((self.names, self.orders), (other.names, other.orders))
        one, another = self.among(names), other.among(names)
        counts = tuple(a + b for a, b in zip(one.counts, another.counts, strict=True))
        weights = None
        if one.weights is not None and another.weights is not None:
            weights = one.weights + another.weights
        return LevelStatistics(names, orders, counts, weights)

    def among(self, names: tuple[str, ...]) -> LevelStatistics:
        """The same with more levels, or in another order."""
        if names == self.names:
            return self
        places = places_among(self.names, names)
        weights = None if self.weights is None else self.weights.placed(places, len(names))
        return LevelStatistics(names, self.orders, _gathered(self.counts, places, len(names)), weights)

    def recoded(self, codes: Sequence[int], names: tuple[str, ...]) -> LevelStatistics:
        """Those of a factor with other levels, by the new code of each level (negative: missing)."""
        kept = [code >= 0 for code in codes]
        places = [code for code in codes if code >= 0]
        counts = _gathered(compress(self.counts, kept), places, len(names))
        weights = None
        if self.weights is not None:
            units = _gathered(compress(self.weights.sums.units, kept), places, len(names))
            weights = WeightsOfLevels(
                _gathered(compress(self.weights.counts, kept), places, len(names)),
                ExactNumbers.of(units, self.weights.sums.exponent),
            )
        return LevelStatistics(names, orders_of(names), counts, weights)

    def plain(self) -> dict[str, Any]:
        """The statistics as numbers, texts, lists and mappings."""
        weights = None if self.weights is None else [list(self.weights.counts), self.weights.sums.plain()]
        return {
            "names": list(self.names),
            "orders": sorted(self.orders),
            "counts": list(self.counts),
            "weights": weights,
        }

    @classmethod
    def of_plain(cls, values: dict[str, Any]) -> LevelStatistics:
        """The statistics that `plain` has told."""
        weights = None
        if values["weights"] is not None:
            counts, sums = values["weights"]
            weights = WeightsOfLevels(tuple(counts), ExactNumbers.of_plain(sums))
        return cls(tuple(values["names"]), frozenset(values["orders"]), tuple(values["counts"]), weights)


Levels = tuple[tuple[str, ...], frozenset[str]]


def united(one: Levels, other: Levels) -> Levels:
    """Levels of two parts of a factor, and the orders they stand in.

    Equal ones stay as they are. Else they stand in the order of their bytes, as in an import of the whole; but if it is
    only the order of numbers that all parts have in common, in that one. No levels are no evidence of any order.
    """
    if not one[0] or not other[0]:
        return other if not one[0] else one
    orders = one[1] & other[1]
    if GIVEN in orders and one[0] == other[0]:
        return one
    orders -= {GIVEN}
    by_number = NUMBERS in orders and BYTES not in orders
    key: Callable[[str], Any] = number_of_level if by_number else level_bytes
    return tuple(sorted({*one[0], *other[0]}, key=key)), orders


def orders_of(names: Sequence[str]) -> frozenset[str]:
    """The orders in which some levels stand."""
    found = {GIVEN}
    if _ascending([level_bytes(name) for name in names]):
        found.add(BYTES)
    numbers = [number_of_level(name) for name in names]
    if None not in numbers and _ascending(numbers):
        found.add(NUMBERS)
    return frozenset(found)


def _ascending(keys: Sequence[Any]) -> bool:
    return all(one < other for one, other in zip(keys, keys[1:], strict=False))


def places_among(names: Sequence[str], wider: Iterable[str]) -> list[int]:
    """Where each level stands among more levels."""
    place = {name: k for k, name in enumerate(wider)}
    return [place[name] for name in names]


def _gathered(values: Iterable[int], places: Sequence[int], size: int) -> tuple[int, ...]:
    result = [0] * size
    for place, value in zip(places, values, strict=True):
        result[place] += value
    return tuple(result)
