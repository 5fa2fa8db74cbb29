"""Cells as JSON and text have them - numbers, texts, truth values, None - read as the columns of a model's inputs.

Nothing here needs pyarrow, but for dates that are written as texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, shortened
from ...frame.columns.column import Column
from ...frame.columns.makers import enum, level_text, numeric, sorted_enum
from ...frame.columns.numerals import number_of_text
from ..parameters.context import listed

_NUMBERS = {int, float, type(None)}
_SCALARS = {int, float, bool, str, type(None)}


def numbers_of(name: str, values: Sequence[Any]) -> Array:
    """Cells of a column of numbers as float64, NaN for missing; (rows,).

    Texts count as the numbers that they are written for, in the forms that files may have; the words that mean missing in
    a file do so here. Truth values are 1 and 0.

    Raises
    ------
    InvalidArgument
        A cell is no number; it is named by its row, from 1.
    """
    if set(map(type, values)) <= _NUMBERS:
        try:
            return np.array(values, np.float64)
        except OverflowError:  # a whole number beyond float64, which the cells one by one will name
            pass
    return _each(name, values, _number, "a number, or null where it is missing")


def moments_of(name: str, values: Sequence[Any]) -> Array:
    """Cells of a column of points in time as milliseconds since 1970 UTC, NaN for missing; (rows,).

    Parameters
    ----------
    values : sequence
        Milliseconds, or texts in the forms that files may have, which are read as UTC.

    Raises
    ------
    InvalidArgument
        A cell is no point in time.
    """
    texts = [row for row, value in enumerate(values) if isinstance(value, str) and value.strip()]
    if not texts:
        return numbers_of(name, [None if isinstance(value, str) else value for value in values])
    from ...frame.columns.times import parse_times  # start-up: it rests on pyarrow

    others = list(values)
    milliseconds, misfit = parse_times([values[row].strip() for row in texts])
    for row, found, wrong in zip(texts, milliseconds.tolist(), misfit.tolist(), strict=True):
        others[row] = values[row] if wrong else found
    return _each(
        name, others, _number, "a date such as 2026-01-31 12:00:00, milliseconds since 1970, or null"
    )


def _each(name: str, values: Sequence[Any], read: Callable[[Any], float], allowed: str) -> Array:
    found = np.empty(len(values))
    for row, value in enumerate(values):
        try:
            found[row] = read(value)
        except (ValueError, OverflowError, TypeError):
            raise InvalidArgument(_misfit(name, row, value, allowed)) from None
    return found


def _misfit(name: str, row: int, value: Any, allowed: str) -> str:
    return f"row {row + 1}, column {name!r}: {shortened(repr(value))} must be {allowed}"


def _number(value: Any) -> float:
    if value is None:
        return np.nan
    if isinstance(value, str):
        return number_of_text(value)
    if isinstance(value, int | float | np.number | np.bool_):
        return float(value)
    raise TypeError


def level_cells(name: str, values: Sequence[Any]) -> Column:
    """Cells of a factor as the column that a frame of them would have: of levels, or of numbers.

    Raises
    ------
    InvalidArgument
        A cell is neither text nor number nor truth value.
    """
    kinds = set(map(type, values))
    if not kinds <= _SCALARS:
        values = [value.item() if isinstance(value, np.generic) else value for value in values]
        kinds = set(map(type, values))
    if not kinds <= _SCALARS:
        row = next(row for row, value in enumerate(values) if type(value) not in _SCALARS)
        raise InvalidArgument(
            _misfit(name, row, values[row], "a text, a number, true, false, or null where it is missing")
        )
    if str not in kinds and any(value is not None for value in values):
        return numeric(numbers_of(name, values))
    texts = [value if value is None or isinstance(value, str) else level_text(value) for value in values]
    distinct = dict.fromkeys(text for text in texts if text is not None)
    places = {text: place for place, text in enumerate(distinct)}
    if not places:
        return enum(np.full(len(values), -1), [])
    codes = np.array([-1 if text is None else places[text] for text in texts])
    return sorted_enum(codes, list(places))


def no_level(name: str, values: Sequence[Any], levels: Sequence[str]) -> InvalidArgument:
    """The error that numbers were given where no level is one."""
    row = next(row for row, value in enumerate(values) if value is not None)
    return InvalidArgument(_misfit(name, row, values[row], f"a text: the levels are {listed(levels)}"))
