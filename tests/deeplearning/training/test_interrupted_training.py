"""A run that is stopped anywhere goes on as if nothing had happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training import runner
from heavywater.deeplearning.training.checkpoint import check_restart
from heavywater.deeplearning.training.prepared import Prepared, Start
from heavywater.deeplearning.training.result import model_of
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.errors import InvalidArgument, UnstableModel
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame
from heavywater.frame.sharded_frame import whole


def frame() -> Frame:
    random = np.random.default_rng(5)
    x = random.normal(size=(400, 3))
    y = np.where(random.random(400) < 0.1, np.nan, x[:, 0] - x[:, 1] ** 2)
    return Frame(["a", "b", "c", "y"], [numeric(v) for v in (*x.T, y)])


def run(slices: int | None, checkpoint: DeepLearningModel | None = None, **parameters: Any) -> Trainer:
    """Train; after so many slices of a part of an iteration somebody stops the run."""
    context = TrainingContext(frame(), None, "y")
    given = {"hidden": [6], "epochs": 5, "seed": 2, "reproducible": True, "stopping_rounds": 0, **parameters}
    p = validate(given, context)
    if checkpoint is not None:
        p = check_restart(p, context, checkpoint)
    left = [slices]

    def progress(fraction: float, message: str) -> None:
        if left[0] is not None:
            left[0] -= 1

    prepared = Prepared.of(p, whole(context.frame), start=Start(checkpoint=checkpoint))
    trainer = Trainer(
        prepared, threads=1, progress=progress, cancelled=lambda: left[0] is not None and left[0] <= 0
    )
    trainer.run()
    return trainer


def lines(trainer: Trainer) -> list[str]:
    """Scoring history without times, as text: a missing number is equal to itself there."""
    return [repr((e.samples, e.iterations, e.epochs, e.training)) for e in trainer.state.events]


def weights(trainer: Trainer) -> list[np.ndarray]:
    return [trainer.worker.net.weights(i) for i in range(trainer.prepared.topology.layers)]


@pytest.fixture(autouse=True)
def short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of about as many rows as a mini-batch has, whatever the speed."""
    monkeypatch.setattr(runner, "SLICE_SECONDS", 1e-6)


@pytest.mark.parametrize("slices", [1, 7, 37])
@pytest.mark.parametrize(
    "parameters",
    [
        {"mini_batch_size": 16},
        {"mini_batch_size": 16, "adaptive_rate": False, "rate_annealing": 1e-2, "momentum_start": 0.5},
        {"mini_batch_size": 16, "loss": "Huber"},
        {"mini_batch_size": 16, "optimizer": "Adam", "rate_schedule": "Cosine", "weight_decay": 0.1},
        {"mini_batch_size": 16, "optimizer": "Adam", "train_samples_per_iteration": 1000, "max_w2": 1.0},
        {"mini_batch_size": 16, "adaptive_rate": False, "rate_schedule": "Cosine", "momentum_stable": 0.5},
        {"mini_batch_size": 16, "train_samples_per_iteration": 1000},
        {"mini_batch_size": 16, "elastic_averaging": True, "train_samples_per_iteration": 600},
    ],
    ids=str,
)
def test_stopped_anywhere(slices: int, parameters: dict[str, Any]) -> None:
    whole = run(None, **parameters)
    part = run(slices, **parameters)
    assert part.state.interrupted and 0 < part.state.samples < whole.state.samples
    assert part.state.samples % 16 == 0 or slices > 20  # within the first passes, at whole mini-batches
    rest = run(None, model_of("part", part), **parameters)
    for found, expected in zip(weights(rest), weights(whole), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert lines(rest) == lines(whole)
    assert rest.state.iterations == whole.state.iterations


def test_stopped_again_and_again() -> None:
    whole = run(None, mini_batch_size=16)
    trainer = run(3, mini_batch_size=16)
    rounds = 0
    while trainer.state.interrupted:
        trainer = run(11, model_of("part", trainer), mini_batch_size=16)
        rounds += 1
    assert rounds > 3
    for found, expected in zip(weights(trainer), weights(whole), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert len(trainer.state.events) == len(whole.state.events)


def test_durations_add_up() -> None:
    part = run(20, mini_batch_size=16)
    rest = run(None, model_of("part", part), mini_batch_size=16)
    durations = [event.duration for event in rest.state.events]
    assert durations == sorted(durations) and durations[0] > 0
    assert rest.duration < rest.seconds


def test_an_unstable_model_cannot_go_on() -> None:
    context = TrainingContext(frame(), None, "y")
    p = validate(
        {"hidden": [6], "adaptive_rate": False, "rate": 1e6, "epochs": 5, "reproducible": True}, context
    )
    prepared = Prepared.of(p, whole(context.frame))
    trainer = Trainer(prepared, threads=1, progress=lambda *_: None, cancelled=lambda: False)
    with pytest.raises(UnstableModel) as error:
        trainer.run()
    trainer.finish_unstable(str(error.value))
    model = model_of("unstable", trainer)
    assert model.checkpoint is None
    with pytest.raises(InvalidArgument, match="its training became unstable"):
        check_restart(p, context, model)


def test_weights_are_held_once() -> None:
    """The last model is the best one here, so three names stand for one network."""
    trainer = run(None, epochs=3)
    saved = trainer.capture()
    assert saved.state.best is not None and saved.state.best[1] is saved.network
    assert saved.state is not trainer.state and saved.state.events is not trainer.state.events
