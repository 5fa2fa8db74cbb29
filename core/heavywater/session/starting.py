"""Where a session begins: the one place that both front ends ask."""

from __future__ import annotations

import atexit
import os
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument, NoSession, warn
from .local import LocalSession
from .node_address import NodeAddress
from .protocol import Session
from .settings import thread_count

if TYPE_CHECKING:
    from .http_session import HttpSession

TOKEN_VARIABLE = "HEAVYWATER_TOKEN"
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
        answer passes through bytes all the same: so the tests find what could not go to another process. Where it is the address of
        a node, the session is there, and takes over the name, the threads and the limit.

    Raises
    ------
    InvalidArgument
        The environment variable has an unknown value; or nodes cannot be had.
    """
    kind = os.environ.get(VARIABLE) or KINDS[0]
    if kind.startswith(("http://", "https://")):
        found = connect(kind, language)
        found.cluster.configure(
            name or f"heavywater_{os.getpid()}", None if nthreads == -1 else nthreads, max_mem_size
        )
        return found
    if kind not in KINDS:
        raise InvalidArgument(
            f"{VARIABLE}={kind!r} must be one of {', '.join(KINDS)} or the address of a node, or not be set"
        )
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


def connect(
    url: str,
    language: str = "python",
    token: str | None = None,
    token_file: str | os.PathLike[str] | None = None,
    user: str | None = None,
    password: str | None = None,
    cafile: str | None = None,
    insecure: bool = False,
    proxy: str | None = None,
    cookies: Sequence[str] = (),
) -> HttpSession:
    """A session at a node that is running, which ``h2o serve`` has started.

    Parameters
    ----------
    url : str
        Its address, with the path behind which a proxy has it where there is one: ``http://localhost:54321``. It is shown and logged,
        so it has no user, password or token.
    language : str
        The language of the front end, ``"python"`` or ``"R"``.
    token, token_file : str, path, optional
        What the node wants to be shown, or the file that holds it; by default the content of the environment variable
        ``HEAVYWATER_TOKEN``.
    user, password : str, optional
        In place of a token, for a proxy in front of the node that asks for them.
    cafile : str, optional
        PEM file of the certificates that vouch for the node; by default those of the system.
    insecure : bool
        Believe any certificate: whoever sits between here and the node can read and change everything.
    proxy : str, optional
        Address of a proxy on the way.
    cookies : sequence of str
        Each ``name=value``: what a gateway in front of the node wants to be shown.

    Returns
    -------
    HttpSession
        It ends with ``end()``, and with this process; what it has made is there for others then, but its temporary frames.

    Raises
    ------
    InvalidArgument
        An argument is none.
    Unreachable
        Nobody is there, or no node, or one of another protocol; or it does not let in.
    """
    from .http_link import Access, HttpLink  # start-up: only for who has a node
    from .http_session import HttpSession, check_node  # start-up: only for who has a node

    if token is not None and token_file is not None:
        raise InvalidArgument("token and token_file are given: leave one of them out")
    if token_file is not None:
        token = _token_in(token_file)
    if token is None and password is None:
        token = os.environ.get(TOKEN_VARIABLE) or None
    access = Access(token, user, password, cafile, insecure, proxy, tuple(cookies))
    link = HttpLink(NodeAddress.of(url), access)
    check_node(link)
    session = HttpSession(link, language)
    atexit.register(_end_at_exit, weakref.ref(session))
    return session


def _token_in(file: str | os.PathLike[str]) -> str:
    try:
        with open(os.path.expanduser(file), encoding="ascii") as source:
            return source.read(10_000).strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no ASCII text"
        raise InvalidArgument(f"token_file={os.fspath(file)!r} cannot be read ({reason})") from None


def _end_at_exit(session: Callable[[], HttpSession | None]) -> None:
    found = session()
    if found is not None:
        found.end()


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
