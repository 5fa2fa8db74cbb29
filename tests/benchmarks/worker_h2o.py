"""Measure real H2O in .bench/h2o with Java 17: ``python -m tests.benchmarks.worker_h2o '<job as JSON>'`` prints one JSON line."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile

import h2o

from . import h2o_tasks


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_server() -> float:
    """Wait until the JVM has ended; return the peak of its resident memory in MB.

    Waiting also adds its CPU time to that of our children, by which the driver tells it from other work.
    """
    with contextlib.suppress(ChildProcessError):  # the client has waited already
        os.wait()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _visible(path: str, folder: str) -> str:
    """The file under another folder: a link where that is possible, else a copy."""
    other = os.path.join(folder, os.path.basename(path))
    try:
        os.link(path, other)
    except OSError:
        shutil.copy(path, other)
    return other


def main() -> None:
    """Start a server of our own, do the job, stop the server."""
    job = json.loads(sys.argv[1])
    # asked to stop, the server still has to be stopped: it is in a session of its own and would stay for ever
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    # a free port: an H2O that happens to run on this machine must be neither measured nor stopped
    h2o.init(port=_free_port(), nthreads=job["threads"], max_mem_size="6g")
    h2o.no_progress()
    try:
        with tempfile.TemporaryDirectory(prefix="heavywater-bench-") as folder:
            # H2O refuses to read below a folder whose name begins with a dot, such as ~/.cache
            job |= {name: _visible(job[name], folder) for name in ("train", "test")}
            result = h2o_tasks.TASKS[job["task"]](job)
    finally:
        h2o.cluster().shutdown()
    print(json.dumps(result | {"peak_rss_mb": _wait_for_server(), "version": h2o.__version__}))


if __name__ == "__main__":
    main()
