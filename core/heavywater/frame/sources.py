"""Paths, folders, patterns, archives and web addresses as streams of bytes."""

from __future__ import annotations

import glob
import io
import os
import re
import urllib.parse
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from ..errors import InvalidArgument, ParseError

READ_SIZE = 1 << 18
_ADDRESS = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]+)://")
_LATER_FORMATS = {
    ".parquet",
    ".orc",
    ".arff",
    ".svm",
    ".svmlight",
    ".xls",
    ".xlsx",
    ".feather",
    ".arrow",
    ".avro",
}

Advance = Callable[[int], None]


class Source(NamedTuple):
    """One file to read: where it is, how it is named in messages, its size if known."""

    location: str
    size: int | None

    @property
    def is_remote(self) -> bool:
        """Whether it is an http(s) address."""
        return bool(_ADDRESS.match(self.location))


def expand(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], pattern: str | None = None
) -> list[Source]:
    """Files meant by paths, folders, glob patterns and addresses, in sorted order within each.

    Parameters
    ----------
    paths : str, path or list of these
        ``~`` is the home folder. A folder means all files directly in it that are not hidden.
    pattern : str, optional
        Regular expression; of a folder only files whose name it matches are taken.

    Raises
    ------
    ParseError
        Nothing exists there, or a folder holds no matching file.
    """
    items = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not items:
        raise InvalidArgument("path: an empty list; give at least one file")
    sources = [source for item in items for source in _expand_one(os.fspath(item), pattern)]
    for source in sources:
        _refuse_later_format(source.location)
    return sources


def _expand_one(path: str, pattern: str | None) -> list[Source]:
    if not isinstance(path, str) or not path.strip():
        raise InvalidArgument(f"path {path!r}: give the name of a file, a folder or an address")
    address = _ADDRESS.match(path)
    if address and address.group(1).lower() in ("http", "https"):
        return [Source(path, None)]
    if address and address.group(1).lower() != "file":
        raise NotImplementedError(
            f"path {path!r}: addresses of the kind {address.group(1)}:// come later; "
            "local files, file:// and http(s):// can be read now"
        )
    local = urllib.parse.unquote(urllib.parse.urlsplit(path).path) if address else os.path.expanduser(path)
    if os.path.isdir(local):
        return _folder(local, pattern)
    if os.path.exists(local):
        return [_local(local)]
    matches = [name for name in sorted(glob.glob(local, recursive=True)) if os.path.isfile(name)]
    if not matches:
        what = "no file matches this pattern" if glob.has_magic(local) else "no such file or folder"
        raise ParseError(f"{path}: {what} (working folder: {os.getcwd()})")
    return [_local(name) for name in matches]


def _folder(folder: str, pattern: str | None) -> list[Source]:
    try:
        matcher = re.compile(pattern) if pattern else None
    except re.error as error:
        raise InvalidArgument(f"pattern {pattern!r} is no regular expression: {error}") from None
    names = sorted(e.name for e in os.scandir(folder) if e.is_file() and not e.name.startswith((".", "_")))
    chosen = [name for name in names if matcher is None or matcher.search(name)]
    if not chosen:
        why = (
            f"none of its {len(names)} files matches the pattern {pattern!r}"
            if names
            else "the folder holds no files"
        )
        raise ParseError(f"{folder}: {why}")
    return [_local(os.path.join(folder, name)) for name in chosen]


def _local(path: str) -> Source:
    return Source(path, os.path.getsize(path))


def _refuse_later_format(location: str) -> None:
    suffix = Path(urllib.parse.urlsplit(location).path).suffix.lower()
    if suffix in _LATER_FORMATS:
        raise NotImplementedError(
            f"{location}: the format {suffix} comes later; delimited text can be read now"
        )


