"""What tabs that look on cost a training: each with a stream of its own, as if no browser would let them share one."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import JobHandle, LocalSession

from vignettes.mnist import fetch

from ..node.processes import Disturbance

TABS, TURNS = 10, 7
TRAINING = {
    "hidden": [200, 200], "epochs": 4.0, "seed": 1, "score_interval": 0.5, "score_duty_cycle": 1.0, "score_training_samples": 1000,
    "stopping_rounds": 0, "classification_stop": -1.0,
}  # fmt: skip
_ANSWERS = ("heavywater: server", "AnyIO")  # names of threads of the node that answer
# What a browser does as long as nothing is drawn: it takes what comes.
_READER = """
import json, select, socket, sys
host, port, path, count = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
opened = [socket.create_connection((host, port)) for _ in range(count)]
for each in opened:
    each.sendall(f"GET {path} HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n".encode())
size = events = 0
ended = False
print("open", flush=True)
while not ended:
    for each in select.select([*opened, sys.stdin], [], [])[0]:
        if each is sys.stdin:
            ended = True
        else:
            content = each.recv(2**20)
            size, events = size + len(content), events + content.count(b"\\ndata: ")
print(json.dumps([size, events]), flush=True)
"""


@dataclass(frozen=True)
class Streaming:
    """Trainings with and without tabs that look on.

    Attributes
    ----------
    alone, watched : list of float
        Seconds of each training, in turns.
    shares : list of float
        Of each training that was watched, the processor time of the threads that answer, by what all cores had to give meanwhile.
    rate : float
        Events per second that a tab was sent.
    others : float
        Cores that were busy with other work.
    """

    alone: list[float]
    watched: list[float]
    shares: list[float]
    rate: float
    others: float

    @property
    def changes(self) -> list[float]:
        """How much longer a training took that was watched, of each pair."""
        return [w / a - 1 for a, w in zip(self.alone, self.watched, strict=True)]


def _answering() -> float:
    """Processor time of the threads that answer until now."""
    clocks = [
        time.pthread_getcpuclockid(each.ident)
        for each in threading.enumerate()
        if each.ident is not None and each.name.startswith(_ANSWERS)
    ]
    return sum(time.clock_gettime(clock) for clock in clocks)


class _Tabs:
    """Readers of streams, in a process of their own."""

    def __init__(self, node: RunningNode, job: str) -> None:
        command = [
            sys.executable,
            "-c",
            _READER,
            node.host,
            str(node.port),
            f"/live?history={job}",
            str(TABS),
        ]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def close(self) -> int:
        """Bytes and events they got."""
        out, _ = self._process.communicate("\n")
        return int(out.strip("[]\n").split(",")[1])


@contextlib.contextmanager
def _node() -> Iterator[RunningNode]:
    session = LocalSession("digits")
    job = session.files.import_files(str(fetch()[0]), "digits", None, {"types": {"C785": "enum"}})
    JobHandle(session, job).wait()
    with RunningNode(OpenNode(session)) as node:
        yield node


def _train(node: RunningNode, watched: bool) -> tuple[float, float, float]:
    """Seconds of a training, the share of the threads that answer (see `Streaming`), and events per second and tab."""
    session = node.node.session
    answering = _answering()
    started = session.training.train("deeplearning", TRAINING, x=None, y="C785", training_frame_key="digits")
    begun = time.perf_counter()
    tabs = _Tabs(node, started["job"]) if watched else None
    key = JobHandle(session, started).wait(interval=1.0)
    took = time.perf_counter() - begun
    share = (_answering() - answering) / (took * (os.cpu_count() or 1))
    events = 0 if tabs is None else tabs.close()
    seconds = session.models.describe(key)["run_time"] / 1000
    session.objects.remove(key)
    return float(seconds), share, events / TABS / took


def measure() -> Streaming:
    """Measure it: pairs of trainings, one of them watched; which comes first changes from pair to pair."""
    alone: list[float] = []
    watched: list[float] = []
    shares: list[float] = []
    rates: list[float] = []
    with _node() as node:
        _train(node, watched=True)
        disturbance = Disturbance(())
        for turn in range(TURNS):
            for looking in (bool(turn % 2), not turn % 2):
                seconds, share, rate = _train(node, looking)
                (watched if looking else alone).append(seconds)
                if looking:
                    shares.append(share)
                    rates.append(rate)
        others = disturbance.cores()
    return Streaming(alone, watched, shares, statistics.median(rates), others)


def of_streams(found: Streaming) -> str:
    """The part about tabs that look on, as text."""
    quartiles = statistics.quantiles(found.changes, n=4)
    return "\n".join(
        [
            "## Tabs that look on",
            "",
            f"{len(found.changes)} pairs of trainings at a node (MNIST, 784 columns, hidden layers of 200 and 200); at one of each pair "
            f"{TABS} tabs look on, with a stream each, of states and curves. (Tabs of one browser share a stream.)",
            "",
            "| | |",
            "|---|---:|",
            f"| median training, alone | {statistics.median(found.alone):.2f} s |",
            f"| median training, watched | {statistics.median(found.watched):.2f} s |",
            f"| median change within pairs | {100 * statistics.median(found.changes):+.2f} % |",
            f"| change from pair to pair (quartiles) | {100 * quartiles[0]:+.2f} .. {100 * quartiles[2]:+.2f} % |",
            f"| processor time of all streams, of all cores | {100 * statistics.median(found.shares):.2f} % |",
            f"| events that a tab is sent | {found.rate:.1f}/s |",
            f"| other work meanwhile | {found.others:.2f} cores |",
            "",
        ]
    )
