"""No more points than a screen shows, without losing a peak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ....arrays import Array

MOST_POINTS = 1000
_LARGEST, _SMALLEST = 1e300, 1e-290  # beyond them differences and quotients of two numbers are none


def plain(values: Iterable[Any] | Array) -> Array:
    """The values as float64 that can be placed on an axis: what is missing or not finite is NaN."""
    if not isinstance(values, np.ndarray):
        values = np.array([np.nan if value is None else value for value in values], dtype=float)
    found = values.astype(float)
    found[~np.isfinite(found)] = np.nan
    found[np.abs(found) < _SMALLEST] = 0.0
    return np.asarray(np.clip(found, -_LARGEST, _LARGEST))


def thinned(x: Array, y: Array, most: int = MOST_POINTS) -> tuple[Array, Array]:
    """Points of a curve, at most so many: of each stretch the lowest and the highest, and both ends.

    Parameters
    ----------
    x, y : (n,) float64
        NaN in `y` is a gap.
    most : int
    """
    rows = peaks(y, most)
    return x[rows], y[rows]


def peaks(y: Array, most: int) -> Array:
    """The rows that `thinned` keeps, in ascending order; see there."""
    if len(y) <= most:
        return np.arange(len(y))
    chosen = {0, len(y) - 1}
    for rows in np.array_split(np.arange(len(y)), max(1, most // 2 - 1)):
        part = y[rows]
        if np.isnan(part).all():
            chosen.add(int(rows[0]))
        else:
            chosen |= {int(rows[np.nanargmin(part)]), int(rows[np.nanargmax(part)])}
    return np.array(sorted(chosen))


def thinned_together(
    curves: Mapping[str, tuple[Array, Array]], most: int = MOST_POINTS
) -> dict[str, tuple[Array, Array]]:
    """Curves thinned; those that have one x keep the same rows, so that what is seen beside each other was so."""
    if not curves:
        return {}
    first = next(iter(curves.values()))[0]
    if not all(len(x) == len(first) and np.array_equal(x, first, equal_nan=True) for x, _ in curves.values()):
        return {name: thinned(x, y, most) for name, (x, y) in curves.items()}
    rows = np.unique(np.concatenate([peaks(y, max(8, most // len(curves))) for _, y in curves.values()]))
    return {name: (x[rows], y[rows]) for name, (x, y) in curves.items()}


def sampled(x: Array, y: Array, most: int) -> tuple[Array, Array]:
    """Points of a cloud without those that have no place, at most so many, with the outermost ones among them."""
    there = ~(np.isnan(x) | np.isnan(y))
    x, y = x[there], y[there]
    if len(x) <= most:
        return x, y
    outermost = [int(each(values)) for values in (x, y) for each in (np.argmin, np.argmax)]
    order = np.unique([*np.linspace(0, len(x) - 1, most - len(outermost)).astype(int), *outermost])
    return x[order], y[order]


def merged(counts: Sequence[float] | Array, most: int) -> tuple[Array, int]:
    """Counts of neighbouring bins added up so that there are at most so many; and how many bins went into one."""
    found = np.nan_to_num(plain(counts))
    together = max(1, -(-len(found) // most))
    padded = np.append(found, np.zeros(-len(found) % together))
    return padded.reshape(-1, together).sum(axis=1), together
