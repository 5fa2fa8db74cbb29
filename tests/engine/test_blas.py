"""The limit on BLAS threads while several models train."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import scipy.linalg.cython_blas  # noqa: F401 : its library is to be there before it is looked for
from heavywater.engine.blas import single_threaded_blas
from threadpoolctl import threadpool_info


def blas_threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_the_last_to_leave_takes_the_limit_back() -> None:
    before = blas_threads()
    first, second = single_threaded_blas(), single_threaded_blas()
    first.__enter__()
    second.__enter__()
    assert set(blas_threads()) <= {1}
    first.__exit__(None, None, None)
    assert set(blas_threads()) <= {1}
    second.__exit__(None, None, None)
    assert blas_threads() == before


def test_a_library_that_comes_later_is_limited_too() -> None:
    """Who only scores does not load SciPy's; who trains does, perhaps in the middle of it."""
    program = """
import os, sys
import numpy
from heavywater.engine.blas import SCIPY, single_threaded_blas
from threadpoolctl import threadpool_info

def limits():
    return {pool["filepath"]: pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

before = limits()
with single_threaded_blas():
    assert SCIPY not in sys.modules
    assert set(limits().values()) == {1}
    import scipy.linalg.cython_blas
    with single_threaded_blas():
        assert set(limits().values()) == {1}, limits()
after = limits()
assert all(after[path] == number for path, number in before.items()), (before, after)
assert set(after.values()) == set(before.values())
"""
    subprocess.run(
        [sys.executable, "-c", program], check=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "2"}
    )


def test_any_thread_can_set_the_limit() -> None:
    """One after another, though the first is still alive."""
    before = blas_threads()

    def limited() -> list[int]:
        with single_threaded_blas():
            return blas_threads()

    with ThreadPoolExecutor(1) as pool:
        for _ in range(2):
            assert set(pool.submit(limited).result()) <= {1}
            assert set(limited()) <= {1}
    assert blas_threads() == before
