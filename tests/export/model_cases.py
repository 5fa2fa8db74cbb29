"""Models for the tests of model files, trained without the front end on made-up data, and the files of each version.

``python -m tests.export.model_cases`` writes the file of the present version into tests/data/saved; files of older versions
must stay as they are.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.export.model_file import VERSION, write_model
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ..sessions import finished

FILES = Path(__file__).parents[1] / "data" / "saved"
SMALL = {"hidden": [5, 4], "epochs": 3, "seed": 7, "reproducible": True, "export_weights_and_biases": True}
PIECEWISE = {
    "numeric_encoding": "PiecewiseLinear",
    "training_frame_key": "more_data",
}  # a piece for each 100 rows
CASES: dict[str, tuple[str | None, dict[str, Any]]] = {
    "regression": ("number", {}),
    "regression with weights and offset": ("number", {"weights_column": "weight", "offset_column": "offset"}),
    "poisson": ("count", {"distribution": "poisson", "standardize": False}),
    "huber": ("number", {"loss": "Huber", "overwrite_with_best_model": False}),
    "two classes": ("two", {"validation_frame_key": "data"}),
    "balanced classes": ("three", {"balance_classes": True}),
    "momentum": ("three", {"adaptive_rate": False, "momentum_start": 0.5, "rate_annealing": 1e-3}),
    "dropout": ("two", {"activation": "TanhWithDropout", "input_dropout_ratio": 0.1}),
    "Maxout with max_w2": ("three", {"activation": "Maxout", "max_w2": 0.5}),
    "elastic averaging": ("number", {"elastic_averaging": True}),
    "no hidden layer": ("two", {"hidden": []}),
    "hashed": ("two", {"max_categorical_features": 3}),
    "sparse": ("number", {"sparse": True}),
    "first level without a unit": ("number", {"use_all_factor_levels": False}),
    "autoencoder": (None, {"autoencoder": True, "activation": "Tanh", "sparsity_beta": 0.1}),
    "cross-validation": ("two", {"nfolds": 2, "keep_cross_validation_predictions": True}),
    "untrained": ("two", {"epochs": 0}),
    "piecewise-linear": ("number", {**PIECEWISE, "numeric_bins": 5, "offset_column": "offset"}),
    "piecewise-linear Maxout of digits": ("three", {**PIECEWISE, "activation": "Maxout", "categorical_encoding": "Binary",
                                                    "mini_batch_size": 8}),
    **{scheme: ("two", {"categorical_encoding": scheme})
       for scheme in ("Binary", "Eigen", "LabelEncoder", "SortByResponse", "EnumLimited")},
}  # fmt: skip


def data(n: int = 90) -> Frame:
    """Columns of all roles; numbers have a pattern that would be found again in a file."""
    random = np.random.default_rng(3)
    a, b = random.normal(size=n), np.round(random.normal(size=n), 1)
    c = random.integers(-1, 5, n)
    letters = ["alpha", "beta", "gamma", "delta", "épsilon"]
    noise = random.normal(size=n) / 5
    columns = {
        "a": numeric(np.where(np.arange(n) % 11 == 0, np.nan, a)),
        "b": numeric(b),
        "c": enum(c, letters),
        "d": enum(random.integers(0, 3, n), ["x", "y", "z"]),
        "number": numeric(2 * a - b + (c > 2) + noise),
        "count": numeric(np.round(np.exp(np.clip(a / 2, -2, 2)))),
        "two": enum((a + noise > 0).astype(int), ["no", "yes"]),
        "three": enum((a + noise > 0.4).astype(int) + (a + noise > -0.4), ["low", "mid", "high"]),
        "weight": numeric(np.arange(n) % 4 * 0.5),
        "offset": numeric(a / 10),
    }
    return Frame(list(columns), list(columns.values()))


def new_session() -> LocalSession:
    """A session with the data."""
    session = LocalSession(nthreads=2)
    session.store.put_frame(data(), "data")
    session.store.put_frame(data(900), "more_data")
    return session


def train(session: LocalSession, name: str, **changes: Any) -> DeepLearningModel:
    """Train a case; it is stored in the session."""
    y, parameters = CASES[name]
    parameters = {**SMALL, **parameters, **changes}
    validation = parameters.pop("validation_frame_key", None)
    rows = parameters.pop("training_frame_key", "data")
    started = session.training.train("deeplearning", parameters, x=["a", "b", "c", "d"], y=y, training_frame_key=rows,
                        validation_frame_key=validation)  # fmt: skip
    return session.store.get(finished(session, started), DeepLearningModel)


def predictions(model: DeepLearningModel) -> list[np.ndarray]:
    """Columns of the predictions for the data."""
    return [column.numbers() for column in model.predict(data())[0].columns]


def main() -> None:
    FILES.mkdir(exist_ok=True)
    session = new_session()
    model = train(session, "two classes", model_id=f"two_classes_v{VERSION}", epochs=4)
    write_model(model, FILES / f"model_v{VERSION}", force=True)
    on = train(session, "two classes", epochs=7, checkpoint=model.key)
    expected = {"predictions": predictions(model)[2].tolist(), "trained_on": predictions(on)[2].tolist()}
    (FILES / f"model_v{VERSION}.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
