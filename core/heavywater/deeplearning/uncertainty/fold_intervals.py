"""Intervals and sets of the mean of several models, each of which knows its errors on the rows that it had left out.

Source: Barber, Candes, Ramdas and Tibshirani, "Predictive Inference with the Jackknife+" (2021), CV+; Romano, Sesia and Candes,
"Classification with Valid and Adaptive Coverage" (2020), CV+ for classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from .held_out_scores import HeldOutScores
from .intervals import Intervals, spread_of

_HALVINGS = 100  # of the range in which an end lies: more than the digits of a number


@dataclass
class FoldIntervals(Intervals):
    """What is known of the errors of several models, with those of each by itself.

    Attributes
    ----------
    members : sequence of Intervals
    """

    members: Sequence[Intervals] = ()

    @classmethod
    def of(cls, members: Sequence[Intervals | None]) -> FoldIntervals | None:
        """Those of models; None where one of them knows nothing of its errors."""
        known = [each for each in members if each is not None]
        if not known or len(known) < len(members):
            return None
        outputs = zip(*(each.scores for each in known), strict=True)
        together = [
            HeldOutScores(
                np.zeros(0), np.zeros(0), np.zeros(0), sum(s.total for s in same), sum(s.rows for s in same)
            )
            for same in outputs
        ]
        first = known[0]
        return cls("cross-validation", together, first.alphas, first.power, known)

    def bounds(self, found: Sequence[Array], level: float) -> tuple[Array, Array]:  # type: ignore[override]
        """Lower and upper ends (rows,) for the predictions (rows, outputs) of each model with the given probability."""
        side = (1 + level) / 2
        self._check_rows(level, side, (self.rows - 1) / (self.rows + 1))
        low, high = self._outputs(level)
        found = [each if each.ndim == 2 else each[:, None] for each in found]
        lower, upper = -self._end(found, low, side, -1.0), self._end(found, high, side, 1.0)
        if self.power is not None:
            lower = np.maximum(lower, 0.0)
        return np.minimum(lower, upper), np.maximum(lower, upper)

    def _end(self, found: Sequence[Array], output: int, side: float, sign: float) -> Array:
        """The least number, or with a sign of -1 minus the greatest, that enough errors around the models do not go beyond."""
        together = self.scores[output]
        needed = together.needed(side)
        scores = [each.scores[output] for each in self.members]
        if sign < 0:
            scores = [each.turned() for each in scores]
        centres = [sign * each[:, output] for each in found]
        spreads = [spread_of(each[:, output], self.power) for each in found]

        def reached(end: Array) -> Array:
            weights = [s.weight_upto((end - centre) / spread) for s, centre, spread in parts]
            return np.asarray(np.sum(weights, axis=0))

        parts = list(zip(scores, centres, spreads, strict=True))
        low = np.min([centre + spread * s.values[0] for s, centre, spread in parts], axis=0)
        high = np.max([centre + spread * s.values[-1] for s, centre, spread in parts], axis=0)
        for _ in range(_HALVINGS):
            middle = low + (high - low) / 2
            enough = reached(middle) >= needed
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.asarray(high)

    def sets(self, chances: Sequence[Array], level: float) -> Array:  # type: ignore[override]
        """Which classes are in the set of each row, for the probabilities (rows, classes) of each model."""
        self._check_rows(level, level, self.rows / (self.rows + 1))
        needed = self.scores[0].needed(level)
        each_above = [
            each.scores[0].weight_above(own) for each, own in zip(self.members, chances, strict=True)
        ]
        mean = np.mean(chances, axis=0)
        inside = (np.sum(each_above, axis=0) < needed).astype(np.float64)
        missing = np.isnan(mean).any(axis=1)
        best = np.where(missing, 0, np.argmax(np.nan_to_num(mean), axis=1))
        inside[np.arange(len(mean)), best] = 1
        inside[missing] = np.nan
        return np.asarray(inside)
