"""The door of our own clients: ``POST /rpc/1``, whose body and answer are messages of a session."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..session.remote import answer
from .node import OpenNode

CLIENT = "heavywater-client"  # the header with the id of who asks


def routes(node: OpenNode) -> list[Route]:
    """The routes of this door."""

    async def ask(request: Request) -> Response:
        session = node.clients.of(request.headers.get(CLIENT)) or node.clients.open()
        reply = await run_in_threadpool(answer, session, await request.body())
        return Response(
            reply, media_type="application/octet-stream", headers={"Heavywater-Client": session.client}
        )

    return [Route("/rpc/1", ask, methods=["POST"])]
