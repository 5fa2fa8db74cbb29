"""Probabilities that come true as often as they say, learned from rows that were held out.

Sources: Platt, "Probabilistic Outputs for Support Vector Machines" (1999), on the logarithm of the odds; Zadrozny and Elkan,
"Transforming Classifier Scores into Accurate Multiclass Probability Estimates" (2002), isotonic regression; Guo, Pleiss, Sun
and Weinberger, "On Calibration of Modern Neural Networks" (2017), temperature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array

PLATT, ISOTONIC, TEMPERATURE = "PlattScaling", "IsotonicRegression", "Temperature"
OF_TWO_CLASSES = (PLATT, ISOTONIC)
LEAST = 1e-12  # probabilities are taken for at least this, and at most 1 less this
_STEPS = 100


@dataclass
class Calibration:
    """What calibrates the probabilities of a model.

    Attributes
    ----------
    method : str
        PlattScaling, IsotonicRegression or Temperature.
    source : str
        Where the rows came from.
    rows : int
        How many there were.
    logloss_before, logloss_after : float
        Of those rows.
    slope, intercept : float
        Of the logarithm of the odds, or, with intercept 0, of the logarithms of the probabilities: slope is 1 / temperature.
    x, y : array (knots,) or None
        Of the isotonic regression: probabilities of the second class, and what becomes of them; straight lines between.
    """

    method: str
    source: str
    rows: int
    logloss_before: float
    logloss_after: float
    slope: float = 1.0
    intercept: float = 0.0
    x: Array | None = None
    y: Array | None = None

    @classmethod
    def learned(
        cls, method: str, chances: Array, actual: Array, weights: Array | None, source: str
    ) -> Calibration:
        """Learn from rows.

        Parameters
        ----------
        method : str
        chances : array (rows, classes)
            What the model says of them, without NaN.
        actual : int array (rows,)
            Their classes.
        weights : array (rows,), optional
            Positive observation weights.
        source : str
        """
        load = np.ones(len(actual)) if weights is None else np.asarray(weights, np.float64)
        found = cls(method, source, len(actual), logloss(chances, actual, load), 0.0)
        if method == PLATT:
            found.slope, found.intercept = _platt(_odds(chances[:, 1]), actual == 1, load)
        elif method == ISOTONIC:
            found.x, found.y = isotonic(chances[:, 1], (actual == 1).astype(np.float64), load)
        else:
            found.slope = inverse_temperature(_logarithms(chances), actual, load)
        found.logloss_after = logloss(found.of(chances), actual, load)
        return found

    def of(self, chances: Array) -> Array:
        """Calibrated probabilities (rows, classes); NaN stays NaN."""
        if self.x is not None and self.y is not None:
            second = np.interp(chances[:, 1], self.x, self.y)
            return np.stack([1 - second, second], axis=1)
        if self.method == PLATT:
            z = self.slope * _odds(chances[:, 1]) + self.intercept
            return np.stack([_logistic(-z), _logistic(z)], axis=1)
        return softmax(self.slope * _logarithms(chances))

    def described(self) -> dict[str, object]:
        """What the description of a model tells of it."""
        found = {
            name: getattr(self, name)
            for name in ("method", "source", "rows", "logloss_before", "logloss_after")
        }
        if self.method == TEMPERATURE:
            return found | {"temperature": 1 / self.slope if self.slope > 0 else np.inf}
        if self.method == PLATT:
            return found | {"slope": self.slope, "intercept": self.intercept}
        return found | {"knots": 0 if self.x is None else len(self.x)}


def logloss(chances: Array, actual: Array, weights: Array) -> float:
    """Weighted mean of -log of the probability of the actual class."""
    own = chances[np.arange(len(actual)), actual]
    return float(np.average(-np.log(np.clip(own, 1e-15, 1)), weights=weights))


def _odds(p: Array) -> Array:
    p = np.clip(p, LEAST, 1 - LEAST)
    found: Array = np.log(p) - np.log1p(-p)
    return found


def _logarithms(chances: Array) -> Array:
    found: Array = np.log(np.clip(chances, LEAST, 1))
    return found


def _logistic(z: Array) -> Array:
    found: Array = 0.5 * (1 + np.tanh(0.5 * z))
    return found


def softmax(z: Array) -> Array:
    """Probabilities (rows, classes) of net inputs."""
    found: Array = np.exp(z - z.max(axis=1, keepdims=True))
    found /= found.sum(axis=1, keepdims=True)
    return found


def _platt(odds: Array, second: Array, weights: Array) -> tuple[float, float]:
    """Slope and intercept of a logistic regression on targets that Platt has moved a little away from 0 and 1.

    Weights count relative to their mean, so that rescaling them changes nothing. The slope is never negative: what the model
    holds for more probable stays so.
    """
    weights = weights / weights.mean()
    ones, zeros = float(weights[second].sum()), float(weights[~second].sum())
    target = np.where(second, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    best = _newton(np.stack([odds, np.ones(len(odds))], axis=1), target, weights)
    if best[0] >= 0:
        return float(best[0]), float(best[1])
    share = float(np.average(target, weights=weights))
    return 0.0, float(np.log(share / (1 - share)))


def _newton(inputs: Array, target: Array, weights: Array) -> Array:
    """Coefficients (inputs,) of a logistic regression, by Newton's method with halved steps."""
    found = np.zeros(inputs.shape[1])
    if inputs.shape[1] == 2:
        found[0] = 1.0  # as it is
    loss = _cross_entropy(inputs @ found, target, weights)
    for _ in range(_STEPS):
        p = _logistic(inputs @ found)
        gradient = inputs.T @ (weights * (p - target))
        hessian = (inputs * (weights * p * (1 - p))[:, None]).T @ inputs
        hessian += 1e-10 * (1 + np.trace(hessian)) * np.eye(len(found))
        step = np.linalg.solve(hessian, gradient)
        for halving in range(60):
            candidate = found - step / 2**halving
            reached = _cross_entropy(inputs @ candidate, target, weights)
            if reached < loss:
                break
        else:
            break
        done = loss - reached <= 1e-14 * max(1.0, loss)
        found, loss = candidate, reached
        if done:
            break
    return found


