"""What strict type checkers say of a user's script, and that no public function answers Any."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..benchmarks.environments import FOLDER
from ..server.pages.npm import npm_package
from .tree import CORE, FRONT, ROOT, modules, named

SCRIPT, MISTAKES = (ROOT / "tests" / "house" / f"{name}_script.py" for name in ("typed", "mistyped"))
PYRIGHT = "1.1.414"
SETTINGS = ("# ruff:", "# mypy:")
#: modules for the package itself, whose functions give what the session answers, to methods that say what it is
INTERNAL = ("backend/progress.py", "callbacks/watching.py", "frame/h2oframe.py: evaluated", "frame/selectors.py",
            "frame/tracing.py", "elsewhere/stand_ins.py")  # fmt: skip


def expected() -> set[int]:
    """The lines of the mistakes: those below a comment."""
    lines = MISTAKES.read_text(encoding="utf-8").splitlines()
    return {
        n + 2
        for n, line in enumerate(lines)
        if line.lstrip().startswith("# ") and not line.startswith(SETTINGS)
    }


def mypy(folder: Path) -> Iterator[tuple[str, int, str]]:
    """The errors of mypy: file, line, text."""
    if shutil.which("mypy") is None:
        pytest.skip("mypy is not installed")
    (FOLDER / "typed").mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "mypy", "--strict", "--config-file=", "--ignore-missing-imports", "--follow-imports=silent",
        "--no-error-summary", f"--cache-dir={FOLDER / 'typed'}", SCRIPT.name, MISTAKES.name,
    ]  # fmt: skip
    environment = {"MYPYPATH": f"{CORE.parent}:{FRONT.parent}", "PATH": os.environ["PATH"]}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    for file, line, text in re.findall(r"^(\S+):(\d+): error: (.*)$", done.stdout, re.MULTILINE):
        yield file, int(line), text


def pyright(folder: Path) -> Iterator[tuple[str, int, str]]:
    """The errors of pyright: file, line, text."""
    program = npm_package("pyright", PYRIGHT) / "node_modules" / "pyright" / "index.js"
    settings = {
        "include": [SCRIPT.name, MISTAKES.name],
        "extraPaths": [str(CORE.parent), str(FRONT.parent)],
        "typeCheckingMode": "standard",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = ["node", str(program), "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    for each in json.loads(done.stdout)["generalDiagnostics"]:
        if each["severity"] == "error":
            yield Path(each["file"]).name, each["range"]["start"]["line"] + 1, each["message"]


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_a_typed_script_is_right_and_mistakes_are_found(checker, tmp_path):
    for script in (SCRIPT, MISTAKES):
        text = script.read_text(encoding="utf-8").replace("# mypy: ignore-errors", "")
        (tmp_path / script.name).write_text(text, encoding="utf-8")
    found = list(checker(tmp_path))
    assert [each for each in found if each[0] == SCRIPT.name] == []
    assert {line for file, line, _ in found if file == MISTAKES.name} == expected(), found


def test_the_typed_script_runs(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(SCRIPT)], capture_output=True, text=True, cwd=tmp_path, check=False,
        env={**os.environ, "PYTHONPATH": f"{CORE.parent}:{FRONT.parent}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


# ---- the public functions


def says_nothing(annotation: ast.expr | None) -> bool:
    """Whether an annotation is missing, Any, or a union with Any."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    if isinstance(annotation, ast.BinOp):
        return says_nothing(annotation.left) or says_nothing(annotation.right)
    return annotation is None or ast.unparse(annotation) in ("Any", "typing.Any", "Optional[Any]")


def answers(body: list[ast.stmt]) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The public functions and methods below; of an overloaded one the overloads, which are what type checkers see."""
    overloaded: set[str] = set()
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from ((f"{node.name}.{name}", each) for name, each in answers(node.body))
        if not isinstance(node, ast.FunctionDef) or node.name == "__init__":
            continue
        if node.name.startswith("_") and not node.name.endswith("__"):
            continue
        is_overload = any(ast.unparse(each).endswith("overload") for each in node.decorator_list)
        if is_overload or node.name not in overloaded:
            yield node.name, node
        overloaded |= {node.name} if is_overload else set()


def test_no_public_function_answers_any():
    seen, found = 0, []
    for path, tree in modules(FRONT):
        for name, function in answers(tree.body):
            seen += 1
            place = f"{named(path)}: {name}"
            if says_nothing(function.returns) and not any(each in place for each in INTERNAL):
                found.append(place)
    assert seen > 700
    assert found == []


def test_functions_that_say_nothing_are_found():
    text = "@overload\ndef f() -> int: ...\ndef f() -> Any: ...\ndef g(): ...\nclass A:\n    def h(self) -> 'int | Any': ...\n"
    found = [name for name, each in answers(ast.parse(text).body) if says_nothing(each.returns)]
    assert found == ["g", "A.h"]
