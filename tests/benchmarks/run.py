"""Measure this package and its peers: ``python -m tests.benchmarks [--only NAME] [--no-peers] [--quick]``.

Each measurement is a worker in a process of its own, so that peaks of memory and first-time costs are its
own too. Ours and the peer take turns within each repetition, so that a change of the machine's state meets
both. How many cores were busy with other work (or taken away by the host) is measured with every run: a
figure from a disturbed run says little, since threads that wait for one another then crawl.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from vignettes import mnist

from . import report
from .environments import FOLDER, ROOT, PeerUnavailable, command_of, variables_of
from .mixed import mixed_file
from .workloads import TARGETS, WORKLOADS, Workload

THREADS = (1, 2)
WORKER_TIMEOUT = 1200.0

Run = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks, write the table and the JSON; return 1 if a worker failed."""
    options = _options(arguments)
    chosen = [work for work in WORKLOADS if not options.only or work.name in options.only]
    if options.quick:
        chosen = [work.quick() for work in chosen]
    files = dict(zip(("train", "test"), map(str, mnist.fetch()), strict=True))
    commands = _commands(chosen, options.no_peers)
    runs = []
    for repeat in range(options.repeats):
        for work in chosen:
            for threads in THREADS:
                for engine in ("heavywater", work.peer):
                    if engine in commands:
                        run = _measure(commands[engine], work, engine, threads, files | _own_file(work))
                        runs.append(run | {"repeat": repeat})
    failed = any("failure" in run for run in runs)
    if options.no_peers or options.quick:
        report.write(FOLDER, chosen, runs, () if options.quick else TARGETS)
    else:
        results = Path(__file__).with_name("results")
        names = {work.name for work in chosen}
        runs = [run for run in report.recorded(results) if run["workload"] not in names] + runs
        measured = {run["workload"] for run in runs}
        known = [work for work in WORKLOADS if work.name in measured]
        report.write(results, known, runs, measured_now=names)
    return 1 if failed else 0


def _own_file(work: Workload) -> dict[str, str]:
    return {"train": str(mixed_file(work.megabytes, work.late))} if work.megabytes else {}


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure heavywater beside real H2O and PyTorch on MNIST. A complete run writes "
        "speed.md and speed.json into results/ beside it, one of some workloads (--only) puts its rows in place of those "
        "there; without peers or with few rows (--no-peers, --quick) they go into .bench/.",
    )
    names = [work.name for work in WORKLOADS]
    parser.add_argument("--only", action="append", choices=names, help="this workload (may be repeated)")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    parser.add_argument("--quick", action="store_true", help="few rows: see that everything runs")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each measurement (default 3)")
    options = parser.parse_args(arguments)
    if options.repeats < 1:
        parser.error("--repeats must be at least 1")
    return options


def _commands(chosen: list[Workload], no_peers: bool) -> dict[str, list[str]]:
    """The command of every engine that can run; a peer that cannot is named and left out."""
    commands = {"heavywater": command_of("heavywater")}
    for peer in sorted({work.peer for work in chosen if work.peer and not no_peers}):
        try:
            commands[peer] = command_of(peer)
        except PeerUnavailable as error:
            print(f"without {peer}: {error}", file=sys.stderr)
    return commands


def _measure(command: list[str], work: Workload, engine: str, threads: int, files: dict[str, str]) -> Run:
    job = json.dumps(work.job(engine, threads) | files)
    start, busy, own = time.monotonic(), _busy_seconds(), _children_seconds()
    result = _run_worker([*command, job], engine)
    wall = time.monotonic() - start
    other = _busy_seconds() - busy - (_children_seconds() - own)
    disturbance = max(0.0, other) / wall if busy else None
    run = {"workload": work.name, "engine": engine, "threads": threads, "other_cores_busy": disturbance}
    if "failure" in result:
        shown = f"failed: {result['failure']}"
    else:
        shown = f"{work.quantity} {result[work.quantity]:.4g}"
    noise = "" if disturbance is None else f"  (other work: {disturbance:.2f} cores)"
    print(f"{work.name:12} {engine:10} {threads} thread(s)  {shown}{noise}", flush=True)
    return run | result


def _run_worker(command: list[str], engine: str) -> Run:
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=variables_of(engine), **pipes) as worker:
        try:
            output, errors = worker.communicate(timeout=WORKER_TIMEOUT)
        except subprocess.TimeoutExpired:
            worker.terminate()  # not kill: the worker of H2O has a server to stop
            worker.communicate()
            return {"failure": f"no result within {WORKER_TIMEOUT:.0f} s"}
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if worker.returncode != 0 or not lines:
        return {"failure": errors.strip()[-2000:] or f"exit status {worker.returncode}"}
    result: Run = json.loads(lines[-1])
    return result


def _busy_seconds() -> float:
    """CPU seconds that all cores have worked or that the host took away, 0 where there is no /proc/stat."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        return 0.0
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, fields)
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
