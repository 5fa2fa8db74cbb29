"""What the type checker must find: names that do not exist."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .tree import CORE

pytestmark = pytest.mark.skipif(shutil.which("mypy") is None, reason="mypy is not installed")

SNIPPET = """
from heavywater.deeplearning.validation import DeepLearningParameters

def right(p: DeepLearningParameters) -> list[int]:
    return p.hidden

def misspelt_parameter(p: DeepLearningParameters) -> list[int]:
    return p.hiden

def wrong_type(p: DeepLearningParameters) -> str:
    return p.epochs
"""


def test_strict_types_find_a_misspelt_parameter(tmp_path: Path) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPET)
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--ignore-missing-imports",
        "--no-error-summary",
        str(snippet),
    ]
    environment = {"MYPYPATH": str(CORE.parent), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=CORE.parent.parent, env=environment)
    wrong = {"attr-defined": "hiden", "return-value": "float"}
    for code, what in wrong.items():
        found = [line for line in done.stdout.splitlines() if "snippet.py" in line and f"[{code}]" in line]
        assert len(found) == 1 and what in found[0], done.stdout + done.stderr
