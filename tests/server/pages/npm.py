"""Packages of npm that tests need: fetched when first needed, each into a folder of its own."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from ..programs import program

BENCH = Path(__file__).parents[3] / ".bench"


def npm_package(name: str, version: str) -> Path:
    """The folder whose ``node_modules`` has a package.

    Parameters
    ----------
    name, version : str
        On npm.
    """
    folder = BENCH / f"{name.replace('/', '_')}-{version}"
    if not folder.exists():
        BENCH.mkdir(exist_ok=True)
        command = [
            program("npm", "npm", "WITH PROGRAMS OF NPM"),
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
        ]
        with tempfile.TemporaryDirectory(dir=BENCH) as making:
            subprocess.run(
                [*command, "--prefix", making, f"{name}@{version}"],
                check=True,
                capture_output=True,
                timeout=300,
            )
            Path(making).rename(folder)
            Path(making).mkdir()  # for the end of the block
    return folder
