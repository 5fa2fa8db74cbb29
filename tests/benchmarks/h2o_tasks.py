"""What `worker_heavywater` and `worker_h2o` do, through the one API that they share.

A job is a dictionary: ``task`` (one of `TASKS`), ``train`` and ``test`` (paths of the CSV files),
``threads``, ``rows`` (how many of the first training rows), ``parameters`` (of the estimator), maybe
``scale`` (divisor of the pixels). The result
is a dictionary of measured figures.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import h2o
from h2o.estimators.deeplearning import H2ODeepLearningEstimator

from . import tables

RESPONSE = "C785"
PREDICTORS = [f"C{i}" for i in range(1, 785)]
FULL_ROWS = 60_000
# One scoring, at the end and of few rows: the rate in the scoring history excludes it, and what little it
# disturbs (caches, the compiler of the JVM) stays out too. An iteration is an epoch.
MEASURING = {
    "train_samples_per_iteration": 0,
    "score_interval": 1e9,
    "score_training_samples": 1000,
    "stopping_rounds": 0,
    "classification_stop": -1,
    "overwrite_with_best_model": False,
    "variable_importances": False,
    "quiet_mode": True,
}

Job = dict[str, Any]
Result = dict[str, Any]


def _frames(job: Job) -> tuple[Any, Any]:
    train, test = h2o.import_file(job["train"]), h2o.import_file(job["test"])
    if job["rows"] < FULL_ROWS:
        train = train[0 : job["rows"], :]
    train[RESPONSE] = train[RESPONSE].asfactor()
    test[RESPONSE] = test[RESPONSE].asfactor()
    if "scale" in job:
        train, test = ((frame[PREDICTORS] / job["scale"]).cbind(frame[RESPONSE]) for frame in (train, test))
    return train, test


def _fit(job: Job, train: Any) -> Any:
    model = H2ODeepLearningEstimator(**(MEASURING | job["parameters"]))
    model.train(x=PREDICTORS, y=RESPONSE, training_frame=train)
    return model


def training_speed(model: Any) -> float:
    """Rows per second of training, scoring and set-up excluded: last entry of the scoring history."""
    shown = model.scoring_history()["training_speed"]  # such as "610 obs/sec"
    return float([text for text in shown if isinstance(text, str) and text.strip()][-1].split()[0])


def test_error(model: Any, test: Any) -> float:
    """Share of misclassified rows: last line of the confusion matrix on the test file."""
    return float(model.model_performance(test).confusion_matrix().as_data_frame()["Error"].iloc[-1])


test_error.__test__ = False  # type: ignore[attr-defined]  # not a test for pytest


def train(job: Job) -> Result:
    """Train and give rows per second, and the test error that those rows bought."""
    training, test = _frames(job)
    start = time.perf_counter()
    model = _fit(job, training)
    seconds = time.perf_counter() - start
    return {
        "rows_per_second": training_speed(model),
        "seconds": seconds,
        "test_error": test_error(model, test),
    }


def predict(job: Job) -> Result:
    """Seconds to score the whole training file with a model that was trained on a few rows."""
    training, _ = _frames(job)
    model = _fit(job, training)
    everything = h2o.import_file(job["train"])
    model.predict(training)
    start = time.perf_counter()
    scored = model.predict(everything)
    rows = scored.nrow
    return {"seconds": time.perf_counter() - start, "rows": rows}


def metrics(job: Job) -> Result:
    """Seconds for all metrics of made-up probabilities of two classes, nearly all of them different."""
    import numpy
    import pandas

    random, rows = numpy.random.default_rng(1), job["rows"]
    actual: Any = random.random(rows) < 0.3
    probability = 1 / (1 + numpy.exp(-random.normal(1.5 * actual - 1)))
    classes = pandas.Categorical.from_codes(actual.astype(int), ["no", "yes"])
    frame = h2o.H2OFrame(pandas.DataFrame({"p": probability, "class": classes}))
    few = frame[0:1000, :]
    h2o.make_metrics(few["p"], few["class"])
    predicted, expected = frame["p"], frame["class"]
    start = time.perf_counter()
    auc = h2o.make_metrics(predicted, expected).auc()
    return {"seconds": time.perf_counter() - start, "rows": rows, "auc": auc}


def import_csv(job: Job) -> Result:
    """Seconds to import the training file, the first import of the process."""
    start = time.perf_counter()
    rows = h2o.import_file(job["train"]).nrow
    return {"seconds": time.perf_counter() - start, "rows": rows}


def _timed_table(job: Job, work: Callable[[Any, Any], Any]) -> Result:
    """Seconds for work on a large table (and its partners), whose result is complete when it has its rows."""
    table, partners = (h2o.H2OFrame(made(job["rows"])) for made in (tables.table, tables.partners))
    rows = work(table[0:1000, :], partners).nrow  # warms up
    start = time.perf_counter()
    rows = work(table, partners).nrow
    return {"seconds": time.perf_counter() - start, "rows": rows}


def group(job: Job) -> Result:
    """Seconds for sum, standard deviation and median of a column by the values of another."""
    return _timed_table(
        job,
        lambda table, _: table.group_by("group").sum("number").sd("number").median("number").get_frame(),
    )


def merge(job: Job) -> Result:
    """Seconds for joining with a table in which each key occurs once."""
    return _timed_table(job, lambda table, partners: table.merge(partners, by_x=["key"], by_y=["key"]))


def sort(job: Job) -> Result:
    """Seconds for sorting by a column of many equal values, then by one of real numbers."""
    return _timed_table(job, lambda table, _: table.sort(["group", "number"]))


TASKS: dict[str, Callable[[Job], Result]] = {
    "train": train,
    "predict": predict,
    "metrics": metrics,
    "import": import_csv,
    "group": group,
    "merge": merge,
    "sort": sort,
}
