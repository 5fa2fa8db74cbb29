"""No circle among the modules of both packages, and no import that hides in a function without a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .imports import When, arrows, circles
from .tree import COMMAND, CORE, FRONT, ROOT, modules, named

# Packages that take long to load, that may be missing, or that not every system has: always imported where they are used.
HEAVY = {
    "dask", "distributed", "fcntl", "fsspec", "IPython", "jinja2", "markupsafe", "matplotlib", "narwhals", "onnx", "pandas", "polars",
    "pyarrow",
    "python_calamine", "rapidfuzz", "ray", "resource", "rpy2", "safetensors", "scipy", "threadpoolctl", "tqdm",
}  # fmt: skip
MARK = "# start-up:"


@pytest.mark.parametrize(("package", "most"), [("heavywater", When.FOR_TYPES), ("h2o", When.IN_FUNCTION)])
def test_no_circle(package, most):
    """In the core not even of what is imported for types only."""
    pairs = [
        (source, target)
        for source, target, when in arrows(ROOT)
        if when <= most and {source.split(".")[0], target.split(".")[0]} == {package}
    ]
    assert len(pairs) > 200
    assert circles(pairs) == []


def test_no_circle_of_scripts():
    """Of the pages: modules that name each other at their head, or load each other later."""
    scripts = sorted((CORE / "server" / "pages" / "static" / "js").glob("*.js"))
    pairs = [
        (script.name, target)
        for script in scripts
        for target in re.findall(
            r"""(?:from|import\()\s*["']\./(\w+\.js)["']""", script.read_text(encoding="utf-8")
        )
    ]
    assert len(pairs) > 20
    assert circles(pairs) == []


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


@pytest.mark.parametrize("package", [CORE, FRONT, COMMAND], ids=["heavywater", "h2o", "h2o_command"])
def test_imports_inside_functions_say_why(package):
    assert [line for path, tree in modules(package) for line in unmarked(path, tree)] == []


def test_an_import_without_a_reason_is_found():
    path = ROOT / "core" / "heavywater" / "errors.py"
    text = "def f():\n    import pandas as pd, pyarrow.fs\n    from . import a\n    import json\n"
    assert len(list(imports_in_functions(ast.parse(text)))) == 3
    assert unmarked(path, ast.parse(text)) == [f"{named(path)}:3", f"{named(path)}:4"]
