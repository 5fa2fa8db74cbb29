"""Data and short cuts of the training tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h2o
import numpy as np
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
SMALL: dict[str, Any] = {
    "hidden": [8, 8],
    "epochs": 5,
    "seed": 1,
    "reproducible": True,
    "export_weights_and_biases": True,
}


def read(name: str, factors: tuple[str, ...] = (), **options: Any) -> h2o.H2OFrame:
    frame = h2o.import_file(str(DATA / name), **options)
    for factor in factors:
        frame[factor] = frame[factor].asfactor()
    return frame


def iris() -> h2o.H2OFrame:
    return read("iris_wheader.csv")


def prostate() -> h2o.H2OFrame:
    return read("prostate.csv", ("CAPSULE", "RACE", "DPROS"))[1:]


def boston() -> h2o.H2OFrame:
    return read("BostonHousing.csv")


def fit(
    frame: h2o.H2OFrame, y: str, x: Any = None, valid: Any = None, **parameters: Any
) -> H2ODeepLearningEstimator:
    model = H2ODeepLearningEstimator(**{**SMALL, **parameters})
    return model.train(x=x, y=y, training_frame=frame, validation_frame=valid)


def autoencoder(frame: h2o.H2OFrame, x: Any = None, **parameters: Any) -> H2OAutoEncoderEstimator:
    return H2OAutoEncoderEstimator(**{**SMALL, **parameters}).train(x=x, training_frame=frame)


def output(model: Any) -> dict[str, Any]:
    return model._model_json["output"]


def array(frame: h2o.H2OFrame) -> np.ndarray:
    return frame.as_data_frame().to_numpy(dtype=float)


def parameters_of(model: Any) -> np.ndarray:
    """All weights and biases, one after the other."""
    layers = range(len(model.actual_params["hidden"]) + 1)
    return np.concatenate([array(part(i)).ravel() for i in layers for part in (model.weights, model.biases)])
