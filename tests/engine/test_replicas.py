"""Copies of a network that threads train: kept from call to call, and as good as one thread however many there are."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from heavywater.engine.plan import EXCHANGED_TOGETHER
from heavywater.engine.rows import Rows
from heavywater.engine.scoring import score
from hypothesis import given
from hypothesis import strategies as st

from .nets import (
    ENGINES,
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
DIGITS = Path(__file__).parents[1] / "data" / "mnist"
SETTINGS = [{}, {"max_w2": 1.0, "l1": 1e-5}, {"dropout": [0.3, 0.2], "input_dropout": 0.1},
            {"rule": "momentum", "rates": 0.002, "momentum": 0.9}, {"rule": "sgd", "rates": 0.01},
            {"sparsity_beta": 0.1, "average_activation": 0.1}]  # fmt: skip


@cache
def small_rows() -> Rows:
    rng = np.random.default_rng(4)
    label = rng.integers(0, 3, 700)
    x = rng.normal(0, 0.8, (700, 4)) + rng.normal(0, 1.2, (3, 4))[label]
    return make_rows(ENGINE, x, label=label)


def fresh(settings: dict[str, Any]) -> Any:
    net = make_net(ENGINE, 4, [20, 20, 3], ["Rectifier", "Tanh", "Softmax"], seed=2)
    return configure(net, **{"rule": "adadelta", "loss": "crossentropy", "epsilon": 1e-6} | settings)


def go_on(net: Any, first: int, last: int, threads: int, exchange: int = 16) -> Any:
    order = np.random.default_rng(7).permutation(small_rows().n)[first:last]
    return train(net, small_rows(), order, first, threads, **own_rows(exchange))


def all_state(net: Any) -> list[dict[str, np.ndarray]]:
    return [net.state(i) for i in range(len(net.units))]


def assert_same_state(got: Any, want: Any) -> None:
    assert_same_bits(got, want)
    for mine, other in zip(all_state(got), all_state(want), strict=True):
        assert mine.keys() == other.keys()
        for name, values in mine.items():
            np.testing.assert_array_equal(values, other[name], err_msg=name)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@given(cuts=st.lists(st.integers(0, 700), max_size=6), threads=st.integers(2, 9), exchange=st.integers(1, 90))
def test_calls_of_any_length_are_one(
    settings: dict[str, Any], cuts: list[int], threads: int, exchange: int
) -> None:
    """Where a call ends neither makes the copies meet nor changes who trains what; the look at the weights' size neither."""
    one = go_on(fresh(settings), 0, 700, threads, exchange)
    ends = [0, *sorted(cuts), 700]
    net = fresh(settings)
    for first, last in zip(ends, ends[1:], strict=False):
        go_on(net, first, last, threads, exchange)
        net.magnitude(0)
    assert_same_state(net, one)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@given(at=st.integers(0, 700), threads=st.integers(2, 6), after=st.integers(1, 6))
def test_going_on_from_what_was_read(settings: dict[str, Any], at: int, threads: int, after: int) -> None:
    """A network made from weights and state that were read goes on as the one that they come from, with any threads."""
    net = go_on(fresh(settings), 0, at, threads)
    weights, state = parameters(net), all_state(net)
    other = fresh(settings)
    for i, (w, b) in enumerate(weights):
        other.set_weights(i, w, b)
        other.set_state(i, state[i])
    assert_same_state(other, net)
    assert_same_state(go_on(other, at, 700, after), go_on(net, at, 700, after))


@pytest.mark.parametrize("unit_major", [False, True])
@pytest.mark.parametrize(("before", "after"), [(1.0, 0.3), (0.3, 1.0), (None, 0.3), (0.3, None)])
def test_going_on_under_another_limit(before: float | None, after: float | None, unit_major: bool) -> None:
    """What is read while the copies know the old max_w2 is what all of them go on from."""
    settings = {"rule": "adadelta", "loss": "crossentropy", "epsilon": 1e-6}

    def made(max_w2: float | None) -> Any:
        net = make_net(ENGINE, 4, [20, 20, 3], ["Rectifier"] * 2 + ["Softmax"], seed=2, unit_major=unit_major)
        return configure(net, **settings, max_w2=max_w2)

    net = configure(go_on(made(before), 0, 333, 3), **settings, max_w2=after)
    other = made(after)
    weights, state = parameters(net), all_state(net)
    for i, (w, b) in enumerate(weights):
        assert after is None or np.square(w).sum(axis=2).max() < after * (1 + 1e-5)
        other.set_weights(i, w, b)
        other.set_state(i, state[i])
    assert_same_state(go_on(other, 333, 700, 3), go_on(net, 333, 700, 3))


