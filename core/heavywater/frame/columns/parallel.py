"""Work on many columns at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from .column import Column

Item = TypeVar("Item")
_FEWEST_ROWS = 200_000  # fewer are done before threads have started
_threads: ContextVar[int] = ContextVar("threads", default=1)


@contextmanager
def threads_of_session(count: int) -> Iterator[None]:
    """Let so many threads be used in the body of the with statement."""
    token = _threads.set(count)
    try:
        yield
    finally:
        _threads.reset(token)


def for_each_column(work: Callable[[Item], Column], columns: Iterable[Item], rows: int) -> list[Column]:
    """What `work` makes of each column, or of what is to become one, in order.

    Parameters
    ----------
    work : callable
        Must spend its time in numpy or Arrow, which let other threads run.
    columns : iterable
    rows : int
        How many rows each result has: for a few no threads are started.
    """
    given = list(columns)
    count = min(_threads.get(), len(given))
    if count < 2 or rows < _FEWEST_ROWS:
        return [work(column) for column in given]
    with ThreadPoolExecutor(count, thread_name_prefix="heavywater-columns") as pool:
        return list(pool.map(work, given))
