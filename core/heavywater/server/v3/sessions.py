"""Sessions of genuine clients: each is a client of the node with temporaries of its own."""

from __future__ import annotations

from .calls import Call
from .replies import Json, meta

PREFIX = "node"  # of temporaries that are named here; clients name theirs py_1_sid_... or RTMP_sid_..._1


def open_session(call: Call) -> Json:
    """A new client."""
    return {
        "__meta": meta("SessionIdV4", version=4),
        "session_key": f"_sid_{call.node.clients.open(prefix=PREFIX).client}",
    }


def end_session(call: Call) -> Json:
    """The client's temporaries go."""
    call.node.clients.end(call.parts["id"].removeprefix("_sid_"))
    return {"__meta": meta("SessionIdV4", version=4), "session_key": call.parts["id"]}


ROUTES = {"POST /4/sessions": open_session, "DELETE /4/sessions/{id}": end_session}
