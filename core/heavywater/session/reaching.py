"""Which node the arguments of ``h2o.init`` and ``h2o.connect`` mean, in every front end, and the way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from .. import __version__
from ..errors import InvalidArgument, InvalidType, Unreachable, warn
from .node_address import NodeAddress
from .protocol import Session
from .starting import connect

PORT = 54321
_HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")


@dataclass(frozen=True)
class NodeArguments:
    """What a call says about a node; None where it says nothing.

    Parameters
    ----------
    url : str, optional
        Address of a node; or in parts: `ip`, `port`, `https`, `context_path`.
    cacert, insecure, username, password, cookies, proxy, token, token_file
        See `heavywater.session.connect`.
    """

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

    def open(self, language: str = "python") -> Session:
        """A session at the node; see `heavywater.session.connect`."""
        return connect(
            self.address,
            language,
            token=self.token,
            token_file=self.token_file,
            user=self.username,
            password=self.password,
            cafile=self.cacert,
            insecure=bool(self.insecure),
            proxy=self.proxy,
            cookies=self._cookies(),
        )

    def tried(self, language: str = "python") -> Session | None:
        """A session at the node if there is one; None where nobody is there, or something else."""
        try:
            return self.open(language)
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


def session_meant(
    asked: NodeArguments,
    now: Session | None,
    start_here: bool = True,
    strict: bool | None = None,
    language: str = "python",
) -> Session | None:
    """The session at the node that is meant by a call of ``h2o.init``.

    Without arguments there is none. A node is needed where an address or something is said that only a node has a use for. Where no
    more is said than a port of this machine, one that is there is taken.

    Parameters
    ----------
    asked : NodeArguments
    now : Session, optional
        The one that there is.
    start_here : bool
        Whether a session may be started in this process.
    strict : bool, optional
        Refuse a node of another version.
    language : str
        Of the front end.

    Returns
    -------
    Session or None
        `now` where that is the one that is meant, else a new one; None where the session is to be in this process.

    Raises
    ------
    Unreachable
        A node is needed, and none is there, or it does not let in.
    InvalidArgument
        A session runs in this process, and holds something; or the version is another one.
    """
    here = now.url if now is not None else None
    if here is not None and (asked.needed is None or asked.address == here):
        if asked.port is not None and asked.address != here:
            warn(
                f"h2o.init: no effect of ip and port: the session is at {here}; h2o.shutdown() ends the connection"
            )
        return now
    if asked.needed is not None:
        return session_at(asked, now, strict, language)
    if now is not None or (asked.port is None and start_here):
        return None
    found = asked.tried(language)
    return None if found is None else _of_version(found, strict)


def session_at(
    asked: NodeArguments, now: Session | None, strict: bool | None = None, language: str = "python"
) -> Session:
    """A session at a node that must be there, as `session_meant` gives it."""
    held = [] if now is None or now.url is not None else now.objects.keys()
    if held:
        raise InvalidArgument(
            f"h2o.init: a session runs in this process, and {len(held)} frames and models in it would be lost: end it first "
            "(h2o.shutdown()), or leave out what names a node"
        )
    return _of_version(asked.open(language), strict)


def _of_version(session: Session, strict: bool | None) -> Session:
    if not strict:
        return session
    version = session.cluster.status()["version"]
    if version != __version__:
        session.end()
        raise InvalidArgument(
            f"strict_version_check: the node at {session.url} has version {version} of heavywater, here is {__version__}"
        )
    return session
