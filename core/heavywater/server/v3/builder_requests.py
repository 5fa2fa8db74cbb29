"""What makes models: their parameters, a check of them, training, models of segments, and the import of MOJOs."""

from __future__ import annotations

import threading
from typing import Any

from ...errors import HeavywaterError
from ...jobs import Job
from ..node.raw_files import RawFiles
from .asked_model import SEGMENTS, AskedModel, about, asked_model
from .calls import Call
from .job_requests import started
from .model_json import FULL_NAMES
from .model_requests import UnderWay
from .parameters_json import asked_parameters, message
from .replies import Json, Refused, key, meta

_CATEGORIES = ["Regression", "Binomial", "Multinomial", "AutoEncoder"]
_GENERIC = {
    "model_id": ("Key<Model>", "Name of the model; a new one is made up when absent."),
    "model_key": ("Key<Frame>", "The MOJO, where a client has sent it."),
    "path": ("string", "The MOJO, as a file of this node."),
}


def _builder(algo: str, job: Json | None, messages: list[Json], parameters: list[Json]) -> Json:
    kind = "DeepLearning" if algo == "deeplearning" else "Generic"
    return {
        "__meta": meta(f"{kind}V3", kind),
        "_exclude_fields": None,
        "job": job,
        "algo": algo,
        "algo_full_name": FULL_NAMES[algo],
        "can_build": list(_CATEGORIES),
        "visibility": "Stable",
        "supervised": algo == "deeplearning",
        "messages": messages,
        "error_count": sum(each["message_type"] == "ERRR" for each in messages),
        "parameters": parameters,
    }


def _nothing_asked() -> AskedModel:
    return AskedModel({}, None, None, None)


def _described(algo: str) -> Json:
    if algo == "deeplearning":
        return _builder(algo, None, _nothing_asked().traces(), asked_parameters({}))
    return _builder(algo, None, [], _generic_parameters({}))


def _builders(names: list[str]) -> Json:
    return {
        "__meta": meta("ModelBuildersV3"),
        "_exclude_fields": "",
        "model_builders": {name: _described(name) for name in names},
    }


def builders(call: Call) -> Json:
    """What kinds of models there are."""
    return _builders(list(FULL_NAMES))


def builder(call: Call) -> Json:
    """One kind of models, with its parameters."""
    return _builders([_algorithm(call)])


def _algorithm(call: Call) -> str:
    algo = call.parts["algo"]
    if algo not in FULL_NAMES:
        raise Refused(
            404,
            f"algo={algo!r}: this node trains deeplearning only",
            "water.exceptions.H2ONotFoundArgumentException",
        )
    return algo


def check_parameters(call: Call) -> Json:
    """What would be said about parameters if a model was trained."""
    if _algorithm(call) == "generic":
        return _builder("generic", None, [], _generic_parameters(call.values))
    asked = asked_model(call)
    found, category = asked.errors(), None
    if not found and asked.training_frame is not None:
        checked = call.session.training.check(**asked.request)
        category = checked.get("model_category")
        if checked["error"] is not None:
            found = [message("ERRR", *about(checked["error"]))]
        found += [message("WARN", *about(text)) for text in checked.get("warnings", ())]
    return _builder("deeplearning", None, [*found, *asked.traces(category)], asked.told())


def build(call: Call) -> Json:
    """Train a model, or import one."""
    if _algorithm(call) == "generic":
        return _import_mojo(call)
    asked = asked_model(call)
    name = asked.parameters.get("model_id")
    _refuse(asked, name)
    try:
        job = call.session.training.train(**asked.request)
    except HeavywaterError as error:
        raise asked.illegal(name, [message("ERRR", *about(error)), *asked.traces()]) from None
    call.node.kept(UnderWay).add(str(job["destination"]), asked)
    parameters = asked.told()
    parameters[0]["actual_value"] = key(job["destination"], "Model")
    return _builder("deeplearning", started(call, job), asked.traces(), parameters)


def _refuse(asked: AskedModel, name: str | None) -> None:
    found = asked.errors()
    if asked.training_frame is None:
        found.append(
            message("ERRR", "training_frame", "training_frame is missing: name the frame to train on")
        )
    if found:
        raise asked.illegal(name, [*found, *asked.traces()])


def build_segments(call: Call) -> Json:
    """Train a model for each segment of the rows."""
    if _algorithm(call) != "deeplearning":
        raise Refused(400, "models of segments are trained, not imported: use deeplearning")
    asked = asked_model(call, SEGMENTS)
    _refuse(asked, None)
    try:
        job = call.session.training.train_segments(
            segments=call.text("segments") or call.texts("segment_columns"),
            key=call.text("segment_models_id"),
            parallelism=call.whole("parallelism", 1),
            **asked.request,
        )
    except HeavywaterError as error:
        raise asked.illegal(None, [message("ERRR", *about(error)), *asked.traces()]) from None
    found = started(call, job)
    found["dest"] = key(job["destination"], "SegmentModels")
    return found


# ---- MOJOs


def _generic_parameters(values: Any) -> list[Json]:
    found: list[Json] = []
    for name, (kind, text) in _GENERIC.items():
        value = values.get(name) or None
        actual = key(value, kind[4:-1]) if kind.startswith("Key") else value
        found.append(
            {
                "__meta": meta("ModelParameterSchemaV3"),
                "name": name,
                "label": name,
                "help": text,
                "required": False,
                "type": kind,
                "default_value": None,
                "actual_value": actual,
                "input_value": None,
                "level": "critical",
                "values": [],
                "is_member_of_frames": [],
                "is_mutually_exclusive_with": [],
                "gridable": False,
            }
        )
    return found


def _import_mojo(call: Call) -> Json:
    """Import a MOJO of this node's disk, or one that was sent before."""
    path, sent = call.text("path"), call.text("model_key")
    if (path is None) == (sent is None):
        raise Refused(412, "give either path, a file of this node, or model_key, a file that was sent")
    place = path if path is not None else RawFiles(call.node, call.session.client).location(str(sent))
    session = call.session
    name = call.text("model_id") or session.objects.fresh_key(_generic_name(call))

    def work(job: Job) -> str:
        return session.model_files.import_mojo(place, name)

    job = session.jobs.start("generic Model Build", work, name)
    return _builder("generic", started(call, job), [], _generic_parameters({**call.values, "model_id": name}))


def _generic_name(call: Call) -> str:
    language = "R" if (call.headers or {}).get("user-agent", "").startswith("R ") else "python"
    number = call.node.kept(_Counter).next()
    return f"Generic_model_{language}_{int(1000 * call.node.start_time)}_{number}"


class _Counter:
    """Numbers for names that are made up."""

    def __init__(self) -> None:
        self._number, self._lock = 0, threading.Lock()

    def next(self) -> int:
        """A number that no other call gives."""
        with self._lock:
            self._number += 1
            return self._number


def fresh_name(call: Call) -> Json:
    """A name for a model, made up."""
    stem = f"{_algorithm(call)}_model_{int(1000 * call.node.start_time)}_{call.node.kept(_Counter).next()}"
    return {"__meta": meta("ModelIdV3"), "model_id": call.session.objects.fresh_key(stem)}


ROUTES = {
    "POST /3/ModelBuilders/{algo}/model_id": fresh_name,
    "GET /3/ModelBuilders": builders,
    "GET /3/ModelBuilders/{algo}": builder,
    "POST /3/ModelBuilders/{algo}": build,
    "POST /3/ModelBuilders/{algo}/parameters": check_parameters,
    "POST /99/ModelBuilders/{algo}": build,
    "POST /3/SegmentModelsBuilders/{algo}": build_segments,
}
