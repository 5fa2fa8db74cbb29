"""What a model is given, with what training has seen of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.model.model_inputs import inputs_of
from heavywater.frame.columns.makers import enum, numeric, times
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ...export import model_cases
from ...sessions import finished


def trained(**parameters: Any) -> DeepLearningModel:
    there, n, rng = LocalSession(nthreads=1), np.arange(40), np.random.default_rng(1)
    columns = {
        "count": numeric(n % 7),
        "real": numeric(np.where(n == 3, np.nan, rng.normal(size=40))),
        "when": times(n * 1000),
        "color": enum(np.where(n % 3, 1, 0), ["blue", "red", "never"]),
        "offset": numeric(rng.normal(size=40)),
        "y": numeric(rng.normal(size=40)),
    }
    there.store.put_frame(Frame(list(columns), list(columns.values())), "data")
    given = {**model_cases.SMALL, "offset_column": "offset", **parameters}
    started = there.training.train("deeplearning", given, x=None, y="y", training_frame_key="data")
    return there.store.get(finished(there, started), DeepLearningModel)


def by_name(model: DeepLearningModel, most_levels: int | None = None) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in inputs_of(model, most_levels)}


def test_numbers_have_range_and_mean_factors_their_levels():
    model = trained()
    found = by_name(model, most_levels=2)
    assert list(found) == ["count", "real", "when", "color", "offset"]
    assert (found["count"]["kind"], found["count"]["low"], found["count"]["high"]) == ("int", 0, 6)
    assert (found["when"]["kind"], found["when"]["low"], found["when"]["high"]) == ("time", 0, 39000)
    assert found["real"]["low"] < found["real"]["mean"] < found["real"]["high"]
    assert found["color"]["levels"] == ["blue", "red"]
    assert (found["color"]["cardinality"], found["color"]["common"]) == (3, "red")
    assert (found["offset"]["role"], found["offset"]["mean"]) == ("offset", 0)
    importances = [each["importance"] for each in found.values() if each["role"] == "input"]
    assert max(importances) == 1 and min(importances) >= 0


def test_without_a_range_the_deviation_says_what_is_usual():
    model = trained()
    known = by_name(model)["real"]
    model.spec.ranges = {}
    model.varimp = None
    found = by_name(model)["real"]
    deviation = 1 / model.spec.encoder.scaling["real"].mul
    assert found["high"] - found["low"] == pytest.approx(6 * deviation)
    assert (found["mean"], found["importance"]) == (known["mean"], None)


def test_where_nothing_is_known_there_is_no_range():
    model = trained(standardize=False, categorical_encoding="binary")
    model.spec.ranges = {}
    found = by_name(model)
    assert (found["real"]["low"], found["real"]["high"]) == (None, None)
    assert found["color"]["levels"] == ["blue", "red", "never"]
    assert found["color"]["importance"] is None
