"""Sessions of genuine clients: each is a client of the node with temporaries of its own, and with properties."""

from __future__ import annotations

import threading

from ...errors import InvalidArgument
from .calls import Call, takes
from .replies import Json, meta

PREFIX = "node"  # of temporaries that are named here; clients name theirs py_1_sid_... or RTMP_sid_..._1
_SESSION = "_sid_"
_MOST_SESSIONS, _MOST_PROPERTIES = 1000, 100


class SessionProperties:
    """What clients have said of their sessions: H2O's properties, such as how long a question for a job may be held.

    They are forgotten with the session, and those of the oldest where there are too many.
    """

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}
        self._lock = threading.Lock()

    def set(self, session: str, name: str, value: str | None) -> None:
        """Keep a property, or forget it where there is no value."""
        with self._lock:
            known = self._known.setdefault(session, {})
            if value is None:
                known.pop(name, None)
            elif name in known or len(known) < _MOST_PROPERTIES:
                known[name] = value
            while len(self._known) > _MOST_SESSIONS:
                del self._known[next(iter(self._known))]

    def of(self, session: str | None, name: str) -> str | None:
        """The value of a property, None where it was not set."""
        return self._known.get(session or "", {}).get(name)

    def forget(self, session: str) -> None:
        """The session has ended."""
        with self._lock:
            self._known.pop(session, None)


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
    asked = call.parts.get("id") or session_named(call) or ""
    call.node.clients.end(asked.removeprefix(_SESSION), stop_jobs=False)
    call.node.kept(SessionProperties).forget(asked)
    return _opened(asked or None)


def session_named(call: Call) -> str | None:
    """The session that a request names, in a header as R does, or among its values."""
    return call.text("session_key") or (call.headers or {}).get("session-key")


def _opened(session_key: str | None) -> Json:
    return {
        "__meta": meta("InitIDV3"),
        "_exclude_fields": "",
        "session_key": session_key,
        "session_properties_allowed": True,
    }


@takes("session_key key value")
def set_property(call: Call) -> Json:
    """A property of the session."""
    session, name, value = session_named(call), call.needed("key"), call.text("value")
    if session is None:
        raise InvalidArgument("session_key is missing: a property belongs to a session")
    call.node.kept(SessionProperties).set(session, name, value)
    return _property(session, name, value)


@takes("session_key key")
def get_property(call: Call) -> Json:
    """What a property was set to."""
    session, name = session_named(call), call.needed("key")
    return _property(session, name, call.node.kept(SessionProperties).of(session, name))


def _property(session: str | None, name: str, value: str | None) -> Json:
    return {
        "__meta": meta("SessionPropertyV3"),
        "_exclude_fields": "",
        "session_key": session,
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
