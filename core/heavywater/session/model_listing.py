"""What a list of models shows of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..deeplearning.model.model import DeepLearningModel
from .values import Description

_TIMES = ("start_time", "end_time", "run_time")


def listed_models(models: Sequence[DeepLearningModel]) -> list[Description]:
    """The facts of `Models.listed` about each of the models."""
    folds = {
        fold: model.key
        for model in models
        for fold in model.cross_validation.get("cross_validation_models") or []
    }
    return [{**_listed(model), "fold_of": folds.get(model.key)} for model in models]


def _listed(model: DeepLearningModel) -> Description:
    known = bool(model.facts.get("end_time"))  # MOJOs may not tell
    return {
        "model_id": model.key,
        "model_category": model.parameters.category,
        "response_column": model.parameters.response,
        "training_frame": model.facts.get("training_frame"),
        **{name: model.facts.get(name) if known else None for name in _TIMES},
        "metrics": {
            "training": _numbers(model.training_metrics),
            "validation": _numbers(model.validation_metrics),
            "cross_validation": _numbers(model.cross_validation.get("cross_validation_metrics")),
        },
    }


def _numbers(metrics: Mapping[str, Any] | None) -> Description | None:
    if metrics is None:
        return None
    return {
        name: value
        for name, value in metrics.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
