"""Where nodes join."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from .. import __version__
from ..errors import InvalidArgument
from . import secret as handshake
from .framing import Kind, LinkLost, receive, send
from .link import Link
from .secret import SIZE, admit, new_run
from .tls import Tls

_WAITING = 64  # connections that may be before or in their handshake at the same time
_LONGEST_HELLO = 1 << 16
_HELLO_SECONDS = 5.0


class Listener:
    """Lets nodes in, whenever they come.

    Parameters
    ----------
    host, port : str, int
        What is listened on; port 0 takes a free one.
    secret : bytes
        Nobody gets in without it, wherever they come from.
    joined : callable (Link)
        Called with each node that was let in.
    tls : Tls, optional
        With a certificate; who does not speak TLS is sent away.

    Attributes
    ----------
    address : str
        ``HOST:PORT``.
    """

    def __init__(
        self, host: str, port: int, secret: bytes, joined: Callable[[Link], object], tls: Tls | None = None
    ) -> None:
        if len(secret) != SIZE:
            raise InvalidArgument(f"nodes are let in with a secret of {SIZE} bytes only")
        self._secret, self._joined, self._tls = secret, joined, tls
        self._run, self._room = new_run(), threading.BoundedSemaphore(_WAITING)
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, port), family=family, backlog=_WAITING)
        except OSError as error:
            raise InvalidArgument(
                f"address {host}:{port} cannot be listened on ({error.strerror or error})"
            ) from error
        shown = f"[{host}]" if ":" in host else host
        self.address = f"{shown}:{self._socket.getsockname()[1]}"
        self._closed = False
        threading.Thread(target=self._accept, name="heavywater: listener", daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
        self._socket.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                if self._closed:
                    return
                continue
            if not self._room.acquire(blocking=False):
                connection.close()
                continue
            threading.Thread(
                target=self._let_in, args=(connection,), name="heavywater: joining", daemon=True
            ).start()

    def _let_in(self, connection: socket.socket) -> None:
        deadline = time.monotonic() + handshake.SECONDS
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            host, port = connection.getpeername()[:2]
            here = connection.getsockname()[0]
            if self._tls is not None:
                connection = self._tls.accepted(connection, handshake.SECONDS)
            admit(connection, self._secret, self._run, deadline)
            facts = self._greeted(connection)
            if self._closed:
                raise LinkLost("it came too late")
            link = Link(connection, {**facts, "address": f"{host}:{port}", "peer": host, "reached": here})
        except (LinkLost, OSError):  # whoever it was: nothing else is disturbed
            connection.close()
            return
        finally:
            self._room.release()
        self._joined(link)

    def _greeted(self, connection: socket.socket) -> dict[str, Any]:
        """What a node says of itself; one of another version is told so and sent away."""
        kind, content = receive(connection, _LONGEST_HELLO, time.monotonic() + _HELLO_SECONDS)
        try:
            facts = json.loads(bytes(content))
            version = facts["version"]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise LinkLost("it does not say who it is") from error
        if kind != Kind.HELLO or version != __version__:
            text = (
                f"it has heavywater {version}, the leader has {__version__}: install the same on all machines"
            )
            send(connection, Kind.REFUSED, text.encode(errors="replace"))
            raise LinkLost(text)
        send(connection, Kind.WELCOME)
        found: dict[str, Any] = facts
        return found
