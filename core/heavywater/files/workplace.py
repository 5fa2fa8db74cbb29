"""The hidden folder beside a file in which its new content is made.

Its name is ``.<name>.<digest of the name>.<kernel>.<...>.part``. Who works in it holds a lock on a file in it; a lock
goes away with its process, so a folder without one is what a killed process has left. Numbers of processes and names of
hosts would not tell: two containers with the same volume may have the same.

Locks (flock) hold for all processes of one running kernel, whatever the file system. On network volumes they need
not reach other machines, and some file systems have none. So a folder of another kernel, or one whose lock cannot be
asked for, counts as left only when nothing in it has changed for a day, by the clock of the volume.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache

_SUFFIX = ".part"
_LOCK, NEW, OLD = "lock", "new", "old"
_DAY = 86_400.0  # seconds
_SHOWN = 80  # bytes of the file's name


@contextlib.contextmanager
def workplace(folder: str, name: str) -> Iterator[str]:
    """A folder to work in until the end of the block; first, what killed processes have left of the same file goes.

    Parameters
    ----------
    folder : str
        Where the file is; it must exist.
    name : str
        The file's name.
    """
    prefix = _prefix(name)
    path, lock = _locked(folder, prefix)
    try:
        _clear(folder, name, prefix, os.path.basename(path), os.stat(path).st_mtime)
        os.mkdir(os.path.join(path, NEW))
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)
        if os.path.isdir(path):  # NFS and Windows keep files that are open, such as the lock
            shutil.rmtree(path, ignore_errors=True)


def _prefix(name: str) -> str:
    shown = os.fsencode(name)[:_SHOWN].decode(errors="ignore")
    digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:8]
    return f".{shown}.{digest}."


@cache
def _kernel() -> str:
    """What tells the running kernel from others: locks are known to hold within one."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            text = file.read()
    except OSError:
        text = platform.node()
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _locked(folder: str, prefix: str) -> tuple[str, int]:
    """A new folder, and the handle that holds its lock."""
    for _ in range(100):
        path = tempfile.mkdtemp(prefix=f"{prefix}{_kernel()}.", suffix=_SUFFIX, dir=folder)
        try:
            handle = _open_lock(path)
        except FileNotFoundError:  # another process has taken it for a leftover before it had its lock
            continue
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        if _lock(handle) is not False and _still_there(handle, path):
            return path, handle
        os.close(handle)
    raise OSError(f"{folder}: no folder to work in could be made there")


def _open_lock(path: str) -> int:
    return os.open(os.path.join(path, _LOCK), os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)


def _lock(handle: int) -> bool | None:
    """Take the lock of a file; False where another process holds it, None where it cannot be known."""
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _still_there(handle: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(os.path.join(path, _LOCK)))
    except FileNotFoundError:
        return False


def _clear(folder: str, name: str, prefix: str, own: str, now: float) -> None:
    """Remove what processes that are no more have left of a file."""
    try:
        found = [each for each in os.listdir(folder) if each.startswith(prefix) and each.endswith(_SUFFIX)]
    except OSError:  # a folder that may be written and not listed
        return
    for each in found:
        path = os.path.join(folder, each)
        if each == own or os.path.islink(path) or not os.path.isdir(path):
            continue
        with contextlib.suppress(OSError):
            idle = now - _last_change(path) > _DAY
            handle = _open_lock(path)
            try:
                free = _lock(handle)
                certain = free is True and each.startswith(f"{prefix}{_kernel()}.")
                if certain or (idle and free is not False):
                    _remove(path, os.path.join(folder, name))
            finally:
                os.close(handle)


def _remove(path: str, target: str) -> None:
    """Remove a leftover; a folder that it had moved aside, and nothing has replaced, comes back."""
    old = os.path.join(path, OLD)
    if os.path.lexists(old) and not os.path.lexists(target):
        os.rename(old, target)
    shutil.rmtree(path, ignore_errors=True)


def _last_change(path: str) -> float:
    latest = os.stat(path).st_mtime
    for place, folders, names in os.walk(path):
        for name in (*folders, *names):
            with contextlib.suppress(OSError):
                latest = max(latest, os.lstat(os.path.join(place, name)).st_mtime)
    return latest
