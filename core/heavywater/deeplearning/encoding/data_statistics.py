"""What is learned of a training frame by looking at it once. It merges: a frame may lie in parts, in several places.

Whoever holds a part makes its `DataStatistics` and tells them (`plain`); merged, in any order, they are those of the whole
frame, and give its `DataSpec` to the last bit. With it each part is encoded where it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ...frame.columns.column import Column
from ...frame.columns.column_statistics import ColumnStatistics, weights_of
from ...frame.columns.level_statistics import LevelStatistics
from ...frame.frame import Frame
from ..parameters.context import LARGEST_NUMBER
from ..parameters.validation import DeepLearningParameters
from .answers import AnswersOfLevels
from .piecewise import MOST_UNITS
from .row_sample import RowSample
from .schemes import BY_RESPONSE

PIECEWISE = "PiecewiseLinear"  # value of numeric_encoding


@dataclass(frozen=True)
class RowStatistics:
    """How many rows there are, and what they are good for; see `rows_that_count`.

    Attributes
    ----------
    rows, scorable, trained : int
        All rows, those that can be scored, and those of them that are trained.
    classes : LevelStatistics or None
        Of a response that is a factor: how many rows of each class are trained. Balancing starts from these.
    weights : ColumnStatistics or None
        Of the column of observation weights.
    answers : (float, float) or None
        The least and the greatest response of the rows that are trained, where predictions are to stay between them
        (clamp_predictions).
    """

    rows: int
    scorable: int
    trained: int
    classes: LevelStatistics | None = None
    weights: ColumnStatistics | None = None
    answers: tuple[float, float] | None = None

    @classmethod
    def of(cls, frame: Frame, p: DeepLearningParameters) -> RowStatistics:
        """Those of a training frame."""
        classes = None
        response = None if p.response is None else frame.column(p.response)
        scorable, trained = _that_count(frame, p)
        if response is not None and response.kind == "enum":
            classes = LevelStatistics.of(response.take(np.flatnonzero(trained)))
        weights = None if p.weights_column is None else ColumnStatistics.of(frame.column(p.weights_column))
        answers = None
        if p.clamp_predictions and response is not None and trained.any():
            numbers = response.numbers()[trained]
            answers = float(numbers.min()), float(numbers.max())
        return cls(frame.nrow, int(scorable.sum()), int(trained.sum()), classes, weights, answers)

    def merge(self, other: RowStatistics) -> RowStatistics:
        """Those of both parts of a frame, in either order."""
        classes, weights = self.classes or other.classes, None
        if self.classes is not None and other.classes is not None:
            classes = self.classes.merge(other.classes)
        if self.weights is not None and other.weights is not None:
            weights = self.weights.merge(other.weights)
        return RowStatistics(
            self.rows + other.rows,
            self.scorable + other.scorable,
            self.trained + other.trained,
            classes,
            weights,
            united(self.answers, other.answers),
        )

    @property
    def of_an_epoch(self) -> int:
        """Rows that make an epoch; weights of 0 and 1 only are a row filter."""
        return self.rows if self.weights is None else epoch_rows(self.weights)

    def plain(self) -> list[Any]:
        """The statistics as numbers, texts, lists and mappings."""
        classes = None if self.classes is None else self.classes.plain()
        weights = None if self.weights is None else self.weights.plain()
        answers = None if self.answers is None else list(self.answers)
        return [self.rows, self.scorable, self.trained, classes, weights, answers]

    @classmethod
    def of_plain(cls, values: list[Any]) -> RowStatistics:
        """The statistics that `plain` has told."""
        rows, scorable, trained, classes, weights, answers = values
        return cls(
            rows,
            scorable,
            trained,
            None if classes is None else LevelStatistics.of_plain(classes),
            None if weights is None else ColumnStatistics.of_plain(weights),
            None if answers is None else (float(answers[0]), float(answers[1])),
        )


def united(one: tuple[float, float] | None, other: tuple[float, float] | None) -> tuple[float, float] | None:
    """The range that holds two ranges; None: there is none."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def epoch_rows(weights: ColumnStatistics) -> int:
    """Rows that make an epoch, by the statistics of the column of weights; those of 0 and 1 only are a row filter."""
    figures = weights.figures()
    sums = figures.sums
    if weights.missing == 0 and figures.range() == (0.0, 1.0) and sums.first == sums.second:
        return int(sums.first)  # between 0 and 1, only these two are their own squares
    return weights.rows


def rows_that_count(frame: Frame, p: DeepLearningParameters, known: Array) -> tuple[Array, Array]:
    """Which rows can be scored, and which are trained; two masks (rows,).

    A row without response, offset or weight is neither; a row with a missing predictor is scored, but under
    missing_values_handling=Skip not trained.

    Parameters
    ----------
    known : bool array (rows,)
        Where there is a response.
    """
    usable = known.copy()
    if p.response is not None and p.offset_column is not None:
        usable &= ~frame.column(p.offset_column).is_missing()
    if p.weights_column is not None:
        usable &= frame.column(p.weights_column).numbers() > 0
    trained = usable.copy()
    if p.missing_values_handling == "Skip":
        for name in p.predictors:
            trained &= ~frame.column(name).is_missing()
    return usable, trained


