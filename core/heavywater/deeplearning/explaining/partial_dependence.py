"""Partial dependence: the mean prediction if a column had one value in all rows, for each of some values.

Source: Friedman 2001, "Greedy function approximation", section 8.2; bins and tables as in H2O.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ...frame.columns.column import Column
from ...frame.columns.makers import enum, numeric, times
from ...frame.frame import Frame
from ..metrics.tables import Table, table
from ..model.model import DeepLearningModel
from .encoded_columns import VariedRows, can_vary

_MOST = 100_000  # predictions of all rows for one table
MISSING = ".missing(NA)"  # in a table, the missing level of a factor
_RESPONSES = ("mean_response", "stddev_response", "std_error_mean_response")
_KINDS = ("int", "real", "enum", "time")


@dataclass(frozen=True)
class DependenceOptions:
    """Which values are tried, and on which rows.

    Parameters
    ----------
    bins : int
        How many values of a column of numbers, at least 2; a factor must not have more levels.
    missing : bool
        Also what is predicted if the column is missing.
    values : mapping of str to sequence of float
        For some columns, the values instead; of a factor, the numbers of levels.
    targets : sequence of str
        Of more than two classes, those whose probabilities are told.
    row : int, optional
        Only this row, instead of the mean over all.
    weights : str, optional
        Column of row weights.
    """

    bins: int = 20
    missing: bool = False
    values: Mapping[str, Sequence[float]] = field(default_factory=dict)
    targets: Sequence[str] = ()
    row: int | None = None
    weights: str | None = None


class PartialDependence:
    """What a model predicts for the rows of a frame, in dependence on columns of it.

    Parameters
    ----------
    model : DeepLearningModel
        Not an autoencoder.
    frame : Frame
    options : DependenceOptions

    Raises
    ------
    InvalidArgument
        An option does not fit the model or the frame.
    """

    def __init__(self, model: DeepLearningModel, frame: Frame, options: DependenceOptions) -> None:
        self._model, self._options = model, options
        self._targets = _columns_of_targets(model, options.targets)
        if not 2 <= options.bins <= _MOST:
            raise InvalidArgument(f"nbins={options.bins} must be in 2 .. {_MOST}")
        if not frame.nrow:
            raise InvalidArgument("the frame has no rows: there is nothing to take the mean of")
        self._whole = frame
        self._weights = None if options.weights is None else _weights(frame, options.weights)
        self._frame = frame if options.row is None else frame.take(_row(frame, options.row))
        if options.row is not None and self._weights is not None:
            self._weights = self._weights[options.row : options.row + 1]

    def tables(self, columns: Sequence[str], pairs: Sequence[Sequence[str]] = ()) -> Iterator[Table]:
        """A table for each column and target, then one for each pair of columns and target."""
        for pair in pairs:
            if len(pair) != 2 or pair[0] == pair[1]:
                raise InvalidArgument(f"a pair of two different columns is needed, {list(pair)} is none")
        for names in [(name,) for name in columns] + [tuple(pair) for pair in pairs]:
            grids = [self._values(name) for name in names]
            if (size := math.prod(map(len, grids))) > _MOST:
                raise InvalidArgument(
                    f"{' and '.join(map(repr, names))} have {size} combinations of values, {_MOST} are the most: give fewer bins"
                )
            combinations = list(itertools.product(*grids))
            found = self._responses(names, combinations)
            for k, target in enumerate(self._targets):
                yield self._table(names, combinations, [each[k] for each in found], target)

    def _values(self, name: str) -> list[float]:
        """The values of a column that are tried; NaN is missing."""
        if name not in self._whole.names:
            raise InvalidArgument(f"the frame has no column {name!r}")
        column, options = self._whole.column(name), self._options
        if column.kind not in _KINDS:
            raise InvalidArgument(
                f"column {name!r} is of type {column.kind}: partial dependence is for numbers, times and factors with values"
            )
        given = options.values.get(name)
        found = _bins(name, column, options.bins) if given is None else [float(each) for each in given]
        levels = None if column.levels is None else len(column.levels)
        if levels is not None and not all(each == int(each) and 0 <= each < levels for each in found):
            raise InvalidArgument(f"values of {name!r}: numbers of levels are needed, from 0 to {levels - 1}")
        return [*found, math.nan] if options.missing else found

    def _responses(
        self, names: Sequence[str], combinations: Sequence[Sequence[float]]
    ) -> list[list[list[float]]]:
        """Mean, standard deviation and error of the mean of each target, with each combination of values in all rows."""
        if not can_vary(self._model, names, self._frame.nrow):
            return [self._responses_of(dict(zip(names, each, strict=True))) for each in combinations]
        values = {
            name: Frame([name], [_cells(self._whole.column(name), [each[k] for each in combinations])])
            for k, name in enumerate(names)
        }
        return [
            [_moments(each[:, max(0, position - 1)], self._weights) for _, position in self._targets.values()]
            for each in self._rows.predictions(values)
        ]

    @cached_property
    def _rows(self) -> VariedRows:
        return VariedRows(self._model, self._frame)

    def _responses_of(self, values: Mapping[str, float]) -> list[list[float]]:
        """The same for one combination, where a column is not one that the network is given."""
        frame = self._frame
        columns = [
            _cells(column, [values[name]] * frame.nrow) if name in values else column
            for name, column in zip(frame.names, frame.columns, strict=True)
        ]
        predicted, _ = self._model.predict(Frame(frame.names, columns))
        numbers = (predicted.column(position).numbers() for _, position in self._targets.values())
        return [_moments(each, self._weights) for each in numbers]

    def _table(
        self,
        names: Sequence[str],
        combinations: Sequence[Sequence[float]],
        found: Sequence[Sequence[float]],
        target: str,
    ) -> Table:
        columns = [self._whole.column(name) for name in names]
        cells = [
            [_shown(column, value) for column, value in zip(columns, each, strict=True)]
            for each in combinations
        ]
        kinds = ["double" if column.levels is None else "string" for column in columns]
        return table(
            "PartialDependence" if len(names) == 1 else "2D-PartialDependence",
            self._title(names, target),
            [*names, *_RESPONSES],
            [*kinds, *["double"] * len(_RESPONSES)],
            [[*left, *right] for left, right in zip(cells, found, strict=True)],
        )

    def _title(self, names: Sequence[str], target: str) -> str:
        of = " and ".join(repr(name) for name in names)
        text = f"Partial dependence of model {self._model.key} on {of}"
        if self._options.targets:
            text += f", class {self._targets[target][0]}"
        return text if self._options.row is None else f"{text}, row {self._options.row}"


def _columns_of_targets(model: DeepLearningModel, targets: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Name and column, in the predictions, of what is told."""
    category = model.parameters.category
    domain = None if model.spec.response is None else model.spec.response.domain
    if category == "AutoEncoder":
        raise InvalidArgument(f"model {model.key!r} is an autoencoder: it predicts no response")
    if domain is None or len(domain) == 2:
        if targets:
            raise InvalidArgument(
                f"targets={list(targets)}: only models of more than two classes have targets"
            )
        return {"": ("", 0 if domain is None else 2)}
    if not targets:
        raise InvalidArgument(f"targets is missing: name classes of {model.key!r}, such as {domain[0]!r}")
    for each in targets:
        if each not in domain:
            raise InvalidArgument(f"targets: {each!r} is no class of {model.key!r}: {', '.join(domain[:20])}")
    return {each: (each, 1 + list(domain).index(each)) for each in targets}


