"""Nodes of a crew that train one network together: who they are, how they find each other, and who has what they need."""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from typing import Any, TypeVar

from ..cluster.framing import LinkLost
from ..deeplearning.training.prepared import Prepared
from ..deeplearning.training.ring_member import load_of
from .arrays_message import with_arrays
from .nodes import Crew, Node

T = TypeVar("T")

MOST_MEMBERS = 10_000  # each is asked by a thread of its own, since members wait for one another
MEET_SECONDS = 4.0  # in which all members of a ring have to be connected
SHARE_SECONDS = 5.0  # in which a neighbour sends nothing of what it passes on
ROWS_OF_A_NODE = 10_000  # of a small frame, where it is not to be spread further
ATTEMPTS = 3  # after which a member is left out that others do not reach, or get nothing from
_SIDE = re.compile(r"the (left|right) neighbour")
_runs = itertools.count(1)


def new_run() -> str:
    """The number of a training, by which nodes tell one from another."""
    return f"{os.getpid()}/{next(_runs)}"


class CrewRing:
    """Takes the nodes of a crew that are free, and those that become free while they train.

    Parameters
    ----------
    crew : Crew
    key : str
        Of the model.
    prepared : Prepared
    stop : callable
        Whether nobody waits for the model any more.

    Attributes
    ----------
    ring : list of int
        Numbers of the members, in the order of the ring.
    """

    def __init__(self, crew: Crew, key: str, prepared: Prepared, stop: Callable[[], bool]) -> None:
        self._crew, self._key, self._prepared, self._stop = crew, key, prepared, stop
        self._run = new_run()
        self._nodes: dict[int, Node] = {}
        self._numbers = itertools.count()
        self.ring: list[int] = []
        self._known: set[int] = set()  # who has the weights
        self._has: dict[int, tuple[int, int] | None] = {}  # who has rows, and which; None: all
        p = prepared.parameters
        self._apart = not p.replicate_training_data and prepared.order.rows is None
        self._most = math.inf if p.force_load_balance else -(-prepared.rows.n // ROWS_OF_A_NODE)
        self._out: set[int] = set()  # id of nodes that others do not reach
        self._generation = 0
        self._failures = 0  # of whole rings, since something has gone well or a node was lost
        self._said: Mapping[int, str] = {}  # by whom, of the last one
        self._remarks: list[str] = []
        self._pool = ThreadPoolExecutor(MOST_MEMBERS, thread_name_prefix="heavywater: members")

    @property
    def threads(self) -> int:
        """See `Peers`."""
        return sum(self._nodes[member].link.facts["nthreads"] for member in self.ring)

    def changed(self) -> bool:
        """See `Peers`."""
        return self._could_grow() or any(not self._nodes[member].link.alive for member in self.ring)

    def _could_grow(self) -> bool:
        return len(self._nodes) < self._most and self._crew.is_free(self._out)

    def renew(self, start: Mapping[str, Any], *, anew: bool) -> bool:
        """See `Peers`. Each time that it does not succeed a node is lost, or comes nearer to be left out."""
        began = False
        if anew:
            self._known.clear()
        while True:
            if self._failures >= ATTEMPTS:
                self._leave_out()
            self._gather()
            if not self.ring:
                return began
            if self._connect() and self._load():
                if not self._known:
                    self._start(start)
                    began = True
                if self._known.issuperset(self.ring) or self._share():
                    return began

    # ---- who takes part

    def _gather(self) -> None:
        """Those of the ring that are still there, and all nodes that are free."""
        for member in [member for member, node in self._nodes.items() if not node.link.alive]:
            self._leave(member)
        while len(self._nodes) < self._wanted() or self._could_grow():
            node = self._crew.take(self._key, self._no_longer, self._out)
            if node is None:
                break
            self._nodes[next(self._numbers)] = node
        kept = [member for member in self.ring if member in self._nodes and member in self._known]
        self.ring = kept + [member for member in self._nodes if member not in kept]

    def _wanted(self) -> float:
        """How many are waited for: one, to begin with, or all, where nothing may depend on who is free."""
        if self._known:
            return 0
        return min(self._most, self._crew.size) if self._prepared.parameters.reproducible else 1

    def _no_longer(self) -> bool:
        """Whether there is no reason to wait for a node: the model is not wanted, or those that are missing are lost."""
        return self._stop() or not (len(self._nodes) < self._wanted() or self._could_grow())

    def _leave(self, member: int) -> None:
        node = self._nodes.pop(member)
        self._known.discard(member)
        self._has.pop(member, None)
        if member in self.ring:
            self.ring.remove(member)
        self._crew.give_back(node)

    def _leave_out(self) -> None:
        """Go on without a node with which the ring has failed again and again, though it can be asked."""
        self._failures = 0
        ring = [member for member in self.ring if member in self._nodes]
        if len(ring) < 2:
            return
        member, why = _to_blame(ring, self._said)
        node = self._nodes[member]
        self._remarks.append(
            f"node {node.link.facts['address']} (process {node.link.facts['pid']}) takes no part any more: other nodes do not "
            f"reach it, or get nothing from it ({why})"
        )
        self._out.add(id(node))
        self._leave(member)

    def _note(self, said: Mapping[int, str | None]) -> bool:
        """Whether all has gone well, by what each member says, which is nothing then; None: it is lost."""
        if None in said.values():
            self._failures = 0
            return False
        self._said = {member: text for member, text in said.items() if text}
        self._failures = self._failures + 1 if self._said else 0
        return not self._said

    # ---- how they come together

    def _connect(self) -> bool:
        """Let all connect with their neighbours; False where that is to be tried again."""
        ring = list(self.ring)
        self._generation += 1
        facts = [self._nodes[member].link.facts for member in ring]
        host = _open_to([str(each["peer"]) for each in facts])
        ports = self._ask(lambda member, node: node.session.members.open(self._run, host))
        if None in ports.values():
            return self._note(dict.fromkeys(ring))
        rights = {
            member: [_reached(facts, k, (k + 1) % len(ring)), ports[ring[(k + 1) % len(ring)]]]
            for k, member in enumerate(ring)
        }
        failures = self._failures  # that they meet tells nothing of what comes then
        said = self._all(
            lambda member, node: node.session.members.meet(
                self._run, self._generation, ring.index(member), len(ring), rights[member], MEET_SECONDS
            ),
            _has_failed,
        )
        met = self._note(said)
        self._failures = failures if met else self._failures
        return met

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

    def _start(self, start: Mapping[str, Any]) -> None:
        """Let the first member begin with what there is here."""
        state = with_arrays(dict(start))
        if self._tell(self.ring[:1], lambda node: node.session.members.start(self._run, state)):
            self._known.add(self.ring[0])

    def _share(self) -> bool:
        """Let the first member pass on what it has to those that are new; False where one is lost meanwhile."""
        known = set(self._known)
        said = self._all(
            lambda member, node: node.session.members.share(self._run, SHARE_SECONDS, member not in known),
            _has_failed,
        )
        for member, text in said.items():
            if text == "":
                self._known.add(member)
                self._has.setdefault(member, None)
        return self._note(said)

    # ---- how they are asked

    def _of(self, member: int, work: Callable[[Node], T]) -> T | None:
        """What one says; None where it is lost."""
        node = self._nodes.get(member)
        with suppress(LinkLost):
            return None if node is None else work(node)
        return None

    def _tell(self, members: Sequence[int], work: Callable[[Node], object]) -> bool:
        """Tell some, all at once; whether none is lost."""
        told = self._pool.map(lambda member: self._of(member, lambda node: (work(node), True)), members)
        return all(list(told))

    def _ask(self, work: Callable[[int, Node], T]) -> dict[int, T | None]:
        """What all of the ring say."""
        return self._all(work, lambda said: False)

    def _all(self, work: Callable[[int, Node], T], failed: Callable[[T | None], bool]) -> dict[int, T | None]:
        """What all of the ring say; when one has failed, the others are told to leave off."""
        waiting = {
            self._pool.submit(self._of, member, lambda node, member=member: work(member, node)): member
            for member in self.ring
        }
        said: dict[int, T | None] = {}
        interrupted = False
        for future in as_completed(waiting):
            said[waiting[future]] = found = future.result()
            if not interrupted and failed(found):
                interrupted = True
                for member in waiting.values():
                    if member not in said:
                        self._nodes[member].link.interrupt()
        return {member: said[member] for member in waiting.values()}


def _has_failed(said: str | None) -> bool:
    return said is None or said != ""


def _to_blame(ring: Sequence[int], said: Mapping[int, str]) -> tuple[int, str]:
    """Whom the others complain of, and what they say: of who is not reached before who sends nothing."""
    for wanted, step in (("right", 1), ("left", -1)):
        for k, member in enumerate(ring):
            text = said.get(member, "")
            if wanted in _SIDE.findall(text):
                return ring[(k + step) % len(ring)], text
    return ring[-1], next(iter(said.values()), "it does not say why")


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
