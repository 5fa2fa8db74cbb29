"""What CONTRIBUTING, "Conventions", says of style and the linter cannot tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .tree import CORE, ROOT, modules, named

LITERALS = (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.DictComp, ast.SetComp)


def absolute_imports(tree: ast.Module) -> Iterator[int]:
    """Lines of imports that name the core from outside."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        if any(name.split(".")[0] == "heavywater" for name in names):
            yield node.lineno


def unformatted(text: str, tree: ast.Module) -> Iterator[int]:
    """Lines that keep the formatter from something else than data in rows and columns."""
    tables = {
        node.end_lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return) and isinstance(node.value, LITERALS)
    }
    for number, line in enumerate(text.splitlines(), start=1):
        if ("# fmt: " + "skip" in line and number not in tables) or "# fmt: " + "off" in line:
            yield number


def test_modules_of_the_core_import_each_other_relatively():
    found = {named(path): lines for path, tree in modules(CORE) if (lines := list(absolute_imports(tree)))}
    assert found == {}


def test_only_tables_are_laid_out_by_hand():
    seen, wrong = 0, []
    for path, tree in modules(CORE):
        text = path.read_text(encoding="utf-8")
        seen += text.count("# fmt: " + "skip")
        wrong += [f"{named(path)}:{line}" for line in unformatted(text, tree)]
    assert seen > 5
    assert wrong == []


def test_arrays_have_one_name():
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path, tree in modules(CORE)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.value).startswith(("np.ndarray[", "NDArray["))
        and path != CORE / "arrays.py"
    ]
    assert wrong == []


def test_breaches_are_found():
    text = "import heavywater.frame\nfrom heavywater import errors\nfrom ..errors import A\n"
    assert list(absolute_imports(ast.parse(text))) == [1, 2]
    text = "A = [\n 1, 2,\n]  # fmt: skip\ndef f(a,\n  b): return f(\n    a, b)  # fmt: skip\nB = f([\n  1])  # fmt: skip\n"
    assert list(unformatted(text, ast.parse(text))) == [6, 8]


def test_what_a_page_shows_is_waited_for():
    # a click does not wait for the page that it leads to
    at_once = re.compile(
        r"assert (not )?\S.*\.(is_visible|is_hidden|is_checked|is_disabled)\(\)$"
        r"|assert .*\.inner_text\(\) ==|assert .* in [\w.()\"]+\.inner_text\(\)$"
        r"|\b(page|tab)\.url\.endswith|assert .* in (page|tab)\.url\b|assert (page|tab)\.url =="
    )
    found = [
        f"{path.name}:{number}: {line.strip()}: use expect"
        for path in sorted((ROOT / "tests" / "server" / "pages").glob("test_*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if at_once.search(line)
    ]
    assert found == []
