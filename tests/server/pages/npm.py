"""Packages of npm that tests need: fetched when first needed, each into a folder of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ...benchmarks.environments import FOLDER, made_once
from ..programs import finished, program

_INSTALL = ("install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts")


def npm_package(name: str, version: str) -> Path:
    """The folder whose ``node_modules`` has a package.

    Parameters
    ----------
    name, version : str
        On npm.
    """
    npm = program("npm", "npm", "WITH PROGRAMS OF NPM")
    folder = FOLDER / f"{name.replace('/', '_')}-{version}"
    with made_once():
        if not folder.exists():
            making = Path(tempfile.mkdtemp(dir=FOLDER))
            command = [npm, *_INSTALL, "--prefix", str(making), f"{name}@{version}"]
            finished(command, 300).check_returncode()
            making.rename(folder)
    return folder
