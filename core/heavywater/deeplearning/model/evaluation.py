"""Metrics of predictions that stand in frames, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ...frame.columns.column import Column
from ...frame.frame import Frame
from .. import metrics
from ..encoding.encoder import level_codes
from ..encoding.levels import in_levels, unseen_levels

# Those whose deviance needs no further parameter.
DISTRIBUTIONS = ("gaussian", "poisson", "gamma", "laplace")
_WITH_PARAMETER = {"tweedie": "tweedie_power", "quantile": "quantile_alpha", "huber": "huber_alpha"}
_OF_CLASSES = ("bernoulli", "multinomial")


def metrics_of_frames(
    predicted: Frame,
    actual: Frame,
    weights: Frame | None = None,
    *,
    domain: Sequence[str] | None = None,
    distribution: str | None = None,
    auc_type: str = "NONE",
) -> dict[str, Any]:
    """Metrics of predictions.

    Parameters
    ----------
    predicted : Frame
        Regression: one column of numbers. Two classes: one column, the probability of the second class. More classes: the
        probability of each class, in the order of `domain`.
    actual : Frame
        One column: numbers, or classes (a factor, or numbers that read like the entries of `domain`).
    weights : Frame, optional
        One column of observation weights.
    domain : sequence of str, optional
        Classes; by default the levels of `actual` where it is a factor. None otherwise: regression.
    distribution : str, optional
        Regression: gaussian (the default), poisson, gamma or laplace.
    auc_type : str
        AUC of more than two classes: NONE, AUTO, MACRO_OVR, WEIGHTED_OVR, MACRO_OVO or WEIGHTED_OVO.

    Returns
    -------
    dict
        Metrics by H2O's field names. Rows in which a prediction, the actual value or the weight is missing do not count.

    Raises
    ------
    InvalidArgument, InvalidType
        Shapes do not fit, or a value is not allowed.
    """
    truth = _only_column("actual", actual)
    observation = None if weights is None else _numbers("weights", _only_column("weights", weights))
    for name, frame in (("predicted", predicted), ("weights", weights)):
        if frame is not None and frame.nrow != actual.nrow:
            raise InvalidArgument(
                f"{name} has {frame.nrow} rows, actual has {actual.nrow}: they must be the same rows"
            )
    if domain is None and truth.kind == "enum":
        domain = truth.levels or ()
    family = _distribution(distribution, classes=domain is not None)
    if domain is None:
        values = _numbers("predicted", _only_column("predicted", predicted))
        return metrics.regression_metrics(_numbers("actual", truth), values, observation, family)
    classes = _domain(domain)
    codes = _codes(truth, classes)
    if len(classes) == 2:
        positive = _numbers(
            "predicted", _only_column("predicted", predicted, "the probability of the second class")
        )
        return metrics.binomial_metrics(codes, positive, observation, classes)
    if predicted.ncol != len(classes):
        raise InvalidArgument(
            f"predicted has {predicted.ncol} columns, domain {len(classes)} classes: it must hold the probability of "
            "each class, in that order, and nothing else"
        )
    chances = np.column_stack([_numbers("predicted", column) for column in predicted.columns])
    return metrics.multinomial_metrics(codes, chances, observation, classes, auc_type)


def _only_column(name: str, frame: Frame, what: str = "") -> Column:
    if frame.ncol != 1:
        raise InvalidArgument(
            f"{name} has {frame.ncol} columns, it must have exactly one" + (f": {what}" if what else "")
        )
    return frame.columns[0]


def _numbers(name: str, column: Column) -> Array:
    if not column.is_numeric:
        raise InvalidType(
            f"{name} has a column of type {column.kind}, it must hold numbers; convert it with asnumeric"
        )
    return column.numbers()


def _distribution(distribution: str | None, *, classes: bool) -> str:
    family = "gaussian" if distribution is None else str(distribution).lower()
    if classes:
        if distribution is not None and family not in _OF_CLASSES:
            raise InvalidArgument(
                f"distribution={distribution!r} is for numbers, but actual holds classes: leave it out"
            )
        return family
    if family in _OF_CLASSES:
        raise InvalidArgument(
            f"distribution={distribution!r} needs classes: give domain, or make actual a factor"
        )
    if family in _WITH_PARAMETER:
        raise InvalidArgument(
            f"distribution={distribution!r} needs {_WITH_PARAMETER[family]}, which cannot be given here; "
            f"allowed are {', '.join(DISTRIBUTIONS)}. A model of this distribution has model_performance"
        )
    if family not in DISTRIBUTIONS:
        raise InvalidArgument(
            f"distribution={distribution!r} is not allowed: it must be one of {', '.join(DISTRIBUTIONS)}"
        )
    return family


def _domain(domain: Sequence[str]) -> list[str]:
    if isinstance(domain, str) or not all(isinstance(level, str) for level in domain):
        raise InvalidType(f"domain={domain!r} must be a list of texts, one for each class")
    if len(domain) < 2 or len(set(domain)) < len(domain):
        raise InvalidArgument(f"domain={list(domain)!r} must name at least two classes, all different")
    return list(domain)


def _codes(actual: Column, classes: list[str]) -> Array:
    """Positions of the actual classes in the domain, -1 for missing."""
    found = in_levels(actual, classes)
    unknown = actual.texts()[:1].tolist() if found is None else unseen_levels(found, classes)
    if found is None or unknown:
        raise InvalidArgument(
            f"actual has the class {unknown[0]!r}, which domain does not name: {', '.join(classes[:20])}"
        )
    codes: Array = level_codes(found, classes)[found.values]
    return codes
