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
from heavywater.deeplearning.parameters.validation import DeepLearningParameters

def right(p: DeepLearningParameters) -> list[int]:
    return p.hidden

def misspelt_parameter(p: DeepLearningParameters) -> list[int]:
    return p.hiden

def wrong_type(p: DeepLearningParameters) -> str:
    return p.epochs
"""

NETWORK_SNIPPET = """
from heavywater.deeplearning.model import network
from heavywater.deeplearning.training.trainer import Trainer

def right(t: Trainer) -> tuple[float, float]:
    t.worker.net.set_state(0, t.worker.net.state(0))
    return t.worker.net.magnitude(0)

def misspelt_method(t: Trainer) -> None:
    t.worker.net.konfigure(rule="sgd", rates=[0.1])

def misspelt_setting(t: Trainer) -> None:
    t.worker.net.configure(rule="sgd", rate=[0.1])

def no_answer(t: Trainer) -> object:
    return t.worker.net.train(t.prepared.rows, t.prepared.order.usable)
"""


@pytest.mark.parametrize(("text", "wrong"), [
    (SNIPPET, {"attr-defined": "hiden", "return-value": "float"}),
    (NETWORK_SNIPPET, {"attr-defined": "konfigure", "call-arg": '"rate"', "func-returns-value": "train"}),
], ids=["parameters", "network"])  # fmt: skip
def test_strict_types_find_a_misspelt_name(tmp_path: Path, text: str, wrong: dict[str, str]) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(text)
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--ignore-missing-imports",
        "--follow-imports=silent",
        "--no-error-summary",
        str(snippet),
    ]
    environment = {"MYPYPATH": str(CORE.parent), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=CORE.parent.parent, env=environment, check=False
    )
    for code, what in wrong.items():
        found = [line for line in done.stdout.splitlines() if "snippet.py" in line and f"[{code}]" in line]
        assert len(found) == 1 and what in found[0], done.stdout + done.stderr
