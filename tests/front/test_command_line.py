"""The command ``h2o``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import h2o
import pandas as pd
import pytest
from h2o.command_line import main

from .training_helpers import DATA

IRIS = str(DATA / "iris_wheader.csv")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_import_describes_and_writes(capsys, tmp_path):
    out = tmp_path / "iris.parquet"
    found = answer(capsys, "import", IRIS, "--output", str(out))
    assert found["rows"] == 150
    assert found["types"]["class"] == "enum"
    assert len(pd.read_parquet(out)) == 150
    assert main(["import", IRIS, "--output", str(out), "--force"]) == 1  # a folder, as H2O writes it
    assert "iris.parquet: there is such a folder" in capsys.readouterr().err
    for _ in range(2):
        assert main(["import", IRIS, "--output", str(tmp_path / "iris.csv"), "--force"]) == 0
    capsys.readouterr()
    assert main(["import", IRIS]) == 0
    assert "rows: 150" in capsys.readouterr().out


def test_encoding_of_a_file(capsys, tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes("größe,b\n1,ä\n2,ö\n".encode("latin-1"))
    assert list(answer(capsys, "import", str(path), "--encoding", "latin-1")["types"]) == ["größe", "b"]
    assert main(["import", str(path), "--encoding", "klingon"]) == 1
    assert "encoding='klingon' is no encoding" in capsys.readouterr().err
    assert main(["import", str(path)]) == 0
    assert "4 bytes mean nothing" in capsys.readouterr().err


def test_train_and_predict(capsys, tmp_path):
    model, out = str(tmp_path / "model"), str(tmp_path / "predictions.csv")
    (tmp_path / "p.json").write_text(json.dumps({"epochs": 30, "seed": 1}))
    found = answer(capsys, "train", IRIS, "--response", "class", "--validation", IRIS, "--set", "hidden=[8]", "--set",
                   "activation=Tanh", "--parameters", str(tmp_path / "p.json"), "--model", model)  # fmt: skip
    assert found["model"] == model
    assert found["validation_metrics"]["logloss"] < 0.5
    assert answer(capsys, "predict", model, IRIS, "--output", out)["rows"] == 150
    assert next(iter(pd.read_csv(out).columns)) == "predict"
    loaded = h2o.load_model(model)
    assert loaded.actual_params["hidden"] == [8]


def test_files_are_only_replaced_by_force(capsys, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("mine")
    monkeypatch.setattr(h2o, "import_file", None)  # it is said before anything is read
    for command in (
        ["import", IRIS, "--output"],
        ["train", IRIS, "--response", "class", "--model"],
        ["predict", "model", IRIS, "--output"],
    ):
        assert main([*command, str(file)]) == 1
        assert f"{file}: there is such a file" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_factors_and_predictors(capsys, tmp_path):
    found = answer(capsys, "train", str(DATA / "prostate.csv"), "--response", "CAPSULE", "--factors", "CAPSULE", "--predictors",
                   "AGE", "PSA", "--set", "epochs=1", "--model", str(tmp_path / "m"))  # fmt: skip
    assert "AUC" in found["training_metrics"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["import", "nowhere.csv"], "nowhere.csv"),
        (["train", IRIS, "--response", "clas", "--model", "{}"], "clas"),
        (["train", IRIS, "--response", "class", "--set", "epochs", "--model", "{}"], "NAME=VALUE"),
        (["train", IRIS, "--response", "class", "--set", "l1=-1", "--model", "{}"], "l1"),
        (["predict", "nothing", IRIS, "--output", "{}"], "nothing"),
    ],
)
def test_mistakes_end_with_one_line_and_a_code(capsys, tmp_path, arguments, text):
    assert main([each.format(tmp_path / "file") for each in arguments]) in (1, 2)
    captured = capsys.readouterr()
    assert text in captured.err.strip().splitlines()[-1]
    assert captured.out == ""


def test_as_a_process(tmp_path):
    command = [sys.executable, "-c", "import sys; from h2o.command_line import main; sys.exit(main())"]
    done = subprocess.run([*command, "import", IRIS, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["rows"] == 150
    assert subprocess.run([*command, "trian"], capture_output=True, check=False).returncode == 2
    done = subprocess.run(
        [*command, "demo"], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    assert "model.predict(test)" in done.stderr
    assert done.stdout == "demo: done\n"
    assert Path(IRIS).exists()


def test_demo_in_a_session(capsys):
    h2o.demo("deeplearning", interactive=False)
    assert "Confusion Matrix" in capsys.readouterr().out
    h2o.demo("deeplearning", test=True)
    with pytest.raises(ValueError, match="funcname='glm'"):
        h2o.demo("glm")


def test_how_data_is_read(capsys, tmp_path):
    data = tmp_path / "data.txt"
    data.write_text("x;y;class\n" + "1;2;a\n% remark\n2;3;b\n3\n" * 4 + "12 rows\n")
    assert main(["import", str(data)]) == 1
    assert "fill=True" in capsys.readouterr().err
    how = ["--separator", ";", "--fill", "--skip-footer", "1", "--comments", "%"]
    found = answer(capsys, "import", str(data), *how)
    assert (found["rows"], found["types"]) == (12, {"x": "int", "y": "int", "class": "enum"})
    model, out = str(tmp_path / "model"), str(tmp_path / "out.csv")
    answer(capsys, "train", str(data), "--response", "class", "--set", "epochs=1", "--model", model, *how)
    assert answer(capsys, "predict", model, str(data), "--output", out, *how)["rows"] == 12
