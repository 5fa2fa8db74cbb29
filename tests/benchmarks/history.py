"""One history of what was measured: a line for each figure of each run, oldest first."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FIELDS = (
    "date",
    "processor",
    "cores",
    "engine",
    "version",
    "workload",
    "threads",
    "quantity",
    "median",
    "lowest",
    "highest",
    "runs",
    "disturbed_runs",
    "test_error",
)


def add(path: Path, machine: dict[str, Any], summaries: Sequence[dict[str, Any]]) -> None:
    """Add the figures of a run, in place of those of the same day, version and processor.

    Parameters
    ----------
    path : Path
        Made if need be.
    machine : dict
        See `report.describe_machine`.
    summaries : sequence of dict
        See `report.summarize`.
    """
    new = [_line(machine, summary) for summary in summaries]
    replaced = {_key(line) for line in new}
    kept = [line for line in read(path) if _key(line) not in replaced]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*kept, *new])


def read(path: Path) -> list[dict[str, str]]:
    """All lines, none where there is no history."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _line(machine: dict[str, Any], summary: dict[str, Any]) -> dict[str, str]:
    known = {
        "date": machine["date"],
        "processor": machine["processor"],
        "cores": machine["cores"],
        "version": machine["versions"].get(summary["engine"], ""),
    } | summary
    return {field: _text(known[field]) for field in FIELDS}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _key(line: dict[str, str]) -> tuple[str, ...]:
    return tuple(line[field] for field in ("date", "processor", "engine", "version", "workload", "threads"))
