"""From the raw bytes of a source to texts and tables: decompression, archives, formats."""

from __future__ import annotations

import bz2
import io
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple

from ...errors import HeavywaterError, ParseError
from .blocks import BrokenStream
from .raw_text import Buffer
from .sources import READ_SIZE, SPOOLED_IN_MEMORY, Source, open_bytes, open_file

PIECE_SIZE = 1 << 20
# What is unpacked as a whole may be large, or many times as large as the archive, but not both.
GROWTH = 100
UNSUSPICIOUS = 1 << 26  # bytes
UNSUSPICIOUS_BATCH = 1 << 28  # of tables, whose equal cells may take no room at all
Advance = Callable[[int], None]

_TABLES = (
    (b"PAR1", "Parquet"),
    (b"ORC", "ORC"),
    (b"ARROW1", "Arrow"),
    (b"\xff\xff\xff\xff", "Arrow"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
)
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


class TextContent(NamedTuple):
    """A text within a source (the source itself, or a member of an archive)."""

    name: str
    pieces: Iterator[Buffer]


class TableContent(NamedTuple):
    """A file of a format that is no text, open for reading at any place."""

    name: str
    format: str
    file: Any


def largest_content(packed: int, unsuspicious: int = UNSUSPICIOUS) -> int:
    """Bytes that so many packed ones may become, where all of them are needed at once."""
    return max(unsuspicious, GROWTH * packed)


def too_large(name: str, packed: int, unsuspicious: int = UNSUSPICIOUS) -> ParseError:
    """The error for a file that would be unpacked to more than `largest_content`."""
    return ParseError(
        f"{name}: {packed} packed bytes become more than {largest_content(packed, unsuspicious) >> 20} MB at once, {GROWTH} times "
        "as much or more, which looks like an attack on the memory; if you trust the file, write it again in smaller parts "
        "(row groups, stripes, batches) or unpack it yourself"
    )


def table_format(name: str, head: bytes) -> str | None:
    """Format of a file that is no text, by its first bytes: Parquet, ORC, Arrow or Excel."""
    if head.startswith(b"Obj\x01"):
        raise NotImplementedError(f"{name}: files in the format Avro come later; convert it to Parquet")
    if head.startswith(b"FEA1"):
        # The reader in Arrow trusts what such a file says of itself: a damaged one ends the process.
        raise ParseError(
            f"{name}: a Feather file of version 1, which cannot be read safely; write it again as version 2 "
            "(pyarrow.feather.write_feather, arrow::write_feather) or as Parquet with the program that made it"
        )
    return next((name for magic, name in _TABLES if head.startswith(magic)), None)


def contents(
    source: Source, begin: Callable[[int | None], None], advance: Advance
) -> Iterator[TextContent | TableContent]:
    """The texts and tables of a source, one after the other.

    Parameters
    ----------
    source : Source
    begin : callable
        Told the number of raw bytes, None if unknown.
    advance : callable
        Told the number of raw bytes each time some were read.
    """
    with open_bytes(source) as (raw, size):
        begin(size)
        head = _first_bytes(raw, source.location)
        kind = table_format(source.location, head)
        zipped = head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
        if not kind and not zipped:
            pieces = _raw_pieces(source.location, head, raw, size, advance)
            yield TextContent(source.location, inflated(source.location, pieces, head))
            return
        if zipped:
            yield from _zip_contents(source, head, raw, advance)
            return
        if source.copy is not None:  # a pipe, which now can be gone through at will
            while raw.read(READ_SIZE):
                pass
    with open_file(source) as file:
        yield TableContent(source.location, str(kind), file)


def _first_bytes(raw: IO[bytes], name: str) -> bytes:
    try:
        return raw.read(READ_SIZE)
    except OSError as error:
        raise BrokenStream(name, f"reading failed ({error.strerror or error})") from error


def _raw_pieces(
    name: str, head: bytes, raw: IO[bytes], size: int | None, advance: Advance
) -> Iterator[Buffer]:
    total = len(head)
    advance(total)
    yield head
    buffer = bytearray(READ_SIZE)  # the same for all pieces: fresh memory costs more than reading
    while True:
        try:
            count = raw.readinto(buffer)  # type: ignore[attr-defined]
        except BrokenStream:
            raise
        except (OSError, ValueError) as error:  # pyarrow's files raise ValueError when they have been closed
            reason = getattr(error, "strerror", None) or error
            raise BrokenStream(name, f"reading failed after {total} bytes ({reason})") from error
        if not count:
            break
        total += count
        advance(count)
        yield memoryview(buffer)[:count]
    if size is not None and total < size:
        raise BrokenStream(
            name, f"only {total} of {size} bytes arrived; the file is incomplete, fetch it again"
        )


def inflated(name: str, pieces: Iterator[Buffer], head: bytes) -> Iterator[Buffer]:
    """The pieces as they were before gzip, bz2, xz or zstd, which their first bytes tell."""
    try:
        if head.startswith(b"\x1f\x8b"):
            yield from _gunzip(pieces)
        elif head.startswith(b"BZh"):
            yield from _decompressed(pieces, bz2.BZ2Decompressor)
        elif head.startswith(b"\xfd7zXZ\x00"):
            yield from _decompressed(pieces, lzma.LZMADecompressor)
        elif head.startswith(b"\x28\xb5\x2f\xfd"):
            yield from _zstandard(pieces)
        else:
            yield from pieces
    except BrokenStream:
        raise
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise BrokenStream(
            name, f"the compressed data is damaged or cut off here ({error}); fetch the file again"
        ) from error


def _gunzip(pieces: Iterator[Buffer]) -> Iterator[Buffer]:
    # zlib directly, with large pieces: gzip.GzipFile reads 8 kB at a time on older Pythons.
    member = zlib.decompressobj(31)
    for packed in pieces:
        block: Buffer = packed
        while len(block):
            if member.eof:
                if not bytes(block).strip(b"\x00"):
                    break  # zero padding after the last member
                member = zlib.decompressobj(31)
            piece = member.decompress(block, PIECE_SIZE)
            if piece:
                yield piece
            block = member.unconsumed_tail or member.unused_data
    if not member.eof:
        raise EOFError("the end of the gzip data is missing")


def _decompressed(pieces: Iterator[Buffer], make: Callable[[], Any]) -> Iterator[Buffer]:
    member = make()
    for packed in pieces:
        block: Buffer = packed
        while len(block):
            if member.eof:
                member = make()
            piece = member.decompress(block, PIECE_SIZE)
            while piece:
                yield piece
                piece = b"" if member.eof or member.needs_input else member.decompress(b"", PIECE_SIZE)
            block = member.unused_data if member.eof else b""
    if not member.eof:
        raise EOFError("the end of the compressed data is missing")


class _PieceFile(io.RawIOBase):
    """Pieces of bytes as a file object."""

    def __init__(self, pieces: Iterator[Buffer]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = bytes(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _zstandard(pieces: Iterator[Buffer]) -> Iterator[Buffer]:
    import pyarrow

    with pyarrow.CompressedInputStream(pyarrow.PythonFile(_PieceFile(pieces), mode="r"), "zstd") as stream:
        while block := stream.read(PIECE_SIZE):
            yield block


def _zip_contents(
    source: Source, head: bytes, raw: IO[bytes], advance: Advance
) -> Iterator[TextContent | TableContent]:
    with tempfile.SpooledTemporaryFile(max_size=SPOOLED_IN_MEMORY) as spool:
        file: Any = raw
        if (
            source.filesystem is not None or source.on_the_web or source.copy is not None
        ):  # a zip's directory is at its end
            for piece in _raw_pieces(source.location, head, raw, source.size, lambda _: None):
                spool.write(piece)
            file = spool
        try:
            archive = zipfile.ZipFile(file)
            if any(name in _WORKBOOKS for name in archive.namelist()):
                _check_workbook(source.location, archive)
                file.seek(0)
                yield TableContent(source.location, "Excel", file)
                return
            members = [
                m
                for m in archive.infolist()
                if m.filename and not m.is_dir() and not m.filename.startswith("__MACOSX")
            ]
            if not members:
                raise ParseError(f"{source.location}: the zip archive holds no files")
            for member in members:
                yield from _member(f"{source.location}:{member.filename}", archive, member, advance)
        except HeavywaterError:
            raise
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            OSError,
            ValueError,
            IndexError,
        ) as error:
            raise ParseError(f"{source.location}: the zip archive cannot be read ({error})") from error


def _check_workbook(name: str, archive: Any) -> None:
    """Refuse a workbook that is unpacked to much more than it is; what its directory says need not be true."""
    packed = sum(member.compress_size for member in archive.infolist())
    left = largest_content(packed)
    for member in archive.infolist():
        with archive.open(member) as stream:
            while block := stream.read(PIECE_SIZE):
                left -= len(block)
                if left < 0:
                    raise too_large(name, packed)


def _member(name: str, archive: Any, member: Any, advance: Advance) -> Iterator[TextContent | TableContent]:
    def pieces(head: bytes, stream: IO[bytes]) -> Iterator[Buffer]:
        block = head
        while block:
            advance(len(block) * member.compress_size // max(1, member.file_size))
            yield block
            try:
                block = stream.read(PIECE_SIZE)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
                raise BrokenStream(
                    name, f"the zip archive is damaged here ({error}); fetch it again"
                ) from error

    with archive.open(member) as stream:
        head = stream.read(PIECE_SIZE)
        kind = table_format(name, head)
        if kind:
            with tempfile.SpooledTemporaryFile(max_size=SPOOLED_IN_MEMORY) as spool:
                spool.write(head)
                left = largest_content(member.compress_size) - len(head)
                while block := stream.read(PIECE_SIZE):
                    left -= len(block)
                    if left < 0:
                        raise too_large(name, member.compress_size)
                    spool.write(block)
                spool.seek(0)
                yield TableContent(name, kind, spool)
        else:
            yield TextContent(name, inflated(name, pieces(head, stream), head))
