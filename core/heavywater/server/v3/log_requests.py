"""The node's log."""

from __future__ import annotations

import logging

from starlette.responses import Response

from ..node.node_log import LEVELS, NodeLog
from .calls import Call, takes
from .replies import Json, Refused, meta

_ARGUMENT = "java.lang.IllegalArgumentException"
logger = logging.getLogger("h2o.node")


@takes("message")
def log_and_echo(call: Call) -> Json:
    """A remark of the client's."""
    message = call.text("message")
    if message is not None:
        call.node.kept(NodeLog).note(logger, message)
    return {"__meta": meta("LogAndEchoV3"), "_exclude_fields": "", "message": message}


def download(call: Call) -> Response:
    """All that is remembered, as a zip archive, or as one text."""
    log = call.node.kept(NodeLog)
    name, content = log.archive()
    if call.parts.get("kind") == "LOG":
        name, content = name.replace(".zip", ".log"), log.text("trace").encode("utf-8", "replace")
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@takes("")
def file(call: Call) -> Json:
    """The lines from a level on."""
    node, name = call.parts["node"], call.parts["name"]
    if node not in ("-1", "0"):
        raise Refused(400, f"there is no node {node}: the node's own log is that of node 0, or -1", _ARGUMENT)
    level = "info" if name == "default" else name
    if level not in LEVELS:
        raise Refused(400, f"there is no log {name!r}; there are default, {', '.join(LEVELS)}", _ARGUMENT)
    return {
        "__meta": meta("LogsV3"),
        "_exclude_fields": "",
        "nodeidx": node,
        "name": name,
        "log": call.node.kept(NodeLog).text(level),
    }


ROUTES = {
    "POST /3/LogAndEcho": log_and_echo,
    "GET /3/Logs/download": download,
    "GET /3/Logs/download/{kind}": download,
    "GET /3/Logs/nodes/{node}/files/{name}": file,
}
