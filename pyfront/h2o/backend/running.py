"""The one connection of this process, and its end."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .connection import H2OConnection

#: None before the session has been started, and after its end
connection: H2OConnection | None = None
#: the node that has opened the session to other clients, if there is one; see `h2o.flow`
opened: Any = None


def close_to_others() -> None:
    """Let no other clients in any more."""
    global opened
    if opened is not None:
        opened.stop()
    opened = None


def end(prompt: bool = False) -> None:
    """End the session; all frames and models are gone. Of one at a node only the connection ends, and the node goes on.

    Parameters
    ----------
    prompt : bool
        Whether to ask first.
    """
    global connection
    if connection is None:
        return
    question = (
        f"End the connection to {connection.base_url}? The node goes on, temporary frames will be lost. (y/N) "
        if connection.at_node
        else "End the session? All frames and models will be lost. (y/N) "
    )
    if prompt and input(question).strip().lower() not in ("y", "yes"):
        return
    logging.getLogger("h2o").info("session at %s ended", connection.base_url)
    connection.stop_logging()
    connection.cluster._running = False
    close_to_others()
    connection.session.end()
    connection = None
