"""The booklet's examples at a node beside the same in a session of this process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from ..run import ROOT
from .processes import Disturbance, served

TURNS = 3
STORY = [sys.executable, "-m", "vignettes.booklet"]


@dataclass(frozen=True)
class Stories:
    """How long the examples took.

    Attributes
    ----------
    here, there : list of float
        Seconds of each turn, in this process and at a node.
    others : float
        Cores that were busy with other work.
    """

    here: list[float]
    there: list[float]
    others: float

    @property
    def ratio(self) -> float:
        """Median of those at a node by those here."""
        return statistics.median(self.there) / statistics.median(self.here)


def stories() -> Stories:
    """Measure it, in turns."""
    here: list[float] = []
    there: list[float] = []
    with served("--allow-addresses") as node:
        disturbance = Disturbance((node,))
        for _ in range(TURNS):
            here.append(_story(None))
            there.append(_story(node.url))
        return Stories(here, there, disturbance.cores())


def _story(url: str | None) -> float:
    """Seconds of all examples, on the few digits that the tests have."""
    own = {"HEAVYWATER_CACHE": str(ROOT / "tests" / "data"), "MPLBACKEND": "agg"}
    own["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    kept = {key: value for key, value in os.environ.items() if key != "HEAVYWATER_SESSION"}
    there = {} if url is None else {"HEAVYWATER_SESSION": url}
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(STORY, cwd=folder, env={**kept, **own, **there}, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start
