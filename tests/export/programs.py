"""Java and the real H2O, which the tests of exported models need, and what is said where they are missing."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from ..benchmarks.environments import PeerUnavailable, peer_python

PATIENCE = 900  # seconds


def skip_loudly(reason: str) -> NoReturn:
    """Skip, and say so in the summary of warnings, too: what is skipped here nothing else checks."""
    warnings.warn(f"EXPORTED MODELS ARE NOT CHECKED: {reason}", stacklevel=2)
    pytest.skip(reason)


def need_java() -> None:
    """Skip without the JDK."""
    for program in ("javac", "java"):
        if shutil.which(program) is None:
            skip_loudly(f"there is no {program} on the PATH; install a JDK, version 17")


def real_h2o() -> Path:
    """The interpreter that has the real H2O; its environment is made when first needed."""
    need_java()
    try:
        return peer_python("h2o")
    except PeerUnavailable as error:
        skip_loudly(str(error))


def run(command: Sequence[str | Path], folder: Path, **options: Any) -> str:
    """What a program writes; it is ended with us, and fails the test when it fails."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    with subprocess.Popen(
        [str(part) for part in command], cwd=folder, env=environment, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    ) as process:  # fmt: skip
        try:
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
    assert process.returncode == 0, f"{command[0]} failed:\n{out[-2000:]}\n{err[-6000:]}"
    return out
