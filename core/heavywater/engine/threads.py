"""How many threads to use: one place that turns requests, affinity and container quotas into a number."""

from __future__ import annotations

import os
from pathlib import Path

_forked = False


def _after_fork() -> None:
    global _forked
    _forked = True


os.register_at_fork(after_in_child=_after_fork)


def available() -> int:
    """Processors this process may use: affinity, then the container's CPU quota, rounded up.

    Returns
    -------
    int, at least 1
    """
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _cgroup_quota()
    return max(1, min(cpus, quota) if quota else cpus)


def _cgroup_quota() -> int | None:
    try:
        limit, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()[:2]
        return None if limit == "max" else max(1, -(-int(limit) // int(period)))
    except (OSError, ValueError):
        return None


def resolve(requested: int | None) -> int:
    """Number of threads for a request.

    Parameters
    ----------
    requested : int or None
        -1, 0 or None: all processors this process may use.

    Returns
    -------
    int
        1 in a process forked from one that had used threads: OpenMP does not survive a fork.
    """
    if _forked:
        return 1
    return available() if requested is None or requested <= 0 else int(requested)
