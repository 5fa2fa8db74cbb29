"""Links and unit deviances of the regression distributions.

The link of poisson, gamma and tweedie is the logarithm, of all others the identity. A deviance is
the loss of one row given the prediction on the scale of the response (booklet, section on loss
functions and distributions); `deviance` returns one value for each row and leaves averaging to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...arrays import Floats
from ...errors import InvalidArgument
from .weighted import quantiles

LOG_LINK = frozenset({"poisson", "gamma", "tweedie"})
MAX_MEAN = 1e19
MIN_LOG = -19.0
_MIN_POSITIVE = float(np.exp(MIN_LOG))


def check_distribution(distribution: str | None) -> str:
    """The lower-case name of a regression distribution (AUTO and None mean gaussian).

    Raises
    ------
    InvalidArgument
        For any other name.
    """
    name = "gaussian" if distribution is None else str(distribution).lower()
    name = "gaussian" if name == "auto" else name
    if name not in _DEVIANCES:
        raise InvalidArgument(
            f"distribution is {distribution!r}; for regression choose one of "
            f"{', '.join(sorted(_DEVIANCES))} or AUTO"
        )
    return name


def link(distribution: str, mean: Floats) -> Floats:
    """Transform a mean of the response to the scale of the network's output."""
    mean = np.asarray(mean, dtype=np.float64)
    return bounded_log(mean) if check_distribution(distribution) in LOG_LINK else mean


def link_inverse(distribution: str, output: Floats) -> Floats:
    """Transform the network's output to the mean of the response; exponentials are capped at 1e19."""
    output = np.asarray(output, dtype=np.float64)
    if check_distribution(distribution) not in LOG_LINK:
        return output
    return np.exp(np.minimum(output, np.log(MAX_MEAN)))


def bounded_log(values: Floats) -> Floats:
    """Natural logarithm, at least -19, so that a zero gives a large but finite deviance."""
    return np.log(np.maximum(values, _MIN_POSITIVE))


def huber_delta(absolute_error: Floats, weights: Floats | None, huber_alpha: float) -> float:
    """The absolute error where huber changes from quadratic to linear: its `huber_alpha` quantile."""
    return float(quantiles(absolute_error, np.array([huber_alpha]), weights)[0])


def deviance(
    distribution: str,
    actual: Floats,
    predicted: Floats,
    *,
    weights: Floats | None = None,
    tweedie_power: float = 1.5,
    quantile_alpha: float | Sequence[float] = 0.5,
    huber_alpha: float = 0.9,
) -> Floats:
    """Unit deviance of each row; with y = `actual` and f = `predicted`.

    ======== =================================================================
    gaussian (y - f)^2
    poisson  2 (y log(y / f) - y + f)
    gamma    2 (log(f / y) + y / f - 1)
    tweedie  2 (y^(2-p) / ((1-p)(2-p)) - y f^(1-p) / (1-p) + f^(2-p) / (2-p))
    laplace  abs(y - f)
    quantile alpha (y - f) if y > f else (1 - alpha) (f - y)
    huber    e^2 if e <= delta else (2 e - delta) delta, with e = abs(y - f)
    ======== =================================================================

    Parameters
    ----------
    distribution
        See above; AUTO means gaussian.
    actual, predicted
        Shape (rows,), the prediction on the scale of the response, both without NaN. With several quantiles the prediction
        has the shape (rows, quantiles).
    weights
        Observation weights; they matter only for the delta of huber.
    tweedie_power
        p, strictly between 1 and 2.
    quantile_alpha, huber_alpha
        In [0, 1]. Of several quantiles the mean of the deviances counts.

    Returns
    -------
    numpy.ndarray
        Shape (rows,), not weighted.
    """
    name = check_distribution(distribution)
    if name == "tweedie":
        return _tweedie(actual, predicted, _open_interval(tweedie_power))
    if name == "quantile":
        if isinstance(quantile_alpha, Sequence):
            each = [
                _quantile(actual, predicted[:, k], _fraction("quantile_alpha", alpha))
                for k, alpha in enumerate(quantile_alpha)
            ]
            return np.asarray(np.mean(each, axis=0))
        return _quantile(actual, predicted, _fraction("quantile_alpha", quantile_alpha))
    if name == "huber":
        return _huber(actual, predicted, _fraction("huber_alpha", huber_alpha), weights)
    return _DEVIANCES[name](actual, predicted)


def nearest_to_median(alphas: Sequence[float]) -> int:
    """Position of the quantile that stands for the prediction: the nearest to the median, the lower of two."""
    return min(range(len(alphas)), key=lambda k: (round(abs(alphas[k] - 0.5), 12), k))


def _fraction(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise InvalidArgument(f"{name} is {value}; it must be between 0 and 1")
    return value


def _open_interval(power: float) -> float:
    if not 1 < power < 2:
        raise InvalidArgument(f"tweedie_power is {power}; it must be greater than 1 and less than 2")
    return power


def _gaussian(actual: Floats, predicted: Floats) -> Floats:
    return np.square(actual - predicted)


def _poisson(actual: Floats, predicted: Floats) -> Floats:
    return 2 * (actual * (bounded_log(actual) - bounded_log(predicted)) - actual + predicted)


def _gamma(actual: Floats, predicted: Floats) -> Floats:
    ratio = actual / np.maximum(predicted, _MIN_POSITIVE)
    return 2 * (bounded_log(predicted) - bounded_log(actual) + ratio - 1)


def _laplace(actual: Floats, predicted: Floats) -> Floats:
    return np.abs(actual - predicted)


def _tweedie(actual: Floats, predicted: Floats, power: float = 1.5) -> Floats:
    mean = np.maximum(predicted, _MIN_POSITIVE)
    saturated = np.maximum(actual, 0) ** (2 - power) / ((1 - power) * (2 - power))
    fitted = actual * mean ** (1 - power) / (1 - power) - mean ** (2 - power) / (2 - power)
    return np.asarray(2 * (saturated - fitted), dtype=np.float64)


def _quantile(actual: Floats, predicted: Floats, alpha: float = 0.5) -> Floats:
    error = actual - predicted
    return np.where(error > 0, alpha * error, (alpha - 1) * error)


def _huber(actual: Floats, predicted: Floats, alpha: float = 0.9, weights: Floats | None = None) -> Floats:
    error = np.abs(actual - predicted)
    if error.size == 0:
        return error
    delta = huber_delta(error, weights, alpha)
    return np.where(error <= delta, error * error, (2 * error - delta) * delta)


_DEVIANCES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "gaussian": _gaussian,
    "poisson": _poisson,
    "gamma": _gamma,
    "tweedie": _tweedie,
    "laplace": _laplace,
    "quantile": _quantile,
    "huber": _huber,
}
