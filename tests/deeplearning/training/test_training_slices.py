"""The engine is left now and then to look up; how often must never show in the model."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.deeplearning.training import runner
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ...sessions import finished


def trained(batch: int, **more: object) -> list[np.ndarray]:
    random = np.random.default_rng(5)
    x, noise = random.normal(size=(700, 3)), random.normal(size=700)
    y = np.where(random.random(700) < 0.2, np.nan, x[:, 0] - x[:, 1] + 0.1 * noise)
    session = LocalSession(nthreads=2)
    session.store.put_frame(Frame(["a", "b", "c", "y"], [numeric(v) for v in (*x.T, y)]), "data")
    parameters = {
        "hidden": [8],
        "epochs": 4,
        "seed": 1,
        "reproducible": True,
        "mini_batch_size": batch,
        "train_samples_per_iteration": 1400,
    } | more
    train, models = session.training.train, session.models
    key = finished(session, train("deeplearning", parameters, x=None, y="y", training_frame_key="data"))
    return [
        np.stack([c.values for c in session.store.frame(models.weights(key, i)).columns]) for i in range(2)
    ]


@pytest.mark.parametrize("batch", [1, 32])
def test_slices_do_not_change_the_model(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trained(batch)
    monkeypatch.setattr(runner, "SLICE_SECONDS", 1e-4)
    for a, b in zip(whole, trained(batch), strict=True):
        np.testing.assert_array_equal(a, b)


def test_slices_do_not_part_groups_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that is large enough for them; a fifth of the rows is visited and not trained."""
    large = {"hidden": [400, 350], "reproducible": False, "epochs": 2}
    whole = trained(1, **large)
    monkeypatch.setattr(runner, "SLICE_SECONDS", 1e-4)
    for a, b in zip(whole, trained(1, **large), strict=True):
        np.testing.assert_array_equal(a, b)
