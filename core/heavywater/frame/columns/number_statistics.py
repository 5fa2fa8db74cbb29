"""What is learned of numbers by looking at them once: range, exact sums, and what follows from these. It merges."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ._exact_sums import PowerSums
from .column import Column
from .exact_numbers import dyadic

_NAN = float("nan")
_BLOCK = 1 << 16  # numbers that are looked at together: they stay in the cache
_SUMMED_AS_STORED = {np.dtype(name) for name in ("float64", "int8", "uint8", "int16", "uint16")}


@dataclass(frozen=True)
class Weights:
    """Observation weights of rows.

    Attributes
    ----------
    values : ndarray of float64, shape (n,)
        0 for rows that do not count.
    rows : int
        How many do.
    total : Fraction
        Sum of the weights.
    """

    values: Array
    rows: int
    total: Fraction

    @classmethod
    def of(cls, values: Array) -> Weights:
        """Weights as they stand in an array: rows count where they are positive.

        Raises
        ------
        InvalidArgument
            One is infinite.
        """
        kept = np.where(values > 0, values, np.float64(0))
        if math.isinf(kept.max(initial=0.0)):
            raise InvalidArgument("observation weights must be finite, one is infinite: rescale them")
        sums = PowerSums()
        sums.add(kept)
        return cls(kept, int(np.count_nonzero(kept > 0)), dyadic(*sums.totals()[0]))


@dataclass(frozen=True)
class Sums:
    """Exact sums over the numbers of a column.

    Attributes
    ----------
    count : int
        Finite numbers; with weights, those whose weight is positive.
    above, below : int
        Infinite numbers of either sign, counted likewise.
    weight, first, second : Fraction
        Over the finite numbers x with weights w: the sums of w, w x and w x**2. Without weights w is 1.
    """

    count: int = 0
    above: int = 0
    below: int = 0
    weight: Fraction = Fraction(0)
    first: Fraction = Fraction(0)
    second: Fraction = Fraction(0)

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.count + other.count,
            self.above + other.above,
            self.below + other.below,
            self.weight + other.weight,
            self.first + other.first,
            self.second + other.second,
        )

    @classmethod
    def weighted(cls, column: Column, weights: Weights) -> Sums:
        """The sums over a column of numbers with observation weights."""
        values, stored, sums = column.stored, column.sparse, PowerSums()
        loads = weights.values if stored is None else weights.values[stored.rows]
        for rows in _blocks(values):
            sums.add_weighted(np.ascontiguousarray(values[rows], np.float64), loads[rows])
        first, second = (dyadic(*total) for total in sums.totals())
        # What is missing or infinite is not in the sums; of the other rows, also those not stored, all weights count.
        gone = ~np.isfinite(values) if values.dtype.kind == "f" else _absent(column)
        if gone is None or not gone.any():
            return cls(weights.rows, 0, 0, weights.total, first, second)
        numbers, others = values[gone], Weights.of(loads[gone])
        above, below = (int(np.count_nonzero(others.values[numbers == end])) for end in (math.inf, -math.inf))
        return cls(weights.rows - others.rows, above, below, weights.total - others.total, first, second)

    def sum(self) -> float:
        """Sum of all numbers, correctly rounded; NaN with infinite ones of both signs."""
        if self.above or self.below:
            return self.mean()
        try:
            return float(self.first)
        except OverflowError:
            return math.copysign(math.inf, self.first)

    @classmethod
    def of_groups(cls, numbers: Sequence[float], counts: Sequence[int], weights: Sequence[Fraction]) -> Sums:
        """The sums over groups of rows of equal numbers (NaN is missing), by their counts and sums of weights."""
        groups = [
            (Fraction(number), count, weight)
            for number, count, weight in zip(numbers, counts, weights, strict=True)
            if not math.isnan(number)
        ]
        return cls(
            sum(count for _, count, _ in groups),
            weight=sum((weight for _, _, weight in groups), Fraction(0)),
            first=sum((weight * number for number, _, weight in groups), Fraction(0)),
            second=sum((weight * number**2 for number, _, weight in groups), Fraction(0)),
        )

    def finite_mean(self) -> float:
        """Mean of the finite numbers, correctly rounded; NaN without numbers."""
        (up, down), (weight, unit) = (each.as_integer_ratio() for each in (self.first, self.weight))
        return up * unit / (down * weight) if weight else _NAN

    def mean(self) -> float:
        """Mean of all numbers; NaN without numbers, or with infinite ones of both signs."""
        if self.above or self.below:
            return _NAN if self.above and self.below else math.inf if self.above else -math.inf
        return self.finite_mean()

    def finite_deviation(self) -> float:
        """Standard deviation of the finite numbers, correctly rounded; 0 of fewer than two.

        Of k numbers it is the root of sum w (x - mean)**2 / sum w * k / (k - 1).
        """
        if self.count < 2 or not self.weight:
            return 0.0
        # Whole numbers, since fractions would be reduced at each step: (second weight - first**2) / weight**2.
        (w, w_unit), (a, a_unit), (b, b_unit) = (
            each.as_integer_ratio() for each in (self.weight, self.first, self.second)
        )
        up = (b * w * a_unit**2 - a**2 * b_unit * w_unit) * w_unit * self.count
        return square_root(up, b_unit * a_unit**2 * w**2 * (self.count - 1))

    def deviation(self) -> float:
        """Standard deviation of all numbers; NaN with infinite ones among them."""
        return _NAN if self.above or self.below else self.finite_deviation()

    def plain(self) -> list[Any]:
        """The sums as numbers and texts."""
        return [self.count, self.above, self.below, str(self.weight), str(self.first), str(self.second)]

    @classmethod
    def of_plain(cls, values: list[Any]) -> Sums:
        """The sums that `plain` has told."""
        count, above, below, *sums = values
        return cls(count, above, below, *map(Fraction, sums))


def square_root(up: int, down: int = 1) -> float:
    """Square root of up / down, correctly rounded; infinity where float64 ends."""
    # As many pairs of bits more or less as give a whole root of 55 bits or so.
    pairs = (113 - up.bit_length() + down.bit_length()) // 2
    if pairs > 0:
        up <<= 2 * pairs
    else:
        down <<= -2 * pairs
    found = math.isqrt(up // down)
    found |= (
        found * found * down != up
    )  # a last bit that stands for all that is cut off, so that rounding is right
    try:
        return found / (1 << pairs) if pairs > 0 else float(found << -pairs)
    except OverflowError:
        return math.inf


@dataclass(frozen=True)
class NumberStatistics:
    """What is known of numbers.

    Attributes
    ----------
    zeros : int
        How many are 0.
    low, high : float
        The least and the greatest finite one; NaN where there is none.
    sums : Sums
        Every row counts alike.
    weighted : Sums or None
        Rows count by observation weights.
    """

    zeros: int = 0
    low: float = _NAN
    high: float = _NAN
    sums: Sums = field(default_factory=Sums)
    weighted: Sums | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NumberStatistics) and self.plain() == other.plain()

    def __hash__(self) -> int:
        return hash((self.zeros, self.sums))

    @classmethod
    def of(cls, column: Column) -> NumberStatistics:
        """Those of a column of numbers or times."""
        values, absent, sums = column.stored, _absent(column), PowerSums()
        count, above, below, zeros, low, high = 0, 0, 0, 0, math.inf, -math.inf
        for rows in _blocks(values):
            numbers = values[rows] if absent is None else values[rows][~absent[rows]]
            kept_type = numbers.dtype in _SUMMED_AS_STORED
            sums.add(np.ascontiguousarray(numbers, None if kept_type else np.float64))
            least, greatest = _range(numbers)
            if not math.isfinite(greatest - least):
                above += int(np.count_nonzero(numbers == math.inf))
                below += int(np.count_nonzero(numbers == -math.inf))
                numbers = numbers[np.isfinite(numbers)]
                least, greatest = _range(numbers)
            low, high = min(low, least), max(high, greatest)
            count += len(numbers)
            zeros += int(np.count_nonzero(numbers == 0)) if least <= 0 <= greatest else 0
        first, second = (dyadic(*total) for total in sums.totals())
        return _with_zeros(
            column, zeros, low, high, Sums(count, above, below, Fraction(count), first, second)
        )

    @classmethod
    def of_counts(cls, numbers: Array, counts: Sequence[int]) -> NumberStatistics:
        """Those of numbers (NaN is missing) that occur so many times."""
        often = np.array(counts, np.float64)
        kept = (often > 0) & ~np.isnan(numbers)
        numbers, often = numbers[kept], often[kept]
        if not len(numbers):
            return cls()
        sums, rows = PowerSums(), int(often.sum())
        sums.add_weighted(numbers, often)
        first, second = (dyadic(*total) for total in sums.totals())
        return cls(
            int(often[numbers == 0].sum()),
            float(numbers.min()) + 0.0,
            float(numbers.max()) + 0.0,
            Sums(rows, 0, 0, Fraction(rows), first, second),
        )

    def merge(self, other: NumberStatistics) -> NumberStatistics:
        """Those of both parts."""
        weighted = None
        if self.weighted is not None and other.weighted is not None:
            weighted = self.weighted + other.weighted
        return NumberStatistics(
            self.zeros + other.zeros,
            float(np.fmin(self.low, other.low)),
            float(np.fmax(self.high, other.high)),
            self.sums + other.sums,
            weighted,
        )

    def range(self) -> tuple[float, float]:
        """The least and the greatest number, infinite ones among them; NaN where there is none."""
        low = (
            -math.inf
            if self.sums.below
            else math.inf
            if self.sums.above and not self.sums.count
            else self.low
        )
        high = (
            math.inf
            if self.sums.above
            else -math.inf
            if self.sums.below and not self.sums.count
            else self.high
        )
        return low, high

    def plain(self) -> list[Any]:
        """The statistics as numbers, texts and lists; None for what there is not."""
        low, high = (None if math.isnan(bound) else bound for bound in (self.low, self.high))
        weighted = None if self.weighted is None else self.weighted.plain()
        return [self.zeros, low, high, self.sums.plain(), weighted]

    @classmethod
    def of_plain(cls, values: list[Any]) -> NumberStatistics:
        """The statistics that `plain` has told."""
        zeros, low, high, sums, weighted = values
        return cls(
            zeros,
            _NAN if low is None else float(low),
            _NAN if high is None else float(high),
            Sums.of_plain(sums),
            None if weighted is None else Sums.of_plain(weighted),
        )


def _with_zeros(column: Column, zeros: int, low: float, high: float, sums: Sums) -> NumberStatistics:
    """Statistics of a column from those of the cells that it stores: the others are 0."""
    stored = column.sparse
    if stored is not None and (others := len(column) - len(stored.rows)):
        zeros += others
        low, high = min(low, 0.0), max(high, 0.0)
        sums = replace(sums, count=sums.count + others, weight=sums.weight + others)
    if not sums.count:
        low = high = _NAN
    return NumberStatistics(zeros, low + 0.0, high + 0.0, sums)


def _range(numbers: Array) -> tuple[float, float]:
    """The least and the greatest number, NaN where one is missing; without numbers what any number takes the place of."""
    return (float(numbers.min()), float(numbers.max())) if len(numbers) else (math.inf, -math.inf)


def _absent(column: Column) -> Array | None:
    """Which of the cells that a column stores are missing, unless they are NaN."""
    return column.missing if column.sparse is None else column.sparse.absent


def _blocks(values: Array) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, len(values), _BLOCK))
