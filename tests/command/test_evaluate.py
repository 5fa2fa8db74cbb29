"""``h2o evaluate``."""

from __future__ import annotations

import h2o
import pytest

from .helpers import IRIS, PROSTATE


def test_three_classes(shell, flowers):
    found = shell.answer("evaluate", flowers, IRIS)
    metrics = h2o.load_model(str(flowers)).model_performance(h2o.import_file(IRIS))
    assert found["metrics"]["logloss"] == pytest.approx(metrics.logloss())
    assert found["rows"] == found["metrics"]["nobs"] == 150
    assert [row["actual"] for row in found["confusion_matrix"]] == [
        "Iris-setosa",
        "Iris-versicolor",
        "Iris-virginica",
        "Total",
    ]
    assert sum(found["confusion_matrix"][-1][name] for name in list(found["confusion_matrix"][0])[1:4]) == 150
    assert found["metrics"]["AUC"] is None
    assert shell.answer("evaluate", flowers, IRIS, "--auc-type", "MACRO_OVR")["metrics"]["AUC"] > 0


@pytest.mark.parametrize("factors", [[], ["--factors", "CAPSULE"]])
def test_two_classes(shell, patients, factors):
    """Numbers in the data are levels of the model, whether one says so or not."""
    found = shell.answer("evaluate", patients, PROSTATE, *factors)
    assert 0 < found["metrics"]["AUC"] < 1
    assert [row["actual"] for row in found["confusion_matrix"]] == ["0", "1", "Total"]
    assert shell.run("evaluate", patients, PROSTATE) == 0
    assert "  AUC: 0." in shell.out


def test_numbers_and_reconstruction(shell, coder, tmp_path):
    shell.answer(
        "train",
        PROSTATE,
        "--response",
        "AGE",
        "--set",
        "epochs=1",
        "--set",
        "hidden=2",
        "--model",
        tmp_path / "m",
    )
    found = shell.answer("evaluate", tmp_path / "m", PROSTATE)
    assert found["metrics"]["rmse" if "rmse" in found["metrics"] else "RMSE"] > 0
    assert "confusion_matrix" not in found
    assert shell.answer("evaluate", coder, IRIS)["metrics"]["MSE"] > 0


def test_a_mojo_gives_the_metrics_of_its_model(shell, patients, tmp_path):
    shell.run("export", patients, "--output", tmp_path / "m.zip")
    mojo = shell.answer("evaluate", tmp_path / "m.zip", PROSTATE)["metrics"]
    model = shell.answer("evaluate", patients, PROSTATE)["metrics"]
    assert mojo["logloss"] == pytest.approx(model["logloss"], abs=1e-5)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["{model}", PROSTATE], "no column 'class', the response"),
        (["{model}"], "DATA"),
        (["nothing", IRIS], "nothing"),
        (["{model}", IRIS, "--auc-type", "best"], "'best' must be one of macro_ovr"),
        (["{model}", IRIS, "--output", "x"], "--output"),
        (["{model}", "-"], "nothing on standard input"),
        (["{model}", IRIS, "--max-mem", "-1"], "--max-mem"),
        (["{model}", IRIS, "--skip", "class"], "no column 'class', the response"),
        (["{model}", "nowhere/*.csv"], "nowhere"),
        (["{model}", IRIS, "--types", "class=numeric"], "class"),
    ],
)
def test_mistakes(shell, flowers, arguments, text):
    assert text in shell.refused("evaluate", *(each.format(model=flowers) for each in arguments), stdin=b"")
