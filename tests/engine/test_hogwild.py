"""HOGWILD (Niu et al. 2011): threads train rows of their own on shared weights, without locks."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.engine.scoring import score

from .nets import ENGINES, assert_same_bits, configure, make_net, make_rows, parameters, snapshot, train

ENGINE = ENGINES["float32"]


def blobs(n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Three overlapping clouds in four dimensions."""
    rng = np.random.default_rng(4)
    label = rng.integers(0, 3, n)
    return rng.normal(0, 0.8, (n, 4)) + rng.normal(0, 1.2, (3, 4))[label], label


def logloss(net: object, rows: object) -> float:
    out = score(rows, snapshot(net))
    return float(-np.log(out[np.arange(rows.n), rows.label]).mean())


def run(threads: int, hogwild: bool, **settings: object) -> tuple[object, float]:
    x, label = blobs()
    rows = make_rows(ENGINE, x, label=label)
    order = np.concatenate([np.random.default_rng(i).permutation(rows.n) for i in range(8)])
    net = make_net(ENGINE, 4, [20, 20, 3], ["Rectifier", "Rectifier", "Softmax"], seed=2)
    net = configure(net, **{"rule": "adadelta", "loss": "crossentropy", "epsilon": 1e-6} | settings)
    train(net, rows, order=order, threads=threads, hogwild=hogwild)
    return net, logloss(net, rows)


@pytest.mark.parametrize("settings", [{}, {"max_w2": 1.0, "l1": 1e-5}, {"dropout": [0.2, 0.2], "max_w2": 3.0},
                                      {"rule": "momentum", "rates": 0.002, "momentum": 0.9}], ids=str)  # fmt: skip
@pytest.mark.parametrize("threads", [2, 4])
def test_learns_as_well_as_in_order(settings: dict, threads: int) -> None:
    _, start = run(1, False, rule="sgd", rates=0.0)
    _, ordered = run(1, False, **settings)
    net, loss = run(threads, True, **settings)
    assert all(np.isfinite(v).all() for pair in parameters(net) for v in pair)
    assert ordered < 0.5 * start
    assert loss < ordered + 0.2 * (start - ordered)
    if "max_w2" in settings:
        assert max((w**2).sum(axis=2).max() for w, _ in parameters(net)) < settings["max_w2"] * 1.5


def test_one_thread_is_the_ordered_run() -> None:
    assert_same_bits(run(1, True)[0], run(1, False)[0])


@pytest.mark.parametrize("threads", [1, 3])
def test_steps_far_beyond_max_w2(threads: int) -> None:
    """Each step overshoots the limit many times: the lazily scaled weights stay finite, and within reason of it."""
    rng = np.random.default_rng(0)
    rows = make_rows(ENGINE, rng.normal(0, 30, (200, 4)), label=rng.integers(0, 3, 200))
    net = configure(
        make_net(ENGINE, 4, [8, 3], ["Tanh", "Softmax"]), rates=5.0, loss="crossentropy", max_w2=0.5
    )
    train(net, rows, order=np.tile(np.arange(200), 10), threads=threads, hogwild=threads > 1)
    for w, b in parameters(net):
        assert np.isfinite(w).all() and np.isfinite(b).all()
    if threads == 1:
        assert max((w**2).sum(axis=2).max() for w, _ in parameters(net)) < 0.51
