"""``h2o predict``."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import h2o
import pandas as pd
import pytest

from .helpers import IRIS, PROSTATE, SMALL


@pytest.fixture(scope="module")
def expected(flowers):
    return h2o.load_model(str(flowers)).predict(h2o.import_file(IRIS)).as_data_frame()


def test_into_a_file(shell, flowers, tmp_path, expected):
    out = tmp_path / "predictions.csv"
    found = shell.answer("predict", flowers, IRIS, "--output", out)
    assert found == {"predictions": str(out), "rows": 150}
    pd.testing.assert_frame_equal(pd.read_csv(out), expected)
    shell.answer("predict", flowers, IRIS, "--output", tmp_path / "p.parquet")
    assert pd.read_parquet(tmp_path / "p.parquet")["predict"].tolist() == expected["predict"].tolist()


@pytest.mark.parametrize("ending", ["gz", "bz2", "zst"])
def test_packed_files(shell, flowers, tmp_path, expected, ending):
    out = tmp_path / f"p.csv.{ending}"
    shell.answer("predict", flowers, IRIS, "--output", out)
    assert not out.read_bytes().startswith(b'"predict"')
    assert shell.answer("import", out)["rows"] == 150


def test_files_of_the_home_folder(shell, flowers, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "m").write_bytes(flowers.read_bytes())
    assert shell.answer("predict", "~/m", IRIS, "--output=~/p.csv")["predictions"] == str(tmp_path / "p.csv")
    assert "there is such a file" in shell.refused("predict", "~/m", IRIS, "--output=~/p.csv")
    shell.answer("export", "~/m", "--output=~/m.zip")
    assert shell.answer("describe", "~/m.zip")["kind"] == "Multinomial"
    assert shell.run("predict", "~/m.zip", IRIS) == 0
    shell.answer("train", IRIS, "--response", "class", *SMALL, "--model=~/n")
    assert (tmp_path / "n").exists()


def test_devices(shell, flowers):
    assert shell.run("predict", flowers, IRIS, "--output", "/dev/null") == 0
    assert shell.run("predict", flowers, IRIS, "--output", "/dev/stdout") == 0
    assert len(shell.out.splitlines()) == 151


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("further", [[], ["--output", "-"]])
def test_standard_input_and_output(shell, flowers, expected, pack, further):
    assert shell.run("predict", flowers, "-", *further, stdin=pack(Path(IRIS).read_bytes())) == 0
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(shell.out)), expected)
    assert shell.err == ""


def test_intervals_of_several_quantiles(shell, tmp_path):
    model, out = tmp_path / "m", tmp_path / "p.csv"
    several = ("--set", "distribution=quantile", "--set", "quantile_alpha=0.1,0.5,0.9", "--set", "nfolds=2")
    shell.answer("train", IRIS, "--response", "petal_wid", *SMALL, *several, "--model", model)
    wanted = h2o.load_model(str(model)).predict(h2o.import_file(IRIS), interval=0.8).as_data_frame()
    shell.answer("predict", model, IRIS, "--interval", "0.8", "--output", out)
    pd.testing.assert_frame_equal(pd.read_csv(out), wanted)
    assert list(wanted) == ["predict", "q10", "q50", "q90", "lower", "upper"]
    (tmp_path / "o.toml").write_text("[predict]\ninterval = 0.8\n")
    assert shell.run("predict", model, IRIS, "--config", tmp_path / "o.toml") == 0
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(shell.out)), wanted)


def test_remarks_do_not_get_between_the_predictions(shell, flowers):
    assert shell.run("predict", flowers, "-", stdin=b"sepal_len,petal_len\n1,2\n") == 0
    assert len(pd.read_csv(io.StringIO(shell.out))) == 1
    assert "petal_wid" in shell.err and all(line.startswith("h2o: ") for line in shell.err.splitlines())


def test_a_mojo(shell, patients, tmp_path):
    assert shell.run("export", patients, "--output", tmp_path / "m.zip") == 0
    shell.run("predict", patients, PROSTATE)
    own = shell.out
    assert shell.run("predict", tmp_path / "m.zip", PROSTATE) == 0
    mojo, model = (pd.read_csv(io.StringIO(text)) for text in (shell.out, own))
    assert mojo.iloc[:, 1].to_numpy() == pytest.approx(model.iloc[:, 1].to_numpy(), abs=1e-5)


def test_no_rows(shell, flowers):
    assert "standard input" in shell.refused("predict", flowers, "-", stdin=b"\n")
    assert shell.run("predict", flowers, "-", stdin=b"sepal_len,sepal_wid,petal_len,petal_wid\n") == 0
    assert shell.out.startswith('"predict"') and len(shell.out.splitlines()) == 1


def test_letters_of_all_kinds(shell, tmp_path):
    data = "x,größe\n" + "1,μ\n2,日本\n3,😀\n" * 5
    model = tmp_path / "m"
    train = ("train", "-", "--response", "größe", "--set", "hidden=2", "--set", "epochs=1", "--model", model)
    assert shell.run(*train, stdin=data.encode()) == 0
    assert shell.run("predict", model, "-", stdin=b"x\n1\n") == 0
    assert shell.out.splitlines()[0] == '"predict","μ","日本","😀"'


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["{model}"], "DATA"),
        ([], "MODEL"),
        (["nothing", IRIS], "nothing"),
        ([IRIS, IRIS], "iris_wheader.csv"),
        (["{folder}", IRIS], "{folder}"),
        (["{model}", "nothing.csv"], "nothing.csv"),
        (["{model}", "{folder}"], "{folder}"),
        (["{model}", "-"], "nothing on standard input"),
        (["{model}", IRIS, "--json"], "--json"),
        (["{model}", IRIS, "--output", "{folder}"], "there is such a folder"),
        (["{model}", IRIS, "--output", "/proc/nowhere/out.csv"], "/proc/nowhere"),
        (["{model}", IRIS, "--nthreads", "many"], "'many' must be a whole number"),
        (["{model}", IRIS, "--interval", "1"], "'1' must be a number between 0 and 1, as 0.9"),
        (["{model}", IRIS, "--interval", "nan"], "'nan' must be a number"),
        (["{model}", IRIS, "--interval", "0.9"], "knows nothing of its errors on rows that were held out"),
        (["{model}", IRIS, "--set", "epochs=1"], "--set"),
        (["-", IRIS], "MODEL"),
    ],
)
def test_mistakes(shell, flowers, tmp_path, arguments, text):
    names = {"model": flowers, "folder": tmp_path}
    assert text.format(**names) in shell.refused(
        "predict", *(each.format(**names) for each in arguments), stdin=b""
    )
