"""Real nodes that are killed, stopped and cut off at random while they train: ``python -m tests.session.faults 100 [SEED]``.

Each fault waits for a moment of the leader (it sends rows, lets nodes train, fetches weights ...) and comes a little later. A
node that is lost is replaced by another one that joins meanwhile; one that was stopped wakes up and joins anew.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from heavywater.cluster.secret import new_secret_file
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.training.shared_worker import SharedWorker
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.exchange import table_of
from heavywater.session import LocalSession, start

from ..sessions import finished
from .cables import CUT, SWALLOW, Cable
from .test_nodes import node_command

KINDS = ("kill", "stop", "cut", "half-open", "ring cut", "ring half-open")
# moment of the leader, and what it is called
MOMENTS = {
    "joins": "joining",
    "open": "joining",
    "meet": "joining",
    "load": "data push",
    "share": "data push",
    "begin": "training",
    "train": "training and ring",
    "exchange": "ring",
    "weights": "commit",
    "score": "scoring",
}
KINDS_OF_TRAINING: list[dict[str, Any]] = [
    {},
    {"train_samples_per_iteration": 30_000},
    {"target_ratio_comm_to_comp": 0.5},
    {"adaptive_rate": False, "rate": 0.005, "momentum_stable": 0.5},
    {"replicate_training_data": False},
]
NODES, ROWS = 3, 6000
LIMIT = 8.0  # seconds until the next round
PATIENCE = 60.0


@dataclass
class Fault:
    kind: str
    moment: str
    delay: float
    size: int  # bytes after which a connection fails
    training: int = 0
    at: float = 0.0
    nodes: int = 0  # that took part before
    seconds: float = float("nan")


class Site:
    """A session with nodes that join through cables."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._folder = tempfile.TemporaryDirectory()
        secret = os.path.join(self._folder.name, "secret")
        new_secret_file(secret)
        self._secret = secret
        found = start("faults", 1, nodes="listen:127.0.0.1:0", secret_file=secret)
        session = getattr(found, "behind", found)
        assert isinstance(session, LocalSession)
        assert session._crew is not None
        self.session, self.crew = session, session._crew
        plain = self.crew._session_of
        self.crew._session_of = lambda link: _Detour(plain(link), link.facts["pid"], self)
        self._processes: dict[int, subprocess.Popen[str]] = {}
        self._cables: dict[int, Cable] = {}
        self.rings: dict[int, Cable] = {}  # the last one that leads to each process
        self._stopped: list[int] = []
        self.armed: Fault | None = None
        self.injected: Fault | None = None
        self._lock = threading.Lock()
        self.take_data()

    def take_data(self) -> None:
        r = np.random.default_rng(1)
        x = r.normal(size=(ROWS, 4))
        frame = pd.DataFrame({f"x{i}": x[:, i] for i in range(4)})
        frame["y"] = pd.Categorical(np.where(x[:, 0] * x[:, 1] > 0, "p", "n"))
        self.session.frames.upload(table_of(frame), "rows")

    # ---- nodes

    def add(self) -> int:
        """Start a node; its process."""
        address = self.session.cluster.status()["join_at"]
        cable = Cable(int(address.rpartition(":")[2]))
        process = node_command(
            "--join",
            f"127.0.0.1:{cable.port}",
            "--secret-file",
            self._secret,
            "--nthreads",
            "1",
            "--wait",
            "5",
        )
        self._processes[process.pid], self._cables[process.pid] = process, cable
        return process.pid

    def add_one_more(self) -> None:
        """See that one comes beside those that there are."""
        if sum(process.poll() is None for process in self._processes.values()) <= NODES:
            self.add()

    def fill(self) -> None:
        """See that there are enough nodes; wake up those that were stopped."""
        for pid in self._stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self._stopped.clear()
        running = [pid for pid, process in self._processes.items() if process.poll() is None]
        for _ in range(NODES - len(running)):
            self.add()

    def wait(self) -> None:
        """Wait until all nodes are there."""
        until = time.monotonic() + PATIENCE
        while self.crew.size < NODES:
            self.fill()
            assert time.monotonic() < until, "nodes do not join"
            time.sleep(0.05)

    def close(self) -> None:
        self.fill()
        self.session.cluster.close()
        for process in self._processes.values():
            process.kill()
            process.communicate()
        for cable in (*self._cables.values(), *self.rings.values()):
            cable.close()
        self._folder.cleanup()

    # ---- faults

    def note(self, moment: str, pid: int | None = None) -> None:
        """The leader is at some moment, with a node."""
        with self._lock:
            fault = self.armed
            if fault is None or fault.moment != moment:
                return
            self.armed = None
        threading.Timer(fault.delay, self._inject, (fault, pid)).start()

    def _inject(self, fault: Fault, pid: int | None) -> None:
        there = [node.link.facts["pid"] for node in self.crew._nodes if node.link.alive]
        if pid is None or pid not in there:
            if not there:
                self.injected = fault
                fault.at = time.monotonic()
                return
            pid = self.random.choice(there)
        fault.nodes, fault.at = len(there), time.monotonic()
        if fault.kind == "kill":
            os.kill(pid, signal.SIGKILL)
        elif fault.kind == "stop":
            os.kill(pid, signal.SIGSTOP)
            self._stopped.append(pid)
        else:
            cables = self.rings if fault.kind.startswith("ring") else self._cables
            how = CUT if fault.kind.endswith("cut") else SWALLOW
            if pid in cables:
                cables[pid].fail(how, fault.size)
        self.injected = fault

    def slice_ended(self, began: float, a_round: float) -> None:
        """A slice has succeeded, whose rounds took so many seconds each."""
        fault = self.injected
        if fault is not None and began > fault.at:
            fault.seconds = began + a_round - fault.at
            self.injected = None

    def next_fault(self) -> Fault:
        r = self.random
        moment = r.choice(sorted(MOMENTS))
        kind = r.choice(KINDS[:4] if moment in ("joins", "open", "load", "score") else KINDS)
        most = 0.3 if moment in ("train", "joins") else 0.02
        return Fault(kind, moment, r.uniform(0, most), r.choice([0, r.randrange(3000), r.randrange(100_000)]))


