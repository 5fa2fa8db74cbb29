"""What happens to the weights between two iterations: an elastic centre, or other machines that train the same network."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.encoding.data import DataSpec
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.deeplearning.training.averaging import Averaging, NetworkWeights, Pair
from heavywater.deeplearning.training.prepared import Prepared, Start
from heavywater.deeplearning.training.result import model_of
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame

ROWS = 300


def frame(rows: slice = slice(None)) -> Frame:
    random = np.random.default_rng(8)
    x, kind = random.normal(size=(ROWS, 3)), random.integers(0, 3, ROWS)
    y = x[:, 0] - x[:, 1] ** 2 + kind
    columns = [*(numeric(v[rows]) for v in (*x.T, y)), enum(kind[rows], ["a", "b", "c"])]
    return Frame(["a", "b", "c", "y", "kind"], columns)


def parameters(**given: Any) -> DeepLearningParameters:
    fixed = {"hidden": [7, 5], "epochs": 4, "seed": 3, "reproducible": True, "train_samples_per_iteration": 0}
    return validate({**fixed, **given}, TrainingContext(frame(), None, "y"))


def trainer(prepared: Prepared, averaging: Averaging | None = None) -> Trainer:
    return Trainer(
        prepared, threads=1, progress=lambda *_: None, cancelled=lambda: False, averaging=averaging
    )


def vector(t: Trainer) -> np.ndarray:
    return NetworkWeights(t.worker.net, t.prepared.topology).get()


@pytest.mark.parametrize(
    "given", [{}, {"activation": "Maxout"}, {"mini_batch_size": 8}, {"hidden": []}, {"max_w2": 1}], ids=str
)
def test_weights_are_one_vector(given: dict[str, Any]) -> None:
    t = trainer(Prepared.of(parameters(**given), frame()))
    t.run()
    weights = NetworkWeights(t.worker.net, t.prepared.topology)
    before = weights.get()
    assert before.flags.c_contiguous and before.shape == (t.prepared.topology.parameters,)
    for i, (w, b) in enumerate(weights.split(before)):
        np.testing.assert_array_equal(w, t.worker.net.weights(i))
        np.testing.assert_array_equal(b, t.worker.net.biases(i))
    np.testing.assert_array_equal(weights.joined(weights.split(before)), before)
    new = np.linspace(-1, 1, len(before), dtype=before.dtype)
    weights.put(new)
    np.testing.assert_array_equal(weights.get(), new)


class Ring:
    """Machines that take the mean of their weights, each counted by the rows it has trained, after each iteration."""

    def __init__(self, machines: int) -> None:
        self.given: list[tuple[np.ndarray, int]] = []
        self.mean = np.empty(0)
        self._meeting = threading.Barrier(machines, self._add, timeout=20)

    def _add(self) -> None:
        total = sum(samples for _, samples in self.given)
        self.mean = np.sum([w.astype(np.float64) * (n / total) for w, n in self.given], axis=0).astype(
            np.float32
        )
        self.given.clear()

    def exchange(self, weights: np.ndarray, samples: int) -> np.ndarray:
        self.given.append((weights, samples))
        self._meeting.wait()
        return self.mean


class Machine:
    """One of them: the protocol that a trainer calls."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self.samples: list[int] = []

    def begin(self, weights: NetworkWeights, saved: Sequence[Pair], within: bool) -> None:
        assert not saved and not within

    def end_iteration(self, weights: NetworkWeights, samples: int) -> None:
        self.samples.append(samples)
        weights.put(self.ring.exchange(weights.get(), samples))

    def saved(self, within: bool) -> list[Pair]:
        return []


def train_together(prepared: list[Prepared]) -> tuple[list[Trainer], list[Machine]]:
    ring = Ring(len(prepared))
    machines = [Machine(ring) for _ in prepared]
    trainers = [trainer(each, machine) for each, machine in zip(prepared, machines, strict=True)]
    threads = [threading.Thread(target=each.run) for each in trainers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return trainers, machines


def test_machines_with_the_same_rows_train_what_one_trains() -> None:
    p = parameters(overwrite_with_best_model=False)
    alone = trainer(Prepared.of(p, frame()))
    alone.run()
    trainers, machines = train_together([Prepared.of(p, frame()) for _ in range(2)])
    for t, machine in zip(trainers, machines, strict=True):
        np.testing.assert_array_equal(vector(t), vector(alone))
        assert machine.samples == [ROWS] * 4


def test_machines_with_parts_of_the_rows_end_with_the_same_model() -> None:
    """Each has rows of its own, and knows the columns as they are in all rows."""
    p = parameters(overwrite_with_best_model=False, epochs=30)
    whole = DataSpec.fit(frame(), p)
    parts = [frame(slice(None, 180)), frame(slice(180, None))]
    prepared = [Prepared.with_spec(p, whole, each, None, Start()) for each in parts]
    assert [each.epoch_rows for each in prepared] == [180, 120]
    trainers, machines = train_together(prepared)
    np.testing.assert_array_equal(vector(trainers[0]), vector(trainers[1]))
    assert [machine.samples for machine in machines] == [[180] * 30, [120] * 30]
    model = model_of("together", trainers[0])
    found, y = model.predict(frame())[0].columns[0].values, frame().column("y").values
    assert np.corrcoef(found, y)[0, 1] > 0.7


def test_an_elastic_centre_follows_the_weights() -> None:
    p = parameters(elastic_averaging=True, elastic_averaging_moving_rate=0.25, score_each_iteration=True,
                   overwrite_with_best_model=False)  # fmt: skip
    seen: list[np.ndarray] = []
    t = trainer(Prepared.of(p, frame()))
    t.after_scoring = lambda _: seen.append(vector(t))
    begin = vector(t)
    t.run()
    centre = begin
    for weights in seen:
        centre = 0.25 * weights + 0.75 * centre
    found = np.concatenate([each.reshape(-1) for pair in t.averaging.saved(within=True) for each in pair])
    np.testing.assert_allclose(found, centre, rtol=1e-5, atol=1e-7)
    assert len(seen) == 4 and not np.array_equal(found, seen[-1])
