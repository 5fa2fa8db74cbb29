"""Operations on texts by regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.conversions import distinct
from ..columns.makers import enum, numeric, strings
from ..frame import Frame
from .arguments import Texts
from .registry import primitive
from .strings import changed, measured, text_column

# In a replacement: a character after a backslash, a group by number, a group by name.
_REFERENCE = re.compile(r"\\(.)|\$(\d)|\$\{(\w+)\}", re.DOTALL)


def compiled(pattern: str, ignore_case: bool, operation: str) -> re.Pattern[str]:
    """A regular expression.

    Raises
    ------
    InvalidArgument
        The pattern is malformed, with the place.
    """
    try:
        return re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except (re.error, RecursionError, OverflowError) as error:
        raise InvalidArgument(f"{operation}: pattern {pattern!r} is no regular expression: {error}") from None


def _replacement(text: str, found: re.Pattern[str], operation: str) -> Callable[[re.Match[str]], str]:
    """A replacement in which ``$1`` stands for the first group and a backslash takes the next character literally."""
    parts: list[str | int] = []
    place = 0
    for reference in _REFERENCE.finditer(text):
        parts.append(text[place : reference.start()])
        literal, number, name = reference.groups()
        parts.append(
            literal if literal is not None else int(number) if number else found.groupindex.get(name, -1)
        )
        place = reference.end()
    parts.append(text[place:])
    if any(isinstance(part, int) and not 0 <= part <= found.groups for part in parts):
        raise InvalidArgument(f"{operation}: replacement {text!r} names a group that the pattern has not")
    return lambda match: "".join((match.group(p) or "") if isinstance(p, int) else p for p in parts)


def _replaced(
    frame: Frame, pattern: str, replacement: str, ignore_case: bool, count: int, operation: str
) -> Frame:
    found = compiled(pattern, ignore_case, operation)
    write = _replacement(replacement, found, operation)
    return changed(frame, operation, lambda text: found.sub(write, text, count=count))


@primitive("replacefirst", elementwise=True)
def replace_first(frame: Frame, pattern: str, replacement: str, ignore_case: bool = False) -> Frame:
    """Replace the first match of a regular expression in each text.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.
    pattern : str
        Regular expression.
    replacement : str
        ``$1`` stands for the first group of the pattern.
    ignore_case : bool
        Whether upper and lower case are the same.

    Returns
    -------
    Frame
    """
    return _replaced(frame, pattern, replacement, ignore_case, 1, "sub")


@primitive("replaceall", elementwise=True)
def replace_all(frame: Frame, pattern: str, replacement: str, ignore_case: bool = False) -> Frame:
    """Replace every match of a regular expression in each text.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.
    pattern : str
        Regular expression.
    replacement : str
        ``$1`` stands for the first group of the pattern.
    ignore_case : bool
        Whether upper and lower case are the same.

    Returns
    -------
    Frame
    """
    return _replaced(frame, pattern, replacement, ignore_case, 0, "gsub")


@primitive("countmatches", elementwise=True)
def count_matches(frame: Frame, patterns: Texts) -> Frame:
    """How often some texts occur in each text, overlapping ones not counted.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.
    patterns : list of str
        Plain texts, whose counts are added.

    Returns
    -------
    Frame
    """
    wanted = [pattern for pattern in patterns if pattern]
    return measured(frame, "countmatches", lambda text: sum(text.count(pattern) for pattern in wanted))


@primitive("strsplit")
def strsplit(frame: Frame, pattern: str) -> Frame:
    """Cut texts at the matches of a regular expression, into as many columns as the longest has parts.

    Parameters
    ----------
    frame : Frame
        One column of texts or levels.
    pattern : str
        Regular expression; empty: every character is a part.

    Returns
    -------
    Frame
        Columns C1, C2 ..., missing where a text has fewer parts. Empty parts at the end are left out.
    """
    column = text_column(frame, "strsplit")
    texts, codes = distinct(column)
    found = compiled(pattern, False, "strsplit")
    parts = [_parts(text, found) for text in texts]
    width = max((len(part) for part in parts), default=0)
    columns = []
    for j in range(width):
        cells = [part[j] if j < len(part) else None for part in parts]
        columns.append(_level_parts(codes, cells) if column.kind == "enum" else _texts(codes, cells))
    return Frame([f"C{j + 1}" for j in range(width)], columns, nrow=frame.nrow)


def _texts(codes: Array, cells: list[str | None]) -> Column:
    return strings(np.array([*cells, None], dtype=object)[codes])


def _level_parts(codes: Array, cells: list[str | None]) -> Column:
    levels = sorted({cell for cell in cells if cell is not None}, key=lambda level: level.encode())
    number: dict[str | None, int] = {level: i for i, level in enumerate(levels)}
    remap = np.array([*(number.get(cell, -1) for cell in cells), -1], np.int32)
    return enum(remap[codes], levels)


def _parts(text: str, found: re.Pattern[str]) -> list[str]:
    """Parts of a text between matches; a match of nothing at the beginning makes no part."""
    parts, place = [], 0
    for match in found.finditer(text):
        if match.end() > match.start() or 0 < match.start() < len(text):
            parts.append(text[place : match.start()])
            place = match.end()
    if not parts:
        return [text]
    parts.append(text[place:])
    while parts and not parts[-1]:
        parts.pop()
    return parts


@primitive("tokenize")
def tokenize(frame: Frame, pattern: str) -> Frame:
    """Cut texts at the matches of a regular expression, into rows.

    Parameters
    ----------
    frame : Frame
        Columns of texts.
    pattern : str
        Regular expression.

    Returns
    -------
    Frame
        One column: the parts of the first row (of all its columns), a missing cell, the parts of the second row ...
    """
    found = compiled(pattern, False, "tokenize")
    pieces: list[list[list[str]]] = []
    for name, column in zip(frame.names, frame.columns, strict=True):
        if not column.is_text:
            raise InvalidType(f"tokenize: column {name!r} is of type {column.kind}; use ascharacter() first")
        texts, codes = distinct(column)
        parts = [*(_parts(text, found) for text in texts), []]
        pieces.append([parts[code] for code in codes.tolist()])
    tokens: list[str | None] = []
    for row in zip(*pieces, strict=True):
        for part in row:
            tokens.extend(part)
        tokens.append(None)
    return Frame(["C1"], [strings(tokens)])


@primitive("grep")
def grep(
    frame: Frame,
    pattern: str,
    ignore_case: bool = False,
    invert: bool = False,
    output_logical: bool = False,
) -> Frame:
    """Which texts hold a match of a regular expression.

    Parameters
    ----------
    frame : Frame
        One column of texts or levels.
    pattern : str
        Regular expression.
    ignore_case : bool
        Whether upper and lower case are the same.
    invert : bool
        Whether the texts without a match (missing ones among them) are wanted.
    output_logical : bool
        Whether the result has a 1 or 0 for each row; otherwise it has the numbers of the rows, from 0 on.

    Returns
    -------
    Frame
    """
    texts, codes = distinct(text_column(frame, "grep"))
    found = compiled(pattern, ignore_case, "grep")
    table = np.array([*(found.search(text) is not None for text in texts), False], dtype=bool)
    chosen = table[codes] != invert
    return Frame(["C1"], [numeric(chosen if output_logical else np.flatnonzero(chosen))])
