"""Numbers that have no room in a network: missing and told of once, in whatever is scored or trained."""

from __future__ import annotations

import warnings
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError
from heavywater.deeplearning.model.model import DeepLearningModel, within_range
from heavywater.export.model_file import model_bytes, model_of_bytes
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame

from ...sessions import behind

EXTREME = [1e308, -1e308, np.inf, -np.inf, 1e200, -1e39, float(np.finfo(np.float64).max)]
SETTINGS: dict[str, Any] = {"hidden": [5], "epochs": 1, "seed": 1, "reproducible": True}
X = np.random.default_rng(0).normal(size=80)
COLUMNS = {
    "x": X, "z": X[::-1], "number": X * 2, "two": np.where(X > 0, "a", "b"),
    "three": np.where(X > 0.5, "a", np.where(X > -0.5, "b", "c")), "count": np.round(np.exp(X)),
}  # fmt: skip


@pytest.fixture(scope="module")
def frame():
    h2o.init(verbose=False)
    h2o.no_progress()
    return h2o.H2OFrame({name: list(values) for name, values in COLUMNS.items()})


@pytest.fixture(scope="module")
def models(frame):
    found = {}
    for y, others in (
        ("number", {}), ("number", {"standardize": False}), ("two", {"activation": "Tanh"}), ("three", {"activation": "Maxout"}),
        ("count", {"distribution": "poisson"}), ("number", {"sparse": True}),
    ):  # fmt: skip
        model = H2ODeepLearningEstimator(**SETTINGS, **others)
        model.train(x=["x", "z"], y=y, training_frame=frame)
        found[f"{y} {others}"] = model
    return found


def told(act):
    """What an act gives, and the warnings it gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        return act(), [str(each.message) for each in caught]


def with_cells(**cells):
    columns = {name: np.array(values, object)[:6] for name, values in COLUMNS.items()}
    for name, value in cells.items():
        columns[name][2] = value
    return h2o.H2OFrame({name: list(values) for name, values in columns.items()})


@pytest.mark.parametrize("value", EXTREME)
def test_such_cells_are_scored_like_missing_ones_with_one_warning(models, value):
    extreme, missing = with_cells(x=value, z=-value), with_cells(x=None, z=None)
    for name, model in models.items():
        found, messages = told(lambda: model.predict(extreme))  # noqa: B023
        assert len(messages) == 1 and "'x' (1), 'z' (1)" in messages[0], (name, messages)
        numbers = found.as_data_frame().select_dtypes("number").to_numpy()
        assert np.isfinite(numbers).all()
        assert found.as_data_frame().equals(model.predict(missing).as_data_frame()), name
        found, messages = told(lambda: model.model_performance(extreme).mse())  # noqa: B023
        assert len(messages) == 1 and found == model.model_performance(missing).mse(), (name, messages)


@pytest.mark.parametrize("value", EXTREME[:3])
def test_other_ways_to_score_them(frame, models, value, tmp_path):
    extreme, missing = with_cells(x=value, z=-value), with_cells(x=None, z=None)
    net = H2OAutoEncoderEstimator(**SETTINGS)
    net.train(x=["x", "z"], training_frame=frame)
    mojo = h2o.import_mojo(models["two {'activation': 'Tanh'}"].download_mojo(str(tmp_path)))
    for act in (
        net.anomaly, lambda f: net.anomaly(f, per_feature=True), net.predict, lambda f: net.deepfeatures(f, 0), mojo.predict
    ):  # fmt: skip
        found, messages = told(lambda: act(extreme))  # noqa: B023
        assert len(messages) == 1 and "'x' (1), 'z' (1)" in messages[0]
        assert found.as_data_frame().equals(act(missing).as_data_frame())


@pytest.mark.parametrize("value", EXTREME[:3])
def test_validation_frames_and_responses(frame, value):
    def trained(validation):
        model = H2ODeepLearningEstimator(**SETTINGS)
        model.train(x=["x", "z"], y="number", training_frame=frame, validation_frame=validation)
        return model.mse(valid=True)

    found, messages = told(lambda: trained(with_cells(x=value)))
    assert len(messages) == 1 and "'x' (1)" in messages[0] and found == trained(with_cells(x=None))
    found, messages = told(lambda: trained(with_cells(number=value)))
    assert len(messages) == 1 and "do not count in the metrics" in messages[0]
    assert found == trained(with_cells(number=None))


@pytest.mark.parametrize("column", ["x", "number", "weight", "offset"])
@pytest.mark.parametrize("value", [1e308, np.inf, -1e200, 1e39])
@pytest.mark.parametrize("standardize", [True, False])
def test_training_refuses_what_it_has_no_room_for(column, value, standardize):
    columns = {
        name: np.array(values) for name, values in {**COLUMNS, "weight": np.ones(80), "offset": X}.items()
    }
    columns[column] = columns[column].copy()
    columns[column][2] = value
    data = h2o.H2OFrame({name: list(values) for name, values in columns.items()})
    model = H2ODeepLearningEstimator(
        **SETTINGS, standardize=standardize, weights_column="weight" if column == "weight" else None,
        offset_column="offset" if column == "offset" else None,
    )  # fmt: skip
    if standardize and value == 1e39 and column in ("x", "number"):  # scaled they fit
        _, messages = told(lambda: model.train(x=["x", "z"], y="number", training_frame=data))
        assert messages == [] and np.isfinite(model.predict(data).as_data_frame().to_numpy()).all()
        return
    with pytest.raises(H2OValueError, match=r"infinite values or values beyond|must not be negative"):
        model.train(x=["x", "z"], y="number", training_frame=data)


def test_rows_whose_sums_overflow_are_missing_with_a_warning(models):
    few = Frame(["x", "z"], [numeric(np.where(np.arange(6) == 2, 1e29, X[:6])), numeric(X[:6])])
    for name, model in models.items():
        if "Tanh" in name:
            continue  # nothing overflows behind it
        net = model_of_bytes(model_bytes(behind().store.get(model.model_id, DeepLearningModel)))
        for i in (0, -1):
            net.network.weights[i] = net.network.weights[i] * np.float32(1e15)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found, messages = net.predict(few)
        assert len(messages) == 1 and "rows cannot be scored" in messages[0], name
        for column in found.columns:
            assert column.is_missing()[2] and not np.isinf(column.numbers()).any(), name


def test_what_is_within_range_stays_as_it_is():
    messages: list[str] = []
    numbers = np.array([1.0, np.nan, 3.0])
    assert within_range(numbers, messages, np.array([0, np.nan, 0])) is not numbers and messages == []
    assert within_range(numbers[:1], messages) is not None and messages == []
    found = within_range(np.array([[1.0, np.inf], [1, 2]]), messages)
    assert np.isnan(found[0]).all() and found[1].tolist() == [1, 2] and len(messages) == 1
