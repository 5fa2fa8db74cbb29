"""The one writer of files and folders: whatever happens, the old or the new content stands there, never a part."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator

from ..errors import HeavywaterError, InvalidArgument
from .attributes import folders_for, keep_attributes, sync, sync_all
from .names import absolute
from .workplace import NEW, OLD, workplace

_EXCHANGE = 2  # the flag of Linux's renameat2
_HERE = -100  # AT_FDCWD


@contextlib.contextmanager
def new_file(path: str | os.PathLike[str], force: bool) -> Iterator[tuple[str, str]]:
    """Absolute path of a file that the user wants written, and the name to write it under until the end of the block.

    Then it takes its place in one step, after it is known to be on the disk: neither a killed process nor a power
    failure leaves a part of a file. When the block raises, the old file stays as it was. Links are followed. A file
    that is replaced leaves its rights, owner and extended attributes to the new one; hard links keep the old content.
    What a killed process leaves, a hidden folder (`workplace`), is removed by the next save of the same file.

    Parameters
    ----------
    path : str or path
        The file, ``~`` is the home folder; its folder is made where it does not exist. Of a device or pipe nothing is
        replaced: the content is written into it.
    force : bool
        Replace a file that is there.

    Raises
    ------
    InvalidArgument
        The file exists, or cannot be written.

    Examples
    --------
    >>> with new_file("two_words.txt", force=True) as (path, beside), open(beside, "w") as out:
    ...     _ = out.write("two words")
    >>> open("two_words.txt").read()
    'two words'
    """
    path = check_file(path, force)
    with _as_invalid(path, "the file"):
        target = _followed(path)
        if os.path.exists(target) and not os.path.isfile(target):
            with _special(target, os.path.basename(path)) as beside:
                yield path, beside
            return
        folder, name = os.path.split(target)
        with folders_for(target), workplace(folder, name) as work:
            beside = os.path.join(work, NEW, os.path.basename(path))  # whose ending may choose the format
            with open(beside, "xb") as new:
                mode = stat.S_IMODE(os.fstat(new.fileno()).st_mode)
            yield path, beside
            _finish(target, beside, mode)
            _place(beside, target, force)
            sync(folder)  # the new name, too


@contextlib.contextmanager
def new_folder(
    path: str | os.PathLike[str], force: bool, ours: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Absolute path of a folder that the user wants filled, and the one to fill until the end of the block.

    As `new_file` does for files. An older folder is exchanged for the new one in one step where the system can (Linux),
    else in two, and a kill between them is made good by the next call. A folder that cannot be replaced (where a volume
    is mounted, or within a folder that may not be written) gets its files one by one.

    Parameters
    ----------
    path : str or path
        A folder that does not exist, or is empty.
    force : bool
        Also one that holds nothing but files that such a call has written; they are replaced.
    ours : callable
        Says of the name of a file whether such a call writes it.

    Raises
    ------
    InvalidArgument
        Something else is there, or the folder cannot be written.
    """
    path = _absolute(path)
    check_folder(path, force, ours)
    with _as_invalid(path, "the folder"):
        target = _followed(path)
        if os.path.isdir(target) and _fixed(target):
            with workplace(target, "") as work:
                yield path, os.path.join(work, NEW)
                _move_into(target, os.path.join(work, NEW))
            return
        folder, name = os.path.split(target)
        with folders_for(target), workplace(folder, name) as work:
            beside = os.path.join(work, NEW, name)
            os.mkdir(beside)
            yield path, beside
            _keep_within(target, beside)
            sync_all(beside)
            if os.path.isdir(target) and os.listdir(target):
                check_folder(path, force, ours)  # what may have come meanwhile
                _exchange(beside, target, os.path.join(work, OLD))
            else:
                os.rename(beside, target)
            sync(folder)


def check_file(path: str | os.PathLike[str], force: bool) -> str:
    """Absolute path of a file that `new_file` would write; refuses one that it would not."""
    given, path = path, _absolute(path)
    if os.path.isdir(path) or os.path.basename(os.fsdecode(given)) in ("", os.curdir, os.pardir):
        raise InvalidArgument(f"{path} is a folder: give the name of a file in it")
    if os.path.exists(path) and not force:
        raise _exists(path)
    return path


