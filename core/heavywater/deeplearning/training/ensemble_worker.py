"""Networks of an ensemble, trained side by side; each is what training with its seed alone would give.

They have the rows, and all that is learned from them, in common; starting weights, the order of the rows and dropout are each
one's own. What is decided while they train (early stopping, the best model, the delta of the huber loss) is decided by their
mean. They never wait for each other but at the end of a slice, and none trains in a way that depends on the number of threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Array
from ...engine.plan import Plan, Strategy
from ...engine.scoring import JointSnapshot, Snapshot
from ...errors import UnstableModel
from ...jobs import side_by_side
from ..model.network import exploded, unstable
from ..model.state import Iteration, TrainingState
from ..parameters.typed import TypedParameters
from .prepared import Prepared
from .worker import LocalWorker, Worker

if TYPE_CHECKING:
    from ...engine._net import Network

SLICE_SECONDS = 0.4  # members wait for each other this often, to report progress and to notice Ctrl-C
FIRST_ROWS = 100  # of a member in the first slice, which tells how long a row takes
PIECES = (
    4  # of a member in a slice, at most: of three members for two threads none waits longer than one takes
)
SHORTEST_SECONDS = 0.05  # of a piece: to begin one takes a millisecond


def member_seeds(p: TypedParameters) -> list[int]:
    """The seed of each member, the first of which is that of the parameters.

    53 bits: each can be given to train that member alone, in R, too. Members of ensembles with neighbouring seeds have nothing in
    common.
    """
    word = p.seed & 0xFFFFFFFFFFFFFFFF
    others = [
        int(np.random.SeedSequence([word, 0xE5E, i]).generate_state(1, np.uint64)[0] >> np.uint64(11))
        for i in range(1, p.ensemble_size)
    ]
    return [p.seed, *others]


def member_name(number: int, p: TypedParameters) -> str:
    """What messages call a member."""
    return f"member {number + 1} of {p.ensemble_size}"


def member_of(prepared: Prepared, number: int) -> Prepared:
    """What the trainer of one member alone would take, without where an earlier run stopped.

    Parameters
    ----------
    number : int
        Of the member, from 0.
    """
    p = prepared.parameters
    seed = member_seeds(p)[number]
    # a way that gives the same bits for any number of threads
    own = replace(p, actual={**p.actual, "seed": seed, "ensemble_size": 1, "reproducible": True})
    starts = prepared.starts or [prepared.given]
    return replace(
        prepared,
        parameters=own,
        order=prepared.order.with_seed(seed),
        given=starts[number % len(starts)],
        saved=None,
    )


def chosen_members(prepared: Prepared, numbers: Sequence[int]) -> Prepared:
    """What the trainer of some of the members would take, without where an earlier run stopped."""
    if len(numbers) == 1:
        return member_of(prepared, numbers[0])
    return replace(prepared, chosen=tuple(numbers), saved=None)


def worker_here(prepared: Prepared, threads: int) -> Worker:
    """What trains a network, or the members of one, in this process."""
    if prepared.parameters.ensemble_size > 1:
        return EnsembleWorker(prepared, threads)
    return LocalWorker(prepared, threads)


class EnsembleWorker:
    """Trains the members of an ensemble in this process; a `Worker`.

    Parameters
    ----------
    prepared : Prepared
    threads : int
        Threads that the members share. Where there are more of them than members, each member has several.
    """

    members, shortest = 1, 0  # processes, and rows of an iteration

    def __init__(self, prepared: Prepared, threads: int) -> None:
        p = self.p = prepared.parameters
        self.topology, self.order = prepared.topology, prepared.order
        self.warnings: list[str] = []
        self._numbers = prepared.chosen or range(p.ensemble_size)
        each = max(1, threads // len(self._numbers))
        self._side_by_side = min(threads, len(self._numbers))
        self._workers = [LocalWorker(member_of(prepared, number), each) for number in self._numbers]
        if self._numbers[0] == 0:  # shuffled once
            self.order = self._workers[0].order
        self.net = self._workers[0].net
        used = max(worker.plan.threads for worker in self._workers)
        self.plan = Plan(self._side_by_side * used, Strategy.SPLIT if used > 1 else Strategy.ONE)
        self._speed = 0.0  # rows of each member per second, when all train

    @property
    def nets(self) -> Sequence[Network]:
        """See `Worker`."""
        return [worker.net for worker in self._workers]

    def begin(self, iteration: Iteration) -> None:
        """See `Worker`."""
        for worker in self._workers:
            worker.begin(iteration)

    def slice(self, s: TrainingState, last: int) -> None:
        """See `Worker`."""
        batch = self.p.mini_batch_size
        size = int(self._speed * SLICE_SECONDS) or FIRST_ROWS
        size = max(batch, size // batch * batch)
        # whole batches: where a slice ends depends on the clock, and must not decide which rows share an update
        end = min(last, s.visited + size) if batch == 1 else self.order.end_of(s.visited, last, size)
        began, rows = time.perf_counter(), self.order.samples(s.visited, end)
        visits = [
            (worker.order.as_far_as(self.order, s.visited), worker.order.as_far_as(self.order, end))
            for worker in self._workers
        ]
        queue = _Pieces(self._workers, visits, rows, s.samples, self._piece(rows))
        if self._side_by_side == 1:
            queue.work()
        else:
            side_by_side([queue.work] * self._side_by_side, self._side_by_side)
        seconds = time.perf_counter() - began
        s.seconds += seconds
        if rows:
            self._speed = rows / max(seconds, 1e-9)
        s.visited = end
        s.samples += rows
        self._check_stable(s, queue.exploded)

    def _piece(self, rows: int) -> int:
        """Rows, whole batches, of a piece of so many."""
        batch = self.p.mini_batch_size
        alone = (
            self._speed * len(self._workers) / self._side_by_side
        )  # rows per second of one that is trained
        least = max(-(-rows // PIECES), int(alone * SHORTEST_SECONDS))
        return max(1, -(-least // batch)) * batch

    def _check_stable(self, s: TrainingState, found: Mapping[int, tuple[int, float, float]]) -> None:
        """Raise where members have exploded, by their places; all go back then."""
        if not found:
            return
        for each in self._workers:
            each.go_back()
        first = min(found)
        error = unstable(found[first], self.topology, self.p, s.iterations, s.samples)
        raise UnstableModel(f"{member_name(self._numbers[first], self.p)}: {error}")

    def end(self, s: TrainingState) -> None:
        """See `Worker`: all is here."""

    def keep(self) -> None:
        """See `Worker`."""
        for worker in self._workers:
            worker.keep()

    def snapshot(self) -> Snapshot:
        """See `Worker`."""
        return JointSnapshot([worker.snapshot() for worker in self._workers])

    def holds(self, s: TrainingState) -> tuple[int, int]:
        """See `Worker`."""
        return s.visited, s.samples

    def optimiser(self) -> list[dict[str, Array]]:
        """See `Worker`: of each layer of the first member, then of the others."""
        return [state for worker in self._workers for state in worker.optimiser()]

    def restore(self, saved: Snapshot) -> None:
        """See `Worker`."""
        for worker, member in zip(self._workers, saved.members, strict=True):
            worker.restore(member)

    def resume(self, saved: Snapshot, optimiser: Sequence[dict[str, Array]]) -> None:
        """See `Worker`."""
        layers = self.topology.layers
        for k, (worker, member) in enumerate(zip(self._workers, saved.members, strict=True)):
            worker.resume(member, optimiser[k * layers : (k + 1) * layers])

    def facts(self) -> dict[str, float]:
        """See `Worker`: nothing."""
        return {}


class _Pieces:
    """The rows of a slice, cut into pieces, each of which a thread trains with one member.

    Parameters
    ----------
    workers : sequence of LocalWorker
        Of the members.
    visits : sequence of (int, int)
        The first visit of each in the order of its rows, and the one behind the last.
    rows : int
        How many rows each trains then.
    first_sample : int
    size : int
        Rows of a piece, whole batches.

    Attributes
    ----------
    exploded : dict
        What `exploded` has found of members that are through, by their places.
    """

    def __init__(
        self,
        workers: Sequence[LocalWorker],
        visits: Sequence[tuple[int, int]],
        rows: int,
        first_sample: int,
        size: int,
    ) -> None:
        self._workers, self._visits, self._rows = workers, visits, rows
        self._first, self._size = first_sample, size
        self._orders: dict[int, Array] = {}
        self._done = [0] * len(workers)  # rows
        self.exploded: dict[int, tuple[int, float, float]] = {}
        self._free = set(range(len(workers)))
        self._lock = threading.Lock()

    def work(self) -> None:
        """Train pieces until none is left that nobody has."""
        while (member := self._take()) is not None:
            worker, at = self._workers[member], self._done[member]
            if at == 0:  # to shuffle many rows takes time, too
                self._orders[member] = worker.order.visits(*self._visits[member])
            until = min(self._rows, at + self._size)
            worker.train(self._orders[member][at:until], self._first + at)
            if until == self._rows and (found := exploded(worker.net, worker.topology.layers)) is not None:
                self.exploded[member] = found
            with self._lock:
                self._done[member] = until
                self._free.add(member)

    def _take(self) -> int | None:
        """The member that is furthest behind, of those that nobody trains; None where these are done."""
        with self._lock:
            waiting = [k for k in sorted(self._free) if self._done[k] < self._rows]
            if not waiting:
                return None
            member = min(waiting, key=self._done.__getitem__)
            self._free.remove(member)
            return member
