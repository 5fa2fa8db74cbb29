"""Who may import whom: the layers of the package."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .imports import When, arrows, circles
from .tree import COMMAND, CORE, FRONT, ROOT, files, modules, named

# layer, or module beside the layers -> parts of the core it may import
FOUNDATION = {"arrays", "errors", "files", "room"}
ALLOWED = {
    "arrays": set[str](),
    "errors": set[str](),
    "room": FOUNDATION,
    "files": FOUNDATION,
    "jobs": FOUNDATION,
    "engine": {"engine"} | FOUNDATION,
    "frame": {"frame"} | FOUNDATION,
    "deeplearning": {"deeplearning", "frame", "engine", "jobs"} | FOUNDATION,
    "grids": {"grids", "deeplearning", "frame", "jobs"} | FOUNDATION,
    "export": {"export", "grids", "deeplearning", "frame", "engine", "jobs"} | FOUNDATION,
    "exchange": {"frame"} | FOUNDATION,
    "cluster": {"cluster"} | FOUNDATION,
    "session": {"session", "cluster", "export", "grids", "deeplearning", "frame", "engine", "jobs"}
    | FOUNDATION,
    "server": {"server", "session", "cluster", "exchange", "export", "grids", "deeplearning", "frame", "jobs"}
    | FOUNDATION,
    "bridge": {"bridge", "server", "session", "frame"} | FOUNDATION,
    "rbridge": {"bridge"},  # the names that scripts know
    "r_host": {"bridge"},
}
# modules of the core that the Python front end may import, and of the package itself the version
OFFERED = {
    "h2o": {
        f"heavywater.{name}"
        for name in ("errors", "exchange", "files", "server.opening", "session", "session.parameters")
    },
    "h2o_command": {
        f"heavywater.{name}"
        for name in (
            "errors",
            "files",
            "server.node_command",
            "server.scoring.scoring_command",
            "server.running.serve_options",
            "session",
            "session.parameters",
        )
    },
}
FRONTS = {"h2o": FRONT, "h2o_command": COMMAND}

# what the services of a session share
SAID = {"values", "member_protocol", "model_protocol", "protocol"}
GROUND = SAID | {"store", "settings", "job_registry", "metrics"}
SERVICES = {"frames", "files", "training", "models", "model_files", "grids"}

# layer -> its packages and modules -> others of them that each may import; every package may import from itself
ROOMS = {
    "frame": {
        "columns": set(),
        "frame": {"columns"},
        "sharded_frame": {"columns", "frame"},
        "summary": {"columns", "frame"},
        "descriptions": {"columns", "frame", "summary"},
        "profiles": {"columns", "sharded_frame", "summary"},
        "importing": {"columns", "frame"},
        "exchange": {"columns", "frame", "importing"},
        "primitives": {"columns", "frame"},
        "language": {"columns", "frame", "primitives"},
    },
    "deeplearning": {
        "metrics": set(),
        "uncertainty": set(),
        "parameters": {"metrics"},
        "encoding": {"parameters"},
        "model": {"uncertainty", "encoding", "parameters", "metrics"},
        "explaining": {"model", "encoding", "parameters", "metrics"},
        "training": {"explaining", "model", "uncertainty", "encoding", "parameters", "metrics"},
    },
    "session": {
        "values": set(),
        "member_protocol": {"values"},
        "model_protocol": {"values"},
        "protocol": {"values", "member_protocol", "model_protocol"},
        "store": set(),
        "settings": {"store"},
        "metrics": {"store"},
        "job_registry": SAID,
        "nodes": SAID | {"store", "runs"},
        "arrays_message": set(),
        "members": SAID | {"store", "settings", "arrays_message", "wire"},
        "crew_ring": {"nodes", "arrays_message"},
        "peers": {"crew_ring", "nodes", "arrays_message"},
        "shard_import": {"store", "nodes"},
        "shard_training": {"nodes", "peers", "crew_ring", "arrays_message"},
        "node_training": GROUND | {"nodes", "peers", "runs", "shard_training"},
        "runs": {"store"},
        "segment_runs": {"store", "runs"},
        "model_operations": {"store"},
        "frames": GROUND | {"model_operations"},
        "transit": set(),
        "files": GROUND | {"nodes", "shard_import", "transit"},
        "models": GROUND | {"model_listing"},
        "training": GROUND | {"runs", "segment_runs", "node_training", "nodes"},
        "model_listing": {"values"},
        "model_files": GROUND | {"runs", "models"},
        "grids": GROUND | {"runs", "model_files"},
        "link_times": SAID | {"nodes"},
        "local": GROUND | SERVICES | {"nodes", "node_training", "link_times", "members", "transit"},
        "wire": set(),
        "retries": set(),
        "node_address": set(),
        "http_link": {"node_address"},
        "known_facts": {"values"},
        "http_session": SAID | {"remote", "wire", "known_facts", "http_link", "node_address", "retries"},
        "transfer": SAID,
        "session_in_parts": SAID,
        "remote": SAID | {"wire", "local", "session_in_parts"},
        "launched_nodes": SAID | {"nodes"},
        "starting_nodes": SAID | {"nodes", "launched_nodes", "remote", "settings"},
        "starting": SAID
        | {"local", "remote", "settings", "starting_nodes", "http_session", "http_link", "node_address"},
        "reaching": SAID | {"starting", "node_address"},
        "handle": SAID,
        "parameters": set(),
    },
    "server": {
        "gate": set(),
        "node": {"gate"},
        "rpc": {"gate", "node"},
        "v3": {"gate", "node"},
        "pages": {"gate", "node"},
        "running": {"gate"},
        "scoring": {"gate", "running"},
        "app": {"gate", "node", "rpc", "v3", "pages"},
        "node_server": {"app", "node", "running"},
        "opening": {"gate", "node", "node_server"},
        "node_command": {"node", "node_server", "running"},
    },
    "server.pages": {
        "basics": set(),
        "charts": {"basics"},
        "scores": {"charts"},
        "live": {"basics", "charts"},
        "jobs": {"basics", "scores", "live"},
        "importing": {"basics"},
        "frames": {"basics", "charts", "jobs"},
        "building": {"basics", "frames"},
        "models": {"basics", "charts", "scores", "jobs"},
        "comparing": {"basics", "charts", "scores"},
        "predicting": {"basics", "charts", "scores"},
        "cluster": {"basics"},
        "home": {"basics", "scores", "frames", "cluster"},
        "page_routes": {
            "basics",
            "live",
            "jobs",
            "importing",
            "frames",
            "building",
            "models",
            "comparing",
            "predicting",
            "cluster",
            "home",
        },
    },
    "h2o": {
        "elsewhere": set(),
        "exceptions": set(),
        "callbacks": {"exceptions"},
        "display": {"elsewhere", "exceptions"},
        "two_dim_table": {"display", "exceptions"},
        "backend": {"callbacks", "display", "elsewhere", "two_dim_table"},
        "plot": {"backend", "display", "elsewhere", "exceptions", "two_dim_table"},
        "frame": {"backend", "display", "elsewhere", "exceptions", "plot"},
        "report": {"display", "exceptions", "plot", "two_dim_table"},
        "model": {
            "backend",
            "display",
            "elsewhere",
            "exceptions",
            "frame",
            "plot",
            "report",
            "two_dim_table",
        },
        "estimators": {"backend", "callbacks", "display", "elsewhere", "exceptions", "frame", "model"},
        "explanation": {
            "backend",
            "elsewhere",
            "estimators",
            "exceptions",
            "frame",
            "model",
            "plot",
            "report",
        },
        "grid": {
            "backend",
            "callbacks",
            "display",
            "elsewhere",
            "estimators",
            "exceptions",
            "explanation",
            "model",
            "plot",
            "report",
            "two_dim_table",
        },
        "functions": {
            "backend",
            "display",
            "estimators",
            "exceptions",
            "frame",
            "grid",
            "job",
            "model",
            "two_dim_table",
        },
        "sklearn": {
            "backend",
            "callbacks",
            "display",
            "elsewhere",
            "estimators",
            "exceptions",
            "frame",
            "model",
        },
        "trackers": {"callbacks", "exceptions", "functions", "model"},
        "transforms": {"elsewhere", "exceptions", "frame"},
        "assembly": {"exceptions", "frame", "transforms"},
        "information_retrieval": {"exceptions", "frame"},
        "job": {"backend", "exceptions"},
        "persist": {"backend"},
        "utils": {"elsewhere", "exceptions", "model"},
        "demos": {"backend", "elsewhere", "estimators", "exceptions", "functions"},
        "command_line": set(),
        "__main__": set(),
    },
    "h2o_command": {
        "options": set(),
        "output": set(),
        "parsing": {"options"},
        "configuration": {"options"},
        "values": {"options", "configuration"},
        "data": {"parsing", "sessions"},
        "sessions": {"parsing"},
        "wording": set(),
        "commands": {"options", "output", "parsing", "configuration", "values", "data", "sessions"},
        "main": {"commands", "options", "output", "parsing", "configuration", "sessions", "wording"},
    },
}
# class of the session package (a pattern) -> the only module of the installed code that makes objects of it
MAKERS = {
    r"\w+Service|JobRegistry|Store|Settings": "core/heavywater/session/local.py",
    r"LocalSession|LoopbackSession": "core/heavywater/session/starting.py",
}


def imported(path: Path, tree: ast.Module) -> Iterator[str]:
    """Absolute names of everything a module imports."""
    base = (CORE if path.is_relative_to(CORE) else FRONT).parent
    package = path.relative_to(base).with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join([*above, *([node.module] if node.module else [])])
            yield stem
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def layer_of(path: Path) -> str:
    if path.is_relative_to(FRONT):
        return "h2o"
    return path.relative_to(CORE).with_suffix("").parts[0]


def test_every_layer_has_its_rule():
    assert {layer_of(path) for path, _ in modules(CORE)} == set(ALLOWED) | {"__init__"}


def test_names_of_imports_are_resolved():
    tree = ast.parse("from ..errors import A\nfrom . import b\nimport x.y\nfrom .c import d")
    found = set(imported(CORE / "frame" / "module.py", tree))
    assert {"heavywater.errors", "heavywater.frame.b", "x.y", "heavywater.frame.c.d"} <= found


@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_layer_imports_only_what_is_below(layer):
    seen, wrong = 0, []
    for path, tree in modules(CORE):
        if layer_of(path) != layer:
            continue
        seen += 1
        for name in imported(path, tree):
            top, _, rest = name.partition(".")
            part = rest.split(".")[0]
            if top == "heavywater" and part not in ALLOWED[layer] and part not in ("", "__version__"):
                wrong.append(f"{named(path)}: {name}")
    assert seen > (3 if (CORE / layer).is_dir() else 0)
    assert wrong == []


@pytest.mark.parametrize("front", sorted(OFFERED))
def test_the_front_end_imports_only_what_the_core_offers(front):
    found = [(each.source, each.target) for each in arrows(ROOT) if each.source.split(".")[0] == front]
    of_the_core = {(source, target) for source, target in found if target.split(".")[0] == "heavywater"}
    assert {target for _, target in of_the_core} == OFFERED[front] | {"heavywater"}
    names = [(named(p), n) for p, tree in modules(FRONTS[front]) for n in imported(p, tree)]
    of_the_package = {name for _, name in names if re.fullmatch(r"heavywater(\.\w+)?", name)}
    assert of_the_package - OFFERED[front] <= {"heavywater", "heavywater.__version__", "heavywater.server"}


def test_the_front_end_knows_its_command_by_the_entry_alone():
    pairs = {(each.source, each.target) for each in arrows(ROOT)}
    of_the_front = {pair for pair in pairs if [name.split(".")[0] for name in pair] == ["h2o", "h2o_command"]}
    assert of_the_front == {("h2o.command_line", "h2o_command.main"), ("h2o.__main__", "h2o_command.main")}
    (session,) = {pair for pair in pairs if [name.split(".")[0] for name in pair] == ["h2o_command", "h2o"]}
    assert session == ("h2o_command.sessions", "h2o")


@pytest.mark.parametrize("pattern", MAKERS)
def test_sessions_and_their_services_are_made_in_one_place(pattern):
    """Whoever works with a service is given it."""
    found = {
        named(path)
        for path, tree in modules(CORE, FRONT)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and re.fullmatch(pattern, ast.unparse(node.func).strip("_"))
    }
    assert found == {MAKERS[pattern]}


@pytest.mark.parametrize("layer", sorted(ROOMS))
def test_room_imports_only_what_is_below(layer):
    rooms, top = ROOMS[layer], layer if layer in OFFERED else f"heavywater.{layer}"
    base = f"{top}."
    found = {
        (source, target)
        for source, target, when in arrows(ROOT)
        if source.startswith(base) and f"{target}.".startswith(base)
        if layer != "h2o" or when != When.FOR_TYPES
    }
    assert {source.removeprefix(base).split(".")[0] for source, _ in found} <= set(rooms)
    wrong = []
    for source, target in sorted(found):
        room, other = source.removeprefix(base).split(".")[0], target.removeprefix(base).split(".")[0]
        if other != room and other not in rooms[room]:
            wrong.append(f"{source}: {target}")
    assert wrong == []


@pytest.mark.parametrize("layer", sorted(ROOMS))
def test_rules_of_rooms_have_no_circle(layer):
    assert circles((room, other) for room, others in ROOMS[layer].items() for other in others) == []


def test_core_does_not_know_the_front_end():
    names = [(named(p), n) for p, tree in modules(CORE) for n in imported(p, tree)]
    assert [found for found in names if found[1].split(".")[0] == "h2o"] == []


def test_compiled_sources_import_only_the_engine():
    pattern = re.compile(r"^\s*(?:from|import|cimport)\s+(heavywater\S*|\.\.\S*)", re.MULTILINE)
    sources = [path for path in files(CORE) if path.suffix in (".pyx", ".pxi")]
    found = [(named(p), n) for p in sources for n in pattern.findall(p.read_text(encoding="utf-8"))]
    assert len(sources) > 3
    assert [each for each in found if not each[1].startswith("heavywater.engine")] == []
