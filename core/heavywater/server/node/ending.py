"""The end of a node, for those who wait for it in a thread and those who may not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Ending(threading.Event):
    """An event that tells others when it is set, too; from whatever thread, perhaps from the handler of a signal."""

    def __init__(self) -> None:
        super().__init__()
        self._told: list[Callable[[], None]] = []

    def set(self) -> None:
        """The end has come."""
        super().set()
        for each in list(self._told):
            each()

    @contextmanager
    def telling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Within this context the end is told: at once where it has come; perhaps twice."""
        self._told.append(callback)
        try:
            if self.is_set():
                callback()
            yield
        finally:
            self._told.remove(callback)
