"""Calibrated probabilities, intervals and sets of classes, as a user asks for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.backend.connection import session
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError
from sklearn import datasets

from .training_helpers import DATA

FAST: dict[str, Any] = {"hidden": [8], "epochs": 4, "seed": 1, "reproducible": True}


# ---- coverage on ten data sets


def _of_file(name: str, y: str, rows: int | None = None) -> pd.DataFrame:
    frame = pd.read_csv(DATA / name).rename(columns={y: "y"})
    return frame if rows is None else frame.sample(rows, random_state=1)


def _bundled(load: Callable[..., Any], *, classes: bool = False) -> pd.DataFrame:
    x, y = load(return_X_y=True)
    frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(x.shape[1])])
    return frame.assign(y=[f"c{each}" for each in y] if classes else y)


def _made(kind: str, n: int = 900) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(n, 3))
    noise = {"skewed": rng.exponential(size=n) ** 2, "wider": rng.normal(size=n) * (0.1 + np.abs(x[:, 2]))}[
        kind
    ]
    return pd.DataFrame(x, columns=["a", "b", "c"]).assign(y=x[:, 0] - x[:, 1] ** 2 + noise)


NUMBERS: dict[str, Callable[[], pd.DataFrame]] = {
    "boston": lambda: _of_file("BostonHousing.csv", "medv"),
    "california": lambda: _of_file("cal_housing.csv.gz", "medianHouseValue", 900),
    "cars": lambda: _of_file("cars.csv", "economy (mpg)").drop(columns="name").dropna(),
    "prostate": lambda: _of_file("prostate.csv", "PSA").drop(columns="ID"),
    "diabetes": lambda: _bundled(datasets.load_diabetes),
    "skewed": lambda: _made("skewed"),
    "wider": lambda: _made("wider"),
}
CLASSES: dict[str, Callable[[], pd.DataFrame]] = {
    "cancer": lambda: _bundled(datasets.load_breast_cancer, classes=True),
    "wine": lambda: _bundled(datasets.load_wine, classes=True),
    "digits": lambda: _bundled(datasets.load_digits, classes=True).sample(900, random_state=1),
}


def _parts(frame: pd.DataFrame) -> tuple[h2o.H2OFrame, ...]:
    """40 % to train, 30 % to calibrate, 30 % to look at."""
    shuffled = frame.sample(frac=1, random_state=3)
    cuts = np.split(np.arange(len(frame)), [int(0.4 * len(frame)), int(0.7 * len(frame))])
    types = None if pd.api.types.is_numeric_dtype(frame["y"]) else {"y": "enum"}
    return tuple(h2o.H2OFrame(shuffled.iloc[cut], column_types=types) for cut in cuts)


def _covered(predicted: pd.DataFrame, y: pd.Series) -> float:
    if "lower" in predicted:
        return float(((predicted["lower"] <= y) & (y <= predicted["upper"])).mean())
    return float(np.mean([predicted.loc[i, f"in_{each}"] for i, each in enumerate(y)]))


def _check_coverage(found: float, calibrated: int, tested: int, level: float, data: str) -> None:
    spread = np.sqrt(level * (1 - level) * (1 / calibrated + 1 / tested))
    assert level - 4 * spread < found < level + 2 / calibrated + 4 * spread, data


@pytest.mark.parametrize("data", [*NUMBERS, *CLASSES])
def test_intervals_and_sets_hold_as_many_as_they_say(data: str) -> None:
    train, calibrate, test = _parts((NUMBERS | CLASSES)[data]())
    model = H2ODeepLearningEstimator(**FAST, calibration_frame=calibrate)
    model.train(y="y", training_frame=train)
    truth = test["y"].as_data_frame()["y"]
    for level in (0.8, 0.9):
        predicted = model.predict(test, interval=level).as_data_frame()
        _check_coverage(_covered(predicted, truth), calibrate.nrow, test.nrow, level, data)


@pytest.mark.parametrize("data", ["diabetes", "wine"])
@pytest.mark.parametrize("source", ["folds", "validation"])
def test_without_calibration_frame_folds_or_validation_rows_stand_for_it(data: str, source: str) -> None:
    train, valid, test = _parts((NUMBERS | CLASSES)[data]())
    how: dict[str, Any] = {"nfolds": 5} if source == "folds" else {}
    model = H2ODeepLearningEstimator(**FAST, **how)
    model.train(y="y", training_frame=train, validation_frame=valid if source == "validation" else None)
    told = model._description["intervals"]
    expected = ("cross-validation", train.nrow) if source == "folds" else ("validation frame", valid.nrow)
    assert (told["source"], told["rows"]) == expected
    covered = _covered(model.predict(test, interval=0.9).as_data_frame(), test["y"].as_data_frame()["y"])
    _check_coverage(covered, told["rows"], test.nrow, 0.9, data)


# ---- what is calibrated


@pytest.fixture(scope="module")
def two() -> tuple[h2o.H2OFrame, h2o.H2OFrame, h2o.H2OFrame]:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(900, 3))
    chance = 1 / (1 + np.exp(-x[:, 0] + x[:, 1] ** 2))
    frame = pd.DataFrame(x, columns=["a", "b", "c"]).assign(y=np.where(rng.random(900) < chance, 1, 0))
    frame["w"] = rng.integers(1, 3, 900)
    return _parts(frame.assign(y=frame["y"].astype(str)))  # type: ignore[return-value]


def _logloss(chances: np.ndarray, y: np.ndarray) -> float:
    return float(-np.log(np.clip(np.where(y == 1, chances, 1 - chances), 1e-9, 1)).mean())


@pytest.mark.parametrize("method", ["AUTO", "PlattScaling", "IsotonicRegression", "Temperature"])
def test_columns_of_calibrated_probabilities(method: str, two: Any) -> None:
    train, calibrate, test = two
    model = H2ODeepLearningEstimator(
        hidden=[30, 30],
        epochs=300,
        seed=1,
        calibrate_model=True,
        calibration_frame=calibrate,
        calibration_method=method,  # type: ignore[arg-type]
    )
    model.train(x=["a", "b", "c"], y="y", training_frame=train[:90, :])  # learned by heart, and far too sure
    predicted = model.predict(test).as_data_frame()
    assert list(predicted) == ["predict", "p0", "p1", "cal_p0", "cal_p1"]
    truth = test["y"].as_data_frame()["y"].astype(int).to_numpy()
    assert _logloss(predicted["cal_p1"].to_numpy(), truth) < _logloss(predicted["p1"].to_numpy(), truth)
    told = model._description["calibration"]
    settled = "PlattScaling" if method == "AUTO" else method
    assert (told["method"], told["rows"]) == (settled, calibrate.nrow)
    assert model.actual_params["calibration_method"] == settled
    plain = H2ODeepLearningEstimator(**FAST).train(x=["a", "b", "c"], y="y", training_frame=train)
    assert plain.predict(test).names == ["predict", "p0", "p1"]


def test_several_classes_get_a_temperature() -> None:
    frame = h2o.import_file(str(DATA / "iris_wheader.csv"))
    model = H2ODeepLearningEstimator(**FAST, calibrate_model=True, calibration_frame=frame)
    model.train(y="class", training_frame=frame)
    predicted = model.predict(frame).as_data_frame()
    assert list(predicted)[4:] == [f"cal_{name}" for name in list(predicted)[1:4]]
    np.testing.assert_allclose(predicted.iloc[:, 4:].sum(axis=1), 1, atol=1e-9)
    assert model._description["calibration"]["temperature"] > 0


def test_folds_calibrate_where_there_is_no_calibration_frame(two: Any) -> None:
    train = two[0]
    model = H2ODeepLearningEstimator(
        **FAST, nfolds=3, calibrate_model=True, keep_cross_validation_predictions=True, weights_column="w"
    )
    model.train(x=["a", "b", "c"], y="y", training_frame=train)
    told = model._description["calibration"]
    assert (told["source"], told["rows"]) == ("cross-validation", train.nrow)
    fold = h2o.get_model(model._description["cross_validation_models"][0])
    assert fold.predict(train).names == ["predict", "p0", "p1"]


@pytest.mark.parametrize("interval", [None, 0.7])
def test_saved_models_and_single_rows_say_the_same(interval: float | None, two: Any, tmp_path: Path) -> None:
    train, calibrate, test = two
    model = H2ODeepLearningEstimator(
        **FAST,
        calibrate_model=True,
        calibration_frame=calibrate,
        calibration_method="IsotonicRegression",
        model_id="calibrated",
    )
    model.train(x=["a", "b", "c"], y="y", training_frame=train)
    before = model.predict(test, interval=interval).as_data_frame()
    path = h2o.save_model(model, str(tmp_path))
    h2o.remove(model)
    again = h2o.load_model(path)
    pd.testing.assert_frame_equal(again.predict(test, interval=interval).as_data_frame(), before)
    rows = test[["a", "b", "c"]].as_data_frame().to_dict("records")[:5]
    found = session().models.score_rows(again.key, rows, interval)
    pd.testing.assert_frame_equal(
        pd.DataFrame(found).drop(columns="predict"), before[:5].drop(columns="predict")
    )
    assert h2o.load_model(path).predict(test[:0, :], interval=interval).dim == [0, before.shape[1]]


def test_java_formats_say_that_they_leave_calibrated_probabilities_out(two: Any, tmp_path: Path) -> None:
    train, calibrate, test = two
    model = H2ODeepLearningEstimator(**FAST, calibrate_model=True, calibration_frame=calibrate)
    model.train(x=["a", "b", "c"], y="y", training_frame=train)
    with pytest.warns(RuntimeWarning, match="calibrated probabilities are left out"):
        path = model.download_mojo(str(tmp_path / "model.zip"))
    with pytest.warns(RuntimeWarning, match="calibrated probabilities are left out"):
        assert "cal_p0" not in session().model_files.pojo(model.key)
    mojo = h2o.import_mojo(path)
    assert mojo.predict(test).names == ["predict", "p0", "p1"]
    with pytest.raises(H2OValueError, match=r"interval=0\.9: model .* knows nothing of its errors"):
        mojo.predict(test, interval=0.9)


@pytest.mark.parametrize(
    ("y", "options", "message"),
    [
        (
            "a",
            {"calibrate_model": True, "calibration_frame": "cal"},
            "calibrate_model=True is for classification",
        ),
        (
            "y",
            {"calibrate_model": True},
            "calibrate_model=True needs rows .* give calibration_frame, or nfolds",
        ),
        ("y", {"calibration_frame": "one"}, None),
        ("y", {"calibrate_model": True, "calibration_frame": "one"}, "has rows of 1 of the classes of 'y'"),
        ("y", {"calibration_frame": "without"}, "has no column 'y', the response_column"),
        ("y", {"calibration_frame": "empty"}, "no row can be used"),
        ("y", {"calibration_frame": "cal", "weights_column": "w"}, "has no numeric column 'w'"),
        ("a", {"calibration_frame": "texts"}, "the response 'a' is of type enum there"),
        (None, {"calibration_frame": "cal", "autoencoder": True}, "an autoencoder predicts no response"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_trained(
    y: str | None, options: dict[str, Any], message: str | None
) -> None:
    values = {"a": [1, 2, 3, 4], "b": [1, 3, 2, 5], "y": ["u", "v", "u", "v"], "w": [1, 1, 2, 2]}
    train = h2o.H2OFrame(values, column_types={"y": "enum"})
    frames = {
        "cal": h2o.H2OFrame({name: values[name] for name in "aby"}),
        "one": h2o.H2OFrame({"a": [1, 2], "b": [1, 2], "y": ["u", "u"]}, column_types={"y": "enum"}),
        "without": h2o.H2OFrame({"a": [1, 2], "b": [1, 2]}),
        "empty": h2o.H2OFrame({"a": [1, 2], "b": [1, 2], "y": [None, None]}),
        "texts": h2o.H2OFrame({"a": ["p", "q"], "b": [1, 2]}, column_types={"a": "enum"}),
    }
    given = {**FAST, **options, "calibration_frame": frames.get(options.get("calibration_frame", ""))}
    model = H2ODeepLearningEstimator(**given)
    if message is None:
        model.train(y=y, training_frame=train)
        return
    with pytest.raises((H2OValueError, h2o.exceptions.NotFound), match=message):
        model.train(y=y, training_frame=train)


def test_methods_for_two_classes_are_refused_for_more() -> None:
    frame = h2o.import_file(str(DATA / "iris_wheader.csv"))
    model = H2ODeepLearningEstimator(
        **FAST, nfolds=3, calibrate_model=True, calibration_method="PlattScaling"
    )
    with pytest.raises(H2OValueError, match="calibration_method='PlattScaling' is for two classes"):
        model.train(y="class", training_frame=frame)
    coder = H2OAutoEncoderEstimator(**FAST)
    coder.train(training_frame=frame)
    with pytest.raises(H2OValueError, match="It is an autoencoder"):
        coder.predict(frame, interval=0.5)


def test_segments_are_calibrated_with_their_own_rows() -> None:
    n = np.arange(80)
    frame = h2o.H2OFrame(
        pd.DataFrame({"g": n % 2, "x": n * 7 % 13, "y": n * 7 % 13 + 100.0 * (n % 2)}),
        column_types={"g": "enum"},
    )
    model = H2ODeepLearningEstimator(**FAST, calibration_frame=frame)
    found = model.train_segments(segments=["g"], y="y", training_frame=frame).as_frame().as_data_frame()
    assert [h2o.get_model(key)._description["intervals"]["rows"] for key in found["model"]] == [40, 40]
