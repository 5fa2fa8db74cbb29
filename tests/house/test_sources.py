"""Rules that every source file keeps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from .tree import COMMAND, CORE, FRONT, ROOT, files, modules, named

LONGEST_FILE = 600  # lines
CODE = {".py", ".pyx", ".pxi", ".pxd", ".c", ".h", ".R"}
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:root|work|tmp|home/[a-z]+)/\w")
LOADS_CODE = {"pickle", "marshal", "dill", "joblib", "shelve"}


def test_no_paths_of_a_machine():
    wrong = []
    for path in files():
        if path.suffix in (".csv", ".npz", ".gz", ".json"):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = enumerate(text.splitlines(), start=1)
        wrong += [f"{named(path)}:{number}" for number, line in lines if MACHINE_PATH.search(line)]
    assert wrong == []


def test_pattern_of_machine_paths():
    home = "/" + "home/somebody/project"
    assert MACHINE_PATH.search(f"open('{home}')")
    assert not MACHINE_PATH.search("https://example.org/work/page and core/work/file")


def test_files_are_short():
    lengths = {named(p): len(p.read_text(encoding="utf-8").splitlines()) for p in files() if p.suffix in CODE}
    assert len(lengths) > 50
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def protocol_methods(node: ast.AST) -> list[str]:
    """Methods with docstrings if the node is the class of a protocol."""
    if not isinstance(node, ast.ClassDef) or "Protocol" not in map(ast.unparse, node.bases):
        return []
    return [line.name for line in node.body if isinstance(line, ast.FunctionDef) and ast.get_docstring(line)]


# protocols of the core, for the classes that name one as their base -> the methods that it explains
PROTOCOLS = {
    node.name: protocol_methods(node)
    for _, tree in modules(CORE)
    for node in tree.body
    if isinstance(node, ast.ClassDef)
}


def undocumented(node: ast.AST, prefix: str, explained: frozenset[str] = frozenset()) -> Iterator[str]:
    """Public classes, functions and methods without a docstring, but those that a protocol explains."""
    explained |= {method for child in ast.iter_child_nodes(node) for method in protocol_methods(child)}
    explained |= {
        method for base in getattr(node, "bases", []) for method in PROTOCOLS.get(ast.unparse(base), [])
    }
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if child.name.startswith("_") or is_further_definition(child):
            continue
        if not has_docstring(child) and not (prefix and child.name in explained):
            yield f"{prefix}{child.name}"
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child, f"{prefix}{child.name}.", explained)


def has_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether there is one, written or put together."""
    return bool(ast.get_docstring(node)) or any(
        isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "__doc__" for line in node.body
    )


def is_further_definition(node: ast.AST) -> bool:
    """Whether a decorator says that the documentation stands with the first definition of the name."""
    names = [ast.unparse(decorator) for decorator in getattr(node, "decorator_list", [])]
    return any(name.endswith((".setter", ".deleter")) or name == "overload" for name in names)


def explained_by_protocols() -> dict[str, frozenset[str]]:
    """Methods that the protocols of a package explain, by the package."""
    found: dict[str, frozenset[str]] = {}
    for path, tree in modules(CORE):
        if path.stem.endswith("protocol"):
            names = {name for node in tree.body for name in protocol_methods(node)}
            found[path.parent.name] = found.get(path.parent.name, frozenset()) | names
    return found


def test_everything_public_is_documented():
    wrong, explained = [], explained_by_protocols()
    assert "import_files" in explained["session"]
    for path, tree in modules(CORE, FRONT, COMMAND):
        if tree.body and not ast.get_docstring(tree):
            wrong.append(f"{named(path)}: the module")
        wrong += [
            f"{named(path)}: {name}"
            for name in undocumented(tree, "", explained.get(path.parent.name, frozenset()))
        ]
    assert wrong == []


def test_undocumented_names_are_found():
    tree = ast.parse("class A:\n def f(self): ...\n def _g(self): ...\ndef h():\n 'text'\ndef k(): ...")
    assert list(undocumented(tree, "")) == ["A", "A.f", "k"]


def test_a_protocol_documents_the_methods_of_its_classes():
    tree = ast.parse(
        "class P(Protocol):\n 't'\n def f(self): 't'\nclass A:\n 't'\n def f(self): ...\ndef f(): ..."
    )
    assert list(undocumented(tree, "")) == ["f"]
    tree = ast.parse("class A(Objects):\n 't'\n def keys(self): ...\n def lock(self): ...")
    assert list(undocumented(tree, "")) == ["A.lock"]


def test_what_gives_a_value_is_described_by_the_value():
    """One voice: "The mean of ..." or "Whether ...", not "Return the mean of ..."; what does something has an imperative."""
    wrong = []
    for path, tree in modules(CORE, FRONT, COMMAND, ROOT / "generators", ROOT / "tests", ROOT / "vignettes"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (text := ast.get_docstring(node)):
                word = text.split(maxsplit=1)[0]
                wrong += [f"{named(path)}: {node.name}"] * (word in ("Return", "Returns", "Yield", "Yields"))
    assert wrong == []


@pytest.mark.parametrize("pattern", [r"\b(?:parallel|prange)\s*\(([^)]*)\)", r"#pragma omp parallel(.*)"])
def test_parallel_blocks_name_their_threads(pattern):
    """Without num_threads OpenMP takes all cores, whatever the user or the container allows."""
    sources = [path for path in files(CORE) if path.suffix in (".pyx", ".pxi", ".c", ".h")]
    blocks = [(named(p), found) for p in sources for found in re.findall(pattern, p.read_text("utf-8"))]
    assert blocks or pattern.startswith("#")
    assert [block for block in blocks if "num_threads" not in block[1]] == []


def test_nothing_runs_what_a_file_says():
    wrong = []
    for path, tree in modules(CORE, FRONT, COMMAND):
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [node.func.id] if node.func.id in ("eval", "exec") else []
            elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                names = (
                    ["pickle"] if not (isinstance(node.value, ast.Constant) and not node.value.value) else []
                )
            wrong += [f"{named(path)}: {n}" for n in names if n in LOADS_CODE | {"eval", "exec"}]
    assert wrong == []


def test_documents_do_not_point_nowhere():
    """Relative links of the documents lead to files."""
    link = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
    wrong = []
    for path in [p for p in files() if p.suffix == ".md"]:
        targets = link.findall(path.read_text(encoding="utf-8"))
        wrong += [f"{named(path)}: {t}" for t in targets if not (path.parent / t).exists()]
    assert (ROOT / "README.md").exists()
    assert wrong == []


def test_warnings_are_given_in_one_place():
    found = [
        named(path)
        for path, _ in modules(CORE, FRONT, COMMAND)
        if "warnings.warn" in path.read_text(encoding="utf-8")
    ]
    assert found == ["core/heavywater/errors.py"]
