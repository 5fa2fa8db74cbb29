"""Which node the arguments of `h2o.init` and `h2o.connect` mean, and the way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from heavywater.errors import InvalidArgument, InvalidType, Unreachable
from heavywater.session import NodeAddress, Session, connect

PORT = 54321
_HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")


@dataclass(frozen=True)
class NodeArguments:
    """What a call says about a node; see `h2o.init`."""

    url: str | None = None
    ip: str | None = None
    port: int | None = None
    https: bool | None = None
    cacert: str | None = None
    insecure: bool | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    cookies: Any = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    token_file: str | None = None
    context_path: str | None = None

    def __post_init__(self) -> None:
        for each in ("url", "ip", "cacert", "username", "password", "proxy", "token", "context_path"):
            value = getattr(self, each)
            if value is not None and not isinstance(value, str):
                raise InvalidType(f"h2o.init: {each} must be a text, it is of type {type(value).__name__}")
        if self.port is not None and not (isinstance(self.port, int | str) and str(self.port).isdecimal()):
            raise InvalidArgument(f"h2o.init: port={self.port!r} must be a whole number")
        if self.url is not None and (self.ip is not None or self.port is not None):
            raise InvalidArgument("h2o.init: url says all that ip and port say: leave them out")

    @property
    def needed(self) -> str | None:
        """Name of an argument that makes no sense without a node; None where there is none."""
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name in ("ip", "port") or value in (None, False):
                continue
            return each.name
        return None if self.ip is None or self.ip in _HERE else "ip"

    @property
    def address(self) -> str:
        """Where the node is."""
        if self.url is not None:
            return str(NodeAddress.of(self.url))
        host = "localhost" if self.ip in (None, "0.0.0.0") else str(self.ip)
        host = f"[{host}]" if ":" in host else host
        path = (self.context_path or "").strip("/")
        return f"{'https' if self.https else 'http'}://{host}:{self.port or PORT}{path and '/' + path}"

    def open(self) -> Session:
        """A session at the node; see `heavywater.session.connect`."""
        return connect(
            self.address,
            token=self.token,
            token_file=self.token_file,
            user=self.username,
            password=self.password,
            cafile=self.cacert,
            insecure=bool(self.insecure),
            proxy=self.proxy,
            cookies=self._cookies(),
        )

    def tried(self) -> Session | None:
        """A session at the node if there is one; None where nobody is there, or something else."""
        try:
            return self.open()
        except Unreachable as error:
            if error.refused:
                raise
            return None

    def _cookies(self) -> list[str]:
        if self.cookies is None:
            return []
        if isinstance(self.cookies, Mapping):
            return [f"{name}={value}" for name, value in self.cookies.items()]
        return [self.cookies] if isinstance(self.cookies, str) else [str(each) for each in self.cookies]


def arguments_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a configuration of `h2o.connect` says, under the names of arguments."""
    known = {each.name for each in fields(NodeArguments)} | {"verify_ssl_certificates", "auth", "server"}
    found = dict(config.get("connect_params", config))
    for name in found:
        if name not in known:
            raise InvalidArgument(
                f"h2o.connect: config: {name!r} is unknown; known are {', '.join(sorted(known))}"
            )
    return found
