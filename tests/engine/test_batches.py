"""Mini-batches beyond the sizes at which products are cut into parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from .cases import BATCH_RULES, Case
from .nets import ENGINES, assert_close, assert_same_bits, make_rows, parameters, train
from .test_levels import at_level, available


def large(kind: str, rule: str, samples: int = 300, **chosen: Any) -> Case:
    """More rows, inputs and units than one part of a product has."""
    settings = {"rule": rule, **BATCH_RULES[rule], "loss": "crossentropy", "dropout": [0.5, 0.5]} | chosen
    return Case(150, [140, 70, 20], [kind, kind, "Softmax"], settings, samples=samples, weighted=True)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(
    ("kind", "rule"), [("Rectifier", "adam"), ("Maxout", "momentum"), ("Tanh", "adadelta")]
)
def test_against_the_twin(kind: str, rule: str, threads: int) -> None:
    engine = ENGINES["float64"]
    case = large(kind, rule, input_dropout=0.2, l2=1e-3)
    net = train(
        case.net(engine, batches=True), case.rows(engine), threads=threads, batch_size=290, **case.masks
    )
    assert_close(net, case.train_twin(290), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("kind", ["Rectifier", "Maxout", "ExpRectifier"])
def test_any_number_of_threads(kind: str) -> None:
    """How rows are cut into tiles depends on the threads, what comes of them does not; masks are the engine's own."""
    engine = ENGINES["float32"]
    case = large(kind, "adam", samples=100, input_dropout=0.1)
    want = train(case.net(engine, batches=True), case.rows(engine), batch_size=37)
    for threads in (2, 5, 8):
        net = case.net(engine, batches=True)
        assert_same_bits(train(net, case.rows(engine), threads=threads, batch_size=37), want)


@pytest.mark.parametrize("kind", ["Rectifier", "Maxout"])
def test_levels_agree(kind: str) -> None:
    case = large(kind, "adam", samples=60)
    results = [at_level(x, case, ENGINES["float32"], 20) for x in available()]
    for other in results[1:]:
        assert_close(other, results[0], atol=5e-4)


def test_more_threads_than_rows() -> None:
    """Some have no rows, others no columns."""
    case = large("Rectifier", "adam", samples=5)
    engine = ENGINES["float32"]
    want = train(case.net(engine, batches=True), case.rows(engine), batch_size=3)
    assert_same_bits(train(case.net(engine, batches=True), case.rows(engine), threads=8, batch_size=3), want)


def test_more_rows_per_batch_than_there_are() -> None:
    case = large("Rectifier", "adam", samples=5)
    engine = ENGINES["float32"]
    want = train(case.net(engine, batches=True), case.rows(engine), batch_size=5)
    assert_same_bits(train(case.net(engine, batches=True), case.rows(engine), batch_size=10**9), want)


def test_no_rows_change_nothing() -> None:
    engine = ENGINES["float32"]
    case = large("Rectifier", "adam", samples=5)
    net = case.net(engine, batches=True)
    before = parameters(net)
    train(net, make_rows(engine, np.zeros((0, 150)), label=np.zeros(0)), batch_size=4, threads=2)
    assert_same_bits(net, before)
