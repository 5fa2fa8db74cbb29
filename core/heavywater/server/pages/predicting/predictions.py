"""Predict: a model and rows, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from ....errors import HeavywaterError, InvalidArgument
from ....exchange import to_rows
from ....session import Ref
from ..basics.addresses import address, key_at
from ..basics.asking import PageCall
from ..basics.paging import part_of
from ..scores.confusion import Confusion
from ..scores.metric_words import side_by_side
from ..scores.thresholds import Thresholds, curves_of
from .cut_off import cut_off
from .prediction_runs import ANSWER, PER_INPUT, RECONSTRUCTION, WHAT, Prediction, Predictions, reader, start
from .what_if import models_listed

_PATIENCE = 2.0  # seconds in which most predictions are made: longer ones are watched on their page
_ROWS = 50  # on a page
_MOST_COLUMNS = 20
_BLOCK = 2**22
_LONGEST_STEM = 80


def _known(call: PageCall) -> Predictions:
    return call.node.kept(Predictions)


# ---- the form


def form(call: PageCall, error: str = "") -> Response:
    """What is to be predicted, and the predictions that were made."""
    frames, known = call.session.frames.described(), _known(call)
    present = {each["frame_id"]["name"] for each in frames}
    made = [known.of(name) for name in known.names()]
    running = {each["job"] for each in call.session.jobs.known() if each["status"] == "RUNNING"}
    models = models_listed(call)
    chosen = {
        name: call.text(name) for name in ("model", "frame", "name", "kind", "layer", "text", "interval")
    }
    chosen["frame"] = chosen["frame"] or _usual_frame(call, chosen["model"] or next(iter(models), ""))
    return call.page(
        "predicting/predict.html",
        400 if error else 200,
        models=models,
        frames=[each["frame_id"]["name"] for each in frames],
        chosen=chosen,
        what=WHAT,
        fit=_fit(call) if call.text("model") and not error else None,
        made=[each for each in made if each.key in present or each.job in running],
        error=error,
    )


def _usual_frame(call: PageCall, model: str) -> str:
    """The frame that a model was trained on, nothing where that is not known: its columns fit."""
    found = next((each for each in call.session.models.listed() if each["model_id"] == model), None)
    return "" if found is None else found["training_frame"] or ""


def _fit(call: PageCall) -> dict[str, Any]:
    """What a model can be asked for, and how its inputs and a frame fit together."""
    session, model = call.session, call.chosen("model", "model")
    described = session.models.describe(model)
    inputs = [each["name"] for each in session.models.inputs(model, most_levels=0)]
    found = {
        "model": model,
        "autoencoder": described["model_category"] == "AutoEncoder",
        "intervals": described["intervals"] is not None,
        "layers": [int(row[1]) for row in described["model_summary"]["rows"][1:-1]],
        "text": "",
        "fits": True,
    }
    if call.text("frame"):
        present = set(session.frames.facts(call.chosen("frame", "frame"))["names"])
        absent = [name for name in inputs if name not in present]
        text = f"{len(inputs) - len(absent)} of {len(inputs)} inputs are in the frame"
        if absent:
            text += (
                f"; missing: {', '.join(name[:40] for name in absent[:5])}{' …' if len(absent) > 5 else ''}"
            )
        elif described["response_column"] in present:
            text += ", and the response, so there will be metrics"
        found |= {"text": text, "fits": len(absent) < len(inputs)}
    return found


def fit(call: PageCall) -> Response:
    """How a model and a frame fit together, for the script of the form."""
    return JSONResponse(_fit(call))


def predict(call: PageCall) -> Response:
    """Start a prediction, and show it when it is there, or how far it is."""
    try:
        asked = _started(call)
    except HeavywaterError as error:
        return form(call, str(error))
    call.session.jobs.wait(asked.job, _PATIENCE)
    return call.see(f"predict/of/{address(asked.key)}")


def _started(call: PageCall) -> Prediction:
    session = call.session
    model = call.chosen("model", "model")
    described, kind = session.models.describe(model), call.text("kind", ANSWER)
    autoencoder = described["model_category"] == "AutoEncoder"
    if kind not in WHAT:
        raise InvalidArgument(f"kind={kind!r} must be one of {', '.join(WHAT)}")
    if kind in (PER_INPUT, RECONSTRUCTION) and not autoencoder:
        raise InvalidArgument(f"{WHAT[kind]}: {model} is no autoencoder")
    interval = _interval(call, kind, described)
    file = _file(call)
    if file:
        stem = file.rpartition("/")[2].partition(".")[0] or "rows"
        frame = session.objects.fresh_key(_plain(stem))
    else:
        frame = call.chosen("frame", "frame")
    key = call.new_key("name", f"predicted_{model[:_LONGEST_STEM]}_{frame[:_LONGEST_STEM]}")
    asked = Prediction(
        key,
        model,
        frame,
        kind,
        call.count("layer", 1, least=1),
        autoencoder,
        described["response_column"],
        file,
        interval=interval,
    )
    _known(call).add(asked)
    read = (
        reader(session, file, frame, session.models.inputs(model, most_levels=0), described) if file else None
    )
    start(session, asked, read)
    return asked


def _interval(call: PageCall, kind: str, described: Mapping[str, Any]) -> float | None:
    """The probability that intervals are asked for with; refused where the model has none to give."""
    text, model = call.text("interval"), described["model_id"]
    if not text:
        return None
    try:
        interval = float(text)
    except ValueError:
        interval = math.nan
    if not 0 < interval < 1:
        raise InvalidArgument(f"interval={text!r} must be a number between 0 and 1, both excluded, as 0.9")
    if kind != ANSWER:
        raise InvalidArgument(
            f"interval={text} is for {WHAT[ANSWER]!r}, {WHAT[kind]!r} have none. Leave it empty"
        )
    if described["model_category"] == "AutoEncoder":
        raise InvalidArgument(f"interval={text}: {model} is an autoencoder, which has none. Leave it empty")
    if described["intervals"] is None:
        raise InvalidArgument(
            f"interval={text}: {model} knows nothing of its errors on rows that were held out. Leave it empty, or train with "
            "calibration_frame, nfolds or validation_frame"
        )
    return interval


def _plain(text: str) -> str:
    """A text as the beginning of a key."""
    found = "".join(each if each.isalnum() or each in "_-." else "_" for each in text)[:_LONGEST_STEM]
    return found or "rows"


def _file(call: PageCall) -> str:
    """Path of the rows that came with the form, as a file or as a text; nothing where none did."""
    files, upload, text = call.session.files, call.values.get("file"), call.text("text")
    if isinstance(upload, UploadFile) and upload.filename:
        path, size = files.fresh(upload.filename), 0
        while block := upload.file.read(_BLOCK):
            size = files.put(path, block, size)
        if not size:
            files.discard(path)
            raise InvalidArgument(f"the file {upload.filename!r} is empty")
        return path
    if text:
        path = files.fresh("rows.csv")
        files.put(path, (text.replace("\r\n", "\n") + "\n").encode())
        return path
    return ""


# ---- what came of it


def prediction(call: PageCall) -> Response:
    """A prediction: how far it is, or its rows with what is to be said of them."""
    asked = _asked(call)
    state = call.session.jobs.state(asked.job)
    if state["status"] == "RUNNING":
        return call.page("predicting/prediction_running.html", asked=asked, state=state, error="")
    if asked.key not in call.session.objects.keys("frame"):
        try:
            call.session.jobs.result(asked.job)
            error = "its frame was removed"
        except Exception as failed:  # noqa: BLE001  # it is told
            error = str(failed)
        return call.page("predicting/prediction_running.html", 400, asked=asked, state=state, error=error)
    with_model = asked.model in call.session.objects.keys("model")
    return call.page(
        "predicting/prediction.html",
        asked=asked,
        with_frame=asked.frame in call.session.objects.keys("frame"),
        with_model=with_model,
        table=_table(call, asked),
        numbers=side_by_side({"": asked.metrics}),
        **_classes(call, asked, with_model),
        cut=cut_off(call, asked) if asked.steps is not None and asked.steps.rows else None,
    )


def _asked(call: PageCall) -> Prediction:
    known = _known(call)
    return known.of(key_at(call.parts["key"], known.names(), "prediction"))


def _classes(call: PageCall, asked: Prediction, with_model: bool) -> dict[str, Any]:
    """The confusion matrix, and of two classes the curves over all thresholds."""
    found = {"matrix": Confusion.of(asked.metrics), "thresholds": None, "threshold": None}
    table = Thresholds.of(asked.metrics)
    if table is None:
        return found
    own = call.session.models.describe(asked.model)["default_threshold"] if with_model else None
    line = table.best() if own is None else table.nearest(own)
    return {
        "matrix": table.matrix(line),
        "thresholds": table,
        "threshold": table.at(line)["threshold"],
        **curves_of({"These rows": table}),
    }


def _table(call: PageCall, asked: Prediction) -> dict[str, Any]:
    """Some rows of a prediction, beside the response where the frame has it."""
    frames = call.session.frames
    facts = frames.facts(asked.key)
    part = part_of(call, facts["nrow"], _ROWS)
    width = min(len(facts["names"]), _MOST_COLUMNS)
    names, *rows = to_rows(frames.fetch(asked.key, range(width), part.first, _ROWS))
    actual = None
    if asked.kind == ANSWER and asked.frame in call.session.objects.keys("frame"):
        beside = frames.facts(asked.frame)
        if asked.response in beside["names"] and beside["nrow"] == facts["nrow"]:
            column = beside["names"].index(asked.response)
            actual = [row[0] for row in to_rows(frames.fetch(asked.frame, [column], part.first, _ROWS))[1:]]
    classes = facts["types"][0] == "enum"
    pairs = list(zip(actual or [], (row[0] for row in rows), strict=False))
    return {
        "names": names,
        "rows": rows,
        "actual": actual,
        "wrong": [classes and None not in pair and str(pair[0]) != str(pair[1]) for pair in pairs],
        "off": [] if classes else [None if None in pair else pair[0] - pair[1] for pair in pairs],
        "part": part,
        "more": len(facts["names"]) - width,
    }


def combine(call: PageCall) -> Response:
    """Put the columns of a prediction beside those of its frame, in a new frame."""
    asked, session = _asked(call), call.session
    name = call.new_key("name", f"{asked.frame[:_LONGEST_STEM]}_with_{asked.key[:_LONGEST_STEM]}")
    temporary = session.frames.evaluate(("cbind", Ref(asked.frame), Ref(asked.key))).key
    try:
        session.frames.assign(temporary, name)
    finally:
        session.objects.release([temporary])
    return call.see(f"frames/{address(name)}", f"{name} has the columns of {asked.frame} and of {asked.key}")


def remove(call: PageCall) -> Response:
    """Remove a prediction, and the frame that was made for it of a file."""
    asked = _asked(call)
    for key in [asked.key, *([asked.frame] if asked.file else [])]:
        call.session.objects.remove(key)
    _known(call).forget(asked.key)
    return call.see("predict", f"{asked.key} removed")


ROUTES = {
    "GET /predict": form,
    "POST /predict": predict,
    "GET /predict/fit": fit,
    "GET /predict/of/{key}": prediction,
    "POST /predict/of/{key}/combine": combine,
    "POST /predict/of/{key}/remove": remove,
}
