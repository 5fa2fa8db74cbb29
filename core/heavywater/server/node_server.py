"""The start and the end of a node."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ..cluster.tls import Tls
from .app import application
from .node.open_node import OpenNode
from .running.running_server import RunningServer

logger = logging.getLogger("h2o.node")
_EXPIRY_SECONDS = 30.0  # between looks at who is gone


class RunningNode(RunningServer):
    """A node that answers in threads of this process until it is stopped.

    Parameters
    ----------
    node : OpenNode
    host : str
    port : int
        If it is taken, the next one that is free; 0 takes any.
    tls : Tls, optional
        Certificate and key.
    before_end : callable
        What is done when the node is to end, while clients are still answered.
    """

    def __init__(
        self,
        node: OpenNode,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: Tls | None = None,
        before_end: Callable[[], None] = lambda: None,
    ) -> None:
        self.node = node
        super().__init__(application(node), node.ended, host, port, tls, node.options.root_path, before_end)

    def _wait(self) -> None:
        seconds = max(0.05, min(_EXPIRY_SECONDS, self.node.options.expiry / 4))
        while not self.node.ended.wait(seconds):
            try:
                self.node.clients.expire()
            except Exception:
                logger.exception("clients that are gone could not be ended")

    def stop(self) -> None:
        """Answer what was asked, and nothing more."""
        super().stop()
        self.node.close()
