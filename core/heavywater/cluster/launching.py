"""Nodes as processes: of this machine, or of one where a scheduler of tasks has called for them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .secret import new_secret_file

_END_SECONDS = 5.0
_LONGEST_REMARK = 2000


class Launched(Protocol):
    """Nodes that a session has started, and ends."""

    def close(self) -> None:
        """Wait for nodes whose leader has told them to end; those that do not are killed where that is possible."""


class Launcher(Launched, Protocol):
    """What starts nodes on other machines, one on each, and does nothing else: they join by themselves.

    Attributes
    ----------
    name : str
        What was asked for, for messages.
    hosts : dict of str and int
        By their addresses, how many threads there are on each.
    secret_is_visible : bool
        Whether the secret of the nodes travels where others may read it.
    """

    name: str
    hosts: dict[str, int]
    secret_is_visible: bool

    def start(self, process_on: Callable[[str], NodeProcess]) -> None:
        """Start what is given for the address of a host on it, on each host."""

    def failed(self) -> list[str]:
        """What those processes that have ended had to say."""


@dataclass(frozen=True)
class NodeProcess:
    """A node that runs on the machine where this is called; it ends with the process that has called it.

    It is sent to that machine by others, which may show it: its repr does not tell the secret.

    Parameters
    ----------
    script : str
        Of Python. It gets the secret as the first bytes of its standard input, and has to end where that ends.
    arguments : tuple of str
    secret : bytes
    """

    script: str
    arguments: tuple[str, ...]
    secret: bytes = field(repr=False)

    def __call__(self) -> None:
        """Run it to its end.

        Raises
        ------
        RuntimeError
            It has failed; with its message.
        """
        with tempfile.TemporaryFile() as remarks:
            with subprocess.Popen(
                [sys.executable, "-c", self.script, *self.arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=remarks,
                env=environment(),
                start_new_session=True,
            ) as process:
                assert process.stdin is not None
                with contextlib.suppress(BrokenPipeError):  # it has ended; below is why
                    process.stdin.write(self.secret)
                    process.stdin.flush()
                process.wait()
            if process.returncode:
                remarks.seek(0)
                text = remarks.read().decode("utf-8", "replace")
                raise RuntimeError(_ended(process, text))


def _ended(process: subprocess.Popen[bytes], remarks: str) -> str:
    text = remarks[-_LONGEST_REMARK:].strip()
    return f"process {process.pid} ended with code {process.returncode}: {text or 'no message'}"


def environment() -> dict[str, str]:
    """That of this process, from which this very package is imported, and Python itself.

    R, in which this may run, has the linker look into the folders of the system first, where another Python of the same name
    can lie.
    """
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    found = {**os.environ, "PYTHONPATH": _before("PYTHONPATH", package)}
    libraries = sysconfig.get_config_var("LIBDIR")
    if os.environ.get("LD_LIBRARY_PATH") and libraries and sysconfig.get_config_var("Py_ENABLE_SHARED"):
        found["LD_LIBRARY_PATH"] = _before("LD_LIBRARY_PATH", libraries)
    return found


def _before(variable: str, folder: str) -> str:
    """The value of a variable of folders, with one more at its beginning."""
    return os.pathsep.join([folder, *filter(None, [os.environ.get(variable)])])


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
        shared = environment()
        for number in range(len(self._processes), len(self._processes) + count):
            with open(os.path.join(self._folder.name, f"node_{number}"), "wb") as remarks:
                process = subprocess.Popen(
                    [sys.executable, "-c", script, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=remarks,
                    env=shared,
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
                    return _ended(process, file.read())
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
