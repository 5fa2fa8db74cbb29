"""The session of the estimators, and how many threads one of them may have where several are fitted at the same time."""

from __future__ import annotations

import multiprocessing
import os
from typing import Any

from joblib.parallel import get_active_backend

from ..backend import running
from ..backend.connection import session, start
from ..exceptions import H2OTypeError, H2OValueError


def begin_session() -> None:
    """Start a session quietly where there is none: with all cores, in a worker process of joblib with its share of them."""
    if running.connection is None:
        start(None, _share_of_process(), None)


def threads_for(n_jobs: Any) -> int | None:
    """Threads of a fit; None: all of the session.

    Parameters
    ----------
    n_jobs : int, optional
        As joblib counts: -1 all, -2 all but one. None: all, but where joblib runs fits beside each other in threads of this
        process, one for each of them.
    """
    if n_jobs is None:
        depth = _depth()
        return 1 if depth > (multiprocessing.parent_process() is not None) else None
    if isinstance(n_jobs, bool) or not hasattr(n_jobs, "__index__"):
        raise H2OTypeError(f"n_jobs={n_jobs!r} must be None or a whole number")
    if n_jobs == 0:
        raise H2OValueError("n_jobs=0: give a number of threads, -1 for all of the session, or None")
    if n_jobs < 0:
        allowed = int(session().cluster.status()["allowed_cores"])
        return max(1, allowed + 1 + int(n_jobs))
    return int(n_jobs)


def _depth() -> int:
    """How many calls of joblib this one is within."""
    return int(get_active_backend()[0].nesting_level or 0)


def _share_of_process() -> int:
    """The threads that joblib leaves to each of its processes: it says so to all that use OpenMP."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() and int(told) and multiprocessing.parent_process() else -1
