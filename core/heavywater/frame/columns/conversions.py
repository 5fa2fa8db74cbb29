"""Columns of one type to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType, warn
from .column import Column
from .makers import factor, numeric, strings, times
from .missing_words import MISSING_WORDS

UUID_PATTERN = r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


def as_levels(column: Column, title: str) -> Column:
    """The column as enum: texts with levels in byte order, numbers with levels in the order of value.

    Parameters
    ----------
    column : Column
    title : str
        For the message: what asks for it, and the column's name.

    Raises
    ------
    InvalidType
        The column holds times or UUIDs.
    """
    if column.kind in ("uuid", "time"):
        raise InvalidType(f"{title} is of type {column.kind}; it cannot become a factor")
    return factor(column)


def as_numbers(column: Column) -> Column:
    """The column as numbers: levels that are numbers give these, other enums give the level numbers."""
    if column.is_numeric:
        return column
    if column.kind == "time":
        return numeric(column.values, column.is_missing())
    if column.kind == "enum":
        table = _numbers_of(list(column.levels or ()))
        if table is None:
            return numeric(column.numbers())
        return numeric(np.append(table, np.nan)[column.values])
    uniques, inverse = np.unique(column.values.astype(object), return_inverse=True)
    return numeric(np.array([_number_or_nan(text) for text in uniques.tolist()])[inverse])


def _numbers_of(levels: list[str]) -> Any:
    numbers = np.array([_number_or_nan(level) for level in levels])
    return None if np.isnan(numbers).any() else numbers


def _number_or_nan(text: str) -> float:
    try:
        return float(text) if "_" not in text else float("nan")
    except ValueError:
        return float("nan")


def as_texts(column: Column) -> Column:
    """The column as texts."""
    return column if column.kind == "string" else strings(column.texts())


def distinct(column: Column) -> tuple[list[str], Array]:
    """The different texts of a column, and for each row the number of its text (-1 = missing)."""
    encoded = factor(column)
    return list(encoded.levels or ()), encoded.values


def times_of_texts(
    texts: Sequence[str],
    codes: Array,
    values: Array,
    misfit: Array,
    title: str,
    reason: str = "no date or time",
) -> Column:
    """Column of times from what the different texts of a column mean; those that mean none are missing, and counted.

    Parameters
    ----------
    texts : sequence of str
    codes : ndarray of int
        For each row the number of its text, -1 for missing.
    values : ndarray of int64, shape (texts,)
        Milliseconds.
    misfit : ndarray of bool, shape (texts,)
    title, reason : str
        For messages: where the texts are, and what they are not.

    Raises
    ------
    InvalidArgument
        Not one of the texts is a time.
    """
    gone = np.append(misfit, True)[codes]
    lost = misfit & np.array([text not in MISSING_WORDS for text in texts], dtype=bool)
    rows = np.flatnonzero(np.append(lost, False)[codes])
    if len(rows):
        first = texts[int(codes[rows[0]])]
        if gone.all():
            raise InvalidArgument(f"{title} {first!r} is {reason}, like all texts there")
        warn(
            f"{title} {len(rows)} {'text is' if len(rows) == 1 else 'texts are'} {reason} and became missing "
            f"(the first: {first!r})"
        )
    return times(np.append(values, 0)[codes], gone)
