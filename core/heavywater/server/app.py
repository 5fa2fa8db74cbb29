"""The application of a node: the guard, and behind it one door for each kind of client, and the pages for people."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from . import v3
from .gate.guard import Guard
from .node.open_node import OpenNode
from .pages import page_routes
from .rpc import door


def application(node: OpenNode) -> Guard:
    """What a server of ASGI is given to open a node."""

    async def link(request: Request) -> Response:
        return PlainTextResponse(guard.new_link() + "\n")

    routes = [
        Route("/login", link, methods=["POST"]),
        *door.routes(node),
        *v3.routes(node),
        *page_routes.routes(node),
    ]
    guard = Guard(Starlette(routes=routes), node.options, refusals=v3.REFUSALS)
    return guard
