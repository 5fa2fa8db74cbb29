"""Start a server of the real H2O: on ports that nobody else takes meanwhile, or again on others.

Runs in the environment of the real H2O, so it needs nothing but Python.
"""

from __future__ import annotations

import random
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 300  # seconds for the server to start; the client's own limit of 60 is short on a busy machine
TRIES = 3
PORTS = range(20_000, 32_000)  # below those that systems give to connections, and to who asks for any port
LINES = 20  # of the log, in the message of an error


class NotStarted(RuntimeError):
    """The server did not start; the message has the end of its log."""


def is_free(port: int) -> bool:
    """Whether a server could listen at a port."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def free_pair() -> int:
    """A free port whose next one is free, too: there H2O's nodes would talk to each other."""
    while True:
        port = random.choice(PORTS)
        if is_free(port) and is_free(port + 1):
            return port


@contextmanager
def started(
    command: Callable[[int], Sequence[str | Path]], answers: Callable[[int], bool], folder: Path
) -> Iterator[int]:
    """The port of a server that runs until the end of the block.

    Parameters
    ----------
    command : callable
        From a port to the command that starts a server there.
    answers : callable
        From a port to whether the server that was started answers there.
    folder : Path
        For the logs: ``server.log``, ``server_2.log`` ...

    Raises
    ------
    NotStarted
        After `TRIES` that failed.
    """
    process, port = _tried(command, answers, folder)
    try:
        yield port
    finally:
        _ended(process)


def _tried(
    command: Callable[[int], Sequence[str | Path]], answers: Callable[[int], bool], folder: Path
) -> tuple[subprocess.Popen[bytes], int]:
    failures = []
    for number in range(1, TRIES + 1):
        port, path = free_pair(), folder / ("server.log" if number == 1 else f"server_{number}.log")
        with path.open("wb") as log:
            process = subprocess.Popen([str(part) for part in command(port)], stdout=log, stderr=log)
        try:
            if _comes(process, answers, port):
                return process, port
        except BaseException:
            _ended(process)
            raise
        code = process.poll()
        _ended(process)
        how = f"ended with code {code}" if code is not None else f"did not answer within {PATIENCE} s"
        failures.append(f"at port {port} it {how}; {path.name} ends:\n{last_lines(path)}")
    raise NotStarted("\n".join(["H2O's server did not start", *failures]))


def _comes(process: subprocess.Popen[bytes], answers: Callable[[int], bool], port: int) -> bool:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if answers(port):
            return True
        time.sleep(0.3)
    return False


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()  # there is nothing to save, and asked to end H2O may take minutes
    process.wait()


def last_lines(path: Path) -> str:
    """The end of a log."""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES:])
