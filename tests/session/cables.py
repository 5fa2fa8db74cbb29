"""Connections that go through this process, to be cut, or to swallow what is sent, at any byte."""

from __future__ import annotations

import contextlib
import socket
import threading

PASS, CUT, SWALLOW = "pass", "cut", "swallow"


class _Wire:
    """One connection that goes through."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self._ends = near, far
        self._then, self._left = PASS, 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Let go through what comes, from now on."""
        near, far = self._ends
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def fail(self, how: str, after: int) -> None:
        """Cut it, or swallow everything, after so many further bytes."""
        with self._lock:
            self._then, self._left = how, after
        if how == CUT and after == 0:
            self.close()

    def close(self) -> None:
        for each in self._ends:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while content := one.recv(1 << 16):
                with self._lock:
                    if self._then != PASS:
                        content = content[: self._left]
                        self._left -= len(content)
                    over = self._then == CUT and self._left == 0
                other.sendall(content)
                if over:
                    break
        self.close()


class Cable:
    """A port that leads to another one.

    Parameters
    ----------
    port : int
        Where it leads to on this machine.

    Attributes
    ----------
    port : int
        Where it begins.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._wires: list[_Wire] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._to))
                except OSError:
                    near.close()
                    continue
                for each in (near, far):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                wire = _Wire(near, far)
                self._wires.append(wire)  # first: who has got an answer through it may want to cut it
                wire.start()

    def fail(self, how: str, after: int = 0) -> None:
        """See `_Wire`: those connections that there are, not later ones."""
        for wire in self._wires:
            wire.fail(how, after)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in self._wires:
            wire.close()
