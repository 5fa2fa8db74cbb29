"""Where a session begins: the one place that both front ends ask."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from ..errors import InvalidArgument, NoSession, warn
from .local import LocalSession
from .protocol import Session
from .settings import thread_count

VARIABLE = "HEAVYWATER_SESSION"
KINDS = ("local", "loopback")


def start(
    name: str | None = None,
    nthreads: int = -1,
    max_mem_size: int | None = None,
    language: str = "python",
    nodes: Any = None,
    secret_file: str | os.PathLike[str] | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
) -> Session:
    """A new session for a front end.

    Parameters
    ----------
    name : str, optional
        Name of the "cluster" in status tables; by default made from the number of this process.
    nthreads : int
        Threads for import and training; -1 means all cores this process may use.
    max_mem_size : int, optional
        Bytes that frames and models may take together; None means no limit.
    language : str
        The language of the front end, ``"python"`` or ``"R"``.
    nodes : int, str or Client of Dask, optional
        See `heavywater.session.starting_nodes.crew_of`.
    secret_file : str or path, optional
        Where nodes join from elsewhere: the file of the secret that they must know.
    tls_cert, tls_key : str, optional
        Files of a certificate and its key, where such nodes are to join with TLS.

    Returns
    -------
    Session
        In this process. Where the environment variable ``HEAVYWATER_SESSION`` is ``loopback``, every request and
        answer passes through bytes all the same: so the tests find what could not go to another process.

    Raises
    ------
    InvalidArgument
        The environment variable has an unknown value; or nodes cannot be had.
    """
    kind = os.environ.get(VARIABLE) or KINDS[0]
    if kind not in KINDS:
        raise InvalidArgument(f"{VARIABLE}={kind!r} must be one of {', '.join(KINDS)}, or not be set")
    session = start_here(name, nthreads, max_mem_size, language, nodes, secret_file, tls_cert, tls_key)
    if kind == "local":
        return session
    from .remote import LoopbackSession  # start-up: only the tests go this way

    return LoopbackSession(session)


def start_here(
    name: str | None = None,
    nthreads: int = -1,
    max_mem_size: int | None = None,
    language: str = "python",
    nodes: Any = None,
    secret_file: str | os.PathLike[str] | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
) -> LocalSession:
    """A new session in this process, for who opens it to others; all as in `start`."""
    crew = None
    if any(each is not None for each in (nodes, secret_file, tls_cert, tls_key)):
        from .starting_nodes import crew_of  # start-up: sockets and processes, only for who wants nodes

        crew = crew_of(nodes, secret_file, nthreads, max_mem_size, tls_cert, tls_key)
    return LocalSession(name or f"heavywater_{os.getpid()}", nthreads, max_mem_size, language, crew)


def warn_of_late_nodes(**asked: Any) -> None:
    """Say that a session that runs already gets no nodes, where some are asked for."""
    given = [f"{name}={value!r}" for name, value in asked.items() if value is not None]
    if given:
        warn(
            f"h2o.init: no effect of {', '.join(given)}: the session in this process was running already. "
            "To start it with nodes, end it first (h2o.shutdown())"
        )


def serve_as_node(
    address: str,
    secret_file: str | os.PathLike[str] | None,
    nthreads: int = -1,
    max_mem_size: int | None = None,
    tell: Callable[[str], None] = lambda text: None,
    patience: float = 10.0,
    **tls: str | None,
) -> None:
    """Be a node of a leader: join it, answer what it asks, and return when it has ended; join it anew where the connection is lost.

    Parameters
    ----------
    address : str
        ``HOST:PORT`` where the leader listens.
    secret_file : str or path, optional
        The file of the secret that both know; only its owner may read it. Without one it is read from standard input, which is
        then a pipe from who has started this process: when it ends, so does the node.
    nthreads, max_mem_size
        As in `start`, for this node.
    tell : callable
        Is given a text when the node is let in, and when the connection is lost.
    patience : float
        Seconds in which the leader may still begin to listen, or listen again.
    **tls
        Files of certificates, see `heavywater.cluster.tls.Tls`.

    Raises
    ------
    InvalidArgument
        The secret or a certificate cannot be read, or this node is not let in.
    NoSession
        Nobody listens there, or the leader is gone.
    """
    from ..cluster.neighbours import Neighbours  # start-up: see above
    from ..cluster.tls import Tls  # start-up: see above
    from .remote import answer  # start-up: only nodes answer
    from .starting_nodes import joined, secret_of  # start-up: see above

    secret = secret_of(secret_file)
    neighbours = partial(Neighbours, secret=secret, tls=Tls.of(**tls))
    gone = ""
    while True:
        # One of its own for each time: of what the leader asked the last time, something may still be going on.
        session = LocalSession(f"node_{os.getpid()}", nthreads, max_mem_size, neighbours=neighbours)
        status = session.cluster.status()
        interrupt = partial(_interrupt, session)
        try:
            gone = joined(address, secret, status, partial(answer, session), interrupt, tell, patience, tls)
        except NoSession as error:
            if not gone:
                raise
            raise NoSession(
                f"--join {address}: the leader is gone ({gone}), and not there again: {error}"
            ) from error
        if not gone:
            return
        interrupt()
        session.cluster.close()
        tell(f"the leader is gone ({gone}); joining it again")


def _interrupt(session: LocalSession) -> None:
    session.members.interrupt()


def serve_as_launched(address: str, nthreads: str, most: str, max_mem_size: str) -> None:
    """Be a node that another process has started, see `heavywater.cluster.launching.NodeProcess`.

    Parameters
    ----------
    address : str
    nthreads, most : str
        So many threads; -1 takes as many as `most` says, and not more than there are cores.
    max_mem_size : str
        Bytes, 0 for no limit.
    """
    threads = min(int(most), thread_count(-1)) if nthreads == "-1" else int(nthreads)
    serve_as_node(address, None, max(1, threads), int(max_mem_size) or None)
