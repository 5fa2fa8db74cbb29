"""Cutting a stream of bytes into blocks of whole lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import ParseError

BLOCK_SIZE = 1 << 20
LONGEST_RECORD = 1 << 26

_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\x00\x00\xfe\xff", "UTF-32"))
_COMMENT = re.compile(rb"^#[^\n]*\n?", re.MULTILINE)


def line_blocks(name: str, pieces: Iterator[bytes], quote: bytes) -> Iterator[bytes]:
    """Blocks that end at the end of a record; lone CR line ends become LF, a byte-order mark is dropped.

    A line end inside quotes does not end a record: a block is cut where the number of quote characters
    so far is even.
    """
    waiting: list[bytes] = []
    size = 0
    first = True
    lone_cr = False
    for piece in pieces:
        if first:
            piece = _without_mark(name, piece)
            lone_cr = b"\r" in piece and b"\n" not in piece
            first = False
        waiting.append(piece.replace(b"\r", b"\n") if lone_cr else piece)
        size += len(piece)
        if size < BLOCK_SIZE:
            continue
        data = b"".join(waiting)
        cut = _record_end(data, quote)
        if cut:
            yield data[:cut]
        elif size > LONGEST_RECORD:
            raise ParseError(
                f"{name}: no end of a record within {size >> 20} MB; a quote character {quote.decode()} "
                "is not closed, or the file is no delimited text"
            )
        waiting, size = [data[cut:]], size - cut
    rest = b"".join(waiting)
    if rest:
        yield rest


def _without_mark(name: str, piece: bytes) -> bytes:
    for mark, encoding in _ENCODINGS:
        if piece.startswith(mark):
            raise ParseError(f"{name}: the text is in {encoding}; convert it to UTF-8 first")
    if b"\x00" in piece[:65536]:
        line = piece[: piece.index(b"\x00")].count(b"\n") + 1
        raise ParseError(
            f"{name}, line {line}: a zero byte; this is no text file (known: delimited text, plain or "
            "packed with gzip, zip, bz2, xz or zstd)"
        )
    return piece[3:] if piece.startswith(b"\xef\xbb\xbf") else piece


def _record_end(data: bytes, quote: bytes) -> int:
    cut = data.rfind(b"\n") + 1
    if quote not in data:
        return cut
    odd = data.count(quote, 0, cut) % 2
    while odd and cut:
        previous = data.rfind(b"\n", 0, cut - 1) + 1
        odd = (odd + data.count(quote, previous, cut)) % 2
        cut = previous
    return cut


def clean(block: bytes, separator: bytes, quote: bytes) -> bytes:
    """Drop comment lines and the blanks after separators, outside of quotes."""
    if block.startswith(b"#") or b"\n#" in block:
        block = _COMMENT.sub(b"", block)
    if separator == b" ":
        if b"  " in block or b" \n" in block or b"\n " in block or block.startswith(b" "):
            block = _outside_quotes(block, quote, rb" +(?=\r?\n|\Z)|(?<=\n) +|\A +| +", _squeeze)
    elif separator + b" " in block or b"\n " in block or block.startswith(b" "):
        block = _outside_quotes(
            block, quote, b"(?:(?<=" + re.escape(separator) + rb")|(?<=\n)|\A) +", lambda _, __: b""
        )
    return block


def _squeeze(blanks: re.Match[bytes], block: bytes) -> bytes:
    inner = (
        blanks.start() > 0
        and block[blanks.start() - 1 : blanks.start()] != b"\n"
        and (blanks.end() < len(block) and block[blanks.end() : blanks.end() + 1] not in b"\r\n")
    )
    return b" " if inner else b""


def _outside_quotes(block: bytes, quote: bytes, pattern: bytes, replacement) -> bytes:  # type: ignore[no-untyped-def]
    mark = re.escape(quote)
    both = re.compile(mark + b"[^" + mark + b"]*" + mark + b"|(?P<blanks>" + pattern + b")")

    def swap(found: re.Match[bytes]) -> bytes:
        result: bytes = found.group() if found.group("blanks") is None else replacement(found, block)
        return result

    return both.sub(swap, block)
