"""A node as its leader sees it: requests and answers over one connection, and whether it is still there."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

from .framing import Kind, LinkLost, receive, send

PING_SECONDS = 1.0
UNANSWERED = 5  # pings, after which a node is lost
STALLED_SECONDS = 6  # in which a node takes none of the bytes that it is sent
_TIME = struct.Struct("ll")  # seconds, microseconds


class Link:
    """One node.

    Parameters
    ----------
    connection : socket
        Of a node that was let in.
    facts : dict
        What the node says of itself.
    """

    def __init__(self, connection: socket.socket, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.reason = ""  # why it was lost
        self._connection = connection
        self._one = threading.RLock()  # request after request
        self._sending, self._news = threading.Lock(), threading.Condition()
        self._answer = bytearray()  # the last one
        self._asked = self._answered = 0  # requests; that numbers agree tells whose answer it is
        self._unanswered = 0
        # By the system, which counts from the last byte that was taken, and when sending alone: where this process was stopped
        # itself, nobody has been silent.
        connection.settimeout(None)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _TIME.pack(STALLED_SECONDS, 0))
        self._ended = threading.Event()
        for work in (self._read, self._ping):
            threading.Thread(target=work, name="heavywater: node", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether the node can be asked."""
        return not self._ended.is_set()

    def ask(self, request: bytes) -> bytearray:
        """The answer to a request; requests of several threads follow each other.

        Raises
        ------
        LinkLost
            The node is gone; it may have done what was asked, or not.

        Notes
        -----
        Whoever is interrupted while he waits (Ctrl-C) gets no answer: it is passed over when it comes, and the next request
        has its own.
        """
        with self._one:
            number = self._request(request)
            with self._news:
                self._news.wait_for(lambda: self._answered == number or self._ended.is_set())
                if self._answered != number:
                    raise LinkLost(self.reason)
                found, self._answer = self._answer, bytearray()
            return found

    @contextlib.contextmanager
    def at_once(self) -> Iterator[bool]:
        """Whether no other thread is asking; if so, this one alone may within."""
        free = self._one.acquire(blocking=False)
        try:
            yield free
        finally:
            if free:
                self._one.release()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Within, no other thread asks."""
        with self._one:
            yield

    def interrupt(self) -> None:
        """Tell the node to leave off waiting for others, in whatever it is asked for."""
        try:
            self._send(Kind.INTERRUPT)
        except LinkLost as error:
            self._give_up(str(error))

    def close(self) -> None:
        """Tell the node to end."""
        if not self._ended.is_set() and self._sending.acquire(timeout=1.0):
            try:
                send(self._connection, Kind.END)
            except LinkLost:
                pass
            finally:
                self._sending.release()
        self._give_up("it was told to end")

    def _request(self, request: bytes) -> int:
        """Send a request; its number."""
        try:
            self._asked += 1
            self._send(Kind.REQUEST, request)
        except LinkLost as error:
            self._give_up(str(error))
        except BaseException:  # half a request may be on its way, after which nothing makes sense
            self._give_up("a request was broken off")
            raise
        return self._asked

    def _send(self, kind: Kind, content: bytes = b"") -> None:
        with self._sending:
            send(self._connection, kind, content)

    def _read(self) -> None:
        try:
            while True:
                kind, content = receive(self._connection, heard=self._heard)
                if kind == Kind.ANSWER and self._answered < self._asked:
                    self._take(content)
                elif kind != Kind.PONG:
                    raise LinkLost("it does not keep to the protocol")
        except LinkLost as error:
            self._give_up(str(error))

    def _take(self, answer: bytearray) -> None:
        with self._news:
            self._answer = answer
            self._answered += 1
            self._news.notify_all()

    def _heard(self) -> None:
        self._unanswered = 0

    def _ping(self) -> None:
        # Pings are counted, not seconds: where this process was stopped itself, nobody has failed to answer.
        while not self._ended.wait(PING_SECONDS):
            if self._unanswered >= UNANSWERED:
                self._give_up(f"it has not answered {UNANSWERED} pings")
            elif self._sending.acquire(timeout=PING_SECONDS):  # else it is sent something long
                try:
                    self._unanswered += 1
                    send(self._connection, Kind.PING)
                except LinkLost as error:
                    self._give_up(str(error))
                finally:
                    self._sending.release()

    def _give_up(self, reason: str) -> None:
        with self._news:
            if self._ended.is_set():
                return
            self.reason = reason
            self._ended.set()
            self._news.notify_all()
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()
