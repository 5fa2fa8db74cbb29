"""Ranges of axes, and where their ticks are."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ....arrays import Array
from ..basics.wording import short_number

_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class AxisScale:
    """The range of an axis.

    Parameters
    ----------
    low, high : float
        ``low < high``.
    log : bool
        Whether equal factors have equal lengths; then both are positive.
    """

    low: float
    high: float
    log: bool = False

    def place(self, values: Array | float) -> Array:
        """Where values lie on the axis: 0 at its beginning, 1 at its end, NaN where they cannot lie."""
        found = np.asarray(values, dtype=float)
        low, high = self.low, self.high
        if self.log:
            with np.errstate(all="ignore"):
                found = np.where(found > 0, np.log10(found), np.nan)
            low, high = math.log10(low), math.log10(high)
        return np.asarray((found - low) / (high - low))

    def ticks(self, about: int = 5) -> list[tuple[float, str]]:
        """Places of ticks (0 to 1) and what is written there."""
        values = (self._decades(about) if self.log else None) or self._steps(about)
        texts = _texts(values)
        return [
            (float(place), text)
            for place, text in zip(self.place(np.array(values)), texts, strict=True)
            if -1e-9 <= place <= 1 + 1e-9
        ]

    def _steps(self, about: int) -> list[float]:
        rough = (self.high - self.low) / about
        power = 10.0 ** math.floor(math.log10(rough))
        step = next((nice * power for nice in _NICE if nice * power >= rough * 0.999), rough)
        first = math.ceil(self.low / step - 1e-9)
        found = [(first + i) * step for i in range(int((self.high - self.low) / step) + 2)]
        return [float(f"{value:.12g}") for value in found if self.low - step * 1e-6 <= value]

    def _decades(self, about: int) -> list[float] | None:
        """Powers of ten; None where there are fewer than two."""
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        every = max(1, math.ceil((last - first + 1) / (about + 1)))
        found = [10.0**power for power in range(first, last + 1, every)]
        return found if len(found) > 1 else None


def _texts(values: list[float]) -> list[str]:
    """Short numbers; with more digits where neighbours would read the same."""
    texts = [short_number(value) for value in values]
    for digits in range(5, 13):
        if len(set(texts)) == len(texts):
            break
        texts = [short_number(value, digits) for value in values]
    return texts


def scale_of(
    parts: Iterable[Array], log: bool = False, room: float = 0.0, within: tuple[float, float] | None = None
) -> AxisScale | None:
    """A range that holds all values; None where there are none.

    Parameters
    ----------
    parts : iterable of float64 arrays
        As `thinning.plain` gives them; NaN are passed over, and on a logarithmic axis what is not positive.
    log : bool
    room : float
        Share of the range that is added at both ends.
    within : (float, float), optional
        The range is at least this.
    """
    lows, highs = [], []
    for part in parts:
        values = part[part > 0] if log else part[~np.isnan(part)]
        if len(values):
            lows.append(float(values.min()))
            highs.append(float(values.max()))
    if not lows:
        return None
    low, high = min(lows), max(highs)
    if within is not None:
        low, high = low if log and within[0] <= 0 else min(low, within[0]), max(high, within[1])
    if log:
        factor = 2.0 if high / low < 1 + 1e-9 else (high / low) ** room  # one value, or as good as
        return AxisScale(low / factor, high * factor, log=True)
    margin = (high - low) * room
    if high - low <= max(abs(low), abs(high)) * 1e-12:
        margin = abs(low) * 0.1 or 1.0
    return AxisScale(low - margin, high + margin)
