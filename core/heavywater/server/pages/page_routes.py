"""The routes of all pages, and of what browsers load beside them."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from ...errors import NotFound
from ..node.open_node import OpenNode
from . import home
from .basics.asking import PageCall, endpoint
from .basics.assets import STATIC, static_file
from .building import build
from .cluster import cluster_pages, log_pages
from .comparing import compare_pages, grid_pages
from .frames import column_page, frame_changes, frame_list, frame_output, frame_page, frame_rows
from .importing import import_setup, imports
from .jobs import job_pages
from .live import live_requests
from .models import model_list, model_page
from .predicting import cut_off, predictions, what_if

MODULES = (
    build,
    compare_pages,
    home,
    imports,
    import_setup,
    job_pages,
    live_requests,
    predictions,
    what_if,
    cut_off,
    column_page,
    frame_changes,
    frame_list,
    frame_output,
    frame_page,
    frame_rows,
    cluster_pages,
    log_pages,
    grid_pages,
    model_list,
    model_page,
)


def routes(node: OpenNode) -> list[Route]:
    """The routes of the pages: ``"GET /frames/{key}"`` -> handler, in the table ``ROUTES`` of each module."""
    found = []
    for module in MODULES:
        for name, handler in module.ROUTES.items():
            method, _, path = name.partition(" ")
            found.append(Route(path, endpoint(node, handler), methods=[method]))
    found.append(Route(f"/{STATIC}/{{version}}/{{path:path}}", static_file, methods=["GET"]))
    found.append(Route("/{path:path}", endpoint(node, _nothing)))
    return found


def _nothing(call: PageCall) -> Response:
    raise NotFound(f"there is no page {call.request.scope['path']} at this node")
