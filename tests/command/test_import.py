"""``h2o import``, and how data is read."""

from __future__ import annotations

import gzip

import h2o
import pandas as pd
import pytest

from .helpers import IRIS


def test_it_describes_and_writes(shell, tmp_path):
    out = tmp_path / "iris.parquet"
    found = shell.answer("import", IRIS, "--output", out)
    assert found["rows"] == 150
    assert found["types"]["class"] == "enum"
    assert len(pd.read_parquet(out)) == 150
    assert "iris.parquet: there is such a folder" in shell.refused("import", IRIS, "--output", out, "--force")
    for _ in range(2):
        assert shell.run("import", IRIS, "--output", tmp_path / "iris.csv", "--force") == 0
    assert shell.run("import", IRIS) == 0
    assert "rows: 150" in shell.out


def test_encoding_of_a_file(shell, tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes("größe,b\n1,ä\n2,ö\n".encode("latin-1"))
    assert list(shell.answer("import", path, "--encoding", "latin-1")["types"]) == ["größe", "b"]
    assert "--encoding 'klingon' is no encoding" in shell.refused("import", path, "--encoding", "klingon")
    assert shell.run("import", path) == 0
    assert "4 bytes mean nothing" in shell.err


def test_how_data_is_read(shell, tmp_path):
    data = tmp_path / "data.txt"
    data.write_text("x;y;class\n" + "1;2;a\n% remark\n2;3;b\n3\n" * 4 + "12 rows\n")
    assert "--fill" in shell.refused("import", data)
    how = ["--separator", ";", "--fill", "--skip-footer", "1", "--comments", "%"]
    found = shell.answer("import", data, *how)
    assert (found["rows"], found["types"]) == (12, {"x": "int", "y": "int", "class": "enum"})
    model, out = tmp_path / "model", tmp_path / "out.csv"
    shell.answer("train", data, "--response", "class", "--set", "epochs=1", "--model", model, *how)
    assert shell.answer("predict", model, data, "--output", out, *how)["rows"] == 12


def test_types_header_missing_quotes_and_columns_that_are_not_read(shell, tmp_path):
    data = tmp_path / "data.csv"
    data.write_text("1,'a,b',x,9\n2,none,y,8\n3,none,y,8\n")
    names = ("--header", "no", "--quote", "'")
    found = shell.answer("import", data, *names, "--types", "C1=enum", "--types", "C4=string", "--skip", "C3")
    assert found["types"] == {"C1": "enum", "C2": "enum", "C4": "string"}
    assert shell.run("import", data, *names, "--missing", "none", "--output", "-") == 0
    assert shell.out.splitlines()[2].split(",")[1] == ""
    assert shell.answer("import", "-", "--factors", "x", stdin=b"x,y\n1,2\n")["types"] == {
        "x": "enum",
        "y": "int",
    }
    assert "'petal_len' is of type real" in shell.refused("import", IRIS, "--factors", "petal_len")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_and_output(shell, pack):
    assert shell.answer("import", "-", stdin=pack(b"a,b\n1,2\n"))["types"] == {"a": "int", "b": "int"}
    assert shell.run("import", "-", "--output", "-", stdin=pack(b"a,b\n1,2\n")) == 0
    assert shell.out == '"a","b"\n1,2\n'
    assert "standard input" in shell.refused("import", "-", stdin=pack(b"\x00\x01"))
    assert "nothing on standard input" in shell.refused("import", "-", stdin=b"")


def test_a_parquet_file_from_standard_input(shell, tmp_path):
    pd.DataFrame({"a": [1.5, 2.5]}).to_parquet(tmp_path / "a.parquet")
    found = shell.answer("import", "-", stdin=(tmp_path / "a.parquet").read_bytes())
    assert found["types"] == {"a": "real"}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["nowhere.csv"], "nowhere.csv: no such file"),
        ([], "DATA"),
        ([""], "DATA"),
        ([IRIS, "more.csv"], "more.csv"),
        ([IRIS, "--header", "maybe"], "'maybe' must be one of auto, yes, no"),
        ([IRIS, "--types", "class"], "COLUMN=TYPE"),
        ([IRIS, "--types", "class=foo"], "--types: 'foo'"),
        ([IRIS, "--types", "klass=enum"], "--types: no column 'klass'"),
        ([IRIS, "--skip", "klass"], "--skip: no column 'klass'"),
        ([IRIS, "--factors", "klass"], "--factors klass"),
        ([IRIS, "--quote", "''"], "--quote"),
        ([IRIS, "--skip-footer", "-1"], "'-1' must be a whole number from 0 on"),
        ([IRIS, "--nthreads", "0"], "'0' must be a whole number from 1 on, or -1"),
        ([IRIS, "--max-mem", "1x"], "'1x' must be a number of GB"),
        ([IRIS, "--max-mem", "0.001m"], "--max-mem is 0 MB"),
        ([IRIS, "--output", ""], "--output"),
        ([IRIS, "--output", "/proc/x.csv"], "/proc/x.csv"),
        ([IRIS, "--output", "-", "--json"], "--json"),
    ],
)
def test_mistakes(shell, arguments, text):
    assert text in shell.refused("import", *arguments)
    h2o.init(max_mem_size="1t", verbose=False)