@pytest.mark.parametrize("threads", [2, 5])
def test_weights_that_are_put_back(threads: int) -> None:
    """What the copies knew is gone when weights are set: the last good ones, or those of the best model."""
    net = go_on(fresh({}), 0, 300, threads)
    good = parameters(net)
    go_on(net, 300, 500, threads)
    for i, (w, b) in enumerate(good):
        net.set_weights(i, w, b)
    assert_same_bits(net, good)
    state = all_state(net)
    go_on(net, 500, 700, threads)
    other = fresh({})
    for i, (w, b) in enumerate(good):
        other.set_weights(i, w, b)
        other.set_state(i, state[i])
    assert_same_state(go_on(other, 500, 700, threads), net)


@pytest.mark.parametrize("threads", [2, 5])
def test_settings_of_the_next_iteration_reach_all_copies(threads: int) -> None:
    """A rate of 0 stands still, and elastic averaging pulls every copy towards the centre."""
    net = go_on(fresh({"rule": "sgd", "rates": 0.05}), 0, 300, threads)
    before = parameters(net)
    assert_same_bits(
        go_on(configure(net, rule="sgd", rates=0.0, loss="crossentropy"), 300, 600, threads), before
    )

    def distance(elastic: float) -> float:
        net = fresh({"rule": "sgd", "rates": 0.01})
        go_on(net, 0, 100, threads)
        for i, (w, b) in enumerate(parameters(fresh({}))):
            net.set_centre(i, w, b)
        configure(net, rule="sgd", rates=0.01, loss="crossentropy", elastic=elastic)
        go_on(net, 100, 700, threads)
        return float(
            sum(
                ((w - c) ** 2).sum()
                for (w, _), (c, _) in zip(parameters(net), parameters(fresh({})), strict=True)
            )
        )

    assert distance(0.5) < 0.8 * distance(0)


@pytest.mark.parametrize(("before", "after"), [({"max_w2": 1.0}, {}), ({}, {"max_w2": 1.0}),
                                               ({"rule": "sgd", "rates": 0.01}, {}),
                                               ({}, {"sparsity_beta": 0.1})], ids=str)  # fmt: skip
def test_other_settings_while_copies_are_apart(before: dict[str, Any], after: dict[str, Any]) -> None:
    net = go_on(fresh(before), 0, 333, 3)
    configure(net, **{"rule": "adadelta", "loss": "crossentropy", "epsilon": 1e-6} | after)
    go_on(net, 333, 700, 3)
    start, end = (
        score(small_rows(), snapshot(n))[np.arange(700), small_rows().label] for n in (fresh({}), net)
    )
    assert -np.log(end).mean() < 0.5 * -np.log(start).mean()


def test_exploded_copy_is_seen() -> None:
    """Before the copies meet: the look at the size of the weights after each call takes in all of them."""
    x = np.ones((4, 4))
    x[1] = 1e20  # the row of the second copy
    rows = make_rows(ENGINE, x, target=np.zeros(4))
    net = configure(make_net(ENGINE, 4, [5, 1], ["Rectifier", "Linear"]), rates=0.01, loss="gaussian")
    train(net, rows, threads=4, **own_rows(100))
    assert not max(net.magnitude(0)) < 1e10


@cache
def digits(which: str) -> Rows:
    table = pd.read_csv(DIGITS / f"{which}.csv.gz", header=None).to_numpy()
    return make_rows(ENGINE, table[:, :-1] / 255.0, sparse=True, label=table[:, -1])


def loss(threads: int, hidden: list[int], samples: int, **settings: Any) -> float:
    """Mean loss on digits after so many samples, early in training; mean of three starts."""
    rows, test = digits("train"), digits("test")
    apart = own_rows(EXCHANGED_TOGETHER // threads)
    found = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        order = np.concatenate([rng.permutation(rows.n) for _ in range(samples // rows.n)])
        net = make_net(ENGINE, 784, [*hidden, 10], ["Rectifier"] * len(hidden) + ["Softmax"], seed=seed)
        configure(net, **{"rule": "adadelta", "loss": "crossentropy", "epsilon": 1e-8} | settings)
        for first in range(0, len(order), 700):
            part = order[first : first + 700]
            train(net, rows, part, first, threads, **apart)
        out = score(test, snapshot(net))
        found.append(-np.log(out[np.arange(test.n), test.label] + 1e-9).mean())
    return float(np.mean(found))


@pytest.mark.parametrize("threads", [4, 8, 16])
@pytest.mark.parametrize("hidden", [[32, 32, 32], [64, 32]], ids=str)
def test_many_threads_learn_as_well_as_one(hidden: list[int], threads: int) -> None:
    """All of them train, however many processors there are: the engine itself never gives up threads."""
    start, alone = loss(1, hidden, 400, rule="sgd", rates=0.0), loss(1, hidden, 6000)
    assert alone < 0.5 * start
    assert loss(threads, hidden, 6000) < alone + 0.1 * (start - alone)


@pytest.mark.parametrize("threads", [4, 16])
def test_many_threads_are_as_quick_at_first(threads: int) -> None:
    """Copies that meet after 128 rows of each are far behind by then."""
    start, alone = loss(1, [64, 32], 400, rule="sgd", rates=0.0), loss(1, [64, 32], 2000)
    assert loss(threads, [64, 32], 2000) < alone + 0.1 * (start - alone)
