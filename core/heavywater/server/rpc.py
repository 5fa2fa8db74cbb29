"""The door of our own clients: ``POST /rpc/1/{operation}``, whose body and answer are messages of a session.

``GET /rpc`` tells what this is. A client opens with ``POST /rpc/1/clients``, names itself in the header of each request, is kept
alive by any of them and by ``GET /rpc/1/clients/{id}``, and ends with ``DELETE`` of the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from .. import __version__
from ..errors import HeavywaterError, InvalidArgument
from ..session.remote import perform, reply_of, reply_parts
from ..session.wire import decode, encode
from .guarded_session import GuardedSession
from .job_waiting import end_of_job
from .node import OpenNode

PROTOCOL = 1
CLIENT = "heavywater-client"  # the header with the id of who asks
RELEASED = "heavywater-release"  # the header with keys of temporaries that nothing refers to any more
MESSAGE = "application/octet-stream"
LONGEST_WAIT = 60.0  # seconds: who waits for a job asks again then
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
        Route(f"/rpc/{PROTOCOL}/{{operation}}", door.ask, methods=["POST"]),
    ]


def refused(status: int, kind: str, text: str) -> Response:
    """An error that is no answer of the session."""
    return JSONResponse({"error": {"kind": kind, "text": text}}, status)


class _Door:
    def __init__(self, node: OpenNode) -> None:
        self._node = node
        self._cost = 0.0

    async def greet(self, request: Request) -> Response:
        """What this is."""
        return JSONResponse({"node": "heavywater", "version": __version__, "protocol": PROTOCOL})

    async def open(self, request: Request) -> Response:
        """A new client."""
        try:
            told = json.loads(await request.body() or b"{}")
            language = str(told.get("language", "python"))
        except (ValueError, AttributeError):
            return refused(
                400, "InvalidArgument", 'the body must be a JSON object, such as {"language": "R"}'
            )
        try:
            session = self._node.clients.open(language)
        except InvalidArgument as error:  # too many
            return refused(503, "InvalidArgument", str(error))
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
        session = self._node.clients.of(client)
        if session is None:
            return self._gone(client or "")
        released = request.headers.get(RELEASED)
        body = await _body(request)
        parts = await self._answered(session, operation, body, released.split(",") if released else [])
        size = sum(len(part) for part in parts)
        if size <= _WHOLE:
            return Response(b"".join(parts), media_type=MESSAGE)
        return StreamingResponse(_each(parts), media_type=MESSAGE, headers={"Content-Length": str(size)})

    async def _answered(
        self, session: GuardedSession, operation: str, body: bytes | bytearray, released: list[str]
    ) -> list[Any]:
        if operation == "jobs.wait":
            body = await _waited(session, body)

        def answer() -> list[Any]:
            if released:
                session.objects.release([unquote(key) for key in released])
            return reply_parts(reply_of(lambda: perform(session, operation, decode(body))), operation)

        if operation != _AT_ONCE or len(body) > _SMALL or released:
            return await run_in_threadpool(answer)
        if self._cost > _QUICK:
            return await run_in_threadpool(self._measured, answer)
        return self._measured(answer)

    def _measured(self, answer: Callable[[], list[Any]]) -> list[Any]:
        """An answer; what those take on average is remembered."""
        start = time.thread_time()
        parts = answer()
        self._cost += (time.thread_time() - start - self._cost) / 10
        return parts


async def _waited(session: GuardedSession, body: bytes | bytearray) -> bytes | bytearray:
    """The request that is left of one to wait for a job, after this wait."""
    with suppress(
        HeavywaterError, TypeError, ValueError, KeyError
    ):  # what is wrong with it, the session says
        arguments = decode(body)
        await end_of_job(session, arguments["job"], min(float(arguments["seconds"]), LONGEST_WAIT))
        return encode({**arguments, "seconds": 0.0})
    return body


async def _body(request: Request) -> bytearray:
    """The body, which is nowhere a second time."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
    return body


async def _each(parts: list[Any]) -> Any:
    for part in parts:
        yield part
