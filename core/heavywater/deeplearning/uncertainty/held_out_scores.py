"""Sorted figures of rows that were held out, and their quantiles as conformal prediction takes them.

Source: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, "Distribution-Free Predictive Inference for Regression" (2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array

KEPT_AT_ENDS, KEPT_BETWEEN = (
    500,
    1000,
)  # figures that a model keeps: all of the extreme ones, some of the others
_ROUNDING = 1e-9  # of shares of the total: 0.9 * 100 is to be 90


@dataclass
class HeldOutScores:
    """Figures of rows in ascending order, some of them left out where there are many.

    Attributes
    ----------
    values : array (kept,)
    before, upto : array (kept,)
        Weight of the rows before each of them, and with it.
    total : float
        Weight of all rows.
    rows : int
        Number of all rows.
    """

    values: Array
    before: Array
    upto: Array
    total: float
    rows: int

    @classmethod
    def of(cls, figures: Array, weights: Array | None = None) -> HeldOutScores:
        """The scores of rows.

        Parameters
        ----------
        figures : array (rows,)
            Without NaN.
        weights : array (rows,), optional
            Positive observation weights.
        """
        order = np.argsort(figures, kind="stable")
        values = np.asarray(figures, np.float64)[order]
        each = np.ones(len(values)) if weights is None else np.asarray(weights, np.float64)[order]
        upto = np.cumsum(each)
        before = np.concatenate([[0.0], upto[:-1]])
        n = len(values)
        between = np.linspace(0, max(0, n - 1), KEPT_BETWEEN).astype(np.int64)
        ends = np.arange(min(n, KEPT_AT_ENDS))
        kept = np.unique(np.concatenate([ends, between, n - 1 - ends])) if n else ends
        return cls(values[kept], before[kept], upto[kept], float(upto[-1]) if n else 0.0, n)

    def needed(self, share: float) -> float:
        """Weight that has to lie on one side: as if the row to be predicted were one more, of mean weight."""
        return share * self.total * (1 + 1 / max(1, self.rows)) - _ROUNDING * self.total

    def weight_upto(self, figures: Array) -> Array:
        """Weight of the rows whose figure is at most this, or a little less where rows were left out."""
        return np.concatenate([[0.0], self.upto])[np.searchsorted(self.values, figures, side="right")]

    def weight_above(self, figures: Array) -> Array:
        """Weight of the rows whose figure is greater, or a little less where rows were left out."""
        after = np.concatenate([self.before, [self.total]])
        return np.asarray(self.total - after[np.searchsorted(self.values, figures, side="right")])

    def turned(self) -> HeldOutScores:
        """Those of the same rows with the other sign."""
        upto, before = self.total - self.before[::-1], self.total - self.upto[::-1]
        return HeldOutScores(-self.values[::-1], before, upto, self.total, self.rows)

    def reaches(self, share: float) -> bool:
        """Whether there are enough rows for a share."""
        return self.rows > 0 and self.needed(share) <= self.total

    def at_least(self, share: float) -> float:
        """The figure that a new row stays below, or at, with a probability of at least `share`; infinite without enough rows."""
        place = int(np.searchsorted(self.upto, self.needed(share)))
        return float(self.values[place]) if self.reaches(share) and place < len(self.values) else np.inf

    def at_most(self, share: float) -> float:
        """The figure that a new row stays above, or at, with a probability of at least `share`."""
        place = int(np.searchsorted(self.before, self.total - self.needed(share), side="right")) - 1
        return float(self.values[place]) if self.reaches(share) and place >= 0 else -np.inf
