"""The body of a request while it arrives: not more than is allowed, and not slower."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.types import Message, Receive

from .denials import Denied

_SILENT_SECONDS = 60.0  # without a byte
_DRAINED = (
    2**20
)  # bytes of a refused body that are taken, lest its sender sees a broken connection in place of the answer
_DRAIN_SECONDS = 1.0
_TEXTS = ("application/json", "application/x-www-form-urlencoded")


class Arriving:
    """The body of a request, counted.

    Parameters
    ----------
    receive : callable
        Gives the messages of the server.
    headers : sequence of (name, value)
        Names in small letters.
    max_upload, max_text : int
        Bytes of any body; of a form and of JSON.

    Attributes
    ----------
    denied : Denied or None
        Why the rest is not taken.
    """

    def __init__(
        self, receive: Receive, headers: Sequence[tuple[bytes, bytes]], max_upload: int, max_text: int
    ) -> None:
        said = {key: value.decode("latin-1").strip().lower() for key, value in headers}
        self._receive, self._said, self._size, self._ended = receive, said, 0, False
        kind = said.get(b"content-type", "").partition(";")[0].strip()
        self._limit = min(max_text, max_upload) if kind in _TEXTS or kind.endswith("+json") else max_upload
        self.denied: Denied | None = None

    def check(self) -> None:
        """Refuse what the headers say already."""
        if self._said.get(b"content-encoding", "identity") not in ("identity", ""):
            raise Denied(415, "a compressed body (Content-Encoding) is not taken: send it as it is")
        length = self._said.get(b"content-length", "0")
        if not length.isdecimal():
            raise Denied(400, "Content-Length must be a number")
        self._check_size(int(length))

    def _check_size(self, size: int) -> None:
        if size > self._limit:
            raise Denied(
                413,
                f"the body has more than {self._limit} bytes, which this node takes at most (--max-upload)",
            )

    async def receive(self) -> Message:
        """The next message of the server.

        Raises
        ------
        Denied
            There is too much of it, or nothing comes any more.
        """
        try:
            if self._ended:  # who waits now waits for the end of the connection
                return await self._receive()
            return await self._next()
        except Denied as error:
            self.denied = error
            raise

    async def _next(self) -> Message:
        try:
            async with asyncio.timeout(_SILENT_SECONDS):
                message = await self._receive()
        except TimeoutError:
            raise Denied(408, f"nothing of the body came for {_SILENT_SECONDS:.0f} seconds") from None
        self._ended = not message.get("more_body", False)
        self._size += len(message.get("body", b""))
        self._check_size(self._size)
        return message

    async def drain(self) -> None:
        """Take the rest of a refused body, for a moment and if it is not much."""
        size = 0
        if b"expect" in self._said:  # it is only sent to who asks for it
            return
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while not self._ended and size < _DRAINED:
                    message = await self._receive()
                    size += len(message.get("body", b""))
                    self._ended = not message.get("more_body", False)
        except TimeoutError:
            pass
