"""Where the nodes of a session come from, and how a process becomes one."""

from __future__ import annotations

import atexit
import os
import socket
import time
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from ..cluster.framing import address_of
from ..cluster.launching import LocalNodes
from ..cluster.link import Link
from ..cluster.secret import read_secret
from ..cluster.serving import join, serve
from ..cluster.tls import Tls
from ..errors import InvalidArgument, InvalidType
from .launched_nodes import launcher_of, secret_from_parent, start_on_hosts
from .nodes import Crew
from .protocol import Session
from .remote import RemoteSession
from .settings import thread_count
from .values import Description

JOIN_SECONDS = 60.0  # in which nodes on this machine have to be there
_LISTEN = "listen:"
_MOST = 1024  # local nodes
# What a local node runs; the secret itself is in a file, so that no list of processes shows it.
_NODE = (
    "import sys; from heavywater.session.starting import serve_as_node; "
    "serve_as_node(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]) or None, patience=2)"
)


def crew_of(
    nodes: Any,
    secret_file: str | os.PathLike[str] | None,
    nthreads: int,
    max_mem_size: int | None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
) -> Crew:
    """The nodes that are asked for.

    Parameters
    ----------
    nodes : int, str or Client of Dask
        So many processes on this machine; or ``"listen:HOST:PORT"``, where nodes join whenever they come; or one on each host of
        a cluster of Dask (a client, or ``"dask:ADDRESS"`` of its scheduler) or Ray (``"ray"``).
    secret_file : str or path, optional
        Of the secret that nodes that join by themselves must know.
    nthreads : int
        Threads of each node that is started; -1 shares the cores out, or takes those that Dask or Ray has on a host.
    max_mem_size : int, optional
        Bytes that frames and models may take together in each node that is started.
    tls_cert, tls_key : str, optional
        For nodes that join by themselves: files of a certificate and its key, with which they are to be encrypted.

    Raises
    ------
    InvalidArgument, InvalidType
        What is asked for is neither, has no secret, or the nodes do not start.
    """
    if not isinstance(secret_file, str | os.PathLike | None):
        raise InvalidType(f"secret_file={secret_file!r} must be the name of a file")
    tls = Tls.of(cert=tls_cert, key=tls_key)
    listens = isinstance(nodes, str) and nodes.startswith(_LISTEN)
    if tls is not None and not listens:
        raise InvalidArgument(
            f"tls_cert={tls_cert!r} belongs to nodes='listen:HOST:PORT', which says where nodes join"
        )
    crew = Crew(_session_of)
    launcher = None if secret_file is not None else launcher_of(nodes)
    if launcher is not None:
        start_on_hosts(crew, launcher, nthreads, max_mem_size)
    elif listens:
        host, port = address_of(str(nodes).removeprefix(_LISTEN))
        if secret_file is None:
            raise InvalidArgument(
                f"nodes={nodes!r} needs secret_file=, a file with 32 random bytes or 64 hexadecimal digits that only you can read: "
                "nodes that do not know it are not let in"
            )
        crew.listen(host, port, read_secret(secret_file), tls)
    elif nodes is None:
        raise InvalidArgument(
            f"secret_file={os.fspath(secret_file or '')!r} belongs to nodes='listen:HOST:PORT', which says where nodes join"
        )
    elif isinstance(nodes, bool) or not isinstance(nodes, int) or not 1 <= nodes <= _MOST:
        raise InvalidType(
            f"nodes={nodes!r} must be a number of processes from 1 to {_MOST}, a Client of Dask, 'dask:ADDRESS' of its scheduler, "
            "'ray', or 'listen:HOST:PORT' together with secret_file"
        )
    elif secret_file is not None:
        raise InvalidArgument(
            f"secret_file={os.fspath(secret_file)!r} belongs to nodes='listen:HOST:PORT'; nodes={nodes} on this machine have a "
            "secret of their own"
        )
    else:
        _start_local(crew, nodes, nthreads, max_mem_size)
    atexit.register(_close, weakref.ref(crew))
    return crew


def _close(crew: weakref.ref[Crew]) -> None:
    found = crew()
    if found is not None:
        found.close()


def _session_of(link: Link) -> Session:
    return RemoteSession(link.ask, str(link.facts["pid"]))


def _start_local(crew: Crew, count: int, nthreads: int, max_mem_size: int | None) -> None:
    threads = max(1, thread_count(-1) // count) if nthreads == -1 else nthreads
    local = LocalNodes()
    crew.belongs(local)
    try:
        address = crew.listen("127.0.0.1", 0, local.secret)
        local.start(_NODE, [address, local.secret_file, str(threads), str(max_mem_size or 0)], count)
        until = time.monotonic() + JOIN_SECONDS
        while not crew.wait_for(count, 0.2):
            failed = local.failed()
            if failed or time.monotonic() > until:
                raise InvalidArgument(
                    f"nodes={count}: they have not joined. {failed or f'{JOIN_SECONDS:.0f} s have gone by'}"
                )
    except BaseException:
        crew.close()
        raise


def secret_of(secret_file: str | os.PathLike[str] | None) -> bytes:
    """The secret of a file, or of the process that has started this one."""
    return secret_from_parent() if secret_file is None else read_secret(secret_file)


def joined(
    address: str,
    secret: bytes,
    status: Description,
    answer: Callable[[bytes | bytearray], bytes],
    interrupt: Callable[[], object],
    tell: Callable[[str], None],
    patience: float,
    tls: Mapping[str, str | None],
) -> str:
    """Join a leader with what a session says of itself, and answer until the leader ends, or is gone.

    Returns
    -------
    str
        Why it is gone; empty where it has said that it ends.

    Raises
    ------
    InvalidArgument
        It has not let this node in.
    NoSession
        It is not there.
    """
    facts = {
        "host": socket.gethostname(),
        "pid": status["pid"],
        "cores": status["total_cores"],
        "nthreads": status["allowed_cores"],
        "max_mem_size": status["max_mem_size"],
    }
    connection = join(address, secret, facts, patience, Tls.of(**tls))
    tell(f"joined {address}")
    return serve(connection, answer, interrupt)
