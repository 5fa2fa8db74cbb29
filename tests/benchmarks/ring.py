"""Measure the ring: ``python -m tests.benchmarks.ring``; part of no other benchmark, ``make bench-ring``.

Two processes over TCP on this machine bring their values together, by each of its rules: from the first
byte until the values themselves are the common ones. Beside it, in turns, so that a change of the machine's state meets both:
as many bytes sent in each direction at the same time over plain sockets, by threads of their own, which is the best that
this machine's sockets do. Medians; how many cores were busy with other work is said, since a figure from a disturbed
machine says little.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from typing import Any

import numpy as np
from heavywater.engine._ring import BLOCK, Ring
from heavywater.engine.memory import aligned_zeros

from .run import ROOT, _busy_seconds

TURNS = 5
# values, rounds in a turn, most milliseconds wished for
SIZES = [(200_000, 200, 0.4), (12_000_000, 5, 60.0)]
RULES = ("average", "adaptive", "guided")


def connected() -> tuple[socket.socket, socket.socket]:
    """Two ends of a TCP connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        other, _ = server.accept()
    for each in (one, other):
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one, other


class Member:
    """One of the two processes; both go through the same measurements."""

    def __init__(self, rank: int, left: socket.socket, right: socket.socket) -> None:
        self.left, self.right = left, right
        self.ring = Ring(rank, 2, left.fileno(), right.fileno())
        self.rounds = 0

    def meet(self) -> None:
        """Begin together."""
        one, result = np.ones(1, np.float32), np.empty(1, np.float32)
        self.ring.exchange(one, None, result, round=self.rounds)
        self.rounds += 1

    def exchanges(self, size: int, rounds: int, rule: str) -> list[float]:
        """Seconds of each round, with the copies that follow it."""
        values, base, result, before = (aligned_zeros((size,), np.float32) for _ in range(4))
        guide: dict[str, Any] = (
            {"before": before, "gains": np.ones(-(-size // BLOCK), np.float32)} if rule == "guided" else {}
        )
        values[:] = np.random.default_rng(self.ring.rank).random(size, np.float32)
        base[:] = result[:] = 0.5  # the first round should not be that of the system's pages
        seconds = []
        for _ in range(rounds):
            self.meet()
            began = time.perf_counter()
            self.ring.exchange(values, base, result, rule=rule, round=self.rounds, **guide)
            np.copyto(values, result)
            base, result = result, base
            seconds.append(time.perf_counter() - began)
            self.rounds += 1
            values += np.float32(0.001 * (1 + self.ring.rank))
        return seconds

    def stream(self, size: int, rounds: int) -> list[float]:
        """Seconds in which so many float32 go in both directions, each in a thread of its own."""
        out, buffer = (aligned_zeros((size,), np.float32) for _ in range(2))
        out[:] = buffer[:] = 1
        into = buffer.data.cast("B")
        seconds = []
        for _ in range(rounds):
            self.meet()
            began = time.perf_counter()
            sender = threading.Thread(target=self.right.sendall, args=(out,))
            sender.start()
            at = 0
            while at < len(into):
                at += self.left.recv_into(into[at:])
            sender.join()
            seconds.append(time.perf_counter() - began)
        return seconds

    def measure(self) -> dict[tuple[int, str], float]:
        """Median milliseconds by size and by rule, or stream."""
        found: dict[tuple[int, str], list[float]] = {}
        for _ in range(TURNS):
            for size, rounds, _ in SIZES:
                found.setdefault((size, "stream"), []).extend(self.stream(size, rounds))
                for rule in RULES:
                    found.setdefault((size, rule), []).extend(self.exchanges(size, rounds, rule))
        return {name: 1000 * statistics.median(seconds) for name, seconds in found.items()}


def report(found: dict[tuple[int, str], float]) -> None:
    """Print what was measured beside what is wished for."""
    for size, _, wished in SIZES:
        megabytes, stream = 4e-6 * size, found[size, "stream"]
        print(
            f"{megabytes:g} MB: plain sockets {stream:.3g} ms, {megabytes / stream:.3g} GB/s in each direction"
        )
        for rule in RULES:
            ms = found[size, rule]
            print(f"    {rule:8} {ms:.3g} ms (wished for: {wished:g}), {megabytes / ms:.3g} GB/s in each direction, "
                  f"{100 * stream / ms:.0f} % of plain sockets")  # fmt: skip


def main() -> None:
    """Measure, or be the other member: its number and descriptors are the arguments."""
    if len(sys.argv) > 1:
        left, right = (socket.socket(fileno=int(each)) for each in sys.argv[1:])
        Member(1, left, right).measure()
        return
    (right, theirs), (their_right, left) = connected(), connected()
    numbers = [theirs.fileno(), their_right.fileno()]
    command = [sys.executable, "-m", "tests.benchmarks.ring", *map(str, numbers)]
    began, busy, own = time.monotonic(), _busy_seconds(), os.times()
    with subprocess.Popen(command, cwd=ROOT, pass_fds=numbers) as other:
        theirs.close()
        their_right.close()
        found = Member(0, left, right).measure()
        if other.wait() != 0:
            raise SystemExit("the other member has failed")
    worked = sum(after - before for before, after in zip(own[:4], os.times()[:4], strict=True))
    rest = (_busy_seconds() - busy - worked) / (time.monotonic() - began)
    report(found)
    print(f"{os.cpu_count()} cores; busy with other work meanwhile: {max(0.0, rest):.2f}")


if __name__ == "__main__":
    main()
