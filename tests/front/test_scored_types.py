"""Columns that come as numbers or truth values where training had a factor, wherever a model meets a frame."""

from __future__ import annotations

from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator

N = 120
RNG = np.random.default_rng(3)
DATA = pd.DataFrame({"k": RNG.integers(0, 3, N), "x": RNG.normal(size=N), "b": RNG.integers(0, 2, N)})
DATA["y"] = ((DATA.k == 1) ^ (DATA.b == 1)).astype(int)
FACTORS = ("k", "b", "y")
SETTINGS: dict[str, Any] = {"hidden": [4], "epochs": 3, "seed": 1, "reproducible": True}


@pytest.fixture(autouse=True)
def fresh():
    h2o.init(verbose=False)
    h2o.remove_all()
    yield
    h2o.remove_all()


def factors(data: pd.DataFrame = DATA) -> h2o.H2OFrame:
    frame = h2o.H2OFrame(data)
    for name in FACTORS:
        frame[name] = frame[name].asfactor()
    return frame


def numbers(**columns: object) -> h2o.H2OFrame:
    return h2o.H2OFrame(DATA.assign(**columns))


OTHERS = {
    "whole numbers": numbers,
    "real numbers": lambda: h2o.H2OFrame(DATA.astype(float)),
    "truth values": lambda: numbers(b=DATA.b == 1, y=DATA.y == 1),
    "nullable": lambda: numbers(k=DATA.k.astype("Int64"), b=(DATA.b == 1).astype("boolean")),
    "text": lambda: h2o.H2OFrame(DATA.astype({"k": str}), column_types={"k": "string"}),
}


def cells(frame: h2o.H2OFrame) -> np.ndarray:
    return frame.as_data_frame().to_numpy(float)


@pytest.mark.parametrize("other", OTHERS)
def test_predictions_and_metrics(other: str, tmp_path) -> None:
    frame, changed = factors(), OTHERS[other]()
    model = H2ODeepLearningEstimator(**SETTINGS)
    model.train(["k", "x", "b"], "y", frame, validation_frame=changed)
    assert model.logloss(valid=True) == pytest.approx(model.logloss(train=True), rel=1e-9)
    imported = h2o.import_mojo(model.download_mojo(str(tmp_path)))
    for each in (model, imported):
        np.testing.assert_array_equal(cells(each.predict(changed)), cells(each.predict(frame)))
        assert each.model_performance(changed).auc() == each.model_performance(frame).auc()
    np.testing.assert_array_equal(cells(model.deepfeatures(changed, 0)), cells(model.deepfeatures(frame, 0)))
    metrics = h2o.make_metrics(model.predict(frame)[2], changed["y"], domain=["0", "1"])
    assert metrics.auc() == model.model_performance(frame).auc()


@pytest.mark.parametrize("other", OTHERS)
def test_checkpoints(other: str) -> None:
    first = H2ODeepLearningEstimator(**SETTINGS)
    first.train(["k", "x", "b"], "y", factors())
    again = [H2ODeepLearningEstimator(**{**SETTINGS, "epochs": 5}, checkpoint=first.model_id) for _ in "ab"]
    for model, frame in zip(again, (factors(), OTHERS[other]()), strict=True):
        model.train(["k", "x", "b"], "y", frame)
    assert again[0].logloss() == again[1].logloss()


def test_a_checkpoint_refuses_classes_that_it_does_not_know() -> None:
    first = H2ODeepLearningEstimator(**SETTINGS)
    first.train(["k", "x", "b"], "y", factors())
    again = H2ODeepLearningEstimator(**{**SETTINGS, "epochs": 5}, checkpoint=first.model_id)
    with pytest.raises(h2o.exceptions.H2OValueError, match=r"'y' has levels that .* does not know: '7'"):
        again.train(["k", "x", "b"], "y", numbers(y=DATA.y.replace(1, 7)))


def test_anomalies() -> None:
    frame = factors()
    model = H2OAutoEncoderEstimator(**SETTINGS)
    model.train(["k", "x", "b"], training_frame=frame)
    for other in OTHERS.values():
        np.testing.assert_array_equal(cells(model.anomaly(other())), cells(model.anomaly(frame)))


def test_cross_validated_models() -> None:
    frame = factors()
    model = H2ODeepLearningEstimator(**SETTINGS, nfolds=2)
    model.train(["k", "x", "b"], "y", frame, validation_frame=numbers())
    for each in [model, *model.cross_validation_models()]:
        np.testing.assert_array_equal(cells(each.predict(numbers())), cells(each.predict(frame)))


def test_unseen_numbers_are_warned_about() -> None:
    model = H2ODeepLearningEstimator(**SETTINGS)
    model.train(["k", "x", "b"], "y", factors())
    with pytest.warns(RuntimeWarning, match="'k' has levels that were not in the training data: '8'"):
        found = model.predict(numbers(k=DATA.k + 8 * (DATA.k == 0)))
    missing = numbers(k=DATA.k.astype(float).replace(0, np.nan))
    np.testing.assert_array_equal(cells(found), cells(model.predict(missing)))
    with pytest.warns(RuntimeWarning, match="'y' has classes that were not in the training data: '5'"):
        model.model_performance(numbers(y=DATA.y + 5 * (DATA.k == 0)))


def test_no_rows() -> None:
    model = H2ODeepLearningEstimator(**SETTINGS)
    model.train(["k", "x", "b"], "y", factors())
    assert model.predict(numbers()[:0, :]).nrow == 0
