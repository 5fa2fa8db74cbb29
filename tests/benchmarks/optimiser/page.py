"""What is written of the runs: errors as means over seeds, speeds as medians."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median, stdev
from typing import Any

from .tasks import Task

HEAD = ["task", "epochs", "test error ours", "PyTorch", "ratio", "rows/s ours, 1 thread", "PyTorch", "fused", "ratio", "2 threads ours",
        "PyTorch", "fused", "ratio"]  # fmt: skip
ERROR_LIMIT, SPEED_LIMIT = 1.05, 2.0

Run = dict[str, Any]


def markdown(machine: dict[str, Any], tasks: Sequence[Task], runs: Sequence[Run]) -> str:
    """The whole page."""
    versions = ", ".join(sorted({f"{_name(run['engine'])} {run['version']}" for run in runs}))
    seeds = len({run["seed"] for run in runs})
    parts = [
        "# Adam beside PyTorch's",
        f"{machine['date']}, {machine['processor']}, {machine['cores']} cores; {versions}. {seeds} seeds.",
        "Nets of 200 and 200 Rectifiers, AdamW (0.9, 0.95), weight decay 0.01, a rate that falls along a cosine, no dropout. Test "
        "errors are means over all seeds (in brackets the standard error of the mean); speeds are medians, of the epochs alone. "
        "*fused* is PyTorch's compiled form of AdamW; ratios of speed are to the faster of both.",
        _table([HEAD, *(_row(task, runs) for task in tasks)]),
        "\n".join(f"- {line}" for task in tasks for line in verdict(task, runs)),
    ]
    return "\n\n".join(parts) + "\n"


def errors(task: Task, runs: Sequence[Run], *, ours: bool) -> list[float]:
    """The test error of each seed: threads and form of the optimiser change a seed's little or not at all."""
    of_seed: dict[int, list[float]] = {}
    for run in runs:
        if run["task"] == task.name and (run["engine"] == "heavywater") == ours:
            of_seed.setdefault(run["seed"], []).append(run["test_error"])
    return [mean(values) for values in of_seed.values()]


def speed(task: Task, runs: Sequence[Run], engine: str, threads: int) -> float:
    """Rows per second, the median over seeds."""
    wanted = (task.name, engine, threads)
    return median(r["rows_per_second"] for r in runs if (r["task"], r["engine"], r["threads"]) == wanted)


def speed_ratio(task: Task, runs: Sequence[Run], threads: int) -> float:
    """How many times faster ours is than the faster form of PyTorch's."""
    return speed(task, runs, "heavywater", threads) / max(
        speed(task, runs, each, threads) for each in ("torch", "fused")
    )


def error_ratio(task: Task, runs: Sequence[Run]) -> float:
    """Our mean test error over PyTorch's."""
    return mean(errors(task, runs, ours=True)) / mean(errors(task, runs, ours=False))


def verdict(task: Task, runs: Sequence[Run]) -> list[str]:
    """What was to be reached, and whether it was."""
    found, faster = error_ratio(task, runs), speed_ratio(task, runs, 1)
    return [
        f"{task.title}: error at most {ERROR_LIMIT:g} times PyTorch's: {found:.3f}, {_said(found <= ERROR_LIMIT)}",
        f"{task.title}: at least {SPEED_LIMIT:g} times as fast on one thread: {faster:.2f}, {_said(faster >= SPEED_LIMIT)}",
    ]


def _said(reached: bool) -> str:
    return "reached" if reached else "**missed**"


def _name(engine: str) -> str:
    return "heavywater" if engine == "heavywater" else "PyTorch"


def _row(task: Task, runs: Sequence[Run]) -> list[str]:
    cells = [task.title, str(task.epochs), *(_error(errors(task, runs, ours=ours)) for ours in (True, False))]
    cells.append(f"{error_ratio(task, runs):.3f}")
    for threads in (1, 2):
        cells += [
            f"{speed(task, runs, each, threads):,.0f}".replace(",", " ")
            for each in ("heavywater", "torch", "fused")
        ]
        cells.append(f"{speed_ratio(task, runs, threads):.2f}")
    return cells


def _error(values: Sequence[float]) -> str:
    spread = f" (±{stdev(values) / len(values) ** 0.5:.2%})" if len(values) > 1 else ""
    return f"{mean(values):.2%}{spread}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
