"""Metrics of binary classifiers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...arrays import Bools, Floats
from ...errors import InvalidArgument
from .bins import SortedScores, sort_scores
from .criteria import best_index, max_criteria_table, threshold_criteria, thresholds_table
from .gains_lift import gains_lift, gains_lift_table, group_quantiles
from .inputs import class_codes, intersect, observation_weights, positive, same_length, vector
from .roc import area_under_precision_recall, area_under_roc, roc_curve
from .tables import confusion_table, error_rate, mean_per_class_error
from .weighted import is_integral, r_squared

# Probabilities below count as this in the logarithmic loss.
MIN_PROBABILITY = 1e-15
# Rows whose losses are computed together: their intermediate results stay in the cache.
_BLOCK = 1 << 14

_RANKING_NUMBERS = (
    "AUC",
    "pr_auc",
    "Gini",
    "mean_per_class_error",
    "classification_error",
    "lift",
    "kolmogorov_smirnov",
)
_RANKING_TABLES = (
    "cm",
    "thresholds_and_metric_scores",
    "max_criteria_and_metric_scores",
    "gains_lift_table",
)


def binomial_metrics(
    actual_codes: ArrayLike,
    p1: ArrayLike,
    weights: ArrayLike | None = None,
    domain: Sequence[str] = ("0", "1"),
    gainslift_bins: int = -1,
    *,
    tables: bool = True,
) -> dict[str, Any]:
    """Metrics of the probabilities of a binary classifier.

    Parameters
    ----------
    actual_codes
        Shape (rows,): 0 or 1 (the positive class), missing as NaN or -1. Rows with a missing class count
        only for the group bounds of the gains/lift table (as in H2O).
    p1
        Shape (rows,): probability of class 1; rows where it is NaN do not count.
    weights
        Observation weights, at least 0; rows of weight 0 or NaN do not count.
    domain
        Names of the two classes.
    gainslift_bins
        Groups of the gains/lift table: -1 for the automatic 16, 0 for no table.
    tables
        False leaves out the tables, for scoring during training.

    Returns
    -------
    dict
        ``MSE`` (mean of the squared error of `p1`), ``RMSE``, ``nobs`` (rows that count), ``r2``
        (1 - MSE / variance of the codes), ``logloss`` (probabilities clipped at 1e-15), ``AUC``, ``pr_auc``
        and ``Gini`` = 2 AUC - 1 (of the curve of at most 400 thresholds, see
        `heavywater.deeplearning.metrics.roc.roc_curve`), ``mean_per_class_error`` and
        ``classification_error`` at the threshold of the greatest F1, ``lift`` of the top group,
        ``kolmogorov_smirnov`` (greatest over the groups), ``domain``; with `tables` also ``cm`` (at the
        greatest F1, None where F1 is NaN everywhere), ``thresholds_and_metric_scores``,
        ``max_criteria_and_metric_scores``, ``gains_lift_table``. Without any row numbers are NaN and
        tables None.

    Raises
    ------
    InvalidArgument
        If shapes do not fit, codes are not 0 or 1, probabilities are outside [0, 1] or a weight is negative.
    """
    if len(domain) != 2:
        raise InvalidArgument(f"domain has {len(domain)} levels ({domain!r}); binomial metrics need 2")
    group_quantiles(gainslift_bins)
    codes, known = class_codes("actual_codes", actual_codes, 2)
    probability = vector("p1", p1)
    same_length("p1", probability, "actual_codes", codes)
    weights_ = observation_weights(weights, codes.shape[0])
    predicted = intersect(~np.isnan(probability), positive(weights_))
    if predicted is not None:
        codes, probability, weights_, known = _choose(predicted, codes, probability, weights_, known)
    _check_range(probability)
    everything = None
    if known is not None and not known.all():
        everything = sort_scores(probability, codes, weights_)
        codes, probability, weights_, _ = _choose(known, codes, probability, weights_, None)
    result: dict[str, Any] = {"model_category": "Binomial", "domain": list(domain), "nobs": int(codes.size)}
    result |= _losses(codes, probability, weights_)
    result |= _ranking(codes, probability, weights_, domain, gainslift_bins, everything, tables)
    return result


def _choose(
    mask: Bools, codes: NDArray[np.int64], probability: Floats, weights: Floats | None, known: Bools | None
) -> tuple[NDArray[np.int64], Floats, Floats | None, Bools | None]:
    return (
        codes[mask],
        probability[mask],
        None if weights is None else weights[mask],
        None if known is None else known[mask],
    )


def _check_range(probability: Floats) -> None:
    if probability.size and not (probability.min() >= 0 and probability.max() <= 1):
        outside = probability.min() if probability.min() < 0 else probability.max()
        raise InvalidArgument(f"p1 contains {outside}; probabilities must be between 0 and 1")


def _losses(codes: NDArray[np.int64], probability: Floats, weights: Floats | None) -> dict[str, float]:
    if codes.size == 0:
        return dict.fromkeys(("MSE", "RMSE", "r2", "logloss"), math.nan)
    blocks = [_sums_of_block(codes, probability, weights, lo) for lo in range(0, codes.size, _BLOCK)]
    weight, squares, logs, positives = map(math.fsum, zip(*blocks, strict=True))
    mse, share = squares / weight, positives / weight
    # A class that is absent has exactly no variance, whatever the rounding of the share.
    variance = 0.0 if codes.min() == codes.max() else share * (1 - share)
    return {
        "MSE": mse,
        "RMSE": math.sqrt(mse),
        "r2": r_squared(mse, variance),
        "logloss": -logs / weight,
    }


def _sums_of_block(
    codes: NDArray[np.int64], probability: Floats, weights: Floats | None, lo: int
) -> tuple[float, float, float, float]:
    """Sums of weights, squared errors, logarithms and positive rows over the block of rows that begins at `lo`."""
    rows = slice(lo, lo + _BLOCK)
    positive = codes[rows] == 1
    of_actual = np.where(positive, probability[rows], 1 - probability[rows])
    error = 1 - of_actual
    log = np.log(np.maximum(of_actual, MIN_PROBABILITY))
    if weights is None:
        return error.size, float(error @ error), float(log.sum()), int(np.count_nonzero(positive))
    weight = weights[rows]
    return float(weight.sum()), float(weight @ (error * error)), float(weight @ log), float(weight @ positive)


def _ranking(
    codes: NDArray[np.int64],
    probability: Floats,
    weights: Floats | None,
    domain: Sequence[str],
    gainslift_bins: int,
    everything: SortedScores | None,
    tables: bool,
) -> dict[str, Any]:
    """Everything that depends on the order of the probabilities."""
    if codes.size == 0:
        return _nothing(tables)
    scores = sort_scores(probability, codes, weights)
    curve = roc_curve(probability, codes, weights, scores)
    criteria = threshold_criteria(curve)
    auc = area_under_roc(curve)
    best = best_index(criteria["f1"])
    matrix = None if best < 0 else _confusion(criteria, best)
    groups = gains_lift(scores, gainslift_bins, everything)
    result: dict[str, Any] = {
        "AUC": auc,
        "pr_auc": area_under_precision_recall(curve),
        "Gini": 2 * auc - 1,
        "mean_per_class_error": float("nan") if matrix is None else mean_per_class_error(matrix),
        "classification_error": float("nan") if matrix is None else error_rate(matrix),
        "lift": float("nan") if groups is None else float(groups["cumulative_lift"][0]),
        "kolmogorov_smirnov": float("nan") if groups is None else float(groups["kolmogorov_smirnov"].max()),
    }
    if tables:
        integral = is_integral(weights)
        result["cm"] = None if matrix is None else {"table": confusion_table(matrix, domain, integral)}
        result["thresholds_and_metric_scores"] = thresholds_table(curve, criteria, integral)
        result["max_criteria_and_metric_scores"] = max_criteria_table(curve, criteria)
        result["gains_lift_table"] = None if groups is None else gains_lift_table(groups)
    return result


def _confusion(criteria: dict[str, Floats], at: int) -> Floats:
    tn, fp, fn, tp = (criteria[name][at] for name in ("tns", "fps", "fns", "tps"))
    return np.array([[tn, fp], [fn, tp]])


def _nothing(tables: bool) -> dict[str, Any]:
    result: dict[str, Any] = dict.fromkeys(_RANKING_NUMBERS, float("nan"))
    return result | dict.fromkeys(_RANKING_TABLES) if tables else result
