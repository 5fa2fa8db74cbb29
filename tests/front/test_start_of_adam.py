"""What a network starts from: H2O's biases and wide last layer, and neither with Adam."""

from __future__ import annotations

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator


@pytest.mark.parametrize("activation", ["Rectifier", "Maxout"])
@pytest.mark.parametrize("optimizer", ["AUTO", "Adam"])
def test_adam_begins_with_small_outputs(optimizer, activation):
    frame = h2o.H2OFrame({"x": list(range(64)), "z": [1, 5, 2, 8] * 16, "y": ["a", "b", "c", "a"] * 16})
    model = H2ODeepLearningEstimator(
        hidden=[30, 20], activation=activation, optimizer=optimizer, adaptive_rate=False, rate=1e-12, mini_batch_size=8,
        epochs=1, export_weights_and_biases=True, seed=1, overwrite_with_best_model=False,
    )  # fmt: skip
    model.train(y="y", training_frame=frame)
    first, second = (model.biases(i).as_data_frame().to_numpy() for i in (0, 1))
    widest = np.abs(model.weights(2).as_data_frame().to_numpy()).max() / np.sqrt(6 / (20 + 3))
    if optimizer == "Adam":
        assert np.abs(first).max() < 1e-6 and np.abs(second).max() < 1e-6 and 0.8 < widest <= 1.001
    else:
        assert np.allclose(first, 0.5) and np.allclose(second, 1) and 3 < widest <= 4.001