class _Detour:
    """A session of a node whose members meet through cables, and that tells what is asked."""

    def __init__(self, session: Any, pid: int, site: Site) -> None:
        self._session, self._pid, self._site = session, pid, site
        self.members = _Members(session.members, pid, site)
        site.note("joins", pid)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


class _Members:
    def __init__(self, members: Any, pid: int, site: Site) -> None:
        self._members, self._pid, self._site = members, pid, site

    def __getattr__(self, name: str) -> Any:
        def asked(*arguments: Any) -> Any:
            self._site.note(name, self._pid)
            found = getattr(self._members, name)(*arguments)
            if name == "open":
                cable = Cable(int(found))
                self._site.rings.pop(self._pid, cable).close() if self._pid in self._site.rings else None
                self._site.rings[self._pid] = cable
                return cable.port
            return found

        return asked


@contextlib.contextmanager
def watched(site: Site) -> Iterator[None]:
    """Slices and scorings of the leader are told."""
    slice_, score = SharedWorker.slice, Trainer._score

    def told_slice(worker: SharedWorker, s: Any, last: int) -> None:
        began, rounds = time.monotonic(), worker._number
        slice_(worker, s, last)
        seconds = time.monotonic() - began
        site.slice_ended(began, seconds / max(1, worker._number - rounds))

    def told_score(trainer: Trainer) -> None:
        site.note("score")
        score(trainer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SharedWorker, "slice", told_slice)
        patch.setattr(Trainer, "_score", told_score)
        yield


