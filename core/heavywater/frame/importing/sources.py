"""Which files paths, folders, patterns and addresses mean, and opening them."""

from __future__ import annotations

import glob
import os
import re
import shutil
import stat
import tempfile
import urllib.parse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from typing import IO, Any, NamedTuple

from ...errors import InvalidArgument, ParseError, without_secrets
from ...files import working_folder
from .filesystems import find
from .once import Copy

READ_SIZE = 1 << 18
SPOOLED_IN_MEMORY = 1 << 24  # larger transfers that must be complete before they can be read go to the disk
_ADDRESS = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]+)://")


class Source(NamedTuple):
    """One file to read.

    Attributes
    ----------
    location : str
        Its path or address, as it is named in messages and keys: without passwords and tokens.
    size : int or None
        Bytes, None while that is unknown.
    filesystem : pyarrow.fs.FileSystem or None
        Where the file is; None on this machine or the web.
    path : str
        Name within the file system; on the web the whole address.
    copy : Copy or None
        Of a pipe, which cannot be read twice.
    """

    location: str
    size: int | None
    filesystem: Any = None
    path: str = ""
    copy: Copy | None = None

    @property
    def on_the_web(self) -> bool:
        """Whether it is an http(s) address."""
        return self.filesystem is None and _scheme(self.location) in ("http", "https")

    @property
    def folders(self) -> dict[str, str]:
        """Column and value of every folder above the file that is named ``column=value``."""
        path = urllib.parse.urlsplit(self.location).path if _scheme(self.location) else self.location
        pairs = (part.partition("=") for part in re.split(r"[/\\]", path)[:-1])
        return {name: urllib.parse.unquote(value) for name, sign, value in pairs if sign and name}


# What stands behind addresses whose secrets are hidden: setups and lists of files name them, and are given back to us.
_hidden: dict[str, str] = {}


def _shown(address: str) -> str:
    """An address without secrets, by which `expand` finds the whole one again."""
    shown = without_secrets(address)
    if shown != address:
        _hidden[shown] = address
    return shown


def address(source: Source) -> str:
    """By what another process on this machine, or one that has the same files, finds a source.

    Raises
    ------
    InvalidArgument
        It is a pipe, which can be read once.
    """
    if source.copy is not None:
        raise InvalidArgument(
            f"{source.location}: a pipe can be read by one process alone; import it without sharded=True"
        )
    if _scheme(source.location):
        return _hidden.get(source.location, source.location)
    return os.path.abspath(source.location)


def _scheme(path: str) -> str:
    found = _ADDRESS.match(path)
    return found.group(1).lower() if found else ""


def expand(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], pattern: str | None = None
) -> list[Source]:
    """Files meant by paths, folders, glob patterns and addresses, in sorted order within each.

    Parameters
    ----------
    paths : str, path or list of these
        ``~`` is the home folder. A folder means all files in it and in the folders below that are neither
        hidden nor empty.
    pattern : str, optional
        Regular expression; of a folder only files are taken in whose name (below the folder) it is found.

    Raises
    ------
    ParseError
        Nothing exists there, or a folder holds no matching file.
    """
    items = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not items:
        raise InvalidArgument("path: an empty list; give at least one file")
    try:
        matcher = re.compile(pattern or "")
    except re.error as error:
        raise InvalidArgument(f"pattern {pattern!r} is no regular expression: {error}") from None
    return [source for item in items for source in _expand_one(os.fspath(item), matcher)]


def completions(start: str, limit: int) -> list[str]:
    """Files and folders of this machine whose path begins with a text, in order; of addresses none.

    Hidden ones are left out unless the text asks for them.
    """
    folder, name = os.path.split(os.path.expanduser(start))
    if not folder or _scheme(start):
        return []
    try:
        found = sorted(each for each in os.listdir(folder) if each.startswith(name))
    except (OSError, ValueError):
        return []
    shown = [each for each in found if name or not each.startswith(".")]
    return [os.path.join(folder, each) for each in shown[: max(0, limit)]]


def _expand_one(path: str, matcher: re.Pattern[str]) -> list[Source]:
    if not isinstance(path, str) or not path.strip():
        raise InvalidArgument(f"path {path!r}: give the name of a file, a folder or an address")
    path = _hidden.get(path, path)
    scheme = _scheme(path)
    if scheme in ("http", "https"):
        _check_address(path, scheme)
        return [Source(_shown(path), None, path=path)]
    if scheme not in ("", "file"):
        return _remote(path, matcher)
    local = urllib.parse.unquote(urllib.parse.urlsplit(path).path) if scheme else os.path.expanduser(path)
    if os.path.isdir(local):
        return _folder(local, matcher)
    if os.path.exists(local):
        return [_local(local)]
    matches = [name for name in sorted(glob.glob(local, recursive=True)) if os.path.isfile(name)]
    if not matches:
        what = "no file matches this pattern" if glob.has_magic(local) else "no such file or folder"
        raise ParseError(f"{path}: {what} (working folder: {working_folder()})")
    return [_local(name) for name in matches]


