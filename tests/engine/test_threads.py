"""Threads share out the units of every layer and change no bit of the result."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from heavywater.engine import threads as thread_numbers
from hypothesis import given
from hypothesis import strategies as st

from .cases import RULES, Case, cases, few, steady
from .nets import ENGINES, assert_close, assert_same_bits, configure, make_net, make_rows, parameters, train

ENGINE = ENGINES["float32"]


def wide_case(rule: str, hidden: list[int], kind: str = "Rectifier", **settings: object) -> Case:
    """A few rows through wide layers, with everything on that could depend on the threads."""
    base = {
        "loss": "crossentropy",
        "rule": rule,
        "max_w2": 1.0,
        "l1": 1e-5,
        "dropout": [0.5] * len(hidden),
        "input_dropout": 0.2,
    }
    return Case(
        50, [*hidden, 30], [kind] * len(hidden) + ["Softmax"], base | RULES[rule] | settings, samples=12
    )


@few
@given(cases(largest=100), st.booleans(), st.sampled_from([2, 3, 5]), st.booleans())
def test_any_number_of_threads(case: Case, unit_major: bool, threads: int, sparse: bool) -> None:
    """The engine's own dropout masks included."""
    rows = case.rows(ENGINE, sparse=sparse)
    want = steady(train(case.net(ENGINE, unit_major=unit_major), rows))
    assert_same_bits(train(case.net(ENGINE, unit_major=unit_major), rows, threads=threads), want)


@pytest.mark.parametrize("unit_major", [False, True], ids=["input_major", "unit_major"])
@pytest.mark.parametrize("kind", ["Rectifier", "Maxout", "Tanh"])
@pytest.mark.parametrize("hidden", [[600, 40], [1100, 600], [40, 1100]], ids=str)
def test_wide_layers(hidden: list[int], kind: str, unit_major: bool) -> None:
    """Groups of 16, 64 and 128 columns."""
    case = wide_case("adadelta", hidden, kind)
    rows = case.rows(ENGINE)
    want = train(case.net(ENGINE, unit_major=unit_major), rows)
    for threads in (2, 3, 5):
        assert_same_bits(train(case.net(ENGINE, unit_major=unit_major), rows, threads=threads), want)


