"""Nodes and their clients as processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

COMMAND = [sys.executable, "-c", "import sys; from h2o_command.main import main; sys.exit(main())"]


class NodeProcess:
    """A node that ``h2o serve`` has started, once clients can connect.

    Attributes
    ----------
    said : dict
        Its line of JSON: ``url``, ``port``, ``pid``.
    """

    def __init__(self, *options: str, errors: IO[str] | None = None, **environment: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--json", "--nthreads", "1", *options],
            stdout=subprocess.PIPE, stderr=errors or subprocess.PIPE, text=True, env={**os.environ, **environment},
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.errors = errors
        self.said: dict[str, Any] = json.loads(line)
        self.url: str = self.said["url"]

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code, and what was said on standard error."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """The same of one that ends by itself."""
        out, errors = self.process.communicate(timeout=60)
        assert out == ""
        if self.errors is not None:
            self.errors.seek(0)
            errors = self.errors.read()
        return self.process.returncode, errors


@contextmanager
def node_process(*options: str, errors: IO[str] | None = None, **environment: str) -> Iterator[NodeProcess]:
    """A node until the end of the block, whatever happens; `errors` is a file for what it says, which nobody reads otherwise."""
    node = NodeProcess(*options, errors=errors, **environment)
    try:
        yield node
    finally:
        if node.process.poll() is None:
            node.process.kill()
            node.process.communicate()


@contextmanager
def client_process(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A program of a client, which is killed at the end of the block."""
    process = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def token_file(folder: Path, token: str) -> str:
    """A file with a token that only its owner may read."""
    path = folder / "token"
    path.write_text(token + "\n")
    path.chmod(0o600)
    return str(path)
