"""Measure all tasks and write ``adam.md`` and ``adam.json`` into tests/benchmarks/results; ``--quick`` only shows them."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..environments import ROOT, peer_python, variables_of
from ..report import describe_machine
from .page import markdown
from .tasks import TASKS, Task

RESULTS = Path(__file__).parents[1] / "results"
THREADS = (1, 2)
ENGINES = ("heavywater", "torch", "fused")


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for."""
    options = _options(arguments)
    chosen = [task for task in TASKS if not options.only or task.name in options.only]
    runs = (
        [] if options.quick else [run for run in _recorded() if run["task"] not in {t.name for t in chosen}]
    )
    for seed in range(1, options.seeds + 1):
        for task in chosen:
            for threads in THREADS:
                for engine in ENGINES:  # in turns, so that a change of the machine's state meets all
                    runs.append(_run(task.quick() if options.quick else task, engine, seed, threads))
                    print(json.dumps(runs[-1]), flush=True)
    machine = describe_machine(runs)
    text = markdown(machine, [task for task in TASKS if any(run["task"] == task.name for run in runs)], runs)
    print("\n" + text)
    if not options.quick:
        (RESULTS / "adam.md").write_text(text)
        (RESULTS / "adam.json").write_text(json.dumps({"machine": machine, "runs": runs}, indent=1) + "\n")
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.optimiser", description=__doc__)
    names = [task.name for task in TASKS]
    parser.add_argument("--only", action="append", choices=names, help="this task (may be repeated)")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each kind (default 3)")
    parser.add_argument("--quick", action="store_true", help="few rows: see that everything runs")
    return parser.parse_args(arguments)


def _recorded() -> list[dict[str, Any]]:
    path = RESULTS / "adam.json"
    return list(json.loads(path.read_text())["runs"]) if path.exists() else []


def _run(task: Task, engine: str, seed: int, threads: int) -> dict[str, Any]:
    job = task.job(seed, threads) | {"fused": engine == "fused"}
    ours = engine == "heavywater"
    python = sys.executable if ours else str(peer_python("torch"))
    command = [
        python,
        "-W",
        "ignore",
        "-m",
        f"tests.benchmarks.optimiser.worker_{'ours' if ours else 'torch'}",
    ]
    environment = variables_of("heavywater" if ours else "torch")
    found = subprocess.run(
        [*command, json.dumps(job)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if found.returncode != 0:
        raise SystemExit(f"{engine}, {task.name}: {found.stderr.strip()[-2000:]}")
    result = json.loads(found.stdout.strip().split("\n")[-1])
    return {"task": task.name, "engine": engine, "seed": seed, "threads": threads, **result}


if __name__ == "__main__":
    sys.exit(main())
