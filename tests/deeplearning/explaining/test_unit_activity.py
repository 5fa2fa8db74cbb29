"""How often units are active, and which are dead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.explaining.unit_activity import unit_activity
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ...export import model_cases
from ...sessions import finished


def trained(**parameters: Any) -> tuple[DeepLearningModel, Frame]:
    there, rng = LocalSession(nthreads=1), np.random.default_rng(1)
    x = rng.normal(size=(200, 3)) * (rng.random((200, 3)) < parameters.pop("density", 1))
    frame = Frame(["a", "b", "c", "y"], [*map(numeric, x.T), numeric(x.sum(axis=1))])
    there.store.put_frame(frame, "data")
    given = {**model_cases.SMALL, "hidden": [5, 4], **parameters}
    y = None if parameters.get("autoencoder") else "y"
    started = there.training.train("deeplearning", given, x=["a", "b", "c"], y=y, training_frame_key="data")
    return there.store.get(finished(there, started), DeepLearningModel), frame


def with_bias(model: DeepLearningModel, layer: int, unit: int, value: float) -> None:
    model.network.biases[layer][:, unit] = value


@pytest.mark.parametrize(
    "further", [{}, {"density": 0.05, "sparse": True}, {"autoencoder": True}, {"activation": "RectifierWithDropout"}], ids=str
)  # fmt: skip
def test_shares_are_those_of_the_deep_features(further):
    model, frame = trained(**further)
    with_bias(model, 0, 2, -1000)
    found, warnings = unit_activity(model, frame)
    assert warnings == []
    assert found["rows"] == 200
    assert [each["type"] for each in found["layers"]] == ["Rectifier"] * 2
    for number, layer in enumerate(found["layers"]):
        features = model.deep_features(frame, number)[0]
        assert layer["active"] == [(column.numbers() > 0).mean() for column in features.columns]
    assert found["layers"][0]["active"][2] == 0
    assert found["layers"][0]["dead"][2]
    assert not all(found["layers"][0]["dead"])


def test_units_of_other_kinds():
    model, frame = trained(activation="Tanh")
    with_bias(model, 0, 1, 1000)
    layer = unit_activity(model, frame)[0]["layers"][0]
    assert (layer["active"][1], layer["dead"]) == (0, [False, True, False, False, False])
    model, frame = trained(activation="Maxout")
    model.network.weights[0][:, 3] = 0
    layer = unit_activity(model, frame)[0]["layers"][0]
    assert layer["active"] == [None] * 5
    assert layer["dead"] == [False, False, False, True, False]


def test_of_many_rows_some_are_taken_and_no_row_is_an_error():
    model, frame = trained()
    assert unit_activity(model, frame, 50)[0]["rows"] == 50
    with pytest.raises(InvalidArgument, match="no rows"):
        unit_activity(model, frame.take(np.arange(0)))
    with pytest.raises(InvalidArgument, match="most_rows=0"):
        unit_activity(model, frame, 0)
    without = frame.select([1, 2])
    assert "'a'" in unit_activity(model, without)[1][0]
