"""Processes that train the same network on rows of their own, over a ring of sockets."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.parameters.validation import DeepLearningParameters
from heavywater.deeplearning.training.averaging import NetworkWeights
from heavywater.deeplearning.training.averaging_rule import AveragingRule
from heavywater.deeplearning.training.prepared import Prepared
from heavywater.deeplearning.training.ring_averaging import RingAveraging
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.engine._ring import Ring

from .test_averaging import ROWS, frame, parameters, trainer, vector

ROOT = Path(__file__).parents[3]


@cache
def together(ranks: int, rule: str) -> list[dict[str, Any]]:
    """What each of so many processes says of its training, which sees the same number of rows in all."""
    given = {"epochs": 4, "train_samples_per_iteration": 100}
    with ExitStack() as stack:
        pairs = [socket.socketpair() for _ in range(ranks)]
        processes = []
        for rank in range(ranks):
            ends = pairs[rank - 1][1].fileno(), pairs[rank][0].fileno()
            told = {
                "rank": rank,
                "ranks": ranks,
                "left": ends[0],
                "right": ends[1],
                "rule": rule,
                "given": given,
            }
            command = [sys.executable, "-m", "tests.deeplearning.training.ring_member", json.dumps(told)]
            process = subprocess.Popen(command, cwd=ROOT, pass_fds=ends, text=True, stdout=subprocess.PIPE)
            processes.append(stack.enter_context(process))
        for end in (each for pair in pairs for each in pair):
            end.close()
        return [json.loads(process.communicate(timeout=120)[0]) for process in processes]


@pytest.mark.parametrize("rule", ["average", "adaptive", "guided"])
def test_processes_end_with_the_same_weights(rule: str) -> None:
    one, other = together(2, rule)
    assert one == other
    assert (one["samples"], one["rounds"]) == (800, 9)


@pytest.mark.parametrize("rule", ["adaptive", "guided"])
def test_rules_that_add_lose_less_than_the_mean(rule: str) -> None:
    """Two processes that train as many rows as one together; all begin alike."""
    (alone,) = together(1, "average")
    average, adding = together(2, "average")[0], together(2, rule)[0]
    assert alone["samples"] == average["samples"] * 2 == adding["samples"] * 2
    assert alone["loss"] < adding["loss"] < average["loss"] - 0.1


def ring_of(n: int) -> tuple[ExitStack, list[Ring]]:
    stack = ExitStack()
    pairs = [socket.socketpair() for _ in range(n)]
    for end in (each for pair in pairs for each in pair):
        stack.enter_context(end)
    return stack, [Ring(r, n, pairs[r - 1][1].fileno(), pairs[r][0].fileno()) for r in range(n)]


def train_together(p: DeepLearningParameters, n: int, rule: str) -> tuple[list[Trainer], list[RingAveraging]]:
    """Members in threads of their own, all with the same rows."""
    stack, rings = ring_of(n)
    averaging = [RingAveraging(ring, rule=AveragingRule(rule), timeout=20) for ring in rings]

    def run(each: RingAveraging) -> Trainer:
        t = trainer(Prepared.of(p, frame()), each)
        t.run()
        return t

    with stack, ThreadPoolExecutor(n) as pool:
        return list(pool.map(run, averaging)), averaging


@pytest.mark.parametrize(
    "given", [{}, {"activation": "Maxout"}, {"mini_batch_size": 8}, {"max_w2": 1.0}], ids=str
)
@pytest.mark.parametrize("rule", ["average", "adaptive", "guided"])
def test_members_with_the_same_rows_train_what_one_trains(given: dict[str, Any], rule: str) -> None:
    """What all have done alike is done once."""
    p = parameters(overwrite_with_best_model=False, **given)
    (one,), _ = train_together(p, 1, rule)
    trainers, averaging = train_together(p, 2, rule)
    for t in trainers:
        np.testing.assert_allclose(vector(t), vector(one), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(vector(trainers[0]), vector(trainers[1]))
    assert [each.rounds for each in averaging] == [5, 5]
    assert trainers[0].state.samples == 4 * ROWS


def test_a_member_whose_round_fails_keeps_its_weights() -> None:
    p = parameters()
    stack, rings = ring_of(2)
    nets = [trainer(Prepared.of(p, frame())) for _ in rings]
    weights = [NetworkWeights(t.worker.net, t.prepared.topology) for t in nets]
    averaging = [RingAveraging(ring, timeout=20) for ring in rings]
    with stack:
        with ThreadPoolExecutor(2) as pool:
            list(
                pool.map(lambda pair: pair[0].begin(pair[1], [], False), zip(averaging, weights, strict=True))
            )
        weights[0].put(np.linspace(-1, 1, len(weights[0].get()), dtype=np.float32))
        before = weights[0].get()
        averaging[0].timeout = 0.2
        with pytest.raises(TimeoutError, match="rank 1"):
            averaging[0].end_iteration(weights[0], 10)
    np.testing.assert_array_equal(weights[0].get(), before)
    assert averaging[0].rounds == 1
