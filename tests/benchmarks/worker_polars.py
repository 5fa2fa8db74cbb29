"""Measure polars in .bench/polars: ``python -m tests.benchmarks.worker_polars '<job as JSON>'`` prints one JSON line."""

from __future__ import annotations

import json
import os
import resource
import sys
import time


def main() -> None:
    """Read the file into memory."""
    job = json.loads(sys.argv[1])
    os.environ["POLARS_MAX_THREADS"] = str(job["threads"])
    import polars

    start = time.perf_counter()
    table = polars.read_csv(job["train"])
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {"seconds": seconds, "rows": table.height, "peak_rss_mb": peak, "version": polars.__version__}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
