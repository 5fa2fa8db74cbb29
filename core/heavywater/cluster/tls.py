"""Encrypted connections with certificates of the user's.

Python's objects for TLS may not be read by one thread and written by another, and compiled code cannot use them. So a thread for
each connection stands between it and one end of a pair of local sockets; whoever has the other end sees a plain connection.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import ssl
import threading
import time
from dataclasses import dataclass

from ..errors import InvalidArgument
from .framing import LinkLost, NotGreeted

_PIECE = 1 << 18  # bytes that are passed on at once
_END_SECONDS = 1.0  # in which what was written last may still go out
_WAITING = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


@dataclass(frozen=True)
class Tls:
    """Files of certificates, in PEM.

    Parameters
    ----------
    ca : str, optional
        Those that vouch for the other side; needed to connect.
    cert, key : str, optional
        What this side shows of itself, and the key to it (none where it is in the same file); needed to accept.

    Raises
    ------
    InvalidArgument
        A file cannot be read, or does not hold what it should.
    """

    ca: str | None = None
    cert: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        if self.key is not None and self.cert is None:
            raise InvalidArgument(f"tls_key={self.key!r} is of no use without tls_cert")
        if self.cert is not None:
            self.accepting()
        if self.ca is not None:
            self._connecting()

    @classmethod
    def of(cls, ca: str | None = None, cert: str | None = None, key: str | None = None) -> Tls | None:
        """None where no file is named."""
        named = [None if each is None else os.path.expanduser(os.fspath(each)) for each in (ca, cert, key)]
        return cls(*named) if any(named) else None

    def accepted(self, connection: socket.socket, seconds: float) -> socket.socket:
        """What another side has opened, as a plain connection of this process.

        Raises
        ------
        LinkLost
            It speaks no TLS, or is too slow.
        """
        return _plain(connection, self.accepting(), True, None, seconds)

    def connected(self, connection: socket.socket, name: str | None, seconds: float) -> socket.socket:
        """What this side has opened, as a plain connection of this process.

        Parameters
        ----------
        connection : socket
        name : str or None
            Host or address that the other side's certificate has to name; None: any that is vouched for.
        seconds : float
            In which both sides have to agree.

        Raises
        ------
        LinkLost
            The other side speaks no TLS, is too slow, or its certificate is not good.
        """
        context = self._connecting()
        context.check_hostname = name is not None
        return _plain(connection, context, False, name, seconds)

    def accepting(self) -> ssl.SSLContext:
        """What TLS needs to know on the side that others connect to."""
        if self.cert is None:
            raise InvalidArgument("tls_cert is needed where others connect with TLS")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.cert, self.key, password=_no_password)
        except (OSError, ValueError) as error:
            raise InvalidArgument(
                f"tls_cert={self.cert!r}, tls_key={self.key!r}: no certificate with its key, in PEM and without a password ({error})"
            ) from error
        return _modern(context)

    def _connecting(self) -> ssl.SSLContext:
        if self.ca is None:
            raise InvalidArgument("tls_ca is needed to connect with TLS")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(self.ca)
        except (OSError, ValueError) as error:
            raise InvalidArgument(f"tls_ca={self.ca!r}: no certificates in PEM ({error})") from error
        return _modern(context)


def _no_password() -> str:
    raise ValueError("the key has a password")


def _modern(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _plain(
    connection: socket.socket, context: ssl.SSLContext, accepting: bool, name: str | None, seconds: float
) -> socket.socket:
    try:
        connection.settimeout(seconds)
        secure = context.wrap_socket(
            connection, server_side=accepting, do_handshake_on_connect=False, server_hostname=name
        )
        try:
            secure.do_handshake()  # the timeout is that of the whole of it
        except BaseException:
            secure.close()
            raise
    except (OSError, ValueError) as error:
        kind = NotGreeted if isinstance(error, (ConnectionError, TimeoutError, ssl.SSLEOFError)) else LinkLost
        raise kind(f"no TLS with the other side ({error})") from error
    mine, theirs = socket.socketpair()
    for each in (mine, theirs):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * _PIECE)
    threading.Thread(target=_pump, args=(secure, mine), name="heavywater: TLS", daemon=True).start()
    return theirs


class _Way:
    """One direction: what comes from a source, and goes to a target."""

    def __init__(self, source: socket.socket, target: socket.socket) -> None:
        self.source, self.target = source, target
        self.held = memoryview(b"")

    def move(self) -> bool:
        """Whether anything could be moved; EOFError where no more comes."""
        moved = False
        with contextlib.suppress(*_WAITING):
            if not self.held:
                self.held, moved = memoryview(self.source.recv(_PIECE)), True
                if not self.held:
                    raise EOFError
            self.held, moved = self.held[self.target.send(self.held) :], True
        return moved


def _pump(secure: ssl.SSLSocket, plain: socket.socket) -> None:
    """Pass bytes on in both directions until one side ends."""
    for each in (secure, plain):
        each.setblocking(False)
    out, back = _Way(plain, secure), _Way(secure, plain)
    with contextlib.suppress(OSError, EOFError):  # either side is gone: the other one sees it at its end
        while True:
            if not out.move() | back.move():
                _wait(out, back)
    _end(secure)
    plain.close()


def _wait(out: _Way, back: _Way) -> None:
    poll = select.poll()
    for to, other in ((out, back), (back, out)):
        events = (select.POLLOUT if to.held else 0) | (0 if other.held else select.POLLIN)
        if events:  # else one that has hung up would wake this thread all the time
            poll.register(to.target, events)
    poll.poll()


def _end(secure: ssl.SSLSocket) -> None:
    """Say that no more comes, and take what does, lest the system throws away what was written last."""
    until = time.monotonic() + _END_SECONDS
    with contextlib.suppress(OSError), secure:
        secure.shutdown(socket.SHUT_WR)
        raw = socket.socket(fileno=os.dup(secure.fileno()))
        with raw:
            while (left := until - time.monotonic()) > 0:
                raw.settimeout(left)
                if not raw.recv(_PIECE):
                    break
