"""One thread for BLAS while the engine's own threads call it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

SCIPY = "scipy.linalg.cython_blas"  # whose library the engine calls, and which it loads: to score, NumPy's is enough
_lock = threading.Lock()
_users = 0
_limits: dict[bool, Any] = {}  # by whether SciPy's library was there


@cache
def _controller(with_scipy: bool) -> Any:
    """The libraries of the process. Looking for them takes milliseconds, so it is done once, and again with SciPy's."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _take_over() -> None:
    """Let this thread set limits: newer versions of threadpoolctl leave that to the thread which came first."""
    from threadpoolctl import OpenBLASController

    clear = getattr(OpenBLASController, "clear_controlling_thread", None)
    if clear is not None:
        clear(force=True)


@contextmanager
def single_threaded_blas() -> Iterator[None]:
    """Limit BLAS to one thread per call.

    The limit is the process's, and several models may train at once: the first to come sets it, the last to leave takes
    it back.
    """
    global _users
    with _lock:
        loaded = SCIPY in sys.modules
        if loaded not in _limits:
            _take_over()
            _limits[loaded] = _controller(loaded).limit(limits=1, user_api="blas")
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            while _users == 0 and _limits:  # the last one first: it has found the limits of the one before
                _take_over()
                _limits.popitem()[1].restore_original_limits()
