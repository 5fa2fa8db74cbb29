"""What a new file or folder keeps of the one whose place it takes, and where it comes to stand."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from heavywater.errors import HeavywaterError, InvalidArgument, InvalidType
from heavywater.files import new_file, new_folder

from .writers import WRITERS, World, content, quietly

FOLDERS = {"csv in parts", "parquet"}
as_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(params=[0o022, 0o077, 0o002], ids=oct)
def umask(request: Any) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: str | Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.mark.parametrize("writer", WRITERS)
def test_new_files_and_folders_have_the_usual_rights(
    world: World, writer: str, umask: int, tmp_path: Path
) -> None:
    name, write = WRITERS[writer]
    quietly(write, world, 0, str(tmp_path / "made" / name))
    for place, folders, names in os.walk(tmp_path / "made"):
        assert mode(place) == 0o777 & ~umask
        assert all(mode(os.path.join(place, each)) == 0o666 & ~umask for each in names), (place, folders)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("rights", [0o600, 0o640, 0o664, 0o400])
def test_what_is_replaced_leaves_its_rights(world: World, writer: str, rights: int, tmp_path: Path) -> None:
    name, write = WRITERS[writer]
    path = tmp_path / name
    quietly(write, world, 0, str(path))
    if path.is_dir():
        path.chmod(0o700 | rights)
        for each in path.iterdir():
            each.chmod(rights)
        rights_of_files = {mode(each) for each in path.iterdir()}
        assert rights_of_files == {rights}
    else:
        path.chmod(rights)
    before, wanted = content(str(path)), mode(path)
    quietly(write, world, 1, str(path))
    assert content(str(path)) != before and mode(path) == wanted
    assert {mode(each) for each in path.iterdir()} == {rights} if path.is_dir() else True


@as_root
@pytest.mark.parametrize("writer", WRITERS)
def test_what_is_replaced_leaves_its_owner(world: World, writer: str, tmp_path: Path) -> None:
    name, write = WRITERS[writer]
    path = tmp_path / name
    quietly(write, world, 0, str(path))
    os.chown(path, 12345, 23456)
    quietly(write, world, 1, str(path))
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_extended_attributes_stay(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    try:
        os.setxattr(path, "user.note", b"mine")
    except (AttributeError, OSError):
        pytest.skip("this file system has no extended attributes")
    with new_file(path, force=True) as (_, beside):
        Path(beside).write_text("new")
    assert os.getxattr(path, "user.note") == b"mine" and path.read_text() == "new"


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("kind", ["link", "link to a link", "link to nothing yet", "folder is a link"])
def test_links_are_followed(world: World, writer: str, kind: str, tmp_path: Path) -> None:
    name, write = WRITERS[writer]
    real, here = tmp_path / "real", tmp_path / "here"
    real.mkdir()
    if kind == "folder is a link":
        here.symlink_to(real)
    else:
        here.mkdir()
        if kind == "link to a link":
            (tmp_path / "between").symlink_to(real / name)
        (here / name).symlink_to(tmp_path / "between" if kind == "link to a link" else real / name)
    if kind != "link to nothing yet":
        quietly(write, world, 0, str(real / name))
    quietly(write, world, 1, str(here / name))
    assert os.listdir(real) == os.listdir(here) == [name]
    assert here.is_symlink() or (here / name).is_symlink()
    quietly(write, world, 1, str(tmp_path / "other" / name))
    assert content(str(real / name)) == content(str(tmp_path / "other" / name))


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    "called", [b"\xff\xfe", "ü 漢".encode(), b"a\nb", b"%2e%2e", b"-rf", b"*?'\"", b"x" * 255], ids=repr
)
def test_folders_may_have_any_name(world: World, writer: str, called: bytes, tmp_path: Path) -> None:
    name, write = WRITERS[writer]
    folder = tmp_path / os.fsdecode(called)
    quietly(write, world, 0, str(folder / name))
    quietly(write, world, 1, str(folder / name))
    quietly(write, world, 1, str(tmp_path / "plain" / name))
    assert content(str(folder / name)) == content(str(tmp_path / "plain" / name))
    assert sorted(os.listdir(tmp_path)) == sorted([folder.name, "plain"])


@pytest.mark.parametrize("writer", WRITERS)
def test_a_working_folder_that_is_gone_is_named(
    world: World, writer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, write = WRITERS[writer]
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(InvalidArgument, match="the working folder does not exist any more"):
        quietly(write, world, 0, name)
    quietly(write, world, 0, str(tmp_path / name))  # an absolute path needs none


@pytest.mark.parametrize("load", ["load_model", "load_grid", "import_mojo", "import_file", "upload_file"])
def test_nothing_can_be_read_from_a_working_folder_that_is_gone(
    load: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import h2o

    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(
        HeavywaterError, match=r"working folder: removed|working folder does not exist any more"
    ):
        getattr(h2o, load)("relative")


@pytest.mark.parametrize("path", ["x/", "x/.", "x/..", "x//", ".", "..", "/"])
def test_a_path_that_means_a_folder_is_no_file(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidArgument, match="is a folder"), new_file(path, force=True):
        pass
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("path", [3, None, ["a"], 1.5])
def test_a_path_is_a_text_or_a_path(path: Any) -> None:
    with pytest.raises(InvalidType, match="must be the name of a file"), new_file(path, force=True):
        pass


def test_a_path_may_be_bytes(tmp_path: Path) -> None:
    with new_file(os.fsencode(tmp_path / "file"), force=True) as (path, beside):  # type: ignore[arg-type]
        Path(beside).write_text("new")
    assert path == str(tmp_path / "file") and (tmp_path / "file").read_text() == "new"


def test_a_link_to_itself_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(InvalidArgument, match="loop"), new_file(tmp_path / "loop", force=True):
        pass
    assert (tmp_path / "loop").is_symlink()


@pytest.mark.parametrize("inside", ["a text of mine", ".hidden", "part-m-00000.parquet", "sub"])
def test_only_a_folder_of_an_earlier_export_is_replaced(world: World, inside: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    world.export("frame_0", folder, parts=3)
    with pytest.raises(InvalidArgument, match="exists already"):
        world.export("frame_1", folder, parts=2)
    (folder / inside).mkdir() if inside == "sub" else (folder / inside).write_text("mine")
    with pytest.raises(InvalidArgument, match="which is not of an earlier export"):
        world.export("frame_1", folder, True, parts=2)
    assert (folder / inside).exists() and len(os.listdir(folder)) == 4
    (folder / inside).rmdir() if inside == "sub" else (folder / inside).unlink()
    world.export("frame_1", folder, True, parts=2)
    assert sorted(os.listdir(folder)) == ["part-m-00000", "part-m-00001"]


def test_a_folder_that_cannot_be_replaced_gets_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a volume is mounted."""
    monkeypatch.setattr("heavywater.files.writing.os.path.ismount", lambda path: path == str(tmp_path))
    for names in (["a", "b"], ["b", "c"]):
        with new_folder(tmp_path, True, str.isalpha) as (_, beside):
            for name in names:
                Path(beside, name).write_text(name)
        assert sorted(os.listdir(tmp_path)) == names


