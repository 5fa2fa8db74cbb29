"""A client of the stream, and jobs that do as they are told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

from heavywater.jobs import Job
from heavywater.server.node_server import RunningNode


class Told:
    """One event of a stream.

    Attributes
    ----------
    kind, id : str
    news : Any
        What it says.
    """

    def __init__(self, lines: list[str]) -> None:
        fields = dict(line.partition(": ")[::2] for line in lines)
        self.kind, self.id = fields.get("event", "message"), fields.get("id", "")
        self.news: Any = json.loads(fields["data"]) if "data" in fields else None


class Stream:
    """A stream of a node, read line by line."""

    def __init__(self, node: RunningNode, query: str = "", after: str = "") -> None:
        self.connection = HTTPConnection(node.host, node.port, timeout=20)
        headers = {"Last-Event-ID": after} if after else {}
        self.connection.request("GET", f"/live?{query}", headers=headers)
        self.reply = self.connection.getresponse()
        assert self.reply.status == 200
        self.id = ""

    def next(self) -> Told:
        """The next event."""
        lines: list[str] = []
        while not lines or lines == ["retry: 2000"]:
            lines = []
            while line := self._line():
                lines.append(line)
        found = Told(lines)
        self.id = found.id or self.id
        return found

    def _line(self) -> str:
        line = self.reply.readline()
        if not line:
            raise EOFError
        return line.decode().rstrip("\n")

    def until(self, wanted: Callable[[Any], bool]) -> list[Any]:
        """The news until some are wanted, those with them."""
        found = []
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found.append(self.next().news)
            if wanted(found[-1]):
                return found
        raise AssertionError(found)

    def close(self) -> None:
        """The client goes."""
        self.reply.close()
        self.connection.close()


@contextmanager
def stream(node: RunningNode, query: str = "", after: str = "") -> Iterator[Stream]:
    """A stream, until the end of the block."""
    opened = Stream(node, query, after)
    try:
        yield opened
    finally:
        opened.close()


class Work:
    """The work of a job that is done by the test: it reports, scores, ends and fails."""

    def __init__(self) -> None:
        self.lines: list[list[float]] = []
        self.job: Job | None = None
        self._begun, self._end = threading.Event(), threading.Event()
        self._error: Exception | None = None

    def __call__(self, job: Job) -> str:
        self.job = job
        self._begun.set()
        while not self._end.wait(0.01):
            job.stop_if_cancelled()
        if self._error is not None:
            raise self._error
        return "made"

    def report(self, fraction: float, message: str) -> None:
        self._begun.wait()
        assert self.job is not None
        self.job.update(fraction, message)

    def score(self, *values: float) -> None:
        """Add a line for each value."""
        self._begun.wait()
        assert self.job is not None
        for value in values:
            self.lines.append([float(len(self.lines)), value])
        self.job.record(lambda: {"rows": list(self.lines)}, self._curves)

    def _curves(self, first: int) -> dict[str, Any]:
        lines = self.lines[first:]
        return {
            "names": ["epochs", "training_logloss", "speed"],
            "metric": "logloss",
            "columns": [*([line[place] for line in lines] for place in (0, 1)), [1000.0] * len(lines)],
        }

    def end(self, error: Exception | None = None) -> None:
        self._error = error
        self._end.set()
        assert self.job is not None
        self.job.wait_for(10)
