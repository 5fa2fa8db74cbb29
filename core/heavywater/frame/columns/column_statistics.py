"""What is learned of a column by looking at its cells once: counts, range, exact sums, levels. It merges.

The statistics of a column are those of its parts, merged in any order: to the last bit, however the column was cut. They
are plain values (`ColumnStatistics.plain`), so that whoever holds a part of a column can tell them to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from .column import Column
from .level_statistics import LevelStatistics
from .number_statistics import NumberStatistics, Sums, Weights

_FAMILY = {"int": "number", "real": "number", "bad": "nothing"}


@dataclass(frozen=True)
class ColumnStatistics:
    """What is known of a column without its cells.

    Attributes
    ----------
    kind : str
        As in `Column`.
    rows, missing : int
        All cells, and the missing ones.
    numbers : NumberStatistics or None
        Of numbers and times.
    levels : LevelStatistics or None
        Of factors.
    weighted_rows, weight : int, Fraction, or None
        Rows whose observation weight is positive, and the sum of these; None where there are no weights.
    """

    kind: str
    rows: int = 0
    missing: int = 0
    numbers: NumberStatistics | None = None
    levels: LevelStatistics | None = None
    weighted_rows: int | None = None
    weight: Fraction | None = None

    @classmethod
    def of(cls, column: Column, weights: Weights | None = None) -> ColumnStatistics:
        """Those of a column; without weights they are worked out at the first call.

        Parameters
        ----------
        column : Column
        weights : Weights, optional
            Observation weights of the rows: what counts rows and range does not look at them, the sums do.
        """
        found: ColumnStatistics = column.remembered("statistics", _of_cells)
        if weights is None:
            return found
        numbers, levels = found.numbers, found.levels
        if levels is not None:
            levels = LevelStatistics.of(column, weights.values)
        elif numbers is not None:
            numbers = replace(numbers, weighted=Sums.weighted(column, weights))
        return replace(
            found, numbers=numbers, levels=levels, weighted_rows=weights.rows, weight=weights.total
        )

    def merge(self, other: ColumnStatistics) -> ColumnStatistics:
        """Those of both parts of a column, in either order.

        Raises
        ------
        InvalidArgument
            The parts are of kinds that make no column together.
        """
        numbers, levels = self.numbers, self.levels
        if numbers is None or other.numbers is None:
            numbers = numbers or other.numbers
        else:
            numbers = numbers.merge(other.numbers)
        if levels is None or other.levels is None:
            levels = levels or other.levels
        else:
            levels = levels.merge(other.levels)
        kind = self._kind_with(other)
        return ColumnStatistics(
            kind,
            self.rows + other.rows,
            self.missing + other.missing,
            numbers if _family(kind) in ("number", "time", "nothing") else None,
            levels if kind == "enum" else None,
            _sum(self.weighted_rows, other.weighted_rows),
            _sum(self.weight, other.weight),
        )

    def _kind_with(self, other: ColumnStatistics) -> str:
        if _family(self.kind) == _family(other.kind):
            return "real" if "real" in (self.kind, other.kind) else self.kind
        for one, another in ((self, other), (other, self)):
            if one.is_empty and not (one.levels and one.levels.names):
                return another.kind
        raise InvalidArgument(
            f"parts of a column are of the types {self.kind} and {other.kind}: they must be of one; read them with the same "
            "col_types"
        )

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return self.missing == self.rows

    def level_names(self) -> tuple[str, ...]:
        """Levels of a factor; none of others."""
        return () if self.levels is None else self.levels.names

    def figures(self) -> NumberStatistics:
        """Of numbers: theirs; of a factor: those of the positions of the levels; of texts: none."""
        if self.levels is None:
            return self.numbers or NumberStatistics()
        counts = self.levels.counts
        return NumberStatistics.of_counts(np.arange(len(counts), dtype=np.float64), counts)

    def as_numbers(self, numbers: Array, missing: float) -> ColumnStatistics:
        """Of a factor: those of the column in which numbers stand for its levels, and one for its missing cells.

        Parameters
        ----------
        numbers : ndarray of float64, shape (levels,)
            NaN is missing.
        missing : float
            For missing cells.
        """
        levels = self.levels
        if levels is None:
            raise InvalidArgument(f"a column of type {self.kind} has no levels that numbers could stand for")
        values = np.append(numbers, missing).astype(np.float64)
        found = NumberStatistics.of_counts(values, (*levels.counts, self.missing))
        if levels.weights is not None and self.weighted_rows is not None and self.weight is not None:
            weights = levels.weights.sums.fractions()
            counts = *levels.weights.counts, self.weighted_rows - sum(levels.weights.counts)
            sums = Sums.of_groups(values.tolist(), counts, [*weights, self.weight - sum(weights)])
            found = replace(found, weighted=sums)
        return replace(self, kind="real", missing=self.rows - found.sums.count, numbers=found, levels=None)

    def as_levels(self, codes: Sequence[int], names: tuple[str, ...]) -> ColumnStatistics:
        """Of a factor: those of the factor in which other levels stand for its own, see `LevelStatistics.recoded`."""
        if self.levels is None:
            raise InvalidArgument(f"a column of type {self.kind} has no levels to be recoded")
        levels = self.levels.recoded(codes, names)
        return replace(self, missing=self.rows - sum(levels.counts), levels=levels)

    def plain(self) -> dict[str, Any]:
        """The statistics as numbers, texts, lists and mappings, such as JSON has."""
        return {
            "kind": self.kind,
            "rows": self.rows,
            "missing": self.missing,
            "numbers": None if self.numbers is None else self.numbers.plain(),
            "levels": None if self.levels is None else self.levels.plain(),
            "weighted_rows": self.weighted_rows,
            "weight": None if self.weight is None else str(self.weight),
        }

    @classmethod
    def of_plain(cls, values: dict[str, Any]) -> ColumnStatistics:
        """The statistics that `plain` has told."""
        numbers, levels, weight = values["numbers"], values["levels"], values["weight"]
        return cls(
            values["kind"],
            values["rows"],
            values["missing"],
            None if numbers is None else NumberStatistics.of_plain(numbers),
            None if levels is None else LevelStatistics.of_plain(levels),
            values["weighted_rows"],
            None if weight is None else Fraction(weight),
        )


def weights_of(column: Column) -> Weights:
    """Observation weights as they stand in a column, see `Weights.of`."""
    figures = ColumnStatistics.of(column).figures()
    if not figures.low >= 0 or figures.sums.above:
        return Weights.of(column.numbers())
    values = np.nan_to_num(column.numbers(), copy=False) if column.missing_count else column.numbers()
    return Weights(values, figures.sums.count - figures.zeros, figures.sums.first)


def _of_cells(column: Column) -> ColumnStatistics:
    if column.is_text:
        return ColumnStatistics(column.kind, len(column), column.missing_count)
    if column.kind == "enum":
        levels = LevelStatistics.of(column)
        return ColumnStatistics(column.kind, len(column), len(column) - sum(levels.counts), levels=levels)
    numbers = NumberStatistics.of(column)
    sums = numbers.sums
    return ColumnStatistics(
        column.kind, len(column), len(column) - sums.count - sums.above - sums.below, numbers=numbers
    )


def _family(kind: str) -> str:
    return _FAMILY.get(kind, kind)


def _sum(one: Any, other: Any) -> Any:
    return None if one is None or other is None else one + other
