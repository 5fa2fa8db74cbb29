"""Writes with a fault at each step. A program of its own, to be started with the library of `faults.c` preloaded.

``python -m tests.files.faulty_writes <folder> <library>`` prints for each writer how many steps there were, after it has found that at
each of them the old or the new content stood there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import signal
import sys

from heavywater.errors import HeavywaterError

from .writers import WRITERS, World, content, quietly

KILL = -1
KINDS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "kill": KILL}


def main(folder: str, library: str) -> None:
    faults, world = ctypes.CDLL(library), World()
    for number, writer in enumerate(WRITERS):
        place = os.path.join(folder, str(number))
        os.mkdir(place)
        print(f"{writer}: {steps_of(faults, world, place, writer)}")


def steps_of(faults: ctypes.CDLL, world: World, folder: str, writer: str) -> str:
    """The steps of a writer, by kind of fault."""
    name, write = WRITERS[writer]
    path = os.path.join(folder, name)
    contents: list[str | None] = [None]
    for number in (0, 1):
        quietly(write, world, number, path)
        contents.append(content(path))
    assert len(set(contents)) == 3, "the two contents must differ"
    assert os.listdir(folder) == [name]
    steps = {kind: try_each(faults, world, writer, path, contents, kind) for kind in KINDS}
    steps["EIO without an old one"] = try_each(faults, world, writer, path, contents, "EIO", old=False)
    return " ".join(f"{number} {kind}" for kind, number in steps.items())


def try_each(
    faults: ctypes.CDLL,
    world: World,
    writer: str,
    path: str,
    contents: list[str | None],
    kind: str,
    old: bool = True,
) -> int:
    """Let the first, second, ... step fail, until there is none left; how many there were."""
    before = contents[1] if old else None
    _, write = WRITERS[writer]
    folder, name = os.path.split(path)
    for step in range(1, 500):
        if old:
            quietly(write, world, 0, path)
        elif os.path.isdir(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)
        killed = False
        if kind == "kill":
            killed = write_and_die(faults, world, write, path, step)
            failed = True
        else:
            faults.faults_arm(step, KINDS[kind])
            try:
                quietly(write, world, 1, path)
                failed = False
            except (HeavywaterError, OSError):
                failed = True
            calls = faults.faults_arm(0, 0)
        found = content(path)
        assert found in (before, contents[2]), (
            f"{writer}: {kind} at step {step} leaves neither the old nor the new content"
        )
        if not failed:
            assert found == contents[2], f"{writer}: {kind} at step {step} is not reported"
        left = [each for each in os.listdir(folder) if each != name]
        if kind != "kill":
            assert left == [], f"{writer}: {kind} at step {step} leaves {left}"
        quietly(write, world, 1, path)  # the next save removes what a killed one has left
        assert os.listdir(folder) == [name], (
            f"{writer}: {kind} at step {step} leaves {os.listdir(folder)} for ever"
        )
        assert content(path) == contents[2]
        if (kind == "kill" and not killed) or (kind != "kill" and calls < step):
            return step - 1
    raise AssertionError("there is no end of steps")


def write_and_die(faults: ctypes.CDLL, world: World, write: object, path: str, step: int) -> bool:
    """Write in a child, which ends at a step; whether it came so far."""
    child = os.fork()
    if child == 0:
        faults.faults_arm(step, KILL)
        quietly(write, world, 1, path)  # type: ignore[arg-type]
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed"
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


if __name__ == "__main__":
    main(*sys.argv[1:])
