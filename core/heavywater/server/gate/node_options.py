"""How far a node lets its clients go."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class NodeOptions:
    """How far a node lets its clients go.

    Parameters
    ----------
    token : str, optional
        What clients have to show; None lets everybody in who reaches the address.
    roots : tuple of str
        Folders below which clients may name files of the node's disk; none: all that its user may read or write.
    allow_hosts : tuple of str
        Names beside that of the address, under which clients may ask, as behind a proxy; with a port or without.
    addresses : bool
        Whether clients may name addresses (http, s3 ...) that the node then fetches.
    max_upload : int
        Bytes in the body of one request.
    expiry : float
        Seconds after which a client who does not ask any more is taken to be gone.
    root_path : str
        What stands before all paths, as ``"/h2o"`` behind a proxy.
    access_log : bool
        Whether each request is logged.
    max_text : int
        Bytes of a form or of JSON, and of an expression.
    max_requests : int
        That are answered at the same time.
    max_clients : int
        That are known at the same time.
    max_jobs : int
        That run at the same time.
    may_be_ended : bool
        Whether who looks at its pages may end the node: one that is a process of its own.
    """

    token: str | None = field(default=None, repr=False)
    roots: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    addresses: bool = False
    max_upload: int = 16 * 2**30
    expiry: float = 3600.0
    root_path: str = ""
    access_log: bool = False
    max_text: int = 2**24
    max_requests: int = 4000
    max_clients: int = 1000
    max_jobs: int = 200
    may_be_ended: bool = False
