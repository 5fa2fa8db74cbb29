"""What the engine makes of rows equals, but for rounding, what NumPy makes of them, whatever their number."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from heavywater.engine import _net32, scoring
from heavywater.engine.rows import Rows
from heavywater.engine.scoring import COMPILED_BLOCK, JointSnapshot, Snapshot, score

from .nets import HIDDEN, make_net, make_ramp_rows, make_raw_rows, make_rows, snapshot

N = 2 * COMPILED_BLOCK + 19


def the_rows(kind: str, n: int = N, inputs: int = 23) -> Rows:
    rng = np.random.default_rng(5)
    category = rng.integers(-1, 5, (n, 2))
    raw = rng.integers(0, 256, (n, inputs)) * (rng.random((n, inputs)) < 0.3)
    numbers: dict[str, Any] = {"category": category, "category_units": 5, "may_collide": True}
    if kind == "bytes":
        return make_raw_rows(_net32, raw.astype(np.uint8), rng.normal(0, 1, inputs), np.full(inputs, 0.01))
    if kind == "sparse bytes":
        return make_raw_rows(
            _net32, raw.astype(np.uint8), np.zeros(inputs), np.full(inputs, 0.01), sparse=True
        )
    if kind == "categories":
        return make_rows(_net32, **numbers)
    if kind == "ramps":
        spans = [0, 3, 4, 9]
        return make_ramp_rows(_net32, spans, rng.uniform(0, 1, (n, 3)) * np.diff(spans), **numbers)
    return make_rows(_net32, raw / 100, sparse=kind == "sparse", **numbers)


ROWS = ["bytes", "sparse bytes", "categories", "dense", "sparse", "ramps"]


def a_net(rows: Rows, kinds: list[str], units: tuple[int, ...] = (17, 33, 4), seed: int = 0) -> Snapshot:
    rng = np.random.default_rng(seed)
    net = make_net(_net32, rows.inputs, list(units), kinds)
    for i, n in enumerate(units):
        channels, _, before = net.weights(i).shape
        net.set_weights(i, rng.normal(0, 0.4, (channels, n, before)), rng.normal(0, 0.4, (channels, n)))
    return snapshot(net, [0.5, 0.8, 1.0])


def by_numpy(monkeypatch: pytest.MonkeyPatch, *given: Any, **settings: Any) -> np.ndarray:
    with monkeypatch.context() as patch:
        patch.setattr(scoring.ReadyNetwork, "compiled", lambda ready, rows: False)
        return score(*given, **settings)


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_rows_of_every_form(kind: str, depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = the_rows(kind)
    net = a_net(rows, ["Rectifier", "Tanh", "Softmax"])
    got = score(rows, net, depth=depth)
    np.testing.assert_allclose(got, by_numpy(monkeypatch, rows, net, depth=depth), rtol=1e-4, atol=2e-5)
    assert got.dtype == np.float32


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("last", ["Softmax", "Linear", "Tanh", "Maxout"])
def test_every_activation_and_joint_networks(hidden: str, last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = the_rows("dense")
    members = [a_net(rows, [hidden, hidden, last], seed=seed) for seed in (1, 2, 3)]
    for net in (members[0], JointSnapshot(members)):
        for depth in (2, 3):
            want = by_numpy(monkeypatch, rows, net, depth=depth)
            np.testing.assert_allclose(score(rows, net, depth=depth), want, rtol=1e-4, atol=5e-5)


@pytest.mark.parametrize("kind", ROWS)
def test_threads_and_neighbours_change_no_bit(kind: str) -> None:
    rows = the_rows(kind)
    net = a_net(rows, ["Rectifier", "ExpRectifier", "Linear"])
    want = score(rows, net)
    np.testing.assert_array_equal(score(rows, net, threads=3), want)
    for some in ([7], [N - 1, 0], range(3, 40), range(5, 5 + COMPILED_BLOCK)):
        np.testing.assert_array_equal(score(rows.take(np.array(some)), net), want[some])


@pytest.mark.parametrize("last", ["Softmax", "Linear", "Tanh"])
def test_a_row_alone_and_among_others_of_wide_and_joint_networks(last: str) -> None:
    rows = the_rows("dense", 70, 300)
    members = [a_net(rows, ["Maxout", "Tanh", last], (150, 70, 40), seed) for seed in (1, 2)]
    for net in members[0], JointSnapshot(members):
        want = score(rows, net)
        for k in (0, 33, 69):
            np.testing.assert_array_equal(score(rows.take(np.array([k])), net)[0], want[k])


def test_zeros_that_are_stored_and_those_that_are_not() -> None:
    """A row has the same bits in a frame that is stored sparse."""
    dense, sparse = the_rows("dense"), the_rows("sparse")
    net = a_net(dense, ["Rectifier", "Tanh", "Softmax"], (150, 33, 4))
    np.testing.assert_array_equal(score(sparse, net), score(dense, net))


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("n", [1, N])
def test_pending_numbers_change_no_bit(n: int, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = the_rows("bytes", n)
    dense = rows.dense
    assert dense is not None
    later = dataclasses.replace(rows, dense=None, pending=lambda lo, hi: dense[lo:hi].copy())
    net = a_net(rows, ["Rectifier", "Tanh", "Softmax"])
    assert (score(later, net, threads=threads) == score(rows, net)).all()
    by_hand = by_numpy(monkeypatch, rows, net)
    assert (by_numpy(monkeypatch, later, net, threads=threads) == by_hand).all()


def test_the_engine_is_asked_where_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = the_rows("dense")
    ready = scoring.ReadyNetwork(a_net(rows, ["Tanh", "Tanh", "Linear"]), np.float32)
    assert ready.compiled(rows) and ready.compiled(rows.take(np.arange(1)))
    assert not scoring.ReadyNetwork(ready.net, np.float64).compiled(rows)
    assert rows.dense is not None
    doubles = rows.with_columns(rows.dense.astype(np.float64))
    turned = rows.with_columns(np.asfortranarray(rows.dense))
    for other in (doubles, turned):
        assert not ready.compiled(other)
        np.testing.assert_allclose(score(other, ready.net), score(rows, ready.net), rtol=1e-4, atol=2e-5)


def test_a_network_for_single_rows_does_not_score() -> None:
    rows = the_rows("dense")
    net = make_net(_net32, rows.inputs, [3], ["Linear"])
    with pytest.raises(ValueError, match="batches=True"):
        net.forward(rows, 0, 2, 1, np.ones(1, np.float32))
