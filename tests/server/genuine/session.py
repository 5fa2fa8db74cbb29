"""The worker of the genuine client, and what the real H2O gave."""

from __future__ import annotations

import json
import math
import os
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest

from ...benchmarks.environments import ROOT, PeerUnavailable, environment_python
from ...cases.archive import archive

WHOLE = os.environ.get("HEAVYWATER_GENUINE") == "all"  # make test-genuine
PATIENCE = 1200  # seconds
PARTS = ("calls", "further", "scenarios")

Answers = dict[str, dict[str, Any]]


_RECORDED: dict[str, Answers] = {part: archive("rest", "genuine").json(f"{part}.json") for part in PARTS}


def recorded(part: str) -> Answers:
    """What the real H2O gave in a part, by name; ``python -m tests.server.genuine.record`` writes it."""
    return _RECORDED[part]


def genuine_python() -> Path:
    """The interpreter that has the genuine client; without it the test is skipped, or fails where all is to be tested."""
    try:
        return environment_python("h2o")
    except PeerUnavailable as error:
        reason = f"THE GENUINE CLIENT IS NOT TESTED: {error}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        warnings.warn(reason, stacklevel=2)
        pytest.skip(reason)


def answers(url: str, folder: Path, names: dict[str, list[str] | None]) -> dict[str, Answers]:
    """What comes of parts of the worker, by part and name; all in one process, one after the other.

    Parameters
    ----------
    url : str
        Of a node, or of the real H2O.
    folder : Path
        For files.
    names : dict
        Part -> names of what to do; None: all.
    """
    run_genuine(
        ["-m", "tests.server.genuine.worker", json.dumps({"url": url, "names": names, "folder": str(folder)})]
    )
    found = {}
    for part in names:
        lines = (folder / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
        found[part] = {each["name"]: each for each in map(json.loads, lines)}
    return found


def run_genuine(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the interpreter of the genuine client, which must end well."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"MPLBACKEND": "agg", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [genuine_python(), "-W", "ignore", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
        encoding="utf-8", timeout=PATIENCE, check=False, **options,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done


def agrees(ours: Any, theirs: Any) -> bool:
    """Whether two plain values are the same, numbers but for rounding."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(agrees(each, theirs[name]) for name, each in ours.items())
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(agrees, ours, theirs))
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-9)
    return bool(ours == theirs)
