"""Run tests of the front ends at a node in another process, with another working folder: ``python -m tests.session.at_node``.

Arguments are those of pytest; by default the tests of the Python front end and of the R package.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEFAULT = ["tests/front", "tests/rfront/test_package.py"]
_SERVE = "import sys; from h2o_command.main import main; sys.exit(main(sys.argv[1:]))"


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """Address of a node in a process of its own until the end of the block; its working folder is an empty one."""
    with tempfile.TemporaryDirectory() as folder:
        port = Path(folder) / "port"
        (Path(folder) / "work").mkdir()
        node = subprocess.Popen(
            [sys.executable, "-c", _SERVE, "serve", "--port", "0", "--port-file", str(port), *options],
            cwd=Path(folder) / "work",
            env={key: value for key, value in os.environ.items() if key != "HEAVYWATER_SESSION"},
            stdout=subprocess.DEVNULL,
        )
        try:
            while not port.exists():
                if node.poll() is not None:
                    raise RuntimeError(f"the node has ended with {node.returncode}")
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port.read_text().split()[0]}"
        finally:
            node.terminate()
            node.wait(60)


def run(arguments: list[str]) -> int:
    """Run pytest at a node; its exit code."""
    with serving("--allow-addresses") as url:
        command = [sys.executable, "-m", "pytest", *(arguments or DEFAULT)]
        return subprocess.run(command, env={**os.environ, "HEAVYWATER_SESSION": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
