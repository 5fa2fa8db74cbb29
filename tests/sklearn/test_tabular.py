"""The estimators whose default is the preset for tables."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError
from h2o.sklearn import H2ODeepLearningClassifier, TabularNetClassifier, TabularNetRegressor
from heavywater.deeplearning.parameters.presets import FILLED, filled
from heavywater.deeplearning.parameters.table import defaults
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

SMALL = {
    "hidden": (8,),
    "ensemble_size": 2,
    "epochs_candidates": (4, 12),
    "mini_batch_size": 8,
    "weight_decay": 0.0,
    "rate": 0.01,  # so few epochs of so few rows
    "random_state": 1,
    "n_jobs": 1,
}


def classifier(**more: Any) -> TabularNetClassifier:
    return TabularNetClassifier(**{**SMALL, **more})


def regressor(**more: Any) -> TabularNetRegressor:
    return TabularNetRegressor(**{**SMALL, **more})


@pytest.fixture(scope="module")
def fitted(numbers) -> Any:
    """A small one as it is by default."""
    return classifier().fit(*numbers)


@pytest.mark.parametrize("kind", [TabularNetClassifier, TabularNetRegressor])
def test_what_the_preset_fills_is_left_open(kind):
    params = kind().get_params()
    assert params["preset"] == "Tabular"
    assert {name for name in kind._of_table if params[name] is None} >= FILLED & {*kind._of_table}
    for name in {*kind._of_table} - FILLED - {"preset"}:
        assert params[name] == defaults()[name], name
    assert not hasattr(kind, "partial_fit") and "warm_start" not in params


def test_the_preset_fills_it(numbers):
    net = TabularNetClassifier(hidden=(200, 200), epochs=1, random_state=1).fit(
        *numbers
    )  # H2O's default, but given
    used = net.model_.actual_params
    assert (used["hidden"], used["epochs"], used["epochs_candidates"]) == ([200, 200], 1, None)
    for name, value in filled({"preset": "Tabular", "hidden": [200, 200], "epochs": 1.0}, 200).items():
        if name != "numeric_bins":
            assert used[name] == value, name
    assert "4 members" in str(net.model_)


def test_the_number_of_epochs_is_one_of_the_candidates(fitted, numbers):
    assert fitted.model_.actual_params["epochs"] in (4, 12)
    assert fitted.score(*numbers) > 0.5
    assert len(fitted.model_._description["epochs_tried"]) > 0


@pytest.mark.parametrize("kind", [TabularNetClassifier, TabularNetRegressor])
def test_all_defaults_of_h2o_by_name(kind, numbers):
    X, y = numbers
    net = kind(preset="H2O", hidden=(4,), epochs=1, random_state=1).fit(
        X, y if kind is TabularNetClassifier else X[:, 0]
    )
    used = net.model_.actual_params
    assert (used["optimizer"], used["numeric_encoding"], used["mini_batch_size"]) == (
        "AUTO",
        "Standardized",
        1,
    )


def test_a_preset_of_the_classes_with_h2os_defaults(numbers):
    net = H2ODeepLearningClassifier(preset="Tabular", hidden=(4,), epochs=1, random_state=1).fit(*numbers)
    used = net.model_.actual_params
    assert (used["hidden"], used["optimizer"], used["ensemble_size"]) == ([4], "Adam", 4)
    net.partial_fit(*numbers)
    assert net.model_.scoring_history()["epochs"].iloc[-1] == pytest.approx(2)


def test_the_same_bits_for_any_number_of_threads_after_clone_and_pickle(fitted, numbers):
    X = numbers[0]
    expected = fitted.predict_proba(X)
    for net in (clone(fitted).set_params(n_jobs=2).fit(*numbers), pickle.loads(pickle.dumps(fitted))):
        np.testing.assert_array_equal(net.predict_proba(X), expected)
    assert clone(fitted).get_params() == fitted.get_params()
    assert (clone(fitted).set_params(random_state=2).fit(*numbers).predict_proba(X) != expected).any()


def test_columns_of_all_kinds_with_missing_cells(mixed):
    polars = pytest.importorskip("polars")
    y = np.where(mixed["category"].astype(str) == "low", 1.0, 0.0) + mixed["real"].fillna(0).to_numpy()
    net = regressor(epochs_candidates=(20, 60)).fit(mixed, y)
    expected = net.predict(mixed)
    assert np.isfinite(expected).all() and net.score(mixed, y) > 0.5
    same = regressor(epochs_candidates=(20, 60)).fit(polars.from_pandas(mixed), y)
    np.testing.assert_allclose(same.predict(polars.from_pandas(mixed)), expected, rtol=1e-5, atol=1e-5)
    new = mixed.head(3).assign(category=pd.Categorical(["unseen", None, "low"]), real=[np.nan, 1e9, -1e9])
    assert np.isfinite(net.predict(new)).all()


def test_weights_of_rows_and_of_classes_count(numbers):
    X, y = numbers
    two = np.where(y == "a", "a", "b")
    share = {}
    for name, weights, classes in (
        ("none", None, None),
        ("rows", np.where(two == "a", 20.0, 1.0), None),
        ("classes", None, {"a": 20.0, "b": 1.0}),
    ):
        share[name] = (
            classifier(class_weight=classes).fit(X, two, sample_weight=weights).predict_proba(X)[:, 0].mean()
        )
    assert share["rows"] == share["classes"] > share["none"] + 0.1
    without = classifier().fit(X, two, sample_weight=np.where(np.arange(len(X)) < 150, 1.0, 0.0))
    strange = np.where(np.arange(len(X))[:, None] < 150, X, 1e6)  # rows that do not count have no edges
    again = classifier().fit(strange, two, sample_weight=np.where(np.arange(len(X)) < 150, 1.0, 0.0))
    np.testing.assert_array_equal(without.predict_proba(X), again.predict_proba(X))


def test_early_stopping_takes_the_place_of_the_choice(numbers):
    X, y = numbers
    net = TabularNetClassifier(
        hidden=(8,), epochs=300, rate=0.03, early_stopping=True, stopping_rounds=2, random_state=1, n_jobs=1
    ).fit(X, y)
    used = net.model_.actual_params
    assert not used["epochs_candidates"]
    assert (used["validation_fraction"], used["overwrite_with_best_model"]) == (0.1, True)
    history = net.model_.scoring_history()
    assert history["epochs"].iloc[-1] < 300
    assert history["validation_logloss"].notna().any()
    with pytest.raises(H2OValueError, match="two ways to find the number of epochs"):
        classifier(early_stopping=True).fit(X, y)


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"preset": "tablar"}, H2OValueError, "preset='tablar'"),
        ({"ensemble_size": 0}, H2OValueError, "ensemble_size=0"),
        ({"validation_fraction": 1.0}, H2OValueError, "validation_fraction=1.0"),
        ({"epochs_candidates": (5, -1)}, H2OValueError, "epochs_candidates"),
        ({"epochs_candidates": "many"}, H2OTypeError, "epochs_candidates"),
        ({"numeric_encoding": "PiecewiseLinear", "activation": "Tanh"}, H2OValueError, "PiecewiseLinear"),
        ({"optimizer": "Adam", "mini_batch_size": 1}, H2OValueError, "mini_batch_size"),
        ({"early_stopping": True, "epochs_candidates": None, "validation_fraction": 0}, H2OValueError, "validation_fraction=0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(numbers, more, error, words):
    with pytest.raises(error, match=words):
        classifier(**more).fit(*numbers)


@pytest.mark.parametrize("rows", [2, 3, 5])
@pytest.mark.filterwarnings("error")  # of what only the preset has asked for
@pytest.mark.filterwarnings("ignore:epochs_candidates")  # none can be held out
def test_tiny_frames(rows):
    X, y = np.arange(rows * 2.0).reshape(rows, 2), np.arange(rows) % 2
    assert np.isfinite(classifier(mini_batch_size=None).fit(X, y).predict_proba(X)).all()
    assert np.isfinite(regressor(mini_batch_size=None).fit(X, y + 0.5).predict(X)).all()


def test_searches_and_pipelines_with_presets(mixed, numbers):
    X, y = mixed[["real", "category", "text"]], numbers[1][:120]
    chain = make_pipeline(
        make_column_transformer(("passthrough", ["real", "category"]), verbose_feature_names_out=False).set_output(transform="pandas"),
        TabularNetClassifier(hidden=(4,), epochs=1, random_state=1, n_jobs=1),
    )  # fmt: skip
    tried = {
        "tabularnetclassifier__preset": ["H2O", "tabular"],
        "tabularnetclassifier__ensemble_size": [1, 2],
    }
    search = GridSearchCV(chain, tried, cv=2).fit(X, y)
    assert len(search.cv_results_["params"]) == 4
    assert list(search.predict(X)[:3]) == list(search.best_estimator_.predict(X)[:3])


def test_all_parameters_are_documented():
    for kind in (TabularNetClassifier, TabularNetRegressor):
        text = inspect.getdoc(kind) or ""
        assert all(f"\n{name} :" in text for name in kind().get_params()), kind
