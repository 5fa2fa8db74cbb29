"""The nodes of a session: other processes, each with a session of its own, that train whole models for this one."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import suppress

from ..cluster.framing import LinkLost
from ..cluster.launching import Launched
from ..cluster.link import Link
from ..cluster.listening import Listener
from ..cluster.tls import Tls
from ..deeplearning.model.model import DeepLearningModel
from ..export.frame_file import frame_bytes
from ..export.model_file import model_bytes
from ..frame.frame import Frame
from .protocol import Session
from .runs import belongs_to
from .store import Store
from .values import Description

# What a node has to say of itself.
_FACTS = {"host": str, "pid": int, "cores": int, "nthreads": int, "max_mem_size": int | None}
_LOOK_SECONDS = 0.1  # between two looks whether a node is free, or lost


class Node:
    """One node.

    Parameters
    ----------
    link : Link
    session : Session
        The one at its far end.
    """

    def __init__(self, link: Link, session: Session) -> None:
        self.link, self.session = link, session
        self.busy = ""  # the key of what it trains
        self.told = False  # that it is lost
        # of the last slice of the last training in which it took part together with others
        self.rows_per_second: float | None = None
        self.ring_share: float | None = None
        self._sent: dict[str, weakref.ref[Frame]] = {}
        self._shards: dict[str, Callable[[], bool]] = {}
        self._used: int | None = None  # bytes, when it was last asked

    @property
    def process(self) -> tuple[str, int]:
        """Host and number of the process that this is."""
        return self.link.facts["host"], self.link.facts["pid"]

    def bring(self, store: Store, frames: Iterable[str], models: Iterable[str]) -> None:
        """See that the node has these objects of a store; a frame is sent once, and kept while the store has it."""
        for key in [key for key, sent in self._sent.items() if not _is_there(store, key, sent())]:
            self.session.objects.remove(key)
            del self._sent[key]
        for key in frames:
            if key not in self._sent:
                frame = store.frame(key)
                passing = self.session.frames.from_bytes(frame_bytes(frame))
                self.session.frames.assign(passing, key)
                self.session.objects.release([passing])
                self._sent[key] = weakref.ref(frame)
        for key in models:  # few, and they can change
            self.session.objects.remove(key, cascade=False)
            self.session.model_files.from_bytes(model_bytes(store.get(key, DeepLearningModel)))

    def hold(self, key: str, needed: Callable[[], bool]) -> None:
        """Keep rows that lie there under a key as long as they are needed."""
        self._shards[key] = needed

    def sweep(self) -> None:
        """Remove rows that are not needed any more; of a node that has something to do, the next time."""
        gone = [key for key, needed in self._shards.items() if not needed()]
        with self.link.at_once() as free:
            if not gone or not free or self.busy or not self.link.alive:
                return
            with suppress(LinkLost):
                for key in gone:
                    self.session.objects.remove(key)
                    del self._shards[key]

    def clear(self, key: str) -> None:
        """Remove what the training of a model has left."""
        try:
            for name in self.session.objects.keys(None):
                if name not in self._sent and any(
                    name == key or belongs_to(name, key, kind) for kind in (DeepLearningModel, Frame)
                ):
                    self.session.objects.remove(name, cascade=False)
        except LinkLost:
            return

    def described(self) -> Description:
        """Facts for status tables; of a node that is being asked something else, the memory is what it last was."""
        facts, alive = self.link.facts, self.link.alive
        with self.link.at_once() as free:
            if free and alive:
                try:
                    self._used = self.session.cluster.status()["memory_used"]
                except LinkLost:
                    alive = False
        state = f"lost: {self.link.reason}" if not alive else f"training {self.busy}" if self.busy else "idle"
        return {
            "h2o": facts["address"],
            "healthy": alive,
            "num_cpus": facts["cores"],
            "cpus_allowed": facts["nthreads"],
            "nthreads": facts["nthreads"],
            "pid": facts["pid"],
            "mem_value_size": self._used if alive else None,
            "max_mem": facts["max_mem_size"],
            "host": facts["host"],
            "state": state,
            "rows_per_second": self.rows_per_second,
            "ring_share": self.ring_share,
        }

    def note(self, rows: int, seconds: float, ring_seconds: float) -> None:
        """What it has trained together with others: rows, seconds in the engine, seconds in meetings with waiting for others."""
        if seconds > 0:
            self.rows_per_second, self.ring_share = rows / seconds, ring_seconds / (seconds + ring_seconds)


def _is_there(store: Store, key: str, frame: Frame | None) -> bool:
    return frame is not None and key in store.keys(Frame) and store.frame(key) is frame


class Crew:
    """All nodes of a session.

    Parameters
    ----------
    session_of : callable
        The session at the far end of a link.
    """

    def __init__(self, session_of: Callable[[Link], Session]) -> None:
        self._session_of = session_of
        self._nodes: list[Node] = []
        self._changed = threading.Condition()
        self._listener: Listener | None = None
        self._launched: Launched | None = None

    def listen(self, host: str, port: int, secret: bytes, tls: Tls | None = None) -> str:
        """Let nodes join from now on; where, as ``HOST:PORT``."""
        self._listener = Listener(host, port, secret, self._joined, tls)
        return self._listener.address

    @property
    def join_at(self) -> str | None:
        """Where others can join that know the secret of the user, as ``HOST:PORT``; None where none can."""
        return None if self._listener is None or self._launched is not None else self._listener.address

    def belongs(self, launched: Launched) -> None:
        """Take over processes, which end with the crew."""
        self._launched = launched

    def _joined(self, link: Link) -> None:
        if any(not isinstance(link.facts.get(name), kind) for name, kind in _FACTS.items()):
            link.close()
            return
        node = Node(link, self._session_of(link))
        with self._changed:
            self._nodes = [*self._nodes, node]
            self._forget_old()
            self._changed.notify_all()

    def _forget_old(self) -> None:
        """Lost nodes that were told, and whose process has joined anew."""
        there = {node.process for node in self._nodes if node.link.alive}
        self._nodes = [
            node for node in self._nodes if node.link.alive or not node.told or node.process not in there
        ]

    @property
    def nodes(self) -> list[Node]:
        """All that have joined so far, lost ones included, but for those that have joined anew."""
        return list(self._nodes)

    @property
    def joined(self) -> int:
        """How many these are."""
        return len(self._nodes)

    def wait_for(self, count: int, seconds: float) -> bool:
        """Wait a moment until so many nodes have joined; whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._nodes) >= count, seconds)

    def stop_listening(self) -> None:
        """Let no further nodes join."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    @property
    def size(self) -> int:
        """How many nodes can be asked."""
        return sum(node.link.alive for node in self._nodes)

    def is_free(self, but: Container[int] = ()) -> bool:
        """Whether a node has nothing to do; `but`: ids of those that do not count."""
        return any(node.link.alive and not node.busy and id(node) not in but for node in self._nodes)

    def take(self, key: str, stop: Callable[[], bool], but: Container[int] = ()) -> Node | None:
        """A node of one's own to train a model on, when one is free.

        Parameters
        ----------
        key : str
            Of the model, for status tables.
        stop : callable
            Whether one is not needed any more.
        but : container of int
            Ids of nodes that are not meant.

        Returns
        -------
        Node or None
            None where all are lost, or none is needed.
        """
        with self._changed:
            while self.size and not stop():
                for node in self._nodes:
                    if node.link.alive and not node.busy and id(node) not in but:
                        node.busy = key
                        return node
                self._changed.wait(_LOOK_SECONDS)
        return None

    def take_all(self, key: str, stop: Callable[[], bool], nodes: Sequence[Node]) -> list[Node]:
        """Some nodes of one's own, all at once, as soon as all of them are free.

        Whoever waits has none of them, so that two who want the same do not wait for each other.

        Returns
        -------
        list of Node
            Those that are not lost; none where they are not needed any more.
        """
        with self._changed:
            while not stop():
                found = [node for node in nodes if node.link.alive]
                if not any(node.busy for node in found):
                    for node in found:
                        node.busy = key
                    return found
                self._changed.wait(_LOOK_SECONDS)
        return []

    def sweep(self) -> None:
        """Let nodes forget rows that are not needed any more."""
        for node in self.nodes:
            node.sweep()

    def give_back(self, node: Node) -> None:
        """Another model may have this node."""
        with self._changed:
            node.busy = ""
            self._changed.notify_all()

    def news(self) -> list[str]:
        """Which nodes have been lost; each is told once."""
        with self._changed:
            new = [node for node in self._nodes if not node.link.alive and not node.told]
            for node in new:
                node.told = True
            self._forget_old()
            left = self.size
        where = f"{left} other node{'s' if left > 1 else ''}" if left else "the process of the session alone"
        return [
            f"node {node.link.facts['address']} (process {node.link.facts['pid']}) is lost: {node.link.reason}. "
            f"The work goes on with {where}"
            for node in new
        ]

    def described(self) -> list[Description]:
        """Facts about each node, for status tables."""
        return [node.described() for node in self.nodes]

    def close(self) -> None:
        """End all nodes."""
        self.stop_listening()
        for node in self._nodes:
            node.link.close()
        if self._launched is not None:
            self._launched.close()
            self._launched = None
