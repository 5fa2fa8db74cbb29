"""``h2o train``, and files that are only replaced by force."""

from __future__ import annotations

import json

import h2o
import pytest

from .helpers import IRIS, PROSTATE, SMALL


def test_train_and_predict(shell, tmp_path):
    model = tmp_path / "model"
    (tmp_path / "p.json").write_text(json.dumps({"epochs": 30, "seed": 1}))
    found = shell.answer("train", IRIS, "--response", "class", "--validation", IRIS, "--set", "hidden=[8]", "--set",
                         "activation=Tanh", "--parameters", tmp_path / "p.json", "--model", model)  # fmt: skip
    assert found["model"] == str(model)
    assert found["validation_metrics"]["logloss"] < 0.5
    loaded = h2o.load_model(str(model))
    assert loaded.actual_params["hidden"] == [8]
    assert loaded.actual_params["epochs"] == 30


def test_factors_and_predictors(shell, tmp_path):
    found = shell.answer("train", PROSTATE, "--response", "CAPSULE", "--factors", "CAPSULE", "--predictors",
                         "AGE", "PSA", *SMALL, "--model", tmp_path / "m")  # fmt: skip
    assert "AUC" in found["training_metrics"]


def test_a_preset_fills_what_is_not_given(shell, tmp_path):
    (tmp_path / "c.toml").write_text('[train]\npreset = "tabular-best"\nset = { hidden = [8], epochs = 2 }\n')
    given = (
        "--config",
        tmp_path / "c.toml",
        "--preset",
        "tabular",
        "--set",
        "ensemble_size=1",
        "--set",
        "seed=1",
    )
    shell.answer("train", IRIS, "--response", "class", *given, "--model", tmp_path / "m")
    used = h2o.load_model(str(tmp_path / "m")).actual_params
    assert (used["preset"], used["hidden"], used["epochs"], used["ensemble_size"]) == ("Tabular", [8], 2, 1)
    assert (used["optimizer"], used["numeric_encoding"]) == ("Adam", "PiecewiseLinear")


def test_standard_input_is_read_once(shell, tmp_path):
    given = ("--response", "y", "--validation", "-", *SMALL, "--model", tmp_path / "m")
    assert "is read once" in shell.refused("train", "-", *given, stdin=b"x,y\n1,a\n2,b\n")


def test_a_number_is_no_class(shell, tmp_path):
    found = shell.answer("train", PROSTATE, "--response", "CAPSULE", *SMALL, "--model", tmp_path / "m")
    assert "AUC" not in found["training_metrics"]


def test_training_goes_on_from_a_file(shell, tmp_path, flowers):
    more = ("--set", "hidden=4", "--set", "epochs=3")
    shell.answer(
        "train", IRIS, "--response", "class", "--checkpoint", flowers, *more, "--model", tmp_path / "more"
    )
    assert h2o.load_model(str(tmp_path / "more")).scoring_history()["epochs"].iloc[-1] == pytest.approx(3)


def test_layers_of_an_autoencoder(shell, tmp_path, coder):
    begun = ("--set", "hidden=4", "--set", "epochs=0", "--pretrained-autoencoder", coder)
    shell.answer("train", IRIS, "--response", "class", *begun, "--model", tmp_path / "m")
    assert h2o.load_model(str(tmp_path / "m")).actual_params["hidden"] == [4]


def test_files_are_only_replaced_by_force(shell, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("mine")
    monkeypatch.setattr(h2o, "import_file", None)  # it is said before anything is read
    for command in (
        ["import", IRIS, "--output"],
        ["train", IRIS, "--response", "class", "--model"],
        ["grid", IRIS, "--response", "class", "--hyper", "l1=0,1", "--model"],
        ["predict", "model", IRIS, "--output"],
        ["export", "model", "--format", "mojo", "--output"],
    ):
        assert f"{file}: there is such a file" in shell.refused(*command, file)
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--set", "epochs"], "NAME=VALUE"),
        (["--set", "=3"], "NAME=VALUE"),
        (["--set", "epochs="], "epochs='' has the wrong type, str"),
        (["--set", "epochs=1e999"], "epochs=inf is not allowed"),
        (["--set", "l1=-1"], "l1=-1 is not allowed"),
        (["--set", "l1=0.1,0.2"], "l1='0.1,0.2' has the wrong type"),
        (["--set", "hidden=abc"], "hidden=['abc']"),
        (["--set", "hiden=3"], "Did you mean hidden?"),
        (["--set", "standardize=perhaps"], "standardize='perhaps'"),
        (["--set", "activation=Sigmoid"], "activation='Sigmoid'"),
        (["--preset", "tablar"], "preset='tablar'"),
        (["--preset", "tabular", "--set", "preset=H2O"], "given by --preset and by --set"),
        (["--set", "response_column=x"], "it is given as --response COLUMN"),
        (["--set", "training_frame=x"], "it is given as DATA"),
        (["--set", "checkpoint=x"], "it is given as --checkpoint FILE"),
        (["--set", "max_runtime_secs=-1"], "max_runtime_secs=-1"),
        (["--checkpoint", "nope"], "nope"),
        (["--checkpoint", IRIS], "iris_wheader.csv"),
        (["--parameters", "nope.json"], "nope.json: No such file"),
        (["--parameters", IRIS], "no valid TOML"),
    ],
)
def test_wrong_parameters_are_told_before_data_is_read(shell, tmp_path, monkeypatch, arguments, text):
    monkeypatch.setattr(h2o, "import_file", None)
    assert text in shell.refused("train", IRIS, "--response", "class", "--model", tmp_path / "m", *arguments)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--response", "clas"], "clas"),
        ([], "response"),
        (["--response", "class", "--predictors", "sepal_len", "nope"], "nope"),
        (["--response", "class", "--validation", "nope.csv"], "nope.csv"),
        (["--response", "class", "--set", "weights_column=nope"], "nope"),
        (["--response", "class", "--set", "custom_metric_func=x"], "custom_metric_func"),
        (
            ["--response", "class", "--set", "ignored_columns=petal_len", "--predictors", "petal_wid"],
            "ignored_columns",
        ),
    ],
)
def test_mistakes_about_the_data(shell, tmp_path, arguments, text):
    assert text in shell.refused("train", IRIS, *SMALL, "--model", tmp_path / "m", *arguments)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("[1,2]", "must be an object"),
        ('{"a":', "no valid JSON"),
        ('{"epocs": 1}', "Did you mean epochs?"),
        ('{"l1": -1}', "l1=-1"),
        ("[" * 100_000, "no valid JSON"),
        (b"\xff\xfe", "no text in UTF-8"),
    ],
)
def test_mistakes_in_files_of_parameters(shell, tmp_path, content, text):
    path = tmp_path / "p.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    given = ("--response", "class", "--model", tmp_path / "m", "--parameters", path)
    assert text in shell.refused("train", IRIS, *given)
