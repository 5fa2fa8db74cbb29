"""Messages of the core and of the Python front end: what CONTRIBUTING says of their beginning and their end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .tree import COMMAND, CORE, FRONT, modules, named

OF_H2O = "Could not establish link"  # what scripts look for when there is no node


def messages(tree: ast.Module) -> Iterator[tuple[int, ast.expr]]:
    """Lines and texts of what is raised, and of warnings."""
    for node in ast.walk(tree):
        call = node.exc if isinstance(node, ast.Raise) else node
        if not isinstance(call, ast.Call) or not call.args:
            continue
        warns = isinstance(call.func, ast.Name) and call.func.id in ("warn", "_warn")
        if isinstance(node, ast.Raise) or warns:
            yield call.lineno, call.args[0]


def ends(text: ast.expr, last: bool) -> Iterator[str]:
    """The fixed text with which a message may begin, or end; "" where a value stands there."""
    if isinstance(text, ast.Constant):
        yield text.value if isinstance(text.value, str) else ""
    elif isinstance(text, ast.JoinedStr) and text.values:
        yield from ends(text.values[-1 if last else 0], last)
    elif isinstance(text, ast.BinOp):
        yield from ends(text.right if last else text.left, last)
    elif isinstance(text, ast.IfExp):
        yield from ends(text.body, last)
        yield from ends(text.orelse, last)


def wrong_end(text: ast.expr) -> bool:
    return any(end.endswith(".") and not end.endswith("...") for end in ends(text, True))


def wrong_beginning(text: ast.expr) -> bool:
    """Whether it begins with a capital letter that belongs to no name in capitals, such as MOJO or R."""
    return any(
        begin[:1].isupper() and begin[1:2].islower() and not begin.startswith(OF_H2O)
        for begin in ends(text, False)
    )


def test_messages_end_without_a_period():
    seen, wrong = 0, []
    for path, tree in modules(CORE, FRONT, COMMAND):
        found = list(messages(tree))
        seen += len(found)
        wrong += [f"{named(path)}:{line}" for line, text in found if wrong_end(text)]
    assert seen > 500
    assert wrong == []


def test_messages_begin_with_a_small_letter():
    found = [
        (f"{named(path)}:{line}", text)
        for path, tree in modules(CORE, FRONT, COMMAND)
        for line, text in messages(tree)
    ]
    assert [place for place, text in found if wrong_beginning(text)] == []


def test_ends_of_messages_are_found():
    def text(source: str) -> ast.expr:
        ((_, found),) = messages(ast.parse(source))
        return found

    assert wrong_end(text("raise ValueError('a.')"))
    assert wrong_end(text("warn(f'{a} is b.')"))
    assert wrong_end(text("raise A('a' + (f'{b}' if b else 'c.'))"))
    assert not wrong_end(text("raise A(f'a. {b}')"))
    assert not wrong_end(text("raise A('1, 2, ...')"))
    assert wrong_beginning(text("raise A(f'No {b}')"))
    assert not wrong_beginning(text("raise A('MOJO')"))
    assert not wrong_beginning(text("raise A('R is')"))
