"""Texts in zip files.

They may come from anybody: what is read is limited in size, every defect a `ParseError` that names the file.
"""

from __future__ import annotations

import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from ..errors import InvalidType, ParseError
from ..files import existing_file, new_file
from ..frame.importing.unpack import UNSUSPICIOUS

# A network of 100 million weights takes about 1.2 GB of decimal text.
LARGEST_TEXT = 4 << 30  # bytes of all texts together, unpacked
MOST_ENTRIES = 100_000
TEXT_GROWTH = 30  # times its packed size; texts of weights are two or three times as large
HEAD = 4096  # bytes by which an entry is known

# What zipfile lets out when a file is damaged, encrypted or packed in a way it does not know.
_DEFECTS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError,
    RuntimeError, ValueError, IndexError, OverflowError, MemoryError,
)  # fmt: skip


def read_texts(
    path: str | os.PathLike[str],
    wanted: Callable[[str], bool],
    look: Callable[[str, str, bytes], None] = lambda path, entry, head: None,
) -> tuple[str, dict[str, str]]:
    """Texts of a zip file.

    Parameters
    ----------
    path : str or path
        ``~`` is the home folder.
    wanted : callable
        Says of the name of an entry whether it is needed; the others are not unpacked.
    look : callable
        Told the path, the name and the first bytes of each of these before anything else is unpacked; raises where they
        are not what was expected.

    Returns
    -------
    str
        The path as it stands in messages.
    dict of str to str
        UTF-8 text by the name of the entry.

    Raises
    ------
    InvalidType
        `path` is neither text nor a path.
    ParseError
        There is no such file, it is no zip file, damaged, too large, or an entry is not UTF-8.
    """
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise InvalidType(f"path={path!r} must be the name of a file, it is of type {type(path).__name__}")
    name = existing_file(path)
    try:
        with zipfile.ZipFile(name) as archive:
            for entry in filter(wanted, archive.namelist()):
                with archive.open(entry) as stream:
                    look(name, entry, stream.read(HEAD))
            return name, _texts(name, archive, wanted)
    except ParseError:
        raise
    except _DEFECTS as error:
        raise ParseError(
            f"{name}: this is no zip file, or it is damaged ({str(error) or type(error).__name__}); "
            "copy or export it again"
        ) from error


def _texts(name: str, archive: zipfile.ZipFile, wanted: Callable[[str], bool]) -> dict[str, str]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise ParseError(f"{name}: the zip file has {len(entries)} entries, at most {MOST_ENTRIES} are read")
    texts: dict[str, str] = {}
    left = min(LARGEST_TEXT, max(UNSUSPICIOUS, TEXT_GROWTH * os.path.getsize(name)))
    limit = left
    for entry in entries:
        if not wanted(entry.filename):
            continue
        with archive.open(entry) as stream:
            data = stream.read(left + 1)  # the size that the directory states need not be true
        left -= len(data)
        if left < 0:
            raise ParseError(
                f"{name}: unpacked it has more than {limit >> 20} MB, that much is not read from a file of "
                f"{os.path.getsize(name)} bytes; it looks like an attack on the memory"
            )
        try:
            texts[entry.filename] = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError(f"{name}: {entry.filename} is not UTF-8 text ({error.reason})") from None
    return texts


def write_texts(path: str | os.PathLike[str], texts: Mapping[str, str], force: bool) -> str:
    """Write a zip file, see `new_file`; returns the absolute path.

    Parameters
    ----------
    texts : mapping of str to str
        Text by the name of the entry; written as UTF-8.
    """
    with (
        new_file(path, force) as (found, beside),
        zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, text in texts.items():
            archive.writestr(name, text)
    return found
