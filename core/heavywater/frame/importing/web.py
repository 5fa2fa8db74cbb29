"""Reading http(s) addresses as a stream that survives broken connections where the server allows it."""

from __future__ import annotations

import base64
import http.client
import io
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from ...errors import ParseError, shortened, without_secrets
from .blocks import BrokenStream

TIMEOUT = 60.0
ATTEMPTS = 3  # in a row without a single byte
_TROUBLE = (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException)


class _Redirections(urllib.request.HTTPRedirectHandler):
    """Follows a server to another http(s) address, never to a file, an ftp server or anything else."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        scheme = urllib.parse.urlsplit(newurl).scheme.lower()
        if scheme not in ("http", "https"):
            raise ParseError(
                f"{req.full_url}: the server points to an address of the kind {scheme}://; only http and https are followed"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _request(address: str, headers: dict[str, str]) -> urllib.request.Request:
    """Request for an address; a user and password in it go into a header, which is not sent on to other servers."""
    parts = urllib.parse.urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    request = urllib.request.Request(
        urllib.parse.urlunsplit(parts._replace(netloc=host)), headers={"User-Agent": "heavywater", **headers}
    )
    if at:
        name, _, password = user.partition(":")
        pair = f"{urllib.parse.unquote(name)}:{urllib.parse.unquote(password)}"
        request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
    return request


class WebStream(io.RawIOBase):
    """The answer to a GET request, redirections followed.

    When the connection breaks and the server can send a part of a file, it is asked for the rest, provided
    that the file is still the same.

    Parameters
    ----------
    address : str

    Attributes
    ----------
    size : int or None
        Bytes of the file, None if the server does not say.
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        self._request = address
        self._address = without_secrets(address)
        self._position = 0
        self._pause = 0.1
        try:
            self._answer = self._ask({})
        except urllib.error.HTTPError as error:
            raise ParseError(
                f"{self._address}: the server answered {error.code} {shortened(error.reason)}"
            ) from None  # the causes name the whole address
        except (*_TROUBLE, ValueError) as error:
            if isinstance(error, ParseError):
                raise
            raise ParseError(f"{self._address}: no connection ({self._reason(error)})") from None
        headers = self._answer.headers
        length = headers.get("Content-Length")
        self.size = int(length) if length and length.isdecimal() else None
        self._version = headers.get("ETag") or headers.get("Last-Modified")
        self._can_go_on = headers.get("Accept-Ranges", "").lower() == "bytes" and self._version is not None

    def _ask(self, headers: dict[str, str]) -> Any:
        opener = urllib.request.build_opener(_Redirections)
        return opener.open(_request(self._request, headers), timeout=TIMEOUT)

    def _reason(self, error: Exception) -> str:
        """What went wrong; where the address itself is wrong, urllib would name the password in it."""
        if isinstance(error, http.client.InvalidURL | ValueError):
            return "the address is malformed: characters such as @ : / # and blanks must be escaped in it"
        return shortened(getattr(error, "reason", error))

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next bytes; 0 at the end."""
        for attempt in range(ATTEMPTS + 1):
            try:
                if attempt:
                    self._go_on(attempt)
                count = self._answer.readinto(buffer)
            except _TROUBLE as error:
                reason: object = getattr(error, "reason", error)
            else:
                if count or self.size is None or self._position >= self.size:
                    self._position += count
                    return int(count)
                reason = f"{self.size - self._position} of {self.size} bytes are missing"
            if not self._can_go_on:
                break
        raise BrokenStream(
            self._address,
            f"the transfer broke off after {self._position} bytes ({reason}); the data is incomplete, try again",
        )

    def _go_on(self, attempt: int) -> None:
        """Ask for the rest; a file that has changed since is refused."""
        self._answer.close()
        time.sleep(self._pause * 4 ** (attempt - 1))
        headers = {"Range": f"bytes={self._position}-", "If-Range": str(self._version)}
        answer = self._ask(headers)
        if answer.status != http.client.PARTIAL_CONTENT:
            answer.close()
            raise BrokenStream(
                self._address,
                f"the transfer broke off after {self._position} bytes and the server has no such rest any more; "
                "the file was changed meanwhile, try again",
            )
        self._answer = answer

    def close(self) -> None:
        """End the connection."""
        if not self.closed:
            self._answer.close()
        super().close()
