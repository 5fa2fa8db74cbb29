"""Scores of rows, and where they are cut: how many lie above, and which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....arrays import Array

MOST_STEPS = 1000  # of a slider
_BINS = 60
_FIRST = 0.95  # share of the rows below the cut that is made first


@dataclass(frozen=True)
class ScoreSteps:
    """What is kept of many scores: places where they may be cut, with how many lie above each.

    Attributes
    ----------
    rows : int
        Those that have a score.
    cuts : list of float
        Ascending: scores that occur, all or evenly spread over the rows.
    above : list of int
        How many scores are greater than each cut.
    counts : list of int
        In bins of equal width, for a picture; the last one has all that is greater, too.
    low, high : float
        Where the first bin begins, and the last one ends.
    first : int
        The cut to begin with: about a twentieth of the rows lies above.
    """

    rows: int
    cuts: list[float]
    above: list[int]
    counts: list[int]
    low: float
    high: float
    first: int

    @classmethod
    def of(cls, scores: Array) -> ScoreSteps:
        """Those of scores, NaN where a row has none."""
        known = np.sort(np.asarray(scores, float)[~np.isnan(scores)])
        if not len(known):
            return cls(0, [], [], [], 0.0, 0.0, 0)
        places = np.linspace(0, len(known) - 1, min(MOST_STEPS, len(known))).round().astype(int)
        cuts = np.unique(known[places])
        above = len(known) - np.searchsorted(known, cuts, side="right")
        first = int(np.argmax(above <= (1 - _FIRST) * len(known)))
        # A few huge scores would leave nothing to see of the others.
        high = min(known[-1], max(known[int(0.99 * (len(known) - 1))] * 2, known[0]))
        if high <= known[0]:
            high = known[-1] if known[-1] > known[0] else known[0] + 1
        counts, _ = np.histogram(np.minimum(known, high), _BINS, (known[0], high))
        return cls(
            len(known), cuts.tolist(), above.tolist(), counts.tolist(), float(known[0]), float(high), first
        )

    @property
    def first_cut(self) -> float:
        """The cut to begin with."""
        return self.cuts[self.first] if self.cuts else 0.0


def rows_above(scores: Array, cut: float, first: int, count: int) -> tuple[int, Array, Array]:
    """Rows whose scores are greater than a cut, the greatest first.

    Parameters
    ----------
    scores : array (rows,)
    cut : float
    first, count : int
        Of these rows, those that are told.

    Returns
    -------
    int
        How many there are.
    int array, float array
        Numbers of the rows from 0, and their scores.
    """
    places = np.flatnonzero(scores > cut)
    found = scores[places]
    last = min(first + count, len(places))
    if last < len(places):
        kept = np.argpartition(-found, last)[: last + 1]
        # equal scores stand in the order of their rows: so all of those that equal the last one are looked at
        kept = np.flatnonzero(found >= found[kept].min())
        chosen, found = places[kept], found[kept]
    else:
        chosen = places
    order = np.lexsort((chosen, -found))[first:last]
    return len(places), chosen[order], found[order]
