"""Mean and spread of the metrics of the folds of a cross-validation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Floats
from .tables import Table, error_rate, mean_per_class_error, per_class_errors, table

# name in the summary -> field of the metrics
_FIELDS = {
    "aic": "AIC",
    "auc": "AUC",
    "custom": "custom_metric_value",
    "lift_top_group": "lift",
    "loglikelihood": "loglikelihood",
    "logloss": "logloss",
    "mae": "mae",
    "mean_residual_deviance": "mean_residual_deviance",
    "mse": "MSE",
    "pr_auc": "pr_auc",
    "r2": "r2",
    "residual_deviance": "mean_residual_deviance",
    "rmse": "RMSE",
    "rmsle": "rmsle",
}
_EVERYWHERE = ("aic", "loglikelihood", "mse", "r2", "rmse")
_OF_CATEGORY = {
    "Binomial": (*_EVERYWHERE, "auc", "lift_top_group", "logloss", "pr_auc"),
    "Multinomial": (*_EVERYWHERE, "auc", "logloss", "pr_auc"),
    "Regression": (*_EVERYWHERE, "mae", "mean_residual_deviance", "residual_deviance", "rmsle"),
}


def summary_of_folds(metrics: Sequence[dict[str, Any]]) -> Table:
    """The metrics of each fold on its holdout rows, with mean and standard deviation.

    Parameters
    ----------
    metrics : sequence of dict
        Metrics of the folds, all of one category.

    Returns
    -------
    Table
        One row per metric in alphabetical order: its name (column ""), mean, sd (n - 1), cv_1_valid, cv_2_valid ...
        Classes are counted at the threshold of the greatest F1 of each fold. What a fold does not have is NaN.
    """
    folds = [_numbers(each) for each in metrics]
    rows: list[list[Any]] = []
    for name in sorted(folds[0]):
        values = np.array([fold.get(name, np.nan) for fold in folds])
        # the r2 of a fold with one response only is minus infinity: mean and deviation follow, without a noise
        with np.errstate(invalid="ignore"):
            rows.append([name, float(values.mean()), float(values.std(ddof=1)), *values.tolist()])
    columns = ["", "mean", "sd", *(f"cv_{k + 1}_valid" for k in range(len(folds)))]
    return table(
        "Cross-Validation Metrics Summary", "", columns, ["string"] + ["double"] * (len(columns) - 1), rows
    )


def _numbers(metrics: dict[str, Any]) -> dict[str, float]:
    category = metrics["model_category"]
    names = [*_OF_CATEGORY[category], *(["custom"] if metrics.get("custom_metric_name") else [])]
    found = {name: float(metrics.get(_FIELDS[name], np.nan)) for name in names}
    return (
        found
        if category == "Regression"
        else found | _of_confusion(metrics.get("cm"), category == "Binomial")
    )


def _of_confusion(cm: dict[str, Any] | None, binomial: bool) -> dict[str, float]:
    """What the confusion matrix says; NaN everywhere where there is none."""
    counts = np.full((2, 2), np.nan)
    if cm is not None:
        rows = cm["table"]["rows"][:-1]
        counts = np.array([row[: len(rows)] for row in rows], float)
    errors, mean_error = per_class_errors(counts), mean_per_class_error(counts)
    wrong = error_rate(counts)
    known = cm is not None
    found = {
        "accuracy": 1 - wrong,
        "err": wrong,
        "err_count": float(counts.sum() - np.trace(counts)),
        "max_per_class_error": float(np.nanmax(errors)) if known else np.nan,
        "mean_per_class_accuracy": 1 - mean_error if known else np.nan,
        "mean_per_class_error": mean_error if known else np.nan,
    }
    return found | _of_two_classes(counts) if binomial else found


def _of_two_classes(counts: Floats) -> dict[str, float]:
    (tn, fp), (fn, tp) = counts
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = {
            "f0point5": 1.25 * tp / (1.25 * tp + 0.25 * fn + fp),
            "f1": 2 * tp / (2 * tp + fn + fp),
            "f2": 5 * tp / (5 * tp + 4 * fn + fp),
            "mcc": (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
            "precision": tp / (tp + fp),
            "recall": tp / (tp + fn),
            "specificity": tn / (tn + fp),
        }
    return {name: float(score) for name, score in scores.items()}
