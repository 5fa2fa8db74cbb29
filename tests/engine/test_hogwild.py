"""Threads that train rows of their own: on shared weights without locks (HOGWILD, Niu et al. 2011), or on copies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.engine.rows import Rows
from heavywater.engine.scoring import score

from .nets import (
    ENGINES,
    assert_close,
    assert_same_bits,
    configure,
    make_net,
    make_rows,
    own_rows,
    parameters,
    snapshot,
    train,
)

ENGINE = ENGINES["float32"]
ROUNDING = 1 + 1e-5  # what max_w2 may be passed by
LATE = 10**6  # samples after which copies meet as rarely as they are told to


def blobs(n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Three overlapping clouds in four dimensions."""
    rng = np.random.default_rng(4)
    label = rng.integers(0, 3, n)
    return rng.normal(0, 0.8, (n, 4)) + rng.normal(0, 1.2, (3, 4))[label], label


def logloss(net: Any, rows: Rows) -> float:
    out = score(rows, snapshot(net))
    return float(-np.log(out[np.arange(rows.n), rows.label]).mean())


def largest_norm(net: Any) -> float:
    """The largest sum of squared incoming weights of a unit."""
    return float(max(np.square(w, dtype=np.float64).sum(axis=2).max() for w, _ in parameters(net)))


def run(threads: int, apart: bool, exchange: int = 0, **settings: object) -> tuple[object, float]:
    x, label = blobs()
    rows = make_rows(ENGINE, x, label=label)
    order = np.concatenate([np.random.default_rng(i).permutation(rows.n) for i in range(8)])
    net = make_net(ENGINE, 4, [20, 20, 3], ["Rectifier", "Rectifier", "Softmax"], seed=2)
    net = configure(net, **{"rule": "adadelta", "loss": "crossentropy", "epsilon": 1e-6} | settings)
    train(net, rows, order=order, threads=threads, **(own_rows(exchange) if apart else {}))
    return net, logloss(net, rows)


@pytest.mark.parametrize("settings", [{}, {"max_w2": 1.0, "l1": 1e-5}, {"dropout": [0.2, 0.2], "max_w2": 3.0},
                                      {"rule": "momentum", "rates": 0.002, "momentum": 0.9}], ids=str)  # fmt: skip
@pytest.mark.parametrize("exchange", [0, 16])
@pytest.mark.parametrize("threads", [2, 4])
def test_learns_as_well_as_in_order(settings: dict, threads: int, exchange: int) -> None:
    _, start = run(1, False, rule="sgd", rates=0.0)
    _, ordered = run(1, False, **settings)
    net, loss = run(threads, True, exchange, **settings)
    assert all(np.isfinite(v).all() for pair in parameters(net) for v in pair)
    assert ordered < 0.5 * start
    assert loss < ordered + 0.2 * (start - ordered)
    if "max_w2" in settings:
        assert largest_norm(net) < settings["max_w2"] * ROUNDING


def test_one_thread_is_the_ordered_run() -> None:
    assert_same_bits(run(1, True)[0], run(1, False)[0])
    assert_same_bits(run(1, True, exchange=16)[0], run(1, False)[0])


def in_order(x: np.ndarray, label: np.ndarray, copies: int = 1, exchange: int = 0, **settings: object) -> Any:
    net = make_net(ENGINE, 4, [5, 3], ["Rectifier", "Softmax"], seed=2)
    configure(net, loss="crossentropy", **settings)
    rows = make_rows(ENGINE, x, label=label)
    return train(net, rows, first=copies * LATE, threads=copies, **own_rows(exchange))


@pytest.mark.parametrize("settings", [{"rule": "adadelta"}, {"rule": "momentum", "rates": 0.01, "momentum": 0.9},
                                      {"rule": "sgd", "rates": 0.01}], ids=lambda s: s["rule"])  # fmt: skip
def test_copies_that_made_the_same_step_are_averaged(settings: dict) -> None:
    """Each thread sees the same rows: all copies change alike, and what is left is the run of one thread."""
    x, label = blobs(40)
    one = in_order(x, label, **settings)
    three = in_order(np.repeat(x, 3, axis=0), np.repeat(label, 3), 3, 1000, **settings)
    assert_close(three, one, rtol=1e-4, atol=1e-6)
    for i in range(2):
        for name, values in one.state(i).items():
            np.testing.assert_allclose(three.state(i)[name], values, rtol=1e-4, atol=1e-7, err_msg=name)


