"""Figures of the house: ``make house``, or ``python -m tests.house.figures [FOLDER]`` for another checkout.

Rooms and arrows
    A room is a package. Modules that lie in `heavywater` itself belong to the room of their layer (`ROOMS_OF_MODULES`). An
    arrow leads from a room to one that it imports from, wherever the import stands. It runs up when the room that is
    imported belongs to a layer that is not below (`LEVELS`). More rooms have more arrows; those between layers are counted
    by themselves.
Circles
    Modules that import each other in a ring (strongly connected components): of what happens at import, then with imports
    inside functions, then with those that are for types only. "2, up to 5" are two circles, the larger one of five.
Lengths
    Lines of a file; lines of a function from its first (without decorators) to its last, docstring included. A function
    in a function is counted by itself, too. Cython's and R's functions are found by how their lines are indented, C's
    are not counted.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from .imports import When, arrows, circles, module_files
from .tree import ROOT

PARTS = {
    "core": "core/",
    "pyfront": "pyfront/",
    "rfront": "rfront/",
    "tests": "tests/",
}
GRAPHED = ("heavywater", "h2o")  # packages whose arrows are counted by themselves, too
LEVELS = {  # layers of one level do not know each other
    "heavywater": 0,
    "heavywater.files": 1,
    "heavywater.engine": 2, "heavywater.frame": 2,
    "heavywater.deeplearning": 3, "heavywater.exchange": 3,
    "heavywater.grids": 4, "heavywater.cluster": 4,
    "heavywater.export": 5,
    "heavywater.session": 6,
    "heavywater.server": 7,
    "heavywater.bridge": 8, "h2o": 8,
    "h2o_command": 9,
}  # fmt: skip
ROOMS_OF_MODULES = {  # pattern of a module beside the packages of the core -> the room that it belongs to
    r"session|\w+_requests|saving": "heavywater.session",
    r"rbridge|r_\w+": "heavywater.bridge",
    r"exchange": "heavywater.exchange",
}
CODE = {".py", ".pyx", ".pxi", ".pxd", ".pyi", ".c", ".h", ".R", ".sh", ".java"}


def room_of(module: str, packages: set[str]) -> str:
    """The room of a module."""
    if module in packages:
        return module
    package, _, name = module.rpartition(".")
    if package == "heavywater":
        # r_requests is the bridge's
        for pattern, room in reversed(ROOMS_OF_MODULES.items()):
            if re.fullmatch(pattern, name):
                return room
    return package


def level_of(room: str) -> tuple[int, str]:
    """Height and name of the layer that a room belongs to."""
    layer = max((layer for layer in LEVELS if f"{room}.".startswith(f"{layer}.")), key=len)
    return LEVELS[layer], layer


def runs_up(source: str, target: str) -> bool:
    """Whether a room imports from one that is not below it."""
    (height, layer), (other_height, other) = level_of(source), level_of(target)
    return layer != other and other_height >= height


def python_functions(text: str) -> Iterator[int]:
    """Lines of each function of a Python file."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def indented_functions(head: str) -> Callable[[str], Iterator[int]]:
    """What finds the lines of each function whose first line begins with a pattern, by how the lines are indented."""

    def lengths(text: str) -> Iterator[int]:
        lines = text.splitlines()
        for start, line in enumerate(lines):
            if re.match(head, line):
                yield end_of(lines, start) - start + 1

    return lengths


def end_of(lines: list[str], start: int) -> int:
    """The last line that belongs to the one at `start`: indented deeper than it, or what closes its brackets."""
    depth, end = indentation(lines[start]), start
    for at in range(start + 1, len(lines)):
        closing = lines[at].lstrip().startswith((")", "}"))
        if lines[at].strip() and indentation(lines[at]) <= depth and not closing:
            break
        if lines[at].strip():
            end = at
    return end


def indentation(line: str) -> int:
    """Number of spaces before a line."""
    return len(line) - len(line.lstrip())


