"""Measure pandas, which knows no threads: ``python -m tests.benchmarks.worker_pandas '<job as JSON>'`` prints one JSON line."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import pandas

from . import tables


def _group(table: Any, _: Any) -> Any:
    return table.groupby("group")["number"].agg(["sum", "std", "median"])


def _merge(table: Any, partners: Any) -> Any:
    return table.merge(partners, on="key")


def _sort(table: Any, _: Any) -> Any:
    return table.sort_values(["group", "number"])


TASKS: dict[str, Callable[[Any, Any], Any]] = {"group": _group, "merge": _merge, "sort": _sort}


def main() -> None:
    """Do the job once to warm up, with few rows, and once by the clock."""
    job = json.loads(sys.argv[1])
    work, rows = TASKS[job["task"]], job["rows"]
    table, partners = tables.table(rows), tables.partners(rows)
    work(table[:1000], partners)
    start = time.perf_counter()
    found = work(table, partners)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {"seconds": seconds, "rows": len(found), "peak_rss_mb": peak, "version": pandas.__version__}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
