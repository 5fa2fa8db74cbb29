"""Nodes that others start for a session: on the machines of a Dask or a Ray cluster."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

from ..cluster.framing import address_of
from ..cluster.launching import Launcher, NodeProcess
from ..cluster.launching_dask import DaskNodes
from ..cluster.launching_ray import RayNodes
from ..cluster.secret import SIZE, new_secret
from ..errors import InvalidArgument, warn
from .nodes import Crew

LISTEN = "HEAVYWATER_LISTEN"
_JOIN_SECONDS = 60.0  # in which nodes have to be there; others may still come later
_DASK, _RAY = "dask:", "ray"
_NODE = (
    "import sys; from heavywater.session.starting import serve_as_launched; serve_as_launched(*sys.argv[1:])"
)


def launcher_of(nodes: Any) -> Launcher | None:
    """What starts nodes, where they are to be started by Dask (a client, ``"dask:ADDRESS"``) or Ray (``"ray"``).

    Raises
    ------
    InvalidArgument
        It is not installed, or there is no such cluster.
    """
    distributed = sys.modules.get("distributed")  # who has a client has imported it
    try:
        if distributed is not None and isinstance(nodes, distributed.Client):
            return DaskNodes(nodes)
        if isinstance(nodes, str) and nodes.startswith(_DASK):
            return DaskNodes(nodes.removeprefix(_DASK))
        if nodes == _RAY:
            return RayNodes()
    except ImportError as error:
        raise InvalidArgument(
            f"nodes={nodes!r} needs {error.name}: pip install heavywater[{'ray' if nodes == _RAY else 'dask'}]"
        ) from error
    except (OSError, ConnectionError, ValueError) as error:
        raise InvalidArgument(f"nodes={nodes!r}: there is no such cluster ({error})") from error
    return None


def start_on_hosts(crew: Crew, launcher: Launcher, nthreads: int, max_mem_size: int | None) -> None:
    """Start a node on each host of a launcher, and wait until they have joined.

    Those that do not are told in a warning; they may still join later.

    Raises
    ------
    InvalidArgument
        None has joined, or none can.
    """
    crew.belongs(launcher)
    try:
        if not launcher.hosts:
            raise InvalidArgument(f"{launcher.name}: this cluster has no workers yet; wait for them first")
        secret = new_secret()
        address = _listen(crew, launcher, secret)
        if launcher.secret_is_visible:
            warn(
                f"{launcher.name}: connections of this cluster are not encrypted, so that whoever listens to them sees the secret of "
                "the nodes; set it up with TLS, or use a network that you trust"
            )
        limit = str(max_mem_size or 0)
        launcher.start(
            lambda host: NodeProcess(
                _NODE, (address, str(nthreads), str(launcher.hosts[host]), limit), secret
            )
        )
        _await(crew, launcher, address)
    except BaseException:
        crew.close()
        raise


def _listen(crew: Crew, launcher: Launcher, secret: bytes) -> str:
    """Where nodes are to join: the address of this machine by which it reaches them, or the one that the user has set."""
    given = os.environ.get(LISTEN)
    host = _own_address(launcher.hosts)
    if not given:
        if _is_loopback(host) and not all(_is_loopback(each) for each in launcher.hosts):
            raise InvalidArgument(f"{launcher.name}: {_unreachable(launcher, host)}")
        return crew.listen(host, 0, secret)
    at, port = address_of(given)
    address = crew.listen(at, port, secret)
    anywhere = at in ("0.0.0.0", "::")
    return f"{host}:{address.rpartition(':')[2]}" if anywhere else address


def _await(crew: Crew, launcher: Launcher, address: str) -> None:
    until, failed, wanted = time.monotonic() + _JOIN_SECONDS, list[str](), len(launcher.hosts)
    while not crew.wait_for(wanted, 0.2):
        failed = launcher.failed()
        if crew.joined + len(failed) >= wanted or time.monotonic() > until:
            break
    if crew.joined < wanted:
        why = "; ".join(failed) or f"{_JOIN_SECONDS:.0f} s have gone by. Are all workers busy?"
        text = f"{launcher.name}: {crew.joined} of {wanted} nodes have joined. {why.rstrip('.')}. {_unreachable(launcher, address)}"
        if not crew.joined:
            raise InvalidArgument(text)
        warn(text)


def _unreachable(launcher: Launcher, address: str) -> str:
    return (
        f"Nodes on {', '.join(launcher.hosts)} have to reach this process at {address}: if they cannot, set the environment variable "
        f"{LISTEN} to HOST:PORT of this machine as they see it (port 0 takes a free one)"
    )


def _own_address(hosts: Iterable[str]) -> str:
    """The address of this machine on the way to a host, as the routes of the system say; nothing is sent."""
    host = min(hosts, key=_is_loopback)
    family, kind, _, _, address = socket.getaddrinfo(host, 9, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind) as probe:
        probe.connect(address)
        return str(probe.getsockname()[0])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secret_from_parent() -> bytes:
    """The secret that whoever has started this process has put into its standard input; when that ends, the process does, too."""
    secret = os.read(sys.stdin.fileno(), SIZE)  # one write of so few bytes comes whole

    def watch() -> None:
        while os.read(
            sys.stdin.fileno(), SIZE
        ):  # not by a file object, whose lock would be held when the interpreter ends
            pass
        os._exit(0)

    threading.Thread(target=watch, name="heavywater: parent", daemon=True).start()
    return secret
