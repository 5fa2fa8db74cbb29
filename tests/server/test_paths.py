"""What clients of a node may name: files, folders, patterns, addresses, in every request that takes a path."""

from __future__ import annotations

import ast
import os
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from heavywater.errors import HeavywaterError, InvalidArgument, InvalidType, ParseError
from heavywater.exchange import table_of
from heavywater.files import named_file
from heavywater.server.gate.node_options import NodeOptions
from heavywater.server.node.guarded_session import _CHECKED, REFUSED, GuardedSession, path_parameters
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node.paths import PathGuard
from heavywater.session import JobHandle, LocalSession, Ref
from heavywater.session.remote import OPERATIONS

from ..house.tree import CORE, modules, named

ROWS = "a,b\n" + "\n".join(f"{i % 7},{'xy'[i % 2]}" for i in range(40)) + "\n"
SECRET = "user,password\nroot,hunter2\n"
OUTSIDE = "is not below a folder whose files clients of this node may name"
TAKE_PATHS = {
    operation: names
    for operation in OPERATIONS
    if (names := path_parameters(operation)) and operation not in REFUSED
}


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of which one part is open, with links that lead out of it."""
    for name, text in (
        ("open/rows.csv", ROWS),
        ("open/sub/more.csv", ROWS),
        ("shut/secret.csv", SECRET),
        ("opened/near.csv", SECRET),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "open/link.csv").symlink_to(tmp_path / "shut/secret.csv")
    (tmp_path / "open/door").symlink_to(tmp_path / "shut")
    (tmp_path / "open/again.csv").symlink_to("rows.csv")
    (tmp_path / "open/a%2f..%2fb.csv").write_text(ROWS)
    (tmp_path / "open/[ab].csv").write_text(ROWS)
    monkeypatch.setenv("HOME", str(tmp_path / "shut"))
    monkeypatch.chdir(tmp_path / "open")
    return tmp_path


@pytest.fixture
def node(disk: Path) -> Iterator[OpenNode]:
    opened = OpenNode(LocalSession("paths", nthreads=1), NodeOptions(roots=(str(disk / "open"),)))
    opened.behind.frames.upload(table_of({"t": ["hunter2", "ab"]}), "texts")
    yield opened
    opened.close()


@pytest.fixture
def session(node: OpenNode) -> GuardedSession:
    return node.clients.open()


ESCAPES = [
    "/etc/passwd", "{disk}/shut/secret.csv", "{disk}/open/../shut/secret.csv", "../shut/secret.csv", "./sub/../../shut/secret.csv",
    "{disk}/opened/near.csv", "{disk}/open/../opened/near.csv", "link.csv", "door/secret.csv", "door",
    "~/secret.csv", "~root/x", "file://{disk}/shut/secret.csv", "FILE://{disk}/shut/secret.csv", "file:///etc/passwd", "file://localhost/etc/passwd",
    "file://{disk}/open/%2e%2e/shut/secret.csv", "file://{disk}/open/..%2fshut%2fsecret.csv",
    " file:///etc/passwd", "{disk}/open/.//../shut",
    "//etc/passwd", "/proc/self/environ", "/proc/self/cwd/../shut/secret.csv", "{disk}/shut/nothing.csv", "/dev/zero", "..", "/", "{disk}",
]  # fmt: skip
PATTERNS = [
    "/etc/pass*",
    "../shut/*.csv",
    "{disk}/*/*.csv",
    "{disk}/op*/../shut/*.csv",
    "[d]oor/*.csv",
    "door/*",
    "~/*.csv",
    "{disk}/**/secret.csv",
]
NO_NAMES = ["rows.csv\0", "\0", "rows.csv\0.csv", "x" * 5000, "\ud800"]
ADDRESSES = [
    "http://127.0.0.1:1/x.csv", "HTTPS://example.org/x.csv", "s3://bucket/key?secret=hunter2", "gs://b/k", "hdfs://h/f", "abfs://x@y/z",
    "ftp://h/f", "memory://x", "github://a:b@c/d", "zip://x::http://example.org/y", "h://x",
]  # fmt: skip
HARMLESS = {  # what leads nowhere else: it is a name of a file that is not there
    "..\\shut\\secret.csv", "..%2fshut%2fsecret.csv", "%2e%2e/shut/secret.csv", "..%252fshut%252fsecret.csv", "file://{disk}/open/%252e%252e%252fshut",
    "file:../rows.csv", "C:\\secret.csv", "$HOME/secret.csv", "rows.csv;id", "`id`", "|id", "nothing.csv", "x" * 300,
}  # fmt: skip


def reading(session: GuardedSession, path: Any) -> list[Any]:
    """Every way to read a path, as functions."""
    return [
        lambda: session.files.find(path), lambda: session.files.parse_setup([path]), lambda: session.files.import_files(path),
        lambda: session.files.import_files("rows.csv", like=path), lambda: session.files.load_frame("x", path),
        lambda: session.model_files.load(path), lambda: session.model_files.import_mojo(path), lambda: session.grids.load(path),
        lambda: session.frames.rapids(f'(num_valid_substrings texts "{path}")'), lambda: session.files.get(path),
        lambda: session.frames.evaluate(("num_valid_substrings", Ref("texts"), path)),
        lambda: session.files.complete(f"{path}/x"),
    ]  # fmt: skip


def writing(session: GuardedSession, path: Any) -> list[Any]:
    return [
        lambda: session.files.export_frame("rows", path, True), lambda: session.files.save_frame("rows", path),
        lambda: session.files.put(path, b"x"),
        lambda: session.model_files.save("model", path, True), lambda: session.model_files.save_details("model", path, True),
        lambda: session.model_files.save_mojo("model", path, True), lambda: session.model_files.save_pojo("model", path),
        lambda: session.model_files.save_onnx("model", path, True), lambda: session.model_files.save_c("model", path, True),
        lambda: session.grids.save("grid", path), lambda: session.grids.resume("grid", recovery_dir=path),
        lambda: session.training.train("deeplearning", {"export_checkpoints_dir": path}, x=None, y="b", training_frame_key="rows"),
        lambda: session.training.check("deeplearning", {"export_checkpoints_dir": path}, x=None, y="b", training_frame_key="rows"),
        lambda: session.grids.train("deeplearning", {}, {"export_checkpoints_dir": [path]}, x=None, y="b", training_frame_key="rows"),
        lambda: session.grids.train("deeplearning", {}, {"l1": [0]}, x=None, y="b", training_frame_key="rows", recovery_dir=path),
        lambda: session.training.train_segments("deeplearning", {"export_checkpoints_dir": path}, "b", x=None, y="a",
                                                training_frame_key="rows"),
    ]  # fmt: skip


def tree(folder: Path) -> set[tuple[str, int]]:
    return {
        (os.path.relpath(each, folder), each.lstat().st_mtime_ns)
        for each in folder.rglob("*")
        if not each.is_dir()
    }


@pytest.mark.parametrize("path", ESCAPES)
def test_nothing_outside_is_read_or_written(session: GuardedSession, disk: Path, path: str):
    path, before = path.format(disk=disk), tree(disk)
    for ask in [*reading(session, path), *writing(session, path)]:
        with pytest.raises(InvalidArgument, match=OUTSIDE) as raised:
            ask()
        assert "hunter2" not in str(raised.value)
    assert tree(disk) == before


@pytest.mark.parametrize("path", PATTERNS)
def test_patterns_lead_nowhere_else(session: GuardedSession, disk: Path, path: str):
    path = path.format(disk=disk)
    for ask in reading(session, path)[:4]:
        with pytest.raises(InvalidArgument, match=OUTSIDE):
            ask()


def test_a_pattern_tells_not_what_there_is(session: GuardedSession, disk: Path):
    told = []
    for name in ("/shut/s*", "/shut/x*", "/nowhere/s*", "/shut/secret.csv", "/shut/nothing.csv"):
        with pytest.raises(InvalidArgument) as raised:
            session.files.find(f"{disk}{name}")
        told.append(str(raised.value).replace(name, ""))
    assert len(set(told)) == 1


@pytest.mark.parametrize("path", NO_NAMES)
def test_names_that_no_file_can_have(session: GuardedSession, path: str):
    for ask in [*reading(session, path)[:8], *writing(session, path)]:
        with pytest.raises(InvalidArgument, match="no file can have this name"):
            ask()


@pytest.mark.parametrize("roots", [True, False])
@pytest.mark.parametrize("path", ADDRESSES)
def test_addresses_are_not_fetched(disk: Path, path: str, roots: bool):
    node = OpenNode(LocalSession("a", nthreads=1), NodeOptions(roots=(str(disk / "open"),) if roots else ()))
    node.behind.frames.upload(table_of({"t": ["hunter2", "ab"]}), "texts")
    session = node.clients.open()
    for ask in [*reading(session, path), *writing(session, path)]:
        with pytest.raises(InvalidArgument, match="--allow-addresses") as raised:
            ask()
        assert "hunter2" not in str(raised.value)
    with pytest.raises(InvalidArgument, match="--allow-addresses"):
        session.files.set_s3_credentials("key", "secret")
    node.close()


def test_addresses_may_be_allowed(disk: Path):
    guard = PathGuard([str(disk / "open")], addresses=True)
    assert guard.sources("http://example.org/a.csv") == ["http://example.org/a.csv"]
    assert guard.file("s3://bucket/key") == "s3://bucket/key"
    with pytest.raises(InvalidArgument, match=OUTSIDE):
        guard.sources("file:///etc/passwd")


@pytest.mark.parametrize("path", sorted(HARMLESS))
def test_a_name_is_taken_as_it_stands(session: GuardedSession, disk: Path, path: str):
    """Neither decoded twice, nor as another system would take it."""
    with pytest.raises((ParseError, InvalidArgument)) as raised:
        session.files.find(path.format(disk=disk))
    assert "hunter2" not in str(raised.value)
    assert OUTSIDE not in str(raised.value) or path.startswith("file")


def test_what_is_inside_is_read(session: GuardedSession, disk: Path):
    inside = str((disk / "open").resolve())
    for path in (
        "rows.csv",
        "sub/../rows.csv",
        "again.csv",
        f"file://{disk}/open/rows.csv",
        f"{disk}/open/./rows.csv",
        "ro?s.csv",
    ):
        assert session.files.find(path) == [f"{inside}/rows.csv"]
    assert session.files.find(f"file://{urllib.parse.quote(str(disk))}/open/%72ows.csv") == [
        f"{inside}/rows.csv"
    ]
    assert session.files.find("a%2f..%2fb.csv") == [f"{inside}/a%2f..%2fb.csv"]
    assert session.files.find("[ab].csv") == [f"{inside}/[ab].csv"]
    assert session.files.find("sub") == [f"{inside}/sub/more.csv"]
    assert session.files.find(Path("sub")) == session.files.find("**/more.csv") == [f"{inside}/sub/more.csv"]
    assert session.files.find(["rows.csv", "sub"], "more") == [f"{inside}/rows.csv", f"{inside}/sub/more.csv"]
    started = session.files.import_files("ro*.csv", pattern=None)
    assert JobHandle(session, started).wait() == "rows.hex"
    JobHandle(session, session.files.export_frame("rows.hex", "out/new.csv")).wait()
    assert (disk / "open/out/new.csv").is_file()


def test_what_is_typed_is_completed_inside_alone(session: GuardedSession, disk: Path):
    inside = (disk / "open").resolve()
    assert session.files.complete(f"{disk}/open/ro") == [f"{inside}/rows.csv"]
    assert f"{inside}/rows.csv" in session.files.complete(f"{disk}/open/")
    for beside in (
        f"{disk}/open",
        f"{disk}/",
        f"{disk}/op",
        f"{disk}/open/door/",
        f"{disk}/open/../o",
        "/",
        "/e",
        "~/",
    ):
        with pytest.raises(InvalidArgument, match=OUTSIDE):
            session.files.complete(beside)


def test_a_folder_with_a_link_that_leads_out_is_not_read(session: GuardedSession, disk: Path):
    for ask in (
        lambda: session.files.find("."),
        lambda: session.files.find("*.csv"),
        lambda: session.files.import_files(str(disk / "open")),
    ):
        with pytest.raises(InvalidArgument, match=OUTSIDE):
            ask()


def test_links_that_are_made_after_the_look_lead_nowhere(disk: Path):
    """What is handed on has no links any more: another folder in the place of one changes nothing but that it is not found."""
    guard = PathGuard([str(disk / "open")])
    found = guard.file("again.csv")
    (disk / "open/again.csv").unlink()
    (disk / "open/again.csv").symlink_to(disk / "shut/secret.csv")
    assert Path(found).read_text() == ROWS
    (disk / "open/out").mkdir()
    (disk / "open/alias").symlink_to("out")
    target = guard.file("alias/new.csv")
    (disk / "open/alias").unlink()
    (disk / "open/alias").symlink_to(disk / "shut")
    assert Path(target).parent == (disk / "open/out").resolve()


def test_nothing_is_written_through_links_in_a_folder(session: GuardedSession, disk: Path):
    (disk / "open/models").mkdir()
    (disk / "open/models/model").symlink_to(disk / "shut/model")
    for ask in (
        lambda: session.grids.save("grid", "models"),
        lambda: session.files.save_frame("rows", "models"),
    ):
        with pytest.raises(InvalidArgument, match=OUTSIDE):
            ask()


def test_a_path_in_a_saved_grid_is_looked_at_as_well(node: OpenNode, session: GuardedSession, disk: Path):
    """Who writes the file of a grid could name any folder in it."""
    key = JobHandle(session, session.files.import_files("rows.csv", "rows")).wait()
    behind = node.behind.grids
    started = behind.train(
        "deeplearning", {"hidden": [2], "epochs": 1, "export_checkpoints_dir": str(disk / "shut/kept")}, {"l1": [0]},
        x=["a"], y="b", training_frame_key=key, grid_id="grid", search_criteria={"strategy": "Cartesian"},
    )  # fmt: skip
    JobHandle(node.behind, started).wait()
    with pytest.raises(InvalidArgument, match=OUTSIDE):
        session.grids.resume("grid")


def test_files_on_their_way_are_always_open(session: GuardedSession):
    file = session.files.fresh("sent.csv")
    session.files.put(file, ROWS.encode())
    assert JobHandle(session, session.files.import_files(file, "sent")).wait() == "sent"
    assert session.files.get(file, 0, 3) == b"a,b"


def test_without_roots_all_is_open(disk: Path):
    guard = PathGuard()
    assert guard.file("../shut/secret.csv") == "../shut/secret.csv"
    assert guard.sources(["~/x", "/etc/*"]) == ["~/x", "/etc/*"]
    for path in ("a\0b", "http://x/y"):
        with pytest.raises(InvalidArgument):
            guard.file(path)


@pytest.mark.parametrize("path", [3, None, b"rows.csv", ["a", 3], {"a": 1}, [["rows.csv"]], True])
def test_what_is_no_text_is_no_path(session: GuardedSession, path: Any):
    with pytest.raises(InvalidType):
        session.files.find(path)


def test_a_root_is_a_folder(disk: Path):
    for root in ("rows.csv", "nowhere"):
        with pytest.raises(InvalidArgument, match=f"--roots {root}: there is no such folder"):
            PathGuard([root])


def test_a_root_may_be_a_link_and_the_whole_disk(disk: Path):
    (disk / "way").symlink_to(disk / "open")
    assert PathGuard([str(disk / "way")]).file("rows.csv") == str((disk / "open/rows.csv").resolve())
    assert PathGuard(["/"]).file("/etc/passwd") == os.path.realpath("/etc/passwd")


# ---- nothing is forgotten


def test_every_path_of_the_protocol_is_looked_at(session: GuardedSession):
    """A new operation with a path is found by its annotation, and must be called above."""
    assert {"files.import_files", "model_files.save", "grids.train", "training.train"} <= set(TAKE_PATHS)
    asked: set[str] = set()

    class Noting:
        def __getattr__(self, part: str) -> Any:
            class Part:
                def __getattr__(self, name: str) -> Any:
                    return lambda *_, **__: asked.add(f"{part}.{name}")

            return Part()

    for ask in [*reading(Noting(), "x"), *writing(Noting(), "x")]:  # type: ignore[arg-type]
        ask()
    others = {
        "files.import_shards",
        "training.train_fold",
        "training.train_members",
        "files.discard",
    }  # need nodes, are as train, open nothing
    assert set(TAKE_PATHS) - asked == others


@pytest.mark.parametrize("operation", sorted(TAKE_PATHS))
def test_names_of_paths_are_those_of_the_guard(operation: str):
    """What is called neither a list of sources nor a folder is one file."""
    known = {
        "paths",
        "like",
        "folder",
        "directory",
        "recovery_dir",
        "path",
        "file",
        "parameters",
        "hyper_params",
    }
    assert set(TAKE_PATHS[operation]) <= known
    texts = {
        name
        for name, each in OPERATIONS[operation].parameters.items()
        if str(each.annotation) in ("str", "str | None")
    }
    assert texts & {"dir", "folder", "path", "file", "directory", "recovery_dir", "location"} == set()


def test_operations_that_are_named_exist():
    assert set(REFUSED) | _CHECKED <= set(OPERATIONS)


def test_one_operation_on_frames_opens_a_file():
    """Another one that does has to ask `named_file`, too."""
    found = {
        named(path)
        for folder in ("primitives", "language")
        for path, tree in modules(CORE / "frame" / folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("open", "os.open", "Path", "np.load", "os.listdir", "FileIO", "expand")
    }
    assert found == {"core/heavywater/frame/primitives/strings.py"}
    assert "named_file(path)" in (CORE / "frame/primitives/strings.py").read_text(encoding="utf-8")
    assert named_file("anything") == "anything"


# ---- what else does not come in


@pytest.mark.parametrize("operation", sorted(REFUSED))
def test_no_code_and_no_ring_comes_in(session: GuardedSession, operation: str):
    part, _, name = operation.partition(".")
    with pytest.raises(InvalidArgument, match=operation):
        getattr(getattr(session, part), name)


def test_no_code_comes_with_a_model(session: GuardedSession):
    with pytest.raises(InvalidArgument, match="takes no code"):
        session.model_files.from_bytes(b"", custom_metric="os.system")


def test_only_what_the_protocol_names_is_asked_for(session: GuardedSession):
    for part in ("files", "model_files", "frames", "objects"):
        with pytest.raises(AttributeError):
            getattr(getattr(session, part), "_store")  # noqa: B009  # as a name that comes over the wire


def test_expressions_and_memory_have_limits():
    node = OpenNode(LocalSession("small", nthreads=1, max_mem_size=2**30), NodeOptions(max_text=100))
    session = node.clients.open()
    with pytest.raises(InvalidArgument, match="too long"):
        session.frames.rapids("(+ 1 " + "1" * 100 + ")")
    with pytest.raises(InvalidArgument, match="--max-mem"):
        session.cluster.configure(max_mem_size=2**31)
    session.cluster.configure(max_mem_size=2**29)
    node.close()


@pytest.mark.parametrize(
    "text", ["(" * 50_000, "(+ 1 " * 20_000, "[" * 50_000, "{x . " * 20_000, '"' + "\\" * 50_000]
)
def test_deep_expressions_end_in_an_error(session: GuardedSession, text: str):
    with pytest.raises(HeavywaterError):
        session.frames.rapids(text)


def test_jobs_are_limited_and_end_with_the_node():
    node = OpenNode(LocalSession("jobs", nthreads=1), NodeOptions(max_jobs=2))
    session = node.clients.open()
    for _ in range(2):
        node.behind.jobs.start("Wait", lambda job: job._cancel.wait(10))
    with pytest.raises(InvalidArgument, match="2 jobs run at this node"):
        session.files.import_files(__file__)
    with pytest.raises(InvalidArgument, match="2 jobs run at this node"):
        session.jobs.start("What a door begins by itself", lambda job: None)
    for state in session.jobs.known():
        session.jobs.cancel(state["job"])
        session.jobs.wait(state["job"], 10)
    node.stop()
    with pytest.raises(InvalidArgument, match="this node is ending"):
        session.files.import_files(__file__)
    node.close()
