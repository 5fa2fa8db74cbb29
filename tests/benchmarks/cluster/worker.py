"""One process that leads so many nodes: ``python -m tests.benchmarks.cluster.worker NODES``, 0 for none.

It reads a job a line (JSON) from its input, and prints a line of figures for each. Between jobs it waits, so several workers can
take turns.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
from h2o.estimators.deeplearning import H2ODeepLearningEstimator
from heavywater.deeplearning.training.prepared import Prepared
from heavywater.deeplearning.training.ring_peers import Reports
from heavywater.session.crew_ring import CrewRing
from heavywater.session.peers import CrewPeers

from vignettes import mnist

from ..h2o_tasks import PREDICTORS, RESPONSE, training_speed
from .nets import BY_NAME

SPEED: dict[str, Any] = {"score_interval": 1e9, "score_training_samples": 1000}
TIMES: dict[str, Any] = {"score_interval": 0, "score_duty_cycle": 1, "score_training_samples": 1000}
ALWAYS: dict[str, Any] = {
    "stopping_rounds": 0,
    "classification_stop": -1,
    "overwrite_with_best_model": False,
    "variable_importances": False,
    "quiet_mode": True,
}
Figures = dict[str, Any]


class Phases:
    """Seconds and calls of the parts of a training."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[float, int]] = {}
        self.cpu: dict[int, float] = {}  # when the first round began

    def watch(self, owner: Any, name: str, phase: str) -> None:
        """Measure a function from now on; a part of another one that is watched counts in both."""
        there = owner.__dict__[name]
        inner: Callable[..., Any] = there.__func__ if isinstance(there, classmethod) else there

        def watched(*given: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return inner(*given, **named)
            finally:
                self.add(phase, time.perf_counter() - began)

        setattr(owner, name, classmethod(watched) if isinstance(there, classmethod) else watched)

    def add(self, phase: str, seconds: float) -> None:
        """Count it."""
        before, calls = self.found.get(phase, (0.0, 0))
        self.found[phase] = before + seconds, calls + 1

    def watch_rounds(self) -> None:
        """Measure what of the rounds is training, meeting, and messages between them and the leader."""
        inner = CrewPeers.train

        def watched(peers: CrewPeers, *given: Any, **named: Any) -> Reports:
            self.cpu = self.cpu or cpu_seconds()
            began = time.perf_counter()
            reports = inner(peers, *given, **named)
            seconds = time.perf_counter() - began
            there = [report for report in reports.values() if report is not None]
            self.add("rounds", seconds)
            self.add("  training, of the slowest node", max(each.seconds for each in there))
            self.add("  meetings, of the node that waited least", min(each.ring_seconds for each in there))
            self.add("  messages", seconds - max(each.seconds + each.ring_seconds for each in there))
            return reports

        setattr(CrewPeers, "train", watched)  # noqa: B010 : mypy takes no other function for a method

    def taken(self) -> dict[str, tuple[float, int]]:
        """What was found since it was asked last; the processor's time is forgotten, too."""
        found, self.found, self.cpu = self.found, {}, {}
        return found


def watched_phases() -> Phases:
    """Those that all trainings have, and those of nodes."""
    phases = Phases()
    phases.watch(Prepared, "of", "encode rows")
    phases.watch(CrewRing, "_connect", "connect the ring")
    phases.watch(CrewRing, "_load", "send rows to the first node")
    phases.watch(CrewRing, "_start", "send weights to the first node")
    phases.watch(CrewRing, "_share", "pass rows and weights on along the ring")
    phases.watch(CrewPeers, "weights", "fetch weights")
    phases.watch_rounds()
    return phases


def cpu_seconds() -> dict[int, float]:
    """Of this process and of its children."""
    found, me = {}, os.getpid()
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        number = int(file.parent.name)
        if number == me or int(fields[1]) == me:
            found[number] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def train(job: Figures, frames: tuple[Any, Any], phases: Phases) -> Figures:
    """Train a network, and tell how long that took."""
    net, training, test = BY_NAME[job["net"]], *frames
    if job.get("by_digit"):
        training = training.sort([RESPONSE])
    given = ALWAYS | net.parameters | (TIMES if job["errors"] else SPEED) | job.get("more", {})
    model = H2ODeepLearningEstimator(**given, epochs=job["rows"] / training.nrow, seed=job["seed"])
    before, began = cpu_seconds(), time.perf_counter()
    phases.taken()
    model.train(
        x=PREDICTORS, y=RESPONSE, training_frame=training, validation_frame=test if job["errors"] else None
    )
    seconds, after = time.perf_counter() - began, cpu_seconds()
    history: Any = model.scoring_history()
    figures: Figures = {
        "rows_per_second": training_speed(model),
        "seconds": seconds,
        "samples": float(history["samples"].iloc[-1]),
        "cpu": sum(after.values()) - sum(before.get(each, 0) for each in after),
        "cpu_nodes": sum(
            after[each] - seconds for each, seconds in phases.cpu.items() if each != os.getpid()
        ),
        "phases": phases.taken(),
    }
    for name in ("nodes", "rows_per_round", "communication"):
        if name in history:
            figures[name] = float(history[name].dropna().iloc[-1])
    if job["errors"]:
        shown = history[history["samples"] > 0]
        speeds = [float(text.split()[0]) for text in shown["training_speed"]]
        figures["points"] = [
            [rows, 100 * error, rows / speed]
            for rows, error, speed in zip(
                shown["samples"], shown["validation_classification_error"], speeds, strict=True
            )
        ]
    return figures


def main() -> None:
    """Do what is asked for until the input ends."""
    nodes = int(sys.argv[1])
    h2o.init(nthreads=1, nodes=nodes or None)
    h2o.no_progress()
    train_file, test_file = map(str, mnist.fetch())
    frames = h2o.import_file(train_file), h2o.import_file(test_file)
    for frame in frames:
        frame[RESPONSE] = frame[RESPONSE].asfactor()
    phases = watched_phases()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(train(json.loads(line), frames, phases)), flush=True)


if __name__ == "__main__":
    main()
