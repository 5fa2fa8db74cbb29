"""Models: which there are, what they are like, and their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...errors import NotFound
from .asked_model import AskedModel
from .calls import Call
from .model_json import model_object, synopsis
from .replies import Json, meta, not_found

RUNNING = "RUNNING"


class UnderWay:
    """What models in training were asked for with, by their keys: so they can be told before they are there."""

    _MOST = 100

    def __init__(self) -> None:
        self._asked: dict[str, AskedModel] = {}
        self._checked: dict[str, Json] = {}

    def add(self, key: str, asked: AskedModel) -> None:
        """Remember it; of the oldest, that is forgotten."""
        self._forget(key)
        self._asked[key] = asked
        for old in list(self._asked)[: max(0, len(self._asked) - self._MOST)]:
            self._forget(old)

    def _forget(self, key: str) -> None:
        self._asked.pop(key, None)
        self._checked.pop(key, None)

    def described(self, key: str, check: Callable[[AskedModel], Json]) -> Json | None:
        """What can be told of a model before it is there: what `check` says, which is asked once; None where nothing is known."""
        asked = self._asked.get(key)
        if asked is None:
            return None
        if key not in self._checked:
            self._checked[key] = {**check(asked), "training_frame": asked.training_frame}
        return self._checked[key]


def models(found: list[Json] | None) -> Json:
    """A list of models as H2O answers it."""
    return {
        "__meta": meta("ModelsV3", "Models"),
        "_exclude_fields": "",
        "models": found,
        "compatible_frames": None,
        "export_cross_validation_predictions": False,
    }


def list_models(call: Call) -> Json:
    """All models, in short."""
    session = call.session
    return models([synopsis(session.models.describe(name)) for name in session.objects.keys("model")])


def one_model(call: Call) -> Json:
    """A model; one in training as far as it is."""
    return models([told(call, call.parts["id"])])


def told(call: Call, name: str) -> Json:
    """A model as an object, whose weights are frames if they are to be exported."""
    try:
        described = call.session.models.describe(name)
    except NotFound:
        return model_object(_in_training(call, name))
    return model_object(described, _weights(call, described))


def known_model(call: Call, name: str) -> Mapping[str, Any]:
    """The description of a model; a refusal in H2O's words where there is none."""
    try:
        return call.session.models.describe(name)
    except NotFound:
        raise not_found(name) from None


def known_frame(call: Call, name: str) -> str:
    """The key of a frame; a refusal in H2O's words where there is none."""
    if name not in call.session.objects.keys("frame"):
        raise not_found(name, "frame")
    return name


def _in_training(call: Call, name: str) -> Mapping[str, Any]:
    """The description of a model that is being trained."""
    jobs = call.session.jobs
    running = [job["job"] for job in jobs.known() if job["destination"] == name and job["status"] == RUNNING]
    found = call.node.kept(UnderWay).described(
        name, lambda asked: call.session.training.check(**asked.request)
    )
    if not running or found is None or found["error"] is not None:
        raise not_found(name)
    found["parameters"]["model_id"]["actual"] = name
    return {
        **found,
        "model_id": name,
        "algo": "deeplearning",
        "scoring_history": jobs.history(running[-1]),
    }


def _weights(call: Call, described: Mapping[str, Any]) -> dict[str, list[str]]:
    """Keys of the frames of weights and biases, which are made when somebody asks for the model first."""
    if not described["parameters"]["export_weights_and_biases"]["actual"]:
        return {}
    session, name = call.session, described["model_id"]
    present, layers = set(session.objects.keys("frame")), len(described["parameters"]["hidden"]["actual"]) + 1
    found: dict[str, list[str]] = {}
    for what, ask in (("weights", session.models.weights), ("biases", session.models.biases)):
        for layer in range(layers):
            frame = f"{name}.{what}.{layer}"
            if frame not in present:
                temporary = ask(name, layer)
                session.frames.assign(temporary, frame)
                session.objects.release([temporary])
            found.setdefault(what, []).append(frame)
    return found


def delete_model(call: Call) -> Json:
    """A model goes, and with it what belongs to it."""
    known_model(call, call.parts["id"])
    call.session.objects.remove(call.parts["id"])
    return models(None)


def delete_models(call: Call) -> Json:
    """All models go."""
    for name in call.session.objects.keys("model"):
        call.session.objects.remove(name)
    return models(None)


ROUTES = {
    "GET /3/Models": list_models,
    "GET /99/Models": list_models,
    "DELETE /3/Models": delete_models,
    "GET /3/Models/{id}": one_model,
    "GET /99/Models/{id}": one_model,
    "DELETE /3/Models/{id}": delete_model,
    "DELETE /99/Models/{id}": delete_model,
}
