"""The estimators within what scikit-learn has around estimators."""

import os
from typing import Any

import h2o
import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
from h2o.sklearn import H2OAutoEncoder, H2ODeepLearningClassifier, H2ODeepLearningRegressor
from joblib.externals.loky import get_reusable_executor
from sklearn import config_context
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector
from sklearn.ensemble import BaggingRegressor, StackingClassifier, VotingClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - it makes the next import possible
from sklearn.inspection import PartialDependenceDisplay, permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    HalvingRandomSearchCV,
    cross_val_predict,
    cross_val_score,
    cross_validate,
    learning_curve,
)
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils import estimator_html_repr


@pytest.fixture(scope="module")
def labels(mixed: Any) -> Any:
    return np.where(mixed["real"].fillna(0) > 0, "yes", "no")


def classifier(**more: Any) -> H2ODeepLearningClassifier:
    return H2ODeepLearningClassifier(**{"hidden": (5,), "epochs": 15, "random_state": 1, **more})


def threads_used(net: Any, X: Any, y: Any) -> float:
    """A score for searches: threads of the session in which a net was trained, and 1000 times those that trained it."""
    allowed = int(h2o.connection().session.cluster.status()["allowed_cores"])
    return 1000.0 * net.model_._description["threads"] + allowed


@pytest.mark.parametrize("output", ["default", "pandas", "polars"])
def test_a_pipeline_with_columns(mixed, labels, output: str):
    if output == "polars" and sklearn.__version__ < "1.7":
        pytest.skip("scikit-learn 1.6 does not know the polars of today")
    columns = ColumnTransformer(
        [
            ("numbers", StandardScaler(), ["real"]),
            ("text", OneHotEncoder(sparse_output=False, handle_unknown="ignore"), ["text"]),
            ("rest", "passthrough", ["category", "flag"]),
        ]
    ).set_output(transform=output)
    whole = Pipeline([("columns", columns), ("net", classifier(epochs=60))]).fit(mixed, labels)
    assert whole.score(mixed, labels) > 0.9
    assert "H2ODeepLearningClassifier" in estimator_html_repr(whole)
    assert whole[-1].n_features_in_ == columns.fit_transform(mixed).shape[1]


def test_an_autoencoder_within_a_pipeline(mixed, labels):
    coder = H2OAutoEncoder(hidden=(6, 3, 6), epochs=20, random_state=0)
    numeric = ColumnTransformer([("coder", coder, make_column_selector(dtype_include="number"))]).set_output(
        transform="pandas"
    )
    whole = make_pipeline(numeric, LogisticRegression()).fit(mixed, labels)
    assert list(whole[0].get_feature_names_out()) == [f"coder__h2oautoencoder{i}" for i in range(3)]
    assert whole.score(mixed, labels) > 0.6
    grid = GridSearchCV(coder, {"hidden": [(1,), (6,)]}, cv=2).fit(mixed[["real", "whole"]])
    assert grid.best_params_ == {"hidden": (6,)}


