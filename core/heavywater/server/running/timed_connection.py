"""A connection whose requests have to arrive within some time."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0  # from the first byte of a request, or from the beginning, until all headers are there


class TimedConnection(H11Protocol):
    """What uvicorn has for a connection of HTTP/1.1, which waits for headers without end."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        super().connection_made(transport)
        self._arm()

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        super().data_received(data)
        if self._waits():
            self._arm()
        else:
            self._disarm()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._disarm()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The node ends."""
        super().shutdown()
        if (
            self._waits() or self._is_endless()
        ):  # with TLS the other side would be waited for, which may sleep
            self.transport.abort()

    def _waits(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _is_endless(self) -> bool:
        """Whether the answer says of itself that it has no end, and nothing is lost when it is cut off."""
        return bool(self.scope.get("state", {}).get("endless"))

    def _arm(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._late)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if self._waits():
            self.transport.abort()
