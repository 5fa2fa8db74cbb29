"""A session that checks parameters for real but hands out prepared metrics instead of training a network."""

from typing import Any

import numpy as np
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession
from heavywater.session.values import Started

from ..cases import metrics

CASES = {
    "Binomial": "p_binomial",
    "Multinomial": "p_multinomial",
    "Regression": "p_gaussian",
    "AutoEncoder": "p_autoencoder",
}


def expected_metrics(case: str) -> dict[str, Any]:
    """Metrics that H2O computed."""
    return metrics.load(case).expected


def table(name: str, columns: list[str], rows: list[list[Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "description": "",
        "columns": columns,
        "types": ["string"] * len(columns),
        "rows": rows,
    }


class FakeSession(LocalSession):
    """A session whose models were never trained."""

    def __init__(self) -> None:
        super().__init__("fake")
        self.trained: dict[str, dict[str, Any]] = {}
        self.calls: list[dict[str, Any]] = []
        vars(self).update(training=_FakeTraining(self), models=_FakeModels(self))


class _FakeTraining:
    def __init__(self, session: FakeSession) -> None:
        self.session, self.trained = session, session.trained

    def train(
        self, algo: str, parameters: dict[str, Any], *, x: Any, y: Any, training_frame_key: str,
        validation_frame_key: str | None,
    ) -> Started:  # fmt: skip
        self.session.calls.append({"algo": algo, "parameters": parameters, "x": x, "y": y})
        checked = validate(parameters, TrainingContext(self.session.store.frame(training_frame_key), x, y))
        key = parameters.get("model_id") or f"model_{len(self.trained)}"
        metrics = expected_metrics(CASES[checked.category])
        self.trained[key] = {
            "model_id": key,
            "algo": algo,
            "model_category": checked.category,
            "parameters": checked.description(),
            "response_column": checked.response,
            "names": list(checked.predictors),
            "model_summary": table("Status of Neuron Layers", ["layer", "units"], [[1, 5], [2, 1]]),
            "scoring_history": table(
                "Scoring History", ["epochs", "training_rmse"], [[i, 1 / i] for i in range(1, 40)]
            ),
            "training_metrics": metrics,
            "validation_metrics": metrics if validation_frame_key else None,
            "cross_validation_metrics": None,
            "variable_importances": table(
                "Variable Importances", ["variable", "percentage"], [["a", 0.6], ["b", 0.4]]
            ),
            "run_time": 12,
            "start_time": 1000,
            "end_time": 1012,
            "warnings": list(checked.warnings),
            "stopped_because": "all epochs are done",
            "default_threshold": 0.3 if checked.category == "Binomial" else None,
            "normmul": [2.0],
        }
        return self.session.jobs.start("deeplearning Model Build", lambda job: key, key)

    def check_metric(self, metric: Any, model_key: str) -> None:
        """Every one will do."""


class _FakeModels:
    def __init__(self, session: FakeSession) -> None:
        self.session, self.trained = session, session.trained

    def describe(self, key: str) -> dict[str, Any]:
        return self.trained[key]

    def metrics(
        self, key: str, frame: str, auc_type: str | None = None, custom_metric: Any = None
    ) -> dict[str, Any]:
        self.session.store.frame(frame)
        return expected_metrics(CASES[self.trained[key]["model_category"]])

    def predict(self, key: str, frame: str, interval: float | None = None) -> str:
        return self._answer(f"predict {key}", self.session.store.frame(frame).nrow)

    def weights(self, key: str, layer: int) -> str:
        return self._answer(f"weights {key} {layer}", 2)

    def biases(self, key: str, layer: int) -> str:
        return self._answer(f"biases {key} {layer}", 2)

    def deep_features(self, key: str, frame: str, layer: int) -> str:
        return self._answer(f"features {key} {layer}", self.session.store.frame(frame).nrow)

    def anomaly(self, key: str, frame: str, per_feature: bool) -> str:
        return self._answer(f"anomaly {key} {per_feature}", self.session.store.frame(frame).nrow)

    def _answer(self, name: str, rows: int) -> str:
        return self.session.store.put_frame(Frame([name], [numeric(np.arange(rows))]))
