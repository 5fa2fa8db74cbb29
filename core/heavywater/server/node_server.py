"""The start and the end of a node."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn

from .app import application
from .node import OpenNode


class RunningNode:
    """A node that answers in threads of this process until it is stopped.

    Parameters
    ----------
    node : OpenNode
    host : str
    port : int
        0 takes any that is free.
    """

    def __init__(self, node: OpenNode, host: str = "127.0.0.1", port: int = 0) -> None:
        self.node = node
        self._socket = socket.create_server((host, port), backlog=2048)
        self.host, self.port = self._socket.getsockname()[:2]
        config = uvicorn.Config(application(node), log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://{self.host}:{self.port}"

    def stop(self) -> None:
        """Answer what was asked, and nothing more."""
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
        self.node.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
