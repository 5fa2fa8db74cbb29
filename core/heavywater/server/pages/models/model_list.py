"""The list of models: found, sorted, compared, removed, loaded from files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from ....deeplearning.metrics.labels import label_of
from ....errors import InvalidArgument, NotFound, collected
from ....jobs import RUNNING
from ..basics.addresses import address
from ..basics.asking import PageCall
from ..basics.paging import order_of, ordered, part_of
from ..jobs.job_progress import trainings
from ..scores.metric_words import METRICS, PARTS, main_metric, value_of

_AT_ONCE = 50
_PIECE = 2**20  # bytes of a file that is sent
_MOJO = ".zip"  # how the name of a MOJO ends
_Shown = dict[str, Any]


def models(call: PageCall) -> Response:
    """The models whose name, response, frame or kind holds a text, the newest first or sorted otherwise."""
    every = _with_values(call)
    wanted, folds = call.text("q").casefold(), call.flag("folds")
    order = order_of(call, _VALUES)
    found = ordered(
        (each for each in every if _is_meant(each, wanted, folds)), _VALUES[order.by], order.descending
    )
    part = part_of(call, len(found), _AT_ONCE)
    training = trainings(call)
    return call.page(
        "models/models.html",
        models=found[part.first : part.first + part.count],
        part=part,
        order=order,
        every=len(every),
        folds=sum(each["fold_of"] is not None for each in every),
        parts=PARTS,
        metrics=METRICS,
        metric=_metric(call),
        in_training=training,
        going=" ".join(each["job"] for each in call.session.jobs.known() if each["status"] == RUNNING),
    )


def _metric(call: PageCall) -> str:
    """The metric that is shown; none: of each model the main one of its kind."""
    asked = call.text("metric")
    return asked if asked in METRICS else ""


def _with_values(call: PageCall) -> list[_Shown]:
    """All models, the newest first, each with the values of its metric."""
    chosen, found = _metric(call), []
    for each in call.session.models.listed():
        metric = chosen or main_metric(each["model_category"])
        values = {part: value_of(each["metrics"][part], metric) for part in PARTS}
        found.append({**each, "metric": label_of(metric), "values": values})
    found = ordered(reversed(found), lambda each: each["end_time"], descending=True)
    return [{**each, "age": age} for age, each in enumerate(found)]


def _is_meant(each: _Shown, wanted: str, folds: bool) -> bool:
    if each["fold_of"] is not None and not folds:
        return False
    names = (each["model_id"], each["response_column"], each["training_frame"], each["model_category"])
    return not wanted or any(wanted in str(name).casefold() for name in names if name)


def _text(field: str) -> Callable[[_Shown], Any]:
    return lambda each: None if each[field] is None else str(each[field]).casefold()


def _value(part: str) -> Callable[[_Shown], Any]:
    return lambda each: each["values"][part]


# What the list can be sorted by.
_VALUES: dict[str, Callable[[_Shown], Any]] = {
    "age": lambda each: each["age"],
    "name": _text("model_id"),
    "kind": _text("model_category"),
    "response": _text("response_column"),
    "frame": _text("training_frame"),
    "time": lambda each: each["run_time"],
    **{part: _value(part) for part in PARTS},
}


def chosen(call: PageCall) -> list[str]:
    """The models that a form names.

    Raises
    ------
    NotFound
        One of them is not there.
    """
    keys = set(call.session.objects.keys("model"))
    named = call.texts("model")
    for key in named:
        if key not in keys:
            raise NotFound(f"no model {key!r}: it was removed, or never was")
    return named


def remove(call: PageCall) -> Response:
    """Remove the models that were ticked, with what belongs to them."""
    keys = chosen(call)
    if not keys:
        return call.see("models", "No model was ticked", kind="wrong")
    removed = sum(call.session.objects.remove(key) for key in keys)
    return call.see("models", f"{removed} removed")


def load(call: PageCall) -> Response:
    """Load a model from a file, ours or a MOJO, of the node's disk or sent with the form; then its page."""
    sent, path = call.values.get("file"), call.text("path")
    with collected() as remarks:
        if isinstance(sent, UploadFile) and sent.filename:
            key = _sent(call, sent)
        elif path:
            key = _loaded(call, path, call.text("name"))
        else:
            raise InvalidArgument("name a file of the node's disk, or choose one to send")
    return call.see(f"models/{address(key)}", f"{key} is loaded", [text for text, _ in remarks])


def _sent(call: PageCall, sent: UploadFile) -> str:
    files = call.session.files
    place = files.fresh(sent.filename or "model")
    try:
        size = 0
        while piece := sent.file.read(_PIECE):
            size = files.put(place, piece, size)
        if not size:
            raise InvalidArgument(f"{sent.filename}: the file is empty")
        return _loaded(call, place, call.text("name"))
    finally:
        files.discard(place)


def _loaded(call: PageCall, path: str, name: str) -> str:
    """The key of a model in a file; only a MOJO does not know its name."""
    files = call.session.model_files
    if not path.lower().endswith(_MOJO):
        if name:
            raise InvalidArgument(
                f"name={name!r}: a model file knows the name of its model; leave this empty"
            )
        return files.load(path)
    taken = call.session.objects.keys()
    if name in taken:
        raise InvalidArgument(f"name={name!r} is taken: choose another one, or remove what has it")
    return files.import_mojo(path, name or None)


ROUTES = {"GET /models": models, "POST /models/remove": remove, "POST /models/load": load}