CYTHON = indented_functions(
    r" *(?:cp?def|def)\b[^=]*\((?!.*\) *(?:noexcept)? *(?:nogil)?$)"
)  # no declaration: it ends with a colon
FUNCTIONS: dict[str, Callable[[str], Iterator[int]]] = {
    ".py": python_functions, ".pyx": CYTHON, ".pxi": CYTHON, ".R": indented_functions(r"[\w.`<-]+ *<- *function\("),
}  # fmt: skip


def tracked(root: Path) -> list[str]:
    """Files that git knows in a checkout."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.split("\0") if name and (root / name).exists()]


def two(lengths: list[int]) -> str:
    """Median and 90th percentile."""
    return " / ".join(f"{np.percentile(lengths, at):.0f}" for at in (50, 90)) if lengths else "-"


def shown(groups: list[list[str]]) -> str:
    """Number of circles, and the size of the largest."""
    return f"{len(groups)}, up to {len(groups[0])}" if groups else "0"


def table(root: Path) -> list[list[str]]:
    """Rows of what is printed: what, and a figure for the whole and for each part."""
    names = tracked(root)
    of_part = {part: [name for name in names if name.startswith(start)] for part, start in PARTS.items()}
    groups = [names, *of_part.values()]
    rows = [["", "all", *PARTS], ["tracked files", *(str(len(group)) for group in groups)]]

    code = [[root / name for name in group if Path(name).suffix in CODE] for group in groups]
    rows.append(["  of code", *(str(len(group)) for group in code)])
    texts = [{path: path.read_text(encoding="utf-8") for path in group} for group in code]
    lines = [[len(text.splitlines()) for text in group.values()] for group in texts]
    rows.append(["lines of code", *(str(sum(group)) for group in lines)])
    rows.append(["lines of a file, median / 90 %", *(two(group) for group in lines)])
    functions = [
        [n for path, text in group.items() if path.suffix in FUNCTIONS for n in FUNCTIONS[path.suffix](text)]
        for group in texts
    ]
    rows.append(["functions", *(str(len(group)) for group in functions)])
    rows.append(["lines of a function, median / 90 %", *(two(group) for group in functions)])
    rows.append(
        ["packages", *(str(sum(Path(name).name == "__init__.py" for name in group)) for group in groups)]
    )
    return rows + graph_rows(root)


def graph_rows(root: Path) -> list[list[str]]:
    """The rows about rooms, arrows and circles: of both packages, of the core, of the front end."""
    packages = {name for name, path in module_files(root).items() if path.name == "__init__.py"}
    found = arrows(root)
    within: list[Callable[[str], bool]] = [lambda name: True]
    within += [lambda name, package=package: name.split(".")[0] == package for package in GRAPHED]  # type: ignore[misc]
    rooms = {(room_of(arrow.source, packages), room_of(arrow.target, packages)) for arrow in found}
    between = [[(a, b) for a, b in rooms if a != b and inside(a) and inside(b)] for inside in within]
    modules = [{room_of(name, packages) for name in module_files(root) if inside(name)} for inside in within]
    rows = [["rooms", *(str(len(group)) for group in modules)]]
    rows.append(["arrows between rooms", *(str(len(pairs)) for pairs in between)])
    layers = [{(level_of(a), level_of(b)) for a, b in pairs} for pairs in between]
    rows.append(["  between layers", *(str(sum(a != b for a, b in pairs)) for pairs in layers)])
    rows.append(["  that run up", *(str(sum(runs_up(a, b) for a, b in pairs)) for pairs in between)])
    rows.append(["circles of rooms", *(shown(circles(pairs)) for pairs in between)])
    for when, what in zip(When, ["at import", "  and in functions", "  and for types"], strict=True):
        pairs = [(a.source, a.target) for a in found if a.when <= when]
        counts = [shown(circles((a, b) for a, b in pairs if inside(a) and inside(b))) for inside in within]
        rows.append([f"circles of modules {what}" if when == When.AT_IMPORT else what, *counts])
    return [[*row, *([""] * (len(PARTS) + 2 - len(row)))] for row in rows]


def main(arguments: list[str]) -> None:
    """Print the table."""
    rows = table(Path(arguments[0]).resolve() if arguments else ROOT)
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        first, *others = (
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
