"""A node as one of several that train the same network; see `protocol.Members`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..cluster.framing import LinkLost
from ..cluster.neighbours import Neighbours
from ..deeplearning.encoding.data_statistics import DataStatistics
from ..deeplearning.training.averaging_rule import AveragingRule
from ..deeplearning.training.ring_member import RingMember
from ..deeplearning.training.shard import Shard, parameters_of, with_rows
from ..deeplearning.training.shares import Run
from ..engine._ring import Ring
from ..engine.rows import Rows
from ..engine.threads import resolve
from ..errors import HeavywaterError, InvalidArgument
from ..export.frame_file import frame_bytes
from .arrays_message import arrays_of, with_arrays
from .protocol import Members
from .settings import Memory, Settings
from .store import Store
from .values import Description
from .wire import decode, encode


class MemberService(Members):
    """Takes part in one run at a time.

    Parameters
    ----------
    store : Store
        Has the rows, where they are not sent.
    settings : Settings
    neighbours : callable (host)
        A place in a ring, for one that listens there.
    """

    def __init__(
        self, store: Store, settings: Settings, neighbours: Callable[[str], Neighbours] = Neighbours
    ) -> None:
        self._store, self._settings, self._place = store, settings, neighbours
        self._run = ""
        self._shard: Shard | None = None
        self._load: Mapping[str, Any] | None = None  # as it has come
        self._member: RingMember | None = None
        self._neighbours: Neighbours | None = None
        self._ring: Ring | None = None
        self._left_off = False

    def interrupt(self) -> None:
        """Let no round be waited for until there is another ring; from any thread."""
        self._left_off = True
        ring, there = self._ring, self._neighbours
        if ring is not None:
            ring.cancel()
        if there is not None:
            there.interrupt()

    # ---- a ring

    def open(self, run: str, host: str) -> int:
        self._enter(run)
        self._hang_up()
        self._neighbours = self._place(host)
        return self._neighbours.port

    def _enter(self, run: str) -> None:
        if run != self._run:
            self.end(self._run)
            self._run = run

    def statistics(self, run: str, key: str, parameters: Mapping[str, Any]) -> Description:
        self._enter(run)
        self._shard = Shard(self._store.frame(key), parameters_of(parameters))
        return self._shard.statistics().plain()

    def encode(self, run: str, statistics: Mapping[str, Any], chosen: Mapping[str, Any]) -> Description:
        shard = self._shard_in(run)
        used = shard.encode(DataStatistics.of_plain(statistics))
        return {"used": with_arrays(used), "rows": frame_bytes(shard.chosen(arrays_of(chosen)))}

    def load(self, run: str, load: Mapping[str, Any]) -> None:
        self._check(run)
        self._load = load
        found = arrays_of(load)
        if found["rows"] is None:
            found = with_rows(found, self._shard_in(run))
        else:
            Memory(self._store, self._settings).check(Rows(**found["rows"]).nbytes, "training")
        if self._member is not None:
            self._member.take_rows(found)
            return
        self._member = RingMember.of(found, resolve(self._settings.nthreads))
        self._give_place()

    def start(self, run: str, state: Mapping[str, Any]) -> None:
        self._in(run).put(arrays_of(state["weights"]), int(state["rounds"]))
        self._in(run).set_optimiser(arrays_of(state["optimiser"]))

    def meet(
        self, run: str, generation: int, rank: int, ranks: int, right: Sequence[Any], seconds: float
    ) -> str:
        self._check(run)
        there = self._neighbours
        if there is None:
            raise InvalidArgument("members.meet: members.open has to be called before")
        fds = -1, -1
        if ranks > 1:
            try:
                there.meet(f"{run}/{generation}", rank, ranks, (str(right[0]), int(right[1])), seconds)
            except LinkLost as error:
                return str(error)
            assert there.left is not None and there.right is not None
            fds = there.left.fileno(), there.right.fileno()
        self._left_off = False
        self._ring = Ring(rank, ranks, *fds)
        self._generation = generation
        self._give_place()
        return ""

    def _give_place(self) -> None:
        if self._member is not None and self._ring is not None:
            self._member.meet(self._ring, self._generation)

    def share(self, run: str, seconds: float, take: bool) -> str:
        self._check(run)
        there, ring = self._neighbours, self._ring
        if there is None or ring is None:
            raise InvalidArgument("members.share: members.meet has to be called before")
        content = encode(self._state()) if ring.rank == 0 else None
        there.patience(seconds)
        try:
            there.relay(content, ring.rank == ring.ranks - 1, self._take if take else lambda content: None)
        except LinkLost as error:
            self._hang_up()  # so that the neighbours notice, too
            return str(error)
        return ""

    def _state(self) -> dict[str, Any]:
        """All that another member needs."""
        member = self._in(self._run)
        return {
            "load": None if self._load is None or self._load["order"]["own"] else self._load,
            "weights": with_arrays(member.common),
            "rounds": member.rounds,
            "optimiser": with_arrays(member.optimiser()),
        }

    def _take(self, content: bytearray) -> None:
        state = decode(content)
        if state["load"] is not None:
            self.load(self._run, state["load"])
        self.start(self._run, state)

    # ---- training

    def begin(self, run: str, settings: Mapping[str, Any]) -> None:
        self._in(run).begin(settings)

    def train(
        self, run: str, pieces: Mapping[str, Any], rule: Mapping[str, Any], timeout: float, exchange: bool
    ) -> Description:
        member = self._in(run)
        report = member.train(
            Run.from_plain(pieces),
            AveragingRule(**rule),
            timeout,
            exchange=exchange,
            cancelled=lambda: self._left_off,
        )
        return self._told(report)

    def exchange(self, run: str, rule: Mapping[str, Any], timeout: float) -> Description:
        return self._told(self._in(run).exchange(AveragingRule(**rule), timeout))

    def _told(self, report: Any) -> Description:
        if report.failure:
            self._hang_up()  # so that the neighbours notice, too
        return asdict(report)

    def weights(self, run: str) -> Description:
        found: Description = with_arrays(self._in(run).common)
        return found

    def put(self, run: str, weights: Mapping[str, Any], rounds: int) -> None:
        self._in(run).put(arrays_of(weights), rounds)

    def optimiser(self, run: str) -> list[Description]:
        found: list[Description] = with_arrays(self._in(run).optimiser())
        return found

    def end(self, run: str) -> None:
        if run == self._run:
            self._hang_up()
            self._run, self._load, self._member, self._shard = "", None, None, None

    # ----

    def _check(self, run: str) -> None:
        if not run or run != self._run:
            raise HeavywaterError(f"members: this node takes no part in the run {run!r} (any more)")

    def _in(self, run: str) -> RingMember:
        self._check(run)
        if self._member is None:
            raise HeavywaterError(f"members: of the run {run!r} this node has no rows yet")
        return self._member

    def _shard_in(self, run: str) -> Shard:
        self._check(run)
        if self._shard is None:
            raise HeavywaterError(f"members: of the run {run!r} this node was not told which rows it has")
        return self._shard

    def _hang_up(self) -> None:
        self._ring = None
        if self._neighbours is not None:
            self._neighbours.close()
            self._neighbours = None