def test_independent_changes_are_added() -> None:
    """Two threads whose rows touch different inputs: the first layer gets the changes of both."""
    rng = np.random.default_rng(1)
    x = np.zeros((600, 4 * 600))
    for i in range(600):  # inputs of its own for each row: blocks of neighbours change in one copy only
        x[i, 4 * i : 4 * i + 4] = rng.normal(size=4)
    rows = make_rows(ENGINE, x, label=rng.integers(0, 3, 600), sparse=True)
    settings = {"rule": "sgd", "rates": 1e-4, "loss": "crossentropy"}

    def change(threads: int) -> np.ndarray:
        net = configure(make_net(ENGINE, x.shape[1], [16, 3], ["Tanh", "Softmax"]), **settings)
        before = net.weights(0)
        order = np.arange(600).reshape(2, 300).T.ravel()  # the first half of the rows is for the first thread
        train(net, rows, order=order, first=LATE, threads=threads, **own_rows(300))
        return net.weights(0) - before

    one = change(1)
    assert np.linalg.norm(change(2) - one) < 0.05 * np.linalg.norm(one)


@pytest.mark.parametrize("threads", [2, 3, 7])
@pytest.mark.parametrize("settings", [{}, {"max_w2": 1.0}], ids=str)
def test_copies_do_not_depend_on_timing(threads: int, settings: dict) -> None:
    first, loss = run(threads, True, 5, **settings)
    assert np.isfinite(loss)
    assert_same_bits(run(threads, True, 5, **settings)[0], first)


@pytest.mark.parametrize(("threads", "exchange"), [(2, 256), (8, 64)])
def test_copies_stay_stable_where_each_would_converge_alone(threads: int, exchange: int) -> None:
    """Adding steps that all copies made would overshoot further with each exchange."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(8000, 10))
    target = x @ rng.normal(size=10) / 3
    rows = make_rows(ENGINE, x, target=target)

    def mse(n: int) -> float:
        net = make_net(ENGINE, 10, [20, 1], ["Tanh", "Linear"], seed=2)
        configure(net, rule="sgd", rates=0.005, loss="gaussian")
        order = np.tile(np.arange(8000), 3)
        train(net, rows, order=order, first=LATE, threads=n, **own_rows(exchange))
        return float(np.mean((score(rows, snapshot(net))[:, 0] - target) ** 2))

    assert mse(1) < 0.02 * target.var()
    assert mse(threads) < 0.02 * target.var()


@pytest.mark.parametrize("exchange", [0, 16])
@pytest.mark.parametrize("threads", [1, 3])
def test_steps_far_beyond_max_w2(threads: int, exchange: int) -> None:
    """Each step overshoots the limit many times: weights stay finite, and within it."""
    rng = np.random.default_rng(0)
    rows = make_rows(ENGINE, rng.normal(0, 30, (200, 4)), label=rng.integers(0, 3, 200))
    net = configure(
        make_net(ENGINE, 4, [8, 3], ["Tanh", "Softmax"]), rates=5.0, loss="crossentropy", max_w2=0.5
    )
    train(net, rows, order=np.tile(np.arange(200), 10), threads=threads, **own_rows(exchange))
    for w, b in parameters(net):
        assert np.isfinite(w).all() and np.isfinite(b).all()
    assert largest_norm(net) < 0.5 * ROUNDING


@pytest.mark.parametrize("exchange", [0, 16])
@pytest.mark.parametrize("unit_major", [False, True])
@pytest.mark.parametrize(("units", "kind"), [(20, "Rectifier"), (20, "Maxout"), (520, "Tanh")])
def test_max_w2_holds_after_a_long_call(units: int, kind: str, unit_major: bool, exchange: int) -> None:
    """Whatever the threads do and however the weights lie: what a race loses of the norms does not add up."""
    x, label = blobs()
    rows = make_rows(ENGINE, x, label=label)
    net = make_net(ENGINE, 4, [units, 20, 3], [kind, kind, "Softmax"], seed=2, unit_major=unit_major)
    configure(net, rule="adadelta", epsilon=1e-6, loss="crossentropy", max_w2=0.7)
    order = np.random.default_rng(1).integers(0, rows.n, 20_000 if units < 100 else 2000)
    train(net, rows, order=order, threads=4, **own_rows(exchange))
    assert 0.6 < largest_norm(net) < 0.7 * ROUNDING
    train(net, rows, first=len(order), threads=4, **own_rows(exchange))
    assert largest_norm(net) < 0.7 * ROUNDING
