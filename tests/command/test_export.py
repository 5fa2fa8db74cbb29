"""``h2o export``."""

from __future__ import annotations

import json
import re
import zipfile

import h2o
import onnx
import pytest


def test_a_mojo(shell, flowers, tmp_path):
    found = shell.answer("export", flowers, "--output", tmp_path / "iris.zip")
    assert found["format"] == "mojo" and found["file"] == str(tmp_path / "iris.zip")
    assert "model.ini" in zipfile.ZipFile(tmp_path / "iris.zip").namelist()
    shell.answer("export", flowers, "--output", tmp_path / "other.name", "--format", "mojo")
    assert zipfile.is_zipfile(tmp_path / "other.name")


def test_a_java_class_is_called_like_its_file(shell, flowers, tmp_path):
    shell.answer("export", flowers, "--output", tmp_path / "Iris.java")
    assert re.search(r"^public (final )?class Iris\b", (tmp_path / "Iris.java").read_text(), re.MULTILINE)
    for name in ("my-model.java", "class.java", "String.java", "1.java"):
        assert "name" in shell.refused("export", flowers, "--output", tmp_path / name)


def test_an_onnx_graph(shell, flowers, tmp_path):
    found = shell.answer("export", flowers, "--output", tmp_path / "iris.onnx")
    assert found["format"] == "onnx"
    onnx.checker.check_model(found["file"], full_check=True)
    assert "there is such a file" in shell.refused("export", flowers, "--output", tmp_path / "iris.onnx")


def test_c_source_and_its_header(shell, flowers, tmp_path):
    for ending in ("c", "h"):
        shell.answer("export", flowers, "--output", tmp_path / f"my-iris.{ending}")
        assert "int my_iris_score(const double numbers[]" in (tmp_path / f"my-iris.{ending}").read_text()
    shell.answer("export", flowers, "--output", tmp_path / "1.c")
    assert "int model_1_score(" in (tmp_path / "1.c").read_text()


def test_sizes_are_told(shell, flowers, tmp_path, monkeypatch):
    found = shell.answer("export", flowers, "--output", tmp_path / "iris.c")
    assert found["bytes"] == (tmp_path / "iris.c").stat().st_size
    monkeypatch.setattr("h2o_command.commands.export._LARGE", 1000)
    for name in ("iris.zip", "iris.onnx"):
        assert shell.run("export", flowers, "--output", tmp_path / name) == 0
        assert f"{name}: it will have about 0 MB" in shell.err


def test_details_and_our_own_format(shell, flowers, tmp_path):
    shell.answer("export", flowers, "--output", tmp_path / "iris.json")
    assert json.loads((tmp_path / "iris.json").read_text())
    shell.answer("export", flowers, "--output", tmp_path / "copy", "--format", "model")
    assert h2o.load_model(str(tmp_path / "copy")).actual_params["hidden"] == [4]


def test_a_mojo_can_be_exported_too(shell, flowers, tmp_path):
    shell.answer("export", flowers, "--output", tmp_path / "iris.zip")
    for name in ("again.zip", "Again.java"):
        shell.answer("export", tmp_path / "iris.zip", "--output", tmp_path / name)


@pytest.mark.parametrize(
    ("output", "arguments", "text"),
    [
        ("m", [], "give --format mojo, pojo, onnx, c, details or model"),
        ("m", ["--format", "pmml"], "'pmml' must be one of"),
        ("m", ["--format", "pojo"], "the ending .java"),
        ("m", ["--format", "c"], "the ending .c"),
        ("", ["--format", "mojo"], "there is such a folder"),
        ("m.zip", ["--set", "epochs=1"], "--set"),
        ("m.zip", ["--separator", ","], "--separator"),
        ("m.zip", ["more"], "more"),
        ("m.zip", ["--nthreads"], "--nthreads"),
    ],
)
def test_mistakes(shell, flowers, tmp_path, output, arguments, text):
    assert text in shell.refused("export", flowers, "--output", tmp_path / output, *arguments)
    assert list(tmp_path.iterdir()) == []
    assert "--output" in shell.refused("export", flowers)
