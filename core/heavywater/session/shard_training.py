"""The training of a network on rows that lie on nodes, each of which trains those that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..cluster.framing import LinkLost
from ..deeplearning.encoding.data_statistics import DataStatistics
from ..deeplearning.parameters.validation import DeepLearningParameters
from ..deeplearning.training.order import CountedOrder
from ..deeplearning.training.prepared import Prepared, Start
from ..deeplearning.training.ring_member import load_of
from ..deeplearning.training.shard import ShardedRows, plain_parameters
from ..deeplearning.training.shared_worker import SharedWorker
from ..deeplearning.training.worker import Worker
from ..errors import HeavywaterError
from ..export.frame_file import frame_of_bytes
from ..frame.frame import Frame
from ..frame.primitives.binding import rbind
from ..frame.sharded_frame import FramePart, ShardedFrame
from .arrays_message import arrays_of, with_arrays
from .crew_ring import new_run
from .nodes import Crew
from .peers import CrewPeers


@contextmanager
def together_on_shards(
    crew: Crew,
    key: str,
    p: DeepLearningParameters,
    frame: ShardedFrame,
    validation: Frame | None,
    start: Start,
    threads: int,
    stop: Callable[[], bool],
) -> Iterator[tuple[Prepared, Worker]]:
    """What a trainer takes, and what trains the network on the nodes that have the rows of a frame.

    Raises
    ------
    HeavywaterError
        None of them is left.
    """
    parts = _Parts(crew, key, frame, stop)
    try:
        prepared = parts.prepared(p, validation, start)
        peers = ShardPeers(crew, key, prepared, stop, parts)
    except BaseException:
        parts.give_back()
        raise
    try:
        yield prepared, SharedWorker(prepared, peers, threads)
    finally:
        peers.close()
        crew.sweep()


class _Parts:
    """The parts of a frame on nodes that are not lost, which are taken for a model.

    Attributes
    ----------
    run : str
        Number of the training.
    there : list of FramePart
    trained : list of int
        How many rows of each of them are trained.
    remarks : list of str
        What was lost.
    """

    def __init__(self, crew: Crew, key: str, frame: ShardedFrame, stop: Callable[[], bool]) -> None:
        self.run, self.remarks = new_run(), list[str]()
        self._crew, self.frame = crew, frame
        taken = crew.take_all(key, stop, [part.place for part in frame.parts])
        self.there = [part for part in frame.parts if part.place in taken]
        for part in frame.parts:
            if part.place not in taken and not stop():
                self.remarks.append(self.loss(part))

    def loss(self, part: FramePart) -> str:
        """What is to be said where a part is lost."""
        facts = part.place.link.facts
        return (
            f"{part.rows} of the {self.frame.nrow} rows of training frame {self.frame.key!r} are lost with node {facts['address']} "
            f"(process {facts['pid']}) and not trained any more"
        )

    def give_back(self) -> None:
        for part in self.there:
            self._crew.give_back(part.place)

    def prepared(self, p: DeepLearningParameters, validation: Frame | None, start: Start) -> Prepared:
        """Let all say what they know of their rows, and encode them by what is known of all; again where one is lost."""
        plain = plain_parameters(p)
        while self.there:
            told = self._ask([{"key": part.key, "parameters": plain} for part in self.there], "statistics")
            if told is None:
                continue
            parts = [DataStatistics.of_plain(each) for each in told]
            rows = ShardedRows(p, parts)
            merged = rows.statistics.plain()
            found = self._ask(
                [{"statistics": merged, "chosen": with_arrays(chosen)} for chosen in rows.chosen], "encode"
            )
            if found is None:
                continue
            used = np.logical_or.reduce([arrays_of(each["used"]) for each in found])
            scored = [frame_of_bytes(each["rows"]) for each in found]
            united = rbind(*([each for each in scored if each.nrow] or scored[:1]))
            self.trained = [part.rows.trained for part in parts]
            return rows.prepared(united, used, validation, start)
        raise all_lost(self.frame)

    def _ask(self, arguments: list[dict[str, Any]], operation: str) -> list[Mapping[str, Any]] | None:
        """What the node of each part says; None where one is lost, which is left out then."""

        def ask(part: FramePart, named: dict[str, Any]) -> Mapping[str, Any] | None:
            try:
                found: Mapping[str, Any] = getattr(part.place.session.members, operation)(self.run, **named)
            except LinkLost:
                return None
            return found

        with ThreadPoolExecutor(len(self.there), thread_name_prefix="heavywater: shards") as pool:
            found = list(pool.map(ask, self.there, arguments))
        said = [each for each in found if each is not None]
        if len(said) == len(found):
            return said
        for part, each in zip(list(self.there), found, strict=True):
            if each is None:
                self.remarks.append(self.loss(part))
                self.there.remove(part)
                self._crew.give_back(part.place)
        return None


def all_lost(frame: ShardedFrame) -> HeavywaterError:
    """The error where no node is left that has rows of a frame."""
    return HeavywaterError(
        f"all nodes that have rows of training frame {frame.key!r} are lost. Import it again; models that were saved on the way "
        "(export_checkpoints_dir) can be loaded"
    )


class ShardPeers(CrewPeers):
    """The nodes that have a part of a frame: whoever is lost takes his rows with him, and nobody comes in his place.

    Parameters
    ----------
    crew, key, prepared, stop
        See `CrewPeers`.
    parts : _Parts
        Whose nodes are given back by this.
    """

    def __init__(
        self, crew: Crew, key: str, prepared: Prepared, stop: Callable[[], bool], parts: _Parts
    ) -> None:
        super().__init__(crew, key, prepared, stop)
        self._run, self._parts, self._remarks = parts.run, parts, list(parts.remarks)
        self._closing = False
        self._own: dict[int, tuple[int, int]] = {}
        begin = 0
        for member, part in enumerate(parts.there):
            self._nodes[member] = part.place
            self._own[member] = begin, begin + part.rows
            begin += part.rows

    def changed(self) -> bool:
        """See `Peers`: nobody joins."""
        return any(not self._nodes[member].link.alive for member in self.ring)

    def _gather(self) -> None:
        for member in [member for member, node in self._nodes.items() if not node.link.alive]:
            self._leave(member)
        self.ring = sorted(self._nodes, key=lambda member: member not in self._known)  # who knows first
        if not self.ring:
            raise all_lost(self._parts.frame)

    def _leave(self, member: int) -> None:
        super()._leave(member)
        if not self._closing:
            self._remarks.append(self._parts.loss(self._parts.there[member]))
            if isinstance(order := self._prepared.order, CountedOrder):
                order.lose(self._parts.trained[member])

    def _load(self) -> bool:
        for member in self.ring:
            if member not in self._has:
                if not self._send(member, with_arrays(load_of(self._prepared, self._own[member]))):
                    return False
                self._has[member] = self._own[member]
        return True

    def close(self) -> None:
        """Give all nodes back."""
        self._closing = True
        super().close()
