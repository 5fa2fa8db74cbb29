"""Members of a ring are lost, cut off, and come late, at any moment: nothing is lost but their speed."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.network import create, restore
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training import rounds, shared_worker
from heavywater.deeplearning.training.prepared import Prepared
from heavywater.deeplearning.training.shared_worker import SharedWorker
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from .failing_peers import ASKED, MEMBER_FAULTS, RING_FAULTS, Book, CountedLocal, FailingPeers, Fault

ROWS, EPOCHS = 400, 6
KINDS: dict[str, dict[str, Any]] = {
    "short rounds": {},
    "given rounds": {"train_samples_per_iteration": 500},
    "part of an epoch at the end": {"train_samples_per_iteration": 0, "epochs": EPOCHS - 0.4},
    "momentum": {"adaptive_rate": False, "rate": 0.02, "momentum_stable": 0.5},
    "batches": {"mini_batch_size": 8, "adaptive_rate": False, "rate": 0.1},
    "Adam": {"mini_batch_size": 8, "optimizer": "Adam", "rate": 0.01, "rate_schedule": "Cosine"},
    "elastic": {"elastic_averaging": True},
    "dropout": {"activation": "RectifierWithDropout", "hidden_dropout_ratios": [0.1]},
}


def prepared(kind: str) -> Prepared:
    r = np.random.default_rng(1)
    x = r.normal(size=(ROWS, 3))
    y = (x[:, 0] + x[:, 1] > np.abs(x[:, 2])).astype(int)
    frame = Frame(["a", "b", "c", "y"], [*(numeric(v) for v in x.T), enum(y, ["n", "p"])])
    fixed = {
        "hidden": [8],
        "epochs": EPOCHS,
        "seed": 5,
        "reproducible": True,
        "stopping_rounds": 0,
        "classification_stop": -1,
        "overwrite_with_best_model": False,
        "score_each_iteration": True,
    }
    return Prepared.of(validate({**fixed, **KINDS[kind]}, TrainingContext(frame, None, "y")), frame)


def trained(kind: str, members: int, faults: list[Fault]) -> tuple[Trainer, FailingPeers]:
    """Train; fails where it does not end."""
    given = prepared(kind)
    book = Book((EPOCHS + 3) * ROWS)
    peers = FailingPeers(given, members, faults, book)

    def run() -> Trainer:
        worker = SharedWorker(given, peers, 1)
        t = Trainer(given, threads=1, progress=lambda *_: None, cancelled=lambda: False, worker=worker)
        t.run()
        return t

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "FIXED_ROWS", 24)
        patch.setattr(shared_worker, "FIXED_ROWS", 50)
        patch.setattr(shared_worker, "MOST_PIECES", 3)
        patch.setattr(shared_worker, "LocalWorker", type("Local", (CountedLocal,), {"book": book}))
        pool = ThreadPoolExecutor(1)
        try:
            return pool.submit(run).result(timeout=60), peers
        finally:
            pool.shutdown(wait=False)
            peers.close()


def loss(t: Trainer) -> float:
    return t.state.events[-1].training["logloss"]


@functools.cache
def undisturbed(kind: str, members: int) -> float:
    return loss(trained(kind, members, [])[0])


def check(kind: str, members: int, faults: list[Fault]) -> tuple[Trainer, FailingPeers]:
    t, peers = trained(kind, members, faults)
    s = t.state
    assert s.samples == s.visited
    assert s.samples >= t.p.epochs * ROWS
    np.testing.assert_array_equal(peers.book.of(t.worker.net.buffer()), once(peers.book, s.visited))
    saved = t.checkpoint
    assert saved is not None
    net = create(t.prepared.topology, t.prepared.rows, t.p, ())
    restore(net, saved.network)
    np.testing.assert_array_equal(peers.book.of(net.buffer()), once(peers.book, saved.state.visited))
    assert saved.state.samples == saved.state.visited
    assert (
        loss(t) < undisturbed(kind, max(members, peers.most)) + 0.2
    )  # without learning it is 0.6; who comes when decides the rest
    return t, peers


def once(book: Book, visits: int) -> np.ndarray:
    found = book.none()
    found[:visits] = 1
    return found


at = st.integers(1, 12)
who = st.integers(0, 4)
faults = st.one_of(
    st.builds(Fault, st.sampled_from(MEMBER_FAULTS), st.integers(0, 12), who),
    st.builds(Fault, st.sampled_from(RING_FAULTS), st.integers(1, 5), who, st.integers(0, 5000)),
    st.builds(Fault, st.sampled_from(ASKED), at, who),
    st.builds(Fault, st.just("joins"), at),
)


# What comes seldom by itself: one has trained a piece, one has not, one is lost; nobody trains what a lost one had to train.
NOT_ALL = [Fault("silent", 1, 0), Fault("slow", 1, 1)]
NONE = [Fault("silent", 0, 0), Fault("slow", 1, 1), Fault("before", 1, 2)]


@example("given rounds", 3, NOT_ALL)
@example("short rounds", 3, NONE)
@example("given rounds", 3, NONE)
@settings(max_examples=40)
@given(st.sampled_from(sorted(KINDS)), st.integers(1, 4), st.lists(faults, max_size=8))
def test_whatever_happens_each_row_counts_once(kind: str, members: int, what: list[Fault]) -> None:
    _, peers = check(kind, members, what)
    event(f"{len(peers.ring)} left")
