"""No circle among the modules of the core, and no import that hides in a function without a reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .imports import When, arrows, circles
from .tree import CORE, ROOT, modules, named

# circles that are left: none may be added
CIRCLES: list[list[str]] = []  # by the last part of their names
# Packages that take long to load, that may be missing, or that not every system has: always imported where they are used.
HEAVY = {
    "fcntl", "fsspec", "matplotlib", "pandas", "polars", "pyarrow", "python_calamine", "resource", "rpy2", "safetensors",
    "scipy", "threadpoolctl",
}  # fmt: skip
MARK = "# start-up:"
UNMARKED: set[str] = (
    set()
)  # files whose imports inside functions do not yet say why they are there: none may be added


def test_no_circle_in_the_core():
    pairs = [
        (source, target)
        for source, target, when in arrows(ROOT)
        if when <= When.IN_FUNCTION and source.startswith("heavywater") and target.startswith("heavywater")
    ]
    assert len(pairs) > 200
    found = [[name.rpartition(".")[2] for name in circle] for circle in circles(pairs)]
    assert [circle for circle in found if circle not in CIRCLES] == []
    assert [circle for circle in CIRCLES if circle not in found] == []  # what is gone stays gone


def imports_in_functions(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Every import that does not happen when the module is loaded."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (
                node
                for line in function.body
                for node in ast.walk(line)
                if isinstance(node, ast.Import | ast.ImportFrom)
            )


def unmarked(path: Path, tree: ast.Module) -> list[str]:
    """Imports inside functions that neither are of a heavy package nor say why they are there."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    for node in imports_in_functions(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        heavy = not getattr(node, "level", 0) and {name.split(".")[0] for name in names} <= HEAVY
        if not heavy and MARK not in "".join(lines[node.lineno - 1 : node.end_lineno]):
            found.append(f"{named(path)}:{node.lineno}")
    return found


def test_imports_inside_functions_say_why():
    found = {path.name: lines for path, tree in modules(CORE) if (lines := unmarked(path, tree))}
    assert {name: lines for name, lines in found.items() if name not in UNMARKED} == {}
    assert UNMARKED - set(found) == set()  # what is mended stays mended


def test_an_import_without_a_reason_is_found():
    path = ROOT / "core" / "heavywater" / "errors.py"
    text = "def f():\n    import pandas as pd, pyarrow.fs\n    from . import a\n    import json\n"
    assert len(list(imports_in_functions(ast.parse(text)))) == 3
    assert unmarked(path, ast.parse(text)) == [f"{named(path)}:3", f"{named(path)}:4"]
