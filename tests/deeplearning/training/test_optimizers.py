"""What a training by Adam, or along a cosine, begins with and tells of itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training.prepared import Prepared
from heavywater.deeplearning.training.result import model_of
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.frame.sharded_frame import whole

ADAM: dict[str, Any] = {"optimizer": "Adam", "mini_batch_size": 32, "rate": 0.01}


def frame() -> Frame:
    random = np.random.default_rng(3)
    x = random.normal(size=(300, 4))
    y = (x[:, 0] * x[:, 1] > x[:, 2] / 2).astype(int)
    return Frame(["a", "b", "c", "d", "y"], [*(numeric(v) for v in x.T), enum(y, ["n", "p"])])


def trained(**parameters: Any) -> DeepLearningModel:
    context = TrainingContext(frame(), None, "y")
    given = {
        "hidden": [12, 8],
        "epochs": 8,
        "seed": 2,
        "reproducible": True,
        "stopping_rounds": 0,
        **parameters,
    }
    p = validate({**given, "overwrite_with_best_model": False}, context)
    trainer = Trainer(
        Prepared.of(p, whole(context.frame)), threads=1, progress=lambda *_: None, cancelled=lambda: False
    )
    trainer.run()
    return model_of("model", trainer)


def rates(model: DeepLearningModel) -> list[float]:
    at = model.summary["columns"].index("mean_rate")
    return [row[at] for row in model.summary["rows"][1:]]


@pytest.mark.parametrize("activation", ["Rectifier", "Maxout"])
def test_biases_start_at_0_with_adam_alone(activation: str) -> None:
    started = {"activation": activation, "epochs": 0}
    assert all((b == 0).all() for b in trained(**ADAM, **started).network.biases)
    assert [b.flat[0] for b in trained(mini_batch_size=32, **started).network.biases] == [0.5, 1, 0]


def test_the_table_of_layers_has_the_rate() -> None:
    falling = {"rate_annealing": 0.001, "rate_decay": 0.5}
    assert rates(trained(**ADAM, **falling)) == pytest.approx(
        0.01 / (1 + 0.001 * 2400) * np.array([1, 0.5, 0.25])
    )
    cosine = trained(**ADAM, rate_schedule="Cosine", weight_decay=0.02)
    assert rates(cosine) == pytest.approx([0, 0, 0])
    assert "Adam with weight decay 0.02, rate from 0.01 to 0 along a cosine" in cosine.summary["description"]
    assert "Adam" not in trained().summary["description"]


def test_members_and_loss() -> None:
    """Two members learn as one does, and what they learn is better than what ADADELTA learns in so few batches."""
    losses = [
        trained(**each).training_metrics["logloss"]
        for each in ({**ADAM, "ensemble_size": 2}, {"mini_batch_size": 32})
    ]
    assert losses[0] < 0.4 < losses[1]


def test_smoothing_draws_probabilities_to_the_middle() -> None:
    models = [trained(**ADAM, epochs=40, label_smoothing=share) for share in (0, 0.3)]
    sure, smooth = (
        np.column_stack([c.numbers() for c in m.predict(frame())[0].columns[1:]]).max(axis=1).mean()
        for m in models
    )
    assert sure > 0.93 and abs(smooth - 0.85) < 0.05
