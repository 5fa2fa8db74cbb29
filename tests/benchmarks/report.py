"""The table and the JSON of a benchmark run."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from . import history
from .workloads import ERROR_TO_REACH, TARGETS, Target, Workload

DISTURBED = 0.15  # cores busy with other work, above which a run is marked
OF_OURS = ("speed", "limit")  # kinds of targets that no peer is needed for
UNITS = {"rows_per_second": "rows/s", "seconds": "s", "peak_rss_mb": "MB", "excess_mb": "MB"}
PEER_NAMES = {"h2o": "H2O", "torch": "PyTorch", "polars": "polars", "pandas": "pandas"}

Run = dict[str, Any]
Summary = dict[str, Any]


def write(
    folder: Path,
    workloads: list[Workload],
    runs: list[Run],
    targets: Sequence[Target] = TARGETS,
    measured_now: set[str] | None = None,
) -> None:
    """Print the table and write ``speed.md`` and ``speed.json`` into `folder`.

    Parameters
    ----------
    folder : Path
        Made if need be.
    workloads : list of Workload
        Those that were measured, in the order of the table.
    runs : list of dict
        The result of every worker, with workload, engine, threads and repeat.
    targets : sequence of Target, optional
        What is to be reached; none for runs that are too short to tell.
    measured_now : set of str, optional
        Workloads that go into the history, ``history.csv``; the others are of runs before. By default all.
    """
    summaries = summarize(workloads, runs)
    checked = [found for target in targets if (found := reached(target, workloads, summaries))]
    machine = describe_machine(runs)
    text = markdown(machine, workloads, summaries, checked, runs)
    print("\n" + text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "speed.md").write_text(text)
    now = [each for each in summaries if measured_now is None or each["workload"] in measured_now]
    history.add(folder / "history.csv", machine, now)
    content = {"machine": machine, "summaries": summaries, "targets": checked, "runs": runs}
    (folder / "speed.json").write_text(json.dumps(content, indent=1) + "\n")


def recorded(folder: Path) -> list[Run]:
    """The runs behind the results that are there, none if there are none."""
    path = folder / "speed.json"
    return list(json.loads(path.read_text())["runs"]) if path.exists() else []


def summarize(workloads: list[Workload], runs: list[Run]) -> list[Summary]:
    """The median and the spread of each workload, engine and number of threads, failures left out."""
    groups: dict[tuple[str, str, int], list[Run]] = defaultdict(list)
    for run in runs:
        if "failure" not in run:
            groups[run["workload"], run["engine"], run["threads"]].append(run)
    return [
        dict(zip(("workload", "engine", "threads"), group, strict=True)) | _summary(work, groups[group])
        for work in workloads
        for group in sorted(groups)
        if group[0] == work.name
    ]


def _summary(work: Workload, runs: list[Run]) -> Summary:
    values = [run[work.quantity] for run in runs]
    errors = [run["test_error"] for run in runs if "test_error" in run]
    return {
        "quantity": work.quantity,
        "median": median(values),
        "lowest": min(values),
        "highest": max(values),
        "runs": len(values),
        "disturbed_runs": sum((run["other_cores_busy"] or 0) > DISTURBED for run in runs),
        "test_error": median(errors) if errors else None,
        "peak_rss_mb": median(run["peak_rss_mb"] for run in runs),
    }


def reached(target: Target, workloads: list[Workload], summaries: list[Summary]) -> dict[str, Any] | None:
    """What was reached of a target, None if it was not measured."""
    work = next((work for work in workloads if work.name == target.workload), None)
    ours = work and _find(summaries, target.workload, "heavywater", target.threads)
    if not work or not ours:
        return None
    value, valid = ours["median"], True
    if target.kind == "scaling":
        other = _find(summaries, target.workload, "heavywater", 1)
    else:
        other = _find(summaries, target.workload, work.peer, target.threads)
    if target.kind not in OF_OURS:
        if not other:
            return None
        less_is_better = work.quantity != "rows_per_second"
        value = other["median"] / value if less_is_better else value / other["median"]
    if work.name == "race":  # a race is won by arriving: the error must be reached
        valid = ours["test_error"] <= ERROR_TO_REACH
    good = value <= target.value if target.kind == "limit" else value >= target.value
    return {
        "workload": target.workload,
        "kind": target.kind,
        "target": target.value,
        "value": value,
        "reached": bool(good and valid),
    }


def _find(summaries: list[Summary], workload: str, engine: str | None, threads: int) -> Summary | None:
    wanted = (workload, engine, threads)
    return next((s for s in summaries if (s["workload"], s["engine"], s["threads"]) == wanted), None)


def describe_machine(runs: list[Run]) -> dict[str, Any]:
    """Where and with what the runs were made."""
    versions = {run["engine"]: run["version"] for run in runs if "version" in run}
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": versions,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def markdown(
    machine: dict[str, Any],
    workloads: list[Workload],
    summaries: list[Summary],
    targets: list[dict[str, Any]],
    runs: list[Run],
) -> str:
    """The whole report as Markdown."""
    versions = ", ".join(f"{engine} {version}" for engine, version in sorted(machine["versions"].items()))
    parts = [
        "# Benchmarks",
        f"{machine['date']}, {machine['processor']}, {machine['cores']} cores, Python {machine['python']}; "
        f"{versions}.\n\nHow each figure is taken: the docstring of `tests/benchmarks`. Medians; in "
        "brackets half of the distance from the lowest to the highest run. Test errors and peaks: 2 threads.",
        _table(*_speed_rows(workloads, summaries)),
    ]
    if targets:
        parts += ["## Targets (2 threads)", _table(*_target_rows(workloads, targets))]
    disturbed = sum(summary["disturbed_runs"] for summary in summaries)
    if disturbed:
        parts.append(
            f"**{disturbed} of {len(runs)} runs were disturbed**: other work took more than {DISTURBED} "
            "cores. A figure with a disturbed run in it is marked with *."
        )
    for run in runs:
        if "failure" in run:
            where = f"{run['workload']}, {run['engine']}, {run['threads']} thread(s)"
            parts.append(f"**Failed**: {where}: {run['failure'].splitlines()[-1]}")
    return "\n\n".join(parts) + "\n"


def _speed_rows(workloads: list[Workload], summaries: list[Summary]) -> tuple[list[str], list[list[str]]]:
    head = ["workload", "ours, 1 thread", "2 threads", "peer", "1 thread", "2 threads", "ratio at 2"]
    head += ["test error ours", "peer", "peak MB ours", "peer"]
    rows = []
    for work in workloads:
        found = [_find(summaries, work.name, e, t) for e in ("heavywater", work.peer) for t in (1, 2)]
        ours, peer = found[1], found[3]
        rows.append(
            [
                f"{work.title} [{UNITS[work.quantity]}]",
                *map(_figure, found[:2]),
                PEER_NAMES.get(work.peer or "", ""),
                *map(_figure, found[2:]),
                _ratio(work, ours, peer),
                *(_percent(s["test_error"]) if s else "" for s in (ours, peer)),
                *(f"{s['peak_rss_mb']:.0f}" if s else "" for s in (ours, peer)),
            ]
        )
    return head, rows


def _ratio(work: Workload, ours: Summary | None, peer: Summary | None) -> str:
    if not ours or not peer:
        return ""
    ratio = ours["median"] / peer["median"]
    return f"{ratio if work.quantity == 'rows_per_second' else 1 / ratio:.3g}"


def _target_rows(
    workloads: list[Workload], targets: list[dict[str, Any]]
) -> tuple[list[str], list[list[str]]]:
    works = {work.name: work for work in workloads}
    rows = []
    for target in targets:
        work = works[target["workload"]]
        peer = PEER_NAMES.get(work.peer or "", "")
        wording = {
            "ratio": ("at least {:g} x " + peer, "{:.3g} x"),
            "speed": ("at least {:g} " + UNITS[work.quantity], "{:.0f} " + UNITS[work.quantity]),
            "limit": ("at most {:g} " + UNITS[work.quantity], "{:.3g} " + UNITS[work.quantity]),
            "scaling": ("2 threads at least {:g} x 1 thread", "{:.3g} x"),
        }
        wanted, value = wording[target["kind"]]
        rows.append(
            [
                work.title,
                wanted.format(target["target"]),
                value.format(target["value"]),
                "yes" if target["reached"] else "**no**",
            ]
        )
    return ["workload", "target", "measured", "reached"], rows


def _figure(summary: Summary | None) -> str:
    if summary is None:
        return ""
    value = summary["median"]
    text = f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.3g}"
    spread = (
        f" (±{(summary['highest'] - summary['lowest']) / abs(value) / 2:.0%})" if summary["runs"] > 1 else ""
    )
    return text + spread + ("*" if summary["disturbed_runs"] else "")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.2%}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
