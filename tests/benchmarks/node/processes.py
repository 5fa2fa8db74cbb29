"""Nodes and scoring services in processes of their own, and how much other work disturbs them."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..run import _busy_seconds


@dataclass(frozen=True)
class Served:
    """A process that answers.

    Attributes
    ----------
    url, host, port
        Where.
    pid : int
    """

    url: str
    host: str
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time until now."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_kilobytes(self) -> int:
        """Memory in use."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


@contextlib.contextmanager
def served(*options: str) -> Iterator[Served]:
    """A process of ``h2o serve`` with some options, in a folder of its own."""
    command = [sys.executable, "-m", "h2o", "serve", "--port", "0", "--json", *options]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            parts = urlsplit(url)
            yield Served(url, str(parts.hostname), int(parts.port or 0), process.pid)
        finally:
            process.terminate()


class Disturbance:
    """How many cores are busy with the work of others, from its making on."""

    def __init__(self, served_pids: tuple[Served, ...]) -> None:
        self._served = served_pids
        self._start, self._busy, self._own = time.monotonic(), _busy_seconds(), self._ours()

    def _ours(self) -> float:
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(each.ru_utime + each.ru_stime for each in usages) + sum(
            each.cpu_seconds() for each in self._served
        )

    def cores(self) -> float:
        """The mean until now."""
        other = _busy_seconds() - self._busy - (self._ours() - self._own)
        return max(0.0, other) / (time.monotonic() - self._start)
