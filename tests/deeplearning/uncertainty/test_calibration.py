"""Calibration of probabilities by numbers, beside scikit-learn and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.deeplearning.uncertainty.calibration import (
    ISOTONIC,
    PLATT,
    TEMPERATURE,
    Calibration,
    isotonic,
    logloss,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit, softmax
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression


def two_classes(n: int = 600, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are too sure, and the classes."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    p = expit(3 * z + 0.5)
    return np.stack([1 - p, p], axis=1), (rng.random(n) < expit(z)).astype(int)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 0.1, 0.25, 0.5, 0.9, 1]), st.booleans(), st.integers(1, 5)), min_size=1
    )
)
def test_isotonic_regression_is_scikit_learns(rows: list) -> None:
    x, y, w = (np.array(each, float) for each in zip(*rows, strict=True))
    reference = IsotonicRegression(out_of_bounds="clip").fit(x, y, w)
    grid = np.linspace(0, 1, 41)
    np.testing.assert_allclose(np.interp(grid, *isotonic(x, y, w)), reference.predict(grid), atol=1e-12)


def test_platt_scaling_is_a_logistic_regression_on_the_odds() -> None:
    chances, actual = two_classes()
    found = Calibration.learned(PLATT, chances, actual, None, "")
    # As many rows of each class as Platt's targets say, with weights.
    ones, zeros = actual.sum(), (actual == 0).sum()
    target = np.where(actual == 1, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    reference = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000)
    twice = np.repeat(logit(chances[:, 1:]), 2, axis=0)
    weights = np.stack([target, 1 - target], axis=1).ravel()
    reference.fit(twice, np.tile([1, 0], len(actual)), weights)
    assert found.slope == pytest.approx(reference.coef_[0, 0], rel=1e-5)
    assert found.intercept == pytest.approx(reference.intercept_[0], rel=1e-4)
    assert found.slope == pytest.approx(1 / 3, rel=0.3)


@pytest.mark.parametrize("classes", [2, 4])
def test_the_temperature_has_the_smallest_logloss(classes: int) -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=(500, classes))
    actual = np.array([rng.choice(classes, p=softmax(each)) for each in z])
    chances = softmax(2.5 * z, axis=1)
    found = Calibration.learned(TEMPERATURE, chances, actual, None, "")
    best = minimize_scalar(
        lambda s: logloss(softmax(s * np.log(chances), axis=1), actual, np.ones(500)), bounds=(0.01, 10)
    )
    assert found.slope == pytest.approx(best.x, rel=1e-4)
    assert found.described()["temperature"] == pytest.approx(2.5, rel=0.3)


@pytest.mark.parametrize("method", [PLATT, ISOTONIC, TEMPERATURE])
def test_every_method_improves_what_is_too_sure_and_keeps_the_order(method: str) -> None:
    chances, actual = two_classes()
    found = Calibration.learned(method, chances, actual, None, "")
    assert found.logloss_after < found.logloss_before - 0.05
    fresh, truth = two_classes(2000, seed=5)
    calibrated = found.of(fresh)
    np.testing.assert_allclose(calibrated.sum(axis=1), 1, atol=1e-12)
    assert logloss(np.clip(calibrated, 1e-3, 1), truth, np.ones(2000)) < logloss(fresh, truth, np.ones(2000))
    order = np.argsort(fresh[:, 1])
    assert (np.diff(calibrated[order, 1]) >= -1e-15).all()


@pytest.mark.parametrize("method", [PLATT, ISOTONIC, TEMPERATURE])
def test_weights_count_as_repetitions_and_not_by_their_size(method: str) -> None:
    chances, actual = two_classes(200)
    weights = np.random.default_rng(2).integers(1, 4, 200).astype(float)
    weighted, scaled = (Calibration.learned(method, chances, actual, weights * f, "") for f in (1, 1e-6))
    n = weights.astype(int)
    repeated = Calibration.learned(method, np.repeat(chances, n, axis=0), np.repeat(actual, n), None, "")
    # Platt's targets know the number of rows, so that they differ by a little.
    close = 0.02 if method == PLATT else 1e-9
    np.testing.assert_allclose(weighted.of(chances), repeated.of(chances), atol=close)
    np.testing.assert_allclose(weighted.of(chances), scaled.of(chances), atol=1e-9)


@pytest.mark.parametrize("method", [PLATT, ISOTONIC, TEMPERATURE])
def test_extreme_probabilities_stay_probabilities(method: str) -> None:
    p = np.array([0.0, 1.0, 0.0, 1.0, 0.5, 1e-300])
    chances = np.stack([1 - p, p], axis=1)
    for actual in ([0, 1, 0, 1, 1, 0], [1, 0, 1, 0, 0, 1], [0, 1, 1, 0, 0, 1]):
        found = Calibration.learned(method, chances, np.array(actual), None, "").of(chances)
        assert ((found >= 0) & (found <= 1)).all()
    missing = np.full((1, 2), np.nan)
    assert np.isnan(Calibration.learned(method, chances, np.array(actual), None, "").of(missing)).all()


def test_a_model_that_is_wrong_is_not_turned_round() -> None:
    chances, actual = two_classes()
    found = Calibration.learned(PLATT, chances, 1 - actual, None, "")
    assert found.slope == 0
    np.testing.assert_allclose(found.of(chances)[:, 1], (1 - actual).mean(), atol=0.01)
