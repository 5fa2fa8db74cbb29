"""Numbers without any rounding, one for each of some groups, and sums over groups of rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import Array


def dyadic(units: int, exponent: int) -> Fraction:
    """Units * 2**exponent."""
    spare = (units & -units).bit_length() - 1 if units else 0
    units, exponent = units >> spare, exponent + spare
    return Fraction(units << exponent) if exponent >= 0 else Fraction(units, 1 << -exponent)


def largest_magnitude(numbers: Array) -> float:
    """The largest magnitude of finite numbers; 0 without any."""
    return max(float(numbers.max()), -float(numbers.min())) if len(numbers) else 0.0


@dataclass(frozen=True)
class ExactNumbers:
    """Whole multiples of a power of 2, one for each of some groups.

    Attributes
    ----------
    units : tuple of int
    exponent : int
        The numbers are units * 2**exponent; it is the largest with which all are whole multiples, 0 if all are 0.
    """

    units: tuple[int, ...]
    exponent: int = 0

    @classmethod
    def of(cls, units: Sequence[int], exponent: int = 0) -> ExactNumbers:
        """Numbers given as any whole multiples of any power of 2."""
        bits = 0
        for each in units:
            bits |= each
        if bits == 0:
            return cls(tuple(units))
        spare = (bits & -bits).bit_length() - 1
        return cls(tuple(each >> spare for each in units), exponent + spare)

    def __add__(self, other: ExactNumbers) -> ExactNumbers:
        least = min(self.exponent, other.exponent)
        pairs = zip(self._in(least), other._in(least), strict=True)
        return self.of([one + another for one, another in pairs], least)

    def _in(self, exponent: int) -> list[int]:
        return [each << (self.exponent - exponent) for each in self.units]

    def placed(self, places: Sequence[int], size: int) -> ExactNumbers:
        """The numbers at other places among zeros."""
        units = [0] * size
        for place, each in zip(places, self.units, strict=True):
            units[place] = each
        return ExactNumbers(tuple(units), self.exponent)

    def fractions(self) -> list[Fraction]:
        """The numbers as fractions."""
        return [dyadic(each, self.exponent) for each in self.units]

    def plain(self) -> list[Any]:
        """The numbers as texts (there is no limit to them), and the exponent."""
        return [[f"{each:x}" for each in self.units], self.exponent]

    @classmethod
    def of_plain(cls, values: list[Any]) -> ExactNumbers:
        """The numbers that `plain` has told."""
        units, exponent = values
        return cls(tuple(int(each, 16) for each in units), exponent)

    def quotients(self, others: ExactNumbers, without: float) -> Array:
        """Each number by one of others, correctly rounded; `without` where the other is not positive."""
        least = min(self.exponent, others.exponent)
        pairs = zip(self._in(least), others._in(least), strict=True)
        return np.array([one / another if another > 0 else without for one, another in pairs], np.float64)


_MOST_ROWS = 1 << 22
_WIDTH_IN_GROUPS = 28  # 2**22 magnitudes of 27 bits: 49 bits


def group_sums(codes: Array, size: int, numbers: Array, weights: Array | None = None) -> ExactNumbers:
    """Exact sums of numbers, or of weights times numbers, of each group of rows.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Group of each row, from 0.
    size : int
        How many groups there are.
    numbers, weights : ndarray of float64, shape (n,)
        All finite.
    """
    total: dict[int, Array] = {}
    for start in range(0, len(codes), _MOST_ROWS):
        rows = slice(start, start + _MOST_ROWS)
        of_weights = None if weights is None else weights[rows]
        for summands, place in _summands(numbers[rows], of_weights):
            found = np.bincount(codes[rows], summands, size).astype(np.int64).astype(object)
            total[place] = total[place] + found if place in total else found
    least = min(total, default=0)
    units = np.zeros(size, object)
    for place, found in total.items():
        units = units + (found << (place - least))
    return ExactNumbers.of(units.tolist(), least)


def _summands(numbers: Array, weights: Array | None) -> Iterator[tuple[Array, int]]:
    """Numbers, or products of two, as arrays of whole numbers of few bits, and the exponent of their unit."""
    width = _WIDTH_IN_GROUPS if weights is None else _WIDTH_IN_GROUPS // 2
    for limb, place in _all_limbs(numbers, width):
        if weights is None:
            yield limb, place
            continue
        for heavy, further in _all_limbs(weights, width):
            yield limb * heavy, place + further


def _all_limbs(numbers: Array, width: int) -> Iterator[tuple[Array, int]]:
    """Limbs of numbers of any magnitudes as whole numbers, and the exponent of their unit."""
    rest = numbers
    while largest := largest_magnitude(rest):
        exponent = math.frexp(largest)[1] - width + 1
        with np.errstate(under="ignore"):
            scaled = np.ldexp(rest, -exponent)
        limb = np.trunc(scaled)
        rest = rest - np.ldexp(limb, exponent)
        yield limb, exponent
