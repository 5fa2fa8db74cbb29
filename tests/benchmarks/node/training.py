"""What a client that looks on costs a training, and how fast a frame gets to a node."""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from heavywater.exchange import table_of
from heavywater.session import JobHandle, connect

from .processes import Disturbance, Served, served

TURNS, POLLS = 9, 5  # pairs of trainings; looks in a second
TRAINING = {
    "hidden": [200, 200], "epochs": 12, "seed": 1, "score_interval": 1e9, "stopping_rounds": 0, "classification_stop": -1,
}  # fmt: skip


@dataclass(frozen=True)
class Polling:
    """Trainings with and without a client that looks on.

    Attributes
    ----------
    alone, watched : list of float
        Seconds of each training, in turns.
    look : float
        Seconds of a processor that the node needs for one look.
    others : float
        Cores that were busy with other work.
    """

    alone: list[float]
    watched: list[float]
    look: float
    others: float


class _Watcher:
    """A client of its own, which asks how far the job is, and for its scoring history."""

    def __init__(self, url: str, job: str) -> None:
        self._session, self._job = connect(url), job
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(1 / POLLS):
            look(self._session, self._job)

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        self._session.cluster.close(stop_jobs=False)


def look(session: Any, job: str) -> None:
    """What a progress bar and a curve ask for."""
    session.jobs.state(job)
    session.jobs.history(job)


def _train(session: Any, url: str, watched: bool) -> float:
    started = session.training.train("deeplearning", TRAINING, x=None, y="answer", training_frame_key="rows")
    watcher = _Watcher(url, started["job"]) if watched else None
    try:
        key = JobHandle(session, started).wait()
    finally:
        if watcher is not None:
            watcher.end()
    seconds = session.models.describe(key)["run_time"] / 1000
    session.objects.remove(key)
    return float(seconds)


def _cost_of_a_look(session: Any, node: Served) -> float:
    started = session.training.train(
        "deeplearning", {**TRAINING, "epochs": 0.01}, x=None, y="answer", training_frame_key="rows"
    )
    JobHandle(session, started).wait()
    before, looks = node.cpu_seconds(), 1000
    for _ in range(looks):
        look(session, started["job"])
    return (node.cpu_seconds() - before) / looks


def polling() -> Polling:
    """Measure it: pairs of trainings, one of them watched; which comes first changes from pair to pair."""
    random, n = np.random.default_rng(1), 20_000
    data: dict[str, Any] = {f"x{k}": random.normal(size=n) for k in range(30)}
    data["answer"] = np.where(data["x0"] * data["x1"] + random.normal(size=n) > 0, "yes", "no")
    alone: list[float] = []
    watched: list[float] = []
    with served() as node:
        session = connect(node.url)
        session.frames.upload(table_of(data, column_types={"answer": "enum"}), "rows")
        _train(session, node.url, watched=False)
        disturbance = Disturbance((node,))
        for turn in range(TURNS):
            for first in (True, False):
                seconds = _train(session, node.url, watched=first == bool(turn % 2))
                (watched if first == bool(turn % 2) else alone).append(seconds)
        others = disturbance.cores()
        cost = _cost_of_a_look(session, node)
        session.cluster.close(stop_jobs=False)
    return Polling(alone, watched, cost, others)


def upload(rows: int = 1_000_000, columns: int = 10, turns: int = 7) -> tuple[float, float]:
    """Median seconds in which a table of float64 is a frame at a node, and cores of others meanwhile."""
    random = np.random.default_rng(1)
    table = table_of({f"x{k}": random.normal(size=rows) for k in range(columns)})
    seconds = []
    with served() as node:
        session, disturbance = connect(node.url), Disturbance((node,))
        for turn in range(turns):
            start = time.perf_counter()
            key = session.frames.upload(table, f"rows{turn}")["frame"]
            seconds.append(time.perf_counter() - start)
            session.objects.remove(key)
        others = disturbance.cores()
        session.cluster.close(stop_jobs=False)
    return statistics.median(seconds), others
