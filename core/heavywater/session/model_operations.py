"""Operations of the expression language that ask models: importances, a leaderboard, fairness, predicted beside actual values."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.adaptation import class_codes
from ..deeplearning.explaining.fairness import fairness_metrics
from ..deeplearning.explaining.permutation import PermutationOptions, permutation_importance
from ..deeplearning.metrics.better import more_is_better
from ..deeplearning.model.model import DeepLearningModel
from ..errors import InvalidArgument, InvalidType, UnknownName, warn
from ..frame.columns.makers import numeric, strings
from ..frame.frame import Frame
from ..frame.language.expressions import Ref
from ..grids.segments import SegmentModels
from .store import Store

Operation = Callable[..., Any]

# Columns of a leaderboard by the kind of models: ours, and the name that H2O gives; the first one orders the rows.
_MEASURES = {
    "Binomial": {
        "auc": "AUC", "logloss": "logloss", "aucpr": "pr_auc", "mean_per_class_error": "mean_per_class_error", "rmse": "RMSE", "mse": "MSE",
    },
    "Multinomial": {"mean_per_class_error": "mean_per_class_error", "logloss": "logloss", "rmse": "RMSE", "mse": "MSE"},
    "Regression": {"rmse": "RMSE", "mse": "MSE", "mae": "mae", "rmsle": "rmsle", "mean_residual_deviance": "mean_residual_deviance"},
}  # fmt: skip
_FURTHER = ("training_time_ms", "predict_time_per_row_ms", "algo")
_SCORED_ON = {  # what was scored in training, and what takes its place where it was not
    "auto": ("cross_validation", "validation", "training"),
    "xval": ("cross_validation", "validation", "training"),
    "valid": ("validation", "cross_validation", "training"),
    "train": ("training",),
}


def model_operation(name: str) -> Operation:
    """The function behind an operation: it takes the store, and the arguments in H2O's order.

    Raises
    ------
    InvalidType
        When it is called, where the number of arguments or the kind of one is wrong.
    """
    function = _OPERATIONS[name]

    def call(store: Store, *arguments: Any) -> Any:
        try:
            bound = inspect.signature(function).bind(store, *arguments)
        except TypeError:
            names = ", ".join(list(inspect.signature(function).parameters)[1:])
            raise InvalidType(f"{name}: wrong number of arguments; it takes {names}") from None
        for argument, value in list(bound.arguments.items())[1:]:
            wanted = _KINDS[argument]
            if not isinstance(value, wanted) or isinstance(value, bool):
                raise InvalidType(f"{name}: {argument}={value!r} is not of the kind that is needed")
        return function(*bound.args)

    return call


def _model(store: Store, named: Ref | str) -> DeepLearningModel:
    key = named.key if isinstance(named, Ref) else named
    if key not in store.keys(DeepLearningModel):
        raise UnknownName(f"no model {key!r}", key)
    return store.get(key, DeepLearningModel)


def _permutation(
    store: Store,
    model: Ref,
    frame: Frame,
    metric: str,
    n_samples: int,
    n_repeats: int,
    features: list[str],
    seed: int,
) -> Frame:
    options = PermutationOptions(metric, int(n_samples), int(n_repeats), features, int(seed))
    return permutation_importance(_model(store, model), frame, options, errors=False)[0]


def _fairness(
    store: Store,
    model: Ref,
    frame: Frame,
    protected_columns: list[str],
    reference: list[str],
    favorable_class: str,
) -> dict[str, Frame]:
    return fairness_metrics(_model(store, model), frame, protected_columns, reference, favorable_class)


def _segments(store: Store, segments: Ref) -> Frame:
    if segments.key not in store.keys(SegmentModels):
        raise UnknownName(f"no segment models {segments.key!r}", segments.key)
    return store.get(segments.key, SegmentModels).described()


# ---- predicted beside actual values


def _predicted_and_actual(store: Store, model: Ref, frame: Frame, variable: str, predicted: Frame) -> Frame:
    """Means of predicted and of actual values in the rows of each level of a column."""
    asked, levels = _model(store, model), frame.column(variable)
    response = asked.parameters.response
    if asked.parameters.category not in ("Binomial", "Regression") or response is None:
        raise InvalidArgument(
            f"predicted.vs.actual.by.var: {asked.key} is of the kind {asked.parameters.category}; models of numbers and "
            "of two classes have values that can be averaged"
        )
    if levels.levels is None:
        raise InvalidType(f"predicted.vs.actual.by.var: {variable!r} is no factor; convert it with asfactor")
    if predicted.nrow != frame.nrow or not predicted.ncol:
        raise InvalidArgument(
            f"predicted.vs.actual.by.var: the predictions have {predicted.nrow} rows, the frame {frame.nrow}"
        )
    domain = None if asked.spec.response is None else asked.spec.response.domain
    truth = frame.column(response)
    actual = (
        truth.numbers() if domain is None else np.asarray(class_codes(response, truth, domain), dtype=float)
    )
    actual = np.where(actual < 0, np.nan, actual) if domain is not None else actual
    observation = asked.spec.observation_weights(frame)
    weights = np.ones(frame.nrow) if observation is None else observation
    codes = levels.numbers()
    counted = ~(np.isnan(codes) | np.isnan(actual) | (weights == 0))
    means = [
        _means(codes[counted].astype(int), each[counted], weights[counted], len(levels.levels))
        for each in (predicted.columns[0].numbers(), actual)
    ]
    return Frame([variable, "predict", "actual"], [strings(list(levels.levels)), *map(numeric, means)])


def _means(codes: Array, values: Array, weights: Array, count: int) -> Array:
    total = np.bincount(codes, weights * values, minlength=count)
    with np.errstate(all="ignore"):
        return np.asarray(total / np.bincount(codes, weights, minlength=count))


# ---- leaderboards


def _leaderboard(
    store: Store,
    models: list[str] | str,
    leaderboard_frame: Frame | str,
    sort_metric: str,
    extra_columns: list[str] | str,
    scoring_data: str,
) -> Frame:
    """Models, and how good they are: one row for each, the best first."""
    asked = [_model(store, key) for key in _listed(models)]
    measures = _measures_of(asked, sort_metric)
    frame = leaderboard_frame if isinstance(leaderboard_frame, Frame) else None
    if isinstance(leaderboard_frame, str) and leaderboard_frame:
        frame = store.frame(leaderboard_frame)
    rows = [_scores(model, frame, scoring_data) for model in asked]
    values = {
        name: np.array([float(row.get(key) or np.nan) for row in rows]) for name, key in measures.items()
    }
    leading = values[next(iter(measures))]
    order = np.argsort(-leading if more_is_better(next(iter(measures))) else leading, kind="stable")
    parts: dict[str, Any] = {"model_id": strings([models[i] for i in order])}
    parts |= {name: numeric(each[order]) for name, each in values.items()}
    for name in _further(_listed(extra_columns), frame):
        found = [_further_value(name, asked[i], frame) for i in order]
        parts[name] = strings(found) if name == "algo" else numeric(np.array(found))
    return Frame(list(parts), list(parts.values()))


def _measures_of(models: Sequence[DeepLearningModel], sort_metric: str) -> dict[str, str]:
    """What the leaderboard has, what orders it first."""
    kinds = {model.parameters.category for model in models}
    if len(kinds) != 1 or not kinds <= _MEASURES.keys():
        raise InvalidArgument(
            f"makeLeaderboard: the models are of the kinds {', '.join(sorted(kinds)) or 'none'}; all have to be of one kind, "
            "and have a response"
        )
    measures = _MEASURES[kinds.pop()]
    first = next(iter(measures)) if sort_metric.upper() == "AUTO" else sort_metric.lower()
    if first not in measures:
        raise InvalidArgument(
            f"makeLeaderboard: sort_metric={sort_metric!r} must be one of AUTO, {', '.join(measures)}"
        )
    return {first: measures[first], **measures}


def _scores(model: DeepLearningModel, frame: Frame | None, scoring_data: str) -> dict[str, Any]:
    if frame is not None:
        found, remarks = model.metrics(frame)
        for remark in remarks:
            warn(remark, RuntimeWarning)
        return found
    if scoring_data.lower() not in _SCORED_ON:
        raise InvalidArgument(
            f"makeLeaderboard: scoring_data={scoring_data!r} must be one of {', '.join(_SCORED_ON)}"
        )
    scored = {
        "training": model.training_metrics,
        "validation": model.validation_metrics,
        "cross_validation": model.cross_validation.get("cross_validation_metrics"),
    }
    return next((scored[name] for name in _SCORED_ON[scoring_data.lower()] if scored[name]), None) or {}


def _listed(given: list[str] | str) -> list[str]:
    return [given] if isinstance(given, str) else given


def _further(extra_columns: list[str], frame: Frame | None) -> list[str]:
    asked = [
        name
        for name in _FURTHER
        if "ALL" in [each.upper() for each in extra_columns] or name in extra_columns
    ]
    unknown = [name for name in extra_columns if name not in _FURTHER and name.upper() != "ALL"]
    if unknown:
        raise InvalidArgument(
            f"makeLeaderboard: extra_columns={unknown[0]!r} must be one of ALL, {', '.join(_FURTHER)}"
        )
    if "predict_time_per_row_ms" in asked and frame is None:
        raise InvalidArgument(
            "makeLeaderboard: predict_time_per_row_ms needs a leaderboard frame, whose rows are predicted"
        )
    return asked


def _further_value(name: str, model: DeepLearningModel, frame: Frame | None) -> Any:
    if name == "algo":
        return "DeepLearning"
    if name == "training_time_ms":
        return float(model.facts.get("run_time", np.nan))
    begun = time.perf_counter()
    model.predict(frame)  # type: ignore[arg-type]  # there is one: see _further
    return 1000 * (time.perf_counter() - begun) / max(1, frame.nrow if frame else 1)


_KINDS: dict[str, Any] = {
    "model": (Ref, str), "segments": Ref, "frame": Frame, "predicted": Frame, "leaderboard_frame": (Frame, str),
    "models": (list, str), "features": list, "extra_columns": (list, str), "metric": str, "sort_metric": str, "scoring_data": str,
    "variable": str, "protected_columns": list, "reference": list, "favorable_class": str,
     "n_samples": (int, float), "n_repeats": (int, float), "seed": (int, float),
}  # fmt: skip
_OPERATIONS: dict[str, Operation] = {
    "PermutationVarImp": _permutation,
    "fairnessMetrics": _fairness,
    "makeLeaderboard": _leaderboard,
    "predicted.vs.actual.by.var": _predicted_and_actual,
    "segment_models_as_frame": _segments,
}
