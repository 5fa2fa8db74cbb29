"""Aggregates of groups of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns import _counting
from ..columns.column import Column
from ..columns.keys import Groups, Keys, grouped, sorted_by
from ..columns.makers import numeric, times
from ..frame import Frame, unique_names
from .arguments import Items, column_positions, one_of, read_text
from .registry import primitive

_BLOCK = 1 << 15  # cells
MISSING = ("all", "rm", "ignore")


class Cells:
    """The numbers of a column that count, with the group of each.

    They are worked through in blocks that stay in a cache, so that nothing as long as the column is made of them.

    Parameters
    ----------
    column : Column
    groups : Groups
    missing : str
        ``all``: missing cells count; ``rm``: they are left out; ``zeros``: they are 0.
    """

    def __init__(self, column: Column, groups: Groups, missing: str) -> None:
        if column.sparse is not None:  # all of its cells, once
            column = Column(column.kind, column.values, column.missing)
        self._column, self._groups = column, groups
        self._missing = missing if column.missing_count else "all"
        # A plain array of the right type need not be copied: nothing here writes to it.
        plain = column.kind == "real" and column.values.dtype == float
        self._plain = np.ascontiguousarray(column.values) if plain else None

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return self._groups.size

    def all(self) -> tuple[Array, Array]:
        """Groups and numbers of all cells that count."""
        return self._part(slice(None))

    def blocks(self) -> Iterator[tuple[Array, Array]]:
        """Groups and numbers of the cells that count, a block after the other."""
        for start in range(0, len(self._groups.codes), _BLOCK):
            yield self._part(slice(start, start + _BLOCK))

    def _part(self, rows: slice) -> tuple[Array, Array]:
        codes = self._groups.codes[rows]
        numbers = self._column.numbers(rows) if self._plain is None else self._plain[rows]
        if self._missing == "all":
            return codes, numbers
        absent = np.isnan(numbers)
        if self._missing == "zeros":
            return codes, np.where(absent, 0.0, numbers)
        return codes[~absent], numbers[~absent]

    def sums(self) -> tuple[Array, Array]:
        """Sum of the numbers of each group, and how many there are."""
        totals, counts = np.zeros(self.groups), np.zeros(self.groups, np.int64)
        for codes, numbers in self.blocks():
            _counting.add_sums(codes, numbers, totals, counts)
        return totals, counts


def _sum(cells: Cells, power: int = 1) -> Array:
    totals = np.zeros(cells.groups)
    for codes, numbers in cells.blocks():
        _counting.add_totals(codes, numbers if power == 1 else numbers**power, totals)
    return totals


def _mean(cells: Cells) -> Array:
    totals, counts = cells.sums()
    return totals / counts


def _variance(cells: Cells) -> Array:
    totals, counts = cells.sums()
    means, sums = totals / counts, np.zeros((cells.groups, 2))
    for codes, numbers in cells.blocks():
        _counting.add_deviations(codes, numbers, means, sums)
    # the sum of what is off the mean would be 0 if the mean were exact
    rounding, squares = sums.T
    variance: Array = np.maximum(squares - rounding**2 / counts, 0) / (counts - 1)
    return variance


def _median(cells: Cells) -> Array:
    """A missing cell makes it missing."""
    return _counting.medians(*cells.all(), cells.groups)


def _extreme(greatest: bool) -> Callable[[Cells], Array]:
    """The least or the greatest cell; a missing one makes it missing."""

    def find(cells: Cells) -> Array:
        result: Array = np.full(cells.groups, -np.inf if greatest else np.inf)
        for codes, numbers in cells.blocks():
            _counting.add_extremes(codes, numbers, result, greatest)
        if np.isinf(result).any():  # of no cells, or of such numbers
            result[cells.sums()[1] == 0] = np.nan
        return result

    return find


_AGGREGATES: dict[str, Callable[[Cells], Array]] = {
    "sum": _sum,
    "mean": _mean,
    "min": _extreme(False),
    "max": _extreme(True),
    "var": _variance,
    "sdev": lambda cells: np.sqrt(_variance(cells)),
    "sumSquares": lambda cells: _sum(cells, 2),
    "median": _median,
}
AGGREGATES = ("nrow", *_AGGREGATES, "mode")
# Under "ignore" a missing cell counts as a row with the value 0, where the number of rows matters.
_WITH_ZEROS = ("mean", "var", "sdev", "median")
_KEEPS_TIME = ("mean", "min", "max", "median")


@primitive("GB")
def group_by(frame: Frame, by: Items, *aggregates: Any) -> Frame:
    """Aggregates of groups of rows.

    Parameters
    ----------
    frame : Frame
    by : list of int or str
        Columns whose values make the groups; missing is a value of its own. Empty: one group.
    *aggregates : str, then int or str, then str
        Aggregate, column, and what to do with missing cells, in turn. Aggregates: nrow (number of rows),
        mean, sum, min, max, var, sdev, sumSquares, median, and mode (the number of the most frequent level
        of an enum, which leaves missing out). Missing cells: ``all`` they make the aggregate missing, ``rm`` they are left
        out, ``ignore`` they are left out of sums but counted as rows (in effect 0). With ``rm`` and ``ignore``,
        nrow counts the cells that are not missing. Without aggregates the groups alone are given.

    Returns
    -------
    Frame
        One row for each group in the order of the group columns, missing first: these columns, then one for
        each aggregate, called ``aggregate_column`` or ``nrow``.
    """
    if len(aggregates) % 3:
        raise InvalidType("GB: aggregate, column and missing are needed in turn after the group columns")
    positions = column_positions(frame, by) if by else []
    groups = grouped([frame.columns[i] for i in positions], frame.nrow)
    labels = [frame.names[i] for i in positions]
    columns = [frame.columns[i].take(groups.first) for i in positions]
    for name, column, missing in zip(*[iter(aggregates)] * 3, strict=True):
        (position,) = column_positions(frame, column)
        what = read_text(name, "GB: aggregate")
        labels.append(what if what == "nrow" else f"{what}_{frame.names[position]}")
        columns.append(aggregate(what, frame, position, groups, read_text(missing, "GB: missing")))
    return Frame(unique_names(labels), columns, nrow=groups.size)


def aggregate(name: str, frame: Frame, position: int, groups: Groups, missing: str) -> Column:
    """One aggregate of one column for each group; see `group_by`."""
    one_of(name, AGGREGATES, "group_by: aggregate")
    one_of(missing, MISSING, "group_by: na")
    column = frame.columns[position]
    label = f"group_by: {name} of column {frame.names[position]!r}"
    if name == "mode":
        codes = most_frequent(column, groups, label)
        return numeric(codes, codes < 0)
    if name == "nrow":
        codes = groups.codes if missing == "all" else groups.codes[~column.is_missing()]
        return numeric(_counting.counts(codes, groups.size))
    if column.is_text:
        raise InvalidType(f"{label}: the column is of type {column.kind}; numbers or levels are needed")
    with np.errstate(all="ignore"):
        result = _AGGREGATES[name](_cells(column, groups, name, missing))
    if column.kind == "time" and name in _KEEPS_TIME:
        absent = np.isnan(result)
        return times(np.rint(np.where(absent, 0, result)), absent)
    return numeric(result)


def _cells(column: Column, groups: Groups, name: str, missing: str) -> Cells:
    zeros = missing == "ignore" and name in _WITH_ZEROS
    return Cells(column, groups, "zeros" if zeros else "all" if missing == "all" else "rm")


def most_frequent(column: Column, groups: Groups, label: str) -> Array:
    """Code of the most frequent level of each group, the first of equally frequent ones; -1 without any."""
    if column.kind != "enum":
        raise InvalidType(f"{label}: the column is of type {column.kind}; the mode is that of an enum")
    levels = column.levels or ()
    present = column.values >= 0
    pairs = groups.codes[present].astype(np.int64) * max(1, len(levels)) + column.values[present]
    if groups.size * len(levels) <= 4 * len(pairs) + (1 << 16):
        every = _counting.counts(pairs, groups.size * max(1, len(levels)))
        found = np.flatnonzero(every)
        counts = every[found]
    else:
        found, counts = np.unique(pairs, return_counts=True)
    group, level = np.divmod(found, max(1, len(levels)))
    best = np.lexsort((level, -counts, group))
    first = np.ones(len(best), bool)
    first[1:] = group[best][1:] != group[best][:-1]
    codes = np.full(groups.size, -1, np.int32)
    codes[group[best][first]] = level[best][first]
    return codes


def group_rows(groups: Groups) -> Sequence[Array]:
    """Rows of each group, in order."""
    order, starts = sorted_by(Keys(groups.codes, groups.size))
    return np.split(order, starts[1:-1]) if groups.size else []


def group_columns(frame: Frame, by: Any, operation: str) -> list[int]:
    """Positions of the columns to group by, of which there must be one."""
    positions = column_positions(frame, by)
    if not positions:
        raise InvalidArgument(f"{operation}: at least one column to group by is needed")
    return positions
