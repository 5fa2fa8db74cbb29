"""The nodes that train one network together, for the session that leads them; see `deeplearning.training.Peers`."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict
from typing import Any, TypeVar

from ..arrays import Array
from ..cluster.framing import LinkLost
from ..deeplearning.training.averaging_rule import AveragingRule
from ..deeplearning.training.prepared import Prepared
from ..deeplearning.training.ring_member import Report, load_of
from ..deeplearning.training.shared_worker import Reports
from ..deeplearning.training.shares import Run
from .arrays_message import arrays_of, with_arrays
from .nodes import Crew, Node

T = TypeVar("T")

MEET_SECONDS = 4.0  # in which all members of a ring have to be connected
SHARE_SECONDS = 30.0  # in which a neighbour sends nothing of what it passes on
ROWS_OF_A_NODE = 10_000  # of a small frame, where it is not to be spread further
ATTEMPTS = 3  # to meet, after which a member that is not reached is left out
_runs = itertools.count(1)


def new_run() -> str:
    """The number of a training, by which nodes tell one from another."""
    return f"{os.getpid()}/{next(_runs)}"


class CrewPeers:
    """Takes the nodes of a crew that are free, and those that become free while it trains.

    Parameters
    ----------
    crew : Crew
    key : str
        Of the model.
    prepared : Prepared
    stop : callable
        Whether nobody waits for the model any more.
    """

    def __init__(self, crew: Crew, key: str, prepared: Prepared, stop: Callable[[], bool]) -> None:
        self._crew, self._key, self._prepared, self._stop = crew, key, prepared, stop
        self._run = new_run()
        self._nodes: dict[int, Node] = {}
        self._numbers = itertools.count()
        self.ring: list[int] = []
        self._known: set[int] = set()  # who has the weights
        self._has: dict[int, tuple[int, int] | None] = {}  # rows that were sent
        p = prepared.parameters
        self._apart = not p.replicate_training_data and prepared.order.rows is None
        self._most = math.inf if p.force_load_balance else -(-prepared.rows.n // ROWS_OF_A_NODE)
        self._out: set[int] = set()  # id of nodes that others do not reach
        self._generation = 0
        self._remarks: list[str] = []
        self._pool = ThreadPoolExecutor(thread_name_prefix="heavywater: members")

    @property
    def threads(self) -> int:
        """See `Peers`."""
        return sum(self._nodes[member].link.facts["nthreads"] for member in self.ring)

    def changed(self) -> bool:
        """See `Peers`."""
        return any(not self._nodes[member].link.alive for member in self.ring) or self._crew.is_free(
            self._out
        )

    # ---- a ring

    def renew(self, start: Mapping[str, Any]) -> None:
        """See `Peers`."""
        for _ in range(100):
            self._gather()
            if not self.ring:
                return
            if self._connect() and self._bring(start):
                return

    def _gather(self) -> None:
        """Those of the ring that are still there, and all nodes that are free."""
        for member in [member for member, node in self._nodes.items() if not node.link.alive]:
            self._leave(member)
        wanted: float = 0
        if not self._known:
            wanted = min(self._most, self._crew.size) if self._prepared.parameters.reproducible else 1
        while len(self._nodes) < wanted or (len(self._nodes) < self._most and self._crew.is_free(self._out)):
            node = self._crew.take(self._key, self._stop, self._out)
            if node is None:
                break
            self._nodes[next(self._numbers)] = node
        kept = [member for member in self.ring if member in self._nodes and member in self._known]
        self.ring = kept + [member for member in self._nodes if member not in kept]

    def _leave(self, member: int) -> None:
        node = self._nodes.pop(member)
        self._known.discard(member)
        self._has.pop(member, None)
        if member in self.ring:
            self.ring.remove(member)
        self._crew.give_back(node)

    def _connect(self) -> bool:
        """Let all connect with their neighbours; False where that is to be tried again with others."""
        said: dict[int, str | None] = {}
        for _ in range(ATTEMPTS):
            said = self._meet(list(self.ring))
            if None in said.values():
                return False
            if not any(said.values()):
                return True
        self._leave_out(list(self.ring), said)
        return False

    def _meet(self, ring: list[int]) -> dict[int, str | None]:
        """What each says when it has tried to connect: nothing where it has."""
        self._generation += 1
        facts = [self._nodes[member].link.facts for member in ring]
        host = _open_to([str(each["peer"]) for each in facts])
        ports = self._ask(lambda member, node: node.session.members.open(self._run, host))
        if None in ports.values():
            return dict.fromkeys(ring)
        rights = {
            member: [_reached(facts, k, (k + 1) % len(ring)), ports[ring[(k + 1) % len(ring)]]]
            for k, member in enumerate(ring)
        }
        return self._ask(
            lambda member, node: node.session.members.meet(
                self._run, self._generation, ring.index(member), len(ring), rights[member], MEET_SECONDS
            )
        )

    def _leave_out(self, ring: list[int], said: Mapping[int, str | None]) -> None:
        """Go on without a node that others do not reach."""
        who = next(member for member in ring if said[member])
        other = ring[(ring.index(who) + 1) % len(ring)]
        node = self._nodes[other]
        self._remarks.append(
            f"node {node.link.facts['address']} (process {node.link.facts['pid']}) takes no part: another node does not "
            f"reach it ({said[who]})"
        )
        self._out.add(id(node))
        self._leave(other)

    def _bring(self, start: Mapping[str, Any]) -> bool:
        """Give all members what they need to train; False where one is lost meanwhile."""
        run, first = self._run, self.ring[0]
        if not self._load():
            return False
        if start:
            state = with_arrays(dict(start))
            known = [each for each in self.ring if each in self._known or each == first]
            if not self._tell(known, lambda node: node.session.members.start(run, state)):
                return False
            self._known.update(known)
        if self._known.issuperset(self.ring):
            return True
        said = self._ask(lambda member, node: node.session.members.share(run, SHARE_SECONDS))
        if any(text is None or text for text in said.values()):
            return False
        self._known.update(self.ring)
        return True

    def _load(self) -> bool:
        """Send rows: all of them to the first member, who passes them on, or to each its own."""
        count, rows = len(self.ring), self._prepared.rows.n
        for k, member in enumerate(self.ring if self._apart else self.ring[:1]):
            own = (rows * k // count, rows * (k + 1) // count) if self._apart else None
            if member in self._has and self._has[member] == own:
                continue
            if not self._send(member, with_arrays(load_of(self._prepared, own))):
                return False
            self._has[member] = own
        return True

    def _send(self, member: int, load: Mapping[str, Any]) -> bool:
        return self._tell([member], lambda node: node.session.members.load(self._run, load))

    # ---- training

    def begin(self, settings: Mapping[str, Any]) -> None:
        """See `Peers`."""
        self._tell(self.ring, lambda node: node.session.members.begin(self._run, settings))

    def train(self, run: Run, rule: AveragingRule, timeout: float, *, exchange: bool) -> Reports:
        """See `Peers`."""
        pieces, said = run.plain(), asdict(rule)
        return self._reports(
            lambda node: node.session.members.train(self._run, pieces, said, timeout, exchange)
        )

    def exchange(self, rule: AveragingRule, timeout: float) -> Reports:
        """See `Peers`."""
        said = asdict(rule)
        return self._reports(lambda node: node.session.members.exchange(self._run, said, timeout))

    def weights(self, member: int) -> Array | None:
        """See `Peers`."""
        found = self._of(member, lambda node: node.session.members.weights(self._run))
        return None if found is None else arrays_of(found)

    def put(self, members: Sequence[int], weights: Array, rounds: int) -> None:
        """See `Peers`."""
        values = with_arrays(weights)
        self._tell(members, lambda node: node.session.members.put(self._run, values, rounds))

    def optimiser(self, member: int) -> list[dict[str, Array]] | None:
        """See `Peers`."""
        found = self._of(member, lambda node: node.session.members.optimiser(self._run))
        return None if found is None else arrays_of(found)

    def news(self) -> list[str]:
        """See `Peers`."""
        found, self._remarks = self._crew.news() + self._remarks, []
        return found

    def close(self) -> None:
        """Give all nodes back."""
        self._tell(list(self._nodes), lambda node: node.session.members.end(self._run))
        for member in list(self._nodes):
            self._leave(member)
        self._pool.shutdown(wait=False)

    # ---- how they are asked

    def _of(self, member: int, work: Callable[[Node], T]) -> T | None:
        """What one says; None where it is lost."""
        with suppress(LinkLost):
            return work(self._nodes[member])
        return None

    def _tell(self, members: Sequence[int], work: Callable[[Node], object]) -> bool:
        """Tell some, all at once; whether none is lost."""
        told = self._pool.map(lambda member: self._of(member, lambda node: (work(node), True)), members)
        return all(list(told))

    def _ask(self, work: Callable[[int, Node], T]) -> dict[int, T | None]:
        """What all of the ring say."""
        found = self._pool.map(
            lambda member: self._of(member, lambda node: work(member, node)), list(self.ring)
        )
        return dict(zip(self.ring, found, strict=True))

    def _reports(self, work: Callable[[Node], Mapping[str, Any]]) -> Reports:
        """What all say of their work; where one fails, the others are told to leave off."""
        waiting: dict[Future[Mapping[str, Any] | None], int] = {
            self._pool.submit(self._of, member, work): member for member in self.ring
        }
        reports: Reports = {}
        interrupted = False
        for future in as_completed(waiting):
            said = future.result()
            reports[waiting[future]] = report = None if said is None else Report(**said)
            if report is not None:
                self._nodes[waiting[future]].note(report.samples, report.seconds, report.ring_seconds)
            if not interrupted and (report is None or report.failure or report.exploded):
                interrupted = True
                for member in waiting.values():
                    if member not in reports:
                        self._nodes[member].link.interrupt()
        return reports


def _is_loopback(host: str) -> bool:
    return host.startswith("127.") or host == "::1"


def _open_to(hosts: Sequence[str]) -> str:
    """What a node has to listen on for others on these hosts, which all have addresses of one kind: the leader listens on one."""
    own = all(map(_is_loopback, hosts))
    if any(":" in host for host in hosts):
        return "::1" if own else "::"
    return "127.0.0.1" if own else ""


def _reached(facts: Sequence[Mapping[str, Any]], k: int, other: int) -> str:
    """Where node k reaches another one: a node on the machine of the leader is where the leader is for node k."""
    host = str(facts[other]["peer"])
    return str(facts[k]["reached"]) if _is_loopback(host) else host
