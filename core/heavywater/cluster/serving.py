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
from ..errors import HeavywaterError, InvalidArgument
from .framing import Kind, LinkLost, address_of, receive, send
from .secret import present

SILENT_SECONDS = 60.0  # after which a leader that has not even sent a ping is gone
_RETRY_SECONDS = 0.25


def join(address: str, secret: bytes, facts: dict[str, Any], patience: float = 10.0) -> socket.socket:
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

    Raises
    ------
    InvalidArgument
        Nobody listens there, or this node is not let in.
    """
    until = time.monotonic() + patience
    while True:
        try:
            connection = socket.create_connection(address_of(address), timeout=max(1.0, patience))
            break
        except OSError as error:
            if time.monotonic() + _RETRY_SECONDS > until:
                raise InvalidArgument(
                    f"--join {address}: no session listens there ({error}). "
                    "Start it with h2o.init(nodes='listen:HOST:PORT', secret_file=...)"
                ) from error
            time.sleep(_RETRY_SECONDS)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        present(connection, secret)
        connection.settimeout(SILENT_SECONDS)
        send(connection, Kind.HELLO, json.dumps({**facts, "version": __version__}).encode())
        kind, content = receive(connection, 1 << 16)
        if kind != Kind.WELCOME:
            raise LinkLost(bytes(content).decode("utf-8", "replace") or "it was not let in")
    except HeavywaterError as error:
        connection.close()
        raise InvalidArgument(f"--join {address}: {error}") from error
    return connection


def serve(connection: socket.socket, answer: Callable[[bytes | bytearray], bytes]) -> str:
    """Answer requests until the leader ends the connection, or is gone.

    Pings are answered at once, also while a request is worked on.

    Parameters
    ----------
    connection : socket
        From `join`.
    answer : callable
        Makes an answer of a request; raises nothing.

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
