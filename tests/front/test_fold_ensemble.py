"""The models of the folds as one model."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.backend.connection import session
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError

FAST: dict[str, Any] = {"hidden": [6], "epochs": 8, "seed": 1, "reproducible": True, "nfolds": 3}
KINDS: dict[str, dict[str, Any]] = {
    "number": {},
    "two": {"weights_column": "w"},
    "three": {"categorical_encoding": "EnumLimited"},
    "positive": {"distribution": "gamma", "offset_column": "off"},
    "quantiles": {"distribution": "quantile", "quantile_alpha": [0.1, 0.5, 0.9]},
}


def rows(n: int, seed: int) -> h2o.H2OFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    c = np.array(["u", "v", "w"])[rng.integers(0, 3, n)]
    number = 2 * x[:, 0] + x[:, 1] ** 2 + (c == "u") + rng.normal(size=n)
    found = pd.DataFrame(x, columns=["a", "b"]).assign(c=c, number=number, quantiles=number)
    found["two"] = np.where(number > 1, "yes", "no")
    found["three"] = np.array(["k0", "k1", "k2"])[np.clip(number.round().astype(int), 0, 2)]
    found["positive"] = np.exp(number / 3)
    found["w"], found["off"] = rng.integers(1, 3, n), rng.normal(size=n) / 10
    found.loc[5, "a"] = np.nan
    return h2o.H2OFrame(found, column_types=dict.fromkeys(["c", "two", "three"], "enum"))


@pytest.fixture(scope="module")
def test() -> h2o.H2OFrame:
    return rows(300, 1)


@pytest.fixture(scope="module", params=KINDS)
def model(request: Any) -> H2ODeepLearningEstimator:
    model = H2ODeepLearningEstimator(**FAST, **KINDS[request.param])
    return model.train(x=["a", "b", "c"], y=request.param, training_frame=rows(300, 0))


def predicted(model: Any, frame: h2o.H2OFrame, **options: Any) -> pd.DataFrame:
    return model.predict(frame, **options).as_data_frame()


def test_it_predicts_the_mean_of_the_folds(model: Any, test: h2o.H2OFrame) -> None:
    found = predicted(model.fold_ensemble(), test)
    numbers = [name for name in found if found[name].dtype.kind == "f"]
    mean = np.mean([predicted(each, test)[numbers] for each in model.xvals], axis=0)
    np.testing.assert_allclose(found[numbers], mean, rtol=1e-12)
    assert list(found) == list(predicted(model, test))


def test_intervals_of_folds_hold_what_they_say(model: Any, test: h2o.H2OFrame) -> None:
    found = predicted(model.fold_ensemble(), test, interval=0.8)
    y = test[model.actual_params["response_column"]].as_data_frame().iloc[:, 0]
    if "lower" in found:
        covered = ((found["lower"] <= y) & (y <= found["upper"])).mean()
        assert (found["lower"] <= found["upper"]).all()
    else:
        covered = np.mean([found.loc[i, f"in_{each}"] for i, each in enumerate(y)])
    assert 0.7 < covered < 0.93


def test_it_is_saved_as_one_file_and_says_the_same(model: Any, test: h2o.H2OFrame, tmp_path: Path) -> None:
    before = model.fold_ensemble("mean")
    expected = predicted(before, test, interval=0.7)
    metrics = before.model_performance(test).rmse()
    path = h2o.save_model(before, str(tmp_path))
    h2o.remove(before)
    again = h2o.load_model(path)
    pd.testing.assert_frame_equal(predicted(again, test, interval=0.7), expected)
    assert again.model_performance(test).rmse() == metrics
    assert again.rmse(xval=True) == model.rmse(xval=True)
    assert Path(path).stat().st_size < 3 * 60_000
    assert "mean" in str(again)
    assert len(session().models.listed()) > 0 and session().models.inputs(again.key)


def test_single_rows_are_predicted_alike(model: Any, test: h2o.H2OFrame) -> None:
    together = model.fold_ensemble()
    cells = test[["a", "b", "c", "off"]].as_data_frame()[:8].to_dict("records")
    plain = [{k: None if v != v else v for k, v in row.items()} for row in cells]
    for level in (None, 0.6):
        found = pd.DataFrame(session().models.score_rows(together.key, plain, level))
        expected = predicted(together, test[:8, :], interval=level)
        found["predict"] = found["predict"].astype(expected["predict"].dtype)
        pd.testing.assert_frame_equal(found, expected)
    assert together.predict(test[:0, :]).nrow == 0


def test_what_needs_one_network_is_refused(model: Any, test: h2o.H2OFrame, tmp_path: Path) -> None:
    together = model.fold_ensemble("refusing")
    here, files = session().models, session().model_files
    asked: list[Callable[[], Any]] = [
        lambda: together.deepfeatures(test, 0),
        lambda: here.weights(together.key, 0),
        lambda: here.unit_activity(together.key, test.frame_id),
        lambda: files.save_mojo(together.key, str(tmp_path / "m.zip")),
        lambda: files.save_onnx(together.key, str(tmp_path / "m.onnx")),
        lambda: files.save_c(together.key, str(tmp_path / "m.c")),
        lambda: files.pojo(together.key),
    ]
    for each in asked:
        with pytest.raises(H2OValueError, match=r"is the mean of 3 models|cannot be written as"):
            each()
    assert not list(tmp_path.iterdir())
    assert all("is the mean of 3 models" in each["refused"] for each in files.limits(together.key).values())
    with pytest.raises(H2OValueError, match="it is the mean of several models"):
        H2ODeepLearningEstimator(**FAST | {"nfolds": 0}, checkpoint=together).train(
            y="number", training_frame=test
        )
    with pytest.raises(H2OValueError, match="the models of the folds of 'refusing' are not there"):
        together.fold_ensemble()


@pytest.mark.parametrize("output_format", ["Original", "Compact"])
def test_contributions_are_the_mean_of_those_of_the_folds(
    model: Any, test: h2o.H2OFrame, output_format: str
) -> None:
    together, rows, background = model.fold_ensemble("explained"), test[:12, :], test[12:30, :]
    asked: dict[str, Any] = {"output_format": output_format, "background_frame": background}
    logarithm = together.actual_params["distribution"] == "gamma"
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = together.predict_contributions(rows, **asked).as_data_frame()
    assert any("contributions to the prediction itself" in str(each.message) for each in said) == logarithm
    parts = [
        each.predict_contributions(rows, **asked, output_space=True).as_data_frame() for each in model.xvals
    ]
    assert set(found) == {name for each in parts for name in each}
    for name in found:
        mean = sum(each.get(name, 0.0) for each in parts) / 3
        np.testing.assert_allclose(found[name], mean, rtol=1e-9, atol=1e-12)
    expected = predicted(together, rows)
    if model.type == "classifier" and len(expected.columns) > 3:
        for level in expected.columns[1:]:
            block = [name for name in found if name.startswith(f"{level}:")]
            np.testing.assert_allclose(found[block].sum(axis=1), expected[level], rtol=1e-6)
    else:
        column = expected["predict" if model.type == "regressor" else "yes"]
        np.testing.assert_allclose(found.sum(axis=1), column, rtol=1e-6)


def test_without_folds_there_is_none(test: h2o.H2OFrame) -> None:
    for options in ({"nfolds": 0}, {"keep_cross_validation_models": False}):
        alone = H2ODeepLearningEstimator(**FAST | options)
        alone.train(x=["a"], y="number", training_frame=test)
        with pytest.raises(H2OValueError, match="fold_ensemble: the models of the folds"):
            alone.fold_ensemble()


def test_columns_are_shuffled_and_varied_for_all_members(model: Any, test: h2o.H2OFrame) -> None:
    together = model.fold_ensemble("questioned")
    found = together.permutation_importance(test, metric="RMSE", seed=1, use_pandas=True)[
        "Relative Importance"
    ]
    assert set(found.index) >= {"a", "b"} and found.abs().max() > 0
    targets = (
        test["three"].levels()[0][:1]
        if model.type == "classifier" and len(predicted(together, test).columns) > 3
        else ()
    )
    (table,) = session().models.partial_dependence(
        together.key, test.frame_id, ["a"], options={"bins": 3, "targets": targets}
    )
    varied = test[:, :]
    varied["a"] = table["rows"][0][0]
    column = (
        str(targets[0])
        if targets
        else predicted(together, test).columns[0 if model.type == "regressor" else -1]
    )
    assert table["rows"][0][1] == pytest.approx(predicted(together, varied)[column].mean(), rel=1e-5)
