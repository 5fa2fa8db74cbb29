"""Programs that pages show, and how tests run them: Python in one process for all pages, shell with this checkout's `h2o`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# Each page has names of its own; all have one session.
TOGETHER = """
import sys
sys.path[:0] = {path!r}
for page, text in {pages!r}.items():
    print("PAGE", page, flush=True)
    exec(compile(text, page, "exec"), {{"__name__": "page"}})
"""


def blocks(path: Path, language: str) -> list[str]:
    """The programs of a page in a language, in their order."""
    return [text for name, text in FENCE.findall(path.read_text(encoding="utf-8")) if name == language]


def python(paths: Iterable[Path], folder: Path, prelude: str = "") -> str:
    """Run the Python of pages, each page as one program, and give what they printed."""
    pages = {path.name: "\n".join(blocks(path, "python")) for path in paths}
    program = prelude + TOGETHER.format(path=sys.path, pages=pages)
    return run([sys.executable, "-c", program], folder)


def shell(text: str, folder: Path) -> str:
    """Run lines of a shell, which ends at the first one that fails."""
    return run(["bash", "-c", f'set -e\nh2o() {{ "{sys.executable}" -m h2o "$@"; }}\n{text}'], folder)


def run(command: list[str], folder: Path) -> str:
    """Run a command in a folder; what it printed. Fails with its errors when it does."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "MPLBACKEND": "agg"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, check=False, env=environment, timeout=240
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
    return done.stdout
