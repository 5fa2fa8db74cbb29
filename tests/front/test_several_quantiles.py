"""Several quantiles of one model, as a user asks for them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.backend.connection import session
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OTypeError, H2OValueError
from h2o.grid import H2OGridSearch

ALPHAS = [0.1, 0.5, 0.9]
FAST: dict[str, Any] = {
    "hidden": [16],
    "epochs": 40,
    "mini_batch_size": 10,
    "seed": 1,
    "reproducible": True,
    "distribution": "quantile",
}


def rows(n: int, seed: int) -> h2o.H2OFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    y = 100 + 30 * x[:, 0] + 20 * rng.normal(size=n) * (0.3 + np.abs(x[:, 1]))
    found = pd.DataFrame(x, columns=["a", "b"]).assign(y=y, off=10 * x[:, 1], w=rng.integers(1, 3, n))
    found.loc[3, "a"] = np.nan
    return h2o.H2OFrame(found)


@pytest.fixture(scope="module")
def train() -> h2o.H2OFrame:
    return rows(800, 0)


@pytest.fixture(scope="module")
def test() -> h2o.H2OFrame:
    return rows(800, 1)


@pytest.fixture(scope="module")
def model(train: h2o.H2OFrame) -> H2ODeepLearningEstimator:
    model = H2ODeepLearningEstimator(**FAST, quantile_alpha=[0.9, 0.1, 0.5], nfolds=3)
    return model.train(x=["a", "b"], y="y", training_frame=train)


def predicted(model: Any, frame: h2o.H2OFrame, **options: Any) -> pd.DataFrame:
    return model.predict(frame, **options).as_data_frame()


def pinball(y: np.ndarray, f: np.ndarray, alpha: float) -> float:
    return float(np.where(y > f, alpha * (y - f), (1 - alpha) * (f - y)).mean())


def test_columns_and_the_shares_below_them(model: Any, test: h2o.H2OFrame) -> None:
    found, y = predicted(model, test), test["y"].as_data_frame()["y"].to_numpy()
    assert list(found) == ["predict", "q10", "q50", "q90"]
    assert (found["predict"] == found["q50"]).all()
    for name, alpha in zip(["q10", "q50", "q90"], ALPHAS, strict=True):
        assert (y < found[name]).mean() == pytest.approx(alpha, abs=0.06)
    assert model.actual_params["quantile_alpha"] == ALPHAS


def test_quantiles_never_cross(train: h2o.H2OFrame, test: h2o.H2OFrame) -> None:
    crowded = H2ODeepLearningEstimator(**FAST | {"epochs": 1}, quantile_alpha=[k / 20 for k in range(1, 20)])
    crowded.train(x=["a", "b"], y="y", training_frame=train)
    found = predicted(crowded, test).iloc[:, 1:].to_numpy()
    assert found.shape[1] == 19 and (np.diff(found, axis=1) >= 0).all()


def test_metrics_are_of_all_quantiles_and_of_the_one_in_the_middle(model: Any, test: h2o.H2OFrame) -> None:
    found, y = predicted(model, test), test["y"].as_data_frame()["y"].to_numpy()
    metrics = model.model_performance(test)
    losses = [pinball(y, found[f"q{100 * alpha:g}"].to_numpy(), alpha) for alpha in ALPHAS]
    assert metrics.mean_residual_deviance() == pytest.approx(np.mean(losses), rel=1e-9)
    assert metrics.mae() == pytest.approx(np.abs(y - found["predict"]).mean(), rel=1e-9)
    history = model.scoring_history()
    assert history["training_deviance"].iloc[-1] == pytest.approx(
        model.mean_residual_deviance(train=True), rel=1e-6
    )
    assert model.mean_residual_deviance(xval=True) < 2 * np.mean(losses)


def test_intervals_stand_on_the_quantiles(model: Any, test: h2o.H2OFrame) -> None:
    found, y = predicted(model, test, interval=0.8), test["y"].as_data_frame()["y"]
    assert list(found)[-2:] == ["lower", "upper"]
    assert ((found["lower"] <= y) & (y <= found["upper"])).mean() == pytest.approx(0.8, abs=0.06)
    np.testing.assert_allclose((found["lower"] - found["q10"]).std(), 0, atol=1e-9)
    assert (found["upper"] - found["lower"]).std() > 5  # wider where the noise is


def test_saved_models_and_single_rows_say_the_same(model: Any, test: h2o.H2OFrame, tmp_path: Path) -> None:
    before = predicted(model, test, interval=0.5)
    cells = test[["a", "b"]].as_data_frame()[:6].to_dict("records")
    plain = [{k: None if v != v else v for k, v in row.items()} for row in cells]
    found = session().models.score_rows(model.key, plain, 0.5)
    pd.testing.assert_frame_equal(pd.DataFrame(found), before[:6])
    path = h2o.save_model(model, str(tmp_path))
    pd.testing.assert_frame_equal(predicted(h2o.load_model(path), test, interval=0.5), before)


def test_a_list_of_one_is_that_one(train: h2o.H2OFrame, test: h2o.H2OFrame) -> None:
    found = []
    for alpha in ([0.3], 0.3, (0.3,)):
        single = H2ODeepLearningEstimator(**FAST | {"epochs": 2}, quantile_alpha=alpha)
        found.append(predicted(single.train(x=["a", "b"], y="y", training_frame=train), test))
        assert single.actual_params["quantile_alpha"] == 0.3
    assert list(found[0]) == ["predict"]
    for each in found[1:]:
        pd.testing.assert_frame_equal(each, found[0])


def test_training_goes_on_with_offsets_and_weights(train: h2o.H2OFrame, test: h2o.H2OFrame) -> None:
    options = {**FAST, "quantile_alpha": [0.25, 0.75], "offset_column": "off", "weights_column": "w"}
    parts = []
    whole = H2ODeepLearningEstimator(**options | {"epochs": 4}).train(
        x=["a", "b"], y="y", training_frame=train
    )
    first = H2ODeepLearningEstimator(**options | {"epochs": 2}).train(
        x=["a", "b"], y="y", training_frame=train
    )
    second = H2ODeepLearningEstimator(**options | {"epochs": 4}, checkpoint=first)
    second.train(x=["a", "b"], y="y", training_frame=train)
    parts = [predicted(each, test) for each in (whole, second)]
    pd.testing.assert_frame_equal(*parts)
    assert (parts[0]["predict"] == parts[0]["q25"]).all()  # the lower of two that are as near to the median
    with pytest.raises(H2OValueError, match=r"quantile_alpha=\[0.1, 0.9\].*must stay as it was"):
        H2ODeepLearningEstimator(
            **options | {"epochs": 6, "quantile_alpha": [0.1, 0.9]}, checkpoint=first
        ).train(x=["a", "b"], y="y", training_frame=train)


def test_grids_try_lists(train: h2o.H2OFrame) -> None:
    grid = H2OGridSearch(
        H2ODeepLearningEstimator(**FAST | {"epochs": 1}), {"quantile_alpha": [[0.1, 0.9], 0.5, [0.3]]}
    )
    grid.train(x=["a", "b"], y="y", training_frame=train)
    found = sorted(str(h2o.get_model(key).actual_params["quantile_alpha"]) for key in grid.model_ids)
    assert found == ["0.3", "0.5", "[0.1, 0.9]"]


@pytest.mark.parametrize(
    ("alphas", "kind", "message"),
    [
        ([], H2OValueError, "the list is empty"),
        ([0.5, 0.5], H2OValueError, "two of them are the same"),
        ([0.1, "a"], H2OTypeError, "wrong type"),
        ("0.1", H2OTypeError, "a number in .*, or a list of different ones"),
    ],
)
def test_wrong_lists_are_refused(alphas: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=f"quantile_alpha=.*{message}"):
        H2ODeepLearningEstimator(quantile_alpha=alphas)


def test_limits_count_where_it_has_an_effect(train: h2o.H2OFrame) -> None:
    with pytest.raises(H2OValueError, match=r"quantile_alpha=\[0.1, 1.5\] is not allowed"):
        H2ODeepLearningEstimator(**FAST, quantile_alpha=[0.1, 1.5]).train(y="y", training_frame=train)
    other = H2ODeepLearningEstimator(hidden=[2], epochs=0.1, quantile_alpha=[0.1, 0.9])
    with pytest.warns(RuntimeWarning, match=r"quantile_alpha=\[0.1, 0.9\] has no effect"):
        other.train(x=["a"], y="y", training_frame=train)
    assert predicted(other, train).shape[1] == 1
    with pytest.raises(H2OValueError, match="an autoencoder takes one"):
        H2OAutoEncoderEstimator(**FAST, quantile_alpha=ALPHAS).train(x=["a", "b"], training_frame=train)


def test_what_has_a_place_for_one_number_alone_refuses_it(
    model: Any, test: h2o.H2OFrame, tmp_path: Path
) -> None:
    files = session().model_files
    writers: dict[str, Any] = {"zip": files.save_mojo, "java": files.save_pojo}
    for ending, write in writers.items():
        with pytest.raises(Exception, match=r"cannot be written as \w+: quantile_alpha=\[0.1, 0.5, 0.9\]"):
            write(model.key, str(tmp_path / f"model.{ending}"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model.varimp()
