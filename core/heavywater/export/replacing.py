"""Writing files so that at any moment, whatever happens, the old or the new one stands there, never a part."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator

from ..errors import HeavywaterError, InvalidArgument

_SUFFIX = ".part"


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[str]:
    """Name of a file beside `path` to write; at the end of the block it takes the place of `path`.

    What was written is on the disk before it gets the name, so that neither a killed process nor a power failure
    leaves a part of a file. When the block raises, the old file stays as it was. A process that is killed may leave
    a hidden folder ``.<name>.<host>.<process>.<...>.part``; the next one that writes this file here removes it.

    Parameters
    ----------
    path : str or path
        The file to write or to replace; its folder must exist.
    """
    folder, name = os.path.split(os.path.abspath(os.fspath(path)))
    # A folder of its own: two who write the same file do not meet, and what else is written there goes with it.
    owner = f".{name}.{platform.node()}."
    _remove_leftovers(folder, owner)
    beside = tempfile.mkdtemp(prefix=f"{owner}{os.getpid()}.", suffix=_SUFFIX, dir=folder)
    file = os.path.join(beside, name)
    try:
        with open(file, "xb") as new:
            mode = os.fstat(new.fileno()).st_mode
        yield file
        os.chmod(file, mode)  # some libraries write private files
        _sync(file)
        os.replace(file, os.path.join(folder, name))
        _sync(folder)  # the new name, too
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextlib.contextmanager
def new_file(path: str | os.PathLike[str], force: bool) -> Iterator[tuple[str, str]]:
    """Absolute path of a file that the user wants written, and the name for it until the end of the block (`replacing`).

    Parameters
    ----------
    path : str or path
        The file, ``~`` is the home folder; its folder is made where it does not exist.
    force : bool
        Replace a file that is there.

    Raises
    ------
    InvalidArgument
        The file exists, or cannot be written.
    """
    path = os.path.abspath(os.path.expanduser(os.fspath(path)))
    if os.path.isdir(path):
        raise InvalidArgument(f"{path} is a folder: give the name of a file in it")
    if os.path.exists(path) and not force:
        raise InvalidArgument(
            f"{path} exists already: give another path or filename, or force=True to replace it"
        )
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with replacing(path) as beside:
            yield path, beside
    except HeavywaterError:
        raise
    except OSError as error:
        raise InvalidArgument(f"{path}: the file cannot be written there ({error})") from error


def _remove_leftovers(folder: str, owner: str) -> None:
    """Remove what processes of this machine that are no more have left; `owner` is how the names of theirs begin."""
    for name in os.listdir(folder):
        if name.startswith(owner) and name.endswith(_SUFFIX):
            process = name.removeprefix(owner).partition(".")[0]
            if process.isdecimal() and not _runs(int(process)):
                shutil.rmtree(os.path.join(folder, name), ignore_errors=True)


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # asking would end it there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # somebody else's; no number of a process
        pass
    return True


def _sync(path: str) -> None:
    """Wait until a file, or the list of names of a folder, is on the disk."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # a folder on Windows
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
