"""Connections between nodes: each to the next one in a ring."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import struct
import threading
import time
from collections.abc import Callable

from ..errors import InvalidArgument
from .framing import Kind, LinkLost, receive, send
from .secret import RUN_SIZE, admit, present
from .tls import Tls

_RANK = struct.Struct("<II")
_PIECE = 1 << 18


class Neighbours:
    """A node's place in one ring: where its left neighbour finds it, and the two connections.

    Parameters
    ----------
    host : str
        What to listen on.
    secret : bytes, optional
        That all nodes know; without it there are no other nodes.
    tls : Tls, optional
        With what this node shows of itself, and what vouches for others.

    Attributes
    ----------
    port : int
    left, right : socket or None
        Once they have met, where there is more than one node.
    """

    def __init__(self, host: str, secret: bytes | None = None, tls: Tls | None = None) -> None:
        self._secret, self._tls = secret, tls
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=4)
        self.port: int = self._listener.getsockname()[1]
        self.left: socket.socket | None = None
        self.right: socket.socket | None = None

    def meet(self, ring: str, rank: int, ranks: int, right: tuple[str, int], seconds: float) -> None:
        """Connect with both neighbours.

        Parameters
        ----------
        ring : str
            Name of the ring: who is in another one is refused.
        rank, ranks : int
            Place of this node; how many there are.
        right : tuple of str, int
            Where the next node listens.
        seconds : float
            In which all has to be done.

        Raises
        ------
        LinkLost
            A neighbour is not there, or not who it should be.
        InvalidArgument
            This node has no secret, or no certificate to show.
        """
        secret = self._secret
        if secret is None:
            raise InvalidArgument("this session is no node, and has no secret to meet others with")
        if self._tls is not None and self._tls.cert is None:
            raise InvalidArgument(
                "this node has no certificate to show to other nodes: start it with --tls-cert (h2o node)"
            )
        run = hashlib.sha256(ring.encode()).digest()[:RUN_SIZE]
        deadline = time.monotonic() + seconds
        failures: list[str] = []

        def accept() -> None:
            try:
                self.left = self._accept(secret, run, (rank - 1) % ranks, ranks, deadline)
            except LinkLost as error:
                failures.append(f"the left neighbour (rank {(rank - 1) % ranks}): {error}")

        other = threading.Thread(target=accept, name="heavywater: neighbour", daemon=True)
        other.start()
        try:
            self.right = self._connect(secret, run, rank, ranks, right, deadline)
        except (LinkLost, OSError) as error:
            failures.append(f"the right neighbour (rank {(rank + 1) % ranks}): {error}")
        other.join()
        self._listener.close()
        if failures:
            self.close()
            raise LinkLost("; ".join(failures))

    def _accept(self, secret: bytes, run: bytes, rank: int, ranks: int, deadline: float) -> socket.socket:
        """The connection that the left neighbour opens; of others nothing is taken."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise LinkLost("it has not come")
            self._listener.settimeout(left)
            try:
                connection, _ = self._listener.accept()
            except OSError as error:
                raise LinkLost(f"it has not come ({error})") from error
            try:
                _tuned(connection)
                if self._tls is not None:
                    connection = self._tls.accepted(connection, max(0.1, deadline - time.monotonic()))
                admit(connection, secret, run)
                kind, content = receive(connection, _RANK.size, deadline)
                if kind == Kind.HELLO and content == _RANK.pack(rank, ranks):
                    send(connection, Kind.WELCOME)
                    return connection
            except LinkLost:
                pass
            connection.close()

    def _connect(
        self, secret: bytes, run: bytes, rank: int, ranks: int, right: tuple[str, int], deadline: float
    ) -> socket.socket:
        connection = socket.create_connection(right, timeout=max(0.1, deadline - time.monotonic()))
        try:
            _tuned(connection)
            if self._tls is not None:  # a node may have any name
                connection = self._tls.connected(connection, None, max(0.1, deadline - time.monotonic()))
            present(connection, secret, run)
            connection.settimeout(max(0.1, deadline - time.monotonic()))
            send(connection, Kind.HELLO, _RANK.pack(rank, ranks))
            kind, _ = receive(connection, 0, deadline)
            if kind != Kind.WELCOME:
                raise LinkLost("it does not keep to the protocol")
        except BaseException:
            connection.close()
            raise
        return connection

    def relay(
        self, content: bytes | bytearray | None, last: bool, take: Callable[[bytearray], object]
    ) -> None:
        """Pass bytes along the ring, from the node that has them to the last one.

        Parameters
        ----------
        content : bytes or None
            None: what the left neighbour sends.
        last : bool
            Whether this is the last node.
        take : callable
            Gets what has come.

        Raises
        ------
        LinkLost
        """
        if content is not None:
            if not last:
                self._pass_on(struct.pack("<Q", len(content)))
                with memoryview(content) as view:
                    for start in range(0, len(view), _PIECE):
                        self._pass_on(view[start : start + _PIECE])
            return
        head = bytearray(8)
        self._get(memoryview(head))
        if not last:
            self._pass_on(head)
        size = struct.unpack("<Q", head)[0]
        found = bytearray(size)
        with memoryview(found) as view:
            for start in range(0, size, _PIECE):
                part = view[start : start + _PIECE]
                self._get(part)
                if not last:
                    self._pass_on(part)
        take(found)

    def _get(self, view: memoryview) -> None:
        """Fill this with what the left neighbour sends."""
        assert self.left is not None
        done = 0
        try:
            while done < len(view):
                count = self.left.recv_into(view[done:])
                if count == 0:
                    raise LinkLost("the left neighbour has closed the connection")
                done += count
        except OSError as error:
            raise LinkLost(f"the left neighbour sends nothing more ({error})") from error

    def _pass_on(self, content: bytes | bytearray | memoryview) -> None:
        try:
            self._right.sendall(content)
        except OSError as error:
            raise LinkLost(f"the right neighbour takes nothing more ({error})") from error

    @property
    def _right(self) -> socket.socket:
        assert self.right is not None
        return self.right

    def patience(self, seconds: float) -> None:
        """How long a relay waits for bytes."""
        for each in (self.left, self.right):
            if each is not None:
                each.settimeout(seconds)

    def interrupt(self) -> None:
        """End whatever waits for a neighbour, with an error; from any thread."""
        for each in (self._listener, self.left, self.right):
            if each is not None:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up, which both neighbours notice."""
        self.interrupt()
        for each in (self._listener, self.left, self.right):
            if each is not None:
                each.close()
        self.left = self.right = None


def _tuned(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
