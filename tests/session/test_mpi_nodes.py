"""Nodes that mpirun starts: `make test-launchers`, which installs it where it can."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from heavywater.cluster.secret import new_secret_file

from .test_nodes import finished, grid, new_session, pids, wait_until

pytestmark = pytest.mark.skipif(shutil.which("mpirun") is None, reason="apt-get install openmpi-bin")


def test_as_many_nodes_as_mpirun_starts(tmp_path: Path) -> None:
    secret = str(tmp_path / "secret")
    new_secret_file(secret)
    session = new_session("listen:127.0.0.1:0", secret_file=secret)
    node = [sys.executable, "-c", "import sys; from h2o.command_line import main; sys.exit(main())", "node"]
    address = session.cluster.status()["join_at"]
    run = subprocess.Popen(
        [
            "mpirun",
            "-n",
            "2",
            "--oversubscribe",
            *node,
            "--join",
            address,
            "--secret-file",
            secret,
            "--nthreads",
            "1",
        ],
        env={**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: len(pids(session)) == 2)
        finished(session, grid(session, {"l1": [0.0, 1e-3]}))
        assert len(session.grids.describe("g")["model_ids"]) == 2
        session.cluster.close()
        assert run.wait(30) == 0, run.stderr.read()
    finally:
        run.kill()
        run.communicate()
