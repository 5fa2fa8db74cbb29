"""Scores of predicted numbers that need no model: functions of two frames of one column.

Under H2O's names, which scripts import from ``h2o.model.regression`` or ``h2o.model.models.regression``. Rows in which one
of both is missing do not count.
"""

from __future__ import annotations

from typing import Any

from ..exceptions import H2OValueError
from ..frame.accepting import can_be_frame, frame_of
from ..frame.h2oframe import H2OFrame
from .kinds import H2ORegressionModel

__all__ = [
    "H2ORegressionModel",
    "h2o_explained_variance_score",
    "h2o_mean_absolute_error",
    "h2o_mean_squared_error",
    "h2o_median_absolute_error",
    "h2o_r2_score",
]


def h2o_mean_absolute_error(y_actual: Any, y_predicted: Any, weights: Any = None) -> float:
    """The mean of ``|actual - predicted|``.

    Parameters
    ----------
    y_actual, y_predicted : H2OFrame, or data as for `H2OFrame`
        One column of numbers each.
    weights : H2OFrame, data as for `H2OFrame`, or float, optional
        Weights of the rows.
    """
    return _mean(_errors(y_actual, y_predicted)[1].abs(), weights)


def h2o_mean_squared_error(y_actual: Any, y_predicted: Any, weights: Any = None) -> float:
    """The mean of ``(actual - predicted)**2``, see `h2o_mean_absolute_error`."""
    return _mean(_errors(y_actual, y_predicted)[1] ** 2, weights)


def h2o_median_absolute_error(y_actual: Any, y_predicted: Any) -> float:
    """The median of ``|actual - predicted|``."""
    return float(_errors(y_actual, y_predicted)[1].abs().median(na_rm=True)[0])


def h2o_explained_variance_score(y_actual: Any, y_predicted: Any, weights: Any = None) -> float:
    """``1 - variance(actual - predicted) / variance(actual)``, see `h2o_mean_absolute_error`."""
    given, errors = _errors(y_actual, y_predicted)
    actual = given + 0 * errors  # missing where either is
    return _share_explained(
        _mean((errors - _mean(errors, weights)) ** 2, weights),
        _mean((actual - _mean(actual, weights)) ** 2, weights),
    )


def h2o_r2_score(y_actual: Any, y_predicted: Any, weights: Any = None) -> float:
    """``1 - MSE / variance(actual)``, see `h2o_mean_absolute_error`."""
    given, errors = _errors(y_actual, y_predicted)
    actual = given + 0 * errors
    return _share_explained(_mean(errors**2, weights), _mean((actual - _mean(actual, weights)) ** 2, weights))


def _errors(y_actual: Any, y_predicted: Any) -> tuple[Any, Any]:
    """The actual values as a frame, and by how much the predicted ones are beyond them."""
    actual, predicted = frame_of("y_actual", y_actual), frame_of("y_predicted", y_predicted)
    for name, frame in (("y_actual", actual), ("y_predicted", predicted)):
        if frame.ncol != 1:
            raise H2OValueError(f"{name} must have one column, it has {frame.ncol}")
    if actual.nrow != predicted.nrow:
        raise H2OValueError(
            f"y_actual has {actual.nrow} rows and y_predicted {predicted.nrow}: they must be equally many"
        )
    return actual, predicted - actual


def _mean(column: Any, weights: Any) -> float:
    if can_be_frame(weights) or isinstance(weights, list):
        weights = frame_of("weights", weights)
    if not isinstance(weights, H2OFrame):
        return float(column.mean(return_frame=False)[0])  # one weight for all rows is none
    weighted = column * weights
    return float(weighted.sum(return_frame=False)) / float((weights + 0 * column).sum(return_frame=False))


def _share_explained(error: float, variance: float) -> float:
    if variance == 0:
        return 1.0 if error == 0 else 0.0
    return 1 - error / variance
