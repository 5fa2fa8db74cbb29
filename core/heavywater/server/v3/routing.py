"""Which handler answers a request, and what it is given."""

from __future__ import annotations

import inspect
import json
import logging
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from ...errors import HeavywaterError, InvalidArgument, collected
from ..gate.denials import Denied
from ..node.forms import read_form
from ..node.open_node import OpenNode
from .calls import Call, Upload, check_names_of_values
from .replies import PROTOCOL_VERSION, JsonResponse, Refused, error_response, without

Answer = Mapping[str, Any] | Response
Handler = Callable[[Call], Answer | Awaitable[Answer]]
logger = logging.getLogger("h2o.node")

EXCLUDE = "_exclude_fields"
FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"


class Routes:
    """The handlers by method and path.

    Parameters
    ----------
    handlers : mapping
        ``"GET /3/Frames/{id}"`` -> handler. A part in braces is any text; it is found before it is decoded, so that it may
        hold what stands between parts.
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._plain: dict[tuple[str, ...], tuple[Handler, tuple[str, ...]]] = {}
        self._open: list[tuple[tuple[str, ...], Handler, tuple[str, ...]]] = []
        for route, handler in handlers.items():
            method, _, path = route.partition(" ")
            parts = (method, *path.strip("/").split("/"))
            names = tuple(part.strip("{}") for part in parts if part.startswith("{"))
            if names:
                self._open.append((parts, handler, names))
            else:
                self._plain[parts] = handler, ()

    def find(self, method: str, raw_path: str) -> tuple[Handler, dict[str, str]]:
        """Handler of a request, and the parts of its path.

        Raises
        ------
        Refused
            There is none; the answer names the request.
        """
        asked = (method, *raw_path.strip("/").split("/"))
        exact = self._plain.get(asked)
        if exact is not None:
            return exact[0], {}
        for parts, handler, names in self._open:
            if len(parts) == len(asked) and all(
                p == a or (p.startswith("{") and a) for p, a in zip(parts, asked, strict=True)
            ):
                found = [a for p, a in zip(parts, asked, strict=True) if p.startswith("{")]
                return handler, {name: unquote(each) for name, each in zip(names, found, strict=True)}
        raise Refused(
            404,
            f"{method} /{'/'.join(asked[1:])}: there is no such request at this node",
            "water.exceptions.H2ONotFoundArgumentException",
        )


def endpoint(node: OpenNode, table: Routes) -> Callable[[Request], Awaitable[Response]]:
    """What answers all requests of this door."""

    async def answer(request: Request) -> Response:
        path = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1").partition("?")[0]
        path = path.removeprefix(request.scope.get("root_path", ""))
        kept: list[Path] = []
        try:
            handler, parts = table.find(request.method, path)
            values, upload = await _content(request, node, kept)
            check_names_of_values(handler, values)
            call = Call(
                node, _session(node, request, values), parts, values, upload, dict(request.headers.items())
            )
            reply = await _answer_of(handler, call)
            response = (
                reply if isinstance(reply, Response) else await run_in_threadpool(_response, call, reply)
            )
        except (HeavywaterError, Refused) as error:
            response = error_response(error, path)
        except Denied:  # the guard has cut the body off, and answers itself
            raise
        except Exception as error:
            logger.exception("%s %s failed", request.method, path)
            response = error_response(error, path)
        finally:
            for each in kept:
                each.unlink(missing_ok=True)
        response.headers["X-h2o-build-project-version"] = PROTOCOL_VERSION
        response.headers["X-h2o-rest-api-version-max"] = "3"
        response.headers["X-h2o-cluster-id"] = str(int(1000 * node.start_time))
        response.headers["X-h2o-cluster-good"] = "true"
        return response

    return answer


async def _answer_of(handler: Handler, call: Call) -> Any:
    """What a handler gives: in a thread, but for those that only wait, of which there may be many."""
    if inspect.iscoroutinefunction(handler):
        return await handler(call)
    return await run_in_threadpool(_handled, handler, call)


def _handled(handler: Handler, call: Call) -> Any:
    """What a handler gives; H2O's answers have no place for warnings, so the log has them."""
    with collected() as remarks:
        reply = handler(call)
    for text, _ in remarks:
        logger.warning("%s", text)
    return reply


def _response(call: Call, reply: Any) -> JsonResponse:
    """The JSON of a reply, without the members that are not wanted."""
    excluded = call.text(EXCLUDE)
    if excluded:
        without(reply, excluded.split(","))
        if EXCLUDE in reply:
            reply[EXCLUDE] = excluded
    return JsonResponse(reply)


def _session(node: OpenNode, request: Request, values: Mapping[str, Any]) -> Any:
    asked = request.headers.get("session-key") or values.get("session_id") or values.get("session_key")
    return node.clients.of(str(asked).removeprefix("_sid_") if asked else None) or node.session


async def _content(
    request: Request, node: OpenNode, kept: list[Path]
) -> tuple[dict[str, Any], Upload | None]:
    """The values of a request, and the file in it."""
    values: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in ("GET", "HEAD"):
        return values, None
    if kind in (FORM, MULTIPART):
        upload, form = None, await read_form(request, 16, 1000)
        try:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    upload = await _kept(_chunks(value), value.filename, node, kept)
                else:
                    values[name] = value
        finally:
            await form.close()
        return values, upload
    if kind == JSON:
        try:
            found = json.loads(await request.body() or b"{}")
        except (ValueError, RecursionError) as error:
            raise InvalidArgument(f"the body is no valid JSON ({error})") from None
        if not isinstance(found, dict):
            raise InvalidArgument("the body must be a JSON object")
        return {**values, **found}, None
    if int(request.headers.get("content-length") or 0) or "transfer-encoding" in request.headers:
        return values, await _kept(request.stream(), None, node, kept)
    return values, None


async def _chunks(file: UploadFile) -> Any:
    while chunk := await file.read(2**20):
        yield chunk


async def _kept(chunks: Any, name: str | None, node: OpenNode, kept: list[Path]) -> Upload:
    number, path = tempfile.mkstemp(dir=node.uploads, prefix="arriving_")
    kept.append(Path(path))
    size = 0
    with os.fdopen(number, "wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            file.write(chunk)
    return Upload(Path(path), name, size)
