"""The Python front end over a session that is reached through bytes: a part of its tests; `make loopback` runs all."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ..house.tree import ROOT

FILES = [
    "frame",
    "import_file",
    "lifetime",
    "pickling",
    "grid",
    "scored_types",
    "training_models",
    "times_and_datetimes",
]


@pytest.mark.skipif(os.environ.get("HEAVYWATER_SESSION") == "loopback", reason="all tests are run so")
def test_a_part_of_the_tests_of_the_front_end():
    files = [f"tests/front/test_{name}.py" for name in FILES]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--durations=0", *files]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "HEAVYWATER_SESSION": "loopback"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
