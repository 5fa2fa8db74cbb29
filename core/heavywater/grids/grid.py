"""The models of a grid search, and which are the best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..deeplearning.metrics.better import more_is_better
from ..deeplearning.training.stopping import METRICS
from ..errors import InvalidArgument

Description = Mapping[str, Any]

# name to sort by -> field of the metrics; max_criteria: the greatest value over all thresholds
FIELDS = {
    "logloss": "logloss",
    "mse": "MSE",
    "rmse": "RMSE",
    "mae": "mae",
    "rmsle": "rmsle",
    "residual_deviance": "mean_residual_deviance",
    "mean_residual_deviance": "mean_residual_deviance",
    "deviance": "mean_residual_deviance",
    "mean_per_class_error": "mean_per_class_error",
    "err": "classification_error",
    "error": "classification_error",
    "misclassification": "classification_error",
    "r2": "r2",
    "auc": "AUC",
    "aucpr": "pr_auc",
    "pr_auc": "pr_auc",
    "gini": "Gini",
    "lift_top_group": "lift",
    "custom": "custom_metric_value",
    "custom_increasing": "custom_metric_value",
}
BEST_OF_THRESHOLDS = (
    "f1",
    "f2",
    "f0point5",
    "accuracy",
    "precision",
    "recall",
    "specificity",
    "absolute_mcc",
)


# What is told of all models of a grid: under one of the names that each metric has.
MEASURES = (
    "logloss", "residual_deviance", "mse", "rmse", "mae", "rmsle", "r2", "auc", "aucpr", "gini", "lift_top_group",
    "mean_per_class_error", "err", *BEST_OF_THRESHOLDS, "custom",
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """A trained model of a grid: its key, its hyper-parameters, and what identifies its whole set of parameters.

    Of a model whose training was cancelled nothing identifies them: a search that goes on trains it anew.
    """

    model_key: str
    values: dict[str, Any]
    signature: str


@dataclass(frozen=True)
class Failure:
    """A combination that gave no model, and why.

    Attributes
    ----------
    values : dict
        The hyper-parameters.
    message : str
    details : str
        Where in the code it happened, for a report.
    """

    values: dict[str, Any]
    message: str
    details: str


@dataclass
class Grid:
    """What a grid search has found.

    Attributes
    ----------
    key : str
    hyper_names : list of str
    members : list of Member
        In the order of training.
    failures : list of Failure
    request : dict
        What the search was asked for last: parameters, space, criteria, columns and frames; enough to go on with it.
    columns : list of str
        Of the training frame.
    """

    key: str
    hyper_names: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    request: dict[str, Any] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)

    @property
    def dependents(self) -> list[str]:
        """Keys of the models, which go with the grid."""
        return [member.model_key for member in self.members]

    def described(
        self, models: Mapping[str, Description], sort_by: str | None = None, decreasing: bool | None = None
    ) -> dict[str, Any]:
        """The grid as front ends show it, models sorted by a metric.

        Parameters
        ----------
        models : mapping of key to description
            The models that still exist; what `DeepLearningModel.outcome` tells is enough.
        sort_by : str, optional
            Name of a metric; by default logloss for classes, the residual deviance for numbers, MSE for autoencoders.
        decreasing : bool, optional
            By default the best model comes first.

        Returns
        -------
        dict
            Of all models in the same order ``model_ids``, ``hyper_values`` and ``measures``, lists by their names: metrics, as far as
            any of the models has them, ``training_seconds`` and ``trained_epochs``.

        Raises
        ------
        InvalidArgument
            There is no such metric, or these models do not have it.
        """
        members = [member for member in self.members if member.model_key in models]
        name = _metric_name(sort_by, [models[member.model_key] for member in members])
        down = more_is_better(name) if decreasing is None else decreasing
        scored = [(value_of(models[member.model_key], name), member) for member in members]
        if members and sort_by is not None and all(math.isnan(value) for value, _ in scored):
            raise InvalidArgument(f"sort_by={sort_by!r}: the models of this grid do not have this metric")
        scored.sort(key=lambda pair: (math.isnan(pair[0]), -pair[0] if down else pair[0]))
        return {
            "grid_id": self.key,
            "hyper_names": list(self.hyper_names),
            "model_ids": [member.model_key for _, member in scored],
            "hyper_values": [dict(member.values) for _, member in scored],
            "sort_metric": name,
            "measures": _measures([models[member.model_key] for _, member in scored]),
            "summary_table": self._table(scored, name, down),
            "training_frame": self.request.get("training_frame_key"),
            "validation_frame": self.request.get("validation_frame_key"),
            "response_column": self.request.get("y"),
            "parameters": dict(self.request.get("parameters", {})),
            "failed_params": [failure.values for failure in self.failures],
            "failure_details": [failure.message for failure in self.failures],
            "failure_stack_traces": [failure.details for failure in self.failures],
        }

    def _table(self, scored: Sequence[tuple[float, Member]], name: str, down: bool) -> dict[str, Any]:
        return {
            "name": "Hyper-Parameter Search Summary",
            "description": f"ordered by {'decreasing' if down else 'increasing'} {name}",
            "columns": [*self.hyper_names, "model_ids", name],
            "types": ["string"] * (len(self.hyper_names) + 1) + ["double"],
            "rows": [
                [*(_text(member.values.get(each)) for each in self.hyper_names), member.model_key, value]
                for value, member in scored
            ],
        }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _measures(models: Sequence[Description]) -> dict[str, list[float | None]]:
    """What each model reached, as far as any of them has it, how long it was trained, and for how many epochs."""
    found = {name: [value_of(model, name) for model in models] for name in MEASURES}
    scored = [model for model, value in zip(models, found["custom"], strict=True) if not math.isnan(value)]
    if len({_custom(model) for model in scored}) > 1:
        del found["custom"]
    found["training_seconds"] = [_fact(model, "run_time") / 1000 for model in models]
    found["trained_epochs"] = [_fact(model, "epochs") for model in models]
    told = {
        name: [value if math.isfinite(value) else None for value in values] for name, values in found.items()
    }
    return {name: values for name, values in told.items() if any(value is not None for value in values)}


def _fact(model: Description, name: str) -> float:
    value = model.get(name)
    return math.nan if value is None else float(value)


def _custom(model: Description) -> str | None:
    """The function behind its custom metric."""
    used: str | None = model["parameters"]["custom_metric_func"]["actual"]
    return used


def _metric_name(sort_by: str | None, models: Sequence[Description]) -> str:
    """The metric to sort by, under the name it was asked for."""
    if sort_by is None:
        category = models[0]["model_category"] if models else "Binomial"
        return {"Regression": "residual_deviance", "AutoEncoder": "mse"}.get(category, "logloss")
    name = sort_by.lower()
    if name not in FIELDS and name not in BEST_OF_THRESHOLDS:
        raise InvalidArgument(
            f"sort_by={sort_by!r} must be one of {', '.join(sorted({*FIELDS, *BEST_OF_THRESHOLDS}))}"
        )
    if FIELDS.get(name) == "custom_metric_value":
        used = {_custom(model) for model in models}
        if len(used) > 1:
            raise InvalidArgument(
                f"sort_by={sort_by!r}: the models have {len(used)} different custom metrics"
            )
    return name


def value_of(model: Description, name: str) -> float:
    """A metric of a model: of its cross-validation if there was one, else of the validation data, else of training."""
    kinds = ("cross_validation_metrics", "validation_metrics", "training_metrics")
    metrics: Mapping[str, Any] = next((model[kind] for kind in kinds if model.get(kind)), {})
    if name in BEST_OF_THRESHOLDS:
        rows = (metrics.get("max_criteria_and_metric_scores") or {"rows": []})["rows"]
        value = next((row[2] for row in rows if row[0] == f"max {name}"), None)
        if value is None and name == "accuracy" and metrics.get("classification_error") is not None:
            value = 1 - metrics["classification_error"]  # several classes have no threshold
    else:
        value = metrics.get(FIELDS[name])
    return math.nan if value is None else float(value)


def stopping_name(metric: str, model: Description) -> tuple[str, bool]:
    """Name to sort by of a stopping metric, and whether more of it is better."""
    if metric == "AUTO":
        return _metric_name(None, [model]), False
    return metric.lower(), METRICS[metric][1]
