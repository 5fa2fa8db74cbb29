"""A server of ASGI in threads of this process: its port, its connections, its start and its end."""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import uvicorn

from ...cluster.tls import Tls
from ...errors import InvalidArgument
from ..gate.guard import Guard
from .timed_connection import TimedConnection

TRIES = 100  # ports that are looked at, where the first is taken
_START_SECONDS = 10.0
_KEEP_SECONDS = 75  # a connection without a request
_END_SECONDS = 5  # for answers that are on their way


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at a port, or at the next one that is free; 0 takes any.

    Raises
    ------
    InvalidArgument
        The address is not one of this machine, or no port can be had.
    """
    try:
        family, _, _, _, _ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
    except (OSError, UnicodeError) as error:
        raise InvalidArgument(f"--address {host}: no address of this machine ({error})") from None
    problem: OSError | None = None
    for number in range(port, min(port + TRIES, 2**16) if port else 1):
        try:
            found = socket.create_server((host, number), family=family, backlog=2048)
        except OSError as error:
            problem = error
            if error.errno != errno.EADDRINUSE:
                break
            continue
        # Inherited by connections: head and body of an answer are two writes, and the second would wait for an acknowledgement.
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return found
    raise InvalidArgument(f"--address {host}, --port {port}: cannot listen there ({problem})")


class RunningServer:
    """An application that answers in threads of this process until it is stopped.

    Parameters
    ----------
    guard : Guard
        What answers.
    ended : Event
        Set by who wants it to end.
    host : str
    port : int
        If it is taken, the next one that is free; 0 takes any.
    tls : Tls, optional
        Certificate and key.
    root_path : str
        What stands before all paths.
    before_end : callable
        What is done when it is to end, while clients are still answered.
    """

    def __init__(
        self,
        guard: Guard,
        ended: threading.Event,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: Tls | None = None,
        root_path: str = "",
        before_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._guard, self._ended, self._before_end, self._root_path = guard, ended, before_end, root_path
        self._socket = listening(host, port)
        self.host, self.port = self._socket.getsockname()[:2]
        self._name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, host or self.host)
        self._scheme = "http" if tls is None else "https"
        config = uvicorn.Config(
            guard,
            http=TimedConnection,
            ws="none",
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_KEEP_SECONDS,
            timeout_graceful_shutdown=_END_SECONDS,
            h11_max_incomplete_event_size=2**16,
        )
        config.load()
        config.ssl = None if tls is None else tls.accepting()
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="heavywater: server", daemon=True
        )
        self._thread.start()
        self._watch = threading.Thread(
            target=self._until_ended, name="heavywater: end of the server", daemon=True
        )
        self._watch.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started and self._thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.005)

    @property
    def url(self) -> str:
        """Where clients find it; of one that listens at all addresses, where those of this machine do."""
        host = f"[{self._name}]" if ":" in self._name else self._name
        return f"{self._scheme}://{host}:{self.port}{self._root_path}"

    @property
    def is_at_all_addresses(self) -> bool:
        """Whether it listens at all addresses of this machine."""
        return self.host in ("0.0.0.0", "::")

    def new_link(self) -> str:
        """An address that lets a browser in, once; where there is no token, the plain one."""
        return f"{self.url}/{self._guard.new_link()}"

    def _until_ended(self) -> None:
        self._wait()
        try:
            self._before_end()
        finally:
            self._server.should_exit = True

    def _wait(self) -> None:
        """Wait for the end, and do meanwhile what has to be done every now and then."""
        self._ended.wait()

    def stop(self) -> None:
        """Answer what was asked, and nothing more."""
        self._ended.set()
        self._watch.join()
        self._thread.join(2 * _END_SECONDS)
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
