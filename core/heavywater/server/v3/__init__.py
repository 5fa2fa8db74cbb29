"""The door of H2O's genuine clients: what they ask under ``/3``, ``/4`` and ``/99``, and how H2O answers.

``calls``     a request as handlers see it: its values, in H2O's spellings     ``replies``  objects, tables and errors as H2O's JSON
``routing``   which handler answers

``cloud``, ``sessions``, ``metadata``        the node, its clients, schemas
``raw_requests``, ``parse_requests``         files to import and sent ones; frames of them
``frame_requests``, ``frame_json``           frames, and how they are told; ``frame_files``, ``frame_makers``
``job_requests``, ``removal``                jobs; ends of objects
``rapids_requests``, ``rapids_dialect``      expressions, and forms of them that R sends
``log_requests``, ``notebooks``, ``diagnostics``   what the web interface asks beside that
``builder_requests``, ``asked_model``, ``parameters_json``               what makes models, and what they are asked for with
``model_requests``, ``model_json``, ``tables_json``                      models, and their tables
``prediction_requests``, ``metrics_requests``, ``metrics_json``, ``dependence_requests``    what models say of frames
``model_file_requests``, ``grid_requests``, ``grid_json``                models as files, grids

A handler is a function that takes a `Call` and gives the JSON of the answer, or a response; each module has its ``ROUTES``.
"""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from ..gate.denials import Denied
from ..node.node_log import NodeLog
from ..node.open_node import OpenNode
from . import (
    builder_requests,
    cloud,
    dependence_requests,
    diagnostics,
    frame_files,
    frame_makers,
    frame_requests,
    grid_requests,
    job_requests,
    log_requests,
    metadata,
    metrics_requests,
    model_file_requests,
    model_requests,
    notebooks,
    parse_requests,
    prediction_requests,
    rapids_requests,
    raw_requests,
    removal,
    sessions,
)
from .replies import JsonResponse, error_body
from .routing import Routes, endpoint

VERSIONS = ("3", "4", "99")

MODULES = (
    cloud,
    sessions,
    metadata,
    job_requests,
    raw_requests,
    parse_requests,
    frame_requests,
    frame_files,
    frame_makers,
    removal,
    log_requests,
    notebooks,
    diagnostics,
    rapids_requests,
    builder_requests,
    model_requests,
    prediction_requests,
    metrics_requests,
    dependence_requests,
    model_file_requests,
    grid_requests,
)


def denial(error: Denied, path: str) -> Response:
    """What H2O's clients are told where the guard refuses them."""
    body = error_body(error.status, str(error), "water.exceptions.H2OIllegalArgumentException", path)
    return JsonResponse(body, status_code=error.status, headers=error.headers)


REFUSALS = dict.fromkeys(VERSIONS, denial)


def routes(node: OpenNode) -> list[Route]:
    """The routes of this door."""
    table = Routes({name: handler for module in MODULES for name, handler in module.ROUTES.items()})
    node.kept(NodeLog)  # remembers from now on
    methods = ["GET", "POST", "DELETE", "PUT", "PATCH"]
    return [
        Route(f"/{version}/{{rest:path}}", endpoint(node, table), methods=methods) for version in VERSIONS
    ]
