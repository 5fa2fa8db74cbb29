"""The response in the scale the output unit works in, and predictions back on the scale of the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...frame.columns.column import Column
from ...frame.columns.column_statistics import ColumnStatistics
from ...frame.columns.exact_numbers import ExactNumbers
from ...frame.columns.number_statistics import Weights
from .encoder import numeric_scaling

LOG_LINK = ("poisson", "gamma", "tweedie")
LARGEST_PREDICTION = 1e19  # of a logarithmic link


@dataclass
class Response:
    """Scaling of a response.

    Attributes
    ----------
    name : str
    domain : tuple of str or None
        Classes; None for regression.
    distribution : str
    sub, mul : float
        target = (y - sub) * mul; 0 and 1 unless the link is the identity and standardize is on.
    prior_distribution : array (classes,) or None
        Share of each class in the data, by observation weights.
    model_distribution : array (classes,) or None
        Share of each class in the rows that were trained, where that differs: where classes were balanced.
    range : (float, float) or None
        Predictions stay within it, where that is asked for (clamp_predictions): the range of the response in training.
    positive_offsets_only : bool
        H2O takes offsets only where they are positive; models imported from it keep that.
    """

    name: str
    distribution: str
    domain: tuple[str, ...] | None = None
    sub: float = 0.0
    mul: float = 1.0
    prior_distribution: Array | None = None
    model_distribution: Array | None = None
    positive_offsets_only: bool = False
    range: tuple[float, float] | None = None

    @classmethod
    def fit(
        cls, name: str, column: Column, distribution: str, *, standardize: bool, weights: Array | None
    ) -> Response:
        """Learn the scaling from the training column (weighted when observation weights are given)."""
        loads = None if weights is None else Weights.of(weights)
        return cls.of(name, ColumnStatistics.of(column, loads), distribution, standardize=standardize)

    @classmethod
    def of(cls, name: str, column: ColumnStatistics, distribution: str, *, standardize: bool) -> Response:
        """The scaling of a response of which the statistics are known."""
        levels = column.levels
        if levels is not None:
            sums = ExactNumbers(levels.counts) if levels.weights is None else levels.weights.sums
            total = ExactNumbers((sum(sums.units) or 1,) * len(sums.units), sums.exponent)
            return cls(
                name, distribution, levels.names, prior_distribution=sums.quotients(total, without=0.0)
            )
        if distribution in LOG_LINK or not standardize:
            return cls(name, distribution)
        scaling = numeric_scaling(column.figures(), standardize=True, sparse=False, autoencoder=False)
        return cls(name, distribution, None, scaling.sub, scaling.mul)

    @property
    def scaled(self) -> bool:
        """Whether targets are standardised."""
        return (self.sub, self.mul) != (0.0, 1.0)

    @property
    def class_correction(self) -> Array | None:
        """Factor (classes,) on probabilities where classes were balanced: share in the data / share in training.

        0 for a class that was not trained.
        """
        prior, model = self.prior_distribution, self.model_distribution
        if prior is None or model is None:
            return None
        return np.divide(prior, model, out=np.zeros(len(prior)), where=model > 0)

    @property
    def log_link(self) -> bool:
        """Whether the output is the logarithm of the prediction."""
        return self.distribution in LOG_LINK

    def targets(self, y: Array) -> Array:
        """Scaled response."""
        return (y - self.sub) * self.mul

    def offsets(self, offset: Array) -> Array:
        """Offset in the scale of the output unit; it is added to the output whatever its sign."""
        scaled: Array = (offset - self.sub) * self.mul
        return np.where(offset > 0, scaled, 0.0) if self.positive_offsets_only else scaled

    def probabilities(self, output: Array) -> Array:
        """Probabilities (rows, classes) of the classes in the data from those of the output units."""
        found: Array = output[:, : len(self.domain or ())]
        if self.class_correction is None:
            return found
        found = found * self.class_correction
        found /= found.sum(axis=1, keepdims=True)
        return found

    def predictions(self, output: Array, offset: Array | None = None) -> Array:
        """Predictions on the scale of the response from the output unit (rows,), or several (rows, units), offset included."""
        f = output.astype(np.float64)
        if offset is not None:
            shift = self.offsets(offset)
            f = f + (shift if f.ndim == 1 else shift[:, None])
        if self.log_link:
            with np.errstate(over="ignore"):
                return self.within_range(np.minimum(LARGEST_PREDICTION, np.exp(f)))
        return self.within_range(f / self.mul + self.sub)

    def within_range(self, found: Array) -> Array:
        """Predictions, or ends of intervals, within the range in which they are to stay."""
        return found if self.range is None else np.clip(found, *self.range)