def _check_address(address: str, scheme: str) -> None:
    """Refuse an address in which nobody can tell what is a password and what is not, without showing it."""
    try:
        parts = urllib.parse.urlsplit(address)
        wrong = not parts.hostname or parts.port == 0
    except ValueError:
        wrong = True
    if wrong or re.search(r"[\s\x00-\x1f]", address.rpartition("@")[0]):
        raise InvalidArgument(
            f"path: an address {scheme}://... is malformed; it must be {scheme}://server/file, where blanks and "
            "characters such as @ : / # in names and passwords are escaped, as urllib.parse.quote does"
        )


def _folder(folder: str, matcher: re.Pattern[str]) -> list[Source]:
    found: list[tuple[str, int]] = []
    for top, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        paths = [os.path.join(top, name) for name in sorted(files)]
        found += [
            (os.path.relpath(path, folder), os.path.getsize(path)) for path in paths if os.path.exists(path)
        ]
    return [_local(os.path.join(folder, name)) for name, _ in chosen_files(folder, found, matcher)]


def chosen_files(
    folder: str, found: list[tuple[str, int]], matcher: re.Pattern[str]
) -> list[tuple[str, int]]:
    """Those of a folder's files (name below it, size) that are neither hidden nor empty and that match.

    Raises
    ------
    ParseError
        None is left.
    """
    seen = [
        (name, size) for name, size in found if size and not os.path.basename(name).startswith((".", "_"))
    ]
    chosen = [(name, size) for name, size in seen if matcher.search(name)]
    if not chosen:
        why = (
            f"none of its {len(seen)} files matches the pattern {matcher.pattern!r}"
            if seen
            else "the folder holds no files" + (", or only hidden and empty ones" if found else "")
        )
        raise ParseError(f"{folder}: {why}")
    return chosen


def _local(path: str) -> Source:
    status = os.stat(path)
    if stat.S_ISREG(status.st_mode):
        return Source(path, status.st_size)
    return Source(path, None, copy=Copy())


def _remote(address: str, matcher: re.Pattern[str]) -> list[Source]:
    place = find(address)
    if place.size is not None:
        return [Source(_shown(address), place.size, place.filesystem, place.path)]
    if place.by_pattern:
        return [
            Source(_shown(place.address_of(name)), size, place.filesystem, name) for name, size in place.files
        ]
    below = [(os.path.relpath(name, place.path), size) for name, size in place.files]
    full = {os.path.relpath(name, place.path): name for name, _ in place.files}
    return [
        Source(_shown(place.address_of(full[name])), size, place.filesystem, full[name])
        for name, size in chosen_files(_shown(address), below, matcher)
    ]


@contextmanager
def open_bytes(source: Source) -> Iterator[tuple[IO[bytes], int | None]]:
    """Raw bytes of a source, to be read once from the beginning, and their number if known."""
    if source.copy is not None and source.copy.broken:
        raise ParseError(
            f"{source.location}: it can be read only once, and the copy of it could not be written ({source.copy.broken})"
        )
    if source.copy is not None and source.copy.complete:
        yield source.copy.open(), None
        return
    if source.on_the_web:
        from .web import WebStream  # start-up: loads http, ssl and email

        stream = WebStream(source.path)
        try:
            yield stream, stream.size  # type: ignore[misc]
        finally:
            stream.close()
        return
    try:
        if source.filesystem is not None:
            # Without its own decompression, which goes by the name of the file.
            raw = source.filesystem.open_input_stream(
                source.path, compression=None, buffer_size=READ_SIZE * 4
            )
        else:
            raw = FileIO(source.location)
    except OSError as error:
        raise ParseError(f"{source.location}: cannot be opened ({error.strerror or error})") from error
    with raw:
        if source.copy is not None:
            raw = source.copy.following(raw, SPOOLED_IN_MEMORY)
        yield raw, source.size


@contextmanager
def open_file(source: Source) -> Iterator[Any]:
    """A source as a file in which one can go to any place."""
    if source.filesystem is not None:
        try:
            file = source.filesystem.open_input_file(source.path)
        except OSError as error:
            raise ParseError(f"{source.location}: cannot be opened ({error})") from error
        with file:
            yield file
    elif source.on_the_web:
        with tempfile.SpooledTemporaryFile(max_size=SPOOLED_IN_MEMORY) as spool:
            with open_bytes(source) as (raw, _):
                shutil.copyfileobj(raw, spool, READ_SIZE)
            spool.seek(0)
            yield spool
    else:
        with open_bytes(source) as (raw, _):
            yield raw
