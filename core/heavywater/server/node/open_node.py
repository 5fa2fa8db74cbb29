"""What a node is: the session it opens, who asks it, and how far they may go."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from ...session import LocalSession
from ...session.transit import Transit
from ..gate.node_options import NodeOptions
from .clients import Clients
from .ending import Ending
from .guarded_session import GuardedSession
from .paths import PathGuard

T = TypeVar("T")


class OpenNode:
    """A session that is open to clients.

    Parameters
    ----------
    session : LocalSession
        Whose objects all clients share; each has temporaries of its own.
    options : NodeOptions, optional

    Attributes
    ----------
    session : GuardedSession
        That session as clients see it who are not known.
    behind : LocalSession
        The session itself, which takes every path: for who runs the node, not for what clients ask.
    clients : Clients
    paths : PathGuard
        What clients may name.
    ended : Ending
        Set by who wants the node to end; who runs it waits for that.
    """

    def __init__(self, session: LocalSession, options: NodeOptions | None = None) -> None:
        self.behind, self.options, self.start_time = session, options or NodeOptions(), time.time()
        self.ended = Ending()
        self._kept: dict[Any, Any] = {}
        self._lock = threading.Lock()
        session.transit.most = self.options.max_upload
        always = [str(session.transit.folder)] if self.options.roots else []
        self.paths = PathGuard(self.options.roots, self.options.addresses, always)
        self.clients = Clients(self._opened, self.options.expiry, self.options.max_clients)
        self.session = self._opened("python", None)

    def _opened(self, language: str, prefix: str | None) -> GuardedSession:
        behind = self.behind.for_client(language, prefix)
        return GuardedSession(
            behind, self.paths, self.options.max_text, self.options.max_jobs, self.ended.is_set
        )

    @property
    def transit(self) -> Transit:
        """Where files are on their way."""
        return self.behind.transit

    @property
    def uploads(self) -> Path:
        """The folder of what clients have sent; it ends with the node."""
        return self.behind.transit.folder

    def stop(self) -> None:
        """Ask who runs this node to end it, once what was asked is answered; returns at once."""
        self.ended.set()

    def kept(self, make: Callable[[], T]) -> T:
        """What a door keeps with the node: one object of a class, made at the first call."""
        with self._lock:
            if make not in self._kept:
                self._kept[make] = make()
            found: T = self._kept[make]
        return found

    def close(self) -> None:
        """End all clients, and forget what they sent."""
        self.ended.set()
        self.clients.close()
        self.session.end()
        self.behind.transit.close()
        self.behind.transit.most = None
        for each in self._kept.values():
            if isinstance(each, logging.Handler):
                each.close()
