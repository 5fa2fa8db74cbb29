"""h2o.save_model and its relatives, and export_checkpoints_dir."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator, H2OGenericEstimator
from h2o.exceptions import H2OTypeError, H2OValueError, ParseError

from ..cases import scoring
from .training_helpers import ROOT, array, boston, fit, iris, output, parameters_of, prostate


@pytest.fixture(scope="module")
def model() -> H2ODeepLearningEstimator:
    return fit(iris(), "class", model_id="saved_model")


@pytest.mark.same_process
def test_names_and_places(
    model: H2ODeepLearningEstimator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert h2o.save_model(model) == str(tmp_path / "saved_model")
    assert h2o.save_model(model, path="models") == str(tmp_path / "models" / "saved_model")
    assert h2o.save_model(model, str(tmp_path), filename="other") == str(tmp_path / "other")
    assert h2o.save_model(model=model, path=str(tmp_path / "a" / "b"), force=True, filename="c") == str(
        tmp_path / "a/b/c"
    )
    with pytest.raises(H2OValueError, match="exists already"):
        h2o.save_model(model)
    h2o.save_model(model, force=True)
    assert h2o.download_model(model) == str(tmp_path / "saved_model")
    assert model.download_model(path="models") == str(tmp_path / "models" / "saved_model")
    assert model.download_model("models", "under_another_name") == str(
        tmp_path / "models" / "under_another_name"
    )
    assert (
        h2o.load_model(str(tmp_path / "other")).model_id
        == h2o.upload_model("other").model_id
        == "saved_model"
    )


def test_the_loaded_model_is_the_model(tmp_path: Path) -> None:
    frame = prostate()
    model = fit(frame, "CAPSULE", model_id="to_load", valid=frame)
    shown, weights, predicted = repr(model), parameters_of(model), model.predict(frame).as_data_frame()
    path = h2o.save_model(model, path=str(tmp_path))
    h2o.remove(model)
    loaded = h2o.load_model(path)
    assert isinstance(loaded, H2ODeepLearningEstimator) and loaded.model_id == "to_load"
    assert repr(loaded) == shown
    np.testing.assert_array_equal(parameters_of(loaded), weights)
    assert h2o.predict(loaded, frame).as_data_frame().equals(predicted)
    assert loaded.auc(valid=True) == model.auc(valid=True)
    assert loaded.model_performance(frame).auc() == pytest.approx(model.auc(valid=True))
    assert loaded.hidden == [8, 8] and loaded.actual_params == model.actual_params
    assert loaded.varimp() == model.varimp()
    assert h2o.get_model("to_load").model_id == "to_load"


def test_other_kinds_of_models(tmp_path: Path) -> None:
    encoder = H2OAutoEncoderEstimator(hidden=[4], epochs=1, seed=1).train(training_frame=boston())
    loaded = h2o.load_model(h2o.save_model(encoder, path=str(tmp_path)))
    assert isinstance(loaded, H2OAutoEncoderEstimator)
    np.testing.assert_array_equal(array(loaded.anomaly(boston())), array(encoder.anomaly(boston())))
    imported = h2o.import_mojo(str(scoring.Case(scoring.NAMES[0]).path))
    again = h2o.load_model(h2o.save_model(imported, path=str(tmp_path)))
    assert isinstance(again, H2OGenericEstimator) and again.model_id == imported.model_id


def test_cross_validated_models(tmp_path: Path) -> None:
    frame = prostate()
    model = fit(frame, "CAPSULE", nfolds=2, keep_cross_validation_predictions=True, model_id="with_folds")
    holdout = model.cross_validation_holdout_predictions().as_data_frame()
    plain = h2o.save_model(model, path=str(tmp_path), filename="plain")
    full = h2o.save_model(model, str(tmp_path), export_cross_validation_predictions=True, filename="full")
    h2o.remove(model)
    loaded = h2o.load_model(plain)
    assert loaded.cross_validation_holdout_predictions() is None and loaded.cross_validation_models() is None
    assert loaded.auc(xval=True) == model.auc(xval=True)
    assert h2o.load_model(full).cross_validation_holdout_predictions().as_data_frame().equals(holdout)


def test_details_as_json(model: H2ODeepLearningEstimator, tmp_path: Path) -> None:
    path = model.save_model_details(path=str(tmp_path))
    assert path == str(tmp_path / "saved_model.json")
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    assert found["model_id"]["name"] == "saved_model" and found["algo"] == "deeplearning"
    assert found["output"]["training_metrics"]["MSE"] == pytest.approx(model.mse())
    parameters = {each["name"]: each["actual_value"] for each in found["parameters"]}
    assert parameters["hidden"] == [8, 8] and parameters["epochs"] == 5
    with pytest.raises(H2OValueError, match="exists already"):
        model.save_model_details(path=str(tmp_path))
    assert model.save_model_details(str(tmp_path), True, "other.json") == str(tmp_path / "other.json")


def test_refused_arguments(model: H2ODeepLearningEstimator, tmp_path: Path) -> None:
    with pytest.raises(H2OTypeError, match="model must be a model, it is of type str"):
        h2o.save_model("saved_model")  # type: ignore[arg-type]
    with pytest.raises(H2OValueError, match="not trained yet"):
        h2o.save_model(H2ODeepLearningEstimator())
    with pytest.raises(H2OTypeError, match="path=3"):
        h2o.save_model(model, path=3)  # type: ignore[arg-type]
    with pytest.raises(H2OTypeError, match="filename=3"):
        h2o.save_model(model, filename=3)  # type: ignore[arg-type]
    with pytest.raises(H2OTypeError, match="force='yes'"):
        h2o.save_model(model, path=str(tmp_path), force="yes")  # type: ignore[arg-type]
    with pytest.raises(NotImplementedError, match="s3://bucket"):
        h2o.save_model(model, path="s3://bucket/models")
    with pytest.raises(H2OTypeError, match="path=None"):
        h2o.load_model(None)
    with pytest.raises(ParseError, match="there is no such file"):
        h2o.load_model(str(tmp_path / "nowhere"))


# --- export_checkpoints_dir


def test_models_are_exported(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "checkpoints"
    model = fit(iris(), "class", export_checkpoints_dir=str(folder), model_id="exported", nfolds=2)
    assert sorted(os.listdir(folder)) == ["exported", "exported_cv_1", "exported_cv_2"]
    want = parameters_of(model)
    h2o.remove(model)
    np.testing.assert_array_equal(parameters_of(h2o.load_model(str(folder / "exported"))), want)
    assert output(h2o.load_model(str(folder / "exported_cv_1")))["epochs"] > 0
    fit(iris(), "class", export_checkpoints_dir=str(folder), model_id="exported")  # replaces the file
    assert len(os.listdir(folder)) == 3


def test_a_folder_that_cannot_be_is_told_at_once_and_refused_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.warns(RuntimeWarning, match=r"export_checkpoints_dir=.*cannot be made.*tried again"),
        pytest.raises(H2OValueError, match=r"is trained and stored.*export_checkpoints_dir=.*cannot be made"),
    ):
        fit(iris(), "class", export_checkpoints_dir=str(tmp_path / "file" / "below"))


@pytest.mark.in_process
def test_the_file_is_there_while_training_goes_on(tmp_path: Path) -> None:
    """A metric is asked at every scoring, so it sees what was exported after the ones before."""
    file, seen = tmp_path / "watched", []

    def watch(actual: Any, predicted: Any) -> float:
        seen.append(file.exists())
        return 0.0

    frame = boston()
    fit(
        frame,
        "medv",
        epochs=4,
        export_checkpoints_dir=str(tmp_path),
        model_id="watched",
        custom_metric_func=watch,
    )
    # the first scoring, and the metrics of the model that is then exported
    assert seen[:2] == [False, False] and seen[2:] == [True] * (len(seen) - 2) and len(seen) > 5


SCRIPT = """
    import sys
    import h2o
    from tests.front.training_helpers import boston
    from h2o.estimators import H2ODeepLearningEstimator

    h2o.no_progress()
    h2o.init(verbose=False)
    model = H2ODeepLearningEstimator(model_id="killed", hidden=[20, 20], epochs=1e6, seed=1, reproducible=True,
                                     stopping_rounds=0, export_checkpoints_dir=sys.argv[1])
    model.train(y="medv", training_frame=boston())
"""


@pytest.mark.long
def test_a_killed_training_goes_on_from_what_was_exported(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(SCRIPT), str(tmp_path)], cwd=ROOT)
    file, end = tmp_path / "killed", time.monotonic() + 120
    while not file.exists() and child.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.3)
    child.send_signal(signal.SIGKILL)
    child.wait()
    part = h2o.load_model(str(file))
    done = output(part)["epochs"]
    assert done >= 1
    same: dict[str, Any] = {
        "hidden": [20, 20],
        "seed": 1,
        "reproducible": True,
        "stopping_rounds": 0,
        "export_weights_and_biases": True,
    }
    rest = H2ODeepLearningEstimator(checkpoint=part, epochs=done + 2, **same).train(
        y="medv", training_frame=boston()
    )
    whole = H2ODeepLearningEstimator(epochs=done + 2, **same).train(y="medv", training_frame=boston())
    np.testing.assert_array_equal(parameters_of(rest), parameters_of(whole))
