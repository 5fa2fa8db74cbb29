"""The files of the source tree, for tests that look at all of them."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "core" / "heavywater"
FRONT = ROOT / "pyfront" / "h2o"
COMMAND = ROOT / "pyfront" / "h2o_command"
NOT_OURS = {"build", "dist", "__pycache__"}  # beside what is hidden


def files(folder: Path = ROOT) -> Iterator[Path]:
    """All files below a folder, without what tools have made there."""
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") and path.name not in (".ci", ".gitignore")
        if hidden or path.name in NOT_OURS or path.suffix in (".so", ".egg-info", ".pyc"):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def named(path: Path) -> str:
    """Path as an error message shows it."""
    return path.relative_to(ROOT).as_posix()


def modules(*folders: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Python files of the packages with their syntax trees."""
    for folder in folders:
        for path in files(folder):
            if path.suffix == ".py":
                yield path, _syntax_tree(path, path.stat().st_mtime_ns)


@functools.cache
def _syntax_tree(path: Path, changed: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
