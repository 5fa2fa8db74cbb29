"""Machines that are none: network namespaces, and a cable between them that is slow, far or bad; see `switch.c`."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_NODE = "import sys; from h2o.command_line import main; sys.exit(main())"


@functools.cache
def switch_program() -> str:
    """The program, compiled.

    Raises
    ------
    RuntimeError
        It cannot run here; why.
    """
    if sys.platform != "linux":
        raise RuntimeError("network namespaces are a thing of Linux")
    program = str(Path(tempfile.mkdtemp(prefix="heavywater-")) / "switch")
    source = Path(__file__).with_name("switch.c")
    compiler = os.environ.get("CC", "gcc").split()
    for command in ([*compiler, "-O2", "-o", program, str(source)], [program, "2"]):
        try:
            ran = subprocess.run(
                command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
            )
        except OSError as error:
            raise RuntimeError(str(error)) from error
        if ran.returncode:
            raise RuntimeError(f"{command[0]}: {ran.stderr.strip()}")
    return program


class Lab:
    """Hosts on one network; host k has the addresses 10.77.0.k and fd77::k.

    Parameters
    ----------
    hosts : int
    """

    def __init__(self, hosts: int) -> None:
        self._switch = subprocess.Popen(
            [switch_program(), str(hosts)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._spaces = [f"/proc/{self._switch.pid}/fd/{self._line()}" for _ in range(hosts)]
        self._processes: list[subprocess.Popen[str]] = []

    def _line(self) -> str:
        assert self._switch.stdout is not None
        line = self._switch.stdout.readline().strip()
        assert line, "the switch has ended"
        return line

    def _tell(self, command: str) -> list[int]:
        """Packets passed on, lost, without room, so far."""
        assert self._switch.stdin is not None
        self._switch.stdin.write(command + "\n")
        self._switch.stdin.flush()
        return [int(each) for each in self._line().split()]

    def set(self, milliseconds: float = 0, loss: float = 0, megabits: float = 0) -> None:
        """Another network: time one way between two hosts, share of packets lost, rate of each host's cable (0: no bound)."""
        self._tell(f"set {1e3 * milliseconds:g} {loss:g} {125e3 * megabits:g}")

    def count(self) -> list[int]:
        """Packets passed on, lost, without room, so far."""
        return self._tell("count")

    def cut(self, host: int) -> None:
        """Take the device of a host down."""
        self._tell(f"down {host}")

    def mend(self, host: int) -> None:
        """Bring it up again."""
        self._tell(f"up {host}")

    @contextlib.contextmanager
    def inside(self, host: int) -> Iterator[None]:
        """Within, this thread opens its sockets on a host, as do threads that it starts."""
        libc = ctypes.CDLL(None, use_errno=True)

        def enter(space: int) -> None:
            if libc.setns(space, _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

        with open("/proc/thread-self/ns/net", "rb") as home, open(self._spaces[host - 1], "rb") as there:
            enter(there.fileno())
            try:
                yield
            finally:
                enter(home.fileno())

    def run(self, host: int, command: list[str]) -> subprocess.Popen[str]:
        """A process on a host, which ends with the lab."""
        process = subprocess.Popen(
            ["nsenter", f"--net={self._spaces[host - 1]}", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._processes.append(process)
        return process

    def node(self, host: int, address: str, secret: str) -> subprocess.Popen[str]:
        """A node with one thread on a host."""
        command = [sys.executable, "-c", _NODE, "node", "--join", address, "--secret-file", secret]
        return self.run(host, [*command, "--nthreads", "1"])

    def close(self) -> None:
        """End all."""
        for process in self._processes:
            process.kill()
            process.communicate()
        self._switch.communicate("")
