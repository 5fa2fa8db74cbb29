"""The routes of all pages, and of what browsers load beside them."""

from __future__ import annotations

import mimetypes
from functools import cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ...errors import NotFound
from ..node.open_node import OpenNode
from . import (
    frames,
    home,
)
from .asking import PageCall, endpoint
from .rendering import STATIC, static_files, static_folder

MODULES = (
    home,
    frames,
)
_KEPT = "public, max-age=31536000, immutable"  # by browsers: the address changes with the contents


def routes(node: OpenNode) -> list[Route]:
    """The routes of the pages: ``"GET /frames/{key}"`` -> handler, in the table ``ROUTES`` of each module."""
    found = []
    for module in MODULES:
        for name, handler in module.ROUTES.items():
            method, _, path = name.partition(" ")
            found.append(Route(path, endpoint(node, handler), methods=[method]))
    found.append(Route(f"/{STATIC}/{{version}}/{{path:path}}", _static, methods=["GET"]))
    found.append(Route("/{path:path}", endpoint(node, _nothing)))
    return found


def _nothing(call: PageCall) -> Response:
    raise NotFound(f"there is no page {call.request.scope['path']} at this node")


async def _static(request: Request) -> Response:
    path = request.path_params["path"]
    content = _content(path)
    if content is None:
        return PlainTextResponse(f"no file {path!r}\n", 404)
    current = request.path_params["version"] == static_folder().partition("/")[2]
    return Response(
        content, headers={"Cache-Control": _KEPT if current else "no-cache"}, media_type=_kind(path)
    )


@cache
def _all() -> dict[str, bytes]:
    """All static files by their paths: so none that is not one of them can be named."""
    found: dict[str, bytes] = {}
    waiting = [("", static_files())]
    while waiting:
        prefix, folder = waiting.pop()
        for each in folder.iterdir():
            if each.is_dir():
                waiting.append((f"{prefix}{each.name}/", each))
            else:
                found[prefix + each.name] = each.read_bytes()
    return found


def _content(path: str) -> bytes | None:
    return _all().get(path)


def _kind(path: str) -> str:
    kind = "text/javascript" if path.endswith(".js") else mimetypes.guess_type(path)[0]
    return kind or "application/octet-stream"
