"""How much worse a model gets when a column is shuffled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ...frame.columns.makers import numeric, strings
from ...frame.frame import Frame
from ...frame.primitives.sampling import generator
from ..model.model import DeepLearningModel

_USUAL = {"Binomial": "AUC", "Multinomial": "logloss", "Regression": "RMSE"}
_METRICS = ("AUC", "pr_auc", "logloss", "MSE", "RMSE", "mae", "rmsle", "r2", "mean_per_class_error", "mean_residual_deviance")  # fmt: skip


def permutation_importance(
    model: DeepLearningModel,
    frame: Frame,
    metric: str = "AUTO",
    n_samples: int = -1,
    n_repeats: int = 1,
    features: Sequence[str] = (),
    seed: int = -1,
) -> Frame:
    """By how much a metric changes when the cells of a column are shuffled, column by column.

    Parameters
    ----------
    model : DeepLearningModel
        With a response.
    frame : Frame
        With the response and the columns of the model.
    metric : str
        One that the model has, in any spelling; AUTO takes AUC, logloss or RMSE.
    n_samples : int
        Rows, drawn at random, that are scored; -1 takes all.
    n_repeats : int
        How often each column is shuffled.
    features : sequence of str
        Columns that are shuffled; none: all that the model was trained with.
    seed : int
        Of the random numbers; -1 draws one.

    Returns
    -------
    Frame
        Most important first. Once: Variable, Relative Importance (the change), Scaled Importance (of the largest) and
        Percentage (of the sum); several times: Variable and the changes, Run 1, Run 2 ...

    Raises
    ------
    InvalidArgument
        The model has no such metric, the frame no such column, or a number is out of range.
    """
    columns = _columns_of(model, frame, features)
    _check_counts(n_samples, n_repeats)
    random = generator(seed)
    changes = []
    for _ in range(n_repeats):
        rows = frame
        if n_samples != -1 and n_samples < frame.nrow:
            rows = _taken(frame, np.sort(random.permutation(frame.nrow)[:n_samples]))
        name, before = _metric_of(model, rows, metric)
        changes.append(
            [abs(_metric_of(model, _shuffled(rows, c, random), name)[1] - before) for c in columns]
        )
    return _table(columns, np.array(changes))


def _columns_of(model: DeepLearningModel, frame: Frame, features: Sequence[str]) -> list[str]:
    """The columns that are shuffled."""
    if model.parameters.response is None:
        raise InvalidArgument(
            f"permutation_importance: {model.key} has no response; models with one have importances"
        )
    for name in (model.parameters.response, *features):
        frame.index(name)
    predictors = [name for name in model.parameters.predictors if name in frame.names]
    other = [name for name in features if name not in predictors]
    if other:
        raise InvalidArgument(
            f"permutation_importance: features={other[0]!r} is no column that {model.key} was trained with"
        )
    return list(features) or predictors


def _check_counts(n_samples: int, n_repeats: int) -> None:
    if n_samples < -1 or n_samples in (0, 1):
        raise InvalidArgument(
            f"permutation_importance: n_samples={n_samples} must be -1 for all rows, or 2 and more"
        )
    if n_repeats < 1:
        raise InvalidArgument(f"permutation_importance: n_repeats={n_repeats} must be 1 or more")


def _metric_of(model: DeepLearningModel, frame: Frame, metric: str) -> tuple[str, float]:
    """Name and value of a metric of the model on some rows."""
    found, _ = model.metrics(frame)
    asked = _USUAL[model.parameters.category] if metric.upper() == "AUTO" else metric
    for name in _METRICS:
        if name.lower() == asked.lower() and isinstance(found.get(name), (int, float)):
            return name, float(found[name])
    known = [name for name in _METRICS if isinstance(found.get(name), (int, float))]
    raise InvalidArgument(
        f"permutation_importance: metric={metric!r} must be one of AUTO, {', '.join(known)}"
    )


def _taken(frame: Frame, rows: Array) -> Frame:
    return Frame(frame.names, [column.take(rows) for column in frame.columns], nrow=len(rows))


def _shuffled(frame: Frame, name: str, random: np.random.Generator) -> Frame:
    """The frame with the cells of one column in another order."""
    order = random.permutation(frame.nrow)
    columns = [c.take(order) if n == name else c for n, c in zip(frame.names, frame.columns, strict=True)]
    return Frame(frame.names, columns)


def _table(columns: list[str], changes: Array) -> Frame:
    order = np.argsort(-changes.mean(axis=0), kind="stable")
    sorted_changes = changes[:, order]
    parts: dict[str, Any] = {"Variable": strings([columns[i] for i in order])}
    if len(changes) > 1:
        parts |= {f"Run {run + 1}": numeric(each) for run, each in enumerate(sorted_changes)}
    else:
        values = sorted_changes[0]
        with np.errstate(all="ignore"):
            shares = {"Scaled Importance": values / values.max(), "Percentage": values / values.sum()}
        parts |= {"Relative Importance": numeric(values)} | {
            name: numeric(each) for name, each in shares.items()
        }
    return Frame(list(parts), list(parts.values()))
