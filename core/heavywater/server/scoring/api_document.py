"""What a scoring service tells about itself: an OpenAPI document, and a page for people, made from the inputs of its models."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from ... import __version__
from .row_bodies import ARROW, CSV, FORMS, INTERVAL, JSON
from .served_models import ServedModel

_MOST_LEVELS = 1000  # of an input that are listed
STYLE = """body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color-scheme: light dark }
table { border-collapse: collapse } th, td { text-align: left; vertical-align: top; padding: .2em .8em; border-bottom: 1px solid #8884 }
pre { overflow-x: auto; padding: .8em; background: #8882 } code { font-family: ui-monospace, monospace }
"""


def described_models(models: Mapping[str, ServedModel]) -> list[dict[str, Any]]:
    """Names, kinds, inputs and outputs of models, as plain values."""
    return [
        {
            "name": each.name,
            "category": each.model.parameters.category,
            "source": each.source,
            "inputs": _inputs(each),
            "outputs": each.scorer.names,
            "interval": _interval(each),
        }
        for each in models.values()
    ]


def _interval(served: ServedModel) -> dict[str, Any] | None:
    """What intervals rest on, and what an answer has more with one; None where the model has none."""
    known = served.model.intervals
    return None if known is None else {**known.described(), "outputs": served.names_of_interval}


def _inputs(served: ServedModel) -> list[dict[str, Any]]:
    spec = served.model.spec
    found: list[dict[str, Any]] = []
    for name, kind in spec.kinds.items():
        if kind == "enum":
            found.append({"name": name, "type": "enum", "levels": list(spec.levels(name)[:_MOST_LEVELS])})
        else:
            found.append({"name": name, "type": "time" if kind == "time" else "number"})
    if spec.offset_column is not None:
        found.append({"name": spec.offset_column, "type": "number", "role": "offset"})
    return found


# ---- OpenAPI


def document(models: Mapping[str, ServedModel], most_rows: int) -> dict[str, Any]:
    """The service as OpenAPI 3.1 document."""
    paths: dict[str, Any] = {}
    for each in models.values():
        paths[f"/score/{quote(each.name, safe='')}"] = {"post": _operation(each, most_rows)}
    for path, (summary, kind) in _OTHERS.items():
        answers = {"200": {"description": summary, "content": {kind: {}}}}
        if path == "/health":
            answers["503"] = {"description": "The service is about to end.", "content": {JSON: {}}}
        paths[path] = {"get": {"summary": summary, "responses": answers}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Scoring with heavywater", "version": __version__},
        "servers": [{"url": "."}],
        "paths": paths,
        "components": {"schemas": {"Error": _object({"error": {"type": "string"}}, ["error"])}},
    }


_OTHERS = {
    "/models": ("Names, inputs and outputs of all models.", JSON),
    "/health": ("Whether the service is ready; /health/live: whether it answers.", JSON),
    "/metrics": ("Numbers for monitoring, in the text form of Prometheus.", "text/plain"),
}


def _object(properties: Mapping[str, Any], required: Sequence[str] = ()) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(required)}


def _operation(served: ServedModel, most_rows: int) -> dict[str, Any]:
    row, cells = _object({i["name"]: _schema(i) for i in _inputs(served)}), {"type": "array"}
    forms = [
        {"type": "array", "items": row, "maxItems": most_rows},
        row,
        _object({name: {"type": "array", "items": schema} for name, schema in row["properties"].items()}),
        _object(
            {"columns": {"type": "array", "items": {"type": "string"}}, "data": {**cells, "items": cells}},
            ["columns", "data"],
        ),
    ]
    text, binary = {"schema": {"type": "string"}}, {"schema": {"type": "string", "format": "binary"}}
    names = served.scorer.names
    outputs = {n: _output(served, n) for n in (*names, *served.names_of_interval)}
    predictions = {"type": "array", "items": _object(outputs, names)}
    answer = _object(
        {
            "model": {"type": "string"},
            "predictions": predictions,
            "warnings": {"type": "array", "items": {"type": "string"}},
        },
        ["model", "predictions", "warnings"],
    )
    return {
        "summary": f"Score rows with {served.name} ({served.model.parameters.category})",
        "description": f"Rows are {FORMS}; or CSV whose first line has the names; or an Arrow stream. What is not there is missing.",
        "parameters": _parameters(served),
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": {"anyOf": forms}, "example": [_example(served)]},
                CSV: text,
                ARROW: binary,
            },
        },
        "responses": {
            "200": {
                "description": "A prediction for each row.",
                "content": {JSON: {"schema": answer}, CSV: text, ARROW: binary},
            },
            **{status: _error(why) for status, why in _REFUSALS.items()},
        },
    }


def _parameters(served: ServedModel) -> list[dict[str, Any]]:
    more = served.names_of_interval
    if not more:
        return []
    return [
        {
            "name": INTERVAL,
            "in": "query",
            "required": False,
            "description": f"Probability with which an interval, or a set of classes, is to hold the truth: adds {', '.join(more)}.",
            "schema": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
            "example": 0.9,
        }
    ]


_REFUSALS = {
    "400": "The body cannot be read.",
    "406": "Accept allows no form that there is.",
    "413": "The body is too long.",
    "415": "The body is of no form that can be read.",
    "422": "The rows cannot be scored: row, column and value are named; or there is no such interval.",
}


def _error(why: str) -> dict[str, Any]:
    return {"description": why, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}}


def _schema(given: Mapping[str, Any]) -> dict[str, Any]:
    if given["type"] == "enum":
        any_value = {"type": ["string", "number", "boolean", "null"]}
        note = "Other levels are scored like missing values, and counted."
        return {"anyOf": [{"enum": [*given["levels"], None]}, any_value], "description": note}
    if given["type"] == "time":
        note = "A date such as 2026-01-31 12:00:00 (UTC), or milliseconds since 1970."
        return {"type": ["string", "number", "null"], "description": note}
    return {
        "type": ["number", "string", "boolean", "null"],
        "description": "A number, or a text that is one.",
    }


def _output(served: ServedModel, name: str) -> dict[str, Any]:
    response = served.model.spec.response
    if name == served.scorer.names[0] and response is not None and response.domain is not None:
        return {"type": ["string", "null"], "enum": [*response.domain, None]}
    return {"type": ["number", "null"]}


def _example(served: ServedModel) -> dict[str, Any]:
    spec = served.model.spec
    found: dict[str, Any] = {}
    for given in _inputs(served):
        if given["type"] == "enum":
            found[given["name"]] = next(iter(given["levels"]), None)
        else:
            scale = spec.encoder.scaling.get(given["name"])
            found[given["name"]] = 0 if scale is None else float(f"{scale.fill:.6g}")
    return found


# ---- the page


def page(models: Mapping[str, ServedModel]) -> str:
    """A page of HTML that asks no other machine for anything."""
    parts = [_model_part(each) for each in models.values()]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Scoring with heavywater</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="docs.css"></head><body>\n'
        f"<h1>Scoring with heavywater {escape(__version__)}</h1>\n"
        f"<p>Send rows as JSON ({escape(FORMS)}), as CSV (<code>{CSV}</code>) or as an Arrow stream (<code>{ARROW}</code>); the "
        "header Accept says how predictions come back. What is not there is missing. "
        '<a href="openapi.json">OpenAPI document</a>, <a href="models">models</a>, <a href="health">health</a>, '
        '<a href="metrics">metrics</a>.</p>\n' + "\n".join(parts) + "\n</body></html>\n"
    )


def _model_part(served: ServedModel) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(i['name'])}</code></td><td>{escape(i.get('role', i['type']))}</td>"
        f"<td>{escape(', '.join(i.get('levels', ())[:20]))}</td></tr>"
        for i in _inputs(served)
    )
    body = json.dumps([_example(served)]).replace("'", "\\u0027")
    command = f"curl -X POST http://HOST:PORT/score/{quote(served.name, safe='')} -H 'Content-Type: application/json' \\\n  -d '{body}'"
    answers = _listed(served.scorer.names)
    if more := served.names_of_interval:
        answers += f"; with <code>?{INTERVAL}=0.9</code> also {_listed(more)}"
    return (
        f"<h2>{escape(served.name)}</h2>\n<p>{escape(served.model.parameters.category)}; answers {answers}</p>\n"
        f"<pre>{escape(command)}</pre>\n<table><tr><th>input</th><th>type</th><th>levels</th></tr>{rows}</table>"
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"<code>{escape(name)}</code>" for name in names)
