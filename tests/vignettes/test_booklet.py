"""The booklet's Python examples run as they stand, one after the other, on few rows and for few epochs."""

from __future__ import annotations

import numpy as np
import pytest

from vignettes import comparison


@pytest.fixture(scope="module")
def run(run_vignette):
    return run_vignette("vignettes.booklet", smaller)


def smaller(parameters, y):
    """Learn the digits in a tenth of the epochs, and the largest net in small."""
    if y == "C785":
        parameters = parameters | {"epochs": min(parameters.get("epochs", 10), 20) / 10}
    if 1024 in parameters.get("hidden", ()):
        parameters = parameters | {"hidden": [64, 64, 128]}
    return parameters


def test_every_chapter_has_its_table(run):
    chapters = list(comparison.reference())
    assert list(run.measured) == chapters[: chapters.index("activation")]  # where architecture.py begins


def test_nothing_but_the_saved_model_is_left(run):
    assert [path.name for path in run.files] == [run.variables["trial_run"].model_id]


def test_what_the_booklet_says_is_so(run):
    measured = run.measured
    assert measured["data"] == {"train_rows": 400, "test_rows": 150, "pixels": 784}
    assert measured["cartesian_grid"]["models"] == 6
    assert measured["random_grid"]["models"] == 10
    assert measured["results"]["models"] == 5
    assert sorted(measured["anomaly"]["ranks"].split()) == ["1", "2", "3"]
    assert measured["saving"] == {"same": 1, "change": 0}
    assert measured["java_model"]["change"] < 1e-6
    assert measured["performance"]["trial_run"] > measured["performance"]["record"] > 0


def test_models_have_learned(run):
    measured = run.measured
    assert 0.5 < measured["quantile_regression"]["below"] <= 1
    assert measured["cartesian_grid"]["best"] < 0.6
    assert measured["predictions"]["right"] == pytest.approx(1 - measured["trial_run"]["error"])


def test_training_goes_on_where_the_trial_run_ended(run):
    model = run.variables["model_chkp"]
    assert model.actual_params["checkpoint"] == run.variables["trial_run"].model_id
    assert run.measured["checkpoint"]["epochs"] == pytest.approx(2)


def test_figures_show_data(run):
    assert len(run.figures) == 8
    for figure in run.figures:
        assert all(axes.has_data() for axes in figure.axes), figure.axes[0].get_xlabel()


def test_a_table_has_booklet_h2o_and_ours():
    table = comparison.comparison("trial_run", {"error": 0.123456, "logloss": 0.5, "epochs": 7})
    line = table.loc["classification error, test set"]
    assert (line["booklet"], line["H2O"], line["heavywater"]) == ("-", "0.1125 and 0.0943", "0.1235")


@pytest.mark.parametrize("ours", [{"error": 0.1}, {"error": 0.1, "logloss": 1, "epochs": 1, "speed": 1}])
def test_a_table_is_complete(ours):
    with pytest.raises(ValueError, match="trial_run: measured"):
        comparison.comparison("trial_run", ours)


def test_numbers_of_numpy_are_shown_like_others():
    table = comparison.comparison("predictions", {"columns": np.int64(11), "right": np.float64(0.88888)})
    assert list(table["heavywater"]) == ["11", "0.8889"]