def train(
    site: Site, given: dict[str, Any], epochs: int, faults: list[Fault]
) -> tuple[DeepLearningModel, list[Fault]]:
    """Train, with one fault after another; those that came."""
    parameters = {
        "model_id": "m",
        "hidden": [20],
        "epochs": epochs,
        "seed": 3,
        "stopping_rounds": 0,
        "classification_stop": -1.0,
        "score_interval": 0.2,
        "overwrite_with_best_model": False,
        **given,
    }
    site.injected = None
    site.armed = faults[0] if faults else None
    job = site.session.training.train("deeplearning", parameters, x=None, y="y", training_frame_key="rows")
    done, left = list[Fault](), list(faults)
    until = time.monotonic() + PATIENCE
    while site.session.jobs.state(job["job"])["status"] == "RUNNING":
        if left and left[0].seconds == left[0].seconds:  # it has come, and the next round was done
            done.append(left.pop(0))
            site.fill()
            until = time.monotonic() + PATIENCE
            if left:
                site.armed = left[0]
        assert time.monotonic() < until, f"no round for {PATIENCE} s after {done[-1:]} or {left[:1]}"
        if left and left[0].moment in ("joins", "open", "meet", "load", "share") and left[0].at == 0:
            site.add_one_more()  # somebody has to come
        time.sleep(0.02)
    site.armed = None
    finished(site.session, job)
    done += [fault for fault in left if fault.at and fault.seconds == fault.seconds]
    return site.session.store.get("m", DeepLearningModel), done


def error_of(model: DeepLearningModel) -> float:
    """Mean log loss on the rows."""
    table = pd.DataFrame(model.history["rows"], columns=model.history["columns"])
    return float(table["training_logloss"].iloc[-1])


def run(
    count: int, seed: int, epochs: int = 600, each: int = 4
) -> tuple[list[Fault], list[tuple[float, float]]]:
    """Train until so many faults have come; the faults, and the errors of each training with and without them."""
    site, found, errors = Site(seed), list[Fault](), list[tuple[float, float]]()
    calm: dict[int, float] = {}
    try:
        with watched(site):
            number = 0
            while len(found) < count:
                kind = number % len(KINDS_OF_TRAINING)
                given = KINDS_OF_TRAINING[kind]
                site.wait()
                if kind not in calm:
                    calm[kind] = error_of(train(site, given, epochs, [])[0])
                site.wait()
                wanted = [site.next_fault() for _ in range(min(each, count - len(found)))]
                model, done = train(site, given, epochs, wanted)
                for fault in done:
                    fault.training = number
                assert abs(model.facts["samples"] - epochs * ROWS) <= (
                    30_000 if "train_samples_per_iteration" in given else NODES
                )
                found += done
                errors.append((error_of(model), calm[kind]))
                number += 1
                told = ", ".join(f"{f.kind} ({f.moment}) {f.seconds:.1f} s" for f in done)
                print(f"{number}: log loss {errors[-1][0]:.4f}, {calm[kind]:.4f} without {told}", flush=True)
    finally:
        site.close()
    return found, errors


def table(faults: list[Fault], errors: list[tuple[float, float]]) -> str:
    """What came of them."""
    frame = pd.DataFrame([vars(fault) for fault in faults])
    frame["phase"] = frame["moment"].map(MOMENTS)
    lines = ["| fault | phase | how often | median s | longest s |", "|---|---|---|---|---|"]
    for (kind, phase), group in frame.groupby(["kind", "phase"]):
        lines.append(
            f"| {kind} | {phase} | {len(group)} | {group['seconds'].median():.2f} | {group['seconds'].max():.2f} |"
        )
    worst = max(disturbed - calm for disturbed, calm in errors)
    lines.append("")
    lines.append(
        f"{len(faults)} faults, next round after {frame['seconds'].median():.2f} s (median), {frame['seconds'].max():.2f} s (longest). "
        f"{len(errors)} trainings, log loss {np.mean([a for a, _ in errors]):.4f}, without faults {np.mean([b for _, b in errors]):.4f}, "
        f"largest difference {worst:+.4f}."
    )
    return "\n".join(lines)


def check(faults: list[Fault], errors: list[tuple[float, float]]) -> None:
    late = [fault for fault in faults if fault.seconds > LIMIT]
    assert not late, late
    assert all(disturbed < 1.5 * calm + 0.02 for disturbed, calm in errors), errors


if __name__ == "__main__":
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f"seed {seed}")
    found, losses = run(int(sys.argv[1]), seed)
    print(table(found, losses))
    check(found, losses)
