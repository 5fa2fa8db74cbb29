"""Columns read in the levels that a factor had in training.

A file or container that is scored often gives numbers, or truth values, where the training frame had a factor of the
same: `1` is the level "1", `2.5` the level "2.5", True the level "True" or "1".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...frame.columns.column import Column
from ...frame.columns.column_statistics import ColumnStatistics
from ...frame.columns.makers import enum, factor
from ...frame.columns.numerals import number_of_level
from .encoder import level_codes

_TRUTH = {"true": 1, "false": 0}


def in_levels(column: Column, levels: Sequence[str]) -> Column | None:
    """A column as a factor that names its values as other levels do, where these mean the same.

    A value that is the text of a level is that level. Else numbers are compared with the numbers that the levels are
    the texts of (1 is "1", "1.0" and "001"), and True and False with 1 and 0 where one side holds nothing but truth
    values. What no level stands for keeps its own name.

    Parameters
    ----------
    column : Column
        Numbers, a factor or text.
    levels : sequence of str

    Returns
    -------
    Column or None
        None where values of this kind cannot be levels: points in time, identifiers, and numbers where no level is a
        number.
    """
    if column.missing_count == len(column):
        return enum(np.full(len(column), -1), [])
    if column.kind in ("time", "uuid"):
        return None
    if column.levels == tuple(levels):
        return column
    own = factor(column)
    known = set(levels)
    numbers = numbers_of_levels(levels)
    if column.is_numeric and not (numbers or known & set(own.levels or ())):
        return None
    unknown = [level for level in own.levels or () if level not in known]
    if not unknown or not numbers:
        return own
    values = numbers_of_levels(own.levels or ()) if column.is_numeric or _all_truth(own.levels or ()) else {}
    same = {
        level: numbers[value] for value, level in values.items() if level not in known and value in numbers
    }
    if not same:
        return own
    names = [same.get(level, level) for level in own.levels or ()]
    merged = list(dict.fromkeys(names))
    place = {name: k for k, name in enumerate(merged)}
    codes = np.array([*(place[name] for name in names), -1])
    return enum(codes[own.values], merged)


def _all_truth(levels: Sequence[str]) -> bool:
    return bool(levels) and all(level.lower() in _TRUTH for level in levels)


def numbers_of_levels(levels: Sequence[str]) -> dict[int | float, str]:
    """The levels that are numbers, by these; truth values count as 1 and 0 where there is nothing else."""
    read = (lambda level: _TRUTH[level.lower()]) if _all_truth(levels) else number_of_level
    found: dict[int | float, str] = {}
    for level in levels:
        value = read(level)
        if value is not None:
            found.setdefault(value, level)
    return found


def unseen_levels(column: Column, levels: Sequence[str]) -> list[str]:
    """Levels in the cells of a factor that are not among some others."""
    unknown = np.flatnonzero(level_codes(column, levels)[:-1] < 0)
    if not len(unknown):
        return []
    found = ColumnStatistics.of(column).levels
    return [] if found is None else [found.names[k] for k in unknown.tolist() if found.counts[k]]
