"""How a delimited text is to be read, from its first block."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from ...errors import ParseError
from ..columns.missing_words import MISSING_WORDS
from ..columns.numerals import is_number
from .encodings import decoded
from .guess import SHOWN_ROWS, guess_separator, guess_setup, read_rows, split_lines
from .header import is_time, usable_names
from .options import Options, apply_options, check_names
from .raw_text import BLANKS
from .settling import is_nothing
from .setup import Setup

SAMPLE_BYTES = 1 << 18
_SEPARATOR_LINE = re.compile(rb'"?sep=([\x00-\x7f])"?\r?\n', re.IGNORECASE)
_JSON = re.compile(r'(?:\[\s*)?\{\s*"(?:[^"\\]|\\.)*"\s*:')
_PAGE = re.compile(r"<(?:!doctype html|html|\?xml)\b", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE]\+?\d+)?", re.ASCII)
_EIGHT_DIGITS = re.compile(r"\d{8}", re.ASCII)
SAMPLE_ROWS = 6  # lines that are looked at however long they are: names alone would leave every type open


def make_setup(name: str, block: bytes, options: Options) -> Setup:
    """Setup of delimited text from the first block of a file and what the user says."""
    sample = block[: max(SAMPLE_BYTES, _end_of_lines(block, SAMPLE_ROWS))]
    if len(block) > len(sample):
        sample = sample[: sample.rfind(b"\n") + 1] or block
    text = decoded(sample)[0]
    if options.separator is None and options.names is None and options.types is None:
        _refuse_other_formats(name, text)
    try:
        setup, rows = guess_setup(name, text, options)
    except csv.Error as error:  # such as a field of more than 128 kB
        raise ParseError(f"{name}: the first lines cannot be read as delimited text ({error})") from error
    if not rows:
        raise ParseError(f"{name}: the file holds no data")
    if options.separator is not None and options.names is None and options.types is None:
        _refuse_wrong_separator(name, [row[0] for row in rows if len(row) == 1], len(rows), options)
    apply_options(setup, options, name)
    sample_of(setup, rows[1:] if setup.header else rows)
    return setup


def _refuse_other_formats(name: str, text: str) -> None:
    """Refuse JSON, HTML and XML, which would become a frame of nonsense; who names columns or types gets it."""
    first = text.strip()
    page = _PAGE.match(first)
    if page:
        raise ParseError(
            f"{name}: this is {'XML' if page[0][1] == '?' else 'HTML'}, no delimited text; if it came from the web, "
            "look whether the address is that of the file itself"
        )
    if _JSON.match(first) and first.split("\n", 1)[0].rstrip()[-1] in "{[}],":
        raise ParseError(
            f"{name}: this is JSON, no delimited text; give H2OFrame(pandas.read_json(...)), with lines=True if each line is "
            "an object, or col_names= if the lines are cells of text"
        )


def separator_line(block: bytes) -> tuple[int, str | None]:
    """Bytes of a first line that tells Excel the separator, and this separator; 0 and None if there is none."""
    found = _SEPARATOR_LINE.match(block)
    return (found.end(), found[1].decode()) if found else (0, None)


def _end_of_lines(block: bytes, lines: int) -> int:
    end = 0
    for _ in range(lines):
        end = block.find(b"\n", end) + 1
        if not end:
            return len(block)
    return end


def sample_of(setup: Setup, rows: list[list[str]]) -> None:
    """Note the first rows below the names, for what is to be known later about the types of columns."""

    def sample(i: int) -> list[str]:
        absent = {"", *setup.na_strings, *setup.column_na_strings.get(i, ())}
        return [row[i] for row in rows if i < len(row) and row[i] not in absent]

    setup.sample, setup.first_rows = sample, rows[:SHOWN_ROWS]
    setup.open = {i for i in setup.kept if is_nothing(sample(i))}


def columns_of_milliseconds(setup: Setup) -> list[int]:
    """Columns that are to be times and whose first cells are numbers: milliseconds since 1970.

    Eight digits are a date.
    """
    return [
        i
        for i in setup.kept
        if i in setup.stated and setup.types[i] == "time" and _are_numbers(setup.sample(i))
    ]


def _are_numbers(texts: list[str]) -> bool:
    cells = [text.strip() for text in texts if text.strip() not in MISSING_WORDS]
    return (
        bool(cells)
        and all(map(_PLAIN_NUMBER.fullmatch, cells))
        and not all(map(_EIGHT_DIGITS.fullmatch, cells))
    )


def _refuse_wrong_separator(name: str, texts: list[str], rows: int, options: Options) -> None:
    """Refuse a separator that no line has where another one cuts all of them into as many fields.

    A single column of such texts is meant only by those who name it or its type.
    """
    if len(texts) < max(2, rows) or any("\n" in text for text in texts):  # a cell of several lines is no line
        return
    likely = guess_separator(texts, options.quote)
    widths = {len(row) for row in split_lines(texts, likely, options.quote, options.escape)}
    if likely != " " and len(widths) == 1 and (width := widths.pop()) > 1:
        raise ParseError(
            f"{name}, line 1: the separator sep={options.separator!r} does not occur, but {likely!r} cuts every line "
            f"into {width} fields; give sep={likely!r} or none, or col_names= if there is a single column"
        )


def header_size(name: str, block: bytes, setup: Setup, options: Options, first: bool) -> tuple[int, int]:
    """Bytes and lines down to the end of the line of names, 0 if a file has none.

    Parameters
    ----------
    name : str
        File, for messages.
    block : bytes
        Its beginning.
    setup : Setup
        Names that a later file has and the first one has not are put into it.
    options : Options
    first : bool
        Whether it is the file that the setup is of.

    Raises
    ------
    ParseError
        The names are not those of the first file.
    """
    if options.header < 0 or (first and not setup.header):
        return 0, 0
    fields, size, lines = _first_record(name, block, setup)
    if first:
        setup.header_line = fields
        return size, lines
    same = setup.header and fields == setup.header_line
    if not same and options.header == 0 and not _are_names(fields, setup):
        return 0, 0
    if not same and options.names is None:
        if setup.header:
            raise ParseError(
                f"{name}, line {lines}: the names {_shown(fields)} are not those of the first file, "
                f"{_shown(setup.header_line)}; make them equal, or give col_names= to put the columns together by position"
            )
        if len(fields) == len(setup.names):
            setup.names, setup.header, setup.header_line = usable_names(fields), True, fields
            check_names(setup, name)
    return size, lines


def _first_record(name: str, block: bytes, setup: Setup) -> tuple[list[str], int, int]:
    """Fields of the first line that is neither blank nor a comment, bytes and lines down to its end."""
    end = lines = 0

    def following() -> Iterator[str]:
        nonlocal end, lines
        comment = tuple(setup.markers)
        begun = False
        while end < len(block):
            start, end = end, block.find(b"\n", end) + 1 or len(block)
            lines += 1
            line = block[start:end].decode("utf-8", "replace")
            begun = begun or bool(line.strip(BLANKS) and not line.startswith(comment))
            if begun:
                yield line

    try:
        fields = next(read_rows(following(), setup.separator, setup.quote, setup.escape), [])
    except csv.Error as error:
        raise ParseError(f"{name}, line {lines}: the line of names cannot be read ({error})") from error
    return [text.strip() for text in fields], end, lines


def _are_names(fields: list[str], setup: Setup) -> bool:
    """Whether the first line of a later file holds names: texts where the columns hold numbers or times.

    A single one may be an odd cell, unless another field is a name of the first file.
    """
    if len(fields) != len(setup.names):
        return False
    told = [text for text, kind in zip(fields, setup.types, strict=True) if kind in ("numeric", "time")]
    texts = [
        text for text in told if text not in MISSING_WORDS and not is_number(text) and not is_time([text])[0]
    ]
    known = {text.casefold() for text in setup.header_line if text}
    return len(texts) == len(told) > 0 and (len(told) > 1 or any(text.casefold() in known for text in fields))


def _shown(names: list[str]) -> str:
    return repr(", ".join(names[:8]) + (", ..." if len(names) > 8 else ""))
