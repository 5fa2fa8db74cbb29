"""``h2o grid``."""

from __future__ import annotations

import h2o
import pytest

from .helpers import IRIS, SMALL

GIVEN = ("--response", "class", "--set", "epochs=1", "--set", "seed=1")


def test_a_table_of_all_and_the_best_is_saved(shell, tmp_path):
    found = shell.answer("grid", IRIS, *GIVEN, "--hyper", "hidden=[2],[3,3]", "--hyper", "activation=Tanh,Rectifier",
                         "--model", tmp_path / "best")  # fmt: skip
    values = [each["logloss"] for each in found["models"]]
    assert len(values) == 4 and values == sorted(values)
    assert found["sorted_by"] == "logloss"
    best = h2o.load_model(str(tmp_path / "best"))
    assert best.model_id == found["model_id"] == found["models"][0]["model_ids"]
    assert best.logloss() == pytest.approx(values[0])
    assert {each["hidden"] for each in found["models"]} == {"[2]", "[3, 3]"}


def test_the_search_and_the_order_can_be_chosen(shell, tmp_path):
    (tmp_path / "space.toml").write_text("l1 = [0, 1e-4, 1e-3]\nhidden = [[2], [3]]\n")
    given = (*GIVEN, "--hyper-parameters", tmp_path / "space.toml", "--model", tmp_path / "best", "--force")
    how = ("--strategy", "randomdiscrete", "--max-models", "2", "--seed", "7", "--sort-by", "mse")
    found = shell.answer("grid", IRIS, *given, *how)
    assert len(found["models"]) == 2 and found["sorted_by"] == "mse"
    again = shell.answer("grid", IRIS, *given, *how)
    assert [each["l1"] for each in again["models"]] == [each["l1"] for each in found["models"]]
    one = shell.answer("grid", IRIS, *given, "--hyper", "hidden=[2]", "--hyper", "l1=0")
    assert len(one["models"]) == 1


def test_combinations_that_cannot_be_trained_are_named(shell, tmp_path):
    found = shell.answer(
        "grid", IRIS, *GIVEN, "--hyper", "loss=CrossEntropy,Quantile", "--model", tmp_path / "best"
    )
    assert len(found["models"]) == 1
    assert found["failed"][0]["loss"] == "Quantile" and found["failed"][0]["reason"]


def test_a_search_goes_on_in_its_folder(shell, tmp_path):
    given = ("grid", IRIS, *GIVEN, "--hyper", "l1=0,1e-4", "--recovery-dir", tmp_path / "kept")
    first = shell.answer(*given, "--model", tmp_path / "one")
    second = shell.answer(*given, "--model", tmp_path / "two")
    assert {each["model_ids"] for each in first["models"]} <= {each["model_ids"] for each in second["models"]}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "--hyper NAME=VALUES is missing"),
        (["--hyper", "l1"], "NAME=VALUES"),
        (["--hyper", "l1="], "l1=''"),
        (["--hyper", "l1=[]"], "no value to try"),
        (["--hyper", "l1=0,-1"], "l1=-1"),
        (["--hyper", "hiden=1"], "Did you mean hidden?"),
        (["--hyper", "hidden=[0]"], "hidden=[0]"),
        (["--hyper", "nfolds=2,3"], "nfolds cannot be searched over"),
        (["--hyper", "epochs=1,2"], "given by --set and by --hyper"),
        (["--hyper", "l1=0", "--strategy", "best"], "'best' must be one of Cartesian"),
        (["--hyper", "l1=0", "--max-models", "0"], "'0' must be a whole number from 1 on"),
        (["--hyper", "l1=0", "--sort-by", "beauty"], "--sort-by beauty: must be one of"),
        (["--hyper", "l1=0", "--stopping-metric", "beauty"], "beauty"),
        (["--hyper", "l1=0", "--parallelism", "-1"], "'-1' must be"),
        (["--hyper-parameters", "nowhere.toml"], "nowhere.toml"),
        (["--hyper", "l1=0", "--response", "clas"], "clas"),
    ],
)
def test_mistakes(shell, tmp_path, arguments, text):
    assert text in shell.refused("grid", IRIS, *GIVEN, "--model", tmp_path / "m", *arguments)
    assert not (tmp_path / "m").exists()


def test_a_metric_that_the_models_do_not_have_does_not_lose_them(shell, tmp_path):
    found = shell.answer("grid", IRIS, "--response", "class", *SMALL, "--hyper", "l1=0,1e-3", "--sort-by", "f1", "--model",
                         tmp_path / "m")  # fmt: skip
    assert found["sorted_by"] == "logloss" and (tmp_path / "m").exists()
    assert "--sort-by" in shell.err
