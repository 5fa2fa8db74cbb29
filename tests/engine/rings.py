"""Rings of threads over socket pairs, cables between them that can be cut or stopped, and what a round has to give."""

from __future__ import annotations

import math
import select
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from heavywater.arrays import Array
from heavywater.engine._ring import Ring

BLOCK, LANES = 512, 16
Changes = list[np.ndarray]


def products(one: np.ndarray, other: np.ndarray) -> float:
    """Sum of the products of two blocks in float32, added up in 16 lanes."""
    lanes: Array = np.zeros(LANES, np.float32)
    for row in np.pad(one * other, (0, -len(one) % LANES)).reshape(-1, LANES):
        lanes += row
    return float(sum(lanes.astype(np.float64).tolist(), 0.0))


def adaptive_part(apart: list[float], total: np.ndarray, count: float) -> np.float32:
    together, agreed = sum(apart, 0.0), products(total, total)
    part = together / agreed if agreed > together else 1.0
    return np.float32(1 / count if part * count < 1 else part)


@dataclass
class Guide:
    """What the guided rule knows: the base of the round before (or not), the gains of all blocks, and its trust."""

    before: np.ndarray | None
    gains: np.ndarray
    trust: float = 0.0

    def gain(self, block: int, base: np.ndarray, total: np.ndarray, count: float) -> float:
        gain = float(self.gains[block])
        if self.before is not None:
            move = base - self.before[block * BLOCK : (block + 1) * BLOCK]
            norms = math.sqrt(products(move, move) * products(total, total))
            if norms > 0:
                gain *= math.exp(0.5 * (self.trust + products(move, total) / norms))
        return min(max(gain, 1.0), count)


@dataclass
class Settled:
    """One block after all members have added to it."""

    total: np.ndarray
    squares: list[float]
    count: float

    @classmethod
    def of(cls, changes: Changes, weights: list[float], first: int, rule: str) -> Settled:
        """The sum begins with member `first`."""
        n = len(changes)
        around = [(first + k) % n for k in range(n)]
        scale = [np.float32(w if rule == "average" else w > 0) for w in weights]
        total: Array = scale[first] * changes[first]
        for k in around[1:]:
            total = total + scale[k] * changes[k]
        apart = [products(changes[k], changes[k]) for k in around if scale[k] > 0]
        return cls(total, apart, sum((float(scale[k]) for k in around), 0.0))

    def change(self, rule: str, gain: float) -> np.ndarray:
        """What is added to the base."""
        if self.count == 0:
            return self.total
        if rule == "average":
            return self.total / np.float32(self.count)
        part = adaptive_part(self.squares, self.total, self.count)
        if rule == "guided" and float(part) * self.count > gain:
            part = np.float32(gain / self.count)
        return self.total * part


def expected(
    values: Changes, base: np.ndarray | None, weights: list[float], rule: str, guide: Guide | None = None
) -> np.ndarray:
    """The result of a round, to the last bit; the gains of the guide are those after it."""
    n, length = len(values), len(values[0])
    blocks = -(-length // BLOCK)
    part_of = {
        block: part for part in range(n) for block in range(blocks * part // n, blocks * (part + 1) // n)
    }
    found = np.zeros(length, np.float32)
    for block in range(blocks):
        cut = slice(block * BLOCK, (block + 1) * BLOCK)
        changes = [v[cut] if base is None else v[cut] - base[cut] for v in values]
        settled, gain = Settled.of(changes, weights, part_of[block], rule), 1.0
        if guide is not None and base is not None and settled.count > 0:
            gain = guide.gain(block, base[cut], settled.total, settled.count)
            guide.gains[block] = gain
        found[cut] = settled.change(rule, gain)
        if base is not None:
            found[cut] += base[cut]
    return found


def tcp_pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        other, _ = server.accept()
    for each in (one, other):
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one, other


class Cable:
    """Carries bytes from one socket to another, and after `limit` of them what `end` says.

    Parameters
    ----------
    limit : int or None
        None: all.
    end : str
        close: hang up at both ends; stop: carry nothing more, the ends stay open.
    pieces : int
        Bytes that it carries at once.
    rest : float
        Seconds after each of them.
    """

    def __init__(
        self, limit: int | None = None, end: str = "close", pieces: int = 1 << 16, rest: float = 0
    ) -> None:
        self.right, self._in = socket.socketpair()  # what the left member writes to
        self._out, self.left = socket.socketpair()  # what the right member reads from
        self.limit, self.end, self.pieces, self.rest = limit, end, pieces, rest
        self.carried = 0
        self._done, self._finish = socket.socketpair()
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def _carry(self) -> None:
        while self.limit is None or self.carried < self.limit:
            if self._finish in select.select([self._in, self._finish], [], [])[0]:
                return
            data = self._in.recv(
                self.pieces if self.limit is None else min(self.pieces, self.limit - self.carried)
            )
            if not data:
                break
            try:
                self._out.sendall(data)
            except OSError:
                break
            self.carried += len(data)
            time.sleep(self.rest)
        if self.end == "close":
            self._in.close()
            self._out.close()

    def close(self) -> None:
        self._done.close()
        self.left.close()
        self._thread.join()
        for each in (self.right, self._in, self._out, self._finish):
            each.close()


class Members:
    """As many rings as members, each for a thread of its own.

    Parameters
    ----------
    n : int
    cables : dict of int to Cable
        By the rank at the left end; the others are socket pairs.
    """

    def __init__(self, n: int, cables: dict[int, Cable] | None = None, make: Any = socket.socketpair) -> None:
        self._open = ExitStack()
        self.cables = cables or {}
        self.ends: list[tuple[Any, Any]] = []
        for rank in range(n):
            if rank in self.cables:
                self._open.callback(self.cables[rank].close)
                self.ends.append((self.cables[rank].right, self.cables[rank].left))
            else:
                self.ends.append(tuple(self._open.enter_context(each) for each in make()))
        self.rings = [Ring(r, n, self.ends[r - 1][1].fileno(), self.ends[r][0].fileno()) for r in range(n)]
        self._pool = self._open.enter_context(ThreadPoolExecutor(n))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def hang_up(self, rank: int) -> None:
        """Close both sockets of a member."""
        self.ends[rank][0].close()
        self.ends[rank - 1][1].close()

    def all(self, work: Callable[[Ring], Any], of: range | None = None) -> list[Any]:
        """What each member's call gives, or the error that it raises."""

        def one(ring: Ring) -> Any:
            try:
                return work(ring)
            except (OSError, ValueError) as error:
                return error

        return list(self._pool.map(one, self.rings if of is None else [self.rings[r] for r in of]))

    def exchange(self, values: Changes, base: np.ndarray | None = None, weights: list[float] | None = None,
                 each: list[dict[str, Any]] | None = None, **options: Any) -> list[Any]:  # fmt: skip
        """The result of each member, or its error; `each`: what every one says in addition."""

        def one(ring: Ring) -> np.ndarray:
            result = np.full_like(values[ring.rank], np.nan)
            weight = 1.0 if weights is None else weights[ring.rank]
            own = {} if each is None else each[ring.rank]
            ring.exchange(values[ring.rank], base, result, weight=weight, **{"timeout": 20.0} | options | own)
            return result

        return self.all(one)
