"""The running session, opened to other clients."""

from __future__ import annotations

from typing import Any

from ..backend import running
from ..backend.connection import connection

__all__ = ["H2OFlow", "flow"]


class H2OFlow:
    """Where the session can be reached from other processes, and browsers, of this machine.

    Attributes
    ----------
    url : str
        Its address.
    token : str or None
        What other clients have to show; None for a session at a node, to which they connect as this one did.
    """

    def __init__(self, url: str, node: Any = None) -> None:
        self.url, self._node = url, node
        self.token: str | None = None if node is None else node.node.options.token

    def link(self) -> str:
        """An address for a browser: it lets in once, within ten minutes, without the token."""
        return self.url if self._node is None else str(self._node.new_link())

    def close(self) -> None:
        """Let nobody in any more; the session itself goes on."""
        running.close_to_others()

    def __repr__(self) -> str:
        return f"<H2OFlow at {self.url}>"


def flow(port: int = 0) -> H2OFlow:
    """Open the running session to other clients, and say how they connect.

    Other processes of this machine then share its frames and models: ``h2o.connect(url=, token=)`` in Python and R, and H2O's
    own clients. The page at the address says so; there is no web interface yet. Nobody else is let in: the node listens on
    this machine alone and wants a token that is made anew each time. It ends with the session, or with ``close()``.

    Parameters
    ----------
    port : int
        If it is taken, the next one that is free; 0 takes any. Without effect where the session is open already.

    Returns
    -------
    H2OFlow
        The address and the token. Of a session at a node, the address of that node.

    Examples
    --------
    >>> h2o.init(verbose=False)
    >>> opened = h2o.flow()
    The session is open to other clients of this machine at http://127.0.0.1:...
    >>> len(opened.token)
    64
    >>> opened.close()
    """
    session = connection().session
    if connection().at_node:
        found = H2OFlow(connection().base_url)
        print(f"The session is at the node {found.url}; others connect to it in the same way.")
        return found
    if running.opened is None:
        from heavywater.server.opening import opened  # start-up: only for who opens the session

        running.opened = opened(session, port)
    found = H2OFlow(running.opened.url, running.opened)
    print(f"The session is open to other clients of this machine at {found.url}")
    print(f"In a browser, once and within ten minutes: {found.link()}")
    print("In Python: h2o.connect(url=..., token=...), with url and token of what h2o.flow() gives")
    return found
