"""Which module imports which: the graph behind the rules of the layers and the figures of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csgraph

PACKAGES = {
    "heavywater": "core",
    "h2o": "pyfront",
    "h2o_command": "pyfront",
}  # package -> the folder that it lies in


class When(IntEnum):
    """When an import happens."""

    AT_IMPORT = 0
    IN_FUNCTION = 1
    FOR_TYPES = 2  # below `if TYPE_CHECKING`: never


class Arrow(NamedTuple):
    """One module imports another."""

    source: str
    target: str
    when: When


def module_files(root: Path) -> dict[str, Path]:
    """Full names of the modules of the core and of the Python front end, and their files, in a tree."""
    found = {}
    for package, place in PACKAGES.items():
        for path in sorted((root / place / package).rglob("*.py")):
            parts = path.relative_to(root / place).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def arrows(root: Path) -> frozenset[Arrow]:
    """Who imports whom among the modules of a tree; what leads to other packages is left out."""
    files = module_files(root)
    found = set()
    for name, path in files.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for stem, members, when in imports(ast.parse(path.read_text(encoding="utf-8")), package):
            for target in targets(stem, members, files):
                if target != name:
                    found.add(Arrow(name, target, when))
    return frozenset(found)


def targets(stem: str, members: Iterable[str], modules: Mapping[str, Path]) -> Iterator[str]:
    """The modules meant by ``from stem import members``: a member may be a module itself."""
    for member in members:
        whole = f"{stem}.{member}" if member else stem
        if whole in modules:
            yield whole
        elif stem in modules:
            yield stem


def imports(
    node: ast.AST, package: str, when: When = When.AT_IMPORT
) -> Iterator[tuple[str, list[str], When]]:
    """What the lines below a node import: the full name of the module, names taken from it ("" for itself), and when.

    Parameters
    ----------
    node : ast.AST
        A module, or a part of it.
    package : str
        The package that relative imports start from.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, [""], when) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield absolute(child, package), [alias.name for alias in child.names], when
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imports(child, package, max(when, When.IN_FUNCTION))
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            yield from imports(ast.Module(child.body, []), package, When.FOR_TYPES)
            yield from imports(ast.Module(child.orelse, []), package, when)
        else:
            yield from imports(child, package, when)


def absolute(line: ast.ImportFrom, package: str) -> str:
    """The full name of the module that a ``from`` line names."""
    if not line.level:
        return line.module or ""
    parts = package.split(".")
    above = parts[: len(parts) - line.level + 1]
    return ".".join([*above, *([line.module] if line.module else [])])


def circles(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Groups in which each one leads to each other one, by one arrow or several; the largest first."""
    pairs = list(pairs)
    names = sorted({name for pair in pairs for name in pair})
    number = {name: at for at, name in enumerate(names)}
    ends = np.array([[number[a], number[b]] for a, b in pairs], dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(names), len(names)))
    if not names:
        return []
    _, label = csgraph.connected_components(graph.tocsr(), directed=True, connection="strong")
    groups = [[name for name, at in zip(names, label, strict=True) if at == one] for one in np.unique(label)]
    return sorted((group for group in groups if len(group) > 1), key=lambda group: (-len(group), group))
