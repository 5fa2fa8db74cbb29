"""What real processes reach on this machine: alone, as one node, as two, and two that have nothing to do with each other."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Container, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, Any

import numpy as np
from heavywater.deeplearning.model.state import Iteration
from heavywater.deeplearning.training.worker import LocalWorker

from ..averaging import prepared_net
from ..environments import ROOT, variables_of
from ..run import _busy_seconds
from .nets import BY_NAME, Net

Figures = dict[str, Any]
LOOK_SECONDS = 0.5
QUIET = 0.15  # cores that other work takes, at most
# way: nodes of each worker that trains at the same time; each process has one thread
WAYS = {"this process": (0,), "1 node": (1,), "2 nodes": (2,), "2 apart": (0, 0)}


class Worker:
    """A process of `worker`."""

    def __init__(self, nodes: int) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.cluster.worker", str(nodes)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=variables_of("heavywater"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._there = False

    def _pipe(self, name: str) -> IO[str]:
        found: IO[str] | None = getattr(self._process, name)
        assert found is not None
        return found

    def ask(self, job: Figures) -> None:
        """Let it begin."""
        if not self._there:
            self.answer()
            self._there = True
        print(json.dumps(job), file=self._pipe("stdin"), flush=True)

    def answer(self) -> Figures:
        """What it has found."""
        for line in self._pipe("stdout"):
            if line.startswith("{"):
                found: Figures = json.loads(line)
                return found
        raise SystemExit("a worker has failed")

    def close(self) -> None:
        """Let it end."""
        self._pipe("stdin").close()
        self._process.wait(60)


@contextmanager
def workers(ways: Sequence[str]) -> Iterator[dict[str, list[Worker]]]:
    """Processes for some ways, until they are no longer needed."""
    with ExitStack() as stack:
        found: dict[str, list[Worker]] = {}
        for way in ways:
            found[way] = [Worker(nodes) for nodes in WAYS[way]]
            for each in found[way]:
                stack.callback(each.close)
        yield found


def wait_for_quiet(most: float) -> None:
    """Until other programs leave the machine alone for a moment, or so many seconds are over."""
    until = time.monotonic() + most
    while time.monotonic() < until:
        busy = _busy_seconds()
        time.sleep(LOOK_SECONDS)
        if _busy_seconds() - busy < QUIET * LOOK_SECONDS:
            return


def measured(
    net: Net, way: str, team: Sequence[Worker], seed: int, *, errors: bool = False, **job: Any
) -> Figures:
    """Figures of one training; rows per second and CPU of all that train at once."""
    began, busy = time.monotonic(), _busy_seconds()
    for each in team:
        each.ask({"net": net.name, "rows": net.rows, "seed": seed, "errors": errors, **job})
    found = [each.answer() for each in team]
    wall, busy = time.monotonic() - began, _busy_seconds() - busy
    figures = found[0]
    for name in ("rows_per_second", "cpu", "cpu_nodes", "samples"):
        figures[name] = sum(each[name] for each in found)
    other = max(0.0, busy - figures["cpu"]) / wall
    return {"net": net.name, "way": way, "seed": seed, "other_cores_busy": other, **figures}


def speeds(nets: Sequence[Net], turns: int, patience: float) -> Iterator[Figures]:
    """All ways in turns, so that a change of the machine's state meets all of them."""
    with workers(list(WAYS)) as there:
        for turn in range(turns):
            for net in nets:
                for way, team in there.items():
                    wait_for_quiet(patience)
                    yield measured(net, way, team, turn + 1)


def times(net: Net, seeds: Sequence[int]) -> Iterator[Figures]:
    """Errors on the way to the last of `net.errors`, of one node and of two."""
    more = {"shuffle_training_data": True}
    with workers(["1 node", "2 nodes"]) as there:
        for seed in seeds:
            for way, team in there.items():
                yield measured(net, way, team, seed, errors=True, rows=net.total // 2, more=more)


# net, nodes, rows in all, sorted by digit and apart, most per cent of errors
FLOORS = [
    ("trial", 2, 1_200_000, False, None),
    ("trial", 4, 1_200_000, False, None),
    ("trial", 8, 1_200_000, False, None),
    ("trial", 16, 1_200_000, False, 8.6),
    ("default", 2, 240_000, False, None),
    ("default", 8, 240_000, False, 3.6),
    ("default", 4, 120_000, True, 6.0),
]


def floors(seeds: Sequence[int], done: Container[str]) -> Iterator[tuple[str, Figures]]:
    """Errors of trainings on real nodes, with rounds of 128 rows of each: reproducible runs have these."""
    for name, nodes, rows, by_digit, _ in FLOORS:
        keys = {seed: f"{name} {nodes} {rows} {by_digit} {seed}" for seed in seeds}
        if all(key in done for key in keys.values()):
            continue
        with ExitStack() as stack:
            worker = Worker(nodes)
            stack.callback(worker.close)
            for seed, key in keys.items():
                more = {
                    "shuffle_training_data": True,
                    "reproducible": True,
                    "replicate_training_data": not by_digit,
                    "sparse": name == "trial",  # as `averaging.FLOORS` has it
                }
                job = {"rows": rows, "more": more, "by_digit": by_digit}
                yield key, measured(BY_NAME[name], f"{nodes} nodes", [worker], seed, errors=True, **job)


def rows_alone(net: Net, rounds: int = 40) -> Figures:
    """Rows per second of the processor in one thread, how much rows differ, bytes of the weights.

    The clock is that of the processor's time for this process, so other work on the machine is not in it, except what its
    memory accesses cost.
    """
    prepared, _ = prepared_net(net.name, 1, **net.parameters)
    worker = LocalWorker(prepared, 1)
    worker.begin(Iteration(0, 0, 1.0))
    each = max(10, net.rows // (4 * rounds))
    seconds = []
    for k in range(-rounds // 4, rounds):
        order = prepared.order.visits((k + rounds) * each, (k + rounds + 1) * each)
        began = time.process_time()
        worker.net.train(prepared.rows, order, (k + rounds) * each, 1, worker.plan.strategy)
        if k >= 0:
            seconds.append(time.process_time() - began)
    mean = float(np.mean(seconds))
    return {
        "rows_per_second": each / float(np.median(seconds)),
        "spread": float(np.std(seconds)) / mean * each**0.5,
        "size": worker.net.buffer().nbytes,
    }
