"""The ``__init__`` of a room is its map."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from .tree import COMMAND, CORE, FRONT, named

MANY = 9  # modules from which on a room needs a map
WITHOUT = {COMMAND / "commands"}  # one module for each command, of its name
ROOMS = sorted(path.parent for base in (CORE, FRONT, COMMAND) for path in base.rglob("__init__.py"))


def parts_of(room: Path) -> set[str]:
    """Modules and rooms that lie in a room."""
    found = {path.stem for path in room.glob("*.py")} | {
        path.parent.name for path in room.glob("*/__init__.py")
    }
    return found - {"__init__", "__main__"}


def words_of(room: Path) -> set[str]:
    text = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    return set(re.findall(r"``(\w+)``", text))


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_a_map_names_all_that_there_is(room: Path) -> None:
    parts, words = parts_of(room), words_of(room)
    if room not in WITHOUT and (len(parts) >= MANY or (words & parts and len(parts) > 2)):
        assert parts - words == set()


def test_maps_are_found() -> None:
    with_a_map = [room for room in ROOMS if len(words_of(room) & parts_of(room)) > 2]
    assert len(with_a_map) > 30
