"""The booklet's Python examples run as they stand, one after the other, on few rows and for few epochs."""

from __future__ import annotations

import runpy
from pathlib import Path

import h2o
import numpy as np
import pytest
from heavywater.session import LocalSession

from vignettes import comparison

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The variables of the script at its end, the figures it drew, and what it measured for each chapter."""
    pyplot = pytest.importorskip(
        "matplotlib.pyplot", reason="matplotlib is missing, the vignettes are NOT tested"
    )
    measured = {}

    def compare(chapter, **ours):
        comparison.comparison(chapter, ours)
        measured[chapter] = ours

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("booklet"))
        patch.setenv("HEAVYWATER_CACHE", str(DATA))
        patch.setattr(LocalSession, "train", shortened(LocalSession.train))
        patch.setattr(comparison, "compare", compare)
        pyplot.switch_backend("agg")
        pyplot.close("all")
        variables = runpy.run_module("vignettes.booklet")
        figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
        assert len(list(Path.cwd().iterdir())) == 1, "the saved model"
    yield variables, figures, measured
    pyplot.close("all")
    h2o.show_progress()
    h2o.remove_all()


def shortened(train):
    """Learn the digits in a tenth of the epochs and the largest net in small; several threads would be no faster."""

    def short(self, algo, parameters, **data):
        if data["y"] == "C785":
            parameters = parameters | {"epochs": min(parameters.get("epochs", 10), 20) / 10}
        if 1024 in parameters.get("hidden", ()):
            parameters = parameters | {"hidden": [64, 64, 128]}
        return train(self, algo, parameters, **data | {"threads": 1})

    return short


def test_every_chapter_has_its_table(run):
    _, _, measured = run
    assert list(measured) == list(comparison.reference())


def test_what_the_booklet_says_is_so(run):
    _, _, measured = run
    assert measured["data"] == {"train_rows": 400, "test_rows": 150, "pixels": 784}
    assert measured["cartesian_grid"]["models"] == 6
    assert measured["random_grid"]["models"] == 10
    assert measured["results"]["models"] == 5
    assert sorted(measured["anomaly"]["ranks"].split()) == ["1", "2", "3"]
    assert measured["saving"] == {"same": 1, "change": 0}


def test_models_have_learned(run):
    _, _, measured = run
    assert 0.5 < measured["quantile_regression"]["below"] <= 1
    assert measured["cartesian_grid"]["best"] < 0.6
    assert measured["predictions"]["right"] == pytest.approx(1 - measured["trial_run"]["error"])


def test_training_goes_on_where_the_trial_run_ended(run):
    variables, _, measured = run
    assert variables["model_chkp"].actual_params["checkpoint"] == variables["trial_run"].model_id
    assert measured["checkpoint"]["epochs"] == pytest.approx(2)


def test_figures_show_data(run):
    _, figures, _ = run
    assert len(figures) == 8
    for figure in figures:
        assert all(axes.has_data() for axes in figure.axes), figure.axes[0].get_xlabel()


def test_a_table_has_booklet_h2o_and_ours():
    table = comparison.comparison("trial_run", {"error": 0.123456, "logloss": 0.5, "epochs": 7})
    line = table.loc["classification error, test set"]
    assert (line["booklet"], line["H2O"], line["heavywater"]) == ("-", "0.1125", "0.1235")


@pytest.mark.parametrize("ours", [{"error": 0.1}, {"error": 0.1, "logloss": 1, "epochs": 1, "speed": 1}])
def test_a_table_is_complete(ours):
    with pytest.raises(ValueError, match="trial_run: measured"):
        comparison.comparison("trial_run", ours)


def test_numbers_of_numpy_are_shown_like_others():
    table = comparison.comparison("predictions", {"columns": np.int64(11), "right": np.float64(0.88888)})
    assert list(table["heavywater"]) == ["11", "0.8889"]
