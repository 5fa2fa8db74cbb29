"""Which points of curves are drawn where there are too many: their extremes, and of the others evenly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def thinned(columns: Sequence[Sequence[float | None]], count: int) -> list[int]:
    """The places of the points that stay, ascending.

    Parameters
    ----------
    columns : sequence of sequences
        Values of several curves at the same places; None where a curve has none.
    count : int
        How many places stay at most; 4 at least.

    Returns
    -------
    list of int
        The first and the last place, of each curve its lowest and its highest one, those of its parts as far as there is room, and
        others in between.
    """
    total = len(columns[0]) if columns else 0
    if total <= count:
        return list(range(total))
    kept = {0, total - 1}
    values = [np.array(column, dtype=np.float64) for column in columns]
    values = [column for column in values if np.isfinite(column).any()]
    for column in values:
        kept |= set(_extremes(column, 0, total)) if len(kept) + 2 <= count else set()
    parts = (count - len(kept)) // max(1, 2 * len(values))
    edges = np.linspace(0, total, parts + 1).astype(int)
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        for column in values:
            kept |= set(_extremes(column, first, last))
    others = np.setdiff1d(np.arange(total), list(kept))
    room = min(count - len(kept), len(others))
    kept |= set(others[np.linspace(0, len(others) - 1, room).astype(int)].tolist()) if room > 0 else set()
    return sorted(kept)


def _extremes(column: np.ndarray[tuple[int], np.dtype[np.float64]], first: int, last: int) -> list[int]:
    part = column[first:last]
    places = np.flatnonzero(np.isfinite(part))
    if not len(places):
        return []
    found = part[places]
    return [int(first + places[found.argmin()]), int(first + places[found.argmax()])]
