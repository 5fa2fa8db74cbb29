"""Models as MOJO, POJO, ONNX and C through the front end."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path

import h2o
import numpy as np
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError

from .training_helpers import SMALL, array, autoencoder, fit, iris, prostate


@pytest.fixture(autouse=True)
def fresh():
    h2o.init(verbose=False)
    h2o.no_progress()
    h2o.remove_all()
    yield
    h2o.remove_all()


@pytest.fixture
def model():
    return fit(iris(), "class", model_id="flowers")


@pytest.mark.same_process
def test_where_a_mojo_goes(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "folder"
    folder.mkdir()
    assert model.have_mojo and model.have_pojo
    assert model.download_mojo() == str(tmp_path / "flowers.zip")
    assert model.download_mojo("folder") == str(folder / "flowers.zip")
    assert model.download_mojo("new/") == str(tmp_path / "new" / "flowers.zip")
    assert h2o.download_mojo(model, "folder/mine.zip") == str(folder / "mine.zip")
    assert model.save_mojo("saved") == str(tmp_path / "saved" / "flowers.zip")
    assert h2o.save_mojo(model, filename="x.zip") == str(tmp_path / "x.zip")
    with pytest.raises(H2OValueError, match=r"flowers\.zip exists already.*force=True"):
        model.save_mojo("saved")
    assert model.save_mojo(path="saved", force=True, filename=None) == str(tmp_path / "saved" / "flowers.zip")
    assert len(list(tmp_path.rglob("*.zip"))) == 6


@pytest.mark.same_process
def test_where_a_graph_goes(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert model.to_onnx() == model.to_onnx("./") == str(tmp_path / "flowers.onnx")
    assert model.to_onnx("new/mine") == str(tmp_path / "new" / "mine")
    assert model.save_onnx("saved") == str(tmp_path / "saved" / "flowers.onnx")
    assert h2o.save_onnx(model, filename="x.onnx") == str(tmp_path / "x.onnx")
    with pytest.raises(H2OValueError, match=r"flowers\.onnx exists already.*force=True"):
        model.save_onnx("saved")
    assert h2o.save_onnx(model, "saved", True) == str(tmp_path / "saved" / "flowers.onnx")


@pytest.mark.same_process
def test_where_c_source_goes(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert model.to_c("here/") == str(tmp_path / "here" / "flowers.c")
    assert model.to_c("here/", name="iris") == str(tmp_path / "here" / "flowers.c")  # replaced
    for ending in ("c", "h"):
        assert "int iris_score(" in (tmp_path / "here" / f"flowers.{ending}").read_text()
    assert model.to_c("mine.h") == str(tmp_path / "mine.h")
    assert model.save_c("saved") == str(tmp_path / "saved" / "flowers.c")
    assert h2o.save_c(model, filename="x.c", name="x") == str(tmp_path / "x.c")
    assert len(list(tmp_path.rglob("*.[ch]"))) == 6
    with pytest.raises(H2OValueError, match=r"flowers\.h exists already.*force=True"):
        model.save_c("saved")
    assert h2o.save_c(model, "saved", True) == str(tmp_path / "saved" / "flowers.c")
    with pytest.raises(H2OValueError, match="C source has the ending"):
        model.to_c("mine.cpp")
    with pytest.raises(H2OValueError, match="begin with a letter"):
        model.to_c(name="no name")


def test_a_mojo_comes_back(model, tmp_path):
    found = h2o.import_mojo(model.download_mojo(str(tmp_path)))
    rows = iris()
    assert found.predict(rows).as_data_frame().equals(model.predict(rows).as_data_frame())
    for layer in range(3):
        np.testing.assert_array_equal(array(found.weights(layer)), array(model.weights(layer)))
    assert found.logloss() == model.logloss()
    assert found.varimp() == model.varimp()
    assert found.actual_params["hidden"] == model.actual_params["hidden"]
    assert found.scoring_history().equals(model.scoring_history())
    second = h2o.import_mojo(found.download_mojo(str(tmp_path / "second.zip")))
    assert second.predict(rows).as_data_frame().equals(model.predict(rows).as_data_frame())


def test_validation_and_cross_validation_come_back(tmp_path):
    rows = prostate()
    model = fit(
        rows,
        "CAPSULE",
        ["AGE", "RACE", "PSA"],
        valid=rows,
        nfolds=3,
        ignored_columns=["VOL"],
        model_id="folds",
    )
    found = h2o.import_mojo(model.download_mojo(str(tmp_path)))
    for flags in ({"train": True}, {"valid": True}, {"xval": True}):
        assert found.auc(**flags) == model.auc(**flags)
        assert (
            found.confusion_matrix(**flags).table.cell_values
            == model.confusion_matrix(**flags).table.cell_values
        )
    assert found.is_cross_validated()
    summary = model.cross_validation_metrics_summary()
    np.testing.assert_equal(found.cross_validation_metrics_summary().cell_values, summary.cell_values)
    assert found.default_threshold() == model.default_threshold()


def test_started_weights_and_frames_are_told_by_name(tmp_path):
    rows = iris()
    first = fit(rows, "class", model_id="first")
    given = {
        name: [getattr(first, name[8:])(0), None, None] for name in ("initial_weights", "initial_biases")
    }
    model = fit(rows, "class", **given, balance_classes=True, class_sampling_factors=[1.0, 2.0, 1.0])
    found = h2o.import_mojo(model.download_mojo(str(tmp_path)))
    for name in ("initial_weights", "initial_biases", "class_sampling_factors"):
        assert found.actual_params[name] == model.actual_params[name], name
    assert found.predict(rows).as_data_frame().equals(model.predict(rows).as_data_frame())


def test_remarks_are_warnings(tmp_path):
    rows = prostate()
    model = fit(rows, "PSA", ["AGE", "VOL"], offset_column="GLEASON")
    with pytest.warns(RuntimeWarning, match="offset_column='GLEASON'.*offset of 0"):
        path = model.download_mojo(str(tmp_path))
    found = h2o.import_mojo(path)
    np.testing.assert_array_equal(array(found.predict(rows)), array(model.predict(rows)))


def test_autoencoders(tmp_path):
    rows = prostate()
    model = autoencoder(rows, ["AGE", "RACE", "DPROS", "PSA"], activation="Tanh")
    found = h2o.import_mojo(model.download_mojo(str(tmp_path)))
    np.testing.assert_array_equal(array(found.anomaly(rows)), array(model.anomaly(rows)))
    other = autoencoder(rows, ["AGE", "RACE", "DPROS"], activation="Tanh", categorical_encoding="Binary")
    assert not other.have_mojo
    with pytest.raises(H2OValueError, match="cannot be written as MOJO"):
        other.download_mojo(str(tmp_path / "other.zip"))
    assert not (tmp_path / "other.zip").exists()


def test_jars_are_not_there(model, tmp_path):
    folder = str(tmp_path)
    for call in (
        lambda: model.download_mojo(folder, get_genmodel_jar=True),
        lambda: model.download_mojo(folder, genmodel_name="a.jar"),
        lambda: model.download_pojo(folder, get_genmodel_jar=True),
        lambda: h2o.download_pojo(model, folder, jar_name="a.jar"),
    ):
        with pytest.warns(UserWarning, match="no effect"):
            call()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        h2o.download_pojo(model, folder)
    assert sorted(os.listdir(folder)) == ["flowers.java", "flowers.zip"]


def test_a_pojo_is_printed_or_written(model, tmp_path, capsys):
    assert h2o.download_pojo(model) is None
    printed = capsys.readouterr().out
    assert "public class flowers {" in printed
    path = model.download_pojo(str(tmp_path / "new" / ""))
    assert path == str(tmp_path / "new" / "flowers.java")
    assert Path(path).read_text() == printed.removesuffix("\n")
    assert h2o.download_pojo(model, str(tmp_path)) == str(tmp_path / "flowers.java")


def test_the_steps_of_the_booklet(model, tmp_path):
    """A folder, the model in it, the compile command of H2O's classes, which names a jar that need not be there."""
    if shutil.which("javac") is None:
        warnings.warn("THE BOOKLET'S STEPS FOR POJO ARE NOT CHECKED: there is no javac", stacklevel=1)
        pytest.skip("there is no javac")
    h2o.download_pojo(model, str(tmp_path))
    compiler = ["javac", "-cp", "h2o-genmodel.jar", "-J-Xmx2g", "flowers.java"]
    subprocess.run(compiler, cwd=tmp_path, check=True)
    rows = iris()
    rows.as_data_frame().to_csv(tmp_path / "rows.csv", index=False)
    with (tmp_path / "rows.csv").open() as stdin:
        done = subprocess.run(
            ["java", "flowers"], cwd=tmp_path, stdin=stdin, capture_output=True, text=True, check=True
        )
    (tmp_path / "predictions.csv").write_text(done.stdout)
    found, expected = h2o.import_file(str(tmp_path / "predictions.csv")), model.predict(rows)
    assert found.names == expected.names
    assert found.as_data_frame()["predict"].equals(expected.as_data_frame()["predict"])
    np.testing.assert_allclose(array(found[1:]), array(expected[1:]), atol=1e-6)


def test_wrong_arguments(model, tmp_path):
    for call in (
        lambda: h2o.download_mojo("flowers"),  # type: ignore[arg-type]
        lambda: h2o.save_onnx("flowers"),  # type: ignore[arg-type]
        lambda: model.to_onnx(None),
        lambda: model.to_c(name=3),
        lambda: h2o.save_c("flowers"),  # type: ignore[arg-type]
        lambda: model.save_onnx(force="yes"),
        lambda: h2o.save_mojo(None),
        lambda: h2o.download_pojo("flowers"),  # type: ignore[arg-type]
        lambda: model.download_mojo(3),
        lambda: model.save_mojo(force="yes"),
        lambda: model.save_mojo(filename=3),
        lambda: model.download_pojo(None),
        lambda: h2o.download_pojo(model, get_jar="yes"),  # type: ignore[arg-type]
    ):
        with pytest.raises(H2OTypeError):
            call()
    with pytest.raises(NotImplementedError, match="s3://"):
        model.save_mojo("s3://bucket")
    with pytest.raises(H2OValueError, match="not trained"):
        h2o.estimators.H2ODeepLearningEstimator(**SMALL).download_mojo(str(tmp_path))
