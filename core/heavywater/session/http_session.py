"""A session at a node on another machine, or in another process of this one."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import urllib.parse
import weakref
from collections import deque
from collections.abc import Sequence
from typing import Any

from .. import __version__
from ..errors import ConnectionLost, HeavywaterError, InvalidArgument, Unreachable, shortened, warn
from .http_link import HttpLink, Reply
from .known_facts import KnownFacts
from .node_address import NodeAddress
from .remote import RemoteSession
from .retries import IDEMPOTENT
from .wire import decode, encode_parts

PROTOCOL = 1
_GREETING_SECONDS = 20.0
_END_SECONDS = 2.0
_PULSES = 4  # signs of life in the time after which a client is taken to be gone
_LONGEST = 300.0  # seconds between them
_TICK = 1.0  # seconds
_RELEASED = 200  # keys that go with one request


class HttpSession(RemoteSession):
    """A session behind HTTP, as one client of it.

    A thread tells the node every now and then that the client is still there, so that what it has made outlasts hours in which
    nothing is asked. Where the node has given it up all the same (the machine slept), or was started anew, the client is opened
    again, and a warning says what is gone.

    Parameters
    ----------
    link : HttpLink
    language : str
        Of the front end.
    """

    def __init__(self, link: HttpLink, language: str = "python") -> None:
        self._link, self._language = link, language
        self._lock = threading.Lock()
        self._closed = False
        # Finalizers of frames, which come at any place in any thread, put keys here without a lock; they go with what is asked next.
        self._released: deque[str] = deque()
        self._flushing = threading.RLock()
        self._known = KnownFacts()
        self._node = ""
        self.expiry = 0.0
        super().__init__(_unused, self._open())
        self._asked = time.monotonic()
        pulse = threading.Thread(
            target=_pulse, args=(weakref.ref(self),), name="heavywater: pulse", daemon=True
        )
        pulse.start()

    @property
    def url(self) -> str:
        """Address of the node."""
        return str(self._link.address)

    @property
    def client(self) -> str:
        """The id of who asks."""
        return self._client

    @property
    def connected(self) -> bool:
        """Whether it has not ended."""
        return not self._closed

    def _open(self) -> str:
        """Become a client of the node."""
        body = json.dumps({"language": self._language, "version": __version__}).encode()
        reply = self._link.ask(
            "POST",
            f"/rpc/{PROTOCOL}/clients",
            body,
            {"Content-Type": "application/json"},
            seconds=_GREETING_SECONDS,
        )
        told = reply.json()
        if reply.status != 200 or not isinstance(told, dict) or "client" not in told:
            raise refusal(self._link.address, reply)
        self._node, self.expiry = str(told.get("node")), float(told.get("expiry") or 3600.0)
        return str(told["client"])

    def _reopen(self, client: str) -> None:
        """Become a client again, where no other thread has done that."""
        with self._lock:
            if self._client != client:
                return
            node = self._node
            self._known.forget_all()
            self._client = self._open()
            anew = self._node != node
        if anew:
            warn(
                f"the node at {self.url} was started anew: the frames and models that were there are gone",
                RuntimeWarning,
            )
        else:
            warn(
                f"the node at {self.url} had not heard from here for too long: temporary frames are gone; models, and frames "
                "with names of their own, are there",
                RuntimeWarning,
            )

    def _exchanged(self, operation: str, arguments: dict[str, Any]) -> Any:
        if self._closed:
            raise Unreachable(
                f"the connection to the node at {self.url} was closed: h2o.init(url=...) opens another one"
            )
        if operation == "frames.facts" and (known := self._known.of(arguments["key"])):
            return {"value": known, "warnings": []}
        self._known.asking(operation, arguments)
        parts = encode_parts(arguments, operation)
        for last in (False, True):
            client = self._client
            reply = self._sent(operation, parts, client)
            if reply.status == 410 and not last:
                self._reopen(client)
                continue
            if reply.status != 200:
                raise refusal(self._link.address, reply)
            told = decode(reply.body)
            self._known.told(operation, told, client)
            return told
        raise AssertionError

    def _sent(self, operation: str, parts: list[Any], client: str) -> Reply:
        """A request, asked a second time where that cannot do harm."""
        with self._flushing:  # what the pulse has taken is gone before anything else is asked
            released = self._taken()
        headers = {"Content-Type": "application/octet-stream", "Heavywater-Client": client}
        if released:
            headers["Heavywater-Release"] = ",".join(map(urllib.parse.quote, released))
        self._asked = time.monotonic()
        for last in (False, True):
            try:
                return self._link.ask(
                    "POST", f"/rpc/{PROTOCOL}/{operation}", parts, headers, f"to {operation}"
                )
            except Unreachable as error:
                self._released.extend(released)
                if not isinstance(error, ConnectionLost):
                    raise
                if operation not in IDEMPOTENT:
                    raise ConnectionLost(
                        f"{error}. Whether it was done is not known, and it was not asked again: h2o.ls() shows what is there, and "
                        "a job that has begun goes on (h2o.get_job)"
                    ) from None
                if last:
                    raise ConnectionLost(f"{error}, also the second time") from None
        raise AssertionError

    def let_go(self, keys: Sequence[str]) -> None:
        """Release them with what is asked next."""
        self._released.extend(keys)
        self._known.forget(keys)

    def _taken(self) -> list[str]:
        """Some of the keys that nothing refers to any more."""
        found: list[str] = []
        with contextlib.suppress(IndexError):
            while len(found) < _RELEASED:
                found.append(self._released.popleft())
        return found

    def end(self) -> None:
        """End this client at the node, whose jobs go on, and the connection; others are not disturbed."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(HeavywaterError):
            self._link.ask("DELETE", f"/rpc/{PROTOCOL}/clients/{self._client}", seconds=_END_SECONDS)
        self._link.close()

    @property
    def tick(self) -> float:
        """Seconds until it is looked again whether something is to be told."""
        return min(_TICK, self.expiry / _PULSES)

    def pulse(self) -> bool:
        """Tell the node what is due, where nothing was asked for a while: that the client is there, and what it needs no more.

        Returns
        -------
        bool
            False at the end.
        """
        idle = time.monotonic() - self._asked
        with contextlib.suppress(HeavywaterError):  # whatever is wrong is found out with the next request
            if self._released and idle > self.tick:
                with self._flushing:
                    self._exchanged("cluster.time_zone", {})
            elif idle > min(_LONGEST, self.expiry / _PULSES):
                self._asked = time.monotonic()
                self._link.ask("GET", f"/rpc/{PROTOCOL}/clients/{self._client}", seconds=_GREETING_SECONDS)
        return not self._closed