@pytest.mark.parametrize("exchanges", [True, False], ids=["in one step", "in two steps"])
def test_folders_are_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool) -> None:
    if not exchanges:
        monkeypatch.setattr("heavywater.files.writing._exchanged", lambda one, other: False)
    for text in ("old", "new"):
        with new_folder(tmp_path / "out", True, str.isalpha) as (_, beside):
            Path(beside, text).write_text(text)
        assert os.listdir(tmp_path) == ["out"] and os.listdir(tmp_path / "out") == [text]


def test_a_file_that_has_come_meanwhile_is_not_replaced_without_force(tmp_path: Path) -> None:
    path = tmp_path / "file"

    def write() -> None:
        with new_file(path, force=False) as (_, beside):
            Path(beside).write_text("mine")
            path.write_text("theirs")

    with pytest.raises(InvalidArgument, match="exists already"):
        write()
    assert path.read_text() == "theirs" and os.listdir(tmp_path) == ["file"]


def test_of_many_writers_at_once_one_wins_and_none_fails(tmp_path: Path) -> None:
    errors: list[BaseException] = []
    path = tmp_path / "file"

    def write(text: str) -> None:
        try:
            for _ in range(30):
                with new_file(path, force=True) as (_, beside):
                    Path(beside).write_text(text * 1000)
        except BaseException as error:  # noqa: BLE001 - the test shows it
            errors.append(error)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and path.read_text() in [letter * 1000 for letter in "abcd"]
    assert os.listdir(tmp_path) == ["file"]


def test_folders_that_were_made_for_nothing_go_away(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), new_file(tmp_path / "a" / "b" / "file", force=False):
        raise KeyboardInterrupt
    assert os.listdir(tmp_path) == []
