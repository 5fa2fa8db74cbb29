"""Work on many columns, or parts of rows, at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
_FEWEST = 200_000  # fewer numbers are done before threads have started
_threads: ContextVar[int] = ContextVar("threads", default=1)


@contextmanager
def threads_of_session(count: int) -> Iterator[None]:
    """Let so many threads be used in the body of the with statement."""
    token = _threads.set(count)
    try:
        yield
    finally:
        _threads.reset(token)


def for_each(
    work: Callable[[Item], Made], items: Iterable[Item], size: int, most: int | None = None
) -> list[Made]:
    """What `work` makes of each column, or of each part of rows, in order.

    Parameters
    ----------
    work : callable
        Must spend its time in numpy, Arrow or compiled code, which let other threads run.
    items : iterable
    size : int
        How many numbers each of them has: for a few no threads are started.
    most : int, optional
        How many may be worked on at the same time, for the sake of memory.
    """
    given = list(items)
    count = min(_threads.get(), len(given), most or len(given))
    if count < 2 or size < _FEWEST:
        return [work(each) for each in given]
    with ThreadPoolExecutor(count, thread_name_prefix="heavywater-columns") as pool:
        return list(pool.map(work, given))
