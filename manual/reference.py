"""The pages of the Python packages: which name is told on which of them; the texts are the docstrings."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from h2o_command.main import COMMANDS, main

from .contents import toctree

EXAMPLES = Path(__file__).with_name("examples.py")  # the names that examples of docstrings know
FOLDER = "reference/python"


@dataclass(frozen=True)
class Page:
    """A page of the reference.

    Attributes
    ----------
    name, title, text : str
        Name of the page, its heading, and what stands below.
    functions, classes, parts : sequence
        See `reference.toml`.
    """

    name: str
    title: str
    text: str
    functions: Sequence[str] = ()
    classes: Sequence[str] = ()
    parts: Sequence[tuple[str, str]] = ()


# packages whose __all__ is what users may count on
OFFERING = (
    "h2o", "h2o.estimators", "h2o.grid", "h2o.model", "h2o.sklearn", "h2o.trackers", "h2o.callbacks", "h2o.explanation",
    "h2o.transforms.preprocessing", "h2o.assembly", "h2o.job", "h2o.two_dim_table", "h2o.exceptions", "h2o.persist",
    "h2o.information_retrieval", "h2o.plot",
)  # fmt: skip
FRAME = "h2o.H2OFrame"
TABLE = Path(__file__).with_name("reference.toml")


@cache
def table() -> tuple[Page, ...]:
    """The pages, as `reference.toml` has them."""
    entries = tomllib.loads(TABLE.read_text(encoding="utf-8"))["page"]
    return tuple(
        Page(**{**entry, "parts": [tuple(part) for part in entry.get("parts", ())]}) for entry in entries
    )


def pages() -> dict[str, str]:
    """The pages by their places, and that of the command."""
    made = {f"{FOLDER}/{page.name}.rst": _source(page) for page in table()}
    made["reference/python.md"] = (
        f"{HEAD.format(setup=EXAMPLES.read_text(encoding='utf-8').rstrip())}\n\n{toctree(f'python/{page.name}' for page in table())}\n"
    )
    made["reference/command.md"] = _command()
    return made


# offered for old scripts only: marks by which they ask what a model is
NOT_TOLD = (
    "h2o.model.H2OAnomalyDetectionModel", "h2o.model.H2OAutoEncoderModel", "h2o.model.H2OBinomialModel",
    "h2o.model.H2OBinomialUpliftModel", "h2o.model.H2OClusteringModel", "h2o.model.H2OCoxPHModel", "h2o.model.H2ODimReductionModel",
    "h2o.model.H2OMultinomialModel", "h2o.model.H2OOrdinalModel", "h2o.model.H2ORegressionModel", "h2o.model.H2OWordEmbeddingModel",
)  # fmt: skip


def told() -> list[str]:
    """All names that are told on some page."""
    return [name for page in table() for _, name in _entries(page)]


def offered() -> Iterator[tuple[str, object]]:
    """What public packages offer: the name by which users know it, and what it is."""
    for package in OFFERING:
        module = importlib.import_module(package)
        for name in getattr(module, "__all__", ()):
            yield f"{package}.{name}", getattr(module, name)


def _entries(page: Page) -> Iterator[tuple[str, str]]:
    """Directives and names of a page."""
    yield from (("autofunction", name) for module in page.functions for name in _functions(module))
    for cls in page.classes:
        yield "autoclass", cls
        found = object_of(cls)
        for base in reversed(_own_bases(cls)):
            if base is found or cls not in WHOLE_BY_PARTS:
                yield from _members(cls, base)
    for cls, module in page.parts:
        for base in _own_bases(cls):
            if base.__module__ == module:
                if base is object_of(cls):
                    yield "autoclass", cls
                yield from _members(cls, base)


def _functions(module: str) -> Iterator[str]:
    """Functions of a module by the first name that a package offers them under."""
    known: dict[int, str] = {}
    for name, thing in offered():
        known.setdefault(id(thing), name)
    for name, thing in offered():
        if inspect.isfunction(thing) and thing.__module__ == module and known[id(thing)] == name:
            yield name


def _own_bases(cls: str) -> list[type]:
    return [base for base in _found(cls).__mro__ if base.__module__.split(".")[0] in ("h2o", "heavywater")]


# classes whose inherited methods have pages of their own
WHOLE_BY_PARTS = {"h2o.H2ODeepLearningEstimator", "h2o.H2OAutoEncoderEstimator", "h2o.H2OGenericEstimator"}
COMMON = ("show", "to_str", "to_pretty_str", "to_html")  # of everything that is shown; told once, of frames


def _members(cls: str, base: type) -> Iterator[tuple[str, str]]:
    for name, member in vars(base).items():
        if name.startswith("_") or (
            name in COMMON and base.__module__ == "h2o.display.rendering" and cls != FRAME
        ):
            continue
        if isinstance(member, property):
            yield "autoproperty", f"{cls}.{name}"
        elif callable(member) or isinstance(member, classmethod | staticmethod):
            yield "automethod", f"{cls}.{name}"


def object_of(name: str) -> object:
    """What a name of the reference means: a function or class of a module, or a member of a class."""
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError:
        return getattr(_found(module), attribute)


def _found(name: str) -> type:
    found = object_of(name)
    assert isinstance(found, type)
    return found


def _source(page: Page) -> str:
    lines = [page.title, "=" * len(page.title), "", page.text, ""]
    seen: set[str] = set()
    for directive, name in _entries(page):
        if name in seen:
            continue
        seen.add(name)
        if directive == "autoclass" and _found(name).__name__ != name.rpartition(".")[2]:
            text = re.split(r"\n\n\w+\n-{3,}\n", inspect.getdoc(_found(name)) or "")[0]
            lines += [
                f".. py:exception:: {name}",
                "",
                *(f"   {line}".rstrip() for line in text.splitlines()),
                "",
            ]
        else:
            lines += [f".. {directive}:: {name}", ""]
    return "\n".join(lines)


def _example_names() -> str:
    """The program behind whose names examples go on, without its docstring."""
    return re.sub("  # noqa.*", "", EXAMPLES.read_text(encoding="utf-8").partition('"""\n\n')[2]).rstrip()


HEAD = """\
# Python

`import h2o` has what H2O's package of this name has for Deep Learning, and more. The examples run as they stand after these lines:

```python
{setup}
```
"""


def _command() -> str:
    """The page of the command: what its help says."""
    lines = [
        "# Options of the command",
        "",
        "What `h2o COMMAND --help` says; `python -m h2o` is the same command.",
        "",
    ]
    for name in ("", *COMMANDS):
        lines += [f"## h2o {name}".rstrip(), "", "```text", _help(name), "```", ""]
    return "\n".join(lines)


def _help(command: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
        main([*filter(None, [command]), "--help"])
    return said.getvalue().rstrip()
