"""Who may import whom: the layers of the package."""

from __future__ import annotations

import re

import pytest

from .imports import Arrow, When, arrows, circles
from .tree import CORE, ROOT, files, named

# layer -> parts of the core it may import; "" is the package itself (its version)
FOUNDATION = {"arrays", "errors", "files", "room"}
ALLOWED = {
    "files": FOUNDATION,
    "engine": {"engine"} | FOUNDATION,
    "frame": {"frame"} | FOUNDATION,
    "deeplearning": {"deeplearning", "frame", "engine", "jobs"} | FOUNDATION,
    "grids": {"grids", "deeplearning", "frame", "jobs"} | FOUNDATION,
    "export": {"export", "grids", "deeplearning", "frame", "engine", "jobs"} | FOUNDATION,
    "bridge": {"bridge", "session", "jobs", "frame", "deeplearning"} | FOUNDATION,
    "h2o": {"", "session", "jobs", "frame", "deeplearning"} | FOUNDATION,
}

# layer -> its packages and modules -> others of them that each may import; every package may import from itself
ROOMS = {
    "frame": {
        "columns": set(),
        "frame": {"columns"},
        "summary": {"columns", "frame"},
        "importing": {"columns", "frame"},
        "exchange": {"columns", "frame", "importing"},
        "primitives": {"columns", "frame"},
        "language": {"columns", "frame", "primitives"},
    },
    "deeplearning": {
        "metrics": set(),
        "parameters": {"metrics"},
        "encoding": {"parameters"},
        "model": {"encoding", "parameters", "metrics"},
        "training": {"model", "encoding", "parameters", "metrics"},
    },
    "h2o": {
        "elsewhere": set(),
        "exceptions": set(),
        "display": {"elsewhere", "exceptions"},
        "two_dim_table": {"display", "exceptions"},
        "backend": {"display", "elsewhere", "two_dim_table"},
        "plot": {"elsewhere", "exceptions", "two_dim_table"},
        "frame": {"backend", "display", "elsewhere", "exceptions", "plot"},
        "model": {"backend", "display", "elsewhere", "exceptions", "frame", "plot", "two_dim_table"},
        "estimators": {"backend", "elsewhere", "exceptions", "model"},
        "grid": {"backend", "display", "elsewhere", "estimators", "exceptions", "model", "two_dim_table"},
        "functions": {"backend", "estimators", "exceptions", "frame", "grid", "model"},
        "transforms": {"elsewhere", "exceptions", "frame"},
        "assembly": {"exceptions", "frame", "transforms"},
        "information_retrieval": {"exceptions", "frame"},
        "job": {"backend", "exceptions"},
        "persist": {"backend"},
        "utils": {"elsewhere", "exceptions", "model"},
        "demos": {"elsewhere", "exceptions", "h2o"},
        "command_line": {"h2o"},
    },
}

# what methods do with the functions and classes above them: imported when they are called
ABOVE = {
    Arrow("h2o.backend.cluster", "h2o.frame.h2oframe", When.IN_FUNCTION),  # list_timezones gives a frame
    Arrow("h2o.model.model_base", "h2o.estimators.loading", When.IN_FUNCTION),  # models of the folds
    Arrow("h2o.model.files", "h2o.functions.exports", When.IN_FUNCTION),  # methods that are functions, too
    Arrow("h2o.model.files", "h2o.functions.files", When.IN_FUNCTION),
}


def test_every_layer_has_its_rule():
    folders = {path.parent.relative_to(CORE).parts[0] for path in files(CORE) if path.parent != CORE}
    assert folders <= set(ALLOWED)


@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_layer_imports_only_what_is_below(layer):
    base = "h2o." if layer == "h2o" else f"heavywater.{layer}."
    found = {arrow for arrow in arrows(ROOT) if f"{arrow.source}.".startswith(base)}
    assert len({arrow.source for arrow in found}) > 2
    wrong = []
    for source, target, _ in sorted(found):
        package, _, rest = target.partition(".")
        allowed = package == "h2o" == layer or (
            package == "heavywater" and rest.split(".")[0] in ALLOWED[layer] | {""}
        )
        wrong += [] if allowed else [f"{source}: {target}"]
    assert wrong == []


@pytest.mark.parametrize("layer", sorted(ROOMS))
def test_room_imports_only_what_is_below(layer):
    rooms, top = ROOMS[layer], layer if layer == "h2o" else f"heavywater.{layer}"
    base = f"{top}."
    found = {
        (source, target)
        for source, target, when in arrows(ROOT)
        if source.startswith(base) and f"{target}.".startswith(base)
        if layer != "h2o" or not (when == When.FOR_TYPES or (source, target, when) in ABOVE)
    }
    assert {source.removeprefix(base).split(".")[0] for source, _ in found} <= set(rooms)
    wrong = []
    for source, target in sorted(found):
        room, other = source.removeprefix(base).split(".")[0], target.removeprefix(base).split(".")[0]
        if other != room and other not in rooms[room]:
            wrong.append(f"{source}: {target}")
    assert wrong == []


def test_rules_of_rooms_have_no_circle_and_no_exception_that_is_not_used():
    for rooms in ROOMS.values():
        assert circles((room, other) for room, others in rooms.items() for other in others) == []
    assert arrows(ROOT) >= ABOVE


def test_core_does_not_know_the_front_end():
    found = arrows(ROOT)
    assert {source.split(".")[0] for source, target, _ in found if target.split(".")[0] == "h2o"} == {"h2o"}


def test_compiled_sources_import_only_the_engine():
    pattern = re.compile(r"^\s*(?:from|import|cimport)\s+(heavywater\S*|\.\.\S*)", re.MULTILINE)
    sources = [path for path in files(CORE) if path.suffix in (".pyx", ".pxi")]
    found = [(named(p), n) for p in sources for n in pattern.findall(p.read_text(encoding="utf-8"))]
    assert len(sources) > 3
    assert [each for each in found if not each[1].startswith("heavywater.engine")] == []