def _cross_entropy(z: Array, target: Array, weights: Array) -> float:
    return float(np.dot(weights, np.logaddexp(0, z) - target * z))


def inverse_temperature(logarithms: Array, actual: Array, weights: Array) -> float:
    """1 / temperature of the smallest logloss, by bisection of its derivative, which only grows; from 0 to 1000."""
    own = logarithms[np.arange(len(actual)), actual]

    def derivative(slope: float) -> float:
        return float(np.dot(weights, (softmax(slope * logarithms) * logarithms).sum(axis=1) - own))

    low, high = 0.0, 1.0
    while derivative(high) < 0 and high < 1000:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if derivative(middle) < 0 else (low, middle)
    return high


def isotonic(x: Array, y: Array, weights: Array) -> tuple[Array, Array]:
    """Knots of the non-decreasing function with the smallest weighted squared error: blocks by their two ends.

    Equal x count as one point with their mean.
    """
    points, place = np.unique(x, return_inverse=True)
    load = np.bincount(place, weights)
    mean = np.bincount(place, weights * y) / load
    values, loads, sizes = list[float](), list[float](), list[int]()
    for value, weight in zip(mean.tolist(), load.tolist(), strict=True):
        size = 1
        while values and values[-1] >= value:
            other, before = values.pop(), loads.pop()
            value = (other * before + value * weight) / (before + weight)
            weight += before
            size += sizes.pop()
        values.append(value)
        loads.append(weight)
        sizes.append(size)
    last = np.cumsum(sizes) - 1
    first = last - np.array(sizes) + 1
    knots, levels = np.stack([first, last], axis=1).ravel(), np.repeat(values, 2)
    single = np.concatenate([[True], knots[1:] != knots[:-1]])
    return points[knots[single]], levels[single]
