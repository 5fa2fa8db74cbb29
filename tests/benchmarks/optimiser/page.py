"""What is written of the runs: errors as means over seeds, speeds as medians."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median, stdev
from typing import Any

from .tasks import Task

ERRORS = ["task", "epochs", "test error ours", "PyTorch", "ratio"]
SPEEDS = ["task", "processor time ours", "PyTorch", "fused", "ratio", "rows/s ours, 1 thread", "PyTorch", "fused", "ratio",
          "2 threads ours", "PyTorch", "fused", "ratio"]  # fmt: skip
ERROR_LIMIT, SPEED_LIMIT = 1.05, 2.0
QUIET = 0.9  # share of a processor from which nothing else ran
ENGINES = ("heavywater", "torch", "fused")

Run = dict[str, Any]


def markdown(machine: dict[str, Any], tasks: Sequence[Task], runs: Sequence[Run]) -> str:
    """The whole page."""
    versions = ", ".join(sorted({f"{_name(run['engine'])} {run['version']}" for run in runs}))
    seeds = len({run["seed"] for run in runs})
    parts = [
        "# Adam beside PyTorch's",
        f"{machine['date']}, {machine['processor']}, {machine['cores']} cores; {versions}. {seeds} seeds.",
        "Nets of 200 and 200 Rectifiers, AdamW (0.9, 0.95), weight decay 0.01, a rate that falls along a cosine, no dropout. Test "
        "errors are means over all seeds (in brackets the standard error of the mean).",
        _table([ERRORS, *(_error_row(task, runs) for task in tasks)]),
        "Medians, of the epochs alone. Processor time is that of one thread, which other work on the machine changes less than rows "
        "per second. *fused* is PyTorch's compiled form of AdamW; "
        "ratios are to the faster of both.",
        _table([SPEEDS, *(_speed_row(task, runs) for task in tasks)]),
        "\n".join(f"- {line}" for task in tasks for line in verdict(task, runs)),
    ]
    if (share := processor_share(runs)) < QUIET:
        parts.insert(2, f"**Measured beside other work**: PyTorch's one thread had {share:.0%} of a processor. Errors and processor times "
                     "stand; rows per second say little.")  # fmt: skip
    return "\n\n".join(parts) + "\n"


def processor_share(runs: Sequence[Run]) -> float:
    """How much of a processor PyTorch's trainings on one thread had, the median: less than 1 where other work was done."""
    alone = [run for run in runs if run["threads"] == 1 and run["engine"] != "heavywater"]
    return median(run["processor_seconds"] / run["seconds"] for run in alone)


def errors(task: Task, runs: Sequence[Run], *, ours: bool) -> list[float]:
    """The test error of each seed: threads and form of the optimiser change a seed's little or not at all."""
    of_seed: dict[int, list[float]] = {}
    for run in runs:
        if run["task"] == task.name and (run["engine"] == "heavywater") == ours:
            of_seed.setdefault(run["seed"], []).append(run["test_error"])
    return [mean(values) for values in of_seed.values()]


def speed(task: Task, runs: Sequence[Run], engine: str, threads: int) -> float | None:
    """Rows per second, the median over seeds; None where it was not measured."""
    return _median(task, runs, engine, threads, "rows_per_second")


def work(task: Task, runs: Sequence[Run], engine: str) -> float | None:
    """Seconds of a processor for a training on one thread, the median over seeds; None where it was not measured."""
    return _median(task, runs, engine, 1, "processor_seconds")


def _median(task: Task, runs: Sequence[Run], engine: str, threads: int, what: str) -> float | None:
    wanted = (task.name, engine, threads)
    found = [run[what] for run in runs if (run["task"], run["engine"], run["threads"]) == wanted]
    return median(found) if found else None


def speed_ratio(task: Task, runs: Sequence[Run], threads: int) -> float | None:
    """How many times faster ours is than the faster form of PyTorch's, by rows per second."""
    ours, *others = (speed(task, runs, each, threads) for each in ENGINES)
    known = [each for each in others if each is not None]
    return None if ours is None or not known else ours / max(known)


def work_ratio(task: Task, runs: Sequence[Run]) -> float | None:
    """How many times less work ours is than the faster form of PyTorch's, by the time of a processor."""
    ours, *others = (work(task, runs, each) for each in ENGINES)
    known = [each for each in others if each is not None]
    return None if ours is None or not known else min(known) / ours


def error_ratio(task: Task, runs: Sequence[Run]) -> float:
    """Our mean test error over PyTorch's."""
    return mean(errors(task, runs, ours=True)) / mean(errors(task, runs, ours=False))


def verdict(task: Task, runs: Sequence[Run]) -> list[str]:
    """What was to be reached, and whether it was."""
    found, faster = error_ratio(task, runs), work_ratio(task, runs)
    lines = [
        f"{task.title}: error at most {ERROR_LIMIT:g} times PyTorch's: {found:.3f}, {_said(found <= ERROR_LIMIT)}"
    ]
    if faster is not None:
        wanted = f"{task.title}: at least {SPEED_LIMIT:g} times as fast on one thread, by processor time"
        lines.append(f"{wanted}: {faster:.2f}, {_said(faster >= SPEED_LIMIT)}")
    return lines


def _said(reached: bool) -> str:
    return "reached" if reached else "**missed**"


def _name(engine: str) -> str:
    return "heavywater" if engine == "heavywater" else "PyTorch"


def _error_row(task: Task, runs: Sequence[Run]) -> list[str]:
    shown = [_error(errors(task, runs, ours=ours)) for ours in (True, False)]
    return [task.title, str(task.epochs), *shown, f"{error_ratio(task, runs):.3f}"]


def _speed_row(task: Task, runs: Sequence[Run]) -> list[str]:
    cells = [task.title, *(_figure(work(task, runs, each), "{:.1f} s") for each in ENGINES)]
    cells.append(_figure(work_ratio(task, runs), "{:.2f}"))
    for threads in (1, 2):
        cells += [_figure(speed(task, runs, each, threads), "{:,.0f}").replace(",", " ") for each in ENGINES]
        cells.append(_figure(speed_ratio(task, runs, threads), "{:.2f}"))
    return cells


def _figure(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def _error(values: Sequence[float]) -> str:
    spread = f" (±{stdev(values) / len(values) ** 0.5:.2%})" if len(values) > 1 else ""
    return f"{mean(values):.2%}{spread}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