@contextmanager
def open_bytes(source: Source) -> Iterator[tuple[IO[bytes], int | None]]:
    """Raw bytes of a source and their number, if known."""
    if not source.is_remote:
        try:
            with open(source.location, "rb", buffering=0) as raw:
                yield raw, source.size
        except OSError as error:
            raise ParseError(f"{source.location}: cannot be read ({error.strerror or error})") from error
        return
    # Imported here: the network modules would take a good part of the time of ``import h2o``.
    import http.client
    import urllib.error
    import urllib.request

    request = urllib.request.Request(source.location, headers={"User-Agent": "heavywater"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            length = answer.headers.get("Content-Length")
            yield answer, int(length) if length else None
    except urllib.error.HTTPError as error:
        raise ParseError(f"{source.location}: the server answered {error.code} {error.reason}") from error
    except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise ParseError(
            f"{source.location}: the transfer failed ({getattr(error, 'reason', error)})"
        ) from error


def decompressed(source: Source, advance: Advance) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files within a source (one, or the members of a zip) as named iterators of plain bytes.

    Parameters
    ----------
    source : Source
    advance : callable
        Told the number of raw bytes each time some were read.
    """
    with open_bytes(source) as (raw, size):
        head = raw.read(READ_SIZE)
        if head.startswith(b"PK\x03\x04"):
            yield from _zip_members(source, head, raw, advance)
            return
        yield (
            source.location,
            _inflate(source.location, _raw_blocks(source.location, head, raw, size, advance), head),
        )


def _raw_blocks(
    name: str, head: bytes, raw: IO[bytes], size: int | None, advance: Advance
) -> Iterator[bytes]:
    total, block = 0, head
    while block:
        total += len(block)
        advance(len(block))
        yield block
        block = raw.read(READ_SIZE)
    if size is not None and total < size:
        raise ParseError(
            f"{name}: only {total} of {size} bytes arrived; the file is incomplete, fetch it again"
        )


def _inflate(name: str, blocks: Iterator[bytes], head: bytes) -> Iterator[bytes]:
    import bz2
    import lzma

    try:
        if head.startswith(b"\x1f\x8b"):
            yield from _gunzip(name, blocks)
        elif head.startswith(b"BZh"):
            yield from _generic(name, blocks, bz2.BZ2Decompressor)
        elif head.startswith(b"\xfd7zXZ\x00"):
            yield from _generic(name, blocks, lzma.LZMADecompressor)
        elif head.startswith(b"\x28\xb5\x2f\xfd"):
            yield from _zstandard(blocks)
        else:
            yield from blocks
    except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
        raise ParseError(
            f"{name}: the compressed data is damaged or cut off ({error}); fetch the file again"
        ) from error


def _gunzip(name: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    # zlib directly, with large pieces: gzip.GzipFile reads 8 kB at a time on older Pythons.
    member = zlib.decompressobj(31)
    for block in blocks:
        while block:
            if member.eof:
                if not block.strip(b"\x00"):
                    break  # zero padding after the last member
                member = zlib.decompressobj(31)
            piece = member.decompress(block, 1 << 22)
            if piece:
                yield piece
            block = member.unconsumed_tail or member.unused_data
    if not member.eof:
        raise EOFError("the end of the gzip data is missing")


def _generic(name: str, blocks: Iterator[bytes], make: Callable[[], Any]) -> Iterator[bytes]:
    member = make()
    for block in blocks:
        while block:
            if member.eof:
                member = make()
            piece = member.decompress(block, 1 << 22)
            while piece:
                yield piece
                piece = b"" if member.eof or member.needs_input else member.decompress(b"", 1 << 22)
            block = member.unused_data if member.eof else b""
    if not member.eof:
        raise EOFError("the end of the compressed data is missing")


class _BlockFile(io.RawIOBase):
    """Blocks of bytes as a file object."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or next(self._blocks, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _zstandard(blocks: Iterator[bytes]) -> Iterator[bytes]:
    import pyarrow

    with pyarrow.CompressedInputStream(pyarrow.PythonFile(_BlockFile(blocks), mode="r"), "zstd") as stream:
        while block := stream.read(READ_SIZE * 4):
            yield block


def _zip_members(
    source: Source, head: bytes, raw: IO[bytes], advance: Advance
) -> Iterator[tuple[str, Iterator[bytes]]]:
    import tempfile
    import zipfile

    with tempfile.SpooledTemporaryFile(max_size=1 << 24) as spool:
        file: IO[bytes] = raw
        if source.is_remote:  # a zip's directory is at its end: it must be seekable
            block = head
            while block:
                spool.write(block)
                block = raw.read(READ_SIZE)
            file = spool
        try:
            archive = zipfile.ZipFile(file)
            members = [
                m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")
            ]
            if not members:
                raise ParseError(f"{source.location}: the zip archive holds no files")
            for member in members:
                _refuse_later_format(member.filename)
                yield f"{source.location}:{member.filename}", _zip_blocks(archive, member, advance)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise ParseError(f"{source.location}: the zip archive cannot be read ({error})") from error


def _zip_blocks(archive: Any, member: Any, advance: Advance) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while block := stream.read(READ_SIZE * 4):
            advance(len(block) * member.compress_size // max(1, member.file_size))
            yield block