def check_folder(path: str, force: bool, ours: Callable[[str], bool]) -> None:
    """Refuse a folder that `new_folder` would not fill."""
    path = _absolute(path)
    if not os.path.isdir(path):
        if os.path.lexists(path) and os.path.exists(path):
            raise InvalidArgument(f"{path} exists already and is no folder: several files need a folder")
        return
    with _as_invalid(path, "the folder"):
        found = os.listdir(path)
    if found and not force:
        raise InvalidArgument(
            f"{path} exists already: several files need an empty folder, or a new one; force=True replaces those of an "
            "earlier export"
        )
    foreign = [
        name for name in found if not ours(name) and not (name.startswith(".") and name.endswith(".part"))
    ]
    if foreign:
        raise InvalidArgument(
            f"{path} exists already and holds {foreign[0]!r}, which is not of an earlier export: give another folder"
        )


def _absolute(path: str | os.PathLike[str]) -> str:
    name = absolute(path)
    try:
        os.stat(name)
    except ValueError as error:
        raise InvalidArgument(f"{name!r}: no file can have this name ({error})") from None
    except OSError:
        pass
    return name


@contextlib.contextmanager
def _as_invalid(path: str, what: str) -> Iterator[None]:
    """What the system refuses as an error that names the file."""
    try:
        yield
    except HeavywaterError:
        raise
    except OSError as error:
        raise InvalidArgument(
            f"{path}: {what} cannot be written there ({error.strerror or error})"
        ) from error


def _exists(path: str) -> InvalidArgument:
    return InvalidArgument(
        f"{path} exists already: give another path or filename, or force=True to replace it"
    )


def _followed(path: str) -> str:
    """The file a link stands for, whether there is one yet or not."""
    target = os.path.realpath(path)
    if os.path.islink(target):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    return target


@contextlib.contextmanager
def _special(target: str, name: str) -> Iterator[str]:
    """A name to write under; then the content goes into a device or a pipe."""
    with tempfile.TemporaryDirectory() as folder:
        beside = os.path.join(folder, name)
        yield beside
        with open(beside, "rb") as new, open(target, "wb") as out:
            shutil.copyfileobj(new, out)


def _finish(target: str, beside: str, mode: int) -> None:
    """Rights as they should be, content on the disk."""
    if stat.S_IMODE(os.stat(beside).st_mode) != mode:
        os.chmod(beside, mode)  # some libraries write private files
    if os.path.exists(target):
        keep_attributes(target, beside)
    sync(beside)


def _place(beside: str, target: str, force: bool) -> None:
    """Give a file its name in one step; without force only where no other has come meanwhile."""
    if force:
        os.replace(beside, target)
        return
    try:
        os.link(beside, target)
    except FileExistsError:
        raise _exists(target) from None
    except OSError:  # no hard links there
        if os.path.lexists(target):
            raise _exists(target) from None
        os.replace(beside, target)


def _keep_within(old: str, new: str) -> None:
    """Rights of a folder, and of its files that have the same names."""
    if not os.path.isdir(old):
        return
    for name in os.listdir(new):
        if os.path.isfile(os.path.join(old, name)):
            keep_attributes(os.path.join(old, name), os.path.join(new, name))
    keep_attributes(old, new)


def _exchange(new: str, target: str, aside: str) -> None:
    """Let two folders change places, in one step where the system can."""
    if _exchanged(new, target):
        return
    os.rename(target, aside)
    try:
        os.rename(new, target)
    except BaseException:
        os.rename(aside, target)
        raise


def _exchanged(one: str, other: str) -> bool:
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):  # not Linux, or a C library of before 2018
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), other)


def _fixed(folder: str) -> bool:
    """Whether a folder cannot be replaced by another one."""
    return os.path.ismount(folder) or not os.access(os.path.dirname(folder), os.W_OK)


def _move_into(target: str, new: str) -> None:
    """Put files into a folder one by one, in place of those that are there."""
    for name in os.listdir(new):
        if os.path.isfile(os.path.join(target, name)):
            keep_attributes(os.path.join(target, name), os.path.join(new, name))
    sync_all(new)
    names = os.listdir(new)
    for name in sorted(names):
        os.replace(os.path.join(new, name), os.path.join(target, name))
    for name in os.listdir(target):
        if name not in names and not name.endswith(".part"):
            os.unlink(os.path.join(target, name))
    sync(target)
