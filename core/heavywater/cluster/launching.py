"""Nodes as processes of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from .secret import new_secret_file

_END_SECONDS = 5.0
_LONGEST_REMARK = 2000


class LocalNodes:
    """Some node processes, and the secret that they share with their leader.

    They do not get the Ctrl-C of the terminal: their leader says when they are to stop. When it ends, in whatever way,
    their connections do, and so do they.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="heavywater-nodes-")
        self.secret_file = os.path.join(self._folder.name, "secret")
        self.secret = new_secret_file(self.secret_file)
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, script: str, arguments: Sequence[str], count: int) -> None:
        """Run a script of Python in so many processes."""
        package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        for number in range(len(self._processes), len(self._processes) + count):
            with open(os.path.join(self._folder.name, f"node_{number}"), "wb") as remarks:
                process = subprocess.Popen(
                    [sys.executable, "-c", script, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=remarks,
                    env=environment,
                    start_new_session=True,
                )
            self._processes.append(process)

    def failed(self) -> str:
        """What a process that has ended had to say; empty while all run."""
        for number, process in enumerate(self._processes):
            if process.poll() is not None:
                with open(
                    os.path.join(self._folder.name, f"node_{number}"), encoding="utf-8", errors="replace"
                ) as file:
                    text = file.read()[-_LONGEST_REMARK:].strip()
                return f"process {process.pid} ended with code {process.returncode}: {text or 'no message'}"
        return ""

    def close(self) -> None:
        """Wait for the processes, whose leader has told them to end; those that do not are killed."""
        for process in self._processes:
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()
        self._folder.cleanup()
