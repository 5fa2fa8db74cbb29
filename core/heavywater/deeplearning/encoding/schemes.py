"""The schemes of `categorical_encoding` that replace factors: by numbers, or by a factor with other levels.

What a scheme learns stands in tables over the levels of training: a frame that is scored is never learned from. Sources:
booklet, "categorical_encoding"; names, order and codes of the new columns are those of H2O.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ...arrays import Array
from ...frame.columns.column import Column
from ...frame.columns.column_statistics import ColumnStatistics
from ...frame.columns.level_statistics import LevelStatistics
from ...frame.columns.makers import enum, numeric
from ...frame.columns.number_statistics import Weights
from ...frame.frame import Frame, unique_names
from .answers import AnswersOfLevels
from .encoder import level_codes
from .piecewise import Spread

_T = TypeVar("_T")
NUMERIC_SCHEMES = ("Binary", "Eigen", "LabelEncoder")
BY_RESPONSE = "SortByResponse"
SCHEMES = (*NUMERIC_SCHEMES, BY_RESPONSE, "EnumLimited")
MOST_LEVELS = 10  # that EnumLimited keeps
OTHER = "other"  # level of EnumLimited for all others
# Rows of the tables behind those of the levels, counted from the end, which is how `level_codes` counts.
MISSING, UNSEEN = -1, -2


@dataclass(frozen=True)
class NumbersOfLevels:
    """A factor that becomes one or more columns of numbers.

    Attributes
    ----------
    levels : tuple of str
        Levels of training.
    names : tuple of str
        The new columns.
    table : float array (levels + 2, names)
        Numbers of each level, then of levels that training did not know, then of missing cells; NaN is missing.
    """

    levels: tuple[str, ...]
    names: tuple[str, ...]
    table: Array

    def columns(self, column: Column) -> list[Column]:
        """The new columns for the cells of the old one."""
        codes = level_codes(column, self.levels, UNSEEN)[column.values]
        return [numeric(numbers).take(codes) for numbers in self.table.T]

    def spreads(self, column: ColumnStatistics) -> list[Spread]:
        """How the numbers of the new columns are distributed, by the statistics of the old one."""
        found = column.levels
        if found is None:
            return [Spread.of(np.zeros(0), np.zeros(0)) for _ in self.names]
        loads = np.array(found.counts, np.float64)
        missing = float(column.missing)
        if found.weights is not None and column.weight is not None:
            sums = found.weights.sums.fractions()
            loads, missing = np.array(list(map(float, sums))), float(column.weight - sum(sums))
        loads = np.append(loads, missing)
        return [Spread.of(np.append(each[: len(loads) - 1], each[MISSING]), loads) for each in self.table.T]

    def statistics(self, column: ColumnStatistics) -> list[ColumnStatistics]:
        """The statistics of the new columns from those of the old one."""
        return [column.as_numbers(numbers[: len(self.levels)], numbers[MISSING]) for numbers in self.table.T]


@dataclass(frozen=True)
class OtherLevels:
    """A factor whose levels are put into another order, or together.

    Attributes
    ----------
    levels : tuple of str
        Levels of training.
    names : tuple of str
        Name of the new column.
    new_levels : tuple of str
    table : int array (levels + 2,)
        New code of each level, then of levels that training did not know, then of missing cells; -1 is missing.
    """

    levels: tuple[str, ...]
    names: tuple[str, ...]
    new_levels: tuple[str, ...]
    table: Array

    def columns(self, column: Column) -> list[Column]:
        """The new column for the cells of the old one."""
        return [enum(self.table[level_codes(column, self.levels, UNSEEN)][column.values], self.new_levels)]

    def statistics(self, column: ColumnStatistics) -> list[ColumnStatistics]:
        """The statistics of the new column from those of the old one."""
        return [column.as_levels(self.table[: len(self.levels)].tolist(), self.new_levels)]


@dataclass(frozen=True)
class Recoding:
    """Replaces the factors of a frame.

    Attributes
    ----------
    scheme : str
        One of `SCHEMES`.
    factors : dict of str to NumbersOfLevels or OtherLevels
        By the name of the column that is replaced.
    """

    scheme: str
    factors: dict[str, NumbersOfLevels | OtherLevels]

    @classmethod
    def fit(
        cls,
        scheme: str,
        frame: Frame,
        predictors: Sequence[str],
        response: Column | None = None,
        weights: Array | None = None,
    ) -> Recoding:
        """Learn the tables from the predictors.

        Parameters
        ----------
        response : Column, optional
            Needed by SortByResponse.
        weights : float array (rows,), optional
            Observation weights, for the mean responses.
        """
        columns = {name: ColumnStatistics.of(frame.column(name)) for name in predictors}
        answers = {}
        if scheme == BY_RESPONSE and response is not None:
            loads = None if weights is None else Weights.of(weights)
            answers = {
                name: AnswersOfLevels.of(frame.column(name), response, loads)
                for name in predictors
                if frame.column(name).kind == "enum"
            }
        classes = () if response is None else response.levels or ()
        return cls.of(scheme, columns, answers, classes)

    @classmethod
    def of(
        cls,
        scheme: str,
        columns: Mapping[str, ColumnStatistics],
        answers: Mapping[str, AnswersOfLevels] | None = None,
        classes: Sequence[str] = (),
    ) -> Recoding:
        """The tables, where nothing but statistics is known.

        Parameters
        ----------
        columns : mapping of str to ColumnStatistics
            Predictors in frame order.
        answers : mapping of str to AnswersOfLevels
            Of each factor; needed by SortByResponse.
        classes : sequence of str
            Levels of the response, where it is a factor.
        """
        taken = set(columns)
        factors: dict[str, NumbersOfLevels | OtherLevels] = {}
        for name, column in columns.items():
            if (levels := column.levels) is None:
                continue
            if scheme in NUMERIC_SCHEMES:
                found: NumbersOfLevels | OtherLevels = _numbers(scheme, name, levels, taken)
            elif scheme == BY_RESPONSE:
                means = (answers or {})[name].means(levels.names, classes)
                found = sorted_by_response(name, levels.names, means)
            else:
                found = limited(name, levels, taken)
            factors[name] = found
            taken.update(found.names)
        return cls(scheme, factors)

    @property
    def with_other(self) -> set[str]:
        """Columns in which unknown levels share a level with the rare ones."""
        return {name for name, factor in self.factors.items()
                if isinstance(factor, OtherLevels) and factor.table[UNSEEN] >= 0}  # fmt: skip

    def apply(self, frame: Frame) -> Frame:
        """The frame with its factors replaced; the numbers of Binary stand behind all other columns, as in H2O."""
        columns = dict(zip(frame.names, frame.columns, strict=True))
        found = self._replaced(columns, lambda factor, column: factor.columns(column))
        return Frame(list(found), list(found.values()), nrow=frame.nrow)

    def statistics(self, columns: Mapping[str, ColumnStatistics]) -> dict[str, ColumnStatistics]:
        """The statistics of the columns that `apply` gives, from those of the columns that it takes."""
        return self._replaced(columns, lambda factor, column: factor.statistics(column))

    def spreads(self, columns: Mapping[str, ColumnStatistics]) -> dict[str, Spread]:
        """How the numbers are distributed that factors become, from the statistics of these."""
        return {
            name: spread
            for old, factor in self.factors.items()
            if isinstance(factor, NumbersOfLevels)
            for name, spread in zip(factor.names, factor.spreads(columns[old]), strict=True)
        }

    def _replaced(
        self, columns: Mapping[str, _T], work: Callable[[NumbersOfLevels | OtherLevels, _T], list[_T]]
    ) -> dict[str, _T]:
        front: dict[str, _T] = {}
        back: dict[str, _T] = {}
        for name, column in columns.items():
            if (factor := self.factors.get(name)) is None:
                front[name] = column
                continue
            place = back if self.scheme == "Binary" else front
            place.update(zip(factor.names, work(factor, column), strict=True))
        return front | back


def _numbers(
    scheme: str, name: str, known_levels: LevelStatistics, taken: AbstractSet[str]
) -> NumbersOfLevels:
    levels = known_levels.names
    if scheme == "Binary":
        table = binary_digits(len(levels))
        names = unique_names([f"{name}:{k}" for k in range(table.shape[1])], taken)
        return NumbersOfLevels(levels, tuple(names), table)
    if scheme == "Eigen":
        names = unique_names([f"{name}.Eigen"], taken)
        known = leading_projection(np.array(known_levels.counts))
    else:
        names, known = [name], labels(levels)
    return NumbersOfLevels(levels, tuple(names), np.append(known, [np.nan, np.nan])[:, None])


def binary_digits(levels: int) -> Array:
    """Digits of the numbers 1, 2, ... of the levels, the lowest first: (levels + 2, digits).

    Missing and unseen levels are 0.
    """
    numbers = np.append(np.arange(1, levels + 1), [0, 0])
    return (numbers[:, None] >> np.arange(levels.bit_length())) & 1


def labels(levels: Sequence[str]) -> Array:
    """A number for each level: its own where all levels are whole numbers, else its position."""
    if all(re.fullmatch(r"[+-]?\d{1,15}", level, re.ASCII) for level in levels):
        return np.array([int(level) for level in levels], float)
    return np.arange(len(levels), dtype=float)


def leading_projection(counts: Array) -> Array:
    """Projection of the one-hot row of each level on the first principal axis of all rows.

    With p the shares of the levels, the covariance matrix of one-hot columns is diag(p) - p p'. Its largest eigenvalue,
    l, lies between the two largest shares and solves sum p^2 / (p - l) = 1; the eigenvector is p / (p - l). Where several
    levels are the most frequent, l is their share and the axis is not unique: we take the one on which those levels
    have equal distances in their order.

    Parameters
    ----------
    counts : int array (levels,)

    Returns
    -------
    float array (levels,)
        Of length 1; zeros where only one level occurs.
    """
    p = counts / max(1, counts.sum())
    if np.count_nonzero(p) < 2:
        return np.zeros(len(p))
    second, first = np.sort(p)[-2:]
    if first == second:
        most = p == first
        axis = np.zeros(len(p))
        axis[most] = np.arange(most.sum()) - (most.sum() - 1) / 2
    else:
        from scipy.optimize import brentq

        edge = 1e-12 * (first - second)
        root = brentq(lambda value: 1 - (p**2 / (p - value)).sum(), second + edge, first - edge, xtol=1e-300)
        axis = p / (p - root)
    return axis / np.linalg.norm(axis)


def sorted_by_response(name: str, levels: tuple[str, ...], means: Array) -> OtherLevels:
    """The levels by increasing mean response, see `AnswersOfLevels.means`; those without one last."""
    order = np.argsort(means, kind="stable")
    table = np.append(np.argsort(order), [-1, -1])
    return OtherLevels(levels, (name,), tuple(levels[k] for k in order), table)


def limited(name: str, known: LevelStatistics, taken: AbstractSet[str]) -> OtherLevels:
    """The most frequent levels, and one for all others, those that training did not know among them."""
    levels = known.names
    if len(levels) <= MOST_LEVELS:
        return OtherLevels(levels, (name,), levels, np.append(np.arange(len(levels)), [-1, -1]))
    counts = np.array(known.counts)
    kept = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    table = np.full(len(levels) + 2, MOST_LEVELS)
    table[kept] = np.arange(MOST_LEVELS)
    table[MISSING] = -1
    new_levels = unique_names([*(levels[k] for k in kept), OTHER])
    new_name = unique_names([f"{name}.top_{MOST_LEVELS}_levels"], taken)
    return OtherLevels(levels, tuple(new_name), tuple(new_levels), table)
