"""Several processes train one network: who leads them shares out the rows, and goes on when some are lost.

Sources: booklet, "Parallel Distributed Network Training"; McMahan et al. 2017 (federated averaging).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Array
from ...engine.plan import Plan, Strategy
from ...engine.scoring import Snapshot
from ..model.network import create, restore, snapshot, unstable
from ..model.state import Iteration, TrainingState
from .averaging_rule import AveragingRule, averaging_rule
from .prepared import Prepared
from .ring_member import Report
from .ring_peers import OpenWork, Peers, Reports
from .rounds import SMOOTHING, Rounds, automatic
from .schedule import loss_name
from .shares import Piece, Run
from .worker import LocalWorker, iteration_settings

if TYPE_CHECKING:
    from ...engine._net import Network

SLICE_SECONDS = 0.3  # members are left this often ...
OVERHEAD = 0.05  # ... but where this takes them more than so much of the time, up to
LONGEST_SLICE_SECONDS = 2.0
MOST_PIECES = 4096  # in a slice
FIRST_ROWS = 1000  # per member, of the first slice of a long round
FIXED_ROWS = 16384  # per member, of every slice of it, where nothing may depend on the clock
PATIENCE_SECONDS = (
    5.0  # and five times what the last round took, after which one has failed; twice as much next time
)


@dataclass
class _Reached:
    """How far training is in some weights."""

    visited: int = 0
    samples: int = 0


class SharedWorker:
    """Lets several processes train the network of a `Trainer`; a `Worker`.

    Parts that members have trained and not brought together yet are known by member: what a lost one had is trained anew
    by the others. If all are lost this process goes on alone, from the weights that it has, until another one comes.

    Parameters
    ----------
    prepared : Prepared
    peers : Peers
    threads : int
        Threads the engine may use in this process, should it have to train.
    """

    def __init__(self, prepared: Prepared, peers: Peers, threads: int) -> None:
        p = self.p = prepared.parameters
        self.prepared, self.topology, self.order = prepared, prepared.topology, prepared.order
        self.peers, self._threads = peers, threads
        self.net = create(self.topology, prepared.rows, p, prepared.given)
        self.warnings: list[str] = []
        self._loss = loss_name(p, prepared.classes)
        self._rounds = Rounds(p, prepared.epoch_rows)
        self._number = 0  # of rounds, which all members have in common
        self._work = OpenWork(p.replicate_training_data or prepared.order.rows is not None)
        self._optimiser: list[dict[str, Array]] = []
        self._common = _Reached()  # what the members have in common
        self._kept: _Reached | None = None  # what the network here has
        self._iteration: Iteration | None = None
        self._here = True  # whether the network here has what the members have
        self._met = False  # whether the members have begun
        self._rows = 0  # of the last round
        self._longest = 0.0  # seconds of the last slice, for a round
        self._failures = 0  # of rounds, though nobody was lost, since one has not
        self._within = automatic(self.p)  # whether they meet within an iteration, not at its end only
        self._asking = 0.0  # seconds of a slice in which members wait to be asked again
        self._alone: LocalWorker | None = None

    # ---- what a trainer asks for

    @property
    def nets(self) -> Sequence[Network]:
        """See `Worker`."""
        return [self.net]

    @property
    def members(self) -> int:
        """See `Worker`."""
        return max(1, len(self.peers.ring))

    @property
    def shortest(self) -> int:
        """See `Worker`: one round, where that is as long as it is since connections are slow."""
        if self.members == 1 or self.p.reproducible or not self._rounds.rows_per_second:
            return 0
        return self._rounds.rows(self.members, 0)

    @property
    def plan(self) -> Plan:
        """See `Worker`."""
        if self._alone is not None:
            return self._alone.plan
        return Plan(max(1, self.peers.threads), Strategy.COPIES)

    def begin(self, iteration: Iteration) -> None:
        """See `Worker`."""
        self._iteration = iteration
        changed = self.peers.changed()
        if self._alone is not None and changed:
            self._hand_over(self._alone)
        if self._alone is not None:
            self._alone.begin(iteration)
        elif self._met and not changed:
            self._configure()
        else:
            self._regroup(None)

    def slice(self, s: TrainingState, last: int) -> None:
        """See `Worker`."""
        if self._kept is None:
            self._kept = self._common = _Reached(s.visited, s.samples)
        if self._alone is None and self.peers.changed():
            self._regroup(s)
        if self._alone is not None:
            self._alone.slice(s, last)
            return
        self._train(s, self._next(s, last))
        while self._alone is None and self._work.again:
            self._train_again(s)

    def end(self, s: TrainingState) -> None:
        """See `Worker`."""
        while self._alone is None:
            if self._work.again:
                self._train_again(s)
            elif self._work.parts:
                self._meet(s)
            elif self._fetch():
                return
            else:
                self._regroup(s)
        self._kept = self._common = _Reached(s.visited, s.samples)

    def keep(self) -> None:
        """See `Worker`: that is done with the end of an iteration."""
        if self._alone is not None:
            self._alone.keep()

    def snapshot(self) -> Snapshot:
        """See `Worker`."""
        if self._alone is not None:
            return self._alone.snapshot()
        self._fetch()
        return snapshot(self.net, self.topology, self.p)

    def holds(self, s: TrainingState) -> tuple[int, int]:
        """See `Worker`."""
        if self._alone is not None or self._kept is None:
            return s.visited, s.samples
        return self._kept.visited, self._kept.samples

    def optimiser(self) -> list[dict[str, Array]]:
        """See `Worker`: that of one of the members."""
        if self._alone is not None:
            return self._alone.optimiser()
        for member in self.peers.ring:
            found = self.peers.optimiser(member)
            if found is not None:
                self._optimiser = found
                break
        return self._optimiser

    def restore(self, saved: Snapshot) -> None:
        """See `Worker`: members that train on begin with it."""
        if self._alone is not None:
            self._alone.restore(saved)
        restore(self.net, saved)
        self._work.clear()
        self._here, self._met = True, False

    def resume(self, saved: Snapshot, optimiser: Sequence[dict[str, Array]]) -> None:
        """See `Worker`."""
        self.restore(saved)
        self._optimiser = list(optimiser)

    def facts(self) -> dict[str, float]:
        """See `Worker`: members, rows of a round, share of the time that went into meetings."""
        if not self._rows:
            return {}
        if self._alone is not None:
            return {"nodes": 1.0, "rows_per_round": 0.0, "communication": 0.0}
        return {
            "nodes": float(len(self.peers.ring)),
            "rows_per_round": float(self._rows if self.members > 1 else 0),
            "communication": self._rounds.communication,
        }

    # ---- a slice

    def _next(self, s: TrainingState, last: int) -> Run:
        """What to train now of an iteration that ends with visit `last`."""
        members, batch, began = self.members, self.p.mini_batch_size, self._iteration
        whole = last - (s.visited if began is None else began.visited)
        size, speed = self._rounds.rows(members, whole), self._rounds.rows_per_second
        if automatic(self.p) and members > 1 and not self.p.reproducible:
            size = _even(last - s.visited, size)
        self._within = automatic(self.p) and members > 1 and not self._too_long(size)
        if self._within:
            self._rows = size
            count = max(1, min(MOST_PIECES, int(self._slice_seconds * speed / size)))
        else:  # they meet at the end of it, or there is one
            self._rows = whole if automatic(self.p) and members > 1 else size
            known = FIXED_ROWS * members if self.p.reproducible else int(self._slice_seconds * speed)
            size, count = known or FIRST_ROWS * members, 1
        if batch > 1:  # a batch has rows of one member
            size = -(-size // (batch * members)) * batch * members
        return Run(s.visited, min(last, s.visited + count * size), size, s.samples)

    def _too_long(self, size: int) -> bool:
        """Whether a round has to be left in between, so that others are heard; the iteration is one then."""
        speed = self._rounds.rows_per_second
        return not self.p.reproducible and 0 < LONGEST_SLICE_SECONDS * speed < size

    @property
    def _slice_seconds(self) -> float:
        return min(LONGEST_SLICE_SECONDS, max(SLICE_SECONDS, self._asking / OVERHEAD))

    @property
    def _rule(self) -> AveragingRule:
        rows, weights = self._rows / self.members, self.topology.parameters
        return averaging_rule(self.members, rows, weights=weights, adaptive_rate=self.p.adaptive_rate)

    def _train_again(self, s: TrainingState) -> None:
        self._train(s, Run.of(self._work.again.popleft()), again=True)

    def _train(self, s: TrainingState, run: Run, again: bool = False) -> None:
        """Let the members train, and see to what has become of it. `again`: what was counted already."""
        exchange, ring = self._within, list(self.peers.ring)
        began = time.perf_counter()
        reports = self.peers.train(run, self._rule, self._timeout, exchange=exchange)
        seconds = time.perf_counter() - began
        s.seconds += seconds
        self._here = False
        found = [report for report in reports.values() if report is not None]
        if len(found) == len(ring) and not any(report.failure or report.exploded for report in found):
            self._advance(s, ring, run, found, exchange=exchange, again=again)
            self._longest, self._failures = seconds / (run.count if exchange else 1), 0
            busy = max(report.seconds + report.ring_seconds for report in found)
            self._asking += SMOOTHING * (seconds - busy - self._asking)
            self._note(found)
        else:
            self._look_for_explosion(s, reports)
            self._failures += len(found) == len(ring)
            self._recover(s, ring, run, reports, exchange=exchange, again=again)
        self._mark(s)

    def _advance(
        self, s: TrainingState, ring: list[int], run: Run, found: list[Report], *, exchange: bool, again: bool
    ) -> None:
        if exchange:
            self._number += run.count
            self._work.parts.clear()
        else:
            self._work.add(ring, run.piece(0, run.samples), set(ring))
        if not again:
            s.visited = run.last
            s.samples += sum(report.samples for report in found)

    def _note(self, found: list[Report]) -> None:
        self._rounds.note(
            sum(report.samples for report in found),
            max(report.seconds for report in found),
            [min(each) for each in zip(*(report.meetings for report in found), strict=True)],
        )

    def _mark(self, s: TrainingState) -> None:
        """Where nothing is open the members have in common all that is counted."""
        if not self._work:
            self._common = _Reached(s.visited, s.samples)

    @property
    def _timeout(self) -> float:
        return PATIENCE_SECONDS * (1 << min(self._failures, 4)) + 5 * self._longest

    # ---- when something goes wrong

    def _look_for_explosion(self, s: TrainingState, reports: Reports) -> None:
        for report in reports.values():
            if report is not None and report.exploded:
                self._work.clear()
                layer, rms, bias = report.exploded
                self._fetch()
                raise unstable((int(layer), rms, bias), self.topology, self.p, s.iterations, s.samples)

    def _recover(
        self, s: TrainingState, ring: list[int], run: Run, reports: Reports, *, exchange: bool, again: bool
    ) -> None:
        """Go on after members were lost, or a ring has failed, with all that the others have learnt."""
        number = self._number
        there = self._level(reports)
        done, samples = self._number - number, run.samples
        for k in range(done):
            samples += self._samples(run.piece(k, samples))
        trained = {
            member
            for member, report in there.items()
            if report.pending > len(self._work.parts.get(member, ()))
        }
        if done < run.count:
            piece = run.piece(done, samples)
            if trained:
                self._work.add(ring, piece, trained)
                samples += self._samples(piece)
                done += 1
            elif again:
                self._work.again.append(piece)
        if not again:
            s.visited = min(run.first + done * run.size, run.last)
            s.samples += samples - run.samples
        self._regroup(s)
        while exchange and self._work.parts and self._alone is None:
            self._meet(s)

    def _samples(self, piece: Piece) -> int:
        low, high = piece.cut(self.order.samples(piece.first, piece.last))
        return high - low

    def _level(self, reports: Reports) -> dict[int, Report]:
        """Bring those that have missed the end of a round to where the others are; the reports of these.

        Where nobody is left who has seen its end, the round has not been.
        """
        there = {member: report for member, report in reports.items() if report is not None}
        while there:
            most = max(report.rounds for report in there.values())
            ahead = {member: report for member, report in there.items() if report.rounds == most}
            behind = [member for member in there if member not in ahead]
            weights = self._weights(ahead) if behind else None
            if behind and weights is None:
                there = {member: there[member] for member in behind}
                continue
            if weights is not None:
                self.peers.put(behind, weights, most)
            if most > self._number:
                self._work.parts.clear()
                self._number = most
            return ahead
        return there

    def _meet(self, s: TrainingState) -> None:
        """Let the members meet with what they have."""
        began = time.perf_counter()
        reports = self.peers.exchange(self._rule, self._timeout)
        s.seconds += time.perf_counter() - began
        self._here = False
        found = [report for report in reports.values() if report is not None]
        if len(found) == len(self.peers.ring) and not any(report.failure for report in found):
            self._number += 1
            self._work.parts.clear()
            self._failures = 0
            self._note(found)
        else:
            self._failures += len(found) == len(self.peers.ring)
            self._level(reports)
            self._regroup(s)
        self._mark(s)

    def _regroup(self, s: TrainingState | None) -> None:
        """A ring of those that are there now; what lost ones had to train is trained anew."""
        start = {"weights": self._values(), "rounds": self._number, "optimiser": self._optimiser}
        back = self.peers.renew(start, anew=not self._met)
        ring = self.peers.ring
        self.warnings += self.peers.news()
        self._work.lose_all_but(ring)
        if back or not ring:
            self._go_back(s)
        if ring:
            self._met = True
            self._configure()
        else:
            self._go_on_alone()

    def _go_back(self, s: TrainingState | None) -> None:
        """What is not in the network here is in none any more."""
        self._work.clear()
        self._here = True
        if s is not None and self._kept is not None:
            s.visited, s.samples = self._kept.visited, self._kept.samples
            self._mark(s)

    def _go_on_alone(self) -> None:
        kept = snapshot(self.net, self.topology, self.p)
        self._alone = LocalWorker(self.prepared, self._threads)
        self._alone.resume(kept, self._optimiser)
        self.net = self._alone.net
        if self._iteration is not None:
            self._alone.begin(self._iteration)

    def _hand_over(self, alone: LocalWorker) -> None:
        """Let others train what this process had to train alone."""
        self._alone = None
        self.resume(alone.snapshot(), alone.optimiser())

    def _configure(self) -> None:
        if self._iteration is not None:
            settings = iteration_settings(
                self.p, self.topology.layers, self._loss, self._iteration, pieces=self.prepared.pieces
            )
            self.peers.begin(settings)

    # ---- the weights

    def _values(self) -> Array:
        return np.array(self.net.buffer())

    def _weights(self, members: Iterable[int]) -> Array | None:
        """What the first of some that can be asked had in common with the others."""
        found = (self.peers.weights(member) for member in members)
        return next((weights for weights in found if weights is not None), None)

    def _fetch(self) -> bool:
        """Bring here what the members have in common; whether it is here."""
        if not self._here:
            found = self._weights(self.peers.ring)
            if found is None:
                return False
            np.copyto(self.net.buffer(), found)
            self.net.take_buffer()
            self._here, self._kept = True, self._common
        return True


def _even(rows: int, size: int) -> int:
    """About `size`, so that nothing much shorter is left over of all rows."""
    return -(-rows // max(1, round(rows / size)))
