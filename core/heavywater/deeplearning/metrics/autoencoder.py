"""Metrics of autoencoders."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .inputs import intersect, observation_weights, positive, vector
from .weighted import weighted_mean


def autoencoder_metrics(row_mse: ArrayLike, weights: ArrayLike | None = None) -> dict[str, Any]:
    """Metrics of reconstructions.

    Parameters
    ----------
    row_mse
        Shape (rows,): mean squared reconstruction error of each row (the anomaly score); rows where it is
        NaN do not count.
    weights
        Observation weights, at least 0; rows of weight 0 or NaN do not count.

    Returns
    -------
    dict
        ``MSE`` (weighted mean of the row errors), ``RMSE``, ``nobs``.

    Raises
    ------
    InvalidArgument
        If shapes do not fit or a weight is negative.
    """
    errors = vector("row_mse", row_mse)
    weights_ = observation_weights(weights, errors.shape[0])
    keep = intersect(~np.isnan(errors), positive(weights_))
    if keep is not None:
        errors = errors[keep]
        weights_ = None if weights_ is None else weights_[keep]
    mse = weighted_mean(errors, weights_)
    return {
        "model_category": "AutoEncoder",
        "MSE": mse,
        "RMSE": float(np.sqrt(mse)),
        "nobs": int(errors.size),
    }