def _that_count(frame: Frame, p: DeepLearningParameters) -> tuple[Array, Array]:
    known = np.ones(frame.nrow, bool) if p.response is None else known_responses(frame.column(p.response))
    return rows_that_count(frame, p, known)


def known_responses(response: Column) -> Array:
    """Which cells of a response can be learned from; bool (rows,)."""
    if response.kind == "enum":
        return np.asarray(response.values >= 0)
    return np.asarray(np.abs(response.numbers()) <= LARGEST_NUMBER)


@dataclass(frozen=True)
class DataStatistics:
    """What a `DataSpec` is made of.

    Attributes
    ----------
    predictors : dict of str to ColumnStatistics
        In frame order; with observation weights, unless there is an offset beside them (as in H2O).
    response : ColumnStatistics or None
    rows : RowStatistics
    answers : dict of str to AnswersOfLevels
        Of each factor, for the order of levels by the response.
    sample : RowSample or None
        Of the rows that are trained, for the edges of numbers; only for a piecewise-linear encoding.
    """

    predictors: dict[str, ColumnStatistics]
    response: ColumnStatistics | None
    rows: RowStatistics
    answers: dict[str, AnswersOfLevels] = field(default_factory=dict)
    sample: RowSample | None = None

    @classmethod
    def of(cls, frame: Frame, p: DeepLearningParameters) -> DataStatistics:
        """Those of a training frame, or of a part of one; the parameters are those for the whole."""
        weights = None if p.weights_column is None else weights_of(frame.column(p.weights_column))
        loads = None if p.offset_column is not None else weights
        predictors = {name: ColumnStatistics.of(frame.column(name), loads) for name in p.predictors}
        response, answers = None, {}
        if p.response is not None:
            column = frame.column(p.response)
            response = ColumnStatistics.of(column, loads)
            if p.categorical_encoding == BY_RESPONSE:
                answers = {
                    name: AnswersOfLevels.of(frame.column(name), column, weights)
                    for name, found in predictors.items()
                    if found.kind == "enum"
                }
        sample = None
        numbers = sum(found.kind != "enum" and not found.is_empty for found in predictors.values())
        if p.numeric_encoding == PIECEWISE and numbers <= MOST_UNITS:  # more have no edges anyway
            of_rows = None if weights is None else weights.values
            sample = RowSample.of(frame, p.predictors, _that_count(frame, p)[1], of_rows)
        return cls(predictors, response, RowStatistics.of(frame, p), answers, sample)

    def merge(self, other: DataStatistics) -> DataStatistics:
        """Those of both parts of a frame, in either order.

        Raises
        ------
        InvalidArgument
            The parts have other columns, or columns of kinds that do not fit together.
        """
        if list(self.predictors) != list(other.predictors) or (self.response is None) != (
            other.response is None
        ):
            raise InvalidArgument(
                f"parts of a frame have different predictors or responses: {list(self.predictors)[:5]} and "
                f"{list(other.predictors)[:5]}; make their statistics with the same parameters"
            )
        predictors = {
            name: _named(name, column, other.predictors[name]) for name, column in self.predictors.items()
        }
        response = self.response
        if self.response is not None and other.response is not None:
            response = _named("the response", self.response, other.response)
        answers = {**other.answers, **self.answers}
        for name in self.answers.keys() & other.answers.keys():
            answers[name] = self.answers[name].merge(other.answers[name])
        sample = self.sample or other.sample
        if self.sample is not None and other.sample is not None:
            sample = self.sample.merge(other.sample)
        return DataStatistics(predictors, response, self.rows.merge(other.rows), answers, sample)

    def plain(self) -> dict[str, Any]:
        """The statistics as numbers, texts, lists and mappings, such as JSON has."""
        return {
            "predictors": {name: column.plain() for name, column in self.predictors.items()},
            "response": None if self.response is None else self.response.plain(),
            "rows": self.rows.plain(),
            "answers": {name: found.plain() for name, found in self.answers.items()},
            "sample": None if self.sample is None else self.sample.plain(),
        }

    @classmethod
    def of_plain(cls, values: Mapping[str, Any]) -> DataStatistics:
        """The statistics that `plain` has told."""
        response, sample = values["response"], values["sample"]
        return cls(
            {name: ColumnStatistics.of_plain(column) for name, column in values["predictors"].items()},
            None if response is None else ColumnStatistics.of_plain(response),
            RowStatistics.of_plain(values["rows"]),
            {name: AnswersOfLevels.of_plain(found) for name, found in values["answers"].items()},
            None if sample is None else RowSample.of_plain(sample),
        )


def _named(name: str, one: ColumnStatistics, other: ColumnStatistics) -> ColumnStatistics:
    try:
        return one.merge(other)
    except InvalidArgument as error:
        raise InvalidArgument(f"{name}: {error}") from error
