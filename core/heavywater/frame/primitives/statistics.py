"""Spread, shape and correlation of numeric columns."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ..columns.column import Column, has_mean
from ..columns.column_statistics import ColumnStatistics
from ..columns.makers import numeric
from ..frame import Frame
from .arguments import need_numeric, one_of
from .registry import primitive, row_form


@primitive("median")
def median(frame: Frame, skip_missing: bool = False) -> list[float]:
    """Median of each column.

    Parameters
    ----------
    frame : Frame
        Enums and texts give NaN.
    skip_missing : bool
        Whether missing cells are left out; if not, they make the result NaN.

    Returns
    -------
    list of float
    """
    return _of_columns(frame, skip_missing, lambda x: float(np.median(x)))


@row_form("median")
def _row_median(frame: Frame, skip_missing: bool = False) -> Frame:
    return _of_rows(frame, skip_missing, "median", np.nanmedian, np.median)


@primitive("sd")
def sd(frame: Frame, skip_missing: bool = False) -> list[float]:
    """Standard deviation (n - 1) of each column.

    Parameters
    ----------
    frame : Frame
        Enums and texts give NaN.
    skip_missing : bool
        Whether missing cells are left out; if not, they make the result NaN.

    Returns
    -------
    list of float
    """
    return [_deviation(column, skip_missing) for column in frame.columns]


def _deviation(column: Column, skip_missing: bool) -> float:
    if not column.is_numeric or (column.missing_count and not skip_missing):
        return float("nan")
    sums = ColumnStatistics.of(column).figures().sums
    return sums.deviation() if sums.count > 1 else float("nan")


@row_form("sd")
def _row_sd(frame: Frame, skip_missing: bool = False) -> Frame:
    return _of_rows(
        frame,
        skip_missing,
        "sd",
        lambda x, axis: np.nanstd(x, axis=axis, ddof=1),
        lambda x, axis: np.std(x, axis=axis, ddof=1),
    )


def _of_columns(frame: Frame, skip_missing: bool, function: Any) -> list[float]:
    return [
        _moment(c.numbers(), skip_missing, function) if c.is_numeric else float("nan") for c in frame.columns
    ]


def _of_rows(frame: Frame, skip_missing: bool, name: str, skipping: Any, plain: Any) -> Frame:
    need_numeric(frame, name)
    matrix = np.column_stack([c.numbers() for c in frame.columns])
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return Frame([name], [numeric((skipping if skip_missing else plain)(matrix, axis=1))])


def _moment(numbers: Array, skip_missing: Any, function: Any) -> float:
    present = numbers[~np.isnan(numbers)]
    if not len(present) or (len(present) < len(numbers) and not skip_missing):
        return float("nan")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the deviation of one number is NaN, quietly
        return float(function(present))


@primitive("skewness")
def skewness(frame: Frame, skip_missing: bool = False) -> list[float]:
    """Third central moment over the cube of the standard deviation (of n values), for each column.

    Parameters
    ----------
    frame : Frame
        Enums and texts give NaN.
    skip_missing : bool
        Whether missing cells are left out; if not, they make the result NaN.

    Returns
    -------
    list of float
    """
    return [
        _standard_moment(c.numbers(), 3, skip_missing) if c.is_numeric else float("nan")
        for c in frame.columns
    ]


@primitive("kurtosis")
def kurtosis(frame: Frame, skip_missing: bool = False) -> list[float]:
    """Fourth central moment over the fourth power of the standard deviation (of n values), for each column.

    It is 3 for a normal distribution.

    Parameters
    ----------
    frame : Frame
        Enums and texts give NaN.
    skip_missing : bool
        Whether missing cells are left out; if not, they make the result NaN.

    Returns
    -------
    list of float
    """
    return [
        _standard_moment(c.numbers(), 4, skip_missing) if c.is_numeric else float("nan")
        for c in frame.columns
    ]


def _standard_moment(numbers: Array, power: int, skip_missing: Any) -> float:
    present = numbers[~np.isnan(numbers)]
    if len(present) < 2 or (len(present) < len(numbers) and not skip_missing):
        return float("nan")
    with np.errstate(all="ignore"):
        return float(np.mean((present - present.mean()) ** power) / np.std(present) ** power)


USES = ("everything", "all.obs", "complete.obs")


def _pairs(x: Frame, y: Frame, use: str, operation: str) -> tuple[Array, Array]:
    one_of(use, USES, f"{operation}: use")
    if x.nrow != y.nrow:
        raise InvalidArgument(f"{operation}: the frames have {x.nrow} and {y.nrow} rows")
    a, b = _numbers(x, operation), _numbers(y, operation)
    absent = _incomplete(x) | _incomplete(y)
    if use == "all.obs" and absent.any():
        raise InvalidArgument(f"{operation}: values are missing and use is 'all.obs'")
    return (a[~absent], b[~absent]) if use == "complete.obs" else (a, b)


def _incomplete(frame: Frame) -> Array:
    absent = np.zeros(frame.nrow, bool)
    for column in frame.columns:
        if has_mean(column):
            absent |= column.is_missing()
    return absent


def _numbers(frame: Frame, operation: str) -> Array:
    """The columns as a matrix; those without moments (enums of more than two levels, texts) are missing all the way."""
    if not frame.ncol:
        raise InvalidArgument(f"{operation}: a frame without columns")
    missing = np.full(frame.nrow, np.nan)
    return np.column_stack([c.numbers() if has_mean(c) else missing for c in frame.columns])


def _centred(matrix: Array) -> Array:
    return np.asarray(matrix - matrix.mean(axis=0)) if len(matrix) else matrix


def _matrix_result(matrix: Array, y: Frame) -> Any:
    if matrix.shape == (1, 1):
        return float(matrix[0, 0])
    return Frame(y.names, [numeric(matrix[:, j]) for j in range(y.ncol)])


@primitive("var")
def var(x: Frame, y: Frame, use: str = "everything", symmetric: bool = False) -> Any:
    """Covariances (n - 1) of the columns of two frames.

    Parameters
    ----------
    x, y : Frame
        As many rows. Enums of up to two levels count as 0 and 1; other enums and texts give NaN.
    use : str
        What to do with missing cells: everything (the result is NaN), all.obs (an error) or complete.obs (rows
        with a missing cell are left out).
    symmetric : bool
        Whether both frames are the same one, which makes no difference to the result.

    Returns
    -------
    float or Frame
        A number for two single columns, else a row for each column of x and a column for each of y.
    """
    a, b = _pairs(x, y, use, "var")
    count = np.float64(len(a) - 1 if len(a) else np.nan)
    with np.errstate(all="ignore"):
        return _matrix_result(_centred(a).T @ _centred(b) / count, y)


@primitive("cor")
def cor(x: Frame, y: Frame, use: str = "everything", method: str = "Pearson") -> Any:
    """Correlations of the columns of two frames.

    Parameters
    ----------
    x, y : Frame
        As many rows. Enums of up to two levels count as 0 and 1; other enums and texts give NaN.
    use : str
        What to do with missing cells: everything (the result is NaN), all.obs (an error) or complete.obs (rows
        with a missing cell are left out).
    method : str
        Pearson, or Spearman (of ranks; equal values share the mean of their ranks).

    Returns
    -------
    float or Frame
        A number for two single columns, else a row for each column of x and a column for each of y.
    """
    one_of(method, ("Pearson", "Spearman"), "cor: method")
    a, b = _pairs(x, y, use, "cor")
    if method == "Spearman" and len(a):
        from scipy.stats import rankdata

        a, b = rankdata(a, axis=0, nan_policy="propagate"), rankdata(b, axis=0, nan_policy="propagate")
    with np.errstate(all="ignore"):
        a, b = _centred(a), _centred(b)
        scale = np.outer(np.sqrt((a * a).sum(axis=0)), np.sqrt((b * b).sum(axis=0)))
        return _matrix_result(a.T @ b / scale, y)


@primitive("perfectAUC")
def perfect_auc(probabilities: Frame, actual: Frame) -> Frame:
    """Area under the ROC curve over all thresholds, where that of models takes 400 bins.

    Parameters
    ----------
    probabilities : Frame
        One column: the probability of the second class.
    actual : Frame
        One column: 0 and 1, or a factor of two levels. Rows in which either is missing are left out.

    Returns
    -------
    Frame
        One number; missing where one of the classes does not occur.
    """
    from scipy.stats import rankdata

    if probabilities.ncol != 1 or actual.ncol != 1 or probabilities.nrow != actual.nrow:
        raise InvalidArgument("perfectAUC: two frames of one column and equally many rows are needed")
    scores = _numbers(probabilities, "perfectAUC")[:, 0]
    column = actual.columns[0]
    classes = column.numbers()
    if not np.isin(classes[~np.isnan(classes)], (0, 1)).all():
        raise InvalidArgument(f"perfectAUC: {actual.names[0]!r} must hold 0 and 1, or two levels")
    there = ~(np.isnan(scores) | np.isnan(classes))
    ranks, second = rankdata(scores[there]), classes[there] == 1
    n = int(second.sum())
    pairs = n * (len(second) - n)
    area = (ranks[second].sum() - n * (n + 1) / 2) / pairs if pairs else np.nan
    return Frame(["C1"], [numeric([area])])
