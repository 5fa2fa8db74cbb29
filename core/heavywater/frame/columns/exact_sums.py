"""Sums of numbers, and of their squares, without any rounding.

They are the same for every order of the numbers and every way to cut them into parts.

Numbers are cut into limbs: multiples of a power of 2 with so few bits that float64 holds the sum of the products of two
limbs (of three, with weights) exactly over a run of `_RUN` numbers. So numpy may add them in whatever order is quickest,
and only the sums of runs are left to be added as whole numbers of any length. Numbers of ordinary data need one to four
limbs; those that lie very far below the largest one of a block are set apart and have limbs of their own.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ...arrays import Array
from .exact_numbers import dyadic, largest_magnitude

BLOCK = (
    1 << 15
)  # numbers that are worked on together, so many that Python's part is small, and their limbs stay in the cache
WEIGHTED_BLOCK = 1 << 14  # with weights there are more limbs
_RUN = 128
_BITS = 53 - 7  # of a product of limbs, so that 2**7 of them can be added
_WIDTH = 24  # bits of limbs that are multiplied in pairs; with a sign, magnitudes have one less
# Of numbers and their weights, which are multiplied in threes: with weights of few bits, such as counts, and with others.
_WIDTHS_LIGHT, _WIDTHS_HEAVY = (19, 11), (13, 23)
_MOST_LIMBS = 7
_ORDINARY = 150  # binary exponents, either way, of numbers whose products of limbs stay within float64
_BAND = 200  # binary exponents that are brought into the ordinary range together


class PowerSums:
    """The sum of finite numbers and the sum of their squares, collected block by block."""

    def __init__(self) -> None:
        self._products = _Products()
        self._limbs = _Limbs("limbs")

    def add(self, numbers: Array, largest: float, *, whole: bool = False) -> None:
        """Count the numbers of a block.

        Parameters
        ----------
        numbers : ndarray of float64, shape (n,)
            At most `BLOCK` of them, all finite.
        largest : float
            The largest of their magnitudes.
        whole : bool
            Whether all are whole numbers.
        """
        self._add(numbers, largest, whole, 0)

    def _add(self, numbers: Array, largest: float, whole: bool, shift: int) -> None:
        if largest == 0:
            return
        exponent = math.frexp(largest)[1]
        if abs(exponent) > _ORDINARY:
            for band, _, further in _bands(numbers):
                self._add(band, largest_magnitude(band), False, shift + further)
            return
        block = _in_runs(numbers)
        if whole and exponent < _WIDTH:
            places, apart = self._limbs.whole(block)
        else:
            places, apart = self._limbs.cut(block, exponent, _WIDTH)
        limbs = self._limbs.stack(len(places), len(block))
        if apart is not None:
            limbs[1:, apart] = 0
        self._products.add_pairs(limbs, places, shift)
        if apart is not None:
            self._add(block[apart], largest_magnitude(block[apart]), False, shift)

    def totals(self) -> tuple[Fraction, Fraction]:
        """The sum, and the sum of squares."""
        _, first, second = self._products.totals()
        return first, second


class WeightedPowerSums:
    """The sums of w, w x and w x**2 over finite numbers x and their weights w, collected block by block."""

    def __init__(self) -> None:
        self._products = _Products()
        self._limbs, self._limbs_of_weights = _Limbs("limbs"), _Limbs("limbs of weights")
        self._light = True  # whether one narrow limb has been enough for the weights so far

    def add(self, numbers: Array, weights: Array, *, whole: bool = False) -> None:
        """Count the numbers of a block.

        Parameters
        ----------
        numbers, weights : ndarray of float64, shape (n,)
            At most `WEIGHTED_BLOCK` of each, all finite.
        whole : bool
            Whether all numbers are whole; nothing is said of the weights.
        """
        self._add(numbers, weights, whole, (0, 0))

    def _add(self, numbers: Array, weights: Array, whole: bool, shifts: tuple[int, int]) -> None:
        largest, heaviest = largest_magnitude(numbers), largest_magnitude(weights)
        if heaviest == 0:
            return
        exponent, weight_exponent = math.frexp(largest)[1], math.frexp(heaviest)[1]
        if abs(exponent) > _ORDINARY:
            for band, rows, further in _bands(numbers):
                self._add(band, weights[rows], False, (shifts[0] + further, shifts[1]))
            return
        if abs(weight_exponent) > _ORDINARY:
            for band, rows, further in _bands(weights):
                self._add(numbers[rows], band, whole, (shifts[0], shifts[1] + further))
            return
        self._add_ordinary(_in_runs(numbers), _in_runs(weights), whole, (exponent, weight_exponent), shifts)

    def _add_ordinary(
        self, block: Array, loads: Array, whole: bool, exponents: tuple[int, int], shifts: tuple[int, int]
    ) -> None:
        """Count numbers and weights that are neither very large nor all very small."""
        exponent, weight_exponent = exponents
        weight_places, light = self._cut_light(loads, weight_exponent)
        width, width_of_weights = _WIDTHS_LIGHT if self._light else _WIDTHS_HEAVY
        if whole and exponent < width:
            places, apart = self._limbs.whole(block)
            width_of_weights = _BITS + 1 - 2 * exponent
        else:
            places, apart = self._limbs.cut(block, exponent, width)
        if not self._light:
            weight_places, light = self._limbs_of_weights.cut(loads, weight_exponent, width_of_weights)
        limbs = self._limbs.stack(len(places), len(block))
        heavy = self._limbs_of_weights.stack(len(weight_places), len(block))[1:]
        if apart is not None and light is not None:
            light &= ~apart
        later = [rows for rows in (apart, light) if rows is not None]
        for rows in later:
            heavy[:, rows] = 0
        self._deposit(limbs, places, heavy, weight_places, shifts)
        for rows in later:
            self._add(block[rows], loads[rows], whole, shifts)

    def _cut_light(self, loads: Array, exponent: int) -> tuple[list[int], Array | None]:
        """One limb of the weights, if that is enough."""
        if not self._light:
            return [], None
        places, apart = self._limbs_of_weights.cut(loads, exponent, _WIDTHS_LIGHT[1], most=1)
        self._light = apart is None
        return places, None

    def _deposit(
        self, limbs: Array, places: list[int], heavy: Array, weight_places: list[int], shifts: tuple[int, int]
    ) -> None:
        """Add the products of each limb of the weights with ones, limbs, and products of two limbs of the numbers."""
        pairs = [(i, k) for i in range(1, len(limbs)) for k in range(i, len(limbs))]
        needed = len(limbs) + len(pairs)
        powers = _ROOM.array("powers", needed, WEIGHTED_BLOCK)[:needed, : limbs.shape[1]]
        powers[: len(limbs)] = limbs
        for row, (i, k) in enumerate(pairs, len(limbs)):
            np.multiply(limbs[i], limbs[k], out=powers[row])
        for weight, place in zip(heavy, weight_places, strict=True):
            self._products.add(powers, weight, places, place, shifts)

    def totals(self) -> tuple[Fraction, Fraction, Fraction]:
        """The sums of w, w x and w x**2."""
        return self._products.totals()


class _Room(threading.local):
    """Arrays that serve again for each block of each column that a thread works on."""

    def __init__(self) -> None:
        self._arrays: dict[str, Array] = {}

    def array(self, name: str, count: int, size: int) -> Array:
        """An array (count, runs, _RUN) for blocks of a size; that of limbs begins with ones."""
        found = self._arrays.get(name)
        if found is None or len(found) < count:
            found = self._arrays[name] = np.empty((count, size // _RUN, _RUN))
            found[0] = 1
        return found


_ROOM = _Room()


class _Limbs:
    """Cuts blocks into limbs, which stand until the next block."""

    def __init__(self, name: str) -> None:
        self._stack = _ROOM.array(name, _MOST_LIMBS + 1, BLOCK)
        self._rest = _ROOM.array("rest", 1, BLOCK)[0]
        self._blocks, self._likely = 0, 1

    def stack(self, count: int, runs: int) -> Array:
        """Ones, then the limbs of the block: shape (1 + count, runs, _RUN)."""
        return self._stack[: count + 1, :runs]

    def whole(self, block: Array) -> tuple[list[int], None]:
        """A block of whole numbers of few bits as one limb."""
        self._stack[1, : len(block)] = block
        return [0], None

    def cut(
        self, block: Array, exponent: int, width: int, most: int = _MOST_LIMBS
    ) -> tuple[list[int], Array | None]:
        """Cut a block into limbs, the highest first.

        Parameters
        ----------
        block : ndarray of float64, shape (runs, _RUN)
            Magnitudes below ``2**exponent``.
        exponent, width : int
            The limbs are whole multiples, of magnitudes up to ``2**(width - 1)``, of their unit.
        most : int
            How many limbs there may be.

        Returns
        -------
        places : list of int
            Binary exponent of the unit of each limb.
        apart : ndarray of bool, shape (runs, _RUN), or None
            Where numbers are not the sum of their limbs because they lie too far below; None if nowhere.
        """
        left, rest = self._rest[: len(block)], block
        places: list[int] = []
        for k in range(1, most + 1):
            places.append(exponent - k * width + 1)
            rounder = 1.5 * 2.0 ** (52 + places[-1])  # what is added to it is rounded to the unit
            limb = self._stack[k, : len(block)]
            np.add(rest, rounder, out=limb)
            np.subtract(limb, rounder, out=limb)
            np.subtract(rest, limb, out=left)
            rest = left
            if k >= self._likely and not rest.any():
                break
        else:
            if rest.any():
                return places, rest != 0
        self._blocks += (
            1  # the next block is likely to need as many; now and then it is looked whether less are enough
        )
        self._likely = max(1, len(places) - (self._blocks % 8 == 0))
        return places, None


class _Products:
    """Sums of products of limbs."""

    def __init__(self) -> None:
        self._books: dict[_Units, _Book] = {}

    def add_pairs(self, limbs: Array, places: list[int], shift: int) -> None:
        """Add each limb, and the products of each limb with itself and those below it.

        Parameters
        ----------
        limbs : ndarray, shape (1 + limbs, runs, _RUN)
            Ones, then limbs.
        places : list of int
            Exponent of the unit of each limb.
        shift : int
            Exponent that the numbers have been divided by.
        """
        book = self._book((tuple(places), None, (shift, 0)))
        runs, row = np.empty((len(book.sums), limbs.shape[1])), 0
        for i in range(len(limbs)):
            below = limbs[max(i, 1) :]
            np.vecdot(below, limbs[i], out=runs[row : row + len(below)])
            row += len(below)
        book.enter(runs)

    def add(
        self, powers: Array, weight: Array, places: list[int], weight_place: int, shifts: tuple[int, int]
    ) -> None:
        """Add the products of a limb of weights with ones, limbs of numbers, and products of two of these.

        Parameters
        ----------
        powers : ndarray, shape (1 + limbs + pairs, runs, _RUN)
            Ones, limbs, then the products of each limb with itself and those below it.
        weight : ndarray, shape (runs, _RUN)
        places, weight_place : list of int, int
            Exponents of the units of the limbs.
        shifts : (int, int)
            Exponents that numbers and weights have been divided by.
        """
        self._book((tuple(places), weight_place, shifts)).enter(np.vecdot(powers, weight))

    def _book(self, units: _Units) -> _Book:
        if units not in self._books:
            self._books[units] = _Book(*units)
        return self._books[units]

    def totals(self) -> tuple[Fraction, Fraction, Fraction]:
        """The sums of weights, and of weights times the first and the second power of the numbers."""
        units: tuple[dict[int, int], ...] = ({}, {}, {})  # how often each power of 2
        for book in self._books.values():
            for (power, exponent), often in zip(book.targets, book.sums, strict=True):
                units[power][exponent] = units[power].get(exponent, 0) + often
        zeroth, first, second = map(_value, units)
        return zeroth, first, second


# The exponents of the units of limbs, and of a limb of weights; those that numbers and weights have been divided by.
_Units = tuple[tuple[int, ...], int | None, tuple[int, int]]


class _Book:
    """Sums of products of limbs of the same units, as whole numbers."""

    def __init__(self, places: tuple[int, ...], weight_place: int | None, shifts: tuple[int, int]) -> None:
        heavy, (shift, weight_shift) = weight_place or 0, shifts
        pairs = [(one, other) for i, one in enumerate(places) for other in places[i:]]
        units = [heavy + place for place in places] + [heavy + one + other for one, other in pairs]
        # Power of the numbers, and exponent, of each sum; two different limbs are multiplied both ways.
        self.targets = [(1, heavy + place + weight_shift + shift) for place in places]
        self.targets += [
            (2, heavy + one + other + weight_shift + 2 * shift + (one != other)) for one, other in pairs
        ]
        if weight_place is not None:
            units.insert(0, heavy)
            self.targets.insert(0, (0, heavy + weight_shift))
        self._scale = np.array([[2.0**-unit] for unit in units])
        self.sums = [0] * len(units)

    def enter(self, runs: Array) -> None:
        """Add the sums of the runs of a block; shape (sums, runs)."""
        runs *= self._scale
        found = runs.astype(np.int64).sum(axis=1).tolist()
        self.sums = [before + more for before, more in zip(self.sums, found, strict=True)]


def _value(units: dict[int, int]) -> Fraction:
    least = min(units, default=0)
    return dyadic(sum(often << (exponent - least) for exponent, often in units.items()), least)


def _in_runs(numbers: Array) -> Array:
    """A block as a matrix of runs, filled up with zeros."""
    runs = -(-len(numbers) // _RUN)
    if runs * _RUN != len(numbers):
        full = np.zeros(runs * _RUN)
        full[: len(numbers)] = numbers
        numbers = full
    return numbers.reshape(runs, _RUN)


def _bands(numbers: Array) -> Iterator[tuple[Array, Array, int]]:
    """Numbers by magnitude: those of a band divided by a power of 2, which rows they are of, and its exponent."""
    fractions, exponents = np.frexp(numbers)
    bands = (exponents + _BAND // 2) // _BAND
    for band in np.unique(bands).tolist():
        rows = bands == band
        yield np.ldexp(fractions[rows], exponents[rows] - band * _BAND), rows, band * _BAND


_RUN_OF_BYTES = 128  # float32 holds the sum of so many squares of 8 bits
_BLOCK_OF_BYTES = 1 << 16


def sums_of_bytes(values: Array) -> tuple[Fraction, Fraction]:
    """The sum, and the sum of squares, of whole numbers of 8 bits."""
    first = second = 0
    room = np.zeros((_BLOCK_OF_BYTES // _RUN_OF_BYTES, _RUN_OF_BYTES), np.float32)
    ones = np.ones(_RUN_OF_BYTES, np.float32)
    for start in range(0, len(values), _BLOCK_OF_BYTES):
        part = values[start : start + _BLOCK_OF_BYTES]
        runs = -(-len(part) // _RUN_OF_BYTES)
        block = room[:runs]
        block.reshape(-1)[: len(part)] = part
        block.reshape(-1)[len(part) :] = 0
        first += int(np.vecdot(block, ones).sum(dtype=np.float64))
        second += int(np.vecdot(block, block).sum(dtype=np.float64))
    return Fraction(first), Fraction(second)
