"""How a delimited text is to be read, from its first block."""

from __future__ import annotations

import csv

from ..errors import ParseError
from .guess import Setup, guess_separator, guess_setup, split_lines
from .options import Options, apply_options

SAMPLE_BYTES = 1 << 18


def make_setup(name: str, block: bytes, options: Options) -> Setup:
    """Setup of delimited text from the first block of a file and what the user says."""
    sample = block[:SAMPLE_BYTES]
    if len(block) > len(sample):
        sample = sample[: sample.rfind(b"\n") + 1] or block
    try:
        text = sample.decode("utf-8")
    except UnicodeDecodeError as error:
        line = sample.count(b"\n", 0, error.start) + 1
        raise ParseError(
            f"{name}, line {line}: bytes that are not UTF-8 ({error.reason}); convert the file to UTF-8 "
            "(for example: iconv -f latin1 -t utf-8)"
        ) from None
    try:
        setup, rows = guess_setup(
            text,
            options.separator,
            options.header,
            options.quote,
            options.escape,
            options.flat_na_strings,
            "#" if options.markers is None else options.markers,
        )
    except csv.Error as error:  # such as a field of more than 128 kB
        raise ParseError(f"{name}: the first lines cannot be read as delimited text ({error})") from error
    if not rows:
        raise ParseError(f"{name}: the file holds no data")
    if options.separator is not None and options.names is None and options.types is None:
        _refuse_wrong_separator(name, [row[0] for row in rows if len(row) == 1], len(rows), options)
    apply_options(setup, options, name)
    if setup.header:
        setup.header_line = first_line(block, setup.markers)
    return setup


def _refuse_wrong_separator(name: str, texts: list[str], rows: int, options: Options) -> None:
    """Refuse a separator that no line has where another one cuts all of them into as many fields.

    A single column of such texts is meant only by those who name it or its type.
    """
    if len(texts) < max(2, rows):
        return
    likely = guess_separator(texts, options.quote)
    widths = {len(row) for row in split_lines(texts, likely, options.quote, options.escape)}
    if likely != " " and len(widths) == 1 and (width := widths.pop()) > 1:
        raise ParseError(
            f"{name}, line 1: the separator sep={options.separator!r} does not occur, but {likely!r} cuts every line "
            f"into {width} fields; give sep={likely!r} or none, or col_names= if there is a single column"
        )


def first_line(block: bytes, markers: str) -> bytes:
    """The header line: the first that is neither blank nor a comment."""
    comment = tuple(marker.encode() for marker in markers)
    start = 0
    while True:
        end = block.find(b"\n", start) + 1 or len(block)
        line = block[start:end]
        if (line.strip() and not line.startswith(comment)) or end == len(block):
            return line
        start = end


def header_size(block: bytes, setup: Setup, certain: bool) -> tuple[int, int]:
    """Bytes and lines down to the end of the header line, 0 if the block has none."""
    line = first_line(block, setup.markers)
    if not certain and line.strip() != setup.header_line.strip():
        return 0, 0
    end = block.index(line) + len(line)
    return end, block.count(b"\n", 0, end)
