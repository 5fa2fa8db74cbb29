"""A grid search as its page shows it: columns, the lines across its axes, and the rows that are looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ....deeplearning.metrics.better import more_is_better
from ....deeplearning.metrics.labels import label_of
from ....grids.grid import BEST_OF_THRESHOLDS, FIELDS
from ..charts.parallel_axes import NONE, SCALES, ParallelAxis, axis_of
from ..charts.parallel_chart import SHADES
from ..scores.metric_words import is_number

_LABELS = {
    "training_seconds": "Seconds",
    "trained_epochs": "Epochs trained",
    "custom": "Custom metric",
    "f1": "Greatest F1",
    "f2": "Greatest F2",
    "f0point5": "Greatest F0.5",
    "absolute_mcc": "Greatest MCC",
    **{name: f"Greatest {name}" for name in ("accuracy", "precision", "recall", "specificity")},
}
_ALWAYS = ("training_seconds", "trained_epochs")
_USUAL = ("logloss", "residual_deviance", "auc", "err", "mean_per_class_error", "rmse", "r2", *_ALWAYS)


@dataclass(frozen=True)
class GridColumn:
    """A hyper-parameter or a measure of all models.

    Parameters
    ----------
    name, label : str
        In addresses, and for people.
    values : sequence
        Of the models.
    greater : bool, optional
        Whether greater values are better; None of hyper-parameters.
    """

    name: str
    label: str
    values: Sequence[Any]
    greater: bool | None = None

    @cached_property
    def numeric(self) -> bool:
        """Whether it has nothing but numbers."""
        return all(is_number(value) for value in self.values if value is not None)


@dataclass(frozen=True)
class Wishes:
    """How somebody wants to see a grid.

    Parameters
    ----------
    metric : str
        The measure that colours lines and says what is best; empty: the one that the grid is sorted by.
    sort, order : str
        Column, and ``up`` or ``down``; empty: by the metric, the best first.
    best : int
        How many models are highlighted.
    scales : mapping of column to str
        See `axis_of`.
    ranges : mapping of column to (str, str)
        Words of the first and the last value that are looked at.
    """

    metric: str = ""
    sort: str = ""
    order: str = ""
    best: int = 3
    scales: Mapping[str, str] | None = None
    ranges: Mapping[str, tuple[str, str]] | None = None


class GridView:
    """What a page shows of a grid.

    Parameters
    ----------
    described : mapping
        What `Grids.describe` tells.
    wishes : Wishes
    """

    def __init__(self, described: Mapping[str, Any], wishes: Wishes) -> None:
        self.described, self.wishes = described, wishes
        self.models: list[str] = described["model_ids"]
        told = (described[name] for name in ("failed_params", "failure_details", "failure_stack_traces"))
        self.failures = list(zip(*told, strict=True))
        self.columns = {column.name: column for column in _columns(described)}
        measures = [column.name for column in self.measures]
        usual = described["sort_metric"] if described["sort_metric"] in measures else next(iter(measures), "")
        self.metric = wishes.metric if wishes.metric in measures else usual
        self.sort = wishes.sort if wishes.sort in self.columns else self.metric
        self.down = wishes.order == "down" if wishes.order else self.first_down(self.sort)

    @property
    def measures(self) -> list[GridColumn]:
        """The columns by which models can be judged."""
        return [column for column in self.columns.values() if column.greater is not None]

    @property
    def hyper_columns(self) -> list[GridColumn]:
        """The columns of hyper-parameters."""
        return [column for column in self.columns.values() if column.greater is None]

    def first_down(self, name: str) -> bool:
        """Whether a column is first sorted with its greatest values on top."""
        return bool(name) and self.columns[name].greater is True

    def shown_columns(self, every: bool) -> list[GridColumn]:
        """Columns of the table: without `every` only the usual measures, and those that are asked for."""
        wanted = {self.metric, self.sort, *_USUAL}
        measures = [column for column in self.measures if every or column.name in wanted]
        return [*self.hyper_columns, *sorted(measures, key=lambda column: column.name != self.metric)]

    @cached_property
    def axes(self) -> list[ParallelAxis]:
        """An axis for each hyper-parameter, and one for the metric; first come the lines of models, then those of failures."""
        scales, found = self.wishes.scales or {}, []
        for column in [*self.hyper_columns, self.columns[self.metric]] if self.metric else self.hyper_columns:
            failed = [values.get(column.name) for values, _, _ in self.failures]
            scale = scales.get(column.name, "")
            values = [*column.values, *(failed if column.greater is None else [None] * len(failed))]
            found.append(axis_of(column.name, values, scale if scale in SCALES else "auto", column.label))
        return found

    @cached_property
    def ranks(self) -> list[int | None]:
        """Place of each model by the metric, from 1; None where it has none."""
        ranks: list[int | None] = [None] * len(self.models)
        if self.metric:
            column = self.columns[self.metric]
            scored = [number for number, value in enumerate(column.values) if value is not None]
            scored.sort(key=lambda number: column.values[number], reverse=bool(column.greater))
            for rank, number in enumerate(scored, 1):
                ranks[number] = rank
        return ranks

    @property
    def best(self) -> list[int]:
        """The models that are highlighted."""
        return [number for number, rank in enumerate(self.ranks) if rank and rank <= self.wishes.best]

    @property
    def best_models(self) -> list[str]:
        """Their keys, the best one first."""
        return [self.models[number] for number in sorted(self.best, key=lambda each: self.ranks[each] or 0)]

    @property
    def shades(self) -> list[int | None]:
        """Colour of each line by its rank, None without one."""
        count = sum(rank is not None for rank in self.ranks)
        found = [None if rank is None else SHADES - 1 - (rank - 1) * SHADES // count for rank in self.ranks]
        return [*found, *[None] * len(self.failures)]

    @cached_property
    def chosen(self) -> list[bool]:
        """Whether each line lies within all ranges.

        Raises
        ------
        InvalidArgument
            A range begins or ends with what is no value.
        """
        found = [True] * (len(self.models) + len(self.failures))
        for axis in self.axes:
            first, last = (self.wishes.ranges or {}).get(axis.name, ("", ""))
            if first or last:
                low, high = axis.between(first, last)
                found = [kept and low <= at <= high for kept, at in zip(found, axis.at, strict=True)]
        return found

    def rows(self) -> list[int]:
        """The models within all ranges, in order; those without a value come last."""
        kept = [number for number in range(len(self.models)) if self.chosen[number]]
        if not self.sort:
            return kept
        axis = axis_of(self.sort, self.columns[self.sort].values)
        there = [number for number in kept if axis.stops[axis.at[number]].word != NONE]
        absent = [number for number in kept if axis.stops[axis.at[number]].word == NONE]
        return [*sorted(there, key=lambda number: axis.at[number], reverse=self.down), *absent]

    def told(self) -> dict[str, Any]:
        """The axes as the script takes them."""
        return {
            "axes": [
                {
                    "name": axis.label,
                    "stops": [[stop.word, stop.text, round(stop.place, 5)] for stop in axis.stops],
                    "at": list(axis.at),
                }
                for axis in self.axes
            ],
            "models": self.models,
        }


def cell(value: Any) -> Any:
    """A value for a table: numbers stay, lists and truth values become texts."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple | bool) else str(value)


def measure_label(name: str) -> str:
    """How a measure of a grid is called."""
    return _LABELS.get(name) or label_of(FIELDS[name])


def _columns(described: Mapping[str, Any]) -> list[GridColumn]:
    found = [
        GridColumn(name, name, [values.get(name) for values in described["hyper_values"]])
        for name in described["hyper_names"]
    ]
    measures: Mapping[str, Sequence[float | None]] = described["measures"]
    found += [
        GridColumn(name, measure_label(name), measures[name], more_is_better(name))
        for name in sorted(measures, key=BEST_OF_THRESHOLDS.__contains__)  # they are many
    ]
    return found
