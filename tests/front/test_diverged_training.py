"""A training that ends no better than the commonest class or the mean, because its units stand still, says so; others do not."""

from __future__ import annotations

import warnings

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.estimators.deeplearning import H2ODeepLearningEstimator

FAST = {"adaptive_rate": False, "max_w2": 15, "hidden": [16, 16], "epochs": 3, "seed": 1}


def table(kind, rows=600, columns=8, noise=False):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(rows, columns))
    signal = rng.normal(size=rows) if noise else x @ rng.normal(size=columns)
    data = pd.DataFrame(x, columns=[f"x{i}" for i in range(columns)])
    data["w"] = rng.uniform(0.5, 2, rows)
    if kind == "number":
        data["y"] = signal
    else:
        cuts = [0] if kind == "two" else [-2, -0.5, 0.5, 2]
        data["y"] = [f"c{v}" for v in np.digitize(signal, cuts)]
    return h2o.H2OFrame(data)


def told(frame, **parameters):
    """Warnings of divergence of a training."""
    model = H2ODeepLearningEstimator(**parameters)
    x = [name for name in frame.names if name not in ("y", "w")]
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        model.train(x=x, y="y", training_frame=frame)
    return [text for each in found if "training diverged" in (text := str(each.message))]


@pytest.mark.parametrize(
    ("kind", "activation", "rate"),
    [
        ("two", "Rectifier", 5),
        ("several", "RectifierWithDropout", 5),
        ("number", "Rectifier", 0.5),
        ("two", "Tanh", 5),
        ("number", "Tanh", 0.5),
        ("several", "Maxout", 5),
        ("two", "ExpRectifier", 5),
    ],
)
def test_units_that_stand_still_are_told(kind, activation, rate):
    (text,) = told(table(kind), activation=activation, rate=rate, momentum_stable=0.9, **FAST)
    constant = "a constant" if kind == "number" else "the commonest class"
    assert f"no better than {constant} for every row" in text
    assert (
        f"a rate far below {rate:g}" in text and "momentum_stable below 0.9" in text and "activation" in text
    )


def test_mini_batches_weights_and_members_are_looked_at_alike():
    settings = FAST | {"activation": "Rectifier", "rate": 20, "epochs": 20}
    assert told(table("two"), mini_batch_size=8, **settings)
    assert told(table("two"), weights_column="w", **settings)
    assert told(table("two"), ensemble_size=2, mini_batch_size=8, **settings)


@pytest.mark.parametrize("kind", ["two", "several", "number"])
@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"activation": "TanhWithDropout", "l2": 0.01},
        {"l1": 0.01},
        {"optimizer": "Adam", "mini_batch_size": 32, "rate": 1e-3},
        {"hidden": [4]},
    ],
)
def test_noise_is_no_divergence(kind, parameters):
    assert told(table(kind, noise=True), **{"hidden": [16, 16], "epochs": 3, "seed": 1} | parameters) == []


@pytest.mark.parametrize("kind", ["two", "several", "number"])
def test_what_was_learned_is_no_divergence(kind):
    assert told(table(kind), rate=0.005, **FAST) == []


def test_equal_rows_are_no_divergence():
    data = pd.DataFrame({"x": [0.0] * 590 + [1.0] * 10, "y": ["a", "b"] * 300})
    assert told(h2o.H2OFrame(data), hidden=[8], epochs=2, seed=1) == []


def test_two_rows_are_no_divergence():
    data = pd.DataFrame({"x": [1.0, 2.0], "y": [1.0, 2.0]})
    assert told(h2o.H2OFrame(data), hidden=[4], epochs=2, seed=1) == []
    assert told(h2o.H2OFrame(data), hidden=[4], epochs=0, seed=1) == []
