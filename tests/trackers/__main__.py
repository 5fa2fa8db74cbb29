"""Run the tests of this folder in an environment of their own, which is made when first needed (1.1 GB)."""

from __future__ import annotations

import os
import subprocess
import sys

from ..benchmarks.environments import environment_python
from ..house.tree import ROOT

if __name__ == "__main__":
    python = environment_python("trackers")
    paths = [str(ROOT / part) for part in ("core", "pyfront", "")]
    example = "tests/front/test_examples.py::test_examples_run[h2o.trackers.mlflow]"
    command = [
        str(python),
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "tests/trackers",
        example,
        *sys.argv[1:],
    ]
    environment = {
        **os.environ,
        "PATH": os.pathsep.join(
            [str(python.parent), os.environ["PATH"]]
        ),  # mlflow looks for its programs there
        "PYTHONPATH": os.pathsep.join(paths),
        "HEAVYWATER_TRACKERS": "all",
    }
    sys.exit(subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode)
