"""Metrics of models and of predictions."""

from __future__ import annotations

from typing import Any

from ..library import H2OFrame, h2o
from .world import World, members, printed, table, train


def of_two_classes(world: World) -> Any:
    found = world.binomial.model_performance(valid=True)
    matrices = found.confusion_matrix(metrics=["f1", "accuracy"])
    single = (
        found.auc(),
        found.aucpr(),
        found.gini(),
        found.logloss(),
        found.mse(),
        found.rmse(),
        found.mean_per_class_error(),
        found.r2(),
    )
    return [
        [isinstance(each, float) for each in single],
        len(matrices),
        table(found.gains_lift()),
        len(found.F1()[0]),
    ]


def at_thresholds(world: World) -> Any:
    found = world.binomial.model_performance(world.prostate)
    names = (
        "F1",
        "F2",
        "F0point5",
        "accuracy",
        "precision",
        "recall",
        "specificity",
        "sensitivity",
        "mcc",
        "fpr",
        "tpr",
        "fnr",
        "tnr",
        "missrate",
        "fallout",
    )
    return {name: len(getattr(found, name)(thresholds=[0.3, 0.6])) for name in names}


def best_thresholds(world: World) -> Any:
    found = world.binomial.model_performance(world.prostate)
    names = ("f1", "accuracy", "absolute_mcc", "min_per_class_accuracy")
    return [0 <= found.find_threshold_by_max_metric(name) <= 1 for name in names]


def curves(world: World) -> Any:
    found = world.binomial.model_performance(world.prostate)
    fprs, tprs = found.roc()
    return [
        len(fprs) == len(tprs),
        found.plot("roc", server=True) is not None,
        found.plot("pr", server=True) is not None,
    ]


def of_three_classes(world: World) -> Any:
    found = world.multinomial.model_performance(world.iris)
    return [
        table(found.confusion_matrix()),
        table(found.hit_ratio_table()),
        isinstance(found.logloss(), float),
        len(found.confusion_matrix().cell_values),
    ]


def of_three_classes_with_curves(world: World) -> Any:
    model = train(world.iris, "class", auc_type="MACRO_OVR")
    found = model.model_performance(world.iris, auc_type="MACRO_OVR")
    return [
        isinstance(found.auc(), float),
        table(found.multinomial_auc_table()),
        table(found.multinomial_aucpr_table()),
    ]


def of_a_number(world: World) -> Any:
    found = world.regression.model_performance(world.iris)
    single = (
        found.mse(),
        found.rmse(),
        found.mae(),
        found.rmsle(),
        found.mean_residual_deviance(),
        found.r2(),
    )
    return [isinstance(each, float) for each in single]


def of_an_autoencoder(world: World) -> Any:
    found = world.autoencoder.model_performance(world.iris)
    return [members(found), isinstance(found.mse(), float)]


def of_predictions(world: World) -> Any:
    truth = H2OFrame([["a"], ["b"], ["a"], ["b"], ["a"]], column_types=["enum"])
    chances = H2OFrame([0.9, 0.2, 0.7, 0.4, 0.3])
    two = h2o.make_metrics(1 - chances, truth, domain=["a", "b"])
    number = h2o.make_metrics(H2OFrame([1.5, 2.0, 3.5]), H2OFrame([1.0, 2.0, 4.0]))
    return [type(two).__name__, two.auc(), two.logloss(), number.mse(), number.mae(), number.r2()]


def of_predictions_of_three_classes(world: World) -> Any:
    found = h2o.make_metrics(world.multinomial.predict(world.iris)[1:], world.iris["class"])
    return [type(found).__name__, found._metric_json["nobs"], table(found.confusion_matrix())]


def shown(world: World) -> Any:
    text = printed(lambda: print(world.binomial.model_performance(world.prostate)))
    return [
        part in text for part in ("ModelMetricsBinomial", "AUC", "Gini", "Confusion Matrix", "Gains/Lift")
    ]


def a_matrix_of_a_frame(world: World) -> Any:
    return table(world.multinomial.confusion_matrix(world.iris))


def a_threshold_that_is_set(world: World) -> Any:
    from importlib import import_module

    reset = import_module("h2o.utils.model_utils").reset_model_threshold
    before = reset(world.binomial, 0.25)
    return [isinstance(before, float), abs(reset(world.binomial, before) - 0.25) < 1e-9]
