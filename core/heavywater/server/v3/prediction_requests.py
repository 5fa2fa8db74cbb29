"""Predictions, reconstruction errors and hidden features: frames that models make of frames."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from ...errors import collected, warn
from ...jobs import Job
from .calls import Call
from .job_requests import started
from .metrics_requests import Computed, computed_metrics, metrics_list
from .model_requests import known_frame, known_model
from .replies import Json, Refused

# what other kinds of models can be asked for, and what it is called
_ELSEWHERE = {
    "leaf_node_assignment": "leaf node assignments are for trees",
    "project_archetypes": "archetypes are for generalised low rank models",
    "reconstruct_train": "reconstruction of training data is for generalised low rank models",
    "exemplar_index": "exemplars are for aggregators",
    "deviances": "deviances are for generalised linear models",
    "predict_staged_proba": "probabilities by stages are for boosted trees",
    "row_to_tree_assignment": "assignments to trees are for forests",
    "feature_frequencies": "frequencies of features are for trees",
}
_FALSE = ("", "false", "-1", "none")


class _Question:
    """What is asked of a model and a frame: the name of the answer, and how it is made.

    Parameters
    ----------
    call : Call
    """

    def __init__(self, call: Call) -> None:
        self.call, self.model = call, call.parts["model"]
        self.described, self.frame = known_model(call, self.model), known_frame(call, call.parts["frame"])
        for name, why in _ELSEWHERE.items():
            if str(call.values.get(name, "")).lower() not in _FALSE:
                raise Refused(412, f"{name}={call.values[name]!r}: {why}")
        self.prefix, self.ask = self._kind()

    def _kind(self) -> tuple[str, Callable[[], str]]:
        call, models, model, frame = self.call, self.call.session.models, self.model, self.frame
        layer = _layer(call)
        if call.flag("reconstruction_error"):
            each = call.flag("reconstruction_error_per_feature")
            return "reconstruction_error", lambda: models.anomaly(model, frame, each)
        if call.flag("predict_contributions"):
            background, options = _contributions(call)
            return "contributions", lambda: models.contributions(model, frame, background, options)
        if layer is not None:
            return "deep_features", lambda: models.deep_features(model, frame, layer)
        return "transformation", lambda: models.predict(model, frame)

    @property
    def destination(self) -> str:
        """The name of the answer: the one that is asked for, or one that is made up."""
        asked = self.call.text("predictions_frame")
        return asked or f"{self.prefix}_{secrets.token_hex(2)}_{self.model}_on_{self.frame}"

    def answer(self, destination: str) -> list[str]:
        """Make the frame, store it under a name; what there is to be said of it."""
        session = self.call.session
        with collected() as remarks:
            temporary = self.ask()
        session.frames.assign(temporary, destination)
        session.objects.release([temporary])
        return [text for text, _ in remarks]


def _contributions(call: Call) -> tuple[str, dict[str, Any]]:
    """The background of contributions, and how they are told."""
    background = call.text("background_frame")
    if background is None:
        raise Refused(
            412, "predict_contributions: background_frame is missing; contributions need rows to compare with"
        )
    options = {name: call.flag(name) for name in ("compare_abs", "output_space", "output_per_reference")}
    counts = {name: call.whole(name, 0) for name in ("top_n", "bottom_n")}
    output_format = (call.text("predict_contributions_output_format") or "original").lower()
    return known_frame(call, background), {**options, **counts, "output_format": output_format}


def _layer(call: Call) -> int | str | None:
    name = call.text("deep_features_hidden_layer_name")
    if name is not None:
        return name
    number = call.whole("deep_features_hidden_layer", -1)
    return number if number >= 0 else None


def start_prediction(call: Call) -> Json:
    """A job that makes the frame."""
    question = _Question(call)
    name = question.destination

    def work(job: Job) -> str:
        for number, text in enumerate(question.answer(name)):
            job.remark(f"frame {number}", text)
        return name

    prefix = "transformation" if question.prefix == "deep_features" else question.prefix
    return started(call, call.session.jobs.start(prefix, work, name))


def predict(call: Call) -> Json:
    """The frame at once, with the metrics of it where it has the response."""
    question = _Question(call)
    name = question.destination
    for text in question.answer(name):
        warn(f"{question.model} on {question.frame}: {text}")
    found = computed_metrics(call, question.described, question.frame, predictions=name)
    if question.prefix == "transformation":
        call.node.kept(Computed).add(question.model, question.frame, found)
    return metrics_list([found], question.model, question.frame, name)


ROUTES = {
    "POST /4/Predictions/models/{model}/frames/{frame}": start_prediction,
    "POST /3/Predictions/models/{model}/frames/{frame}": predict,
}
