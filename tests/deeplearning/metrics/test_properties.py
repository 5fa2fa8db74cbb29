"""What must hold for any data."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.metrics import binomial_metrics, multinomial_metrics, regression_metrics
from heavywater.deeplearning.metrics.bins import (
    SINGLE_PRECISION_ROWS,
    merge_in_row_order,
    merge_sorted,
    sort_scores,
)
from heavywater.deeplearning.metrics.roc import MAX_THRESHOLDS, ROW_ORDER_LIMIT, area_under_roc, roc_curve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

Floats = NDArray[np.float64]
COUNTS_ROWS = {"nobs"}  # numbers of rows, not of weights
# the confusion matrix of a multinomial model counts rows too, as in H2O
MULTINOMIAL_ROWS = COUNTS_ROWS | {"cm", "mean_per_class_error", "classification_error"}


@st.composite
def binary(draw: st.DrawFn, both: bool = False) -> tuple[NDArray[np.int64], Floats]:
    rows = draw(st.integers(2 if both else 1, 40))
    codes = draw(arrays(np.int64, rows, elements=st.integers(0, 1)))
    if both:
        codes[:2] = (0, 1)
    return codes, draw(arrays(np.int64, rows, elements=st.integers(0, 20))) / 20


@st.composite
def multiclass(draw: st.DrawFn) -> tuple[NDArray[np.int64], Floats]:
    rows, classes = draw(st.integers(1, 30)), draw(st.integers(2, 5))
    codes = draw(arrays(np.int64, rows, elements=st.integers(0, classes - 1)))
    raw = draw(arrays(np.int64, (rows, classes), elements=st.integers(1, 9))).astype(float)
    return codes, raw / raw.sum(axis=1, keepdims=True)


@st.composite
def numeric(draw: st.DrawFn) -> tuple[Floats, Floats, str]:
    rows = draw(st.integers(1, 30))
    values = st.floats(0.0009765625, 1000, width=32)
    name = draw(st.sampled_from(["gaussian", "poisson", "gamma", "tweedie", "laplace", "quantile", "huber"]))
    column = arrays(np.float64, rows, elements=values)
    return draw(column), draw(column), name


def names(k: int) -> list[str]:
    return [f"c{i}" for i in range(k)]


def assert_same(a: Any, b: Any, skip: AbstractSet[str] = frozenset(), path: str = "") -> None:
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        for key in a.keys() - skip:
            assert_same(a[key], b[key], skip, f"{path}.{key}")
    elif isinstance(a, list):
        assert len(a) == len(b), path
        for k, (x, y) in enumerate(zip(a, b, strict=True)):
            assert_same(x, y, skip, f"{path}[{k}]")
    elif isinstance(a, float | int):
        np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-7, err_msg=path)
    else:
        assert a == b, path


@given(binary(), st.data())
def test_binomial_weight_two_is_the_row_twice(
    rows: tuple[NDArray[np.int64], Floats], data: st.DataObject
) -> None:
    codes, p = rows
    weights = data.draw(arrays(np.int64, codes.shape, elements=st.integers(0, 3)))
    twice = np.repeat(np.arange(codes.size), weights)
    weighted = binomial_metrics(codes, p, weights)
    assert_same(weighted, binomial_metrics(codes[twice], p[twice]), COUNTS_ROWS)
    assert weighted["nobs"] == (weights > 0).sum()


@given(multiclass(), st.data())
def test_multinomial_weight_two_is_the_row_twice(
    rows: tuple[NDArray[np.int64], Floats], data: st.DataObject
) -> None:
    codes, p = rows
    weights = data.draw(arrays(np.int64, codes.shape, elements=st.integers(0, 3)))
    twice = np.repeat(np.arange(codes.size), weights)
    domain = names(p.shape[1])
    assert_same(
        multinomial_metrics(codes, p, weights, domain, "WEIGHTED_OVO"),
        multinomial_metrics(codes[twice], p[twice], None, domain, "WEIGHTED_OVO"),
        MULTINOMIAL_ROWS,
    )


@given(numeric(), st.data())
def test_regression_weight_two_is_the_row_twice(
    rows: tuple[Floats, Floats, str], data: st.DataObject
) -> None:
    actual, predicted, name = rows
    weights = data.draw(arrays(np.int64, actual.shape, elements=st.integers(0, 3)))
    twice = np.repeat(np.arange(actual.size), weights)
    assert_same(
        regression_metrics(actual, predicted, weights, name),
        regression_metrics(actual[twice], predicted[twice], None, name),
        COUNTS_ROWS,
    )


@given(binary(), multiclass(), numeric(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(
    two: tuple[NDArray[np.int64], Floats],
    many: tuple[NDArray[np.int64], Floats],
    numbers: tuple[Floats, Floats, str],
    random: Any,
) -> None:
    def shuffled(rows: int) -> NDArray[np.int64]:
        return np.array(random.sample(range(rows), rows))

    codes, p = two
    at = shuffled(codes.size)
    assert_same(binomial_metrics(codes, p), binomial_metrics(codes[at], p[at]))
    codes, p = many
    at, domain = shuffled(codes.size), names(p.shape[1])
    assert_same(
        multinomial_metrics(codes, p, domain=domain, auc_type="MACRO_OVO"),
        multinomial_metrics(codes[at], p[at], domain=domain, auc_type="MACRO_OVO"),
    )
    actual, predicted, name = numbers
    at = shuffled(actual.size)
    assert_same(
        regression_metrics(actual, predicted, None, name),
        regression_metrics(actual[at], predicted[at], None, name),
    )


@given(binary(both=True))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: tuple[NDArray[np.int64], Floats]) -> None:
    codes, p = rows
    positive, negative = p[codes == 1], p[codes == 0]
    pairs = mannwhitneyu(positive, negative).statistic / positive.size / negative.size
    got = binomial_metrics(codes, p)
    assert got["AUC"] == pytest.approx(pairs, abs=1e-12)
    assert got["Gini"] == pytest.approx(2 * pairs - 1, abs=1e-12)
    two = multinomial_metrics(codes, np.column_stack([1 - p, p]), domain=["0", "1"], auc_type="MACRO_OVR")
    assert two["AUC"] == pytest.approx(pairs, abs=1e-12)


@given(binary(both=True))
def test_perfect_and_inverted_predictions(rows: tuple[NDArray[np.int64], Floats]) -> None:
    codes, p = rows
    better = np.where(codes == 1, 0.6 + p / 4, 0.4 - p / 4)
    perfect, inverted = binomial_metrics(codes, better), binomial_metrics(codes, 1 - better)
    assert perfect["AUC"] == perfect["pr_auc"] == 1
    assert perfect["mean_per_class_error"] == perfect["classification_error"] == 0
    assert 0 < perfect["kolmogorov_smirnov"] <= 1
    assert inverted["AUC"] == 0
    assert 0 < inverted["pr_auc"] < 1
    got = multinomial_metrics(codes, np.column_stack([1 - better, better]), domain=["0", "1"])
    assert got["classification_error"] == 0


@given(binary(both=True))
def test_totals_of_the_binomial_tables(rows: tuple[NDArray[np.int64], Floats]) -> None:
    codes, p = rows
    got = binomial_metrics(codes, p)
    table = got["thresholds_and_metric_scores"]
    at = table["columns"].index
    for row in table["rows"]:
        called = p >= row[at("threshold")]
        assert row[at("tps")] == (called & (codes == 1)).sum()
        assert row[at("fps")] == (called & (codes == 0)).sum()
        assert row[at("tns")] == (~called & (codes == 0)).sum()
        assert row[at("accuracy")] == pytest.approx((called == codes).mean())
    assert len(table["rows"]) == np.unique(p).size
    groups = got["gains_lift_table"]["rows"]
    assert groups[-1][1] == groups[-1][4] == pytest.approx(1)
    assert got["lift"] == groups[0][3]


@given(numeric())
def test_deviances_are_zero_only_for_exact_predictions(rows: tuple[Floats, Floats, str]) -> None:
    actual, predicted, name = rows
    exact = regression_metrics(actual, actual, None, name)
    assert exact["mean_residual_deviance"] == pytest.approx(0, abs=1e-9)
    assert exact["MSE"] == exact["mae"] == exact["rmsle"] == 0
    assert regression_metrics(actual, predicted, None, name)["mean_residual_deviance"] >= -1e-9


def many(rows: int, seed: int = 3) -> tuple[NDArray[np.int64], Floats]:
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 3, rows)
    return (rng.random(rows) < p).astype(np.int64), p


@pytest.mark.parametrize("rows", [401, 2000, ROW_ORDER_LIMIT, ROW_ORDER_LIMIT + 1, SINGLE_PRECISION_ROWS + 1])
def test_merged_curves_stay_near_the_exact_area(rows: int) -> None:
    codes, p = many(rows)
    curve = roc_curve(p, codes)
    exact = mannwhitneyu(p[codes == 1], p[codes == 0]).statistic / codes.sum() / (rows - codes.sum())
    assert curve.thresholds.size == MAX_THRESHOLDS
    assert np.all(np.diff(curve.thresholds) < 0)
    assert area_under_roc(curve) == pytest.approx(exact, abs=2e-4)
    assert curve.positives == codes.sum()
    assert curve.negatives == rows - codes.sum()


@pytest.mark.parametrize("rows", [ROW_ORDER_LIMIT + 1, SINGLE_PRECISION_ROWS + 1])
def test_many_rows_do_not_depend_on_order_or_on_how_weights_are_given(rows: int) -> None:
    codes, p = many(rows)
    at = np.random.default_rng(0).permutation(rows)
    plain = binomial_metrics(codes, p)
    assert_same(plain, binomial_metrics(codes[at], p[at]))
    assert_same(plain, binomial_metrics(codes, p, np.ones(rows)))


def test_few_distinct_probabilities_in_many_rows_stay_exact() -> None:
    codes, p = many(SINGLE_PRECISION_ROWS + 1)
    p = np.round(p, 2)
    got = binomial_metrics(codes, p)
    thresholds = [row[0] for row in got["thresholds_and_metric_scores"]["rows"]]
    assert thresholds == sorted(set(p.tolist()), reverse=True)
    exact = mannwhitneyu(p[codes == 1], p[codes == 0]).statistic / codes.sum() / (codes.size - codes.sum())
    assert got["AUC"] == pytest.approx(exact, abs=1e-12)
    half = np.full(p.size, 0.5)
    assert_same(got, binomial_metrics(codes, p, half), {"types", "rows"})


@pytest.mark.parametrize(
    "p",
    [
        np.linspace(0, 1, 3000) ** 2,
        10.0 ** -np.linspace(0, 20, 3000),
        1 - 1e-4 * np.random.default_rng(1).random(3000),
        np.r_[np.full(2000, 0.25), np.linspace(0, 1e-6, 1000)],
    ],
    ids=["growing gaps", "tiny", "near one", "atom"],
)
def test_both_ways_of_merging_lose_little(p: Floats) -> None:
    """The squared error in the bins is that of a partition into bins, and of similar size either way."""
    codes = (np.random.default_rng(0).random(p.size) < 0.3).astype(np.int64)
    scores = sort_scores(p, codes, None)
    errors = []
    for bins in (
        merge_in_row_order(p, codes, np.ones(p.size), MAX_THRESHOLDS),
        merge_sorted(scores, scores.distinct_starts(), MAX_THRESHOLDS),
    ):
        assert bins.center.size <= MAX_THRESHOLDS
        assert bins.total.sum() == p.size
        assert bins.positive.sum() == codes.sum()
        assert np.average(bins.center, weights=bins.total) == pytest.approx(p.mean())
        errors.append(np.mean(p**2) - np.average(bins.center**2, weights=bins.total))
    assert max(errors) < 1e-4 * max(p.var(), 1e-12)
    assert errors[1] <= 4 * abs(errors[0]) + 1e-12
