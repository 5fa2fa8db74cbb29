"""MLflow: runs, models, and a model that it serves."""

from __future__ import annotations

import copy
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h2o
import pytest
from h2o.callbacks import Callback, Run, Scores
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OTypeError
from heavywater.errors import UnstableModel

from .conftest import need

need("mlflow")
import mlflow  # noqa: E402
import pandas as pd  # noqa: E402
from h2o.trackers import MLflowLogger  # noqa: E402
from h2o.trackers import mlflow as flavour  # noqa: E402

SMALL: dict[str, Any] = {
    "hidden": [3],
    "seed": 1,
    "epochs": 3,
    "train_samples_per_iteration": 0,
    "stopping_rounds": 0,
}
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module", autouse=True)
def _store(tmp_path_factory: Any) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("mlflow")
    mlflow.set_tracking_uri(f"sqlite:///{folder}/runs.db")
    mlflow.create_experiment("trainings", str(folder / "artifacts"))
    mlflow.set_experiment("trainings")
    yield
    flavour.autolog(disable=True)


def trained(rows: h2o.H2OFrame, *callbacks: Callback, **more: Any) -> H2ODeepLearningEstimator:
    model = H2ODeepLearningEstimator(**{**SMALL, "score_each_iteration": True, **more})
    return model.train(x=["a", "b"], y="y", training_frame=rows, validation_frame=rows, callbacks=callbacks)


def run_of(model_id: str) -> Any:
    (found,) = mlflow.search_runs(
        filter_string=f"tags.`heavywater.model_id` = '{model_id}'", output_format="list"
    )
    return found


def test_autolog_logs_parameters_history_and_model(rows: Any) -> None:
    assert not copy.deepcopy(MLflowLogger(log_models=False)).log_models
    flavour.autolog()
    flavour.autolog()  # logged once all the same
    model = trained(rows, model_id="logged", nfolds=2)
    flavour.autolog(disable=True)
    trained(rows, model_id="not_logged")
    run = run_of("logged")
    assert mlflow.search_runs(filter_string="tags.`heavywater.model_id` = 'not_logged'").empty
    assert run.data.params["hidden"] == "[3]" and run.data.params["distribution"] == "gaussian"
    assert run.info.status == "FINISHED" and run.data.tags["heavywater.ended"] == "all 3 epochs are done"
    told = mlflow.MlflowClient().get_metric_history(run.info.run_id, "validation_rmse")
    history = model.scoring_history()
    steps = {each.step: each.value for each in told}
    assert steps == dict(zip(history["samples"].astype(int), history["validation_rmse"], strict=True))
    assert run.data.metrics["cross_validation_rmse"] == model.rmse(xval=True)
    (logged,) = mlflow.search_logged_models(output_format="list")
    predicted = flavour.load_model(logged.model_uri).predict(rows).as_data_frame()
    pd.testing.assert_frame_equal(predicted, model.predict(rows).as_data_frame())


def test_a_run_that_is_active_is_used_once(rows: Any) -> None:
    logger = MLflowLogger(log_models=False)
    with mlflow.start_run() as active:
        trained(rows, logger, model_id="first")
        trained(rows, logger, model_id="second")
    assert run_of("first").info.run_id == active.info.run_id
    second = run_of("second")
    assert second.data.tags["mlflow.parentRunId"] == active.info.run_id and second.info.status == "FINISHED"
    assert mlflow.get_run(active.info.run_id).info.status == "FINISHED"


def test_a_grid_has_runs_below_it(rows: Any) -> None:
    grid = h2o.H2OGridSearch(H2ODeepLearningEstimator(epochs=1), {"hidden": [[2], [3]]}, parallelism=2)
    grid.train(y="y", training_frame=rows, callbacks=[MLflowLogger()])
    whole = run_of(grid.grid_id)
    for model in grid.models:
        run = run_of(model.model_id)
        assert run.data.tags["mlflow.parentRunId"] == whole.info.run_id
        assert run.data.params["hidden"] == str(model.actual_params["hidden"])


def test_how_runs_end(rows: Any) -> None:
    class Stop(Callback):
        def on_scoring(self, run: Run, scores: Scores) -> None:
            run.stop("enough")

    logger = MLflowLogger(log_models=False)
    trained(rows, logger, Stop(), model_id="stopped", epochs=1e8)
    assert (run_of("stopped").info.status, run_of("stopped").data.tags["heavywater.ended"]) == (
        "KILLED",
        "enough",
    )
    with pytest.raises(UnstableModel):
        trained(rows, logger, model_id="wild", adaptive_rate=False, rate=1e30, epochs=50)
    assert run_of("wild").info.status == "FAILED" and run_of("wild").data.params["rate"] == "1e+30"


def test_models_of_all_kinds_come_back(rows: Any, tmp_path: Path) -> None:
    offset = H2ODeepLearningEstimator(**SMALL, offset_column="o")
    offset.train(x=["a", "b"], y="y", training_frame=rows)
    recoded = trained(rows, categorical_encoding="binary")
    classes = H2ODeepLearningEstimator(**SMALL).train(x=["a", "y"], y="b", training_frame=rows)
    coder = H2OAutoEncoderEstimator(**SMALL).train(x=["a", "b"], training_frame=rows)
    mojo = h2o.import_mojo(classes.download_mojo(str(tmp_path / "classes.zip")))
    data = rows.as_data_frame()
    data.index = pd.Index(range(100, 160))
    for number, model in enumerate([offset, recoded, classes, coder, mojo]):
        folder = tmp_path / str(number)
        flavour.save_model(model, folder)
        expected = model.predict(rows).as_data_frame()
        expected.index = data.index
        found = mlflow.pyfunc.load_model(str(folder)).predict(data)
        pd.testing.assert_frame_equal(found, expected)
        assert "heavywater==" in (folder / "requirements.txt").read_text()
    with pytest.raises(H2OTypeError, match="trained model"):
        flavour.save_model("x", tmp_path / "x")  # type: ignore[arg-type]
    strange = tmp_path / "strange"
    mlflow.pyfunc.save_model(strange, python_model=lambda model_input: model_input, pip_requirements=[])
    with pytest.raises(H2OTypeError, match="no flavour 'heavywater'"):
        flavour.load_model(str(strange))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Address of what ``mlflow models serve`` has started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "mlflow",
        "models",
        "serve",
        "-m",
        str(folder),
        "-p",
        str(port),
        "--env-manager",
        "local",
    ]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            assert process.poll() is None, "mlflow models serve has ended"
            try:
                with urllib.request.urlopen(f"{address}/ping", timeout=5):
                    break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        os.killpg(process.pid, 15)
        process.wait(60)


def test_mlflow_serves_a_model(rows: Any, tmp_path: Path) -> None:
    model = H2ODeepLearningEstimator(**SMALL).train(x=["a", "y"], y="b", training_frame=rows)
    flavour.save_model(model, tmp_path / "model")
    table = {"columns": ["a", "y"], "data": [[1, 2], [50, None], [7, 0.5]]}
    with served(tmp_path / "model") as address:
        request = urllib.request.Request(
            f"{address}/invocations",
            json.dumps({"dataframe_split": table}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            found = pd.DataFrame(json.load(reply)["predictions"])
    expected = model.predict(
        h2o.H2OFrame(pd.DataFrame(table["data"], columns=table["columns"]))
    ).as_data_frame()
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_exact=False, rtol=1e-12)
