"""``h2o describe``: what a file holds, data or a model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ..data import frame_of, holds_model, model_of
from ..options import GENERAL, READING, SESSION, Command, option
from ..output import Answer
from ..sessions import opened
from .train import numbers

_LEVELS = 5  # shown of each column
_METRICS = {
    "training_metrics": "training",
    "validation_metrics": "validation",
    "cross_validation_metrics": "cross_validation",
}


def _run(options: Any) -> Answer:
    h2o = opened(options)
    if holds_model(h2o, options.file, options):
        return _model(model_of(h2o, options.file, options), options.json)
    return _frame(frame_of(h2o, options.file, options), options.json)


def _frame(frame: Any, whole: bool) -> Answer:
    columns = []
    for facts in frame._session.frames.columns(frame.frame_id):
        levels = facts["domain"]
        shown = (
            None
            if levels is None
            else levels
            if whole or len(levels) <= _LEVELS
            else [*levels[:_LEVELS], "..."]
        )
        numeric = facts["type"] in ("int", "real", "time")
        columns.append({
            "column": facts["label"],
            "type": facts["type"],
            "missing": facts["missing_count"],
            "min": _figure(facts, (facts["mins"] or [None])[0]),
            "max": _figure(facts, (facts["maxs"] or [None])[0]),
            "mean": _figure(facts, facts["mean"]),
            "sigma": facts["sigma"] if numeric and facts["type"] != "time" else None,
            "zeros": facts["zero_count"] if numeric else None,
            "levels": None if levels is None else len(levels),
            "values": shown,
        })  # fmt: skip
    return {"rows": frame.nrow, "data": columns}


def _figure(facts: Mapping[str, Any], value: float | None) -> Any:
    """A figure of a column; of times the time that it stands for."""
    if value is None or not math.isfinite(value) or facts["type"] not in ("int", "real", "time"):
        return None
    if facts["type"] != "time":
        return value
    try:
        return f"{datetime(1970, 1, 1) + timedelta(milliseconds=round(value)):%Y-%m-%d %H:%M:%S}"
    except OverflowError:  # beyond the year 9999
        return value


def _model(model: Any, whole: bool) -> Answer:
    json = model._model_json
    output = json["output"]
    answer: dict[str, Any] = {
        "model_id": model.model_id,
        "algorithm": json["algo_full_name"],
        "kind": output["model_category"],
        "response": json["response_column_name"],
        "parameters": {
            each["name"]: each["actual_value"]
            for each in json["parameters"]
            if whole or (each["input_value"] is not None and each["input_value"] != each["default_value"])
        },
        "inputs": [
            {"column": name, "type": "numeric" if levels is None else "enum",
             "levels": None if levels is None else len(levels), "values": _some(levels, whole)}
            for name, levels in zip(output["names"], output["domains"], strict=True)
            if name != json["response_column_name"]
        ],
    }  # fmt: skip
    answer |= {
        name: table_rows(output[field])
        for name, field in (("layers", "model_summary"), ("variable_importances", "variable_importances"))
        if output.get(field) is not None
    }
    metrics = {
        name: numbers(output[field]) for field, name in _METRICS.items() if output.get(field) is not None
    }
    return answer | ({"metrics": metrics} if metrics else {})


def _some(levels: Any, whole: bool) -> Any:
    return levels if levels is None or whole or len(levels) <= _LEVELS else [*levels[:_LEVELS], "..."]


def table_rows(table: Any) -> list[dict[str, Any]]:
    """The rows of a table, without columns that have no name."""
    return [
        {name: cell for name, cell in zip(table.col_header, row, strict=True) if name}
        for row in table.cell_values
    ]


DESCRIBE = Command(
    "describe",
    "what a file holds: columns of data, or parameters, layers and metrics of a model",
    _run,
    (
        option("file", "data (- is standard input), a saved model, or a MOJO; with --url also the name of a model of the node",
               metavar="FILE", required=True),
        *READING, *SESSION, *GENERAL,
    ),
    "Of data: type, missing cells, range, mean and levels of each column. Of a model: parameters that are no defaults, inputs, "
    "layers, importances, metrics. With --json all parameters and all levels.",
    (
        ("Data", "h2o describe iris.csv"),
        ("A model", "h2o describe iris.model"),
        ("All parameters of a MOJO", "h2o describe model.zip --json | jq .parameters"),
    ),
)  # fmt: skip
