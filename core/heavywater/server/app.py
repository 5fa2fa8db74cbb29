"""The application of a node: the guard, and behind it one door for each kind of client."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from .. import __version__
from . import v3
from .gate.guard import Guard
from .node.open_node import OpenNode
from .rpc import door


def application(node: OpenNode) -> Guard:
    """What a server of ASGI is given to open a node."""

    async def link(request: Request) -> Response:
        return PlainTextResponse(guard.new_link() + "\n")

    routes = [
        Route("/", _root),
        Route("/login", link, methods=["POST"]),
        *door.routes(node),
        *v3.routes(node),
    ]
    guard = Guard(Starlette(routes=routes), node.options, refusals=v3.REFUSALS)
    return guard


async def _root(request: Request) -> Response:
    return PlainTextResponse(
        f"A node of heavywater {__version__}.\n\n"
        "Connect to it with h2o.init(url=...) in Python or R, or with H2O's own clients (h2o.connect(url=...)):\n"
        "url is the address under which you see this text.\n"
    )
