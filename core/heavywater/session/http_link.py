"""Requests to a node over HTTP: connections that are kept, encryption, a proxy, and what errors mean."""

from __future__ import annotations

import base64
import json
import os
import socket
import ssl
import urllib.parse
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import urllib3
from urllib3 import exceptions as failures

from ..errors import ConnectionLost, InvalidArgument, Unreachable, shortened
from .node_address import NodeAddress

_CONNECT_SECONDS = 10.0
# A peer that is gone without a word is noticed after two minutes; a node that works on something long is not gone.
_ALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))
        if hasattr(socket, name)
    ),
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
]
_WHOLE = 2**16  # bytes up to which parts are put together
_UNSENT = (failures.NewConnectionError, failures.ConnectTimeoutError, failures.NameResolutionError)


@dataclass(frozen=True)
class Access:
    """How a client gets to a node.

    Parameters
    ----------
    token : str, optional
        What the node wants to be shown.
    user, password : str, optional
        Of a proxy in front of it that asks for them; the node takes its token as password, whoever the user.
    cafile : str, optional
        PEM file of the certificates that vouch for the node; by default those of the system.
    insecure : bool
        Believe any certificate.
    proxy : str, optional
        Address of a proxy on the way.
    cookies : sequence of str
        Each ``name=value``: what a gateway in front of the node wants to be shown.
    """

    token: str | None = field(default=None, repr=False)
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    cafile: str | None = None
    insecure: bool = False
    proxy: str | None = field(default=None, repr=False)
    cookies: tuple[str, ...] = field(default=(), repr=False)

    def headers(self) -> dict[str, str]:
        """What each request shows."""
        cookies = (
            {"Cookie": "; ".join(_one_line(each, "a cookie") for each in self.cookies)}
            if self.cookies
            else {}
        )
        return {**cookies, **self._authorization()}

    def _authorization(self) -> dict[str, str]:
        if self.token is not None and self.password is not None:
            raise InvalidArgument("a node is shown a token, or a user and a password: leave one of them out")
        if self.token is not None:
            return {"Authorization": f"Bearer {_one_line(self.token, 'the token')}"}
        if self.password is not None:
            pair = f"{self.user or ''}:{self.password}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return {}

    def context(self) -> ssl.SSLContext:
        """How the node has to show that it is the one."""
        try:
            found = ssl.create_default_context(
                cafile=None if self.cafile is None else os.path.expanduser(self.cafile)
            )
        except (OSError, ssl.SSLError) as error:
            raise InvalidArgument(
                f"{self.cafile!r} has no certificates that could be read ({error.strerror or error})"
            ) from None
        if self.insecure:
            found.check_hostname, found.verify_mode = False, ssl.CERT_NONE
        return found


def _one_line(text: str, about: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise InvalidArgument(f"{about} must be ASCII text without spaces and ends of lines")
    return text


@dataclass(frozen=True)
class Reply:
    """What came back.

    Parameters
    ----------
    status : int
    headers : mapping
    body : bytes
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The value in the body, None where it is no JSON."""
        with suppress(ValueError):
            return json.loads(self.body)
        return None


class HttpLink:
    """Requests to one node, from any thread.

    Parameters
    ----------
    address : NodeAddress
    access : Access
    """

    def __init__(self, address: NodeAddress, access: Access) -> None:
        self.address = address
        self._headers = {"User-Agent": "heavywater", **access.headers()}
        options: dict[str, Any] = {
            "maxsize": 32,
            "retries": False,
            "timeout": urllib3.Timeout(connect=_CONNECT_SECONDS, read=None),
            "socket_options": _ALIVE,
        }
        if address.scheme == "https":
            options["ssl_context"] = access.context()
        manager = urllib3.PoolManager(**options) if access.proxy is None else _through(access.proxy, options)
        manager.pool_classes_by_scheme = {"http": urllib3.HTTPConnectionPool, "https": _AsAsked}
        self._manager = manager
        self._root = f"{address.scheme}://{'[' + address.host + ']' if ':' in address.host else address.host}:{address.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: list[Any] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        about: str = "",
        seconds: float | None = None,
    ) -> Reply:
        """Send a request and wait for the reply.

        Parameters
        ----------
        method, path : str
        body : list of bytes-like, or bytes
        headers : mapping
        about : str
            What is asked, for errors.
        seconds : float, optional
            How long the node may be silent; by default without end.

        Raises
        ------
        Unreachable
            Nothing was sent: nobody is there, or not who should be.
        ConnectionLost
            What came of it is not known.
        """
        sent = {**self._headers, **(headers or {})}
        if isinstance(body, list):
            size = sum(len(part) for part in body)
            sent["Content-Length"] = str(size)
            body = body if size > _WHOLE else b"".join(body)
        options: dict[str, Any] = {}
        if seconds is not None:
            options["timeout"] = urllib3.Timeout(connect=min(seconds, _CONNECT_SECONDS), read=seconds)
        try:
            found = self._manager.request(
                method,
                self._root + self.address.path + path,
                body=body,
                headers=sent,
                redirect=False,
                retries=False,
                **options,
            )
        except _UNSENT as error:
            raise Unreachable(
                f"nobody answers at {self.address} ({_reason(error)}): is the node running, and is that its address?"
            ) from None
        except failures.SSLError as error:
            raise Unreachable(_distrusted(self.address, error)) from None
        except failures.ProxyError as error:
            raise Unreachable(
                f"the proxy on the way to {self.address} does not let through ({_reason(error)})"
            ) from None
        except (failures.HTTPError, OSError) as error:
            raise ConnectionLost(
                f"the connection to the node at {self.address} ended before it answered{about and ' ' + about} ({_reason(error)})"
            ) from None
        return Reply(found.status, found.headers, found.data)

    def close(self) -> None:
        """End the connections that are not in use."""
        self._manager.clear()


class _AsAsked(urllib3.HTTPSConnectionPool):
    """Connections of which nobody is warned that their certificate is not checked: that was asked for."""

    def _validate_conn(self, conn: Any) -> None:
        if conn.is_closed:
            conn.connect()


def _through(proxy: str, options: dict[str, Any]) -> urllib3.ProxyManager:
    """Connections by way of a proxy, whose user and password stand in its address."""
    try:
        parts = urllib.parse.urlsplit(proxy)
        pair = (
            parts.username
            and f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        )
        headers = urllib3.make_headers(proxy_basic_auth=pair) if pair else None
        return urllib3.ProxyManager(proxy, proxy_headers=headers, **options)
    except (ValueError, failures.HTTPError):
        raise InvalidArgument("proxy must be the address of a proxy, such as http://proxy:3128") from None


def _reason(error: BaseException) -> str:
    inner = error.__cause__ or error.__context__ or error
    return shortened(getattr(inner, "strerror", None) or str(inner) or type(inner).__name__)


def _distrusted(address: NodeAddress, error: Exception) -> str:
    text = str(error)
    if "WRONG_VERSION_NUMBER" in text or "record layer" in text or "RECORD_LAYER" in text:
        return f"{address} does not speak TLS: is it http:// instead of https://?"
    return (
        f"the node at {address} does not show a certificate that is trusted here ({shortened(text)}): give the file that vouches "
        "for it (cacert=)"
    )