def _row(frame: Frame, row: int) -> Array:
    if not 0 <= row < frame.nrow:
        raise InvalidArgument(f"row_index={row} must be in 0 .. {frame.nrow - 1}")
    return np.array([row])


def _weights(frame: Frame, name: str) -> Array:
    column = frame.column(name)
    if not column.is_numeric:
        raise InvalidArgument(f"weight column {name!r} is of type {column.kind}: it must hold numbers")
    found = np.nan_to_num(column.numbers())
    if (found < 0).any() or not found.any():
        raise InvalidArgument(f"weight column {name!r} must not be negative, nor 0 everywhere")
    return found


def _bins(name: str, column: Column, bins: int) -> list[float]:
    """Values across the range of a column: all whole ones where they are few, else as many as `bins`; all levels."""
    if column.levels is not None:
        if len(column.levels) > bins:
            raise InvalidArgument(f"column {name!r} has {len(column.levels)} levels, nbins={bins} is less")
        return [float(code) for code in range(len(column.levels))]
    numbers = column.numbers()
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size:
        raise InvalidArgument(f"column {name!r} has no values")
    low, high = float(numbers.min()), float(numbers.max())
    if column.kind == "int" and high - low + 1 < bins:
        return [low + step for step in range(int(high - low) + 1)]
    return [low + step * (high - low) / (bins - 1) for step in range(bins)]


def _cells(column: Column, values: Sequence[float]) -> Column:
    """A column of the same kind with these values."""
    numbers = np.asarray(values, dtype=np.float64)
    if column.levels is not None:
        return enum(np.where(np.isnan(numbers), -1, np.nan_to_num(numbers)).astype(int), column.levels)
    if column.kind == "time" and not np.isnan(numbers).any():
        return times(np.round(numbers).astype(np.int64))
    return numeric(numbers)


def _shown(column: Column, value: float) -> Any:
    if column.levels is None:
        return value
    return MISSING if math.isnan(value) else column.levels[int(value)]


def _moments(values: Array, weights: Array | None) -> list[float]:
    """Mean, standard deviation (n - 1) and standard error of the mean; rows without prediction do not count."""
    known = ~np.isnan(values)
    if weights is not None:
        known &= weights > 0
    values, rows = values[known], int(known.sum())
    if not rows:
        return [math.nan] * len(_RESPONSES)
    share = np.full(rows, 1.0) if weights is None else weights[known]
    mean = float(share @ values / share.sum())
    variance = float(share @ (values - mean) ** 2 / share.sum())
    deviation = math.sqrt(variance * rows / (rows - 1)) if rows > 1 else 0.0
    return [mean, deviation, deviation / math.sqrt(rows)]
