"""Requests and answers of `rpc` as JSON, for those who are no client of ours: checked by the annotations of the protocol."""

from __future__ import annotations

import ast
import base64
import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter
from typing import Any

import numpy as np

from ...errors import (
    HeavywaterError,
    InvalidArgument,
    InvalidType,
    JobCancelled,
    NotFound,
    RefusedRequest,
    shortened,
)
from ...frame.columns.moment import Moment
from ...frame.language.expressions import FunctionText, Ref
from ...session import values
from ...session.remote import OPERATIONS, arguments_of
from ..node.guarded_session import REFUSED

Json = dict[str, Any]
LARGEST = 200_000  # cells of a table in an answer
_DEEPEST = 40
# Not to be had in JSON: expressions are written as text (frames.rapids), code does not travel.
LEFT_OUT = frozenset({"frames.evaluate", *REFUSED})
_SHAPES = {"Facts": values.Facts, "Started": values.Started, "State": values.State}
_PLAIN: dict[str, Json] = {
    "str": {"type": "string"},
    "Path": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "None": {"type": "null"},
    "bytes": {"type": "string", "contentEncoding": "base64"},
    "Any": {},
    "Description": {"type": "object"},
    "Table": {"type": "array", "items": {"type": "object"}, "x-table": True},
}
_TYPES: dict[str, tuple[type[Any], ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def operations() -> list[str]:
    """What can be asked for in JSON."""
    return [name for name in OPERATIONS if name not in LEFT_OUT]


# ---- schemas


def schema_of(annotation: str) -> Json:
    """Schema of the values of an annotation in the protocol."""
    return _schema(ast.parse(str(annotation), mode="eval").body)


def _schema(node: ast.expr) -> Json:
    if isinstance(node, ast.BinOp):
        left, right = _schema(node.left), _schema(node.right)
        return {"anyOf": [*left.get("anyOf", [left]), *right.get("anyOf", [right])]}
    if isinstance(node, ast.Subscript):
        base, inner = ast.unparse(node.value), node.slice
        if base in ("Sequence", "list"):
            return {"type": "array", "items": _schema(inner)}
        return {"type": "object"}
    name = ast.unparse(node)
    return {"$ref": f"#/components/schemas/{name}"} if name in _SHAPES else _PLAIN[name]


def shapes() -> Json:
    """Schemas of the values that have a name."""
    return {
        name: {
            "type": "object",
            "properties": {key: schema_of(text) for key, text in _annotations(shape).items()},
            "required": list(_annotations(shape)),
        }
        for name, shape in _SHAPES.items()
    }


def _annotations(shape: Any) -> dict[str, str]:
    return {key: getattr(each, "__forward_arg__", str(each)) for key, each in shape.__annotations__.items()}


@cache
def parameters_of(operation: str) -> dict[str, tuple[Json, bool]]:
    """Schema of each parameter of an operation, and whether it is needed."""
    found = OPERATIONS[operation].parameters.items()
    return {
        name: (schema_of(each.annotation), each.default is Parameter.empty)
        for name, each in found
        if name != "self"
    }


# ---- what comes


def arguments(operation: str, body: bytes | bytearray) -> dict[str, Any]:
    """Arguments of an operation from a JSON object.

    Raises
    ------
    NotFound
        There is no such operation, or none in JSON.
    InvalidArgument, InvalidType
        The body is no JSON object, or its members are not what the operation takes.
    """
    if operation in LEFT_OUT:
        raise NotFound(
            f"{operation} cannot be asked for in JSON; the document /rpc/1/openapi.json lists what can"
        )
    try:
        given = json.loads(bytes(body) or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"the body is no valid JSON ({error})") from None
    if not isinstance(given, dict):
        raise InvalidType("the body must be a JSON object with the parameters by name")
    try:
        arguments_of(operation, (), given)
    except TypeError as error:
        raise InvalidArgument(f"{operation}: {error}") from None
    return {name: _taken(value, parameters_of(operation)[name][0], name) for name, value in given.items()}


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is none of JSON's numbers")


def _taken(value: Any, schema: Json, about: str) -> Any:
    _check(value, schema, about, 0)
    for each in schema.get("anyOf", [schema]):
        if each.get("contentEncoding") and isinstance(value, str):
            return _bytes(value, about)
        if each.get("x-table") and isinstance(value, list):
            return _table(value, about)
    return value


def _check(value: Any, schema: Json, about: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise InvalidArgument(f"{about}: more than {_DEEPEST} levels are too deep")
    known = schema.get("anyOf", [schema])
    fitting = [each for each in known if _fits(value, each)]
    if not fitting:
        wanted = " or ".join(dict.fromkeys(each.get("type", "any value") for each in known))
        raise InvalidType(f"{about}={shortened(json.dumps(value))} must be {wanted}")
    for each in fitting:
        if "items" in each and isinstance(value, list):
            for item in value:
                _check(item, each["items"], f"an item of {about}", depth + 1)
            return
    _check_text(value, about, depth)


def _fits(value: Any, schema: Json) -> bool:
    kind = schema.get("type")
    if kind is None:
        return True
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, _TYPES[kind])


def _check_text(value: Any, about: str, depth: int) -> None:
    """Refuse texts that cannot be written anywhere, and what is nested without end."""
    if depth > _DEEPEST:
        raise InvalidArgument(f"{about}: more than {_DEEPEST} levels are too deep")
    if isinstance(value, str) and not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
        raise InvalidArgument(f"{about}: half of a character is no text")
    items = (
        list(value.items())
        if isinstance(value, dict)
        else [(about, each) for each in value]
        if isinstance(value, list)
        else []
    )
    for name, each in items:
        _check_text(name, about, depth)
        _check_text(each, str(name), depth + 1)


def _bytes(text: str, about: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise InvalidArgument(f"{about} must be bytes as base64") from None


def _table(records: list[Any], about: str) -> Any:
    import pyarrow as pa  # start-up: when the first table comes

    try:
        return pa.Table.from_pylist(records)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise InvalidArgument(
            f"{about} is no table: rows as objects of equal columns ({shortened(error)})"
        ) from None


# ---- what goes


def answered(reply: Json) -> tuple[Json, int]:
    """A reply of `session.remote.reply_of` as JSON, and its status."""
    try:
        return {
            "value": _said(reply["value"]),
            "warnings": reply["warnings"],
        } if "value" in reply else reply, 200
    except InvalidArgument as error:
        return {
            "error": {"kind": type(error).__name__, "text": str(error)},
            "warnings": reply["warnings"],
        }, 400


def status_of(error: Exception) -> int:
    """Status of an answer that is an error."""
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, JobCancelled):
        return 409
    return 400 if isinstance(error, RefusedRequest | HeavywaterError) else 500


def _said(value: Any) -> Any:
    for kinds, say in _SAID:
        if isinstance(value, kinds):
            return say(value)
    if type(value).__module__.startswith("pyarrow"):
        return _records(value)
    return str(value)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _records(table: Any) -> list[Json]:
    cells = table.num_rows * table.num_columns
    if cells > LARGEST:
        raise InvalidArgument(
            f"{cells} cells are too many for JSON, {LARGEST} can be had: ask for some rows (first, count), or in the binary form"
        )
    return [_said(row) for row in table.to_pylist()]


_SAID: list[tuple[Any, Callable[[Any], Any]]] = [
    (Ref, lambda value: {"frame": value.key}),
    (FunctionText, lambda value: {"function": value.text}),
    (Moment, lambda value: {"milliseconds": value.milliseconds}),
    ((bool, str, type(None)), lambda value: value),
    (int, lambda value: value),
    (float, _number),
    ((bytes, bytearray, memoryview), lambda value: base64.b64encode(value).decode()),
    (Mapping, lambda value: {str(key): _said(item) for key, item in value.items()}),
    ((list, tuple, set, frozenset, range), lambda value: [_said(item) for item in value]),
    ((np.generic, np.ndarray), lambda value: _said(value.tolist())),
]
