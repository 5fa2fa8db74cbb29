"""The application of a node: the guard, and behind it one door for each kind of client."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from . import rpc, v3
from .guard import Guard
from .node import OpenNode


def application(node: OpenNode) -> Guard:
    """What a server of ASGI is given to open a node."""
    routes = [Route("/", _root), *rpc.routes(node), *v3.routes(node)]
    return Guard(Starlette(routes=routes), node.options)


async def _root(request: Request) -> Response:
    return PlainTextResponse("A node of heavywater.\n")
