"""Operations on texts: string columns, and the levels of enums."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ...files import named_file
from ..columns.column import Column
from ..columns.conversions import distinct
from ..columns.makers import enum, numeric, sorted_enum, strings
from ..frame import Frame
from .arguments import column_argument, map_columns
from .registry import primitive

Change = Callable[[str], str]


def text_column(frame: Frame, operation: str) -> Column:
    """The only column of a frame, which must hold texts or levels."""
    column = column_argument(frame, operation)
    _need_text(column, frame.names[0], operation)
    return column


def _need_text(column: Column, name: str, operation: str) -> None:
    if not (column.is_text or column.kind == "enum"):
        raise InvalidType(f"{operation}: column {name!r} is of type {column.kind}; use ascharacter() first")


def changed(frame: Frame, operation: str, change: Change) -> Frame:
    """Each text replaced by another; levels that become equal become one."""

    def convert(column: Column) -> Column:
        texts, codes = distinct(column)
        replaced = [change(text) for text in texts]
        if column.kind == "enum":
            return relabelled(codes, replaced)
        table = np.array([*replaced, None], dtype=object)
        return strings(table[codes])

    for name, column in zip(frame.names, frame.columns, strict=True):
        _need_text(column, name, operation)
    return map_columns(frame, convert)


def relabelled(codes: Array, labels: Sequence[str]) -> Column:
    """Enum with other labels: the levels stay in order unless some of them become equal."""
    if len(set(labels)) == len(labels):
        return enum(codes, labels)
    distinct_labels = list(dict.fromkeys(labels))
    number = {label: i for i, label in enumerate(distinct_labels)}
    remap = np.array([*(number[label] for label in labels), -1], np.int32)
    return sorted_enum(remap[codes], distinct_labels)


def measured(frame: Frame, operation: str, measure: Callable[[str], float]) -> Frame:
    """A number for each text, computed once for each different one; missing stays missing."""

    def convert(column: Column) -> Column:
        texts, codes = distinct(column)
        table = np.array([*(measure(text) for text in texts), np.nan])
        return numeric(table[codes])

    for name, column in zip(frame.names, frame.columns, strict=True):
        _need_text(column, name, operation)
    return map_columns(frame, convert)


_SIMPLE: dict[str, tuple[Change, str]] = {
    "toupper": (str.upper, "Texts in upper case"),
    "tolower": (str.lower, "Texts in lower case"),
    "trim": (lambda text: text.strip(), "Texts without blanks at both ends"),
}


def _register_simple(name: str, change: Change, meaning: str) -> None:
    def operation(frame: Frame) -> Frame:
        return changed(frame, name, change)

    operation.__doc__ = f"""{meaning}.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.

    Returns
    -------
    Frame
    """
    primitive(name, elementwise=True)(operation)


for _name, (_change, _meaning) in _SIMPLE.items():
    _register_simple(_name, _change, _meaning)


@primitive("lstrip", elementwise=True)
def lstrip(frame: Frame, characters: str = " ") -> Frame:
    """Texts without some characters at their beginning.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.
    characters : str
        All characters to be taken away.

    Returns
    -------
    Frame
    """
    return changed(frame, "lstrip", lambda text: text.lstrip(characters) if characters else text)


@primitive("rstrip", elementwise=True)
def rstrip(frame: Frame, characters: str = " ") -> Frame:
    """Texts without some characters at their end.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.
    characters : str
        All characters to be taken away.

    Returns
    -------
    Frame
    """
    return changed(frame, "rstrip", lambda text: text.rstrip(characters) if characters else text)


@primitive("strlen", elementwise=True)
def strlen(frame: Frame) -> Frame:
    """Number of characters of each text.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.

    Returns
    -------
    Frame
    """
    return measured(frame, "nchar", len)


@primitive("substring", elementwise=True)
def substring(frame: Frame, start: int, end: float = float("nan")) -> Frame:
    """A part of each text.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.
    start : int
        Number of the first character, from 0 on; a negative number counts as 0.
    end : float
        Number of the first character that is left out; NaN: up to the end of the text.

    Returns
    -------
    Frame
    """
    first = max(0, start)
    last = None if np.isnan(end) else max(first, int(min(end, 2**62)))
    return changed(frame, "substring", lambda text: text[first:last])


@primitive("entropy", elementwise=True)
def entropy(frame: Frame) -> Frame:
    """Shannon entropy of the characters of each text, in bits.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.

    Returns
    -------
    Frame
    """

    def bits(text: str) -> float:
        counts = np.unique(list(text), return_counts=True)[1] / max(1, len(text))
        return float(-(counts * np.log2(counts)).sum()) + 0.0

    return measured(frame, "entropy", bits)


@primitive("num_valid_substrings")
def num_valid_substrings(frame: Frame, path_to_words: str) -> Frame:
    """How many parts of each text, of at least two characters, are words of a list.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.
    path_to_words : str
        Text file with one word in each line.

    Returns
    -------
    Frame
    """
    words = _words(path_to_words)
    lengths = sorted({len(word) for word in words})

    def count(text: str) -> int:
        return sum(
            text[start : start + length] in words
            for length in lengths
            for start in range(len(text) - length + 1)
        )

    return measured(frame, "num_valid_substrings", count)


def _words(path: str) -> set[str]:
    path = named_file(path)
    try:
        if not os.path.isfile(path):
            raise OSError("no such file")
        with open(path, encoding="utf-8") as file:
            words = {line.strip() for line in file}
    except (OSError, ValueError) as error:
        raise InvalidArgument(
            f"num_valid_substrings: path_to_words {path!r} cannot be read: {error}"
        ) from None
    return {word for word in words if len(word) >= 2}
