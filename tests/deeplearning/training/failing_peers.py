"""Members of a ring in threads of one process, which are lost and cut off where a test says, and what weights are made of."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np
from heavywater.arrays import Array
from heavywater.deeplearning.model.state import TrainingState
from heavywater.deeplearning.training.averaging_rule import AveragingRule
from heavywater.deeplearning.training.prepared import Prepared
from heavywater.deeplearning.training.ring_member import Report, RingMember, load_of
from heavywater.deeplearning.training.ring_peers import Reports
from heavywater.deeplearning.training.shares import Piece, Run
from heavywater.deeplearning.training.worker import LocalWorker
from heavywater.engine._ring import Ring
from heavywater.engine.scoring import Snapshot

SILENCE = 0.03  # seconds after which it is noticed that somebody says nothing any more
MEMBER_FAULTS = (
    "before",
    "after",
    "silent",
    "slow",
)  # he has trained a piece; silent: his neighbours do not notice; slow: he is there
RING_FAULTS = ("cut", "dies")  # his connection to the right after some bytes; dies: he with it
ASKED = (
    "begin",
    "renew",
    "share",
    "train",
    "exchange",
    "weights",
    "put",
    "optimiser",
)  # he is lost with that


@dataclass(frozen=True)
class Fault:
    """What goes wrong: a kind from above, or "joins".

    Attributes
    ----------
    at : int
        Pieces that the member has trained; rings that there were; how often it has been asked for.
    who : int
        Number of the member; rank in its ring; for "joins" without meaning.
    size : int
        Bytes.
    """

    kind: str
    at: int
    who: int = 0
    size: int = 0


class Lost(BaseException):
    """Ends the thread of a member."""


class Book:
    """How often each visit is in which weights."""

    def __init__(self, visits: int) -> None:
        self._visits = visits
        self._known: dict[bytes, Array] = {}
        self._offered: dict[tuple[int, int], Array] = {}
        self._lock = threading.Lock()

    def none(self) -> Array:
        """Counts of weights that have seen nothing."""
        return np.zeros(self._visits, np.int64)

    def know(self, weights: Array, counts: Array) -> None:
        with self._lock:
            self._known[_digest(weights)] = counts.copy()

    def of(self, weights: Array) -> Array:
        return self._known[_digest(weights)].copy()

    def offer(self, which: tuple[int, int], counts: Array) -> None:
        """Before a round: what a member brings to it."""
        with self._lock:
            self._offered[which] = self._offered.get(which, 0) + counts

    def offered(self, which: tuple[int, int]) -> Array:
        """After a round: what all have brought."""
        return self._offered[which]


def _digest(weights: Array) -> bytes:
    return hashlib.sha256(np.ascontiguousarray(weights).tobytes()).digest()


class CountedMember(RingMember):
    """Knows which visits its weights are made of, and is lost at one of its pieces."""

    book: Book
    faults: dict[int, str]

    def prepare(self, book: Book, faults: Iterable[Fault]) -> None:
        self.book, self.faults = book, {fault.at: fault.kind for fault in faults}
        self.carried, self.pending = book.none(), book.none()
        self.left_off, self.trained, self.sockets = False, 0, list[socket.socket]()
        self.alive, self.noticed = True, threading.Event()

    def put(self, values: Array, rounds: int) -> None:
        super().put(values, rounds)
        self.carried, self.pending = self.book.of(values), self.book.none()

    def _train_part(self, piece: Piece, report: Report) -> int:
        kind = self.faults.get(self.trained)
        self.trained += 1
        if kind == "before":
            raise Lost
        whole = super()._train_part(piece, report)
        low, high = piece.share_of(self._place.rank, self._place.ranks).cut(piece.last - piece.first)
        self.pending[piece.first + low : piece.first + high] += 1
        if kind == "silent":
            self.noticed.wait(SILENCE)
        if kind in ("after", "silent"):
            raise Lost
        return whole

    def _meet(self, rule: AveragingRule, timeout: float) -> None:
        which = self._generation, self.rounds
        self.book.offer(which, self.pending)
        super()._meet(rule, timeout)
        self.carried, self.pending = self.carried + self.book.offered(which), self.book.none()
        self.book.know(self.common, self.carried)

    def cancelled(self) -> bool:
        if self.faults.get(self.trained) == "slow":
            self.noticed.wait(SILENCE)
        return self.left_off

    def lose(self) -> None:
        self.alive = False
        self.hang_up()

    def hang_up(self) -> None:
        for each in self.sockets:
            _close(each)

    def interrupt(self) -> None:
        self.left_off = True
        self.noticed.set()
        self._place.cancel()


class CountedLocal(LocalWorker):
    """The process of the leader, should it have to train."""

    book: Book

    def resume(self, saved: Snapshot, optimiser: Sequence[dict[str, Array]]) -> None:
        super().resume(saved, optimiser)
        self.counts = self.book.of(self.net.buffer())

    def slice(self, s: TrainingState, last: int) -> None:
        began = s.visited
        super().slice(s, last)
        self.counts[began : s.visited] += 1
        self.book.know(self.net.buffer(), self.counts)


class FailingPeers:
    """Peers (see there) that fail.

    Parameters
    ----------
    prepared : Prepared
    members : int
        Who are there at first.
    faults : sequence of Fault
    book : Book
    """

    def __init__(self, prepared: Prepared, members: int, faults: Sequence[Fault], book: Book) -> None:
        self._load, self._faults, self.book = load_of(prepared), faults, book
        self._waiting, self._numbers = members, itertools.count()
        self._members: dict[int, CountedMember] = {}
        self._known: set[int] = set()
        self.ring: list[int] = []
        self._asked: Counter[str] = Counter()
        self._generation = 0
        self._pumps: list[threading.Thread] = []
        self._pool = ThreadPoolExecutor(16)
        self._news: list[str] = []
        self.most = 0  # members at once
        self.rounds = 0  # calls of train or exchange in which nothing went wrong

    @property
    def threads(self) -> int:
        return len(self.ring)

    def changed(self) -> bool:
        self._asked["joins"] += 1
        self._waiting += sum(f.kind == "joins" and f.at == self._asked["joins"] for f in self._faults)
        return self._waiting > 0 or any(not self._members[member].alive for member in self.ring)

    # ---- a ring

    def renew(self, start: Mapping[str, Any], *, anew: bool) -> bool:
        began = False
        if not self._generation:
            self.book.know(start["weights"], self.book.none())
        if anew:
            self._known.clear()
        while True:
            self._gather()
            if not self.ring:
                return began
            self._connect()
            if not self._asks("renew"):
                continue
            began |= self._bring(start)
            if self._asks("share"):
                self._check_ring()
                return began

    def _gather(self) -> None:
        for _ in range(self._waiting):
            number = next(self._numbers)
            member = CountedMember.of(self._load, 1)
            assert isinstance(member, CountedMember)
            self._members[number] = member
            own = [f for f in self._faults if f.kind in MEMBER_FAULTS and f.who == number]
            member.prepare(self.book, own)
        self._waiting = 0
        alive = [member for member in self._members if self._members[member].alive]
        self._news += [f"{member} is lost" for member in self.ring if member not in alive]
        self.ring = [m for m in self.ring if m in alive] + [m for m in alive if m not in self.ring]
        self.ring.sort(key=lambda member: member not in self._known)
        self.most = max(self.most, len(self.ring))

    def _connect(self) -> None:
        self._generation += 1
        count = len(self.ring)
        members = [self._members[member] for member in self.ring]
        for member in members:
            member.hang_up()
            member.sockets, member.left_off = [], False
            member.noticed.clear()
        lefts, rights = [-1] * count, [-1] * count
        for k in range(count if count > 1 else 0):
            out, into = self._edge(k, members[k])
            rights[k], lefts[(k + 1) % count] = out.fileno(), into.fileno()
            members[k].sockets.append(out)
            members[(k + 1) % count].sockets.append(into)
        for k, member in enumerate(members):
            member.meet(Ring(k, count, lefts[k], rights[k]), self._generation)

    def _edge(self, k: int, member: CountedMember) -> tuple[socket.socket, socket.socket]:
        out, into = socket.socketpair()
        fault = next(
            (f for f in self._faults if f.kind in RING_FAULTS and (f.at, f.who) == (self._generation, k)),
            None,
        )
        if fault is None:
            return out, into
        end, begin = socket.socketpair()
        # out -> into, then begin -> end
        pump = threading.Thread(target=_pump, args=(into, begin, fault, member))
        pump.start()
        self._pumps.append(pump)
        return out, end

    def _bring(self, start: Mapping[str, Any]) -> bool:
        known = [member for member in self.ring if member in self._known]
        state = dict(start)
        if known:
            first = self._members[known[0]]
            state = {"weights": first.common, "rounds": first.rounds, "optimiser": first.optimiser()}
        for member in self.ring:
            if member not in self._known:
                self._members[member].put(state["weights"], state["rounds"])
                self._members[member].set_optimiser(state["optimiser"])
        self._known.update(self.ring)
        return not known

    def _check_ring(self) -> None:
        """All begin with the same bytes."""
        found = {(_digest(self._members[m].common), self._members[m].rounds) for m in self.ring}
        assert len(found) == 1

    # ---- what they are asked

    def _asks(self, what: str) -> bool:
        """Lose who is to be lost now; whether nobody is."""
        self._asked[what] += 1
        lost = [f.who % len(self.ring) for f in self._faults if f.kind == what and f.at == self._asked[what]]
        for rank in lost:
            self._members[self.ring[rank]].lose()
        return not lost

    def begin(self, settings: Mapping[str, Any]) -> None:
        self._asks("begin")
        for member in self.ring:
            self._members[member].begin(settings)

    def train(self, run: Run, rule: AveragingRule, timeout: float, *, exchange: bool) -> Reports:
        self._asks("train")
        return self._reports(
            lambda m: m.train(run, rule, timeout, exchange=exchange, cancelled=m.cancelled), exchange
        )

    def exchange(self, rule: AveragingRule, timeout: float) -> Reports:
        self._asks("exchange")
        return self._reports(lambda m: m.exchange(rule, timeout), True)

    def _reports(self, work: Callable[[CountedMember], Report], exchange: bool) -> Reports:
        def told(member: CountedMember) -> Report | None:
            try:
                if not member.alive:
                    return None
                report = work(member)
            except Lost:
                member.lose()
                return None
            if report.failure:
                member.hang_up()
            return report if member.alive else None

        waiting = {self._pool.submit(told, self._members[member]): member for member in self.ring}
        reports: Reports = {}
        for future in as_completed(waiting, timeout=60):
            reports[waiting[future]] = report = future.result()
            if report is None or report.failure:
                for member in self.ring:
                    self._members[member].interrupt()
        if all(report is not None and not report.failure for report in reports.values()):
            self.rounds += 1
            if exchange:
                self._check_ring()
        return reports

    def weights(self, member: int) -> Array | None:
        self._asks("weights")
        return self._members[member].common.copy() if self._members[member].alive else None

    def put(self, members: Sequence[int], weights: Array, rounds: int) -> None:
        self._asks("put")
        for member in members:
            if self._members[member].alive:
                self._members[member].put(weights, rounds)

    def optimiser(self, member: int) -> list[dict[str, Array]] | None:
        self._asks("optimiser")
        return self._members[member].optimiser() if self._members[member].alive else None

    def news(self) -> list[str]:
        found, self._news = self._news, []
        return found

    def close(self) -> None:
        for member in self._members.values():
            member.hang_up()
        self._pool.shutdown()
        for pump in self._pumps:
            pump.join()


def _pump(into: socket.socket, out: socket.socket, fault: Fault, member: CountedMember) -> None:
    """Pass so many bytes on, and no more."""
    left = fault.size
    try:
        while left:
            found = into.recv(min(left, 1 << 16))
            if not found:
                return
            out.sendall(found)
            left -= len(found)
        if fault.kind == "dies":
            member.lose()
    except OSError:
        pass
    finally:
        _close(into)
        _close(out)


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
