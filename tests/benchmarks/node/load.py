"""A client that loads a server: many connections that stay open, each with one request after another."""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial


@dataclass(frozen=True)
class Load:
    """What came of it.

    Attributes
    ----------
    connections : int
    seconds : float
        How long it was measured.
    latencies : list of float
        Seconds of each answer, ascending; from when the request was due, where a rate was asked for.
    errors : list of str
        What went wrong: other statuses than 200, connections that ended.
    """

    connections: int
    seconds: float
    latencies: list[float] = field(repr=False)
    errors: list[str]

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """Seconds in which a share of the answers was there."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]

    @property
    def median(self) -> float:
        """Seconds in which half of the answers was there."""
        return statistics.median(self.latencies)


class _Connection(asyncio.Protocol):
    def __init__(
        self, request: bytes, interval: float, results: list[tuple[float, float]], errors: list[str]
    ) -> None:
        self._request, self._interval, self._results, self._errors = request, interval, results, errors
        self._loop = asyncio.get_running_loop()
        self._received, self._due, self._busy, self.ending = b"", 0.0, False, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def begin(self, after: float) -> None:
        """Send the first request after so many seconds."""
        self._due = self._loop.time() + after
        self._loop.call_at(self._due, self._send)

    def _send(self) -> None:
        if not self.ending and not self.transport.is_closing():
            self._busy = True
            self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._received = b""
        now = self._loop.time()
        if head.startswith(b"HTTP/1.1 200"):
            self._results.append((now, now - self._due))
        else:
            self._errors.append(head.split(b"\r\n")[0].decode())
        self._busy = False
        self._due = max(self._due + self._interval, now if not self._interval else 0.0)
        self._loop.call_at(self._due, self._send)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ending:
            self._errors.append(f"a connection ended ({exc})")


def _same(client: _Connection) -> _Connection:
    return client


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise ValueError(f"an answer without Content-Length: {head!r}")


async def _load(
    host: str,
    port: int,
    requests: Sequence[bytes],
    connections: int,
    rate: float | None,
    warm: float,
    seconds: float,
) -> Load:
    loop = asyncio.get_running_loop()
    results: list[tuple[float, float]] = []
    errors: list[str] = []
    interval = connections / rate if rate else 0.0
    clients = []
    for number in range(connections):
        client = _Connection(requests[number % len(requests)], interval, results, errors)
        await loop.create_connection(partial(_same, client), host, port)
        clients.append(client)
    order = random.Random(1)
    for client in clients:
        client.begin(order.uniform(0, interval or 0.1))
    await asyncio.sleep(warm)
    start = loop.time()
    await asyncio.sleep(seconds)
    end = loop.time()
    for client in clients:
        client.ending = True
        client.transport.close()
    return Load(connections, end - start, sorted(s for at, s in results if start <= at < end), errors)


def load(
    host: str,
    port: int,
    requests: Sequence[bytes],
    connections: int,
    rate: float | None = None,
    warm: float = 2.0,
    seconds: float = 10.0,
) -> Load:
    """Load a server.

    Parameters
    ----------
    host, port
    requests : sequence of bytes
        Whole requests of HTTP/1.1; the connections take them in turns.
    connections : int
    rate : float, optional
        Requests in a second, of all connections together, whether answers are slow or not; by default each connection asks as
        soon as it has its answer.
    warm, seconds : float
        How long until it is measured, and how long then.
    """
    return asyncio.run(_load(host, port, requests, connections, rate, warm, seconds))


def http_request(path: str, body: bytes, **headers: str) -> bytes:
    """The bytes of a request."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
