"""What the node has said."""

from __future__ import annotations

import logging

from starlette.responses import Response

from ...node.node_log import LEVELS, NodeLog
from ..basics.asking import PageCall
from ..basics.attachments import attachment

_SHOWN = 500  # lines
_CHOICES = ("debug", "info", "warn", "error")


def logs(call: PageCall) -> Response:
    """The newest lines from a level on in which a text occurs, the newest last."""
    level, part = _asked(call)
    found = call.node.kept(NodeLog).lines(level, part)
    most = call.count("most", _SHOWN, 1)
    return call.page(
        "cluster/logs.html",
        lines=[(_kind(number), line) for number, line in found[-most:]],
        total=len(found),
        step=_SHOWN,
        level=level,
        part=part,
        levels=_CHOICES,
        most=most,
        access_log=call.node.options.access_log,
    )


def download(call: PageCall) -> Response:
    """The same lines, all of them, as a file."""
    level, part = _asked(call)
    content = call.node.kept(NodeLog).text(level, part).encode("utf-8", "replace")
    return Response(content, headers=attachment(f"h2o_{level}.log"), media_type="text/plain; charset=utf-8")


def _asked(call: PageCall) -> tuple[str, str]:
    level = call.text("level")
    return (level if level in LEVELS else "info"), call.text("text")


def _kind(number: int) -> str:
    if number >= logging.ERROR:
        return "error"
    return "warn" if number >= logging.WARNING else "quiet"


ROUTES = {"GET /logs": logs, "GET /logs/download": download}
