"""Intervals of numbers and sets of classes that hold the truth with a given probability, whatever the data is like.

The rows that scores are learned from, and those that are predicted, have to come from the same source, in any order; then no
more is needed. Each side of an interval has its own quantile of the errors, so skewed errors give skewed intervals, which hold
the truth on each side with half of the probability that is left.

Sources: Lei et al., "Distribution-Free Predictive Inference for Regression" (2018); Romano, Patterson and Candes, "Conformalized
Quantile Regression" (2019); Barber, Candes, Ramdas and Tibshirani, "Predictive Inference with the Jackknife+" (2021); Sadinle,
Lei and Wasserman, "Least Ambiguous Set-Valued Classifiers" (2019).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from .held_out_scores import HeldOutScores

_LEAST_MEAN = 1e-19  # as in the metrics: a smaller prediction has the spread of this one


@dataclass
class Intervals:
    """What is known of the errors of a model.

    Attributes
    ----------
    source : str
        Where the rows came from that were held out.
    scores : list of HeldOutScores
        Numbers: errors (actual - predicted), of each output. Classes: one, the probability of the actual class.
    alphas : list of float
        Quantiles that the outputs predict, where there are several; else empty.
    power : float or None
        Errors are counted in predicted ** (power / 2), to which the spread of the distribution is proportional; None: as they are.
    """

    source: str
    scores: list[HeldOutScores]
    alphas: list[float] = field(default_factory=list)
    power: float | None = None

    @classmethod
    def of_numbers(
        cls,
        source: str,
        actual: Array,
        found: Array,
        weights: Array | None,
        alphas: Sequence[float] = (),
        power: float | None = None,
    ) -> Intervals | None:
        """Learn from rows; None where none counts.

        Parameters
        ----------
        source : str
        actual : array (rows,)
            NaN where it is missing.
        found : array (rows, outputs)
            Predictions.
        weights : array (rows,), optional
        alphas : sequence of float
        power : float, optional
        """
        counts = ~np.isnan(actual) & np.isfinite(found).all(axis=1)
        counts &= True if weights is None else weights > 0
        if not counts.any():
            return None
        load = None if weights is None else weights[counts]
        actual, found = actual[counts], found[counts].astype(np.float64)
        errors = (actual[:, None] - found) / spread_of(found, power)
        return cls(source, [HeldOutScores.of(each, load) for each in errors.T], list(alphas), power)

    @classmethod
    def of_classes(
        cls, source: str, actual: Array, chances: Array, weights: Array | None
    ) -> Intervals | None:
        """The same where classes are predicted.

        Parameters
        ----------
        actual : int array (rows,)
            -1 where it is missing.
        chances : array (rows, classes)
        """
        counts = (actual >= 0) & ~np.isnan(chances).any(axis=1)
        counts &= True if weights is None else weights > 0
        if not counts.any():
            return None
        own = chances[counts, actual[counts].astype(np.int64)].astype(np.float64)
        return cls(source, [HeldOutScores.of(own, None if weights is None else weights[counts])])

    @property
    def rows(self) -> int:
        """Rows behind it."""
        return self.scores[0].rows

    def bounds(self, found: Array, level: float) -> tuple[Array, Array]:
        """Lower and upper ends (rows,) for predictions (rows, outputs) with the given probability.

        Raises
        ------
        InvalidArgument
            It would take more rows.
        """
        side = (1 + level) / 2
        self._check_rows(level, side, (self.rows - 1) / (self.rows + 1))
        low, high = self._outputs(level)
        spread = spread_of(found.astype(np.float64), self.power)
        lower = found[:, low] + self.scores[low].at_most(side) * spread[:, low]
        upper = found[:, high] + self.scores[high].at_least(side) * spread[:, high]
        if self.power is not None:  # such numbers are never negative
            lower = np.maximum(lower, 0.0)
        return np.minimum(lower, upper), np.maximum(lower, upper)

    def sets(self, chances: Array, level: float) -> Array:
        """For probabilities (rows, classes) which classes are in the set of each row, the most probable always; NaN stays."""
        self._check_rows(level, level, self.rows / (self.rows + 1))
        inside = (chances >= self.scores[0].at_most(level)).astype(np.float64)
        missing = np.isnan(chances).any(axis=1)
        best = np.where(missing, 0, np.argmax(np.nan_to_num(chances), axis=1))
        inside[np.arange(len(chances)), best] = 1
        inside[missing] = np.nan
        return inside

    def _outputs(self, level: float) -> tuple[int, int]:
        """The outputs whose quantiles are nearest to the ends of an interval."""
        if not self.alphas:
            return 0, 0
        alphas = np.array(self.alphas)
        ends = ((1 - level) / 2, (1 + level) / 2)
        low, high = (int(np.argmin(np.abs(alphas - end))) for end in ends)
        return low, high

    def _check_rows(self, level: float, side: float, most: float) -> None:
        if self.scores[0].reaches(side):
            return
        most = math.floor(1000 * most) / 1000
        needed = math.ceil(side / (1 - side) - 1e-9)
        raise InvalidArgument(
            f"interval={level:g} needs the errors of {needed} rows that were held out, the model knows {self.rows} (of the "
            f"{self.source}): ask for at most {most:g}, or train with more"
        )

    def described(self) -> dict[str, object]:
        """What the description of a model tells of it."""
        return {"source": self.source, "rows": self.rows}


def spread_of(found: Array, power: float | None) -> Array:
    """In what errors of predictions are counted."""
    if power is None:
        return np.ones(found.shape)
    return np.asarray(np.maximum(found, _LEAST_MEAN) ** (power / 2))


def checked_level(interval: object) -> float:
    """The probability that an interval is asked for with.

    Raises
    ------
    InvalidArgument, InvalidType
        It is none.
    """
    if isinstance(interval, bool) or not isinstance(interval, int | float):
        raise InvalidType(f"interval={interval!r} must be a number between 0 and 1, as 0.9")
    if not 0 < interval < 1:
        raise InvalidArgument(f"interval={interval!r} must be between 0 and 1, both excluded, as 0.9")
    return float(interval)
