"""Networks that no machine has room for, and mini-batches larger than the data."""

from __future__ import annotations

import h2o
import pytest
from h2o.estimators import H2ODeepLearningEstimator


@pytest.fixture(scope="module")
def frame():
    h2o.init(verbose=False)
    return h2o.H2OFrame({"a": list(range(20)), "y": [i * 0.5 for i in range(20)]})


@pytest.mark.parametrize("hidden", [[2**31], [2**62], [10**6, 10**6], [1, 2**40, 1]])
def test_networks_without_room_are_refused_with_the_bytes(frame, hidden):
    with pytest.raises(h2o.exceptions.H2OValueError, match=r"hidden=.* weights need at least [\d,.]+ GB"):
        H2ODeepLearningEstimator(hidden=hidden).train(y="y", training_frame=frame)


@pytest.mark.parametrize("layers", [127, 500])
def test_too_many_layers_are_refused(frame, layers):
    with pytest.raises(h2o.exceptions.H2OValueError, match=f"{layers} layers, at most 126"):
        H2ODeepLearningEstimator(hidden=[1] * layers).train(y="y", training_frame=frame)


@pytest.mark.parametrize("size", [21, 10**8, 2**31 - 1])
def test_mini_batches_are_cut_to_the_rows(frame, size):
    settings = {"hidden": [3], "epochs": 2, "seed": 1, "reproducible": True}
    model = H2ODeepLearningEstimator(mini_batch_size=size, **settings)
    with pytest.warns(RuntimeWarning, match=f"mini_batch_size={size} is cut to 20"):
        model.train(y="y", training_frame=frame)
    whole = H2ODeepLearningEstimator(mini_batch_size=20, **settings)
    whole.train(y="y", training_frame=frame)
    assert model.mse() == whole.mse()
