"""Measure this package: ``worker_heavywater.py '<job as JSON>'`` prints one JSON line."""

from __future__ import annotations

import json
import resource
import sys

import h2o
import h2o_tasks
import heavywater


def main() -> None:
    """Do the job in this process."""
    job = json.loads(sys.argv[1])
    h2o.init(nthreads=job["threads"])
    h2o.no_progress()
    result = h2o_tasks.TASKS[job["task"]](job)
    unit = 1024 if sys.platform != "darwin" else 1024**2  # ru_maxrss is in KB, on macOS in bytes
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps(result | {"peak_rss_mb": peak, "version": heavywater.__version__}))


if __name__ == "__main__":
    main()
