"""The figures of the house, on a made-up tree."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from . import figures
from .imports import Arrow, When, arrows, circles

TREE = {
    "core/heavywater/__init__.py": "",
    "core/heavywater/errors.py": "",
    "core/heavywater/session.py": "from .frame.columns import f\nfrom . import errors\n",
    "core/heavywater/frame/__init__.py": "from .columns import f\n",
    "core/heavywater/frame/columns.py": "import numpy\ndef f():\n    from ..frame import g\n    def g(): ...\n",
    "core/heavywater/engine/__init__.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..frame import f\n",
    "core/heavywater/engine/_net.pyx": "def a(int n,\n      int m):\n    b()\n\n    c()\n\ncdef int b() noexcept nogil:\n    return 1\n",
    "pyfront/h2o/__init__.py": "import heavywater.session\n",
    "rfront/R/a.R": "a <- function(x) {\n  x\n}\nb <- function(x) x\nc <- function(x)\n  x\n",
    "tests/test_a.py": "def test_a():\n    assert True\n",
    "docs/a.md": "text\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in TREE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_arrows_of_modules(tree: Path) -> None:
    assert arrows(tree) == {
        Arrow("heavywater.session", "heavywater.frame.columns", When.AT_IMPORT),
        Arrow("heavywater.session", "heavywater.errors", When.AT_IMPORT),
        Arrow("heavywater.frame", "heavywater.frame.columns", When.AT_IMPORT),
        Arrow("heavywater.frame.columns", "heavywater.frame", When.IN_FUNCTION),
        Arrow("heavywater.engine", "heavywater.frame", When.FOR_TYPES),
        Arrow("h2o", "heavywater.session", When.AT_IMPORT),
    }


def test_circles() -> None:
    assert circles([]) == circles([("a", "b"), ("b", "c"), ("a", "c")]) == []
    pairs = [("x", "y"), ("y", "x"), ("a", "b"), ("b", "c"), ("c", "a"), ("c", "x")]
    assert circles(pairs) == [["a", "b", "c"], ["x", "y"]]


def test_the_table(tree: Path) -> None:
    rows = {row[0].strip(): row[1:] for row in figures.table(tree)}
    assert rows["tracked files"] == ["11", "7", "1", "1", "1"]
    assert rows["of code"] == ["10", "7", "1", "1", "1"]
    assert rows["functions"] == ["8", "4", "0", "3", "1"]
    assert rows["lines of a function, median / 90 %"][1:] == ["2 / 4", "-", "2 / 3", "2 / 2"]
    assert rows["packages"] == ["4", "3", "1", "0", "0"]
    # the core's: what lies in the package itself, its frame, its engine, its session
    assert rows["rooms"][:3] == ["5", "4", "1"]
    assert rows["arrows between rooms"][:3] == ["4", "3", "0"]
    assert rows["between layers"][:3] == ["4", "3", "0"]
    assert rows["that run up"][:3] == ["1", "1", "0"]  # the engine and the frame do not know each other
    assert rows["circles of modules at import"][:3] == ["0", "0", "0"]
    assert rows["and in functions"][:3] == ["1, up to 2", "1, up to 2", "0"]


@pytest.mark.parametrize(("source", "target", "up"), [
    ("heavywater.frame", "heavywater.session", True),
    ("heavywater.session", "heavywater.frame.primitives", False),
    ("heavywater.frame.primitives", "heavywater.frame", False),
    ("heavywater.engine", "heavywater.frame", True),
    ("heavywater.files", "heavywater.frame", True),
    ("heavywater.files", "heavywater", False),
    ("h2o.model", "heavywater.session", False),
    ("heavywater.bridge", "h2o", True),
])  # fmt: skip
def test_layers_have_an_order(source: str, target: str, up: bool) -> None:
    assert figures.runs_up(source, target) == up
