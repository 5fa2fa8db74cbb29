"""Quantiles and moments of numeric columns."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import InvalidArgument
from ..columns import Array, numeric
from ..frame import Frame
from .arguments import need_numeric
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
def quantile(frame: Frame, probabilities: Any, combine: str = "interpolate", weights: Any = "_") -> Frame:
    """Quantiles of each column: a column of probabilities, then one column for each input."""
    if weights not in ("_", None):
        raise NotImplementedError("quantile: weights_column comes with the grouping operations")
    need_numeric(frame, "quantile")
    wanted = [float(p) for p in (probabilities if isinstance(probabilities, list) else [probabilities])]
    for p in wanted:
        if not 0 <= p <= 1:
            raise InvalidArgument(f"quantile: probability {p} must lie between 0 and 1")
    columns = [numeric(np.array(wanted))]
    for column in frame.columns:
        numbers = column.numbers()
        columns.append(numeric(quantiles(numbers[~np.isnan(numbers)], wanted, combine)))
    return Frame(["Probs", *(f"{name}Quantiles" for name in frame.names)], columns)


@primitive("median")
def median(frame: Frame, skip_missing: Any = False) -> list[float]:
    """Median of each column; NaN where cells are missing unless they are skipped."""
    return [
        _moment(c.numbers(), skip_missing, lambda x: float(np.median(x))) if c.is_numeric else float("nan")
        for c in frame.columns
    ]


@primitive("sd")
def sd(frame: Frame, skip_missing: Any = False) -> list[float]:
    """Standard deviation (n - 1) of each column."""
    return [
        _moment(c.numbers(), skip_missing, lambda x: float(np.std(x, ddof=1)))
        if c.is_numeric
        else float("nan")
        for c in frame.columns
    ]


def _moment(numbers: Array, skip_missing: Any, function: Any) -> float:
    present = numbers[~np.isnan(numbers)]
    if not len(present) or (len(present) < len(numbers) and not skip_missing):
        return float("nan")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the deviation of one number is NaN, quietly
        return float(function(present))


@primitive("skewness")
def skewness(frame: Frame, skip_missing: Any = False) -> list[float]:
    """Third central moment over the cube of the standard deviation (n - 1), for each column."""
    return [_standard_moment(c.numbers(), 3, skip_missing) for c in frame.columns]


@primitive("kurtosis")
def kurtosis(frame: Frame, skip_missing: Any = False) -> list[float]:
    """Fourth central moment over the fourth power of the standard deviation (n - 1), for each column."""
    return [_standard_moment(c.numbers(), 4, skip_missing) for c in frame.columns]


def _standard_moment(numbers: Array, power: int, skip_missing: Any) -> float:
    present = numbers[~np.isnan(numbers)]
    if len(present) < 2 or (len(present) < len(numbers) and not skip_missing):
        return float("nan")
    with np.errstate(all="ignore"):
        return float(np.mean((present - present.mean()) ** power) / np.std(present, ddof=1) ** power)


def _pairs(x: Frame, y: Frame, use: str, operation: str) -> tuple[Array, Array]:
    if use not in ("everything", "all.obs", "complete.obs"):
        raise InvalidArgument(f"{operation}: use {use!r} must be one of everything, all.obs, complete.obs")
    need_numeric(x, operation)
    need_numeric(y, operation)
    if x.nrow != y.nrow:
        raise InvalidArgument(f"{operation}: the frames have {x.nrow} and {y.nrow} rows")
    a = np.column_stack([c.numbers() for c in x.columns])
    b = np.column_stack([c.numbers() for c in y.columns])
    absent = np.isnan(a).any(axis=1) | np.isnan(b).any(axis=1)
    if use == "all.obs" and absent.any():
        raise InvalidArgument(f"{operation}: values are missing and use is 'all.obs'")
    return (a[~absent], b[~absent]) if use == "complete.obs" else (a, b)


def _centred(matrix: Array) -> Array:
    return np.asarray(matrix - matrix.mean(axis=0)) if len(matrix) else matrix


def _matrix_result(matrix: Array, y: Frame) -> Any:
    if matrix.shape == (1, 1):
        return float(matrix[0, 0])
    return Frame(y.names, [numeric(matrix[:, j]) for j in range(y.ncol)])


@primitive("var")
def var(x: Frame, y: Any, use: str = "everything", symmetric: Any = False) -> Any:
    """Covariances (n - 1) of the columns of two frames; a number for two single columns."""
    a, b = _pairs(x, y, use, "var")
    with np.errstate(all="ignore"):
        return _matrix_result(_centred(a).T @ _centred(b) / np.float64(len(a) - 1), y)


@primitive("cor")
def cor(x: Frame, y: Any, use: str = "everything", method: str = "Pearson") -> Any:
    """Correlations of the columns of two frames; a number for two single columns."""
    if method not in ("Pearson", "Spearman"):
        raise InvalidArgument(f"cor: method {method!r} must be Pearson or Spearman")
    a, b = _pairs(x, y, use, "cor")
    if method == "Spearman":
        from scipy.stats import rankdata

        a, b = rankdata(a, axis=0, nan_policy="propagate"), rankdata(b, axis=0, nan_policy="propagate")
    a, b = _centred(a), _centred(b)
    with np.errstate(all="ignore"):
        scale = np.outer(np.sqrt((a * a).sum(axis=0)), np.sqrt((b * b).sum(axis=0)))
        return _matrix_result(a.T @ b / scale, y)