def test_a_search_beside_and_within_a_model(numbers):
    X, y = numbers
    space = {"hidden": [(1,), (8,)], "epochs": [1, 30]}
    grid = GridSearchCV(classifier(), space, cv=2, error_score="raise").fit(X, y)
    assert grid.best_params_["epochs"] == 30 and grid.score(X, y) > 0.7
    nested = cross_val_score(grid, X, y, cv=2)
    assert (nested > 0.6).all()


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_fits_beside_each_other_share_the_cores(numbers, backend: str):
    X, y = numbers
    get_reusable_executor().shutdown()  # its processes may have a session of an earlier test
    net = classifier(hidden=(200, 200), epochs=0.1)  # large enough for as many threads as there are
    alone = int(threads_used(net.fit(X, y), X, y)) // 1000
    with joblib.parallel_config(backend, n_jobs=2):
        search = HalvingRandomSearchCV(
            net, {"l2": [0.0, 1e-4]}, n_candidates=2, min_resources=100, cv=2, scoring=threads_used, refit=False,
            error_score="raise", random_state=0,
        )  # fmt: skip
        found = search.fit(X, y).cv_results_["mean_test_score"].astype(int)
        explicit = GridSearchCV(net, {"n_jobs": [1]}, cv=2, scoring=threads_used, refit=False).fit(X, y)
    cores = len(os.sched_getaffinity(0))
    share = 1 if backend == "threading" else max(1, cores // 2)
    assert (found // 1000 <= share).all() and alone <= cores
    if backend == "loky":
        assert (found % 1000 == share).all()
    assert explicit.cv_results_["mean_test_score"][0] // 1000 == 1


def test_a_halving_search(numbers):
    X, y = numbers
    search = HalvingRandomSearchCV(
        classifier(), {"activation": ["Tanh", "Rectifier"], "rho": [0.9, 0.95, 0.99]}, resource="n_samples", cv=2,
        n_candidates=4, random_state=0, error_score="raise",
    ).fit(X, y)  # fmt: skip
    assert search.n_iterations_ > 1 and search.score(X, y) > 0.5


def test_calibration(numbers):
    X, y = numbers
    weights = np.ones(len(y))
    for method in ("sigmoid", "isotonic"):
        calibrated = CalibratedClassifierCV(classifier(), method=method, cv=2).fit(
            X, y, sample_weight=weights
        )
        found = calibrated.predict_proba(X)
        np.testing.assert_allclose(found.sum(axis=1), 1)
        assert calibrated.score(X, y) > 0.6


def test_inspection(mixed, labels):
    net = classifier(epochs=40).fit(mixed, labels)
    importance = permutation_importance(net, mixed, labels, n_repeats=3, random_state=0).importances_mean
    assert mixed.columns[importance.argmax()] == "real"
    numbers = mixed[["real", "whole"]].astype(float).fillna(0)
    plain = classifier(epochs=40).fit(numbers, labels)
    shown = PartialDependenceDisplay.from_estimator(
        plain, numbers, ["real", ("real", "whole")], grid_resolution=5
    )
    line = shown.lines_[0, 0].get_ydata()
    assert line[0] < 0.5 < line[-1]
    categories = PartialDependenceDisplay.from_estimator(
        net, mixed[10:50], ["text"], categorical_features=["text"]
    )
    assert len(categories.axes_[0, 0].patches) == 3


def test_crossed_predictions_and_stacking(numbers):
    X, y = numbers
    crossed = cross_val_predict(classifier(epochs=40), X, y, cv=3, method="predict_proba")
    assert crossed.shape == (200, 3) and (np.array(["a", "b", "c"])[crossed.argmax(axis=1)] == y).mean() > 0.7
    parts = [("net", classifier()), ("line", LogisticRegression())]
    assert StackingClassifier(parts, cv=2).fit(X, y).score(X, y) > 0.7
    assert VotingClassifier(parts, voting="soft").fit(X, y).score(X, y) > 0.7
    sizes, _, test = learning_curve(classifier(), X, y, train_sizes=[0.5, 1.0], cv=2)
    assert len(sizes) == 2 and test.shape == (2, 2)


def test_regressors_within_others(numbers):
    X, _ = numbers
    net = H2ODeepLearningRegressor(hidden=(5,), epochs=30, random_state=1)
    several = MultiOutputRegressor(net).fit(X, X[:, :2])
    assert several.predict(X).shape == (200, 2) and several.score(X, X[:, :2]) > 0.8
    assert (
        TransformedTargetRegressor(net, func=np.log, inverse_func=np.exp)
        .fit(X, np.exp(X[:, 0]))
        .score(X, np.exp(X[:, 0]))
        > 0.5
    )
    assert BaggingRegressor(net, n_estimators=2, random_state=0).fit(X, X[:, 0]).score(X, X[:, 0]) > 0.7


def test_weights_are_routed(numbers):
    X, y = numbers
    weights = np.where(X[:, 2] > 0, 1.0, 0.0)
    with config_context(enable_metadata_routing=True):
        net = classifier().set_fit_request(sample_weight=True).set_score_request(sample_weight=False)
        routed = cross_validate(net, X, y, cv=2, params={"sample_weight": weights}, return_estimator=True)[
            "estimator"
        ]
        whole = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), net).fit(
            X, y, sample_weight=weights
        )
    for each in (*routed, whole[-1]):
        assert each.model_.actual_params["weights_column"] == "sample_weight"
    assert cross_validate(classifier(), X, y, cv=2)["test_score"].min() > 0.5


def test_names_that_the_columns_have_come_through(mixed, labels):
    net = make_pipeline(classifier()).fit(mixed, pd.Series(labels, name="answer"))[-1]
    assert list(net.feature_names_in_) == list(mixed.columns)
    assert net.model_.actual_params["response_column"] == "answer"
    assert {row[0].partition(".")[0] for row in net.model_.varimp()} == set(mixed.columns)
