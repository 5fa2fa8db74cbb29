"""The Python front end at a node in another process: a part of its tests; `make test-remote` runs all, and those of R."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ..house.tree import ROOT
from .at_node import serving

FILES = ["frame", "import_file", "lifetime", "grid", "training_models"]


@pytest.mark.skipif("HEAVYWATER_SESSION" in os.environ, reason="all tests are run so")
@pytest.mark.long
def test_a_part_of_the_tests_of_the_front_end():
    files = [f"tests/front/test_{name}.py" for name in FILES]
    with serving("--allow-addresses") as url:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--durations=0", *files],
            cwd=ROOT,
            env={**os.environ, "HEAVYWATER_SESSION": url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "passed" in done.stdout
