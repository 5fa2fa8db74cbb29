"""Models that diverge: an error that helps, the last good weights kept, and never a NaN in silence."""

from __future__ import annotations

import re
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.exceptions import H2OValueError
from heavywater.errors import UnstableModel

from .training_helpers import array, boston, fit, iris

# fmt: off
EXPLODING: dict[str, dict[str, Any]] = {
    "rectifier": {"adaptive_rate": False, "rate": 1e6},
    "tanh": {"adaptive_rate": False, "rate": 1e6, "activation": "Tanh"},
    "batches": {"adaptive_rate": False, "rate": 1e6, "mini_batch_size": 32},
    "hogwild": {"adaptive_rate": False, "rate": 1e6, "reproducible": False},
    "slowly": {"hidden": [], "adaptive_rate": False, "rate": 0.06, "rate_annealing": 0, "epochs": 500,
               "stopping_rounds": 0, "train_samples_per_iteration": 50},
    "exponential": {"adaptive_rate": False, "rate": 1.0, "distribution": "poisson"},
}
# fmt: on


@pytest.mark.parametrize("name", EXPLODING)
def test_a_diverging_model(name: str) -> None:
    frame = boston()
    with pytest.raises(UnstableModel) as caught:
        fit(frame, "medv", model_id=f"unstable_{name}", **EXPLODING[name])
    text = str(caught.value)
    assert re.search(r"layer [1-3] of [13] has .* in iteration \d+ \(after \d+ samples\)", text)
    assert re.search(r"Remedies: \(1\) .*; \(2\) .*; \(3\) ", text)
    assert f"kept in model 'unstable_{name}'" in text
    model = h2o.get_model(f"unstable_{name}")
    assert np.isfinite(array(model.predict(frame))).all()
    assert np.isfinite(array(model.weights(0))).all()
    assert np.isfinite(model.mse()) and "unstable" in model._model_json["output"]["stopped_because"]


def test_the_best_weights_outlive_a_slow_divergence() -> None:
    """Not the ones just before the end, which are large already."""
    frame = boston()
    with pytest.raises(UnstableModel):
        fit(frame, "medv", model_id="slow", **EXPLODING["slowly"])
    model = h2o.get_model("slow")
    history = model.scoring_history()
    assert history.iterations.max() > 2
    assert model.mse() == pytest.approx(history.training_deviance.min(), rel=1e-6)
    assert model.mse() < history.training_deviance.max()


def test_a_diverging_classifier() -> None:
    with pytest.raises(UnstableModel):
        fit(iris(), "class", model_id="unstable_iris", adaptive_rate=False, rate=1e6)
    found = h2o.get_model("unstable_iris").predict(iris())[1:]
    np.testing.assert_allclose(array(found).sum(axis=1), 1, atol=1e-5)


def test_remedies_are_not_what_was_done_already() -> None:
    """ADADELTA, Tanh and max_w2 are not advised to who uses them."""
    frame = boston()
    frame["medv"] = frame["medv"] * 1e30
    with pytest.raises(UnstableModel) as caught:
        fit(frame, "medv", activation="Tanh", max_w2=10, standardize=False)
    remedies = str(caught.value).partition("Remedies")[2]
    assert "standardize=True" in remedies
    assert not any(word in remedies for word in ("adaptive_rate", "'Tanh'", "max_w2"))


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize(
    "distribution", ["gaussian", "laplace", "huber", "quantile", "poisson", "gamma", "tweedie"]
)
def test_a_huge_response_is_fitted_or_refused(distribution: str, standardize: bool) -> None:
    frame = boston()
    frame["medv"] = frame["medv"] * 1e30
    try:
        model: Any = fit(frame, "medv", distribution=distribution, standardize=standardize, model_id="huge")
    except UnstableModel:
        model = h2o.get_model("huge")
    else:
        assert np.isfinite(model.rmse())
    if standardize and distribution in ("gaussian", "laplace", "huber", "quantile"):
        assert model.rmse() < array(frame["medv"]).std()
    assert np.isfinite(array(model.predict(frame))).all()


def test_huge_predictors() -> None:
    frame = boston()
    frame["crim"] = frame["crim"] * 1e30
    assert fit(frame, "medv").rmse() < 7  # standardised, they are like any others
    with pytest.raises(H2OValueError, match=r"x='crim'.*standardize=True"):
        fit(frame, "medv", standardize=False)
    frame["crim"] = frame["crim"] * 1e-3
    with pytest.raises(UnstableModel, match="standardize=True"):
        fit(frame, "medv", standardize=False)
