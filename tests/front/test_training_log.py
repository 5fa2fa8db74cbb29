"""Trainings in the log of the standard library, and callbacks of all trainings."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import h2o
import pytest
from h2o.callbacks import Callback, Run, register, unregister
from h2o.estimators import H2ODeepLearningEstimator
from heavywater.errors import UnstableModel

SMALL: dict[str, Any] = {"hidden": [2], "epochs": 2, "seed": 1, "train_samples_per_iteration": 0}


@pytest.fixture(scope="module")
def rows() -> h2o.H2OFrame:
    n = list(range(60))
    values = {"a": n, "same": [1] * 60, "y": [i % 5 * 1.0 for i in n], "s": ["p", "q", "r"] * 20}
    return h2o.H2OFrame(values, column_types={"s": "enum"}, destination_frame="logged")


def trained(rows: h2o.H2OFrame, **more: Any) -> H2ODeepLearningEstimator:
    return H2ODeepLearningEstimator(**{**SMALL, **more}).train(y="y", training_frame=rows)


def lines(caplog: Any, level: int = logging.INFO) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name == "h2o" and each.levelno == level]


def test_what_is_trained_and_why_it_ended(rows: Any, caplog: Any) -> None:
    caplog.set_level(logging.INFO, "h2o")
    trained(rows, model_id="told", nfolds=2)
    first, last = lines(caplog)
    assert first == (
        "told: training of a Regression model of 'y' on logged: 60 rows x 2 predictors, hidden [2] Rectifier, "
        "distribution gaussian, 2 epochs, 2 folds"
    )
    assert last.startswith("told: ended after ") and ": all 2 epochs are done; epoch 2, 120 rows, " in last
    assert [each for each in lines(caplog, logging.WARNING) if each.startswith("told: ")] != []


def test_warnings_come_once(rows: Any, caplog: Any) -> None:
    caplog.set_level(logging.INFO, "h2o")
    trained(rows)
    warnings = lines(caplog, logging.WARNING)
    assert any("same" in each for each in warnings) and len(set(warnings)) == len(warnings)


def test_failures_and_scores(rows: Any, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG, "h2o")
    with pytest.raises(UnstableModel):
        trained(rows, model_id="wild", adaptive_rate=False, rate=1e30, epochs=50)
    (failure,) = lines(caplog, logging.ERROR)
    assert failure.startswith("wild: failed after ")
    trained(rows, model_id="scored", score_each_iteration=True)
    scores = [each for each in lines(caplog, logging.DEBUG) if each.startswith("scored: epoch 1, ")]
    assert len(scores) == 1 and "training_rmse " in scores[0]


def test_models_of_a_grid_are_told(rows: Any, caplog: Any) -> None:
    caplog.set_level(logging.INFO, "h2o")
    grid = h2o.H2OGridSearch(H2ODeepLearningEstimator(epochs=1), {"hidden": [[2], [3]]}, grid_id="logs")
    grid.train(y="y", training_frame=rows)
    told = lines(caplog)
    assert told[0] == "logs: deeplearning Grid Build on logged" and told[-1].startswith("logs: ended after ")
    for model in grid.model_ids:
        assert sum(each.startswith(f"{model}: ") for each in told) == 2


def test_nothing_is_shown_unless_somebody_asks() -> None:
    program = (
        "import h2o; h2o.no_progress(); f = h2o.H2OFrame({'a': [1, 2, 3], 'b': [1.0, 2, 3], 'c': [1, 1, 1]});"
        "h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1).train(y='b', training_frame=f)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_a_callback_for_all_trainings(rows: Any) -> None:
    class Counting(Callback):
        ended: list[Run] = []  # noqa: RUF012 (a test)

        def on_end(self, run: Run) -> None:
            self.ended.append(run)

    counting = Counting()
    register(counting)
    register(counting)
    try:
        model = trained(rows)
    finally:
        unregister(counting)
        unregister(counting)
    trained(rows)
    assert [run.model for run in counting.ended] == [model]
    with pytest.raises(h2o.exceptions.H2OTypeError, match="callbacks"):
        register(print)  # type: ignore[arg-type]
