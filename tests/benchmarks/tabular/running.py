"""Workers, one process at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from ..environments import ROOT, PeerUnavailable, environment_python
from .methods import METHODS

THREADS = 2
LONGEST = 3600.0  # seconds, after which a method has failed on a table
NUMBERS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Failed(RuntimeError):
    """A worker ended without figures."""


def measured(job: dict[str, Any], longest: float = LONGEST) -> dict[str, Any]:
    """The figures of a job for `worker`; ``method`` and ``threads`` have defaults.

    Raises
    ------
    Failed
        If the worker fails, takes longer than `longest` seconds, or its packages are missing.
    """
    job = {"threads": THREADS, "method": "default", **job}
    environment = METHODS[job["method"]].environment
    try:
        python = str(environment_python(environment)) if environment else sys.executable
    except PeerUnavailable as error:
        raise Failed(str(error)) from error
    command = [python, "-W", "ignore", "-m", "tests.benchmarks.tabular.worker", json.dumps(job)]
    variables = {k: v for k, v in os.environ.items() if not environment or k != "PYTHONPATH"}
    variables |= dict.fromkeys(NUMBERS, str(job["threads"]))
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=longest, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"longer than {longest:g} s") from error
    if done.returncode:
        raise Failed(_last(done.stderr.splitlines()))
    return dict(json.loads(_last(done.stdout.splitlines())))


def _last(lines: Sequence[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "nothing was said")
