"""How much worse a model gets when a column is shuffled.

Source: Breiman 2001, "Random forests", section 10; Fisher, Rudin, Dominici 2019, "All models are wrong, but many are useful".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ...frame.columns.makers import numeric, strings
from ...frame.frame import Frame
from ...frame.primitives.sampling import generator
from ..metrics.better import more_is_better
from ..model.custom_metric import CustomMetric
from ..model.model import DeepLearningModel, within_range
from ..model.sample import Sample
from .encoded_columns import places_of

_USUAL = {"Binomial": "AUC", "Multinomial": "logloss", "Regression": "RMSE"}
_FIRST = ("AUC", "pr_auc", "logloss", "MSE", "RMSE", "mae", "rmsle", "r2", "mean_per_class_error", "mean_residual_deviance")  # fmt: skip
_NO_METRICS = ("nobs", "custom_metric_value")


@dataclass(frozen=True)
class PermutationOptions:
    """How columns are shuffled.

    Parameters
    ----------
    metric : str
        A number among the metrics of the model, in any spelling; AUTO takes AUC, logloss or RMSE.
    n_samples : int
        Rows, drawn at random for each run, that are scored; -1 takes all.
    n_repeats : int
        How often each column is shuffled.
    features : sequence of str
        Columns that are shuffled; none: all that the model was trained with.
    seed : int
        Of the random numbers; -1 draws one.
    """

    metric: str = "AUTO"
    n_samples: int = -1
    n_repeats: int = 1
    features: Sequence[str] = ()
    seed: int = -1

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> PermutationOptions:
        """Those that are given by name; an unknown name is an error."""
        known = [each.name for each in fields(cls)]
        for name in options:
            if name not in known:
                raise InvalidArgument(
                    f"permutation_importance: no option {name!r}; there are {', '.join(known)}"
                )
        return cls(**options)

    def __post_init__(self) -> None:
        if self.n_samples < -1 or self.n_samples in (0, 1):
            raise InvalidArgument(
                f"permutation_importance: n_samples={self.n_samples} must be -1 for all rows, or 2 and more"
            )
        if self.n_repeats < 1:
            raise InvalidArgument(f"permutation_importance: n_repeats={self.n_repeats} must be 1 or more")


def permutation_importance(
    model: DeepLearningModel,
    frame: Frame,
    options: PermutationOptions,
    custom_metric: CustomMetric | None = None,
    *,
    errors: bool = True,
) -> tuple[Frame, list[str]]:
    """By how much a metric gets worse when the cells of a column are shuffled, column by column; and warnings.

    Parameters
    ----------
    model : DeepLearningModel
        With a response.
    frame : Frame
        With the response and the columns of the model.
    options : PermutationOptions
    custom_metric : CustomMetric, optional
        In place of the metric of the options; nobody knows in which direction it is better, so its changes are taken without
        their sign.
    errors : bool
        Tell mean and standard error of several runs.

    Returns
    -------
    Frame
        Most important first. Once: Variable, Relative Importance (the change, below 0 where shuffling helps), Scaled Importance
        (of the largest) and Percentage (of the sum of those above 0); several times: Variable, the changes as Run 1, Run 2 ...,
        and with errors their Mean and its Standard Error.
    list of str

    Raises
    ------
    InvalidArgument
        The model has no such metric, the frame no such column, or a number is out of range.
    """
    columns = _columns_of(model, frame, options.features)
    random = generator(int(options.seed))
    warnings: list[str] = []
    changes = []
    for _ in range(options.n_repeats):
        rows = frame
        if options.n_samples != -1 and options.n_samples < frame.nrow:
            rows = frame.take(np.sort(random.permutation(frame.nrow)[: options.n_samples]))
        shuffling = _Shuffling(model, rows, options.metric, custom_metric)
        changes.append([shuffling.change(column, random.permutation(rows.nrow)) for column in columns])
        warnings += [each for each in shuffling.warnings if each not in warnings]
    return _table(columns, np.array(changes), errors=errors), warnings


def _columns_of(model: DeepLearningModel, frame: Frame, features: Sequence[str]) -> list[str]:
    """The columns that are shuffled."""
    if model.parameters.response is None:
        raise InvalidArgument(
            f"permutation_importance: {model.key} has no response; models with one have importances"
        )
    for name in (model.parameters.response, *features):
        frame.index(name)
    predictors = [name for name in model.spec.kinds if name in frame.names]
    other = [name for name in features if name not in predictors]
    if other:
        raise InvalidArgument(
            f"permutation_importance: features={other[0]!r} is no column that {model.key} was trained with"
        )
    return list(features) or predictors


class _Shuffling:
    """Some rows, encoded once, whose columns are shuffled one after the other."""

    def __init__(
        self, model: DeepLearningModel, frame: Frame, metric: str, custom_metric: CustomMetric | None
    ) -> None:
        self._model = model
        self._adapted, self.warnings = model.spec.adapt(frame)
        self._scorer = model.scorer
        self._scorer.custom_metric = custom_metric
        self._is_network = type(model) is DeepLearningModel  # several together have no rows of their own
        if self._is_network:
            self._scorer.prepare(model.network)
        self._sample = Sample.of(model.spec, frame, model.spec.rows(self._adapted, model.dtype))
        self._places = places_of(model.spec)
        found = self._metrics(self._sample)
        self._name = _named(model, found, metric) if custom_metric is None else "custom_metric_value"
        self._before = float(found[self._name])

    def _metrics(self, sample: Sample) -> dict[str, Any]:
        found = within_range(self._scorer.outcomes(self._model.network, sample), [], sample.offset)
        return self._scorer.metrics_of(found, sample)

    def change(self, column: str, order: Array) -> float:
        """By how much the metric gets worse when the cells of a column come in another order."""
        with self._shuffled(column, order) as sample:
            after = float(self._metrics(sample)[self._name])
        if self._name == "custom_metric_value":
            return abs(after - self._before)
        return self._before - after if more_is_better(self._name) else after - self._before

    @contextmanager
    def _shuffled(self, column: str, order: Array) -> Iterator[Sample]:
        """The rows with the cells of a column in another order, until it is left."""
        rows, sample = self._sample.rows, self._sample
        places = self._places[column] if self._is_network else []
        parts = [(rows.category if is_category else rows.dense, place) for is_category, place in places]
        if not parts or any(array is None for array, _ in parts):  # sparse numbers: encoded anew
            again = [
                each.take(order) if name == column else each
                for name, each in zip(self._adapted.names, self._adapted.columns, strict=True)
            ]
            encoded = self._model.spec.rows(Frame(self._adapted.names, again), self._model.dtype)
            yield Sample(encoded, sample.actual, sample.offset, sample.weights)
            return
        kept = [(array, place, array[:, place].copy()) for array, place in parts if array is not None]
        try:
            for array, place, cells in kept:
                array[:, place] = cells[order]
            yield sample
        finally:
            for array, place, cells in kept:
                array[:, place] = cells


def _named(model: DeepLearningModel, found: Mapping[str, Any], metric: str) -> str:
    """The name of a metric among those of a model."""
    numbers = [name for name, value in found.items() if isinstance(value, float) and name not in _NO_METRICS]
    known = [name for name in _FIRST if name in numbers]
    known += [name for name in numbers if name not in known]
    asked = _USUAL[model.parameters.category] if metric.upper() == "AUTO" else metric
    for name in known:
        if name.lower() == asked.lower():
            return name
    raise InvalidArgument(
        f"permutation_importance: metric={metric!r} must be one of AUTO, {', '.join(known)}"
    )


def _table(columns: list[str], changes: Array, *, errors: bool) -> Frame:
    order = np.argsort(-changes.mean(axis=0), kind="stable")
    found = changes[:, order]
    parts: dict[str, Any] = {"Variable": strings([columns[i] for i in order])}
    if len(changes) == 1:
        values = found[0]
        above = np.maximum(values, 0)
        parts["Relative Importance"] = numeric(values)
        parts["Scaled Importance"] = numeric(_over(values, above.max(initial=0)))
        parts["Percentage"] = numeric(_over(above, above.sum()))
        return Frame(list(parts), list(parts.values()))
    parts |= {f"Run {run + 1}": numeric(each) for run, each in enumerate(found)}
    if errors:
        parts["Mean"] = numeric(found.mean(axis=0))
        parts["Standard Error"] = numeric(found.std(axis=0, ddof=1) / np.sqrt(len(found)))
    return Frame(list(parts), list(parts.values()))


def _over(values: Array, largest: float) -> Array:
    return values / largest if largest > 0 else np.zeros(len(values))
