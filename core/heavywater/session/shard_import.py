"""Files to a frame whose rows stay on nodes: each reads some of the files, and tells what is known of its rows."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import Any

import numpy as np

from ..cluster.framing import LinkLost
from ..deeplearning.encoding.encoder import level_codes
from ..errors import HeavywaterError, InvalidArgument, ParseError
from ..frame.columns.column import Column
from ..frame.columns.column_statistics import ColumnStatistics
from ..frame.columns.makers import enum
from ..frame.exchange.arrow_frames import frame_of_table
from ..frame.frame import Frame
from ..frame.importing.sources import Source, address
from ..frame.primitives.binding import rbind
from ..frame.sharded_frame import FramePart, ShardedFrame
from ..jobs import RUNNING, Job
from .nodes import Crew, Node
from .store import Store

HEAD_ROWS = 100  # that are here, too, to be shown
_WAIT_SECONDS = 0.1
_TEXTS = ("enum", "string")


@dataclass(frozen=True)
class Task:
    """What one node reads.

    Attributes
    ----------
    node : Node
    files : tuple of str
        By the names under which the node finds them.
    types : mapping of str to str
        Types of columns that its own rows would not tell rightly.
    """

    node: Node
    files: tuple[str, ...]
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Read:
    """What a node has read: statistics by column."""

    key: str
    rows: int
    columns: dict[str, ColumnStatistics]


def cut(sources: Sequence[Source], nodes: Sequence[Node]) -> list[Task]:
    """The files shared out in their order, so that all nodes get about as many bytes; those that would get none are left out."""
    sizes = np.array([source.size or 0 for source in sources], np.float64)
    if not sizes.any():
        sizes[:] = 1
    middles = (np.cumsum(sizes) - sizes / 2) / sizes.sum()
    turns = np.minimum((middles * len(nodes)).astype(int), len(nodes) - 1)
    if len(sources) <= len(nodes):
        turns = np.arange(len(sources))
    files = [
        tuple(address(source) for source, turn in zip(sources, turns, strict=True) if turn == k)
        for k in range(len(nodes))
    ]
    return [Task(node, own) for node, own in zip(nodes, files, strict=True) if own]


def cut_by_host(files: Sequence[str], hosts: Sequence[str], nodes: Sequence[Node]) -> list[Task]:
    """The files shared out among the nodes of the machine on which each lies.

    Raises
    ------
    InvalidArgument
        On one of them is no node.
    """
    tasks = list[Task]()
    for host in dict.fromkeys(hosts):
        there = [node for node in nodes if node.link.facts["host"] == host]
        if not there:
            names = ", ".join(sorted({str(node.link.facts["host"]) for node in nodes}))
            raise InvalidArgument(
                f"on {host!r} are rows, but no node that could read them; nodes are on {names}. Start one on each machine that has rows"
            )
        own = [file for file, each in zip(files, hosts, strict=True) if each == host]
        shares = [tuple(own[k :: len(there)]) for k in range(len(there))]
        tasks += [Task(node, share) for node, share in zip(there, shares, strict=True) if share]
    if not tasks:
        raise InvalidArgument("hosts: there are no files, so no columns are known")
    return tasks


class ShardImport:
    """Reads files on nodes when it is called with a job; the key of the frame.

    Parameters
    ----------
    crew : Crew
    store : Store
        Gets the frame.
    key : str
    options : mapping
        As for `heavywater.session.protocol.Files.import_files`.
    tasks : sequence of Task
        In the order of the rows.
    like : str, optional
        The file that says how all are to be read, where all nodes find it; by default each node goes by its own first one.

    Attributes
    ----------
    temporary : bool
        Whether the frame is one of the client alone.
    """

    temporary = False

    def __init__(
        self,
        crew: Crew,
        store: Store,
        key: str,
        options: Mapping[str, Any],
        tasks: Sequence[Task],
        like: str | None = None,
    ) -> None:
        self._crew, self._store, self._key, self._options = crew, store, key, dict(options)
        self._tasks, self._like = list(tasks), like

    def __call__(self, job: Job) -> str:
        nodes = [task.node for task in self._tasks]
        taken = self._crew.take_all(self._key, lambda: job.cancel_requested, nodes)
        try:
            job.stop_if_cancelled()
            if len(taken) < (there := self._crew.size) and self._like is not None:
                job.remark(
                    "nodes",
                    f"{self._key}: {there - len(taken)} of {there} nodes get no rows, since each file is read by one node; give more files",
                )
            with ThreadPoolExecutor(len(nodes), thread_name_prefix="heavywater: shards") as pool:
                frame = self._frame(_Work(job, pool, len(nodes)))
        except LinkLost as error:
            raise HeavywaterError(
                f"{self._key}: a node was lost while it read its files ({error}). Import them again: the other nodes share them out"
            ) from error
        finally:
            for node in taken:
                self._crew.give_back(node)
        self._store.put(frame, self._key)
        if self.temporary:
            self._store.own(self._key)
        for part in frame.parts:
            part.place.hold(part.key, partial(_is_there, weakref.ref(frame), self._store))
        self._crew.sweep()
        return self._key

    def _frame(self, work: _Work) -> ShardedFrame:
        keys = [self._store.fresh_key(f"{self._key}_shard") for _ in self._tasks]
        try:
            found = work.all(lambda k: self._read(work, k, keys[k], self._tasks[k]), len(keys))
            for k, types in _other_types(found).items():
                task = replace(self._tasks[k], types=types)
                found[k] = self._read(work, k, keys[k], task)
            statistics = _merged(found)
            frame = ShardedFrame(statistics, self._parts(found), self._head(found, statistics), self._key)
        except BaseException:
            for task, key in zip(self._tasks, keys, strict=True):
                if task.node.link.alive:
                    task.node.session.objects.remove(key)
            raise
        return frame

    def _parts(self, found: Sequence[_Read]) -> list[FramePart]:
        return [
            FramePart(task.node, read.key, read.rows) for task, read in zip(self._tasks, found, strict=True)
        ]

    def _read(self, work: _Work, k: int, key: str, task: Task) -> _Read:
        options = {**self._options, **({"types": self._types(task.types)} if task.types else {})}
        far = task.node.session
        started = far.files.import_files(list(task.files), key, None, options, self._like)
        try:
            work.watch(k, task.node, started["job"])
        except ParseError as error:
            facts = task.node.link.facts
            raise ParseError(
                f"node {facts['address']} (process {facts['pid']}) on {facts['host']}: {error}"
            ) from error
        told = far.frames.statistics(key)
        columns = {name: ColumnStatistics.of_plain(each) for name, each in told["columns"].items()}
        return _Read(key, told["rows"], columns)

    def _types(self, more: Mapping[str, str]) -> Mapping[Any, Any]:
        """The types that the user has given, and others; `more` are of columns for which he has given none."""
        given = self._options.get("types")
        if given is None or isinstance(given, Mapping):
            return {**(given or {}), **more}
        raise InvalidArgument(
            f"columns {', '.join(map(repr, more))} have other types in some files: give col_types= for them"
        )

    def _head(self, found: Sequence[_Read], statistics: Mapping[str, ColumnStatistics]) -> Frame:
        parts, wanted = list[Frame](), HEAD_ROWS
        for task, read in zip(self._tasks, found, strict=True):
            if wanted and (read.rows or not parts):
                parts.append(frame_of_table(task.node.session.frames.fetch(read.key, None, 0, wanted)))
                wanted -= parts[-1].nrow
        united = rbind(*(part for part in parts if part.nrow or part is parts[-1]))
        columns = [
            _among(column, statistics[name])
            for name, column in zip(united.names, united.columns, strict=True)
        ]
        return Frame(united.names, columns, nrow=united.nrow)


class _Work:
    """Jobs of nodes, watched together."""

    def __init__(self, job: Job, pool: ThreadPoolExecutor, count: int) -> None:
        self._job, self._pool, self._done = job, pool, [0.0] * count

    def all(self, read: Callable[[int], _Read], count: int) -> list[_Read]:
        """What all have read; where one fails, that of the others is still waited for."""
        futures = [self._pool.submit(read, k) for k in range(count)]
        for future in futures:
            future.exception()
        return [future.result() for future in futures]

    def watch(self, k: int, node: Node, far_job: str) -> None:
        """Wait for the end of a job of a node."""
        far, cancelled = node.session.jobs, False
        while True:
            state = far.wait(far_job, _WAIT_SECONDS)
            for text in state["warnings"]:
                self._job.remark(text, text)
            if state["status"] != RUNNING:
                far.result(far_job)
                return
            self._done[k] = state["fraction"]
            self._job.update(sum(self._done) / len(self._done))
            if self._job.cancel_requested and not cancelled:
                far.cancel(far_job)
                cancelled = True


def _is_there(frame: weakref.ref[ShardedFrame], store: Store) -> bool:
    found = frame()
    return found is not None and store.has(found)


def _merged(found: Sequence[_Read]) -> dict[str, ColumnStatistics]:
    """What is known of the whole.

    Raises
    ------
    InvalidArgument
        The parts have other columns, or columns that do not fit together.
    """
    names = list(found[0].columns)
    for read in found:
        if list(read.columns) != names:
            other = sorted(set(names) ^ set(read.columns)) or list(read.columns)
            raise InvalidArgument(
                f"sharded=True: the files do not have the same columns, {', '.join(map(repr, other[:5]))} are not in all of them "
                "(those of SVMLight files end with the largest index in each); import them without sharded=True"
            )
    return {name: reduce(ColumnStatistics.merge, [read.columns[name] for read in found]) for name in names}


def _other_types(found: Sequence[_Read]) -> dict[int, dict[str, str]]:
    """By part, the types of columns that have to be read again, since other parts say otherwise.

    As in an import of all files in one place: the first values decide, and numbers, or times, below or above texts are texts.
    """
    again: dict[int, dict[str, str]] = {}
    for name in found[0].columns:
        kinds = [
            None if (each := read.columns.get(name)) is None or each.is_empty else each.kind for read in found
        ]
        known = list(dict.fromkeys("real" if kind == "int" else kind for kind in kinds if kind is not None))
        if len(known) < 2:
            continue
        settled = next(
            (kind for kind in known if kind in _TEXTS), known[0] if known[0] == "string" else "enum"
        )
        for k, kind in enumerate(kinds):
            if kind is not None and kind != settled:
                again.setdefault(k, {})[name] = settled
    return again


def _among(column: Column, known: ColumnStatistics) -> Column:
    """A factor with the levels of the whole."""
    if known.kind != "enum":
        return column
    levels = known.level_names()
    if column.kind != "enum":
        return enum(np.full(len(column), -1), levels)
    return enum(level_codes(column, levels)[column.values], levels)