@pytest.mark.parametrize("hidden", [[600], [1100, 600]], ids=str)
def test_wide_layers_against_the_twin(hidden: list[int]) -> None:
    engine = ENGINES["float64"]
    case = wide_case("momentum", hidden)
    for unit_major in (False, True):
        net = train(case.net(engine, unit_major=unit_major), case.rows(engine), threads=3, **case.masks)
        assert_close(net, case.train_twin(1), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("classes", [3, 40, 700])
def test_output_layer_alone(classes: int) -> None:
    """Without hidden layers the softmax of one row must not meet the outputs of the next."""
    rng = np.random.default_rng(0)
    rows = make_rows(ENGINE, rng.normal(0, 1, (600, 4)), label=rng.integers(0, classes, 600))

    def run(threads: int) -> object:
        net = configure(make_net(ENGINE, 4, [classes], ["Softmax"]), loss="crossentropy", rates=0.5)
        return train(net, rows, threads=threads)

    want = run(1)
    for threads in (2, 3, 5):
        assert_same_bits(run(threads), want)


@few
@given(cases(largest=60), st.booleans(), st.sampled_from([1, 3]), st.lists(st.integers(0, 23), max_size=4))
def test_slices(case: Case, unit_major: bool, threads: int, cuts: list[int]) -> None:
    """A run cut into several calls is the same run."""
    rows = case.rows(ENGINE)
    want = steady(train(case.net(ENGINE, unit_major=unit_major), rows))
    net = case.net(ENGINE, unit_major=unit_major)
    edges = [0, *sorted(cuts), case.samples]
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        train(net, rows, order=np.arange(first, last), first=first, threads=threads)
        configure(net, **case.settings)
        parameters(net)
    assert_same_bits(net, want)


@pytest.mark.parametrize("units", [5, 530])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_looks_at_weights_under_max_w2(units: int, precision: str) -> None:
    """Columns are brought back after fixed rows, wherever calls end; to look changes nothing, and shows what is allowed."""
    engine = ENGINES[precision]
    rng = np.random.default_rng(0)
    rows = make_rows(engine, rng.normal(0, 1, (50, 3)), target=rng.normal(0, 9, 50))
    order = rng.integers(0, 50, 500 if units < 100 else 100)

    def start() -> Any:
        net = make_net(engine, 3, [units, 7, 1], ["Rectifier", "Maxout", "Linear"])
        return configure(net, rule="adadelta", max_w2=0.3, epsilon=1e-4)

    def largest(net: Any) -> float:
        return float(max(np.square(w, dtype=np.float64).sum(axis=2).max() for w, _ in parameters(net)))

    want, net = train(start(), rows, order=order), start()
    for first, last in itertools.pairwise([0, 1, 31, 33, 70, len(order)]):
        assert largest(net) <= 0.3
        train(net, rows, order=order[first:last], first=first, threads=2)
    assert 0.25 < largest(net) <= 0.3
    assert_same_bits(net, want)
    again = start()  # a restart with what was shown
    for i in range(3):
        again.set_weights(i, net.weights(i), net.biases(i))
        again.set_state(i, net.state(i))
    configure(net, rule="adadelta", max_w2=0.3, epsilon=1e-4)
    assert_same_bits(train(again, rows, first=500), train(net, rows, first=500))


def test_slices_of_a_long_run() -> None:
    """Whatever the slices."""
    rng = np.random.default_rng(0)
    rows = make_rows(ENGINE, rng.normal(0, 1, (50, 3)), target=rng.normal(0, 1, 50))
    order = rng.integers(0, 50, 20_000)

    def start() -> object:
        return configure(make_net(ENGINE, 3, [5, 1], ["Rectifier", "Linear"]), max_w2=0.5, rates=0.05)

    want, net = train(start(), rows, order=order), start()
    for first, last in ((0, 8191), (8191, 8193), (8193, 16_384), (16_384, 20_000)):
        train(net, rows, order=order[first:last], first=first, threads=2)
    assert_same_bits(net, want)


@few
@given(cases(), st.sampled_from([2, 5]), st.integers(0, 5))
def test_slices_of_mini_batches(case: Case, size: int, cut: int) -> None:
    rows = case.rows(ENGINE)
    want = steady(train(case.net(ENGINE, batches=True), rows, batch_size=size))
    net = case.net(ENGINE, batches=True)
    middle = min(cut * size, case.samples)
    train(net, rows, order=np.arange(middle), batch_size=size)
    train(net, rows, order=np.arange(middle, case.samples), first=middle, batch_size=size)
    assert_same_bits(net, want)


def test_more_threads_than_processors() -> None:
    """Ends, also where most threads own nothing, and gives the same bits."""
    case = wide_case("adadelta", [150, 80])
    rows = case.rows(ENGINE)
    order = np.tile(np.arange(case.samples), 30)
    want = train(case.net(ENGINE), rows, order=order)
    for threads in (8, 40):
        assert_same_bits(train(case.net(ENGINE), rows, order=order, threads=threads), want)


@pytest.mark.parametrize("batch_size", [1, 5])
def test_several_python_threads_train_at_once(batch_size: int) -> None:
    case = wide_case("adadelta", [100, 60])
    rows = case.rows(ENGINE)
    order = np.tile(np.arange(case.samples), 20)

    def run(_: int) -> list:
        return parameters(
            train(
                case.net(ENGINE, batches=batch_size > 1), rows, order=order, threads=3, batch_size=batch_size
            )
        )

    want = run(0)
    with ThreadPoolExecutor(4) as pool:
        for got in pool.map(run, range(8)):
            assert_same_bits(got, want)


def in_forked_child(work: Callable[[], bytes]) -> bytes:
    """What work() returns in a forked child; fails if the child hangs."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        answer = b"failed"
        try:
            answer = work()
        finally:
            os.write(into, answer)
            os._exit(0)
    os.close(into)
    ends = time.monotonic() + 60
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        if time.monotonic() > ends:
            os.kill(child, 9)
            os.waitpid(child, 0)
            pytest.fail("the forked child hangs")
        time.sleep(0.01)
    with os.fdopen(out, "rb") as pipe:
        return pipe.read()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("width", [20, 1100])
def test_forked_child(width: int) -> None:
    """A child can train although OpenMP's threads do not survive a fork; its weights are its own, the parent keeps its."""
    case = wide_case("adadelta", [width, 600 if width > 100 else 20])
    rows, net = case.rows(ENGINE), case.net(ENGINE)
    train(net, rows, threads=2)
    before = parameters(net)

    def work() -> bytes:
        threads = thread_numbers.resolve(4)
        train(net, rows, first=case.samples, threads=threads)
        return b"%d %.9e" % (threads, np.abs(net.weights(0)).sum())

    threads, total = in_forked_child(work).split()
    assert int(threads) == 1
    assert_same_bits(net, before)
    train(net, rows, first=case.samples, threads=2)
    assert float(total) == pytest.approx(float(np.abs(net.weights(0)).sum()), rel=1e-8)


def test_resolve() -> None:
    assert thread_numbers.resolve(3) == 3
    assert thread_numbers.resolve(-1) == thread_numbers.resolve(None) == thread_numbers.available() >= 1


LIMITED = """
import numpy as np
from tests.engine.nets import ENGINES, make_net, make_rows, configure, own_rows, train
rows = make_rows(ENGINES["float32"], np.ones((40, 3)), target=np.ones(40))
for batches in (False, True):
    net = configure(make_net(ENGINES["float32"], 3, [100, 1], ["Tanh", "Linear"], batches=batches))
    train(net, rows, threads=4, batch_size=8 if batches else 1)
    if not batches:
        train(net, rows, threads=4, **own_rows())
        train(net, rows, threads=4, **own_rows(4))
print("done")
"""


@pytest.mark.parametrize(
    "limit", [{"OMP_THREAD_LIMIT": "1"}, {"OMP_THREAD_LIMIT": "2"}, {"OMP_DYNAMIC": "true"}], ids=str
)
def test_fewer_threads_than_asked_for(limit: dict[str, str]) -> None:
    """OpenMP may grant less than was asked for: the missing threads must not be waited for."""
    env = os.environ | limit | {"PYTHONPATH": os.pathsep.join([os.getcwd(), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "done", done.stderr
