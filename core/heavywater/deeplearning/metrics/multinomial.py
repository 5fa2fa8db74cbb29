"""Metrics of classifiers with any number of classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...arrays import Floats
from ...errors import InvalidArgument
from .binomial import MIN_PROBABILITY
from .inputs import class_codes, intersect, observation_weights, positive, same_length
from .multinomial_auc import check_auc_type, multinomial_auc
from .tables import Table, confusion_table, error_rate, mean_per_class_error, table
from .weighted import r_squared, weighted_mean, weighted_variance


def multinomial_metrics(
    actual_codes: ArrayLike,
    probabilities: ArrayLike,
    weights: ArrayLike | None = None,
    domain: Sequence[str] = (),
    auc_type: str = "AUTO",
    max_confusion_matrix_size: int = 20,
    max_hit_ratio_k: int = 10,
    *,
    tables: bool = True,
) -> dict[str, Any]:
    """Metrics of the class probabilities of a classifier.

    The predicted class is the most probable one, the first of equally probable ones.

    Parameters
    ----------
    actual_codes
        Shape (rows,): 0 to classes - 1, missing as NaN or -1 (such rows do not count).
    probabilities
        Shape (rows, classes), in [0, 1]; rows with a NaN do not count.
    weights
        Observation weights, at least 0; rows of weight 0 or NaN do not count.
    domain
        Names of the classes.
    auc_type
        AUTO or NONE (no AUC), MACRO_OVR, WEIGHTED_OVR, MACRO_OVO, WEIGHTED_OVO: which average ``AUC`` and
        ``pr_auc`` are.
    max_confusion_matrix_size
        With more classes than this the confusion matrix table is left out.
    max_hit_ratio_k
        Most rows of the hit ratio table, 0 for no table.
    tables
        False leaves out the tables, for scoring during training.

    Returns
    -------
    dict
        ``MSE`` (mean of (1 - probability of the actual class)^2), ``RMSE``, ``nobs``, ``r2`` (1 - MSE /
        variance of the class codes), ``logloss`` (clipped at 1e-15), ``mean_per_class_error`` (over all
        classes, absent ones count 0), ``classification_error``, ``AUC``, ``pr_auc``, ``domain``; with
        `tables` also ``cm``,
        ``hit_ratio_table`` (share of rows whose class is among the k most probable),
        ``multinomial_auc_table``, ``multinomial_aucpr_table``. As in H2O the confusion matrix, and what
        is computed from it, counts rows; all other numbers are weighted.

    Raises
    ------
    InvalidArgument
        If shapes do not fit, a code is not in the domain, probabilities are outside [0, 1], a weight is
        negative or `auc_type` is not allowed.
    """
    kind = check_auc_type(auc_type)
    codes, chances, weights_ = _rows(actual_codes, probabilities, weights, len(domain))
    of_actual = np.take_along_axis(chances, codes[:, None], axis=1)[:, 0]
    mse = weighted_mean(np.square(1 - of_actual), weights_)
    counts = _confusion(codes, chances)
    auc = multinomial_auc(codes, chances, weights_, domain, kind)
    result: dict[str, Any] = {
        "model_category": "Multinomial",
        "domain": list(domain),
        "nobs": int(codes.size),
        "MSE": mse,
        "RMSE": float(np.sqrt(mse)),
        "r2": r_squared(mse, weighted_variance(codes.astype(np.float64), weights_)),
        "logloss": -weighted_mean(np.log(np.maximum(of_actual, MIN_PROBABILITY)), weights_),
        "mean_per_class_error": mean_per_class_error(counts) if codes.size else float("nan"),
        "classification_error": error_rate(counts),
        "AUC": auc.auc,
        "pr_auc": auc.pr_auc,
    }
    if tables:
        fits = len(domain) <= max_confusion_matrix_size and codes.size > 0
        result["cm"] = {"table": confusion_table(counts, domain)} if fits else None
        result["hit_ratio_table"] = _hit_ratio_table(codes, chances, of_actual, weights_, max_hit_ratio_k)
        result["multinomial_auc_table"] = auc.auc_table
        result["multinomial_aucpr_table"] = auc.pr_auc_table
    return result


def _rows(
    actual_codes: ArrayLike, probabilities: ArrayLike, weights: ArrayLike | None, classes: int
) -> tuple[NDArray[np.int64], Floats, Floats | None]:
    """Check everything and keep the rows that count."""
    chances = np.asarray(probabilities, dtype=np.float64)
    if chances.ndim != 2 or chances.shape[1] != classes or classes < 2:
        raise InvalidArgument(
            f"probabilities has shape {chances.shape} but the domain has {classes} levels; "
            "pass one column for each of at least two levels"
        )
    codes, known = class_codes("actual_codes", actual_codes, classes)
    same_length("probabilities", chances, "actual_codes", codes)
    weights_ = observation_weights(weights, codes.shape[0])
    complete = np.asarray(~np.isnan(chances).any(axis=1))
    keep = intersect(known, complete, positive(weights_))
    if keep is not None:
        codes, chances = codes[keep], chances[keep]
        weights_ = None if weights_ is None else weights_[keep]
    if chances.size and not (chances.min() >= 0 and chances.max() <= 1):
        outside = chances.min() if chances.min() < 0 else chances.max()
        raise InvalidArgument(f"probabilities contains {outside}; probabilities must be between 0 and 1")
    return codes, chances, weights_


def _confusion(codes: NDArray[np.int64], chances: Floats) -> Floats:
    classes = chances.shape[1]
    cells = np.bincount(codes * classes + chances.argmax(axis=1), minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.float64)


def _ranks(codes: NDArray[np.int64], chances: Floats, of_actual: Floats) -> NDArray[np.int64]:
    """Count for each row the classes that are predicted before the actual one (ties: lower codes first)."""
    ranks = np.zeros(codes.shape[0], dtype=np.int64)
    for k in range(chances.shape[1]):
        ranks += (chances[:, k] > of_actual) | ((chances[:, k] == of_actual) & (codes > k))
    return ranks


def _hit_ratio_table(
    codes: NDArray[np.int64], chances: Floats, of_actual: Floats, weights: Floats | None, max_k: int
) -> Table | None:
    size = min(max_k, chances.shape[1])
    if codes.size == 0 or size < 1:
        return None
    hits = np.bincount(_ranks(codes, chances, of_actual), weights=weights, minlength=chances.shape[1])
    # 32-bit numbers, added up as such: the digits that H2O shows.
    ratios = np.cumsum((hits[:size] / hits.sum()).astype(np.float32), dtype=np.float32)
    return table(
        f"Top-{size} Hit Ratios",
        "Share of rows whose class is among the k most probable",
        ["k", "hit_ratio"],
        ["string", "float"],
        [[str(k + 1), float(ratio)] for k, ratio in enumerate(ratios)],
    )
