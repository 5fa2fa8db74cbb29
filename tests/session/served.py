"""Nodes for tests: all at one server, each behind a path of its own."""

from __future__ import annotations

import itertools
import threading
from functools import cache
from typing import Any

import uvicorn
from heavywater.server.app import application
from heavywater.server.gate.node_options import NodeOptions
from heavywater.server.node.open_node import OpenNode
from heavywater.server.running.running_server import listening
from heavywater.session import LocalSession, connect
from heavywater.session.http_session import HttpSession

_numbers = itertools.count()


class Nodes:
    """A server with any number of nodes behind paths."""

    def __init__(self) -> None:
        self._apps: dict[str, Any] = {}
        config = uvicorn.Config(
            self._answer, interface="asgi3", log_config=None, access_log=False, lifespan="off"
        )
        self._socket = listening("127.0.0.1", 0)
        self.port = self._socket.getsockname()[1]
        server = uvicorn.Server(config)
        threading.Thread(target=server.run, args=([self._socket],), daemon=True).start()

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        prefix = "/" + scope["path"].split("/")[1]
        await self._apps[prefix]({**scope, "root_path": prefix}, receive, send)

    def open(self, node: OpenNode) -> str:
        """The address of a node from now on."""
        prefix = f"/node{next(_numbers)}"
        self._apps[prefix] = application(node)
        return f"http://127.0.0.1:{self.port}{prefix}"

    def replace(self, url: str, node: OpenNode) -> None:
        """Put another node behind an address."""
        self._apps["/" + url.rpartition("/")[2]] = application(node)


@cache
def nodes() -> Nodes:
    """The server of this process."""
    return Nodes()


def over_http(session: LocalSession, options: NodeOptions | None = None) -> HttpSession:
    """A session in this process, reached through a node."""
    url = nodes().open(OpenNode(session, options or NodeOptions()))
    return connect(url, session.store.client.language)
