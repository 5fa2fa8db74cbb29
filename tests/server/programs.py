"""Programs of the system that tests of nodes need."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Sequence

import pytest


def program(name: str, package: str, where: str) -> str:
    """The path of a program; without it the module is skipped, and the summary of warnings says so.

    Parameters
    ----------
    name : str
    package : str
        Of Debian, which has it.
    where : str
        What is not tried without it.
    """
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if found is None:
        warnings.warn(f"NODES ARE NOT TRIED {where}: sudo apt-get install {package}", stacklevel=2)
        pytest.skip(f"there is no {name}", allow_module_level=True)
    return found


def finished(command: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; after so long it is killed with all that it has started, which would else keep its output open.

    Raises
    ------
    subprocess.TimeoutExpired
        It was killed.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
        )
        try:
            process.wait(seconds)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, process.returncode, out.read(), err.read())
