"""Cutting a stream of bytes into blocks of whole records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from ...errors import ParseError
from .raw_text import BLANKS, PAGE_ENDS, Buffer, count, quoted_field

BLOCK_SIZE = 1 << 21  # what Arrow makes of so much stays in a cache of a core
LARGEST_PIECE = 1 << 20  # of a stream, as a rule; longer ones are copied once more
LARGEST_BLOCK = 1 << 24
LONGEST_RECORD = 1 << 26
ROWS_OF_BLOCK = 4096  # fewer rows make the work for each column of a block outweigh that for its cells


class BrokenStream(ParseError):
    """The bytes of a file end too early or are damaged.

    Parameters
    ----------
    name : str
        File, for the message.
    reason : str
        What happened, and the remedy.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


class Block(NamedTuple):
    """Whole records.

    Attributes
    ----------
    data : memoryview
        Valid until the block is given back.
    line : int
        Number of the first line.
    give_back : callable
        To be called when `data` is no longer needed: its memory serves for another block.
    """

    data: memoryview
    line: int
    give_back: Callable[[], None]


class RecordBlocks:
    """Blocks that end at the end of a record.

    Lone CR line ends become LF, a byte-order mark is dropped. A line end inside quotes does not end a record.

    Parameters
    ----------
    name : str
        File, for messages.
    pieces : iterator of bytes-like
        Each is valid until the next one is asked for.
    quote, escape : bytes
        Quote character; the one that takes the next character literally, empty when there is none.
    footer : int
        Lines at the end that are left out, blank ones not counted.

    Attributes
    ----------
    size : int
        Least number of bytes of a block.
    """

    def __init__(
        self, name: str, pieces: Iterator[Buffer], quote: bytes, escape: bytes = b"", footer: int = 0
    ) -> None:
        self.name = name
        self._footer = footer
        self.size = BLOCK_SIZE
        self._separators = b",\t;| \x01"  # what may stand in front of a quote that opens a field
        self._pieces, self._quote, self._escape = pieces, quote, escape
        self._lone_cr: bool | None = None
        self._line = 1
        self._free: list[bytearray] = []

    def read_by(self, separator: str, quote: str, escape: str | None) -> None:
        """Cut further blocks by these characters."""
        self._separators, self._quote, self._escape = (
            separator.encode(),
            quote.encode(),
            (escape or "").encode(),
        )

    def fit(self, block: Block) -> None:
        """Choose the size of further blocks by the length of the lines of this one."""
        lines = max(1, count(block.data, 10)[0])
        self.size = min(LARGEST_BLOCK, max(BLOCK_SIZE, ROWS_OF_BLOCK * len(block.data) // lines))

    def __iter__(self) -> Iterator[Block]:
        buffer, filled, looked_at = self._buffer(self.size), 0, 0
        try:
            for text in self._body(map(self._text, self._pieces)):
                if filled + len(text) > len(buffer):
                    buffer = self._moved(buffer, 0, filled, 2 * (filled + len(text)))
                memoryview(buffer)[filled : filled + len(text)] = (
                    text  # a bytearray itself would copy it twice
                )
                filled += len(text)
                if filled < max(self.size, 2 * looked_at):
                    continue
                cut, ends = self._record_end(buffer, filled)
                looked_at = 0 if cut else filled
                if cut:
                    full, buffer = buffer, self._moved(buffer, cut, filled, self.size)
                    yield self._block(full, cut, ends)
                    filled -= cut
                self._check_length(filled)
        except BrokenStream as error:
            line = self._line + count(memoryview(buffer)[:filled], 10)[0]
            raise ParseError(f"{error.name}, line {line}: {error.reason}") from error
        filled = _end_of_text(buffer, filled)
        if filled:
            if (
                buffer[filled - 1] != 10
            ):  # without a line end Arrow takes an empty last field for a text in quotes
                buffer[filled : filled + 1] = b"\n"
                filled += 1
            line = self._line
            yield self._block(buffer, filled)
            self._refuse_open_quote(bytes(memoryview(buffer)[:filled]), line)

    def _buffer(self, size: int) -> bytearray:
        """Memory for a block and the piece that completes it; fresh memory costs more than copying."""
        while self._free:
            buffer = self._free.pop()
            if len(buffer) >= size + LARGEST_PIECE:
                return buffer
        return bytearray(size + LARGEST_PIECE)

    def _moved(self, buffer: bytearray, start: int, end: int, size: int) -> bytearray:
        """Another buffer that begins with a part of this one."""
        other = self._buffer(max(size, end - start))
        memoryview(other)[: end - start] = memoryview(buffer)[start:end]
        return other

    def _block(self, buffer: bytearray, end: int, ends: int | None = None) -> Block:
        data, line = memoryview(buffer)[:end], self._line
        self._line += count(data, 10)[0] if ends is None else ends
        return Block(data, line, partial(self._free.append, buffer))

    def _text(self, piece: Buffer) -> Buffer:
        if self._lone_cr is None:
            piece = self._begin(bytes(piece))
            self._lone_cr = b"\r" in piece and b"\n" not in piece
        return bytes(piece).replace(b"\r", b"\n") if self._lone_cr else piece

    def _body(self, texts: Iterator[Buffer]) -> Iterator[Buffer]:
        """The texts without the last lines of the last ones."""
        if not self._footer:
            yield from texts
            return
        held, kept = b"", False
        for text in texts:
            held += bytes(text)
            cut = _start_of_last_lines(held, self._footer + 1)  # the very last may not be whole yet
            if cut:
                kept = True
                yield held[:cut]
                held = held[cut:]
        rest = held[: _start_of_last_lines(held, self._footer)]
        if not kept and not rest.strip() and held.strip():
            raise ParseError(f"{self.name}: skip_footer={self._footer} leaves no line of the file")
        yield rest

    def _begin(self, piece: bytes) -> bytes:
        if b"\x00" in piece[:65536]:
            line = piece[: piece.index(b"\x00")].count(b"\n") + 1
            raise ParseError(
                f"{self.name}, line {line}: a zero byte; this is no text file, nor one of the other formats "
                "(Parquet, ORC, Arrow, Feather, XLSX, XLS; gzip, zip, bz2, xz, zstd); give encoding= if it is a text in "
                "an encoding such as 'utf-16'"
            )
        return piece[3:] if piece.startswith(b"\xef\xbb\xbf") else piece

    def _check_length(self, size: int) -> None:
        if size > max(LONGEST_RECORD, 4 * self.size):
            raise ParseError(
                f"{self.name}, line {self._line}: no end of the record within {size >> 20} MB; a quote "
                f"character {self._quote.decode()} is not closed, or the file is no delimited text"
            )

    def _record_end(self, buffer: bytearray, filled: int) -> tuple[int, int | None]:
        """Where the last whole record ends, and the number of line ends down to there if known."""
        cut = buffer.rfind(b"\n", 0, filled) + 1
        if not self._quote or not cut:
            return cut, None
        escaped = bool(self._escape) and buffer.find(self._escape, 0, filled) >= 0
        ends, quotes = count(memoryview(buffer)[:cut], 10, self._quote[0])
        if not escaped and not quotes % 2:
            return cut, ends
        return self._outside_quotes(bytes(memoryview(buffer)[:filled]), cut), None

    def _outside_quotes(self, data: bytes, cut: int) -> int:
        """End of the last line that does not end within a quoted field.

        Only a quote at the beginning of a field opens one: 5' 10" is a text like others.
        """
        position = end = 0
        for found in self._quoted_fields(data):
            end = data.rfind(b"\n", position, min(found.start() + 1, cut)) + 1 or end
            if found.start() >= cut or not found["close"] or found.end() > cut:
                return end
            position = found.end()
        return data.rfind(b"\n", position, cut) + 1 or end

    def _quoted_fields(self, data: bytes) -> Iterator[re.Match[bytes]]:
        start = rb"(?:\A|[\n%s])" % re.escape(self._separators)
        return re.finditer(start + quoted_field(self._quote, self._escape), data, re.DOTALL)

    def _refuse_open_quote(self, data: bytes, line: int) -> None:
        """Refuse a quote that is open at the end of the file: all lines after it would be one cell."""
        if not self._quote or not (data.count(self._quote) % 2 or (self._escape and self._escape in data)):
            return
        for found in self._quoted_fields(data):
            if not found["close"]:
                line += data.count(b"\n", 0, found.start() + 1)
                raise ParseError(
                    f"{self.name}, line {line}: the quote character {self._quote.decode()} that opens a field here "
                    "is not closed before the end of the file; close it, or give quotechar= if another one quotes here"
                )


def _start_of_last_lines(text: bytes, lines: int) -> int:
    """Where the last lines begin, blank ones not counted."""
    end = len(text)
    while lines and end:
        start = text.rfind(b"\n", 0, end - 1) + 1
        lines -= bool(text[start:end].strip(BLANKS.encode()))
        end = start
    return end


def _end_of_text(buffer: bytearray, filled: int) -> int:
    """End of what is left without form feeds, ^Z and the line ends around them at the end."""
    start = max(0, filled - 4096)
    tail = bytes(memoryview(buffer)[start:filled])
    kept = tail.rstrip(b"\r\n" + PAGE_ENDS)
    return start + len(kept) if any(end in tail[len(kept) :] for end in PAGE_ENDS) else filled
