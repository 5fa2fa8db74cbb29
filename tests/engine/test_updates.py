"""Whole training runs, row by row and in mini-batches, against the NumPy twin."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .cases import BATCH_RULES, RULES, Case, cases, steady
from .nets import ENGINES, assert_close, assert_same_bits, configure, parameters, train

ENGINE = ENGINES["float64"]
many = settings(max_examples=60, deadline=None)


@many
@given(cases(), st.booleans(), st.booleans())
def test_row_by_row(case: Case, sparse: bool, unit_major: bool) -> None:
    net = case.net(ENGINE, unit_major=unit_major)
    train(net, case.rows(ENGINE, sparse=sparse), **case.masks)
    assert_close(net, steady(case.train_twin(1)), rtol=1e-7, atol=1e-9)


@many
@given(cases(rules=tuple(BATCH_RULES)), st.booleans(), st.sampled_from([1, 2, 5, 8, 23, 40]))
def test_mini_batches(case: Case, sparse: bool, size: int) -> None:
    """Sizes that do not divide the 23 samples, and larger than all of them: the last batch is a partial one."""
    net = case.net(ENGINE, batches=True)
    train(net, case.rows(ENGINE, sparse=sparse), batch_size=size, **case.masks)
    assert_close(net, steady(case.train_twin(size)), rtol=1e-7, atol=1e-9)


@many
@given(cases(largest=200, samples=9), st.booleans(), st.sampled_from(sorted(ENGINES)))
def test_batches_of_one_row_equal_rows(case: Case, sparse: bool, precision: str) -> None:
    engine = ENGINES[precision]
    rows = case.rows(engine, sparse=sparse)
    want = steady(train(case.net(engine), rows, **case.masks))
    got = train(case.net(engine, batches=True), rows, batch_size=1, **case.masks)
    assert_close(got, want, rtol=0, atol=1e-9 if precision == "float64" else 2e-4)


@many
@given(
    cases(rules=tuple(BATCH_RULES), largest=200),
    st.booleans(),
    st.sampled_from([2, 3, 5]),
    st.sampled_from([2, 7]),
)
def test_threads_of_mini_batches(case: Case, sparse: bool, threads: int, size: int) -> None:
    """The number of threads changes no bit of a mini-batch run, dropout from the engine's own masks included."""
    engine = ENGINES["float32"]
    rows = case.rows(engine, sparse=sparse)
    want = steady(train(case.net(engine, batches=True), rows, batch_size=size))
    got = train(case.net(engine, batches=True), rows, threads=threads, batch_size=size)
    assert_same_bits(got, want)


@pytest.mark.parametrize("rule", BATCH_RULES)
def test_wide_layers_in_mini_batches(rule: str) -> None:
    case = Case(
        30,
        [150, 70],
        ["Rectifier", "Softmax"],
        {"rule": rule, **BATCH_RULES[rule], "loss": "crossentropy"},
        samples=20,
    )
    net = train(case.net(ENGINE, batches=True), case.rows(ENGINE), batch_size=6, threads=2)
    assert_close(net, case.train_twin(6), rtol=1e-7, atol=1e-9)


def test_what_nothing_touches_stays() -> None:
    """Fast mode: an input that is off in the whole batch and a unit without gradient keep their weights and state."""
    fixed = {"rule": "adadelta", "l1": 0.01, "l2": 0.1, "loss": "gaussian"}
    case = Case(6, [8, 1], ["Rectifier", "Linear"], fixed, zeros=0.0, samples=8)
    case.data["x"][:, 2] = 0
    for fast in (True, False):
        case.settings["fast"] = fast
        net = case.net(ENGINE, batches=True)
        before, bias = net.weights(0), net.biases(0)
        bias[0, 3] = -1e3  # a unit that is always off
        net.set_weights(0, before, bias)
        train(net, case.rows(ENGINE), batch_size=4)
        changed = net.weights(0) != before
        assert changed[0, :, 2].any() != fast
        assert changed[0, 3].any() != fast
        assert changed[0, :3, [0, 1, 3, 4, 5]].any()


