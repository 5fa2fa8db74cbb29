"""A name means one thing: modules and public classes of the core have names of their own."""

from __future__ import annotations

import ast
from collections import Counter

from .tree import CORE, modules

DOORS = {CORE / "rbridge.py", CORE / "r_host.py"}  # the names that scripts know


def repeated(names):
    return {name for name, count in Counter(names).items() if count > 1}


def test_modules_have_names_of_their_own():
    names = [path.stem for path, _ in modules(CORE) if path.stem != "__init__" and path not in DOORS]
    assert len(names) > 100
    assert repeated(names) == set()


def test_classes_have_names_of_their_own():
    names = [
        node.name
        for _, tree in modules(CORE)
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert len(names) > 100
    assert repeated(names) == set()
