"""Under which names a node may be asked, and from which pages.

A page of another site cannot choose the header ``Host`` but by a name that its owner controls; such a name may lead to this machine
(DNS rebinding). So only names that nobody else can own are taken: addresses as numbers, ``localhost``, and what was allowed.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from ...errors import InvalidArgument
from .denials import Denied

_HOST = re.compile(r"(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9_.-]{1,255}))(?::([0-9]{1,5}))?", re.ASCII)
_PORTS = {"http": 80, "https": 443}
_SITES = ("same-origin", "none")


class HostName(NamedTuple):
    """A name or address, in one spelling, and a port."""

    name: str
    port: int | None


@lru_cache(1024)  # most requests name the same
def host_of(text: str) -> HostName | None:
    """A host as headers name it; None where it is none."""
    found = _HOST.fullmatch(text)
    if found is None or int(found[3] or 0) > 0xFFFF:
        return None
    name = (found[1] or found[2]).lower()
    name = name.removesuffix(".")
    port = int(found[3]) if found[3] else None
    address = _address(name)
    if found[1] and address is None:
        return None
    return HostName(str(address) if address is not None else name, port) if name else None


@cache
def _own_name() -> str:
    return socket.gethostname().lower()


@lru_cache(1024)
def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(name)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


class HostList:
    """Names under which a node is asked.

    Parameters
    ----------
    allowed : sequence of str
        Further names, with a port or without.

    Raises
    ------
    InvalidArgument
        One of them is no name.
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed: set[HostName] = set()
        for text in allowed:
            host = host_of(text)
            if host is None:
                raise InvalidArgument(
                    f"--allow-host {text}: must be a name or an address, such as nodes.example.org or [::1]:8080"
                )
            self._allowed.add(host)

    def check(self, headers: Sequence[tuple[bytes, bytes]], scheme: str, reached: str | None) -> None:
        """Refuse a request from elsewhere.

        Parameters
        ----------
        headers : sequence of (name, value)
            Names in small letters.
        scheme : str
            ``http`` or ``https``.
        reached : str, optional
            The address of this machine at which the request came in.

        Raises
        ------
        Denied
        """
        host = self._host(headers, reached)
        for site in _values(headers, b"sec-fetch-site"):
            if site not in _SITES:
                raise Denied(
                    403,
                    "a page of another site may not ask this node: open its address in the browser itself",
                )
        origins = _values(headers, b"origin")
        for origin in origins:
            if not self._is_ours(origin, scheme, host):
                raise Denied(
                    403, "a page of another origin may not ask this node (a proxy? --allow-host NAME)"
                )
        if not origins and not _values(headers, b"sec-fetch-site"):
            self._check_browser(headers, scheme, host)

    def _host(self, headers: Sequence[tuple[bytes, bytes]], reached: str | None) -> HostName:
        found = _values(headers, b"host")
        host = host_of(found[0]) if len(found) == 1 else None
        if host is None:
            raise Denied(400, "the header Host must name this node, once")
        if not self._is_known(host, reached):
            raise Denied(
                403,
                f"this node is not asked under the name {host.name!r}; where it is one of its names: --allow-host {host.name}",
            )
        return host

    def _is_known(self, host: HostName, reached: str | None) -> bool:
        if host in self._allowed or HostName(host.name, None) in self._allowed or host.name == "localhost":
            return True
        address, here = _address(host.name), _address((reached or "").partition("%")[0])
        if address is not None:
            return address.is_loopback or address == here
        return here is not None and not here.is_loopback and host.name == _own_name()

    def _is_ours(self, origin: str, scheme: str, host: HostName) -> bool:
        """Whether it is the origin of the node's own pages: a port further another program may answer."""
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        there = host_of(parts.netloc)
        if parts.scheme not in _PORTS or there is None or parts.path or parts.query or parts.fragment:
            return False
        port = there.port or _PORTS[parts.scheme]
        if there.name == host.name and parts.scheme == scheme and port == (host.port or _PORTS[scheme]):
            return True
        if HostName(there.name, port) in self._allowed:
            return True
        usual = port in (_PORTS[parts.scheme], host.port or _PORTS[scheme])
        return usual and HostName(there.name, None) in self._allowed

    def _check_browser(self, headers: Sequence[tuple[bytes, bytes]], scheme: str, host: HostName) -> None:
        """A browser that tells neither site nor origin, as some do where there is no TLS, must come from a page of the node.

        Only programs that are no browsers may ask for data without; pages themselves may always be opened.
        """
        if not any(agent.startswith("Mozilla/") for agent in _values(headers, b"user-agent")):
            return
        for referrer in _values(headers, b"referer"):
            parts = urlsplit(referrer)
            if self._is_ours(f"{parts.scheme}://{parts.netloc}", scheme, host):
                return
        raise Strange(
            403, "a browser must say where a request comes from; open the address of the node itself"
        )


class Strange(Denied):
    """It is not known whether a page of the node asks; what changes and tells nothing may be answered all the same."""


def _values(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for key, value in headers if key == name]
