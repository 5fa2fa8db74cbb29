"""A node: it joins its leader, answers its requests, and ends with it."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from .. import __version__
from ..errors import HeavywaterError, InvalidArgument, NoSession
from .framing import Kind, LinkLost, NotGreeted, address_of, receive, send
from .secret import SECONDS, present
from .tls import Tls

SILENT_SECONDS = 20.0  # after which a leader that has not even sent a ping is gone
_CONNECT_SECONDS = 10.0  # for one of the attempts
_RETRY_SECONDS = 0.25


def join(
    address: str, secret: bytes, facts: dict[str, Any], patience: float = 10.0, tls: Tls | None = None
) -> socket.socket:
    """A connection to a leader that has let this node in.

    Parameters
    ----------
    address : str
        ``HOST:PORT`` of the leader.
    secret : bytes
    facts : dict
        What the node says of itself: plain values.
    patience : float
        Seconds in which a leader may still begin to listen.
    tls : Tls, optional
        The leader's certificate has to name the host, and to be vouched for.

    Raises
    ------
    NoSession
        Nobody listens there, or is too busy to answer.
    InvalidArgument
        This node is not let in.
    """
    host, port = address_of(address)
    until = time.monotonic() + patience
    while True:
        try:
            connection = socket.create_connection(
                (host, port), timeout=min(max(1.0, patience), _CONNECT_SECONDS)
            )
            try:
                return _introduced(connection, host, secret, facts, tls)
            except BaseException:
                connection.close()
                raise
        except (OSError, NotGreeted) as error:
            if isinstance(error, InvalidArgument):
                raise
            if time.monotonic() + _RETRY_SECONDS > until:
                raise NoSession(
                    f"--join {address}: no session listens there ({error}). "
                    "Start it with h2o.init(nodes='listen:HOST:PORT', secret_file=...)"
                ) from error
            time.sleep(_RETRY_SECONDS)
        except HeavywaterError as error:
            raise InvalidArgument(f"--join {address}: {error}") from error


def _introduced(
    connection: socket.socket, host: str, secret: bytes, facts: dict[str, Any], tls: Tls | None
) -> socket.socket:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if tls is not None:
        connection = tls.connected(connection, host, SECONDS)
    try:
        present(connection, secret)
        connection.settimeout(SILENT_SECONDS)
        send(connection, Kind.HELLO, json.dumps({**facts, "version": __version__}).encode())
        kind, content = receive(connection, 1 << 16)
        if kind != Kind.WELCOME:
            raise LinkLost(bytes(content).decode("utf-8", "replace") or "it was not let in")
    except BaseException:
        connection.close()
        raise
    return connection


def serve(
    connection: socket.socket,
    answer: Callable[[bytes | bytearray], bytes],
    interrupt: Callable[[], object] = lambda: None,
) -> str:
    """Answer requests until the leader ends the connection, or is gone.

    Pings are answered at once, also while a request is worked on.

    Parameters
    ----------
    connection : socket
        From `join`.
    answer : callable
        Makes an answer of a request; raises nothing.
    interrupt : callable
        Lets the answer that is being made come early: the leader knows that others will not do their part.

    Returns
    -------
    str
        Why it is over; empty where the leader has said so.
    """
    waiting: queue.SimpleQueue[bytearray] = queue.SimpleQueue()
    sending = threading.Lock()

    def work() -> None:
        with contextlib.suppress(LinkLost):  # who reads notices it, too
            while True:
                content = answer(waiting.get())
                with sending:
                    send(connection, Kind.ANSWER, content)

    threading.Thread(target=work, name="heavywater: answers", daemon=True).start()
    try:
        while True:
            kind, content = receive(connection)
            if kind == Kind.PING:
                _pong(connection, sending)
            elif kind == Kind.REQUEST:
                waiting.put(content)
            elif kind == Kind.INTERRUPT:
                interrupt()
            elif kind == Kind.END:
                return ""
            else:
                raise LinkLost("the leader does not keep to the protocol")
    except LinkLost as error:
        return str(error)
    finally:
        connection.close()


def _pong(connection: socket.socket, sending: threading.Lock) -> None:
    if sending.acquire(blocking=False):  # else an answer is just sent, whose bytes say as much
        try:
            send(connection, Kind.PONG)
        finally:
            sending.release()
