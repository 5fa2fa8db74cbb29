"""R for the tests: its package installed in a library of its own, and a way to run scripts."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "rfront"
Run = Callable[..., str]


@pytest.fixture(scope="session")
def rscript() -> str:
    """Path of Rscript; without R the tests are skipped loudly, except where make should have installed it."""
    found = shutil.which("Rscript")
    if found is None:
        message = (
            "R is missing, the R package is NOT tested. `.ci/packages r` names or installs what it takes."
        )
        if os.geteuid() == 0:
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def r_environment(rscript: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment of a process that finds the package, installed from the source tree, and this Python.

    The processes of a run of tests share what the first one that needs it has installed.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    library = folder / "library-of-r"
    library.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "HEAVYWATER_PYTHON": sys.executable,
        "R_LIBS": os.pathsep.join([str(library), *filter(None, [os.environ.get("R_LIBS")])]),
    }
    with (folder / "library-of-r.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (library / "h2o").exists():
            source = tmp_path_factory.mktemp("source") / "h2o"
            shutil.copytree(PACKAGE, source)
            command = [
                "R",
                "CMD",
                "INSTALL",
                "--no-docs",
                "--no-test-load",
                f"--library={library}",
                str(source),
            ]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    return environment


@pytest.fixture(scope="session")
def run_r(rscript: str, r_environment: dict[str, str]) -> Run:
    """Run an R script with arguments; what it printed. Fails with that when the script does."""

    def run(script: str, *arguments: str | Path, **more: str) -> str:
        command = [rscript, "--vanilla", "-e", script, *map(str, arguments)]
        done = subprocess.run(
            command, env={**r_environment, **more}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return run
