"""The page of one model: how it was trained, how good it is, what it takes and gives, and what can be done with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from starlette.responses import Response

from ....errors import HeavywaterError, InvalidArgument, NotFound
from ..basics.addresses import address, key_at
from ..basics.asking import PageCall
from ..basics.attachments import table_answer
from ..charts.histogram_chart import histogram
from ..charts.line_chart import lines
from ..charts.scatter_chart import scatter
from ..jobs.job_progress import JobProgress, trainings
from ..scores.confusion import Confusion
from ..scores.metric_words import PARTS, side_by_side
from ..scores.scoring_curves import ScoringCurves
from ..scores.thresholds import SHOWN, Thresholds, curves_of
from . import model_downloads, model_insides
from .model_settings import network_size, settings
from .predicted_rows import PredictedRows, fitting_frames, predicted_rows

_PREFERRED = ("validation", "cross_validation", "training")
_BINS = 40
# What is told of some models only.
_ABSENT = dict.fromkeys(
    ("origin", "training_frame", "validation_frame", "epochs", "end_time", "cross_validation_models")
)


def model(call: PageCall) -> Response:
    """The page of a model, also of one that is being trained."""
    running = trainings(call)
    models = call.session.objects.keys("model")
    key = key_at(call.parts["key"], [*models, *(str(each["destination"]) for each in running)], "model")
    job = next((each for each in running if each["destination"] == key), None)
    live: dict[str, Any] = {"job": job, "live": None if job is None else JobProgress.of(call, job)}
    if key not in models:
        return call.page("models/model_in_training.html", key=key, **live)
    told = {**_ABSENT, **call.session.models.describe(key)}
    parts = {part: metrics for part in PARTS if (metrics := told.get(f"{part}_metrics"))}
    return call.page(
        "models/model.html",
        key=key,
        told=told,
        **live,
        parts={part: PARTS[part] for part in parts},
        scores=side_by_side(parts),
        layers=network_size(told),
        settings=settings(told),
        limits=call.session.model_files.limits(key),
        frames=set(call.session.objects.keys("frame")),
        models=set(models),
        folds=_folds(told),
        **_curves(call, told),
        **_classes(call, parts),
        **_rows(call, told),
        **model_insides.insides(call, told, fitting_frames(call.session, told, numbers=False)),
    )


def _curves(call: PageCall, told: Mapping[str, Any]) -> dict[str, Any]:
    curves = ScoringCurves(told["scoring_history"], told["model_category"])
    choices = curves.choices()
    curve = call.text("curve")
    curve = curve if curve in choices else curves.default()
    return {"curves": curves, "choices": choices, "curve": curve}


def _folds(told: Mapping[str, Any]) -> tuple[list[str], list[Any]] | None:
    """Names and lines of the summary of the cross-validation, but for metrics without a value."""
    table = told.get("cross_validation_metrics_summary")
    if table is None:
        return None
    rows = [row for row in table["rows"] if any(not _is_none(value) for value in row[1:])]
    return ["Metric", *table["columns"][1:]], rows


def _part(call: PageCall, parts: Mapping[str, Any]) -> str | None:
    """The part whose matrix is shown."""
    asked = call.text("part")
    return asked if asked in parts else next((part for part in _PREFERRED if part in parts), None)


def _classes(call: PageCall, parts: Mapping[str, Any]) -> dict[str, Any]:
    """What there is of models of classes: matrices, thresholds, hit ratios."""
    part = _part(call, parts)
    metrics = {} if part is None else parts[part]
    with_matrix = [each for each in parts if parts[each].get("cm")]
    tables = {each: table for each in parts if (table := Thresholds.of(parts[each])) is not None}
    values: dict[str, Any] = {
        "part": part,
        "with_matrix": with_matrix,
        "matrix": Confusion.of(metrics),
        "thresholds": None,
        "gains": metrics.get("gains_lift_table"),
        "hit_ratios": metrics.get("hit_ratio_table"),
        "domain": metrics.get("domain"),
    }
    if part in tables:
        values |= _thresholds(call, tables[part], {PARTS[each]: found for each, found in tables.items()})
    if values["gains"]:
        values["gains_picture"] = _gains_picture(values["gains"])
    return values


def _thresholds(call: PageCall, chosen: Thresholds, every: Mapping[str, Thresholds]) -> dict[str, Any]:
    asked = _number(call.text("threshold"))
    line = chosen.best() if asked is None else chosen.nearest(asked)
    at = chosen.at(line)
    return {
        "thresholds": chosen,
        "line": line,
        "at": at,
        "shown": SHOWN,
        **curves_of(every, at),
    }


def _gains_picture(table: Mapping[str, Any]) -> Any:
    def column(name: str) -> list[Any]:
        position = table["columns"].index(name)
        return [row[position] for row in table["rows"]]

    share = column("cumulative_data_fraction")
    return lines(
        "Cumulative lift over the share of the rows",
        {"Cumulative lift": (share, column("cumulative_lift")), "Lift": (share, column("lift"))},
        x_label="share of the rows",
        y_label="lift",
        within_x=(0, 1),
        within_y=(0, 1),
    )


def _rows(call: PageCall, told: Mapping[str, Any]) -> dict[str, Any]:
    """Predicted beside actual numbers, or errors of an autoencoder, for rows of a frame."""
    if told["model_category"] not in ("Regression", "AutoEncoder"):
        return {"fitting": []}
    fitting = fitting_frames(call.session, told)
    asked = call.text("frame")
    frame = asked if asked in fitting else next(iter(fitting), None)
    values: dict[str, Any] = {"fitting": fitting, "frame": frame, "rows": None, "rows_error": None}
    if frame is None:
        return values
    try:
        found = predicted_rows(call.session, told, frame)
    except HeavywaterError as error:
        return {**values, "rows_error": str(error)}
    return {**values, "rows": found, "row_pictures": _row_pictures(found, told)}


def _row_pictures(found: PredictedRows, told: Mapping[str, Any]) -> list[tuple[str, Any]]:
    if told["model_category"] == "AutoEncoder":
        return [("Reconstruction error", _error_histogram(found))]
    response = told["response_column"]
    return [
        (
            "Predicted and actual",
            scatter(
                "Predicted over actual values", found.actual, found.predicted, x_label=f"actual {response}",
                y_label="predicted", diagonal=True,
            ),
        ),
        (
            "Residuals",
            scatter(
                "Residuals over predicted values", found.predicted, found.residuals, x_label="predicted",
                y_label="actual − predicted", zero=True,
            ),
        ),
    ]  # fmt: skip


def _error_histogram(found: PredictedRows) -> Any:
    errors = found.predicted[np.isfinite(found.predicted)]
    if not len(errors):
        return ""
    counts, edges = np.histogram(errors, _BINS)
    return histogram(
        "Rows by reconstruction error", counts, edges[0], edges[-1], x_label="reconstruction error (MSE)"
    )


def set_threshold(call: PageCall) -> Response:
    """Let the model call the second class from another probability on."""
    key, wanted = call.key("model"), _number(call.text("threshold"))
    if wanted is None:
        raise InvalidArgument(f"threshold={call.text('threshold')!r} must be a number between 0 and 1")
    before = call.session.models.reset_threshold(key, wanted)
    return call.see(
        f"models/{address(key)}?threshold={wanted!r}#thresholds-heading",
        f"The threshold was {before:.4g}, it is {wanted:.4g} now",
    )


def matrix(call: PageCall) -> Response:
    """A confusion matrix as comma-separated text."""
    told = call.session.models.describe(call.key("model"))
    part = call.text("part", "training")
    found = Confusion.of(told.get(f"{part}_metrics")) if part in PARTS else None
    if found is None:
        raise NotFound(f"there is no confusion matrix of part={part!r}")
    return table_answer(found.table(), "confusion_matrix.csv")


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _is_none(value: Any) -> bool:
    return value is None or value != value


ROUTES = {
    "GET /models/{key}": model,
    "GET /models/{key}/matrix": matrix,
    "POST /models/{key}/threshold": set_threshold,
    **model_downloads.ROUTES,
    **model_insides.ROUTES,
}
