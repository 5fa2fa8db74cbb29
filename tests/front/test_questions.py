"""Contributions and permutation importances from Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    random = np.random.default_rng(5)
    found = pd.DataFrame({"a": random.normal(size=80), "b": random.normal(size=80)})
    found["k"] = pd.Categorical(random.choice(["u", "v"], 80))
    found["y"] = 3 * found.a + (found.k == "u")
    return found


@pytest.fixture(scope="module")
def model(data: pd.DataFrame) -> Iterator[Any]:
    frame = h2o.H2OFrame(data)
    found = h2o.H2ODeepLearningEstimator(hidden=[5], epochs=100, seed=1, reproducible=True)
    found.train(y="y", training_frame=frame)
    yield found
    del frame


def test_contributions_of_any_frame_beside_any_other(model, data):
    found = model.predict_contributions(data[:5], background_frame=data[20:40], output_format="Compact")
    assert list(found.columns) == ["k", "a", "b", "BiasTerm"]
    predicted = model.predict(data[:5]).predict
    np.testing.assert_allclose(found.sum(axis=1), predicted, atol=1e-5)
    assert found.BiasTerm.nunique() == 1
    units = model.predict_contributions(data[:5], background_frame=data[20:40])
    assert list(units.columns) == ["k.u", "k.v", "k.missing(NA)", "a", "b", "BiasTerm"]


def test_the_background_is_the_training_frame(model, data):
    found = model.predict_contributions(data[:5], "Compact")
    given = model.predict_contributions(data[:5], "Compact", background_frame=data)
    pd.testing.assert_frame_equal(found, given)
    other = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1)
    frame = h2o.H2OFrame(data)
    other.train(y="y", training_frame=frame)
    h2o.remove(frame)
    with pytest.raises(H2OValueError, match="background_frame is missing"):
        other.predict_contributions(data[:5])


def test_pairs_of_rows_are_told_in_the_kind_of_the_rows(model, data):
    pairs = model.predict_contributions(
        data[:5], "Compact", background_frame=data[:3], output_per_reference=True
    )
    assert pairs.RowIdx.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    frame = model.predict_contributions(h2o.H2OFrame(data[:5]), "Compact", background_frame=data[:3])
    assert frame.names == ["k", "a", "b", "BiasTerm"]


def test_exact_contributions(model, data):
    found = model.predict_contributions(data[:5], "Compact", background_frame=data[:9], method="exact")
    predicted = model.predict(data[:5]).predict
    np.testing.assert_allclose(found.sum(axis=1), predicted, atol=1e-5)


@pytest.mark.parametrize(
    "options",
    [{"output_format": "compact"}, {"compare_abs": 1}, {"output_space": None}, {"background_frame": 7}],
)
def test_wrong_arguments_of_contributions_are_refused(model, data, options):
    (name,) = options
    with pytest.raises((H2OTypeError, H2OValueError), match=name):
        model.predict_contributions(data[:5], **options)


def test_importances_of_shuffled_columns(model, data):
    table = model.permutation_importance(data, seed=3)
    assert table.col_header == ["Variable", "Relative Importance", "Scaled Importance", "Percentage"]
    assert [row[0] for row in table.cell_values] == ["a", "k", "b"]
    assert table.cell_values[0][2] == 1.0
    several = model.permutation_importance(
        data, metric="mae", n_repeats=3, features=["b", "a"], seed=3, use_pandas=True
    )
    assert list(several.index) == ["a", "b"]
    assert list(several.columns) == ["Run 1", "Run 2", "Run 3", "Mean", "Standard Error"]


@pytest.mark.in_process
def test_importances_by_a_metric_of_ones_own(model, data):
    own = model.permutation_importance(
        data, metric=lambda actual, predicted: np.abs(actual - predicted).mean(), seed=3
    )
    known = model.permutation_importance(data, metric="mae", seed=3)
    assert dict(row[:2] for row in own.cell_values)["a"] == pytest.approx(known.cell_values[0][1], rel=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"features": "a"}, "features"),
        ({"n_samples": 2.5}, "n_samples"),
        ({"metric": "AUC"}, "metric='AUC'"),
        ({"n_repeats": 0}, "n_repeats=0"),
    ],
)
def test_wrong_arguments_of_importances_are_refused(model, data, options, message):
    with pytest.raises((H2OTypeError, H2OValueError), match=message):
        model.permutation_importance(data, **options)


def test_importances_are_drawn(model, data, tmp_path):
    once = model.permutation_importance_plot(data, seed=3, server=True, save_plot_path=tmp_path / "once.png")
    assert [bar.get_width() for bar in once.figure().axes[0].patches] == [row[2] for row in once.cell_values]
    boxes = model.permutation_importance_plot(data, n_repeats=4, seed=3, num_of_features=2, server=True)
    assert [text.get_text() for text in boxes.figure().axes[0].get_yticklabels()] == ["a", "k"]
    with pytest.raises(H2OValueError, match="num_of_features=0"):
        model.permutation_importance_plot(data, num_of_features=0, server=True)
