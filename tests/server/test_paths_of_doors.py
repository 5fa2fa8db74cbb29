"""The guard of paths as requests meet it, in every route of both doors that takes a path."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from heavywater.errors import InvalidArgument
from heavywater.exchange import table_of
from heavywater.server.app import application
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.session import JobHandle, LocalSession
from heavywater.session.wire import decode, encode

from ..house.tree import CORE, modules, named
from .asgi import Answered, ask
from .test_paths import OUTSIDE, SECRET, disk, tree

__all__ = ["disk"]  # the fixture

FORM = ("content-type", "application/x-www-form-urlencoded")
MESSAGE = ("content-type", "application/octet-stream")
# method, route, name of the value that is a path, further values, what stands around it
ROUTES = [
    ("GET", "/3/ImportFiles", "path", {}, "%s"), ("POST", "/3/ImportFilesMulti", "paths", {}, "[%s]"),
    ("POST", "/3/ImportFilesMulti", "paths", {}, '["%s"]'), ("POST", "/3/ParseSetup", "source_frames", {}, '["nfs:/%s"]'),
    ("POST", "/3/ParseSetup", "source_frames", {}, "[nfs:/%s]"), ("POST", "/3/ParseSetup", "source_frames", {}, '["%s"]'),
    ("POST", "/3/Parse", "source_frames", {"destination_frame": "x"}, '["nfs:/%s"]'), ("GET", "/3/Frames/nfs:/%s", None, {}, "%s"),
    ("POST", "/3/Frames/rows/export", "path", {"force": "true"}, "%s"), ("POST", "/3/Frames/rows/save", "dir", {}, "%s"),
    ("POST", "/3/Frames/load", "dir", {"frame_id": "rows"}, "%s"), ("GET", "/99/Models.bin/model", "dir", {"force": "true"}, "%s"),
    ("POST", "/99/Models.bin/", "dir", {}, "%s"), ("POST", "/99/Models.upload.bin/", "dir", {}, "nfs:/%s"),
    ("GET", "/99/Models.mojo/model", "dir", {"force": "true"}, "%s"), ("GET", "/99/Models/model/json", "dir", {"force": "true"}, "%s"),
    ("POST", "/3/ModelBuilders/generic", "path", {}, "%s"), ("POST", "/3/ModelBuilders/generic", "model_key", {}, "nfs:/%s"),
    ("POST", "/3/ModelBuilders/deeplearning", "export_checkpoints_dir", {"training_frame": "rows", "response_column": "y"}, "%s"),
    ("POST", "/99/Grid/deeplearning", "export_checkpoints_dir",
     {"training_frame": "rows", "response_column": "y", "hyper_parameters": '{"l1": [0]}'}, "%s"),
    ("POST", "/99/Grid/deeplearning", "recovery_dir",
     {"training_frame": "rows", "response_column": "y", "hyper_parameters": '{"l1": [0]}'}, "%s"),
    ("POST", "/3/Grid.bin/grid/export", "grid_directory", {}, "%s"), ("POST", "/3/Grid.bin/import", "grid_path", {}, "%s"),
    ("POST", "/99/Rapids", "ast", {}, "(num_valid_substrings texts '%s')"), ("GET", "/3/Typeahead/files", "src", {"limit": "10"}, "%s"),
]  # fmt: skip
PATHS = [
    "{disk}/shut/secret.csv",
    "{disk}/open/link.csv",
    "{disk}/open/door",
    "{disk}/open/../shut/secret.csv",
    "/etc/passwd",
    "{disk}/shut",
]


@pytest.fixture(scope="module")
def local() -> LocalSession:
    session = LocalSession("doors", nthreads=1)
    session.frames.upload(table_of({"x": [1.0, 2.0] * 30, "y": ["a", "b"] * 30}), "rows")
    session.frames.upload(table_of({"t": ["hunter2", "ab"]}), "texts")
    small = {"hidden": [2], "epochs": 1}
    given: dict[str, Any] = {"x": ["x"], "y": "y", "training_frame_key": "rows"}
    JobHandle(session, session.training.train("deeplearning", {**small, "model_id": "model"}, **given)).wait()
    JobHandle(
        session, session.grids.train("deeplearning", small, {"l1": [0.0]}, grid_id="grid", **given)
    ).wait()
    return session


@pytest.fixture
def node(disk: Path, local: LocalSession) -> Iterator[OpenNode]:
    opened = OpenNode(local, NodeOptions(roots=(str(disk / "open"),)))
    yield opened
    opened.close()


def sent(node: OpenNode, method: str, route: str, values: dict[str, str]) -> Answered:
    text, headers = urlencode(values), [("host", "localhost")]
    if method == "GET":
        return ask(application(node), method, f"{route}?{text}", headers)
    return ask(application(node), method, route, [*headers, FORM], [text.encode()])


@pytest.mark.parametrize(
    ("method", "route", "name", "more", "around"), ROUTES, ids=[f"{r[1]} {r[2]} {r[4]}" for r in ROUTES]
)
def test_no_route_leads_out(
    node: OpenNode, disk: Path, method: str, route: str, name: str | None, more: dict[str, str], around: str
):
    before, keys = tree(disk), node.behind.objects.keys()
    for path in (each.format(disk=disk) for each in PATHS):
        asked = {**more, name: around % path} if name else more
        answer = sent(node, method, route % quote(path, safe="") if "%" in route else route, asked)
        if answer.status == 200 and "generic" in route:  # what is wrong the job says
            job = node.behind.jobs.known()[-1]["job"]
            assert node.behind.jobs.wait(job, 20)["status"] == "FAILED"
            with pytest.raises(InvalidArgument, match=OUTSIDE):
                node.behind.jobs.result(job)
            continue
        if "Typeahead" in route:
            assert set(json.loads(answer.body)["matches"]) <= {
                f"{disk}/open/{name}" for name in ("link.csv", "door")
            }
            continue
        assert 400 <= answer.status < 500, answer.body
        for word in ("hunter2", "secret,", "root:x:", "user"):
            assert word not in answer.body.decode().replace(str(disk), "").replace("user may", ""), (
                answer.body
            )
    assert tree(disk) == before
    assert node.behind.objects.keys() == keys


@pytest.mark.parametrize(
    "path",
    [
        "..%2Fshut%2Fsecret.csv",
        "%252e%252e%252fshut%252fsecret.csv",
        "%2e%2e/shut/secret.csv",
        "..%5cshut%5csecret.csv",
    ],
)
def test_a_path_is_decoded_once(node: OpenNode, path: str):
    for route in ("/3/ImportFiles?path=", "/3/Frames/nfs:%2F", "/99/Models.bin/model?force=1&dir="):
        answer = ask(application(node), "GET", route + path, [("host", "localhost")])
        assert answer.status in (200, 400, 404, 412)
        assert b"hunter2" not in answer.body
        if answer.status == 200:  # a name with percent signs in it is one like any other
            assert (route.startswith("/99") and "%252e" in path) or "%5c" in path


def test_a_path_that_is_inside_works(node: OpenNode, disk: Path):
    answer = sent(node, "POST", "/3/ImportFilesMulti", {"paths": f"[{disk}/open/rows.csv]"})
    key = json.loads(answer.body)["destination_frames"][0]
    setup = json.loads(sent(node, "POST", "/3/ParseSetup", {"source_frames": f'["{key}"]'}).body)
    assert setup["column_names"] == ["a", "b"]
    answer = sent(node, "GET", "/99/Models.bin/model", {"dir": f"{disk}/open/model", "force": "true"})
    assert answer.status == 200
    assert (disk / "open/model").is_file()


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("files.find", {"paths": "{disk}/shut/secret.csv"}), ("files.import_files", {"paths": ["{disk}/open/link.csv"]}),
        ("model_files.save", {"model_key": "model", "path": "{disk}/shut/x"}), ("model_files.load", {"path": "/etc/passwd"}),
        ("frames.rapids", {"text": "(num_valid_substrings texts '{disk}/shut/secret.csv')"}),
        ("frames.rapids", {"text": "({{f . (num_valid_substrings texts f)}} '{disk}/shut/secret.csv')"}),
    ],
)  # fmt: skip
def test_our_own_door(node: OpenNode, disk: Path, operation: str, arguments: dict[str, Any]):
    given = json.loads(
        json.dumps(arguments).replace("{disk}", str(disk)).replace("{{", "{").replace("}}", "}")
    )
    client = node.clients.open().client
    answer = ask(
        application(node),
        "POST",
        f"/rpc/1/{operation}",
        [("host", "localhost"), ("heavywater-client", client), MESSAGE],
        [encode(given)],
    )
    assert OUTSIDE in decode(answer.body)["error"]["text"]
    assert SECRET.encode() not in answer.body


@pytest.mark.parametrize(
    "operation",
    [
        "members.open",
        "training.put_metric",
        "store.put",
        "_behind.store",
        "files._store",
        "jobs.start",
        "x",
        ".",
        "files.",
    ],
)
def test_what_is_not_asked_for_over_the_wire(node: OpenNode, operation: str):
    client = node.clients.open().client
    answer = ask(
        application(node),
        "POST",
        f"/rpc/1/{operation}",
        [("host", "localhost"), ("heavywater-client", client), MESSAGE],
        [encode({})],
    )
    assert answer.status != 200 or decode(answer.body)["error"]["kind"] in (
        "InvalidArgument",
        "NotFound",
        "TypeError",
    )


# where a module of the doors touches the disk itself -> why no client names what it opens
OWN_FILES = {
    "assets.py": "scripts and styles lie in the package, and are read before anybody asks",
    "routing.py": "what arrives is written under a name of the node's",
    "model_file_requests.py": "what leaves is written and read in a folder of the node's",
    "frame_requests.py": "shows what was sent, by its key",
    "cloud.py": "facts about the process",
    "raw_files.py": "what was sent is kept under names of the node's",
}


def test_no_door_opens_files_by_itself():
    """All else asks the session, whose guard looks at every path."""
    calls = (
        "open",
        "os.listdir",
        "os.open",
        "os.scandir",
        "os.walk",
        "Path",
        "os.stat",
        "expand",
        "FileIO",
        "os.rename",
        "shutil.copy",
        "shutil.move",
    )
    methods = (
        "read_bytes",
        "read_text",
        "write_bytes",
        "write_text",
        "unlink",
        "rename",
        "rmtree",
        "mkdir",
        "iterdir",
        "glob",
    )
    found = {
        Path(named(path)).name
        for path, tree in modules(CORE / "server")
        if "scoring" not in named(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            ast.unparse(node.func) in calls
            or (isinstance(node.func, ast.Attribute) and node.func.attr in methods)
        )
    }
    assert found <= {
        *OWN_FILES,
        "foreground.py",
        "open_node.py",
        "node_command.py",
        "paths.py",
        "guarded_session.py",
        "tokens.py",
    }
    assert {"routing.py", "frame_requests.py"} <= found


def test_doors_ask_no_session_but_the_guarded_one():
    found = {
        named(path)
        for path, tree in modules(CORE / "server")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("behind", "_behind")
    }
    assert {Path(name).name for name in found} == {"open_node.py", "guarded_session.py"}