def _unused(request: bytes) -> bytes:
    raise AssertionError("requests to a node are sent by their operation")


def _pulse(session: weakref.ref[HttpSession]) -> None:
    while True:
        found = session()
        if found is None or not found.pulse():
            return
        tick = found.tick
        del found
        time.sleep(tick)


def refusal(address: NodeAddress, reply: Reply) -> HeavywaterError:
    """The error in a reply that is no answer of a session."""
    told = reply.json()
    error = told.get("error") if isinstance(told, dict) else None
    text = error.get("text", "") if isinstance(error, dict) else error if isinstance(error, str) else ""
    text = text or (str(told.get("msg", "")) if isinstance(told, dict) else "")
    if reply.status in (401, 403, 407):
        return Unreachable(
            f"the node at {address} does not let in ({text or f'status {reply.status}'}): token= or token_file= is what it was "
            "started with",
            refused=True,
        )
    if 300 <= reply.status < 400:
        return Unreachable(
            f"{address} sends on to {shortened(reply.headers.get('Location', 'another address'))}: give that address"
        )
    what = text or shortened(reply.body.decode("utf-8", "replace"))
    kind = InvalidArgument if 400 <= reply.status < 500 else Unreachable
    return kind(f"the node at {address} answers with status {reply.status}{what and ': ' + what}")


# ---- who is there


def check_node(link: HttpLink) -> None:
    """Make sure that a node is there with which this version can speak; warn of one that has another version.

    Raises
    ------
    Unreachable
        Nobody is there, or something else.
    """
    try:
        reply = link.ask("GET", "/rpc", seconds=_GREETING_SECONDS)
    except ConnectionLost as error:
        hint = ": is it https:// instead of http://?" if link.address.scheme == "http" else ""
        raise Unreachable(f"{link.address} is no node of heavywater: {error}{hint}") from None
    told = reply.json()
    if reply.status != 200 or not isinstance(told, dict) or told.get("node") != "heavywater":
        if reply.status in (401, 403, 407):
            raise refusal(link.address, reply)
        raise Unreachable(f"{link.address} is no node of heavywater but {_what(link, reply)}")
    version, protocol = shortened(told.get("version")), told.get("protocol")
    if protocol != PROTOCOL:
        raise Unreachable(
            f"the node at {link.address} has version {version} and speaks protocol {shortened(protocol)}, here is version "
            f"{__version__} with protocol {PROTOCOL}: install the same version on both sides",
            refused=True,
        )
    if version != __version__:
        warn(
            f"the node at {link.address} has version {version} of heavywater, here is {__version__}: what only one of them knows is "
            "refused by name"
        )


def _what(link: HttpLink, reply: Reply) -> str:
    """What answers in place of a node."""
    if any(name.lower().startswith("x-h2o-") for name in reply.headers):
        return _genuine(reply)
    with contextlib.suppress(HeavywaterError):
        other = link.ask("GET", "/3/About", seconds=_GREETING_SECONDS)
        if any(name.lower().startswith("x-h2o-") for name in other.headers):
            return _genuine(other)
    server = reply.headers.get("Server", "")
    if 300 <= reply.status < 400:
        return f"an address that sends on to {shortened(reply.headers.get('Location', ''))}: give that one"
    kind = "a web page" if "html" in reply.headers.get("Content-Type", "") else "another service"
    return f"{kind} (status {reply.status}{server and ', server ' + shortened(server)}); is a path missing, or the port another one?"


def _genuine(reply: Reply) -> str:
    version = reply.headers.get("X-h2o-build-project-version", "")
    return (
        f"a server of H2O-3{version and ' ' + shortened(version)}, which H2O's own client connects to (pip install h2o); "
        "a node for this one is started by: h2o serve"
    )
