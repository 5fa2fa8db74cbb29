"""Measure this package: ``python -m tests.benchmarks.worker_heavywater '<job as JSON>'`` prints one JSON line."""

from __future__ import annotations

import json
import resource
import sys

import h2o
import heavywater
from h2o.backend.connection import session

from . import h2o_tasks


def main() -> None:
    """Do the job in this process."""
    job = json.loads(sys.argv[1])
    h2o.init(nthreads=job["threads"])
    h2o.no_progress()
    result = h2o_tasks.TASKS[job["task"]](job)
    unit = 1024 if sys.platform != "darwin" else 1024**2  # ru_maxrss is in KB, on macOS in bytes
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    columns = session().cluster.status()["memory_used"] / 2**20
    sizes = {"peak_rss_mb": peak, "columns_mb": columns, "excess_mb": peak - 1.5 * columns}
    print(json.dumps(result | sizes | {"version": heavywater.__version__}))


if __name__ == "__main__":
    main()
