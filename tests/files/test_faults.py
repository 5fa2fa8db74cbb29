"""No fault at any step of any writer leaves anything but the old or the new content."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from heavywater.errors import InvalidArgument

from .writers import WRITERS, World, content, quietly

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a folder: nothing here depends on the disk, and waiting for it would take minutes."""
    folder = Path("/dev/shm") / f"heavywater_{os.getpid()}"
    try:
        folder.mkdir()
    except OSError:
        folder = tmp_path
    yield folder
    if folder != tmp_path:
        shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="the library is preloaded as Linux does it")
@pytest.mark.long
def test_a_fault_at_any_step_leaves_the_old_or_the_new_content(tmp_path: Path, quick_folder: Path) -> None:
    compiler, library = shutil.which("cc") or shutil.which("gcc"), str(tmp_path / "faults.so")
    if compiler is None:
        pytest.skip("there is no C compiler")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, HERE / "faults.c", "-ldl"], check=True)
    done = subprocess.run([sys.executable, "-m", "tests.files.faulty_writes", quick_folder, library], cwd=ROOT, text=True,
                          check=False, timeout=300, env=os.environ | {"LD_PRELOAD": library}, capture_output=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    steps = {line.partition(":")[0]: [int(n) for n in re.findall(r"\d+", line.partition(":")[2])]
             for line in done.stdout.splitlines()}  # fmt: skip
    assert set(steps) == set(WRITERS)
    # a work folder, two folders or files in it, the content, two syncs, the name, and what is removed at the end
    assert all(min(numbers) >= 5 for numbers in steps.values()), steps


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("writer", ["model", "mojo", "details", "csv", "plot"])
def test_a_device_without_room_is_an_error_and_stays(world: World, writer: str, tmp_path: Path) -> None:
    name, write = WRITERS[writer]
    (tmp_path / name).symlink_to("/dev/full")
    with pytest.raises(InvalidArgument, match="No space left"):
        quietly(write, world, 0, str(tmp_path / name))
    assert Path("/dev/full").is_char_device() and (tmp_path / name).is_symlink()
    assert os.listdir(tmp_path) == [name]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = shutil.which("mount") and os.name == "posix" and os.geteuid() == 0
    if (
        not mounted
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("only root can mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk_leaves_the_old_content(world: World, writer: str, small_disk: Path) -> None:
    name, write = WRITERS[writer]
    path = str(small_disk / name)
    try:
        quietly(write, world, 0, path)
    except InvalidArgument:  # even the first one is too large
        assert os.listdir(small_disk) == []
        return
    before = content(path)
    with open(small_disk / "filling", "wb", buffering=0) as filling:
        for size in (4096, 1):
            try:
                while True:
                    filling.write(bytes(size))
            except OSError:
                pass
    with pytest.raises(InvalidArgument, match="No space left"):
        quietly(write, world, 1, path)
    assert content(path) == before and sorted(os.listdir(small_disk)) == sorted([name, "filling"])
    os.unlink(small_disk / "filling")
