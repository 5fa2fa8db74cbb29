"""The door of H2O's genuine clients: what they ask under ``/3``, ``/4`` and ``/99``, and how H2O answers.

``calls``     a request as handlers see it: its values, in H2O's spellings     ``replies``  objects, tables and errors as H2O's JSON
``routing``   which handler answers

A handler is a function that takes a `Call` and gives the JSON of the answer, or a response; each module has its ``ROUTES``.
"""

from __future__ import annotations

from starlette.routing import Route

from ..node import OpenNode
from . import cloud, rapids_requests, sessions
from .routing import Routes, endpoint

MODULES = (cloud, rapids_requests, sessions)


def routes(node: OpenNode) -> list[Route]:
    """The routes of this door."""
    table = Routes({name: handler for module in MODULES for name, handler in module.ROUTES.items()})
    methods = ["GET", "POST", "DELETE", "PUT", "PATCH"]
    return [
        Route(f"/{version}/{{rest:path}}", endpoint(node, table), methods=methods)
        for version in ("3", "4", "99")
    ]
