"""Frames as the network sees them: input units, scaling, adaptation of new frames, responses."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.deeplearning.encoding.data import DataSpec, training_rows
from heavywater.deeplearning.encoding.encoder import Encoder, categorical_order, numeric_scaling
from heavywater.deeplearning.encoding.response import Response
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.frame.columns.column_statistics import ColumnStatistics
from heavywater.frame.columns.makers import enum, numeric, reals, strings
from heavywater.frame.columns.number_statistics import Weights
from heavywater.frame.frame import Frame
from hypothesis import given
from hypothesis import strategies as st

numbers = st.lists(st.floats(-1e3, 1e3) | st.just(float("nan")), min_size=2, max_size=30).map(np.array)


def small_frame(n: int = 12) -> Frame:
    k = np.arange(n)
    columns = {
        "x": reals(np.where(k == 3, np.nan, k / 2)),
        "few": enum(k % 2, ["a", "b"]),
        "many": enum(np.where(k == 5, -1, k % 4), ["p", "q", "r", "s"]),
        "n": numeric(k * 1.0),
        "w": numeric((k % 3) * 1.0),
        "off": reals(k - 5.5),
        "y": reals(np.where(k == 7, np.nan, k**2.0)),
        "c": enum(np.where(k == 2, -1, k % 3), ["u", "v", "w"]),
        "t": strings([f"text {i}" for i in k]),
    }
    return Frame(list(columns), list(columns.values()))


def parameters(frame: Frame, y: str | None = "y", x: tuple[str, ...] = ("x", "few", "many", "n"),
               **values) -> DeepLearningParameters:  # fmt: skip
    return validate(values, TrainingContext(frame, list(x), y))


# --- input units


def test_order_and_names_of_the_units() -> None:
    frame = small_frame()
    encoder = Encoder.fit(frame, ["x", "few", "many", "n"], standardize=True, sparse=False, autoencoder=False)
    assert encoder.unit_names == ["many.p", "many.q", "many.r", "many.s", "many.missing(NA)",
                                  "few.a", "few.b", "few.missing(NA)", "x", "n"]  # fmt: skip
    assert (encoder.category_units, encoder.inputs, encoder.offsets) == (8, 10, [0, 5, 8])
    assert categorical_order([2, 3, 3, 2, 4]) == [4, 2, 1, 3, 0]  # H2O's order is not stable


@given(st.lists(st.integers(1, 6), max_size=14))
def test_the_order_of_categorical_columns_is_that_of_exchanges(levels: list[int]) -> None:
    order = list(range(len(levels)))
    for i in range(len(order)):
        for j in range(i + 1, len(order)):
            if levels[order[i]] < levels[order[j]]:
                order[i], order[j] = order[j], order[i]
    assert categorical_order(levels) == order


def test_missing_and_unknown_levels_share_a_unit() -> None:
    frame = small_frame()
    encoder = Encoder.fit(frame, ["many"], standardize=True, sparse=False, autoencoder=False)
    assert encoder.units_of(0, frame.column("many"))[[0, 1, 5]].tolist() == [0, 1, 4]
    new = enum(np.array([0, 1, 2, -1]), ["new", "q", "s"])
    assert encoder.units_of(0, new).tolist() == [4, 1, 3, 4]


def test_without_the_first_level() -> None:
    frame = small_frame()
    encoder = Encoder.fit(frame, ["many"], standardize=True, sparse=False, autoencoder=False,
                          use_all_factor_levels=False)  # fmt: skip
    assert encoder.unit_names == ["many.q", "many.r", "many.s", "many.missing(NA)"]
    assert encoder.units_of(0, frame.column("many"))[[0, 1, 5]].tolist() == [-1, 0, 3]


@given(st.integers(1, 5))
def test_hashing_keeps_to_its_units(limit: int) -> None:
    frame = small_frame()
    encoder = Encoder.fit(frame, ["few", "many", "x"], standardize=True, sparse=False, autoencoder=False,
                          max_categorical_features=limit)  # fmt: skip
    rows = encoder.encode(frame)
    assert encoder.inputs == limit + 1 and rows.may_collide
    assert rows.category.min() >= 0 and rows.category.max() < limit
    assert np.array_equal(rows.category, encoder.encode(frame).category)


@given(numbers)
def test_standardised_numbers(x: np.ndarray) -> None:
    figures = ColumnStatistics.of(reals(x)).figures()
    scaling = numeric_scaling(figures, standardize=True, sparse=False, autoencoder=False)
    present = x[~np.isnan(x)]
    z = (present - scaling.sub) * scaling.mul
    if len(present) > 1 and present.std() > 1e-6:
        assert z.mean() == pytest.approx(0, abs=1e-6)
        assert z.std(ddof=1) == pytest.approx(1)
    scaling = numeric_scaling(figures, standardize=True, sparse=False, autoencoder=True)
    z = (present - scaling.sub) * scaling.mul
    if len(present) > 1 and np.ptp(present) > 1e-6:
        assert np.ptp(z) == pytest.approx(1)


@given(st.lists(st.tuples(st.floats(-100, 100), st.integers(0, 4)), min_size=2, max_size=20))
def test_weighted_moments_of_repeated_rows(pairs: list[tuple[float, int]]) -> None:
    """The mean is that of the repeated rows; the variance differs by a known factor only."""
    x, w = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    sums = ColumnStatistics.of(reals(x), Weights.of(w.astype(float))).figures().weighted
    assert sums is not None
    m, s = sums.mean(), sums.deviation()
    repeated = np.repeat(x, w)
    if not len(repeated):
        assert np.isnan(m) and s == 0
        return
    assert m == pytest.approx(repeated.mean(), abs=1e-9)
    k = np.count_nonzero(w)
    assert s**2 == pytest.approx(repeated.var() * k / (k - 1) if k > 1 else 0, abs=1e-6)


def test_missing_numbers_are_the_mean() -> None:
    frame = small_frame()
    for standardize in (True, False):
        encoder = Encoder.fit(frame, ["x"], standardize=standardize, sparse=False, autoencoder=False)
        mean = np.nanmean(frame.column("x").numbers())
        scaling = encoder.scaling["x"]
        wanted = (mean - scaling.sub) * scaling.mul
        assert encoder.encode(frame).dense[3, 0] == pytest.approx(wanted, abs=1e-6)


# --- which rows are trained and scored


def test_rows_without_response_are_neither_trained_nor_scored() -> None:
    frame = small_frame()
    p = parameters(frame)
    _, scored, trained = training_rows(DataSpec.fit(frame, p), frame, p)
    assert np.flatnonzero(~trained).tolist() == np.flatnonzero(~scored).tolist() == [7]
    p = parameters(frame, "c")
    rows, scored, trained = training_rows(DataSpec.fit(frame, p), frame, p)
    assert np.flatnonzero(~trained).tolist() == [2]
    assert rows.label[:5].tolist() == [0, 1, -1, 0, 1]


def test_rows_with_missing_predictors() -> None:
    frame = small_frame()
    p = parameters(frame, missing_values_handling="Skip")
    _, scored, trained = training_rows(DataSpec.fit(frame, p), frame, p)
    assert np.flatnonzero(~trained).tolist() == [3, 5, 7]
    assert np.flatnonzero(~scored).tolist() == [7]


def test_rows_without_weight() -> None:
    frame = small_frame()
    p = parameters(frame, weights_column="w")
    rows, scored, trained = training_rows(DataSpec.fit(frame, p), frame, p)
    assert np.array_equal(scored, trained)
    assert np.flatnonzero(~trained).tolist() == [0, 3, 6, 7, 9]
    assert rows.weight.tolist() == [0, 1, 2] * 4


# --- new frames


def test_adapt() -> None:
    frame = small_frame()
    spec = DataSpec.fit(frame, parameters(frame))
    same, warnings = spec.adapt(frame)
    assert not warnings and same.column("x") is frame.column("x")
    new = Frame(["n", "x", "many"], [reals(np.array([1.0, np.inf, np.nan])), numeric(np.arange(3.0)),
                                     enum(np.array([0, 1, 1]), ["q", "z"])])  # fmt: skip
    adapted, warnings = spec.adapt(new)
    assert sorted(adapted.names) == ["few", "many", "n", "x"]
    assert adapted.column("few").is_missing().all()
    assert adapted.column("n").is_missing().tolist() == [False, True, True]
    assert len(warnings) == 3
    for part in (
        "'many' has levels",
        "infinite, or beyond 1e+30 once scaled, in 'n' (1)",
        "missing in the frame",
    ):
        assert sum(part in text for text in warnings) == 1
    rows = spec.rows(adapted)
    assert np.isfinite(rows.dense).all() and rows.category[:, 0].tolist() == [1, 4, 4]


def test_unknown_classes() -> None:
    frame = small_frame()
    spec = DataSpec.fit(frame, parameters(frame, "c"))
    new = Frame(["c"], [enum(np.array([0, 1, 2, -1]), ["v", "x", "u"])])
    assert spec.actual(new).tolist() == [1, -1, 0, -1]
    assert "'x'; their rows do not count" in spec.metrics_warnings(new)[0]
    assert not spec.metrics_warnings(frame) and not spec.metrics_warnings(
        Frame(["z"], [numeric(np.zeros(1))])
    )


# --- responses


@given(
    numbers.filter(lambda y: (~np.isnan(y)).sum() > 1 and np.nanstd(y) > 1e-3), st.sampled_from([True, False])
)
def test_predictions_undo_targets(y: np.ndarray, standardize: bool) -> None:
    response = Response.fit("y", reals(y), "gaussian", standardize=standardize, weights=None)
    ok = ~np.isnan(y)
    np.testing.assert_allclose(response.predictions(response.targets(y))[ok], y[ok], atol=1e-6)
    assert response.scaled == standardize


@pytest.mark.parametrize("distribution", ["poisson", "gamma", "tweedie"])
def test_log_link(distribution: str) -> None:
    y = np.array([0.5, 2, 8])
    response = Response.fit("y", reals(y), distribution, standardize=True, weights=None)
    assert not response.scaled and response.targets(y).tolist() == y.tolist()
    np.testing.assert_allclose(response.predictions(np.log(y)), y)
    np.testing.assert_allclose(response.predictions(np.log(y), np.log([2.0, 1, 0.5])), [1, 2, 4])
    assert response.predictions(np.array([1e6]))[0] == 1e19


def test_offsets_of_the_identity_link() -> None:
    response = Response.fit("y", reals(np.array([1.0, 3, 8])), "gaussian", standardize=True, weights=None)
    net, offset = np.array([0.5, -1, 0]), np.array([10.0, -10, 0])
    sd = 1 / response.mul
    np.testing.assert_allclose(response.predictions(net, offset), net * sd + offset)
