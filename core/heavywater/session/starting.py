"""Where a session begins: the one place that both front ends ask."""

from __future__ import annotations

import os

from ..errors import InvalidArgument
from .local import LocalSession
from .protocol import Session

VARIABLE = "HEAVYWATER_SESSION"
KINDS = ("local", "loopback")


def start(
    name: str | None = None,
    nthreads: int = -1,
    max_mem_size: int | None = None,
    language: str = "python",
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

    Returns
    -------
    Session
        In this process. Where the environment variable ``HEAVYWATER_SESSION`` is ``loopback``, every request and
        answer passes through bytes all the same: so the tests find what could not go to another process.

    Raises
    ------
    InvalidArgument
        The environment variable has an unknown value.
    """
    kind = os.environ.get(VARIABLE) or KINDS[0]
    if kind not in KINDS:
        raise InvalidArgument(f"{VARIABLE}={kind!r} must be one of {', '.join(KINDS)}, or not be set")
    session = LocalSession(name or f"heavywater_{os.getpid()}", nthreads, max_mem_size, language)
    if kind == "local":
        return session
    from .remote import LoopbackSession  # start-up: only the tests go this way

    return LoopbackSession(session)
