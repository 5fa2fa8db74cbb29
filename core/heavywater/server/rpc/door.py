"""The door of our own clients: ``POST /rpc/1/{operation}``, whose body and answer are messages of a session, or JSON for others.

``GET /rpc`` tells what this is, ``GET /rpc/1/openapi.json`` what can be asked. A client opens with ``POST /rpc/1/clients``, names
itself in the header of each request, is kept alive by any of them and by ``GET /rpc/1/clients/{id}``, and ends with ``DELETE`` of the
same.
"""

from __future__ import annotations

import importlib
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ... import __version__
from ...errors import HeavywaterError, InvalidArgument
from ...frame.language.expressions import Ref
from ...session.known_facts import MOST_NAMES
from ...session.remote import perform, reply_of, reply_parts
from ...session.wire import decode, encode
from ..node.guarded_session import GuardedSession
from ..node.job_waiting import end_of_job
from ..node.open_node import OpenNode
from .rpc_document import document
from .rpc_json import answered, arguments, status_of

logger = logging.getLogger("h2o.node")
PROTOCOL = 1
CLIENT = "heavywater-client"  # the header with the id of who asks
RELEASED = "heavywater-release"  # the header with keys of temporaries that nothing refers to any more
MESSAGE = "application/octet-stream"
LONGEST_WAIT = 60.0  # seconds: who waits for a job asks again then
JSON = "application/json"
_NOBODY = "json"  # the client of those who name none
_WRONG = (HeavywaterError, TypeError, ValueError, KeyError)
_PIECE = 2**20
_HEAVY = ("frames", "files", "training", "models", "model_files")
_WHOLE = 2**16  # bytes up to which an answer is put together
# Few rows are scored in less time than it takes to hand them to a thread; but not those of large networks.
_AT_ONCE, _SMALL, _QUICK = "models.score_rows", 2**14, 0.002

Handler = Callable[[Request], Awaitable[Response]]


def routes(node: OpenNode) -> list[Route]:
    """The routes of this door."""
    door = _Door(node)
    return [
        Route("/rpc", door.greet, methods=["GET"]),
        Route(f"/rpc/{PROTOCOL}/clients", door.open, methods=["POST"]),
        Route(f"/rpc/{PROTOCOL}/clients/{{client}}", door.client, methods=["GET", "DELETE"]),
        Route(f"/rpc/{PROTOCOL}/openapi.json", door.document, methods=["GET"]),
        Route(f"/rpc/{PROTOCOL}/{{operation}}", door.ask, methods=["POST"]),
    ]


def refused(status: int, kind: str, text: str) -> Response:
    """An error that is no answer of the session."""
    return JSONResponse({"error": {"kind": kind, "text": text}}, status)


