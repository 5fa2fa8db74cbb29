"""A session that runs already, opened to other clients on demand."""

from __future__ import annotations

from ..errors import InvalidArgument
from ..session import LocalSession, Session
from .gate.tokens import new_token
from .node.open_node import NodeOptions, OpenNode
from .node_server import RunningNode


def opened(session: Session, port: int = 0) -> RunningNode:
    """A node over a session of this process, on this machine alone and with a token that is made for it.

    Parameters
    ----------
    session : Session
    port : int
        If it is taken, the next one that is free; 0 takes any.

    Returns
    -------
    RunningNode
        ``node.options.token`` is the token. It ends with ``stop()``, which leaves the session as it is.

    Raises
    ------
    InvalidArgument
        The session is in another process.
    """
    behind = getattr(session, "behind", session)  # of one that is reached through bytes, in the same process
    if not isinstance(behind, LocalSession):
        raise InvalidArgument(
            "the session is in another process: it is open where that process has opened it"
        )
    return RunningNode(OpenNode(behind, NodeOptions(token=new_token())), port=port)
