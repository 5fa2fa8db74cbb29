"""What killed processes leave is removed, and what others are at work on is not."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from heavywater.files import new_file, new_folder, workplace
from heavywater.files.workplace import _kernel, _prefix

pytestmark = pytest.mark.skipif(os.name != "posix", reason="flock")


def write(path: Path, text: str) -> None:
    with new_file(path, force=True) as (_, beside):
        Path(beside).write_text(text)


def left(folder: Path, name: str, kernel: str | None = None) -> Path:
    """What a killed process leaves."""
    path = folder / f"{_prefix(name)}{kernel or _kernel()}.abcdefgh.part"
    (path / "new").mkdir(parents=True)
    (path / "lock").touch()
    (path / "new" / name).write_text("half")
    return path


def age(path: Path, days: float) -> None:
    then = time.time() - days * 86_400
    for each in (*path.rglob("*"), path):
        os.utime(each, (then, then))


def test_what_is_left_of_this_file_is_removed(tmp_path: Path) -> None:
    mine, other = left(tmp_path, "file"), left(tmp_path, "file2")
    write(tmp_path / "file", "new")
    assert not mine.exists() and other.exists()
    write(tmp_path / "file2", "new")
    assert sorted(os.listdir(tmp_path)) == ["file", "file2"]


def test_a_folder_without_a_lock_file_is_left_by_one_killed_at_its_first_step(tmp_path: Path) -> None:
    (tmp_path / f"{_prefix('file')}{_kernel()}.abcdefgh.part").mkdir()
    write(tmp_path / "file", "new")
    assert os.listdir(tmp_path) == ["file"]


def test_files_and_links_of_such_a_name_are_not_touched(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "kept").touch()
    start = f"{_prefix('file')}{_kernel()}."
    (tmp_path / f"{start}link.part").symlink_to(mine)
    (tmp_path / f"{start}file.part").write_text("mine")
    write(tmp_path / "file", "new")
    assert len(os.listdir(tmp_path)) == 4 and (mine / "kept").exists()


@pytest.mark.parametrize(("days", "stays"), [(0.5, True), (2, False)])
def test_of_another_machine_only_what_has_not_changed_for_a_day_goes(
    tmp_path: Path, days: float, stays: bool
) -> None:
    theirs = left(tmp_path, "file", "0badc0de")
    age(theirs, days)
    write(tmp_path / "file", "new")
    assert theirs.exists() == stays


@pytest.mark.parametrize(("days", "stays"), [(0.5, True), (2, False)])
def test_without_locks_only_what_has_not_changed_for_a_day_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: float, stays: bool
) -> None:
    mine = left(tmp_path, "file")
    age(mine, days)
    monkeypatch.setattr(workplace, "_lock", lambda handle: None)
    write(tmp_path / "file", "new")
    assert mine.exists() == stays and (tmp_path / "file").read_text() == "new"


HOLDING = """
    import sys
    from heavywater.files import new_file
    with new_file(sys.argv[1], force=True) as (_, beside):
        print(beside, flush=True)
        sys.stdin.readline()
        open(beside, "w").write("theirs")
"""


def test_a_process_at_work_is_left_alone_though_its_number_and_host_are_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two containers: what tells them apart is neither."""
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(HOLDING), tmp_path / "file"], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert child.stdout is not None and child.stdin is not None
    beside = Path(child.stdout.readline().strip())
    monkeypatch.setattr(os, "getpid", lambda: child.pid)
    for _ in range(3):
        write(tmp_path / "file", "ours")
    age(beside.parents[1], 2)
    write(tmp_path / "file", "ours")
    assert beside.exists()
    child.stdin.write("\n")
    child.stdin.close()
    assert child.wait() == 0
    assert (tmp_path / "file").read_text() == "theirs" and os.listdir(tmp_path) == ["file"]


def test_a_volume_that_keeps_open_files_has_nothing_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As NFS does: the name of a file that is open goes away when it is closed."""
    held: list[int] = []
    open_lock, rmtree, close = workplace._open_lock, workplace.shutil.rmtree, os.close

    def opened(path: str) -> int:
        held.append(open_lock(path))
        return held[-1]

    def removed(path: str, ignore_errors: bool) -> None:
        if not held:
            rmtree(path, ignore_errors=ignore_errors)

    def closed(handle: int) -> None:
        close(handle)
        if handle in held:
            held.remove(handle)

    with monkeypatch.context() as patch:
        patch.setattr(workplace, "_open_lock", opened)
        patch.setattr(workplace.shutil, "rmtree", removed)
        patch.setattr(os, "close", closed)
        write(tmp_path / "file", "new")
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_moved_aside_by_a_killed_process_comes_back(tmp_path: Path) -> None:
    """Where folders are exchanged in two steps, and the kill came between them."""
    mine = left(tmp_path, "out")
    (mine / "old").mkdir()
    (mine / "old" / "kept").write_text("text")
    with pytest.raises(ZeroDivisionError), new_folder(tmp_path / "out", True, str.isalpha):
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == ["out"] and (tmp_path / "out" / "kept").read_text() == "text"


@pytest.mark.parametrize("name", ["x" * 255, "ü" * 127, ".x", "lock", "new", "old", "a b", "-", "\udcff"])
def test_names_of_all_kinds(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "1")
    left(tmp_path, name)
    write(tmp_path / name, "2")
    assert os.listdir(tmp_path) == [name] and (tmp_path / name).read_text() == "2"
