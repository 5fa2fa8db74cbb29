"""Frames on a connection: a header (magic, version, kind, length) and so many bytes."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from enum import IntEnum

from ..errors import HeavywaterError, InvalidArgument

_HEADER = struct.Struct("<4sHHQ")
_MAGIC = b"HWcl"
VERSION = 1  # of the frames and of the handshake
LONGEST = 1 << 36  # bytes of a frame once both sides are known
_PIECE = 1 << 22  # bytes that are read, or set aside, at once
_SENT = 1 << 18  # bytes that are sent at once: the timeout of a socket is that of a whole call


class LinkLost(HeavywaterError):
    """The connection is closed, silent or talks of something else: the other side is given up."""


class NotGreeted(LinkLost):
    """The other side does not even begin: it has no time for another one, or expects something else."""


class Kind(IntEnum):
    """What a frame is."""

    CHALLENGE = 1
    PROOF = 2
    ANSWERED_PROOF = 3
    HELLO = 4
    WELCOME = 5
    REFUSED = 6
    REQUEST = 7
    ANSWER = 8
    PING = 9
    PONG = 10
    END = 11
    INTERRUPT = 12


def send(connection: socket.socket, kind: Kind, content: bytes | bytearray | memoryview = b"") -> None:
    """Send a frame; `LinkLost` where the connection is gone."""
    try:
        connection.sendall(_HEADER.pack(_MAGIC, VERSION, kind, len(content)))
        with memoryview(content) as view:
            for start in range(0, len(view), _SENT):
                connection.sendall(view[start : start + _SENT])
    except BlockingIOError as error:
        raise LinkLost("the connection is lost (the other side takes nothing more)") from error
    except OSError as error:
        raise LinkLost(f"the connection is lost ({error})") from error


def receive(
    connection: socket.socket,
    limit: int = LONGEST,
    deadline: float | None = None,
    heard: Callable[[], object] = lambda: None,
) -> tuple[Kind, bytearray]:
    """The next frame.

    Parameters
    ----------
    connection : socket
    limit : int
        Bytes that the content may have; a header that says more ends the connection before they are read.
    deadline : float, optional
        Moment of `time.monotonic` by which the whole frame has to be here.
    heard : callable
        Called whenever bytes have come.

    Raises
    ------
    LinkLost
        The connection is closed or too slow, or what comes is no frame.
    """
    magic, version, kind, length = _HEADER.unpack(_exactly(connection, _HEADER.size, deadline, heard))
    if magic != _MAGIC:
        raise LinkLost("the other side does not speak this protocol")
    if version != VERSION:
        raise LinkLost(
            f"the other side speaks version {version} of this protocol, here it is version {VERSION}"
        )
    if kind not in set(Kind):
        raise LinkLost(f"a frame of the unknown kind {kind}")
    if length > limit:
        raise LinkLost(f"a frame of {length} bytes, where {limit} are allowed")
    return Kind(kind), _exactly(connection, length, deadline, heard)


def _exactly(
    connection: socket.socket, size: int, deadline: float | None, heard: Callable[[], object]
) -> bytearray:
    """So many bytes; memory grows with what has come, not with what a header says."""
    found, have = bytearray(min(size, _PIECE)), 0
    try:
        while have < size:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError("timed out")
                connection.settimeout(left)
            if have == len(found):
                found += bytes(min(size - have, have))
            with memoryview(found) as view:
                count = connection.recv_into(view[have:])
            if not count:
                raise LinkLost("the other side has closed the connection")
            have += count
            heard()
    except OSError as error:
        raise LinkLost(f"the connection is lost ({error})") from error
    return found


def address_of(text: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT``; of IPv6 the host stands in brackets.

    Raises
    ------
    InvalidArgument
        The text has another form.
    """
    host, colon, port = str(text).rpartition(":")
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65536):
        raise InvalidArgument(f"address {text!r} must have the form HOST:PORT, as 127.0.0.1:54330")
    return host, int(port)
