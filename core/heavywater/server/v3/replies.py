"""Objects, tables and errors as H2O's JSON."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from starlette.responses import Response

from ... import errors

Json = dict[str, Any]
PROTOCOL_VERSION = "3.46.0.12"  # of H2O's interface that is spoken; R's client stops at another one


def meta(schema: str, kind: str = "Iced", version: int = 3) -> Json:
    """What every object says about itself; clients choose classes by the name."""
    return {"schema_version": version, "schema_name": schema, "schema_type": kind}


def key(name: str | None, kind: str) -> Json | None:
    """A key as an object.

    Parameters
    ----------
    name : str, optional
    kind : str
        ``Frame``, ``Model``, ``Job`` or ``Grid``.
    """
    if name is None:
        return None
    url = {"Frame": f"/3/Frames/{name}", "Model": f"/3/Models/{name}", "Job": f"/3/Jobs/{name}"}.get(kind)
    return {"__meta": meta(f"{kind}KeyV3", f"Key<{kind}>"), "name": name, "type": f"Key<{kind}>", "URL": url}


def table(
    name: str,
    columns: Sequence[tuple[str, str, str, str]],
    data: Sequence[Sequence[Any]],
    description: str = "",
) -> Json:
    """A table as an object.

    Parameters
    ----------
    name : str
    columns : sequence of tuple
        Name, type (``string``, ``int``, ``long``, ``float``, ``double``), format and description of each.
    data : sequence
        The cells of each column.
    description : str
    """
    parts = ("name", "type", "format", "description")
    return {
        "__meta": meta("TwoDimTableV3", "TwoDimTable"),
        "name": name,
        "description": description,
        "columns": [
            {"__meta": meta("ColumnSpecsBase", version=-1), **dict(zip(parts, each, strict=True))}
            for each in columns
        ],
        "rowcount": len(data[0]) if data else 0,
        "data": data,
    }


def without(reply: Any, paths: Sequence[str]) -> None:
    """Take members out of a reply, such as ``frames/columns/data``: in lists out of each item."""
    for path in paths:
        _drop(reply, path.strip("/").split("/"))


def _drop(value: Any, path: list[str]) -> None:
    if isinstance(value, list):
        for each in value:
            _drop(each, path)
    elif isinstance(value, dict):
        if len(path) == 1:
            value.pop(path[0], None)
        else:
            _drop(value.get(path[0]), path[1:])


def plain(value: Any) -> Any:
    """A value for JSON: numbers that it lacks become H2O's texts for them."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


class JsonResponse(Response):
    """An answer with a JSON body, and the headers that H2O gives."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes of the body."""
        try:  # most answers have nothing that JSON lacks, and some are long
            text = json.dumps(
                content, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=plain
            )
        except ValueError:
            text = json.dumps(plain(content), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


# classes of errors -> status, and what H2O calls it; the first that fits
_KINDS: Sequence[tuple[type[Exception], int, str]] = (
    (errors.NotFound, 404, "water.exceptions.H2OKeyNotFoundArgumentException"),
    (errors.InvalidExpression, 400, "water.rapids.Rapids.IllegalASTException"),
    (errors.InvalidType, 400, "java.lang.IllegalArgumentException"),
    (errors.ParseError, 400, "water.exceptions.H2OIllegalArgumentException"),
    (errors.InvalidArgument, 400, "water.exceptions.H2OIllegalArgumentException"),
    (errors.HeavywaterError, 412, "water.exceptions.H2OIllegalArgumentException"),
)


class Refused(Exception):
    """An answer that is an error, with a status of its own.

    Parameters
    ----------
    status : int
    text : str
    kind : str
        H2O's name of the exception.
    body : dict, optional
        What the answer has beside the usual members, or instead of them.
    values : mapping, optional
        What the text names.
    """

    def __init__(
        self,
        status: int,
        text: str,
        kind: str = "water.exceptions.H2OIllegalArgumentException",
        body: Json | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(text)
        self.status, self.kind, self.body, self.values = status, kind, body, dict(values or {})


def not_found(name: str, argument: str = "key") -> Refused:
    """That there is no object of a name, in the words that clients look for."""
    return Refused(
        404,
        f"Object '{name}' not found for argument: {argument}",
        "water.exceptions.H2OKeyNotFoundArgumentException",
        values={"argument": argument, "name": name},
    )


def kind_of(error: BaseException) -> tuple[int, str]:
    """The status of an error, and what H2O calls it."""
    if isinstance(error, Refused):
        return error.status, error.kind
    return next(
        ((code, name) for group, code, name in _KINDS if isinstance(error, group)),
        (500, "java.lang.RuntimeException"),
    )


def error_response(error: Exception, url: str) -> JsonResponse:
    """The answer to a request that has failed."""
    status, kind = kind_of(error)
    body = error_body(status, str(error), kind, url)
    if isinstance(error, Refused):
        body |= {"values": error.values, **(error.body or {})}
    return JsonResponse(body, status_code=status)


def error_body(status: int, text: str, kind: str, url: str, schema: str = "H2OErrorV3") -> Json:
    """H2O's JSON for an error."""
    return {
        "__meta": meta(schema, "H2OError"),
        "timestamp": int(1000 * time.time()),
        "error_url": url,
        "msg": f"\n\nERROR MESSAGE:\n\n{text}\n\n",
        "dev_msg": f"\n\nERROR MESSAGE:\n\n{text}\n\n",
        "http_status": status,
        "values": {},
        "exception_type": kind,
        "exception_msg": f"\n\nERROR MESSAGE:\n\n{text}\n\n",
        "stacktrace": [f"{kind}: {text}"],
    }
