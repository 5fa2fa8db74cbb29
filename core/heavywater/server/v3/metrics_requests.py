"""Metrics: of models on frames, of predictions without a model, and all that were computed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from .calls import Call
from .frame_requests import frame_object
from .metrics_json import metrics_object
from .model_json import all_metrics
from .model_requests import known_frame, known_model
from .replies import Json, Refused, key, meta

_MOST = 1000
_ENUMS = {"auc_type": ("AUTO", "NONE", "MACRO_OVR", "WEIGHTED_OVR", "MACRO_OVO", "WEIGHTED_OVO")}


class Computed:
    """The metrics that clients have asked for, by model and frame; the latest thousand."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Json] = {}
        self._lock = threading.Lock()

    def add(self, model: str, frame: str, found: Json) -> None:
        """Remember metrics, instead of those of the same model and frame."""
        with self._lock:
            self._found.pop((model, frame), None)
            self._found[model, frame] = {**found, "predictions": None}
            for old in list(self._found)[: max(0, len(self._found) - _MOST)]:
                del self._found[old]

    def of(self, model: str | None = None, frame: str | None = None) -> list[Json]:
        """Those of a model or a frame, the latest first."""
        with self._lock:
            known = list(self._found.items())
        return [
            found for (about, on), found in reversed(known) if model in (None, about) and frame in (None, on)
        ]

    def remove(self, model: str | None, frame: str | None) -> None:
        """Forget those of a model or a frame."""
        with self._lock:
            for about, on in list(self._found):
                if model in (None, about) and frame in (None, on):
                    del self._found[about, on]


def metrics_list(
    found: list[Json], model: str | None = None, frame: str | None = None, predictions: str | None = None
) -> Json:
    """Metrics as H2O answers them."""
    return {
        "__meta": meta("ModelMetricsListSchemaV3", "ModelMetricsList"),
        "_exclude_fields": "",
        "model": key(model, "Model"),
        "frame": key(frame, "Frame"),
        "predictions_frame": key(predictions, "Frame"),
        "deviances_frame": None,
        "custom_auuc_thresholds": None,
        "output_per_reference": False,
        "model_metrics": found,
    }


def computed_metrics(
    call: Call, described: Mapping[str, Any], frame: str, predictions: str | None = None
) -> Json:
    """Metrics of a model on a frame; without the response there are none but their kind."""
    model, response = described["model_id"], described.get("response_column")
    names = call.session.frames.facts(frame)["names"]
    category = described["model_category"]
    if response is not None and response not in names:
        metrics: Mapping[str, Any] = {"model_category": category}
    else:
        metrics = call.session.models.metrics(model, frame, _auc_type(call), call.text("custom_metric_func"))
    frame_told = None if predictions is None else frame_object(call, predictions)
    found = metrics_object(metrics, model, frame, predictions=frame_told)
    assert found is not None
    return found


def _auc_type(call: Call) -> str | None:
    asked = call.text("auc_type")
    if asked is None or asked.upper() in _ENUMS["auc_type"]:
        return asked
    raise Refused(400, f"auc_type={asked!r} must be one of {', '.join(_ENUMS['auc_type'])}")


def all_computed(call: Call) -> Json:
    """All metrics that models have, and that were asked for."""
    computed = call.node.kept(Computed).of()
    known = call.session.objects.keys("model")
    own = [found for name in known for found in all_metrics(call.session.models.describe(name))]
    return metrics_list([*computed, *own])


def of_model(call: Call) -> Json:
    """All metrics of one model."""
    name = call.parts["model"]
    own = all_metrics(known_model(call, name))
    return metrics_list([*call.node.kept(Computed).of(name), *own], model=name)


def of_frame(call: Call) -> Json:
    """All metrics on one frame."""
    name = call.parts["frame"]
    known = call.session.objects.keys("model")
    own = [each for model in known for each in all_metrics(call.session.models.describe(model))]
    on_it = [each for each in own if each["frame"] is not None and each["frame"]["name"] == name]
    return metrics_list([*call.node.kept(Computed).of(frame=name), *on_it], frame=name)


def of_both(call: Call) -> Json:
    """The metrics of a model on a frame, as far as they are known."""
    model, frame = call.parts["model"], call.parts["frame"]
    own = all_metrics(known_model(call, model))
    on_it = [each for each in own if each["frame"] is not None and each["frame"]["name"] == frame]
    return metrics_list([*call.node.kept(Computed).of(model, frame), *on_it], model, frame)


def compute(call: Call) -> Json:
    """Compute the metrics of a model on a frame."""
    model, frame = call.parts["model"], known_frame(call, call.parts["frame"])
    described = known_model(call, model)
    found = computed_metrics(call, described, frame)
    call.node.kept(Computed).add(model, frame, found)
    return metrics_list([found], model, frame)


def forget(call: Call) -> Json:
    """Forget what was computed for clients."""
    model, frame = call.parts.get("model"), call.parts.get("frame")
    call.node.kept(Computed).remove(model, frame)
    return metrics_list([], model, frame)


def make(call: Call) -> Json:
    """Metrics of predictions in a frame."""
    parts, domain = call.parts, call.texts("domain")
    weights, distribution = call.text("weights_frame"), call.text("distribution")
    auc_type = _auc_type(call) or "NONE"
    if parts.get("treatment") not in (None, "") or call.text("treatment_frame"):
        raise Refused(400, "treatment_frame: metrics of uplift are not offered")
    metrics = call.session.models.make_metrics(
        parts["predictions"],
        parts["actuals"],
        domain=domain or None,
        distribution=None if distribution is None or distribution.lower() == "auto" else distribution,
        weights_key=weights,
        auc_type=auc_type,
    )
    return {
        "__meta": meta("ModelMetricsMakerSchemaV3", "ModelMetricsMaker"),
        "predictions_frame": parts["predictions"],
        "actuals_frame": parts["actuals"],
        "weights_frame": weights,
        "treatment_frame": None,
        "domain": domain or metrics.get("domain"),
        "distribution": distribution,
        "auc_type": auc_type,
        "auuc_type": None,
        "auuc_nbins": 0,
        "custom_auuc_thresholds": None,
        "model_metrics": metrics_object(metrics, description="Metrics of given predictions"),
    }


_MADE = "/3/ModelMetrics/predictions_frame/{predictions}/actuals_frame/{actuals}"
ROUTES = {
    "GET /3/ModelMetrics": all_computed,
    "GET /3/ModelMetrics/models/{model}": of_model,
    "GET /3/ModelMetrics/models/{model}/frames/{frame}": of_both,
    "GET /3/ModelMetrics/frames/{frame}": of_frame,
    "GET /3/ModelMetrics/frames/{frame}/models/{model}": of_both,
    "POST /3/ModelMetrics/models/{model}/frames/{frame}": compute,
    "DELETE /3/ModelMetrics/models/{model}": forget,
    "DELETE /3/ModelMetrics/frames/{frame}": forget,
    "DELETE /3/ModelMetrics/models/{model}/frames/{frame}": forget,
    "DELETE /3/ModelMetrics/frames/{frame}/models/{model}": forget,
    f"POST {_MADE}": make,
    f"POST {_MADE}/treatment_frame": make,
    f"POST {_MADE}/treatment_frame/{{treatment}}": make,
}
