"""Metrics of models as pages show them: names, order, and which of two values is the better one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from ....deeplearning.metrics.labels import label_of

PARTS = {"training": "Training", "validation": "Validation", "cross_validation": "Cross-validation"}


class MetricWords(NamedTuple):
    """How a metric is called, and whether greater values are better (None: neither)."""

    label: str
    greater: bool | None


# By their names among the metrics of a model, in the order of the page: whether greater values are better.
_GREATER: dict[str, bool | None] = {
    "logloss": False,
    "AUC": True,
    "pr_auc": True,
    "Gini": True,
    "mean_residual_deviance": False,
    "RMSE": False,
    "MSE": False,
    "mae": False,
    "rmsle": False,
    "r2": True,
    "classification_error": False,
    "mean_per_class_error": False,
    "lift": True,
    "kolmogorov_smirnov": True,
    "custom_metric_value": None,
    "nobs": None,
}
METRICS = {name: MetricWords(label_of(name), greater) for name, greater in _GREATER.items()}
_MAIN = {"Regression": "mean_residual_deviance", "AutoEncoder": "MSE"}


def main_metric(category: str) -> str:
    """The metric by which models of a kind are judged first."""
    return _MAIN.get(category, "logloss")


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
