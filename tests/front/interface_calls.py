"""What the methods of models and metrics give back, as a description that is the same for any client.

``python -m tests.front.interface_calls DATA FILE`` run in an environment with the real H2O (3.46.0.12) wrote
``tests/data/interface_shapes.json``; `test_interface` compares ours with it.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
from h2o.estimators.deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator

SMALL: dict[str, Any] = {"hidden": [8, 6], "epochs": 2, "seed": 1, "reproducible": True}
# Names of methods without arguments.
OF_LINEAR_MODELS = (
    "residual_deviance null_deviance null_degrees_of_freedom residual_degrees_of_freedom aic loglikelihood"
)
COMMON = """
    mse rmse mae rmsle r2 logloss mean_residual_deviance auc aucpr pr_auc gini mean_per_class_error hit_ratio_table
    multinomial_auc_table multinomial_aucpr_table thresholds_and_metric_scores F1 F2 F0point5 accuracy error precision
    tpr tnr fnr fpr recall sensitivity specificity fallout missrate mcc max_per_class_error roc gains_lift
    confusion_matrix
"""
OF_MODEL = """
    varimp summary get_summary scoring_history score_history is_cross_validated type key model_id have_mojo have_pojo
    default_params actual_params full_parameters run_time start_time end_time
"""
OF_METRICS = "nobs fprs tprs custom_metric_name"
OF_TWO_CLASSES: dict[str, Callable[[Any], Any]] = {
    "confusion_matrix of two metrics": lambda o: o.confusion_matrix(metrics=["f1", "accuracy"]),
    "confusion_matrix of metric and thresholds": lambda o: o.confusion_matrix("f2", [0.1, 0.5]),
    "confusion_matrix of an unknown metric": lambda o: o.confusion_matrix(metrics="f3"),
    "confusion_matrix of an impossible threshold": lambda o: o.confusion_matrix(thresholds=2.0),
    "F1 at a threshold": lambda o: o.F1(thresholds=0.5),
    "F1 at thresholds": lambda o: o.F1(thresholds=[0.5, 0.6]),
    "F1 at all thresholds": lambda o: o.F1(thresholds="all"),
    "metric": lambda o: o.metric("tps"),
    "metric with an alias": lambda o: o.metric("recall", thresholds=[0.2]),
    "metric of an unknown name": lambda o: o.metric("xx"),
    "find_threshold_by_max_metric": lambda o: o.find_threshold_by_max_metric("f1"),
    "find_threshold_by_max_metric of an alias": lambda o: o.find_threshold_by_max_metric("fallout"),
    "find_threshold_by_max_metric of an unknown name": lambda o: o.find_threshold_by_max_metric("xx"),
    "find_idx_by_threshold": lambda o: o.find_idx_by_threshold(0.4),
    "find_idx_by_threshold outside": lambda o: o.find_idx_by_threshold(-1),
    "gains_lift_plot without drawing": lambda o: o.gains_lift_plot(plot=False),
}
OF_TWO_CLASS_MODELS: dict[str, Callable[[Any], Any]] = {
    "kolmogorov_smirnov": lambda o: o.kolmogorov_smirnov(),
    "metric of a method": lambda o: o.metric("error"),
    "default_threshold": lambda o: o.default_threshold(),
}
OF_TWO_CLASS_METRICS: dict[str, Callable[[Any], Any]] = {
    "plot of roc without drawing": lambda o: o.plot(plot=False),
    "plot of pr without drawing": lambda o: o.plot(type="pr", plot=False),
    "plot of gains_lift without drawing": lambda o: o.plot(type="gains_lift", plot=False),
    "plot of another type": lambda o: o.plot(type="x", plot=False),
    "maximizing_metrics": lambda o: list(o.maximizing_metrics),
}
OF_ANY_MODEL: dict[str, Callable[[Any, Any], Any]] = {
    "varimp with pandas": lambda o, frame: o.varimp(True),
    "predict": lambda o, frame: o.predict(frame),
    "deepfeatures": lambda o, frame: o.deepfeatures(frame, 0),
    "deepfeatures by text": lambda o, frame: o.deepfeatures(frame, "1"),
    "deepfeatures behind the last layer": lambda o, frame: o.deepfeatures(frame, 2),
    "anomaly": lambda o, frame: o.anomaly(frame),
    "anomaly per feature": lambda o, frame: o.anomaly(frame, per_feature=True),
    "confusion_matrix of a frame": lambda o, frame: o.confusion_matrix(frame),
    "model_performance with auc_type": lambda o, frame: o.model_performance(
        frame, auc_type="macro_ovr"
    ).auc(),
}


def shape(value: Any) -> str:
    """Type and size of a value, in words that fit both clients."""
    if value is None or isinstance(value, bool):
        return repr(value)
    # The recording asked every value whether it is the text NaN, and a frame of answers counts as true.
    if isinstance(value, int | float | h2o.H2OFrame) or value == "NaN":
        return "number"
    if isinstance(value, str):
        return "text"
    name = type(value).__name__
    if name == "ConfusionMatrix":
        title = value.table._table_header.partition(" = ")[0]
        return f"ConfusionMatrix {title}: {value.table.col_header}, {shape(value.to_list())}"
    if name == "H2OTwoDimTable":
        return f"table {value.col_header}"
    if name in ("DataFrame", "H2OFrame"):
        return f"{name} {list(value.columns)}"
    if isinstance(value, dict):
        inside = (
            ", ".join(f"{key}: {shape(each)}" for key, each in value.items()) if len(value) < 4 else "many"
        )
        return f"dict of {inside}"
    sequence = "tuple" if isinstance(value, tuple) else "list"
    size = len(value) if len(value) < 5 else "many"
    more = f", value {shape(value.value)}" if hasattr(value, "value") else ""
    return f"{sequence} of {size} {shape(value[0]) if len(value) else ''}{more}".rstrip()


def outcome(call: Callable[..., Any], *arguments: Any, **options: Any) -> str:
    """Shape of what a call gives, "error" where it fails."""
    try:
        return shape(call(*arguments, **options))
    except Exception:  # noqa: BLE001 - the other client raises other errors
        return "error"


def member(holder: Any, name: str, **options: Any) -> Any:
    found = getattr(holder, name)
    return found(**options) if callable(found) else found


def models(data: Path) -> dict[str, tuple[Any, Any]]:
    """One model of each kind, with a frame to score."""
    frame = h2o.import_file(str(data / "prostate.csv"))
    for column in ("CAPSULE", "RACE"):
        frame[column] = frame[column].asfactor()
    train, test = frame[0:260, :], frame[260:380, :]
    iris = h2o.import_file(str(data / "iris_wheader.csv"))
    few = ["AGE", "RACE", "PSA"]

    def fit(**parameters: Any) -> Any:
        return H2ODeepLearningEstimator(**SMALL, **parameters)

    two, many, number, unlabelled = fit(), fit(auc_type="MACRO_OVR"), fit(), H2OAutoEncoderEstimator(**SMALL)
    two.train(x=[*few, "GLEASON"], y="CAPSULE", training_frame=train, validation_frame=test)
    many.train(y="class", training_frame=iris, validation_frame=iris)
    number.train(x=few, y="VOL", training_frame=train, validation_frame=test)
    unlabelled.train(x=few, training_frame=train)
    return {
        "two classes": (two, test),
        "many classes": (many, iris),
        "number": (number, test),
        "autoencoder": (unlabelled, test),
    }


def shapes(data: Path) -> dict[str, str]:
    """Outcome of every call, under names like "two classes model F1"."""
    found: dict[str, str] = {}
    for kind, (model, frame) in models(data).items():
        metrics = model.model_performance(frame)
        for name in f"{COMMON} {OF_LINEAR_MODELS} {OF_MODEL}".split():
            found[f"{kind} model {name}"] = outcome(member, model, name)
        for name in COMMON.split():
            both = outcome(member, model, name, train=True, valid=True)
            found[f"{kind} model {name} train, valid"] = both
            found[f"{kind} model {name} valid"] = outcome(member, model, name, valid=True)
        for name in f"{COMMON} {OF_LINEAR_MODELS} {OF_METRICS}".split():
            found[f"{kind} metrics {name}"] = outcome(member, metrics, name)
        for name, call in OF_ANY_MODEL.items():
            found[f"{kind} model {name}"] = outcome(call, model, frame)
        if kind == "two classes":
            for name, question in (OF_TWO_CLASSES | OF_TWO_CLASS_MODELS).items():
                found[f"{kind} model {name}"] = outcome(question, model)
            for name, question in (OF_TWO_CLASSES | OF_TWO_CLASS_METRICS).items():
                found[f"{kind} metrics {name}"] = outcome(question, metrics)
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    h2o.init(nthreads=1)
    h2o.no_progress()
    text = json.dumps(shapes(Path(sys.argv[1])), indent=0)
    Path(sys.argv[2]).write_text(text + "\n", encoding="utf-8")
    h2o.cluster().shutdown()
