"""``h2o describe``."""

from __future__ import annotations

import zipfile

import pytest

from .helpers import IRIS


def test_data(shell, tmp_path):
    (tmp_path / "a.csv").write_text(
        "n,c,t,d,e\n1,x,one,2024-01-31,\n2.5,y,two words,2024-02-01,\n,x,three,,\n"
    )
    found = shell.answer("describe", tmp_path / "a.csv", "--types", "t=string")
    columns = {each["column"]: each for each in found["data"]}
    assert found["rows"] == 3
    assert (columns["n"]["min"], columns["n"]["max"], columns["n"]["mean"], columns["n"]["missing"]) == (
        1,
        2.5,
        1.75,
        1,
    )
    assert (columns["c"]["type"], columns["c"]["levels"], columns["c"]["values"]) == ("enum", 2, ["x", "y"])
    assert (columns["t"]["type"], columns["t"]["min"]) == ("string", None)
    assert columns["d"]["type"] == "time"
    assert columns["e"]["missing"] == 3
    assert shell.run("describe", tmp_path / "a.csv") == 0
    assert "2024-01-31" in shell.out


def test_many_levels_are_shown_in_full_only_in_json(shell):
    data = b"c\n" + b"".join(b"level%d\n" % number for number in range(20))
    assert shell.run("describe", "-", "--header", "yes", "--types", "c=enum", stdin=data) == 0
    assert "level19" not in shell.out and "..." in shell.out
    assert (
        len(
            shell.answer("describe", "-", "--header", "yes", "--types", "c=enum", stdin=data)["data"][0][
                "values"
            ]
        )
        == 20
    )


def test_a_model(shell, flowers):
    assert shell.run("describe", flowers) == 0
    assert "hidden: 4" in shell.out and "rho" not in shell.out
    found = shell.answer("describe", flowers)
    assert (found["kind"], found["response"]) == ("Multinomial", "class")
    assert found["parameters"]["hidden"] == [4] and "rho" in found["parameters"]
    assert [each["column"] for each in found["inputs"]] == [
        "sepal_len",
        "sepal_wid",
        "petal_len",
        "petal_wid",
    ]
    assert [each["units"] for each in found["layers"]] == [4, 4, 3]
    assert found["metrics"]["training"]["logloss"] > 0


def test_a_mojo_an_autoencoder_and_a_model_with_classes_among_its_inputs(shell, patients, coder, tmp_path):
    shell.run("export", patients, "--output", tmp_path / "m.zip")
    assert shell.answer("describe", tmp_path / "m.zip")["kind"] == "Binomial"
    found = shell.answer("describe", coder)
    assert (found["kind"], found["response"]) == ("AutoEncoder", None)


def test_archives_of_data_are_data(shell, tmp_path):
    with zipfile.ZipFile(tmp_path / "iris.zip", "w") as archive:
        archive.write(IRIS, "iris.csv")
    assert shell.answer("describe", tmp_path / "iris.zip")["rows"] == 150


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"\x1c\xed" + b"\x00" * 50, "binary model of H2O-3"),
        (b"\x08\x00\x00\x00\x00\x00\x00\x00{}      rest", ""),
        (b"PK\x03\x04 broken", ""),
        (b"\x00" * 100, "zero byte"),
        (b'a,"b\n', "quote"),
    ],
)
def test_files_that_are_neither(shell, tmp_path, content, text):
    path = tmp_path / "file"
    path.write_bytes(content)
    line = shell.refused("describe", path)
    assert str(path) in line and text in line


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "FILE"),
        (["nothing"], "nothing"),
        (["-"], "nothing on standard input"),
        ([IRIS, IRIS], IRIS),
        ([IRIS, "--all"], "--all"),
    ],
)
def test_mistakes(shell, arguments, text):
    assert text in shell.refused("describe", *arguments, stdin=b"")
