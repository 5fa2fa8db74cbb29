"""Metrics of models as pages show them: names, order, and which of two values is the better one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

PARTS = {"training": "Training", "validation": "Validation", "cross_validation": "Cross-validation"}


class MetricWords(NamedTuple):
    """How a metric is called, and whether greater values are better (None: neither)."""

    label: str
    greater: bool | None


# By their names among the metrics of a model, in the order of the page.
METRICS = {
    "logloss": MetricWords("Logloss", False),
    "AUC": MetricWords("AUC", True),
    "pr_auc": MetricWords("AUC of precision/recall", True),
    "Gini": MetricWords("Gini", True),
    "mean_residual_deviance": MetricWords("Mean residual deviance", False),
    "RMSE": MetricWords("RMSE", False),
    "MSE": MetricWords("MSE", False),
    "mae": MetricWords("MAE", False),
    "rmsle": MetricWords("RMSLE", False),
    "r2": MetricWords("R²", True),
    "classification_error": MetricWords("Classification error", False),
    "mean_per_class_error": MetricWords("Mean error of the classes", False),
    "lift": MetricWords("Lift of the first group", True),
    "kolmogorov_smirnov": MetricWords("Kolmogorov-Smirnov", True),
    "custom_metric_value": MetricWords("Custom metric", None),
    "nobs": MetricWords("Rows", None),
}
# By their names in the scoring history.
HISTORY = {
    "logloss": "logloss",
    "deviance": "mean_residual_deviance",
    "auc": "AUC",
    "pr_auc": "pr_auc",
    "classification_error": "classification_error",
    "rmse": "RMSE",
    "mse": "MSE",
    "mae": "mae",
    "r2": "r2",
    "lift": "lift",
    "custom": "custom_metric_value",
}
_MAIN = {"Regression": "mean_residual_deviance", "AutoEncoder": "MSE"}


def main_metric(category: str) -> str:
    """The metric by which models of a kind are judged first."""
    return _MAIN.get(category, "logloss")


def label_of(metric: str) -> str:
    """How a metric is called."""
    words = METRICS.get(metric)
    return metric if words is None else words.label


def is_number(value: Any) -> bool:
    """Whether a metric has a value: some are not computed unless they are asked for."""
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def value_of(metrics: Mapping[str, Any] | None, metric: str) -> float | None:
    """The value of a metric, None where there is none."""
    found = (metrics or {}).get(metric)
    return found if is_number(found) else None


def side_by_side(parts: Mapping[str, Mapping[str, Any] | None]) -> list[tuple[str, list[float | None]]]:
    """A line for each metric that has a value: how it is called, and its value in each of the parts."""
    found = []
    for metric, words in METRICS.items():
        values = [value_of(metrics, metric) for metrics in parts.values()]
        if any(value is not None for value in values):
            found.append((words.label, values))
    return found
