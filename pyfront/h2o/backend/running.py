"""The one connection of this process, and its end."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .connection import H2OConnection

#: None before the session has been started, and after its end
connection: H2OConnection | None = None


def end(prompt: bool = False) -> None:
    """End the session; all frames and models are gone.

    Parameters
    ----------
    prompt : bool
        Whether to ask first.
    """
    global connection
    if connection is None:
        return
    if prompt and input(
        "End the session? All frames and models will be lost. (y/N) "
    ).strip().lower() not in ("y", "yes"):
        return
    connection.stop_logging()
    connection.cluster._running = False
    logging.getLogger("h2o").info("session %s ended", connection.name)
    connection.session.objects.remove_all()
    connection.session.cluster.close()
    connection = None
