"""Questions that a grid passes on to each of its models; the answers come as a dict by model."""

from __future__ import annotations

from typing import Any

from ..elsewhere.stand_ins import names_of
from ..model.model_base import ModelBase

# methods of models whose answers make sense side by side
_QUESTIONS = (
    "F0point5", "F1", "F2", "accuracy", "aic", "anomaly", "auc", "aucpr", "biases", "catoffsets", "coef", "confusion_matrix",
    "deepfeatures", "error", "find_idx_by_threshold", "find_threshold_by_max_metric", "gini", "hit_ratio_table",
    "is_cross_validated", "logloss",
    "mae", "max_per_class_error", "mcc", "mean_per_class_error", "mean_residual_deviance", "missrate", "model_performance",
    "mse", "normmul", "normsub", "null_degrees_of_freedom", "null_deviance", "plot", "pprint_coef", "pr_auc", "precision",
    "predict", "r2", "recall", "residual_degrees_of_freedom", "residual_deviance", "respmul", "respsub", "rmse", "rmsle", "roc",
    "scoring_history", "sensitivity", "specificity", "varimp", "weights", "xval_keys", "xvals", "get_xval_models",
)  # fmt: skip


def _question(name: str) -> Any:
    def ask(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        answers = {model.model_id: getattr(model, name) for model in self.models}
        return {key: each(*args, **kwargs) if callable(each) else each for key, each in answers.items()}

    original = getattr(ModelBase, name)
    ask.__name__ = name
    ask.__doc__ = f"Answers of all models to `{name}`, by model.\n\n        {original.__doc__ or ''}"
    return ask


class GridMetrics:
    """Mixin of the questions."""


for _name in _QUESTIONS:
    if hasattr(ModelBase, _name):
        setattr(GridMetrics, _name, _question(_name))

__getattr__ = names_of(__name__)
