"""The chapter about training runs as it stands, for a tenth of the epochs."""

from __future__ import annotations

import pytest

from vignettes import comparison


@pytest.fixture(scope="module")
def run(run_vignette):
    return run_vignette("vignettes.architecture", smaller)


def smaller(parameters, y):
    """Train a tenth of the epochs, except where their number is what is shown."""
    kept = "train_samples_per_iteration" in parameters and y == "medv"
    return parameters if kept else parameters | {"epochs": parameters.get("epochs", 10) / 10}


def test_every_section_has_its_table(run):
    chapters = list(comparison.reference())
    assert list(run.measured) == chapters[chapters.index("activation") :]


def test_what_the_booklet_says_is_so(run):
    measured = run.measured
    assert measured["samples"] == {"rows": 506, "all": 10, "everywhere": 10, "hundred": 51}
    assert measured["stopping"]["never"] == 100
    assert measured["stopping"]["one"] < measured["stopping"]["auc"] < 100
    for name, known in comparison.reference()["defaults"].items():
        for source in ("booklet", "h2o"):
            expected = known[source] if isinstance(known[source], int | float) else [200, 200]
            assert measured["defaults"][name] == expected, name


def test_models_have_learned(run):
    measured = run.measured
    assert all(measured["activation"][name] < 0.45 for name in ("rectifier", "tanh", "maxout"))
    assert all(measured["loss"][f"rmse_{name}"] < 9 for name in ("gaussian", "laplace", "huber"))
    assert measured["encoding"]["auto_auc"] > 0.6
    assert measured["encoding"]["eigen_units"] < measured["encoding"]["binary_units"]


def test_figures_show_data(run):
    assert len(run.figures) == 4
    for figure in run.figures:
        assert all(axes.has_data() for axes in figure.axes)
        assert all(axes.get_xlabel() and axes.get_ylabel() for axes in figure.axes) or figure.axes[0].patches
