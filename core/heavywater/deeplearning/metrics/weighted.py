"""Weighted means, variances and quantiles that several metrics share."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats


def weighted_mean(values: Floats, weights: Floats | None) -> float:
    """Mean of `values`, weighted by `weights` (None: all 1). NaN for no values."""
    if values.size == 0:
        return float("nan")
    if weights is None:
        return float(values.mean())
    return float(np.dot(weights, values) / weights.sum())


def weighted_variance(values: Floats, weights: Floats | None) -> float:
    """Population variance (divided by the sum of weights, so scaling all weights changes nothing)."""
    if values.size == 0:
        return float("nan")
    if values.min() == values.max():
        # The rounded mean of a constant may differ from it: the variance must still be exactly 0.
        return 0.0
    deviation = values - weighted_mean(values, weights)
    deviation *= deviation
    return weighted_mean(deviation, weights)


def r_squared(mse: float, variance: float) -> float:
    """Coefficient of determination ``1 - mse / variance``.

    Minus infinity for a constant response with errors, NaN for a constant response without any.
    """
    if variance == 0:
        return float("nan") if mse == 0 else float("-inf")
    return 1.0 - mse / variance


def is_integral(weights: Floats | None) -> bool:
    """Whether weights are absent or whole numbers, so that they can be read as repetitions of rows."""
    return weights is None or bool(np.all(weights == np.floor(weights)))


def quantiles(values: Floats, probabilities: Floats, weights: Floats | None = None) -> Floats:
    """Quantiles of values in any order; see `sorted_quantiles`."""
    if weights is None:
        return sorted_quantiles(np.sort(values), probabilities)
    order = np.argsort(values, kind="stable")
    return sorted_quantiles(values[order], probabilities, weights[order])


def sorted_quantiles(
    ordered: NDArray[np.floating[Any]], probabilities: Floats, weights: Floats | None = None
) -> Floats:
    """Quantiles of ascending values.

    Without weights, and with whole-number weights (which repeat rows), the order statistics around
    position ``(n - 1) * probability`` are interpolated linearly. Other weights have no such
    positions; the inverse of the weighted distribution function is taken then.

    Parameters
    ----------
    ordered
        One-dimensional, not empty, without NaN, ascending.
    probabilities
        In [0, 1].
    weights
        Positive, one for each value.
    """
    if weights is None:
        position = (ordered.size - 1) * probabilities
        below = np.floor(position)
        at = below.astype(np.int64)
        low, high = ordered[at], ordered[np.minimum(at + 1, ordered.size - 1)]
        return np.asarray(low + (high - low) * (position - below), dtype=np.float64)
    cumulative = np.cumsum(weights)
    if not is_integral(weights):
        chosen = ordered[_first_above(cumulative, cumulative[-1] * probabilities, "left")]
        return np.asarray(chosen, dtype=np.float64)
    position = (cumulative[-1] - 1) * probabilities
    below = np.floor(position)
    low = ordered[_first_above(cumulative, below, "right")]
    high = ordered[_first_above(cumulative, below + 1, "right")]
    return np.asarray(low + (high - low) * (position - below), dtype=np.float64)


def _first_above(cumulative: Floats, amount: Floats, side: Literal["left", "right"]) -> NDArray[np.int64]:
    """Index of the first value whose cumulative weight reaches (left) or exceeds (right) an amount."""
    return np.minimum(np.searchsorted(cumulative, amount, side=side), cumulative.size - 1)
