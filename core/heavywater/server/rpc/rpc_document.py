"""The OpenAPI document of `rpc`, made from the protocol of sessions: its signatures and what they say of themselves."""

from __future__ import annotations

import inspect
import re
from functools import cache
from typing import Any

from ... import __version__
from ...session.protocol import PARTS
from .rpc_json import OPERATIONS, operations, parameters_of, schema_of, shapes

Json = dict[str, Any]
_SECTION = re.compile(r"\n\n(Parameters|Returns|Raises|Notes|Examples|Yields)\n-+\n")
_HEAD = """What can be asked of a node, one request for each operation of a session.

A body of the type `application/json` has the parameters by name; tables are lists of records, bytes are base64. The answer has \
`value` and `warnings`, or `error` with `kind` and `text`. Bodies of the type `application/octet-stream` are messages of \
heavywater's own clients, in which tables are Arrow streams.

Temporary frames belong to a client: `POST /rpc/1/clients` opens one, the header `Heavywater-Client` names it. Requests without \
the header share one, which is forgotten when nobody has asked for a while. Work that takes time answers a job; `jobs.wait` \
waits for its end, `jobs.result` gives what it made."""


@cache
def document(prefix: str) -> Json:
    """The document.

    Parameters
    ----------
    prefix : str
        Path of the requests, ``/rpc/1``.
    """
    return {
        "openapi": "3.1.0",
        "info": {"title": "heavywater", "version": __version__, "description": _HEAD},
        "paths": {f"{prefix}/{name}": {"post": _operation(name)} for name in operations()},
        "components": {
            "schemas": {**shapes(), "Warning": _WARNING, "Error": _ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
        "tags": [{"name": name, "description": inspect.getdoc(part)} for name, part in PARTS.items()],
    }


_TEXT = {"type": "string"}
_WARNING: Json = {
    "type": "object",
    "properties": {"kind": _TEXT, "text": _TEXT},
    "required": ["kind", "text"],
}
_ERROR: Json = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {"kind": _TEXT, "text": _TEXT},
            "required": ["kind", "text"],
        }
    },
    "required": ["error"],
}
_MEANINGS = {
    "400": "The request cannot be met",
    "401": "The token is missing or wrong",
    "403": "This client may not ask",
    "404": "No object, job or operation of this name",
    "409": "The job was cancelled",
    "410": "The client has ended",
    "413": "The body is too large",
    "503": "The node has too much to do",
}


def _operation(name: str) -> Json:
    part, _, method = name.partition(".")
    text = inspect.getdoc(getattr(PARTS[part], method)) or ""
    pieces = _SECTION.split(text)
    sections = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    said = _described(sections.get("Parameters", ""))
    known = parameters_of(name)
    body = {
        "type": "object",
        "properties": {key: _with(schema, said.get(key)) for key, (schema, _) in known.items()},
        "required": [key for key, (_, needed) in known.items() if needed],
        "additionalProperties": False,
    }
    value = schema_of(str(OPERATIONS[name].return_annotation))
    return {
        "operationId": name,
        "tags": [part],
        "summary": pieces[0].partition("\n")[0],
        "description": text,
        "parameters": [{"name": "Heavywater-Client", "in": "header", "required": False, "schema": _TEXT}],
        "requestBody": {
            "required": bool(body["required"]),
            "content": {"application/json": {"schema": body}},
        },
        "responses": {
            "200": {"description": "The answer", "content": {"application/json": {"schema": _answer(value)}}},
            **{status: _problem(meaning) for status, meaning in _MEANINGS.items()},
        },
    }


def _answer(value: Json) -> Json:
    warning = {"$ref": "#/components/schemas/Warning"}
    return {
        "type": "object",
        "properties": {"value": value, "warnings": {"type": "array", "items": warning}},
        "required": ["value", "warnings"],
    }


def _problem(meaning: str) -> Json:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": meaning, "content": {"application/json": {"schema": schema}}}


def _with(schema: Json, text: str | None) -> Json:
    return {**schema, "description": text} if text else schema


def _described(section: str) -> dict[str, str]:
    """What a section of parameters says of each."""
    found: dict[str, str] = {}
    for head, text in re.findall(
        r"^(\w[^\n:]*)(?: : [^\n]*)?\n((?:    [^\n]*\n?|\n)*)", section + "\n", re.MULTILINE
    ):
        for name in head.split(","):
            found[name.strip()] = re.sub(r"\s+", " ", text).strip()
    return found
