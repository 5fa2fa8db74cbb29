"""The token of a node: where it is read, how it is shown, and how those who guess are slowed down."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import ipaddress
import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from ...cluster.secret import SIZE, private_content
from ...errors import InvalidArgument
from .denials import Denied

SHORTEST = 16  # characters
_LONGEST = 1024
HOW_TO_MAKE = f"Make one with 'umask 077; openssl rand -hex {SIZE} > FILE'"
_FREE = 10  # wrong tokens of an address, before each further one has to wait
_MEMORY = 60.0  # seconds after which a wrong token is forgotten
_LONGEST_WAIT = 1.0  # seconds
_WAITING = 200  # requests of an address that wait at the same time
_ADDRESSES = 2000  # that are remembered
_LINK_SECONDS = 600.0
_COOKIE_SECONDS = 86400.0
_COOKIES = 1000


def read_token(path: str | os.PathLike[str]) -> str:
    """The token in a file: one line of text.

    Raises
    ------
    InvalidArgument
        No such file, others may read or change it, or it holds no token.
    """
    content = private_content(path, "token_file", HOW_TO_MAKE, _LONGEST + 2)
    try:
        token = content.decode("ascii").strip()
    except ValueError:
        token = ""
    if not SHORTEST <= len(token) <= _LONGEST or not token.isprintable() or " " in token:
        raise InvalidArgument(
            f"token_file={os.fspath(path)!r} must hold one line of {SHORTEST} to {_LONGEST} printable ASCII characters "
            f"without blanks. {HOW_TO_MAKE}"
        )
    return token


def new_token() -> str:
    """A token that nobody knows yet."""
    return secrets.token_hex(SIZE)


@dataclass
class _Guesses:
    """Wrong tokens that an address has shown."""

    times: list[float] = field(default_factory=list)
    waiting: int = 0

    def recent(self) -> int:
        late = time.monotonic() - _MEMORY
        self.times = [each for each in self.times if each > late]
        return len(self.times)


class TokenCheck:
    """Lets in who shows the token: as password (of any user), as bearer's token, or as the cookie of a browser.

    Parameters
    ----------
    token : str, optional
        None lets everybody in.
    """

    def __init__(self, token: str | None) -> None:
        self._token = None if token is None else _digest(token.encode())
        self._guesses: OrderedDict[str, _Guesses] = OrderedDict()
        self._links: OrderedDict[bytes, float] = OrderedDict()  # digests -> until when they are good
        self._cookies: OrderedDict[bytes, float] = OrderedDict()

    async def check(self, headers: Sequence[tuple[bytes, bytes]], address: str, cookie: str) -> None:
        """Refuse who does not show the token.

        Parameters
        ----------
        headers : sequence of (name, value)
            Names in small letters.
        address : str
            Of who asks.
        cookie : str
            Name of the cookie of this node.

        Raises
        ------
        Denied
        """
        if self._token is None or self._has_cookie(headers, cookie):
            return
        shown = _shown(headers)
        if shown is None:
            raise _unknown("this node wants a token")
        if await self._is_right(shown, address):
            return
        raise _unknown("the token is not that of this node")

    async def _is_right(self, shown: bytes, address: str) -> bool:
        guesses = self._of(address)
        wrong = guesses.recent()
        if (
            wrong >= _FREE
        ):  # before it is compared, so that nobody learns by leaving early; a right one comes through as well
            if guesses.waiting >= _WAITING:
                raise Denied(
                    429, "too many wrong tokens from this address: wait a moment", {"Retry-After": "1"}
                )
            guesses.waiting += 1
            try:
                await asyncio.sleep(min(_LONGEST_WAIT, 0.02 * 2 ** min(10, wrong - _FREE)))
            finally:
                guesses.waiting -= 1
        if hmac.compare_digest(_digest(shown), self._token or b""):
            return True
        guesses.times = [*guesses.times[-2 * _FREE :], time.monotonic()]
        return False

    def _of(self, address: str) -> _Guesses:
        name = _network(address)
        found = self._guesses.pop(name, None) or _Guesses()
        self._guesses[name] = found
        while len(self._guesses) > _ADDRESSES:
            self._guesses.popitem(last=False)
        return found

    # ---- browsers

    def new_link(self) -> str:
        """A word that stands for the token once, within minutes: for the address that a user opens."""
        return _issue(self._links, _LINK_SECONDS)

    def redeemed(self, word: str) -> str | None:
        """The value of a cookie for a word of `new_link`; None where it is not good, or not any more."""
        until = self._links.pop(_digest(word.encode("utf-8", "replace")), 0.0)
        return _issue(self._cookies, _COOKIE_SECONDS) if until > time.monotonic() else None

    def _has_cookie(self, headers: Sequence[tuple[bytes, bytes]], name: str) -> bool:
        for key, value in headers:
            if key == b"cookie":
                try:
                    found = SimpleCookie(value.decode("latin-1")).get(name)
                except CookieError:
                    continue
                if found and self._cookies.get(_digest(found.value.encode()), 0.0) > time.monotonic():
                    return True
        return False


def _issue(kept: OrderedDict[bytes, float], seconds: float) -> str:
    word = secrets.token_urlsafe(SIZE)
    kept[_digest(word.encode())] = time.monotonic() + seconds
    while len(kept) > _COOKIES:
        kept.popitem(last=False)
    return word


def _digest(content: bytes) -> bytes:
    """Of the same length whatever it is of, so that comparing takes the same time; and what is remembered is no secret."""
    return hashlib.sha256(content).digest()


def _shown(headers: Sequence[tuple[bytes, bytes]]) -> bytes | None:
    """What a request shows as token: one at a time."""
    value = next((value for key, value in headers if key == b"authorization"), b"")
    scheme, _, rest = value.partition(b" ")
    if scheme.lower() == b"bearer":
        return rest.strip()
    if scheme.lower() != b"basic":
        return None
    try:
        return base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
    except binascii.Error:
        return b""


def _network(address: str) -> str:
    """An address, or the network whose addresses one machine may choose from."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _unknown(text: str) -> Denied:
    how = "h2o.init(url=..., token=...); of H2O's clients the password of any user, as auth=('user', token)"
    return Denied(401, f"{text}: {how}", {"WWW-Authenticate": 'Bearer realm="heavywater"'})
