"""The few numbers that a line of the scoring history needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...errors import InvalidArgument
from .autoencoder import autoencoder_metrics
from .binomial import binomial_metrics
from .multinomial import multinomial_metrics
from .regression import regression_metrics

_HISTORY_NAMES = {
    "MSE": "mse",
    "RMSE": "rmse",
    "nobs": "nobs",
    "r2": "r2",
    "logloss": "logloss",
    "AUC": "auc",
    "pr_auc": "pr_auc",
    "lift": "lift",
    "classification_error": "classification_error",
    "mean_per_class_error": "mean_per_class_error",
    "mean_residual_deviance": "deviance",
    "mae": "mae",
    "rmsle": "rmsle",
}


def history_numbers(metrics: dict[str, Any]) -> dict[str, float]:
    """Pick the numbers of a scoring history line from metrics, under the names the history uses."""
    return {short: metrics[name] for name, short in _HISTORY_NAMES.items() if name in metrics}


def score(
    model_category: str,
    actual: ArrayLike | None,
    predicted: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    distribution: str | None = "gaussian",
    tweedie_power: float = 1.5,
    quantile_alpha: float | Sequence[float] = 0.5,
    huber_alpha: float = 0.9,
    auc_type: str = "AUTO",
) -> dict[str, float]:
    """Score predictions without building tables.

    Parameters
    ----------
    model_category
        Binomial, Multinomial, Regression or AutoEncoder.
    actual
        Class codes or numbers, shape (rows,); None for an autoencoder.
    predicted
        Probability of class 1 (rows,), probabilities (rows, classes), numbers (rows,), several
        quantiles (rows, quantiles), or squared reconstruction errors (rows,).
    weights
        Observation weights.
    distribution, tweedie_power, quantile_alpha, huber_alpha
        For regression, see `regression_metrics`.
    auc_type
        For Multinomial, see `multinomial_metrics`.

    Returns
    -------
    dict
        Those of mse, rmse, nobs, r2, logloss, auc, pr_auc, lift, classification_error, mean_per_class_error,
        deviance, mae, rmsle that the category has, equal to the numbers of the full metrics.

    Raises
    ------
    InvalidArgument
        If the category is unknown or the arrays do not fit.
    """
    if model_category == "AutoEncoder":
        return history_numbers(autoencoder_metrics(predicted, weights))
    if actual is None:
        raise InvalidArgument(f"actual is None; a {model_category} model is scored against actual values")
    if model_category == "Binomial":
        return history_numbers(binomial_metrics(actual, predicted, weights, tables=False))
    if model_category == "Multinomial":
        domain = [str(k) for k in range(_columns(predicted))]
        metrics = multinomial_metrics(actual, predicted, weights, domain, auc_type, tables=False)
        return history_numbers(metrics)
    if model_category == "Regression":
        return history_numbers(
            regression_metrics(
                actual, predicted, weights, distribution, tweedie_power, quantile_alpha, huber_alpha
            )
        )
    raise InvalidArgument(
        f"model_category is {model_category!r}; choose Binomial, Multinomial, Regression or AutoEncoder"
    )


def _columns(probabilities: ArrayLike) -> int:
    shape = np.shape(probabilities)
    return shape[1] if len(shape) == 2 else 0