def test_adam_without_gradient() -> None:
    """A unit that is always off, and an input that always is, go on with what their means remember; padding stays 0."""
    fixed = {"rule": "adam", "rates": 0.01, "loss": "gaussian"}
    case = Case(6, [8, 1], ["Rectifier", "Linear"], fixed, zeros=0.0, samples=8)
    case.data["x"][4:, 2] = 0
    for sparse in (False, True):
        net = case.net(ENGINE, batches=True)
        train(net, case.rows(ENGINE, sparse=sparse), order=np.arange(4), batch_size=4)
        before = net.weights(0)
        train(net, case.rows(ENGINE, sparse=sparse), order=np.arange(4, 8), first=4, batch_size=4)
        assert (net.weights(0) != before)[0, :, 2].any()
        values = net.buffer()
        assert np.count_nonzero(values) <= sum(w.size + b.size for w, b in parameters(net))


def test_adam_is_for_batches() -> None:
    case = Case(3, [4, 1], ["Tanh", "Linear"], {"rule": "adam", "loss": "gaussian"})
    with pytest.raises(ValueError, match="rule='adam'"):
        case.net(ENGINE)


@pytest.mark.parametrize("rule", BATCH_RULES)
@pytest.mark.parametrize("cuts", [[8], [4, 20], [0, 12, 12]], ids=str)
def test_cuts_of_a_run(rule: str, cuts: list[int]) -> None:
    """Calls that end between two batches change no bit: neither rates nor corrections start anew."""
    fixed = {"rule": rule, **BATCH_RULES[rule], "loss": "crossentropy", "total": 46}
    case = Case(5, [9, 3], ["Rectifier", "Softmax"], fixed)
    rows, order = case.rows(ENGINE), np.tile(np.arange(23), 2)
    want = train(case.net(ENGINE, batches=True), rows, order, batch_size=4)
    net = case.net(ENGINE, batches=True)
    for first, last in itertools.pairwise([0, *cuts, 46]):
        net.configure(**{**case.settings, "rates": [case.settings["rates"]] * 2, "seed": 7})
        train(net, rows, order[first:last], first, batch_size=4)
    assert_same_bits(net, want)


@pytest.mark.parametrize("layout", [{}, {"unit_major": True}], ids=str)
@pytest.mark.parametrize("rule", ["sgd", "momentum", "classic"])
def test_rates_of_single_rows_fall_along_a_cosine(rule: str, layout: dict) -> None:
    """The rate of a row follows from its number in the run, however it is cut, and by the end nothing moves."""
    fixed = {"rule": rule, **RULES[rule], "loss": "gaussian", "total": 23}
    case = Case(5, [9, 1], ["Tanh", "Linear"], fixed)
    net = train(case.net(ENGINE, **layout), case.rows(ENGINE), order=np.arange(11))
    train(net, case.rows(ENGINE), order=np.arange(11, 23), first=11)
    assert_close(net, case.train_twin(1), rtol=1e-9, atol=1e-12)
    at_end = configure(case.net(ENGINE, **layout), **{**fixed, "momentum": 0.0})
    before = parameters(at_end)
    assert_same_bits(train(at_end, case.rows(ENGINE), first=23), before)


def test_batches_need_their_layout() -> None:
    case = Case(3, [4, 1], ["Tanh", "Linear"], {"loss": "gaussian"})
    with pytest.raises(ValueError, match="batch_size"):
        train(case.net(ENGINE), case.rows(ENGINE), batch_size=4)
    with pytest.raises(ValueError, match="batch_size"):
        train(case.net(ENGINE, batches=True), case.rows(ENGINE), batch_size=0)
    with pytest.raises(ValueError, match="threads"):
        train(case.net(ENGINE), case.rows(ENGINE), threads=0)


def test_no_rows() -> None:
    """An empty order is no work, not an error."""
    case = Case(3, [4, 1], ["Tanh", "Linear"], {"loss": "gaussian"})
    for batches in (False, True):
        net = case.net(ENGINE, batches=batches)
        train(net, case.rows(ENGINE), order=np.zeros(0, np.int64), threads=2)
        assert_same_bits(net, case.net(ENGINE))


def test_rows_of_weight_zero_are_left_out() -> None:
    case = Case(5, [7, 2], ["Tanh", "Softmax"], {"rule": "adadelta", "loss": "crossentropy"}, weighted=True)
    off = np.arange(case.samples) % 3 == 1
    case.data["weight"][off] = 0
    rows = case.rows(ENGINE)
    assert_same_bits(train(case.net(ENGINE), rows), train(case.net(ENGINE), rows, order=np.flatnonzero(~off)))
