"""The response by the levels of a factor: what the order of levels in SortByResponse follows from. It merges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ...frame.columns.column import Column
from ...frame.columns.exact_numbers import ExactNumbers, group_sums
from ...frame.columns.level_statistics import places_among
from ...frame.columns.number_statistics import Weights

_NOTHING = ExactNumbers(())


@dataclass(frozen=True)
class AnswersOfLevels:
    """Exact sums over the rows in which factor and response are both known.

    Attributes
    ----------
    levels : tuple of str
        Of the factor.
    classes : tuple of str
        Of the response; none where it holds numbers.
    weights : ExactNumbers
        Sum of the weights (of ones, without weights) of each level; with classes of each level and class, level by level.
    totals : ExactNumbers
        Of numbers: sum of weight times response of each level. Empty with classes.
    """

    levels: tuple[str, ...]
    classes: tuple[str, ...]
    weights: ExactNumbers
    totals: ExactNumbers

    @classmethod
    def of(cls, column: Column, response: Column, weights: Weights | None = None) -> AnswersOfLevels:
        """Those of a factor.

        Parameters
        ----------
        column, response : Column
        weights : Weights, optional
            Observation weights.
        """
        levels, classes = tuple(column.levels or ()), tuple(response.levels or ())
        y = response.numbers()
        known = (column.values >= 0) & np.isfinite(y)
        w = None
        if weights is not None:
            known &= weights.values > 0
            w = weights.values[known]
        codes, y = column.values[known].astype(np.int64), y[known]
        ones = np.ones(len(y))
        if response.kind == "enum":
            cells = codes * len(classes) + y.astype(np.int64)
            found = group_sums(cells, len(levels) * len(classes), ones if w is None else w)
            return cls(levels, classes, found, _NOTHING)
        sums = group_sums(codes, len(levels), ones if w is None else w)
        return cls(levels, (), sums, group_sums(codes, len(levels), y, w))

    def merge(self, other: AnswersOfLevels) -> AnswersOfLevels:
        """Those of both parts, in either order."""
        levels = tuple(sorted({*self.levels, *other.levels}))
        classes = tuple(sorted({*self.classes, *other.classes}))
        one, another = self.among(levels, classes), other.among(levels, classes)
        totals = _NOTHING if classes else one.totals + another.totals
        return AnswersOfLevels(levels, classes, one.weights + another.weights, totals)

    def among(self, levels: tuple[str, ...], classes: tuple[str, ...]) -> AnswersOfLevels:
        """The same with more levels and classes, or in another order."""
        rows = places_among(self.levels, levels)
        if not classes:
            size = len(levels)
            return AnswersOfLevels(
                levels, (), self.weights.placed(rows, size), self.totals.placed(rows, size)
            )
        if not self.classes:
            if any(self.weights.units):
                raise InvalidArgument("the response is a factor in some parts, and holds numbers in others")
            return AnswersOfLevels(
                levels, classes, ExactNumbers((0,) * (len(levels) * len(classes))), _NOTHING
            )
        columns = places_among(self.classes, classes)
        places = [row * len(classes) + column for row in rows for column in columns]
        return AnswersOfLevels(
            levels, classes, self.weights.placed(places, len(levels) * len(classes)), _NOTHING
        )

    def means(self, levels: tuple[str, ...], classes: Sequence[str]) -> Array:
        """Mean response of each level, of classes that of their numbers, correctly rounded; infinite without response."""
        found = self.among(levels, tuple(classes))
        if not classes:
            return found.totals.quotients(found.weights, without=np.inf)
        table = np.array(found.weights.units, object).reshape(len(levels), len(classes))
        totals = ExactNumbers(
            tuple((table @ np.arange(len(classes)).astype(object)).tolist()), found.weights.exponent
        )
        sums = ExactNumbers(tuple(table.sum(axis=1).tolist()), found.weights.exponent)
        return totals.quotients(sums, without=np.inf)

    def plain(self) -> list[Any]:
        """The sums as texts, numbers and lists."""
        return [list(self.levels), list(self.classes), self.weights.plain(), self.totals.plain()]

    @classmethod
    def of_plain(cls, values: list[Any]) -> AnswersOfLevels:
        """The sums that `plain` has told."""
        levels, classes, weights, totals = values
        return cls(
            tuple(levels), tuple(classes), ExactNumbers.of_plain(weights), ExactNumbers.of_plain(totals)
        )
