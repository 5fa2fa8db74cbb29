"""Questions that a grid passes on to each of its models; the answers come as a dict by model."""

from __future__ import annotations

from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any, Protocol

from ..elsewhere.stand_ins import names_of
from ..model.model_base import ModelBase


class Question(Protocol):
    """What is asked of each model, with the arguments that it takes there; the answers by the name of the model."""

    def __call__(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The answers by the name of the model."""
        ...


def _question(name: str) -> Any:
    def ask(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        answers = {model.model_id: getattr(model, name) for model in self.models}
        return {key: each(*args, **kwargs) if callable(each) else each for key, each in answers.items()}

    original = getattr(ModelBase, name)
    ask.__name__ = name
    # help shows what the method of a model takes; a property takes nothing
    shown = (
        signature(original)
        if callable(original)
        else Signature([Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)])
    )
    ask.__signature__ = shown  # type: ignore[attr-defined]
    ask.__doc__ = f"Answers of all models to `{name}`, by model.\n\n        {original.__doc__ or ''}"
    return ask


class GridMetrics:
    """Mixin of the questions: methods of models whose answers make sense side by side."""

    F0point5: Question = _question("F0point5")
    F1: Question = _question("F1")
    F2: Question = _question("F2")
    accuracy: Question = _question("accuracy")
    aic: Question = _question("aic")
    anomaly: Question = _question("anomaly")
    auc: Question = _question("auc")
    aucpr: Question = _question("aucpr")
    biases: Question = _question("biases")
    catoffsets: Question = _question("catoffsets")
    confusion_matrix: Question = _question("confusion_matrix")
    deepfeatures: Question = _question("deepfeatures")
    error: Question = _question("error")
    find_idx_by_threshold: Question = _question("find_idx_by_threshold")
    find_threshold_by_max_metric: Question = _question("find_threshold_by_max_metric")
    gini: Question = _question("gini")
    hit_ratio_table: Question = _question("hit_ratio_table")
    is_cross_validated: Question = _question("is_cross_validated")
    logloss: Question = _question("logloss")
    mae: Question = _question("mae")
    max_per_class_error: Question = _question("max_per_class_error")
    mcc: Question = _question("mcc")
    mean_per_class_error: Question = _question("mean_per_class_error")
    mean_residual_deviance: Question = _question("mean_residual_deviance")
    missrate: Question = _question("missrate")
    model_performance: Question = _question("model_performance")
    mse: Question = _question("mse")
    normmul: Question = _question("normmul")
    normsub: Question = _question("normsub")
    null_degrees_of_freedom: Question = _question("null_degrees_of_freedom")
    null_deviance: Question = _question("null_deviance")
    plot: Question = _question("plot")
    pr_auc: Question = _question("pr_auc")
    precision: Question = _question("precision")
    predict: Question = _question("predict")
    r2: Question = _question("r2")
    recall: Question = _question("recall")
    residual_degrees_of_freedom: Question = _question("residual_degrees_of_freedom")
    residual_deviance: Question = _question("residual_deviance")
    respmul: Question = _question("respmul")
    respsub: Question = _question("respsub")
    rmse: Question = _question("rmse")
    rmsle: Question = _question("rmsle")
    roc: Question = _question("roc")
    scoring_history: Question = _question("scoring_history")
    sensitivity: Question = _question("sensitivity")
    specificity: Question = _question("specificity")
    varimp: Question = _question("varimp")
    weights: Question = _question("weights")
    xval_keys: Question = _question("xval_keys")
    xvals: Question = _question("xvals")
    get_xval_models: Question = _question("get_xval_models")


if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
