"""Where a node is."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass

from ..errors import InvalidArgument, shortened


@dataclass(frozen=True)
class NodeAddress:
    """Where a node is.

    Parameters
    ----------
    scheme : str
        ``http`` or ``https``.
    host : str
    port : int
    path : str
        What stands before the paths of the node, behind a proxy; "" or ``/prefix``.
    """

    scheme: str
    host: str
    port: int
    path: str = ""

    @classmethod
    def of(cls, url: str) -> NodeAddress:
        """The address in a URL; `InvalidArgument` where it is none."""
        parts = urllib.parse.urlsplit(url if "://" in url else f"http://{url}")
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
            raise InvalidArgument(
                f"url={shortened(url)!r} must be the address of a node, such as http://localhost:54321"
            )
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise InvalidArgument(
                "url must be an address without user, password and settings, since it is shown and logged: give token=, or "
                "username= and password="
            )
        return cls(
            parts.scheme,
            parts.hostname,
            port or {"http": 80, "https": 443}[parts.scheme],
            parts.path.rstrip("/"),
        )

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"
