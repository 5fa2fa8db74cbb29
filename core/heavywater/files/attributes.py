"""Rights and owners of files, folders that are made for them, and what is known to be on the disk."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

# What file systems answer that cannot do what is asked; nothing is wrong with the file then.
_UNSUPPORTED = {
    errno.EINVAL,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.EPERM,
    errno.EACCES,
    errno.EBADF,
}


def keep_attributes(old: str, new: str) -> None:
    """Give a file or folder the owner, rights and extended attributes of the one whose place it takes.

    What the system does not allow stays as it is: only root gives files away. Where the owner cannot be kept, there
    are no set-user and set-group bits.
    """
    was, now = os.stat(old), os.stat(new)
    kept = True
    if hasattr(os, "chown") and (was.st_uid, was.st_gid) != (now.st_uid, now.st_gid):
        try:
            os.chown(new, was.st_uid, was.st_gid)
        except PermissionError:
            kept = False
            with contextlib.suppress(PermissionError):
                os.chown(new, -1, was.st_gid)
    _keep_extended(old, new)
    mode = stat.S_IMODE(was.st_mode)
    if not kept and not stat.S_ISDIR(was.st_mode):
        mode &= ~(stat.S_ISUID | stat.S_ISGID)
    if stat.S_IMODE(os.stat(new).st_mode) != mode:
        os.chmod(new, mode)


def _keep_extended(old: str, new: str) -> None:
    """Extended attributes, among them access lists."""
    if not hasattr(os, "listxattr"):
        return
    try:
        for name in os.listxattr(old):
            os.setxattr(new, name, os.getxattr(old, name))
    except OSError as error:
        if error.errno not in {*_UNSUPPORTED, errno.ENODATA}:
            raise


def sync(path: str) -> None:
    """Wait until a file, or the list of names of a folder, is on the disk."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # a folder on Windows; one that may be written and not listed
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
    finally:
        os.close(handle)


def sync_all(folder: str) -> None:
    """Wait until a folder and all that is in it is on the disk."""
    for place, _, names in os.walk(folder):
        for name in names:
            sync(os.path.join(place, name))
        sync(place)


@contextlib.contextmanager
def folders_for(path: str) -> Iterator[None]:
    """Make the folder of a file where it does not exist; what was made goes away again where the block raises."""
    missing = []
    folder = os.path.dirname(path)
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    made: list[str] = []
    try:
        for each in reversed(missing):
            try:
                os.mkdir(each)
            except FileExistsError:  # somebody else was quicker
                continue
            made.append(each)
            sync(os.path.dirname(each))
        yield
    except BaseException:
        for each in reversed(made):
            with contextlib.suppress(OSError):
                os.rmdir(each)
        raise
