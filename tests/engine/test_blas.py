"""The limit on BLAS threads while several models train."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

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