class _Door:
    def __init__(self, node: OpenNode) -> None:
        self._node = node
        self._costs = deque([0.0] * 8, 8)  # of the last rows, in seconds
        self._loading = False

    async def greet(self, request: Request) -> Response:
        """What this is."""
        return JSONResponse({"node": "heavywater", "version": __version__, "protocol": PROTOCOL})

    async def open(self, request: Request) -> Response:
        """A new client."""
        try:
            told = json.loads(await request.body() or b"{}")
            language = str(told.get("language", "python"))
        except (ValueError, AttributeError, RecursionError):
            return refused(
                400, "InvalidArgument", 'the body must be a JSON object, such as {"language": "R"}'
            )
        try:
            session = self._node.clients.open(language)
        except InvalidArgument as error:  # too many
            return refused(503, "InvalidArgument", str(error))
        if not self._loading:
            self._loading = True
            threading.Thread(target=_load, name="heavywater: loading", daemon=True).start()
        return JSONResponse(
            {
                "client": session.client,
                "expiry": self._node.options.expiry,
                "node": str(int(1000 * self._node.start_time)),
                "version": __version__,
                "protocol": PROTOCOL,
            }
        )

    async def client(self, request: Request) -> Response:
        """A sign of life of a client, or its end."""
        client = request.path_params["client"]
        session = self._node.clients.of(client)
        if session is None:
            return self._gone(client)
        if request.method == "DELETE":
            await run_in_threadpool(self._node.clients.end, client, stop_jobs=False)
        return JSONResponse({"client": client})

    def _gone(self, client: str) -> Response:
        return refused(410, "NotFound", f"no client {client!r}: it has ended, or the node was started anew")

    async def ask(self, request: Request) -> Response:
        """An operation of the session."""
        client, operation = request.headers.get(CLIENT), request.path_params["operation"]
        as_json = request.headers.get("content-type", JSON).partition(";")[0].strip().lower() == JSON
        session = self._node.clients.of(client)
        if session is None and (client or not as_json):
            return self._gone(client or "")
        released = [unquote(key) for key in request.headers.get(RELEASED, "").split(",") if key]
        body = await _body(request)
        if as_json:
            return await _json_answer(session or self._node.clients.named(_NOBODY), operation, body)
        return await self._message(session or self._node.clients.named(_NOBODY), operation, body, released)

    async def document(self, request: Request) -> Response:
        """What can be asked in JSON."""
        return JSONResponse(document(f"/rpc/{PROTOCOL}"))

    async def _message(
        self, session: GuardedSession, operation: str, body: bytes | bytearray, released: list[str]
    ) -> Response:
        """The answer to a message of our own clients."""
        if operation == "jobs.wait":
            with suppress(*_WRONG):  # what is wrong with it, the session says
                body = encode(await _waited(session, decode(body)))

        def answer() -> list[Any]:
            if released:
                session.objects.release(released)
            reply = reply_of(lambda: perform(session, operation, decode(body)))
            _add_facts(session, reply)
            return reply_parts(reply, operation)

        if operation != _AT_ONCE or len(body) > _SMALL or released:
            parts = await run_in_threadpool(answer)
        elif (
            min(self._costs) > _QUICK
        ):  # the least: a collection of garbage on the way says nothing of the network
            parts = await run_in_threadpool(self._measured, answer)
        else:
            parts = self._measured(answer)
        size = sum(len(part) for part in parts)
        if size <= _WHOLE:
            return Response(b"".join(parts), media_type=MESSAGE)
        return StreamingResponse(_each(parts), media_type=MESSAGE, headers={"Content-Length": str(size)})

    def _measured(self, answer: Callable[[], list[Any]]) -> list[Any]:
        """An answer; what the last ones took is remembered."""
        start = time.thread_time()
        parts = answer()
        self._costs.append(time.thread_time() - start)
        return parts


def _add_facts(session: GuardedSession, reply: dict[str, Any]) -> None:
    """Tell of a frame that an expression has made what is asked for next."""
    value = reply.get("value")
    if isinstance(value, Ref):
        with suppress(HeavywaterError):  # it is gone already
            facts = session.frames.facts(value.key)
            if len(facts["names"]) <= MOST_NAMES:
                reply["facts"] = facts


async def _json_answer(session: GuardedSession, operation: str, body: bytearray) -> Response:
    """The answer in JSON."""
    problems: list[Exception] = []
    given: dict[str, Any] = {}

    def ask() -> Any:
        try:
            return perform(session, operation, given or arguments(operation, body))
        except Exception as error:
            problems.append(error)
            raise

    if operation == "jobs.wait":
        with suppress(*_WRONG):
            given = await _waited(session, arguments(operation, body))
    reply, status = await run_in_threadpool(lambda: answered(reply_of(ask)))
    if problems:
        status = status_of(problems[0])
        if status == 500:
            logger.error("%s failed", operation, exc_info=problems[0])
    return JSONResponse(reply, status)


async def _waited(session: GuardedSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """What is left to be asked by who waits for a job, after this wait."""
    await end_of_job(session, arguments["job"], min(float(arguments["seconds"]), LONGEST_WAIT))
    return {**arguments, "seconds": 0.0}


def _load() -> None:
    """Load what the first requests of a client need, so that they need not wait for it."""
    for name in ("pyarrow.parquet", "pandas", *(f"heavywater.session.{part}" for part in _HEAVY)):
        importlib.import_module(name)


async def _body(request: Request) -> bytearray:
    """The body, which is nowhere a second time."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
    return body


async def _each(parts: list[Any]) -> Any:
    """The parts in pieces, of which the next is taken when there is room for it."""
    for part in parts:
        content = memoryview(part)
        for start in range(0, len(content), _PIECE):
            yield content[start : start + _PIECE]
