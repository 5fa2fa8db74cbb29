"""Lines that count as comments although they look like data."""

from __future__ import annotations

import csv

from .guess import split_lines
from .raw_text import BLANKS, Buffer
from .setup import Setup


class Remarks:
    """Notes lines of a block that are left out as comments, but have as many fields as there are columns.

    Remarks in words have a blank behind their sign, or another sign, and do not count. Where there is a single
    column, a single word looks like data: ``#N/A``.

    Parameters
    ----------
    setup : Setup

    Attributes
    ----------
    any : bool
        Whether a line has been left out at all.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup, self._separator = setup, setup.separator.encode()
        self._count = self._first = 0
        self.any = False

    def note(self, start: int, text: bytes) -> None:
        """Look at a line that begins at a place of the block."""
        self.any = True
        if self._looks_like_data(text):
            self._first = self._first if self._count else start
            self._count += 1

    def _looks_like_data(self, text: bytes) -> bool:
        setup, width = self._setup, len(self._setup.names)
        text = text.strip(BLANKS.encode())
        if text[1:2] in (b"", b" ", b"\t", text[:1]) or text.count(self._separator) < width - 1:
            return False
        if width == 1:
            return b" " not in text
        if not setup.quote or setup.quote.encode() not in text:
            return text.count(self._separator) == width - 1
        try:
            line = text.decode("utf-8", "replace")
            return [len(row) for row in split_lines([line], setup.separator, setup.quote, setup.escape)] == [
                width
            ]
        except csv.Error:
            return False

    def found(self, block: Buffer, name: str, line: int) -> tuple[int, str] | None:
        """How many there were in a block of a file, and the place of the first.

        Parameters
        ----------
        block : bytes-like
        name : str
            File.
        line : int
            Number of the block's first line.
        """
        if not self._count:
            return None
        before = bytes(block).count(b"\n", 0, self._first)
        return self._count, f"{name}, line {line + before}"
