"""A leader that tests join, and what they look at."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

from heavywater.cluster.framing import address_of
from heavywater.cluster.link import Link
from heavywater.cluster.listening import Listener
from heavywater.cluster.serving import join, serve
from heavywater.cluster.tls import Tls

SECRET = bytes(range(32))


class Leader:
    """A listener, and the nodes it has let in."""

    def __init__(self, tls: Tls | None = None) -> None:
        self.links: list[Link] = []
        self._come = threading.Condition()
        self.listener = Listener("127.0.0.1", 0, SECRET, self._joined, tls)
        self.address = self.listener.address

    def _joined(self, link: Link) -> None:
        with self._come:
            self.links.append(link)
            self._come.notify_all()

    def wait_for(self, count: int) -> Link:
        with self._come:
            assert self._come.wait_for(lambda: len(self.links) >= count, 10)
        return self.links[count - 1]

    def close(self) -> None:
        self.listener.close()
        for link in self.links:
            link.close()


def serving_node(leader: Leader, tls: Tls | None = None) -> list[str]:
    """A node that answers with what it is asked, twice; why it has ended."""
    reasons: list[str] = []
    connection = join(leader.address, SECRET, {"pid": 1}, tls=tls)
    thread = threading.Thread(
        target=lambda: reasons.append(serve(connection, lambda request: bytes(request) * 2)), daemon=True
    )
    thread.start()
    return reasons


def connect(leader: Leader) -> socket.socket:
    return socket.create_connection(address_of(leader.address), timeout=10)


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side ends the connection (and not this side's patience)."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(4096):
            pass
    return True


def wait_until(true: Callable[[], object]) -> None:
    for _ in range(500):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it does not come")
