"""Every way to store the same rows gives the same model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .cases import RULES, Case, cases, few, steady
from .nets import (
    ENGINES,
    assert_close,
    assert_same_bits,
    configure,
    make_net,
    make_raw_rows,
    make_rows,
    parameters,
    train,
)

PRECISIONS = sorted(ENGINES)
TOLERANCE = {"float32": 2e-4, "float64": 1e-9}


def trained(
    engine: Any, rows: Any, *, kind: str = "Tanh", batch_size: int = 1, seed: int = 0, **settings: Any
) -> Any:
    """A small classifier, one or two passes over the rows."""
    batches = batch_size > 1
    net = make_net(engine, rows.inputs, [9, 5, 3], [kind, kind, "Softmax"], seed=seed, batches=batches)
    settings = {"loss": "crossentropy", "rule": "adadelta", "rates": 1.0, "epsilon": 1e-6} | settings
    return train(configure(net, **settings), rows, batch_size=batch_size)


@few
@given(cases(), st.sampled_from(PRECISIONS), st.sampled_from([np.uint16, np.int32]))
def test_sparse_equals_dense(case: Case, precision: str, index: Any) -> None:
    engine = ENGINES[precision]
    dense = steady(train(case.net(engine), case.rows(engine)))
    assert_same_bits(train(case.net(engine), case.rows(engine, sparse=True, index=index)), dense)
    by_unit = train(case.net(engine, unit_major=True), case.rows(engine, sparse=True, index=index))
    assert_same_bits(by_unit, train(case.net(engine, unit_major=True), case.rows(engine)))


@few
@given(cases(), st.sampled_from(PRECISIONS))
def test_sparse_batches_equal_dense_batches(case: Case, precision: str) -> None:
    engine = ENGINES[precision]
    dense = steady(train(case.net(engine, batches=True), case.rows(engine), batch_size=4))
    sparse = train(case.net(engine, batches=True), case.rows(engine, sparse=True), batch_size=4)
    assert_close(sparse, dense, atol=TOLERANCE[precision])


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, int]:
    """Category units with gaps (-1), numbers, labels, and the number of category units."""
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    levels = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    n, k = draw(st.integers(1, 20)), draw(st.integers(0, 4))
    offsets = np.cumsum([0, *levels])
    units = np.stack([rng.integers(0, m, n) + o for m, o in zip(levels, offsets, strict=False)], axis=1)
    units[rng.random(units.shape) < 0.1] = -1
    numbers = rng.normal(0, 1, (n, k)) * (rng.random((n, k)) < 0.7)
    return units, numbers, rng.integers(0, 3, n), int(offsets[-1]), draw(st.integers(0, 2**16))


def one_hot(units: np.ndarray, numbers: np.ndarray, category_units: int) -> np.ndarray:
    """Categories as numeric columns: how often each unit is hit."""
    hits = np.zeros((len(units), category_units))
    for column in units.T:
        hits[np.flatnonzero(column >= 0), column[column >= 0]] += 1
    return np.concatenate([hits, numbers], axis=1)


@few
@given(tables(), st.booleans(), st.booleans(), st.sampled_from(PRECISIONS), st.sampled_from([0.0, 0.3]))
def test_category_equals_one_hot_columns(
    table: Any, sparse: bool, fast: bool, precision: str, ratio: float
) -> None:
    units, numbers, label, category_units, seed = table
    engine, settings = ENGINES[precision], {"fast": fast, "input_dropout": ratio, "seed": seed, "l2": 0.01}
    hot = make_rows(engine, one_hot(units, numbers, category_units), label=label)
    want = trained(engine, hot, **settings)
    rows = make_rows(
        engine, numbers, category=units, category_units=category_units, sparse=sparse, label=label
    )
    assert_same_bits(trained(engine, rows, **settings), want)
    assert_close(trained(engine, rows, batch_size=3, **settings), trained(engine, hot, batch_size=3, **settings),
                 atol=TOLERANCE[precision])  # fmt: skip


@few
@given(tables(), st.booleans(), st.sampled_from([1, 3]), st.sampled_from([0.0, 0.3]))
def test_colliding_categories_add_up(table: Any, sparse: bool, batch_size: int, ratio: float) -> None:
    """Hashed categories of one row may share a unit: its input is the number of hits."""
    units, numbers, label, _, seed = table
    units, engine = np.where(units < 0, -1, units % 3), ENGINES["float64"]
    options = {"batch_size": batch_size, "input_dropout": ratio, "seed": seed}
    want = trained(engine, make_rows(engine, one_hot(units, numbers, 3), label=label), **options)
    rows = make_rows(
        engine, numbers, category=units, category_units=3, sparse=sparse, may_collide=True, label=label
    )
    assert_close(trained(engine, rows, **options), want, atol=1e-11)


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("raw_type", [np.uint8, np.int16])
def test_narrow_types(raw_type: Any, precision: str, batch_size: int) -> None:
    """Raw small integers, standardised as they are read, are the same numbers as standardised floats."""
    engine, rng = ENGINES[precision], np.random.default_rng(1)
    lowest = 0 if raw_type == np.uint8 else -3000
    raw = rng.integers(lowest, 256, (30, 37)).astype(raw_type)
    sub, mul = rng.normal(50, 20, 37).astype(np.float32), rng.uniform(0.001, 0.02, 37).astype(np.float32)
    label = rng.integers(0, 3, 30)
    plain = (raw.astype(engine.REAL) - sub.astype(engine.REAL)) * mul.astype(engine.REAL)
    narrow = make_raw_rows(engine, raw, sub, mul, label=label)
    np.testing.assert_array_equal(narrow.numbers_block(0, 30, engine.REAL), plain)
    got = trained(engine, narrow, batch_size=batch_size)
    assert_close(
        got,
        trained(engine, make_rows(engine, plain, label=label), batch_size=batch_size),
        atol=TOLERANCE[precision],
    )


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_sparse_bytes(precision: str, batch_size: int) -> None:
    engine, rng = ENGINES[precision], np.random.default_rng(2)
    raw = (rng.integers(0, 256, (30, 37)) * (rng.random((30, 37)) < 0.3)).astype(np.uint8)
    mul, label = rng.uniform(0.001, 0.02, 37), rng.integers(0, 3, 30)
    rows = make_raw_rows(engine, raw, np.zeros(37), mul, sparse=True, label=label)
    plain = raw * mul.astype(engine.REAL)
    np.testing.assert_allclose(rows.numbers_block(0, 30, engine.REAL), plain, rtol=1e-6)
    for fast in (True, False):
        want = trained(engine, make_rows(engine, plain, label=label), batch_size=batch_size, fast=fast)
        assert_close(trained(engine, rows, batch_size=batch_size, fast=fast), want, atol=TOLERANCE[precision])


@pytest.mark.parametrize("rule", RULES)
def test_more_columns_than_uint16_counts(rule: str) -> None:
    """A wide sparse problem equals the small one that consists of the columns in use."""
    engine, rng = ENGINES["float32"], np.random.default_rng(3)
    wide, used = 70_000, np.array([0, 17, 65_535, 65_536, 69_998, 69_999])
    x = rng.normal(0, 1, (12, len(used))) * (rng.random((12, len(used))) < 0.6)
    label, units, kinds = rng.integers(0, 2, 12), [4, 2], ["Rectifier", "Softmax"]
    settings = {"rule": rule, **RULES[rule], "loss": "crossentropy"}
    small = configure(make_net(engine, len(used), units, kinds), **settings)
    net = engine.Network(wide, units, kinds)
    spread = np.zeros((1, 4, wide), np.float32)
    spread[:, :, used] = small.weights(0)
    net.set_weights(0, spread, small.biases(0))
    net.set_weights(1, *parameters(small)[1])
    rows = make_rows(engine, x, label=label, sparse=True)
    train(small, rows)
    rows.index = used[rows.index].astype(np.int32)
    rows.numbers = rows.inputs = wide
    rows.mul = np.ones(wide + 16, engine.REAL)
    train(configure(net, **settings), rows)
    got = parameters(net)
    # only ADADELTA's biases know how many inputs there are
    atol = 0.5 if rule == "adadelta" else 1e-6
    np.testing.assert_allclose(got[0][0][:, :, used], small.weights(0), atol=atol)
    assert not np.delete(got[0][0], used, axis=2).any()
    if rule != "adadelta":
        assert_close([(got[0][0][:, :, used], got[0][1]), got[1]], small, atol=1e-6)


@few
@given(cases(dropout=False), st.booleans(), st.data())
def test_take(case: Case, sparse: bool, data: Any) -> None:
    """Training on a copy of some rows equals training on those row numbers."""
    engine = ENGINES["float64"]
    which = np.array(data.draw(st.lists(st.integers(0, case.samples - 1), min_size=1, max_size=30)))
    rows = case.rows(engine, sparse=sparse)
    want = steady(train(case.net(engine), rows, order=which))
    assert_same_bits(train(case.net(engine), rows.take(which)), want)
