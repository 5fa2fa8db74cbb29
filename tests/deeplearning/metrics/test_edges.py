"""Edge cases, refusals, tables and the numbers of the scoring history."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.metrics import (
    autoencoder_metrics,
    binomial_metrics,
    history_numbers,
    multinomial_metrics,
    regression_metrics,
    score,
)
from heavywater.deeplearning.metrics.distributions import deviance, link, link_inverse
from heavywater.deeplearning.metrics.weighted import quantiles
from heavywater.errors import InvalidArgument

NAN = math.nan
THREE = ["a", "b", "c"]
SIX = np.array(
    [[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4], [1.0, 0.0, 0.0]]
)


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: binomial_metrics([0, 1], [0.5]), "p1 has 1 rows but actual_codes has 2"),
    (lambda: binomial_metrics([[0, 1]], [0.5]), r"actual_codes has shape \(1, 2\)"),
    (lambda: binomial_metrics([0, 1], [[0.5, 0.5]]), r"p1 has shape \(1, 2\)"),
    (lambda: binomial_metrics([0, 2], [0.5, 0.5]), "contains code 2"),
    (lambda: binomial_metrics([0, -2], [0.5, 0.5]), "contains code -2"),
    (lambda: binomial_metrics([0, 0.5], [0.5, 0.5]), "contains 0.5"),
    (lambda: binomial_metrics([0, 1], [0.5, 1.5]), "p1 contains 1.5"),
    (lambda: binomial_metrics([0, 1], [-0.5, 0.5]), "p1 contains -0.5"),
    (lambda: binomial_metrics([0, 1], [0.5, 0.5], [1.0]), "weights has 1 rows"),
    (lambda: binomial_metrics([0, 1], [0.5, 0.5], [1.0, -2.0]), "weights contains -2.0"),
    (lambda: binomial_metrics([0, 1], [0.5, 0.5], [1.0, math.inf]), "weights contains inf"),
    (lambda: binomial_metrics([0, 1], [0.5, 0.5], domain=THREE), "domain has 3 levels"),
    (lambda: binomial_metrics([0, 1], [0.5, 0.5], gainslift_bins=-2), "gainslift_bins is -2"),
    (lambda: multinomial_metrics([0], SIX, domain=THREE), "probabilities has 6 rows"),
    (lambda: multinomial_metrics([0] * 6, SIX, domain=["a", "b"]), r"probabilities has shape \(6, 3\)"),
    (lambda: multinomial_metrics([0] * 6, SIX[:, 0], domain=THREE), r"probabilities has shape \(6,\)"),
    (lambda: multinomial_metrics([3] * 6, SIX, domain=THREE), "contains code 3"),
    (lambda: multinomial_metrics([0] * 6, 2 * SIX, domain=THREE), "probabilities contains 2.0"),
    (lambda: multinomial_metrics([0] * 6, SIX, domain=THREE, auc_type="MEAN"), "auc_type is 'MEAN'"),
    (lambda: regression_metrics([1, 2], [1]), "predicted has 1 rows"),
    (lambda: regression_metrics([1, 2], [1, 2], [[1, 2]]), "weights has shape"),
    (lambda: regression_metrics([1], [1], distribution="bernoulli"), "distribution is 'bernoulli'"),
    (lambda: regression_metrics([1], [1], distribution="tweedie", tweedie_power=2), "tweedie_power is 2"),
    (lambda: regression_metrics([1], [1], distribution="quantile", quantile_alpha=2), "quantile_alpha is 2"),
    (lambda: regression_metrics([1], [1], distribution="huber", huber_alpha=-1), "huber_alpha is -1"),
    (lambda: autoencoder_metrics([[1.0]]), "row_mse has shape"),
    (lambda: score("Clustering", [1], [1]), "model_category is 'Clustering'"),
    (lambda: score("Regression", None, [1]), "actual is None"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.parametrize("missing", [NAN, -1])
def test_rows_that_do_not_count_change_nothing(missing: float) -> None:
    codes, p = np.array([0, 1, 1, 0, 1.0]), np.array([0.1, 0.8, 0.4, 0.5, 0.9])
    plain = binomial_metrics(codes, p)
    more_codes, more_p = np.r_[codes, 1, missing], np.r_[p, NAN, 0.8]
    assert {k: v for k, v in binomial_metrics(more_codes, more_p).items() if k != "gains_lift_table"} == {
        k: v for k, v in plain.items() if k != "gains_lift_table"
    }
    weighted = binomial_metrics(np.r_[codes, 1, 1], np.r_[p, 0.3, 0.2], [1, 1, 1, 1, 1, 0, NAN])
    assert weighted == plain


def test_missing_classes_only_move_the_bounds_of_the_gains_groups() -> None:
    codes, p = np.array([0, 1, NAN, 1, 0]), np.array([0.1, 0.9, 0.95, 0.6, 0.3])
    rows = binomial_metrics(codes, p, gainslift_bins=5)["gains_lift_table"]["rows"]
    assert [row[2] for row in rows] == pytest.approx([0.91, 0.72, 0.48, 0.26, 0.1])
    assert rows[0][1] == 0
    assert [row[1] for row in rows] == [0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize("tables", [True, False])
def test_no_rows_give_nan_and_no_tables(tables: bool) -> None:
    none = np.array([])
    results = [
        binomial_metrics(none, none, tables=tables),
        binomial_metrics([NAN], [0.3], tables=tables),
        binomial_metrics([1], [0.3], [0.0], tables=tables),
        multinomial_metrics(none, np.empty((0, 3)), domain=THREE, auc_type="MACRO_OVR", tables=tables),
        regression_metrics(none, none, distribution="huber"),
        autoencoder_metrics([NAN]),
    ]
    for result in results:
        rest = {k: v for k, v in result.items() if k not in ("nobs", "domain", "model_category")}
        assert result["nobs"] == 0
        assert all(value is None or math.isnan(value) for value in rest.values()), rest


def test_gainslift_bins() -> None:
    codes, p = [0, 1, 1, 0, 1, 0, 0, 1], np.linspace(0.1, 0.9, 8)
    assert binomial_metrics(codes, p, gainslift_bins=0)["gains_lift_table"] is None
    assert math.isnan(binomial_metrics(codes, p, gainslift_bins=0)["lift"])
    four = binomial_metrics(codes, p, gainslift_bins=4)["gains_lift_table"]["rows"]
    assert [row[1] for row in four] == [0.25, 0.5, 0.75, 1.0]
    assert [row[5] for row in four] == [0.5, 0.5, 0.5, 0.5]


def test_inverted_predictions_have_a_positive_kolmogorov_smirnov() -> None:
    got = binomial_metrics([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9])
    assert got["kolmogorov_smirnov"] == pytest.approx(1)


def test_confusion_rates_have_thousands_separators_and_decimals_for_real_weights() -> None:
    codes, p = np.repeat([0, 1], 1500), np.r_[np.full(1400, 0.1), np.full(1600, 0.9)]
    whole = binomial_metrics(codes, p, domain=("no", "yes"))["cm"]["table"]
    assert whole["columns"] == ["no", "yes", "Error", "Rate"]
    assert whole["types"] == ["long", "long", "double", "string"]
    assert whole["rows"][0] == [1400, 100, 100 / 1500, "100 / 1,500"]
    assert whole["rows"][2] == [1400, 1600, 100 / 3000, "100 / 3,000"]
    real = binomial_metrics(codes, p, np.full(3000, 0.5))["cm"]["table"]
    assert real["types"][0] == "double"
    assert [row[3] for row in real["rows"]] == ["50.0000 / 750.0000", "0.0000 / 750.0000", "50.00 / 1,500.00"]


def test_negative_zero_and_single_precision_ties_in_many_rows() -> None:
    rows = 600_000
    p = np.tile([-0.0, 0.0, 0.5, 1.0], rows // 4)
    codes = np.tile([0, 0, 1, 1], rows // 4)
    got = binomial_metrics(codes, p)
    assert [row[0] for row in got["thresholds_and_metric_scores"]["rows"]] == [1.0, 0.5, 0.0]
    assert got["AUC"] == 1


def test_probabilities_that_are_one_in_single_precision() -> None:
    """In many rows 0.1 and 0.1 + 1e-10 are one threshold, their mean; 0.7 keeps all of its digits."""
    p = np.tile([0.1, 0.1, 0.1 + 1e-10, 0.7], 150_000)
    got = binomial_metrics(np.tile([0, 0, 0, 1], 150_000), p)
    high, low = (row[0] for row in got["thresholds_and_metric_scores"]["rows"])
    assert high == 0.7 and low == pytest.approx(0.1 + 1e-10 / 3, abs=1e-16)


def test_multinomial_hits_errors_and_limits() -> None:
    codes = [0, 1, 1, 0, 2, 0]
    got = multinomial_metrics(codes, SIX, domain=THREE)
    assert [row[:3] for row in got["cm"]["table"]["rows"]] == [[2, 0, 1], [1, 1, 0], [0, 0, 1], [3, 1, 2]]
    assert got["mean_per_class_error"] == pytest.approx((1 / 3 + 1 / 2 + 0) / 3)
    # row 3 ties 0.4, 0.4 (class 0 first), row 4 has its class second of two equal ones
    assert [row[1] for row in got["hit_ratio_table"]["rows"]] == pytest.approx([4 / 6, 1, 1])
    assert multinomial_metrics(codes, SIX, domain=THREE, max_confusion_matrix_size=2)["cm"] is None
    for k in (2, 3, 10):
        hits = multinomial_metrics(codes, SIX, domain=THREE, max_hit_ratio_k=k)["hit_ratio_table"]
        assert len(hits["rows"]) == min(k, 3)
    assert multinomial_metrics(codes, SIX, domain=THREE, max_hit_ratio_k=0)["hit_ratio_table"] is None


def test_logloss_is_clipped() -> None:
    assert binomial_metrics([1], [0.0])["logloss"] == pytest.approx(-math.log(1e-15))
    got = multinomial_metrics([1], [[1.0, 0.0]], domain=["a", "b"])
    assert got["logloss"] == pytest.approx(-math.log(1e-15))


def test_regression_of_a_constant() -> None:
    assert regression_metrics([0.1] * 7, [0.2] * 7)["r2"] == -math.inf
    assert math.isnan(regression_metrics([0.1] * 7, [0.1] * 7)["r2"])


def test_rmsle_needs_values_above_minus_one() -> None:
    assert math.isnan(regression_metrics([-2, 1], [1, 1])["rmsle"])
    assert math.isnan(regression_metrics([2, 1], [1, -1.5])["rmsle"])
    assert regression_metrics([-0.5, 1], [1, 1])["rmsle"] == pytest.approx(math.sqrt(math.log(4) ** 2 / 2))


def test_deviances_by_hand() -> None:
    y, f = np.array([2.0]), np.array([3.0])
    assert deviance("poisson", y, f)[0] == pytest.approx(2 * (2 * math.log(2 / 3) + 1))
    assert deviance("gamma", y, f)[0] == pytest.approx(2 * (math.log(1.5) + 2 / 3 - 1))
    power = 2 * (2**0.5 / -0.25 + 2 * 3**-0.5 / 0.5 + 3**0.5 / 0.5)
    assert deviance("tweedie", y, f)[0] == pytest.approx(power)
    assert deviance("quantile", y, f, quantile_alpha=0.2)[0] == pytest.approx(0.8)
    assert deviance("quantile", f, y, quantile_alpha=0.2)[0] == pytest.approx(0.2)
    assert deviance("laplace", y, f)[0] == 1
    assert deviance("AUTO", y, f)[0] == 1


def test_deviances_of_zeros_are_finite() -> None:
    zero, one = np.zeros(1), np.ones(1)
    assert deviance("poisson", zero, one)[0] == pytest.approx(2)
    assert deviance("tweedie", zero, one)[0] == pytest.approx(4)
    for name in ("poisson", "gamma", "tweedie"):
        assert np.isfinite(deviance(name, zero, zero)).all()
        assert np.isfinite(deviance(name, one, zero)).all()


@pytest.mark.parametrize("name", ["gaussian", "laplace", "quantile", "huber", "poisson", "gamma", "tweedie"])
def test_links_invert(name: str) -> None:
    mean = np.array([1e-3, 1.0, 50.0])
    np.testing.assert_allclose(link_inverse(name, link(name, mean)), mean)
    top = link_inverse(name, np.array([1000.0]))[0]
    assert top == pytest.approx(1e19 if name in ("poisson", "gamma", "tweedie") else 1000)


def test_weighted_quantiles() -> None:
    values, at = np.array([3.0, 1.0, 2.0]), np.array([0.0, 0.25, 0.5, 0.8, 1.0])
    np.testing.assert_allclose(quantiles(values, at), np.quantile(values, at))
    repeated = np.array([3.0, 3, 1, 2, 2, 2])
    np.testing.assert_allclose(quantiles(values, at, np.array([2.0, 1, 3])), np.quantile(repeated, at))
    np.testing.assert_allclose(quantiles(values, at, np.array([0.2, 0.1, 0.3])), [1, 2, 2, 3, 3])


def test_score_gives_the_numbers_of_the_full_metrics() -> None:
    random = rng()
    codes, p, w = random.integers(0, 2, 60), random.random(60), random.random(60)
    full = binomial_metrics(codes, p, w)
    quick = score("Binomial", codes, p, w)
    assert quick == history_numbers(full)
    assert {"logloss", "rmse", "r2", "auc", "pr_auc", "lift", "classification_error"} <= quick.keys()
    assert quick["lift"] == full["gains_lift_table"]["rows"][0][4]
    matrix = full["cm"]["table"]["rows"]
    assert quick["classification_error"] == matrix[2][2]

    many, classes = random.dirichlet([1, 1, 1], 60), random.integers(0, 3, 60)
    quick = score("Multinomial", classes, many, auc_type="MACRO_OVR")
    assert quick == history_numbers(multinomial_metrics(classes, many, None, THREE, "MACRO_OVR"))
    assert quick["classification_error"] == (many.argmax(axis=1) != classes).mean()

    quick = score("Regression", p, w, distribution="huber", huber_alpha=0.5)
    assert quick == history_numbers(regression_metrics(p, w, None, "huber", huber_alpha=0.5))
    assert {"rmse", "deviance", "mae", "r2"} <= quick.keys()
    assert score("AutoEncoder", None, p)["mse"] == pytest.approx(p.mean())


def test_autoencoder_weights() -> None:
    got = autoencoder_metrics([1.0, 3.0, NAN, 100.0], [1, 3, 1, 0])
    assert got["MSE"] == 2.5
    assert got["nobs"] == 2
