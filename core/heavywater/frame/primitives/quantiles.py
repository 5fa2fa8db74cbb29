"""Quantiles of numeric columns, and what rests on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns.makers import numeric
from ..frame import Frame
from .arguments import Numbers, need_numeric, one_of
from .registry import primitive

_COMBINE = {
    "interpolate": "linear",
    "interpolated": "linear",
    "average": "average",
    "avg": "average",
    "low": "lower",
    "high": "higher",
}


def quantiles(present: Array, probabilities: Sequence[float], combine: str) -> Array:
    """Quantiles of numbers without missing ones (R's type 7).

    Parameters
    ----------
    present : ndarray of float64
    probabilities : sequence of float
        Between 0 and 1.
    combine : str
        What to do between two neighbours: ``interpolate``, ``average``, ``low`` or ``high``.
    """
    if combine not in _COMBINE:
        raise InvalidArgument(f"combine_method {combine!r} must be one of interpolate, average, low, high")
    if not len(present):
        return np.full(len(probabilities), np.nan)
    if _COMBINE[combine] != "average":
        result: Array = np.quantile(present, probabilities, method=_COMBINE[combine])  # type: ignore[call-overload]
        return result
    low = np.quantile(present, probabilities, method="lower")
    high = np.quantile(present, probabilities, method="higher")
    return np.asarray((low + high) / 2)


@primitive("quantile")
def quantile(
    frame: Frame, probabilities: Numbers, combine_method: str = "interpolate", weights: Any = "_"
) -> Frame:
    """Quantiles of each column (R's type 7).

    Parameters
    ----------
    frame : Frame
        Enums and texts give missing ones.
    probabilities : list of float
        Between 0 and 1.
    combine_method : str
        What to do between two neighbours: interpolate, average, low or high.
    weights : str or "_"
        Name of a column of the frame: each row counts as often as it says.

    Returns
    -------
    Frame
        A column ``Probs``, then ``nameQuantiles`` for each column (but the weights).
    """
    for p in probabilities:
        if not 0 <= p <= 1:
            raise InvalidArgument(f"quantile: probability {p} must lie between 0 and 1")
    one_of(combine_method, _COMBINE, "quantile: combine_method")
    heavy = None
    if weights not in ("_", None):
        position = frame.index(weights)
        heavy = _quantile_weights(frame, position)
        frame = frame.select(i for i in range(frame.ncol) if i != position)
    columns = [numeric(np.array(probabilities))]
    for column in frame.columns:
        numbers = np.full(frame.nrow, np.nan) if column.kind == "enum" else column.numbers()
        present = ~np.isnan(numbers)
        if heavy is None:
            found = quantiles(numbers[present], probabilities, combine_method)
        else:
            counted = present & (heavy > 0)
            found = _weighted_quantiles(numbers[counted], heavy[counted], probabilities, combine_method)
        columns.append(numeric(found))
    return Frame(["Probs", *(f"{name}Quantiles" for name in frame.names)], columns)


def _quantile_weights(frame: Frame, position: int) -> Array:
    column = frame.columns[position]
    weights = column.numbers()
    if not column.is_numeric or column.missing_count or (weights < 0).any():
        raise InvalidType(
            f"quantile: the weights {frame.names[position]!r} must be numbers from 0 on, none missing; the column is "
            f"of type {column.kind} with {column.missing_count} missing"
        )
    return weights


def _weighted_quantiles(values: Array, weights: Array, probabilities: Sequence[float], combine: str) -> Array:
    """Quantiles of values that count as often as their weights say, as if repeated (weights may be fractions)."""
    if not len(values):
        return np.full(len(probabilities), np.nan)
    order = np.argsort(values, kind="stable")
    ordered, upto = values[order], np.cumsum(weights[order])
    place = np.array(probabilities) * (upto[-1] - 1)  # as a row number among the repeated rows
    low = ordered[np.minimum(np.searchsorted(upto, np.floor(place), side="right"), len(ordered) - 1)]
    high = ordered[np.minimum(np.searchsorted(upto, np.ceil(place), side="right"), len(ordered) - 1)]
    method = _COMBINE[combine]
    if method == "linear":
        share = place - np.floor(place)
        return np.asarray(low + share * (high - low))
    return np.asarray({"lower": low, "higher": high, "average": (low + high) / 2}[method])


@primitive("h2o.mad")
def mad(frame: Frame, combine_method: str = "interpolate", constant: float = 1.4826) -> float:
    """Median absolute deviation from the median, times a constant; missing cells are left out.

    Parameters
    ----------
    frame : Frame
        One column of numbers.
    combine_method : str
        How a median between two numbers is made: interpolate, average, low or high.
    constant : float
        1.4826 makes it the standard deviation of a normal distribution.

    Returns
    -------
    float
    """
    need_numeric(frame, "mad")
    numbers = frame.columns[0].numbers() if frame.ncol == 1 else np.zeros(0)
    if frame.ncol != 1:
        raise InvalidArgument(f"mad: a frame of one column is needed, this one has {frame.ncol}")
    present = numbers[~np.isnan(numbers)]
    centre = quantiles(present, [0.5], combine_method)[0]
    return float(constant * quantiles(np.abs(present - centre), [0.5], combine_method)[0])
