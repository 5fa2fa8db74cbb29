"""Every reference case of the real H2O 3.46, number by number.

Where H2O's number is wrong we compute the sane one. `EXCEPTIONS` lists all of these places with the reason;
the tests at the end pin down what we give instead.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.metrics import (
    autoencoder_metrics,
    binomial_metrics,
    multinomial_metrics,
    regression_metrics,
)

from ...cases import metrics as metrics_cases
from ...cases.metrics import Case

TRUNCATED = "H2O cuts the sums of real weights to whole numbers in this table; ours keep their decimals"
WHOLE_GROUPS = "H2O adds up real weights cut to whole numbers: empty groups and mean scores above 1"
UNWEIGHTED_FIRST = "H2O counts a first hit as 1, later ones by weight: ratios that do not reach 1"
PLAIN_MSE = "H2O forgets the delta of huber when there are weights and reports the plain MSE"

EXCEPTIONS = {
    ("b05_real_weights", "thresholds_and_metric_scores"): TRUNCATED,
    ("p_binomial_weights", "thresholds_and_metric_scores"): TRUNCATED,
    ("b05_real_weights", "gains_lift_table"): WHOLE_GROUPS,
    ("p_binomial_weights", "gains_lift_table"): WHOLE_GROUPS,
    ("m03_7class_weights", "hit_ratio_table"): UNWEIGHTED_FIRST,
    ("p_multinomial_weights", "hit_ratio_table"): UNWEIGHTED_FIRST,
    ("p_huber_0.9_weights", "mean_residual_deviance"): PLAIN_MSE,
}
# Not part of Deep Learning metrics, NaN in every case; "predictions" is a REST handle.
NOT_REPORTED = {"predictions", "loglikelihood", "AIC"}
# H2O adds up 32-bit numbers in some places: the totals row of a weighted confusion matrix, hit ratios.
CLASSIFICATION_TOLERANCE = 1e-7
# H2O rounds the actual values of a regression to 32 bits before it computes errors.
REGRESSION_TOLERANCE = 1e-6


def compute(case: Case) -> dict[str, Any]:
    kind, options = case.info["kind"], case.parameters
    if kind == "binomial":
        return binomial_metrics(case.codes(), case.numbers("p1"), case.weights, case.info["domain"])
    if kind == "multinomial":
        auc_type = case.info.get("auc_type") or options.get("auc_type") or "AUTO"
        return multinomial_metrics(
            case.codes(), case.probabilities(), case.weights, case.info["domain"], auc_type
        )
    if kind == "autoencoder":
        return autoencoder_metrics(case.numbers("Reconstruction.MSE"))
    names = ("tweedie_power", "quantile_alpha", "huber_alpha")
    return regression_metrics(
        case.numbers("actual"),
        case.numbers("predict"),
        case.weights,
        case.info["distribution"],
        **{name: options[name] for name in names if name in options},
    )


def differences(ours: Any, theirs: Any, tolerance: float, path: str = "") -> list[str]:
    """Paths at which two nested results differ."""
    if isinstance(theirs, dict):
        if not isinstance(ours, dict):
            return [f"{path}: {ours!r} is not a dictionary"]
        missing = [f"{path}.{key}: missing" for key in theirs if key not in ours]
        shared = [key for key in theirs if key in ours]
        return missing + [
            found
            for key in shared
            for found in differences(ours[key], theirs[key], tolerance, f"{path}.{key}")
        ]
    if isinstance(theirs, list):
        if not isinstance(ours, list) or len(ours) != len(theirs):
            return [f"{path}: another length"]
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [d for k, (a, b) in pairs for d in differences(a, b, tolerance, f"{path}[{k}]")]
    if isinstance(theirs, float) and isinstance(ours, int | float):
        same = (math.isnan(ours) and math.isnan(theirs)) or math.isclose(
            ours, theirs, rel_tol=tolerance, abs_tol=1e-12
        )
    else:
        same = ours == theirs
    return [] if same else [f"{path}: ours {ours!r}, H2O {theirs!r}"]


def check(name: str, tolerance: float) -> None:
    case = metrics_cases.load(name)
    skipped = NOT_REPORTED | {field for exception, field in EXCEPTIONS if exception == name}
    expected = {field: value for field, value in case.expected.items() if field not in skipped}
    assert len(expected) >= 3
    assert differences(compute(case), expected, tolerance) == []


@pytest.mark.parametrize("name", metrics_cases.names("binomial"))
def test_binomial(name: str) -> None:
    check(name, CLASSIFICATION_TOLERANCE)


@pytest.mark.parametrize("name", metrics_cases.names("multinomial"))
def test_multinomial(name: str) -> None:
    check(name, CLASSIFICATION_TOLERANCE)


@pytest.mark.parametrize("name", metrics_cases.names("regression"))
def test_regression(name: str) -> None:
    check(name, REGRESSION_TOLERANCE)


@pytest.mark.parametrize("name", metrics_cases.names("autoencoder"))
def test_autoencoder(name: str) -> None:
    check(name, 1e-12)


def test_exceptions_name_existing_fields_that_do_differ() -> None:
    for name, field in EXCEPTIONS:
        case = metrics_cases.load(name)
        assert differences(compute(case)[field], case.expected[field], CLASSIFICATION_TOLERANCE)


@pytest.mark.parametrize("name", [n for n, field in EXCEPTIONS if field == "thresholds_and_metric_scores"])
def test_thresholds_table_with_real_weights_is_that_of_h2o_before_truncation(name: str) -> None:
    case = metrics_cases.load(name)
    field = "thresholds_and_metric_scores"
    table, theirs = compute(case)[field], case.expected[field]
    assert table["columns"] == theirs["columns"]
    ours = np.array(table["rows"])
    counts = [theirs["columns"].index(count) for count in ("tns", "fns", "fps", "tps")]
    # 1e-9: H2O's own sum may be just above the whole number that ours is just below of
    ours[:, counts] = np.trunc(ours[:, counts] + 1e-9)
    np.testing.assert_allclose(ours, np.array(theirs["rows"]), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", [n for n, field in EXCEPTIONS if field == "gains_lift_table"])
def test_gains_lift_with_real_weights_is_made_of_weighted_sums(name: str) -> None:
    case = metrics_cases.load(name)
    rows = compute(case)["gains_lift_table"]["rows"]
    p, y, w = case.numbers("p1"), case.codes(), case.weights
    assert w is not None
    overall, above = np.average(y, weights=w), np.inf
    for _, fraction, lower, lift, _, rate, mean, _, cumulative_mean, capture, *_ in rows:
        group, so_far = (p >= lower) & (p < above), p >= lower
        assert fraction == pytest.approx(w[so_far].sum() / w.sum())
        assert rate == pytest.approx(np.average(y[group], weights=w[group]))
        assert lift == pytest.approx(rate / overall)
        assert mean == pytest.approx(np.average(p[group], weights=w[group]))
        assert cumulative_mean == pytest.approx(np.average(p[so_far], weights=w[so_far]))
        assert capture == pytest.approx((w * y)[group].sum() / (w * y).sum())
        above = lower
    assert len(rows) == 16
    assert rows[-1][1] == pytest.approx(1)


@pytest.mark.parametrize("name", [n for n, field in EXCEPTIONS if field == "hit_ratio_table"])
def test_weighted_hit_ratios_reach_one_and_grow_as_those_of_h2o(name: str) -> None:
    case = metrics_cases.load(name)
    ours = [row[1] for row in compute(case)["hit_ratio_table"]["rows"]]
    theirs = [row[1] for row in case.expected["hit_ratio_table"]["rows"]]
    weights = case.weights
    assert weights is not None
    right = case.probabilities().argmax(axis=1) == case.codes()
    assert ours[0] == pytest.approx(weights[right].sum() / weights.sum(), rel=1e-6)
    assert ours[-1] == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(np.diff(ours), np.diff(theirs), atol=1e-6)
    assert theirs[0] == pytest.approx((right & (weights > 0)).sum() / weights.sum(), rel=1e-6)


def test_weighted_huber_deviance_keeps_its_delta() -> None:
    case = metrics_cases.load("p_huber_0.9_weights")
    y, f, w = case.numbers("actual"), case.numbers("predict"), case.weights
    assert w is not None
    assert case.expected["mean_residual_deviance"] == pytest.approx(np.average((y - f) ** 2, weights=w))
    error = np.abs(y - f)
    order = np.argsort(error)
    reached = np.cumsum(w[order]) >= 0.9 * w.sum()
    delta = error[order][reached][0]
    loss = np.where(error <= delta, error**2, (2 * error - delta) * delta)
    assert compute(case)["mean_residual_deviance"] == pytest.approx(np.average(loss, weights=w))


@pytest.mark.parametrize("name", metrics_cases.refused("regression"))
def test_distributions_that_make_metrics_refuses_work(name: str) -> None:
    case = metrics_cases.load(name)
    got = regression_metrics(case.numbers("actual"), case.numbers("predict"), None, case.info["distribution"])
    assert got["nobs"] == 400
    assert 0 < got["mean_residual_deviance"] < math.inf
    assert got["mean_residual_deviance"] != got["MSE"]


@pytest.mark.parametrize("name", metrics_cases.refused("multinomial"))
def test_missing_answers_that_make_metrics_refuses_are_left_out(name: str) -> None:
    case = metrics_cases.load(name)
    codes, probabilities = case.codes(), case.probabilities()
    known = codes >= 0
    assert 0 < known.sum() < known.size
    left_out = multinomial_metrics(codes[known], probabilities[known], domain=case.info["domain"])
    assert differences(compute(case), left_out, 1e-12) == []
    assert left_out["nobs"] == known.sum()
