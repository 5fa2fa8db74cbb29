"""Sessions of genuine clients: each is a client of the node with temporaries of its own, and with properties."""

from __future__ import annotations

from .calls import Call
from .replies import Json, meta

PREFIX = "node"  # of temporaries that are named here; clients name theirs py_1_sid_... or RTMP_sid_..._1
_SESSION = "_sid_"


class SessionProperties:
    """What clients have said of their sessions: H2O's properties, such as how long a question for a job may be held.

    They are forgotten with the session.
    """

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}

    def set(self, client: str, name: str, value: str | None) -> None:
        """Keep a property, or forget it where there is no value."""
        known = self._known.setdefault(client, {})
        if value is None:
            known.pop(name, None)
        else:
            known[name] = value

    def of(self, client: str, name: str) -> str | None:
        """The value of a property, None where it was not set."""
        return self._known.get(client, {}).get(name)

    def forget(self, client: str) -> None:
        """The session has ended."""
        self._known.pop(client, None)


def open_session(call: Call) -> Json:
    """A new client, of Python."""
    return {
        "__schema": "/4/schemas/SessionIdV4",
        "session_key": _SESSION + call.node.clients.open(prefix=PREFIX).client,
    }


def open_session_of_r(call: Call) -> Json:
    """A new client, of R."""
    return _opened(_SESSION + call.node.clients.open("R", PREFIX).client)


def end_session(call: Call) -> Json:
    """The client's temporaries go; its jobs go on."""
    asked = call.parts.get("id") or call.text("session_key") or (call.headers or {}).get("session-key", "")
    client = asked.removeprefix(_SESSION)
    call.node.clients.end(client, stop_jobs=False)
    call.node.kept(SessionProperties).forget(client)
    return _opened(asked or None)


def _opened(session_key: str | None) -> Json:
    return {
        "__meta": meta("InitIDV3"),
        "_exclude_fields": "",
        "session_key": session_key,
        "session_properties_allowed": True,
    }


def set_property(call: Call) -> Json:
    """A property of the session."""
    name, value = call.needed("key"), call.text("value")
    call.node.kept(SessionProperties).set(call.session.client, name, value)
    return _property(call, name, value)


def get_property(call: Call) -> Json:
    """What a property was set to."""
    name = call.needed("key")
    return _property(call, name, call.node.kept(SessionProperties).of(call.session.client, name))


def _property(call: Call, name: str, value: str | None) -> Json:
    return {
        "__meta": meta("SessionPropertyV3"),
        "_exclude_fields": "",
        "session_key": call.text("session_key") or (call.headers or {}).get("session-key"),
        "key": name,
        "value": value,
    }


ROUTES = {
    "POST /4/sessions": open_session,
    "DELETE /4/sessions/{id}": end_session,
    "GET /3/InitID": open_session_of_r,
    "DELETE /3/InitID": end_session,
    "POST /3/SessionProperties": set_property,
    "GET /3/SessionProperties": get_property,
}
