"""How a node, or a scoring service, is started: the options of ``h2o serve``."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Any

from ...errors import InvalidArgument
from ..gate.node_options import NodeOptions
from ..gate.tokens import read_token

PORT = 54321
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


@dataclass(frozen=True)
class ServeOptions:
    """How a node is started.

    Parameters
    ----------
    port : int
        If it is taken, the next one that is free; 0 takes any.
    address : str
        Of this machine, where the node is to be reached; others than those of loopback need a token, and TLS.
    token_file : str, optional
        File with the token that clients have to show; only its owner may read it.
    tls_cert, tls_key : str, optional
        Files of a certificate and its key, in PEM.
    insecure_http : bool
        Let other machines connect without TLS.
    roots, allow_hosts, allow_addresses, max_upload, expiry, root_path, access_log
        See `NodeOptions`.
    name : str, optional
        Of the "cluster" in status tables.
    nthreads : int
    max_mem_size : int, optional
        Bytes; None means no limit.
    nodes, secret_file
        As in `heavywater.session.start`: other processes that train.
    save_on_exit : str, optional
        Folder where all models are saved when the node ends.
    port_file : str, optional
        File that gets the port once clients can connect.
    """

    port: int = PORT
    address: str = "127.0.0.1"
    token_file: str | None = None
    tls_cert: str | None = None
    tls_key: str | None = None
    insecure_http: bool = False
    roots: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    allow_addresses: bool = False
    max_upload: int = NodeOptions.max_upload
    expiry: float = NodeOptions.expiry
    root_path: str = ""
    access_log: bool = False
    name: str | None = None
    nthreads: int = -1
    max_mem_size: int | None = None
    nodes: Any = None
    secret_file: str | None = None
    save_on_exit: str | None = None
    port_file: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.port, bool) or not 0 <= self.port < 2**16:
            raise InvalidArgument(f"--port {self.port}: must be in 0 .. {2**16 - 1}")
        if not self.expiry > 0:
            raise InvalidArgument(f"--expiry {self.expiry}: must be a number of seconds above 0")
        if self.max_upload < 1:
            raise InvalidArgument(f"--max-upload {self.max_upload}: must be 1 byte at least")
        if self.tls_key is not None and self.tls_cert is None:
            raise InvalidArgument(f"--tls-key {self.tls_key}: is of no use without --tls-cert")
        if self.root_path and not _PREFIX.fullmatch(self.root_path):
            raise InvalidArgument(f"--root-path {self.root_path}: must have the form /h2o or /apps/h2o")
        self._check_open()

    def _check_open(self) -> None:
        if is_loopback(self.address):
            return
        if self.token_file is None:
            raise InvalidArgument(
                f"--address {self.address}: other machines could connect, and do whatever you may do. "
                "Give --token-file FILE, and --tls-cert FILE with --tls-key FILE, or keep to --address 127.0.0.1"
            )
        if self.tls_cert is None and not self.insecure_http:
            raise InvalidArgument(
                f"--address {self.address}: token and data would travel in the clear. Give --tls-cert FILE with --tls-key FILE; or "
                "--insecure-http where the network is yours alone or a proxy speaks TLS for the node"
            )

    def node_options(self) -> NodeOptions:
        """What clients may do."""
        named = () if _is_number(self.address) else (self.address,)
        return NodeOptions(
            token=None if self.token_file is None else read_token(self.token_file),
            roots=self.roots,
            allow_hosts=(*self.allow_hosts, *named),
            addresses=self.allow_addresses,
            max_upload=self.max_upload,
            expiry=self.expiry,
            root_path=self.root_path,
            access_log=self.access_log,
            may_be_ended=True,
        )


def _is_number(address: str) -> bool:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(address, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise InvalidArgument(f"--address {address}: no address of this machine ({error})") from None
    return bool(address) and all(ipaddress.ip_address(str(each)).is_loopback for each in found)
