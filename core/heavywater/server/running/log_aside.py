"""Lines of the log, written by a thread of their own: whoever does not read them does not stop the node."""

from __future__ import annotations

import logging
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_LINES = 10_000  # that wait to be written; further ones are counted
_END_SECONDS = 2.0
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class AsideHandler(logging.Handler):
    """Writes to standard error, aside."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(_FORM))
        self._lines: queue.Queue[str | None] = queue.Queue(_LINES)
        self._lost = 0
        self._thread = threading.Thread(target=self._write, name="heavywater: log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record, or count it where too many wait."""
        try:
            self._lines.put_nowait(self.format(record))
        except queue.Full:
            self._lost += 1

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            lost, self._lost = self._lost, 0
            with suppress(OSError, ValueError):  # nobody is there to read
                print(f"({lost} lines are lost)\n{line}" if lost else line, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Write what waits, if somebody reads it."""
        with suppress(queue.Full):
            self._lines.put_nowait(None)
        self._thread.join(_END_SECONDS)
        super().close()


@contextmanager
def logged_aside(requests: bool) -> Iterator[None]:
    """Within the block, log warnings to standard error, and if it is wanted requests."""
    root, handler = logging.getLogger(), AsideHandler()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO if requests else logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()
