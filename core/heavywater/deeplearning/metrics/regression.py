"""Metrics of regression models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...arrays import Floats
from .distributions import check_distribution, deviance, nearest_to_median
from .inputs import intersect, observation_weights, positive, same_length, vector
from .weighted import r_squared, weighted_mean, weighted_variance


def regression_metrics(
    actual: ArrayLike,
    predicted: ArrayLike,
    weights: ArrayLike | None = None,
    distribution: str | None = "gaussian",
    tweedie_power: float = 1.5,
    quantile_alpha: float | Sequence[float] = 0.5,
    huber_alpha: float = 0.9,
) -> dict[str, Any]:
    """Metrics of numeric predictions.

    Parameters
    ----------
    actual, predicted
        Shape (rows,), in the units of the response. Rows where either is NaN do not count. Of several quantiles the
        predictions have the shape (rows, quantiles); that which is nearest to the median is compared with the response.
    weights
        Observation weights, at least 0; rows of weight 0 or NaN do not count.
    distribution
        Decides `mean_residual_deviance`; see `heavywater.deeplearning.metrics.distributions.deviance`.
    tweedie_power, quantile_alpha, huber_alpha
        Parameters of the distributions of these names.

    Returns
    -------
    dict
        ``MSE``, ``RMSE``, ``mae``, ``rmsle`` (root mean squared difference of log(1 + value), NaN if a value
        is below -1), ``r2`` (1 - MSE / variance of the response), ``mean_residual_deviance``: all weighted
        means; ``nobs``: number of rows that count. Without any row all are NaN.

    Raises
    ------
    InvalidArgument
        If shapes do not fit, a weight is negative or a distribution parameter is not allowed.
    """
    name = check_distribution(distribution)
    actual_, outputs = vector("actual", actual), None
    if isinstance(quantile_alpha, Sequence):
        outputs = np.asarray(predicted, dtype=np.float64)
        predicted = outputs[:, nearest_to_median(quantile_alpha)]
    predicted_ = vector("predicted", predicted)
    same_length("predicted", predicted_, "actual", actual_)
    weights_ = observation_weights(weights, actual_.shape[0])
    keep = intersect(~np.isnan(actual_), ~np.isnan(predicted_), positive(weights_))
    if keep is not None:
        actual_, predicted_ = actual_[keep], predicted_[keep]
        outputs = None if outputs is None else outputs[keep]
        weights_ = None if weights_ is None else weights_[keep]
    error = actual_ - predicted_
    mse = weighted_mean(error * error, weights_)
    losses = deviance(
        name,
        actual_,
        predicted_ if outputs is None else outputs,
        weights=weights_,
        tweedie_power=tweedie_power,
        quantile_alpha=quantile_alpha,
        huber_alpha=huber_alpha,
    )
    return {
        "model_category": "Regression",
        "MSE": mse,
        "RMSE": float(np.sqrt(mse)),
        "nobs": int(actual_.size),
        "r2": r_squared(mse, weighted_variance(actual_, weights_)),
        "mean_residual_deviance": weighted_mean(losses, weights_),
        "mae": weighted_mean(np.abs(error), weights_),
        "rmsle": _rmsle(actual_, predicted_, weights_),
    }


def _rmsle(actual: Floats, predicted: Floats, weights: Floats | None) -> float:
    if actual.size == 0 or min(actual.min(), predicted.min()) < -1:
        return float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = np.log1p(predicted) - np.log1p(actual)
    return float(np.sqrt(weighted_mean(difference * difference, weights)))
