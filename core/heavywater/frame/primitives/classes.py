"""Numbers put into classes: cut and histograms."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column, real_text
from ..columns.makers import enum, numeric
from ..frame import Frame
from .arguments import Numbers, Texts, column_argument, one_of, read_numbers
from .quantiles import quantiles
from .registry import primitive

_MOST_CLASSES = 1_000_000


def _numbers(frame: Frame, operation: str) -> Array:
    column: Column = column_argument(frame, operation)
    if not column.is_numeric:
        raise InvalidType(f"{operation}: column {frame.names[0]!r} is of type {column.kind}, not numeric")
    return column.numbers()


@primitive("cut")
def cut(
    frame: Frame,
    breaks: Numbers,
    labels: Texts = [],  # noqa: B006 (never changed)
    include_lowest: bool = False,
    right: bool = True,
    digits: int = 3,
) -> Frame:
    """Put numbers into classes between breaks; missing outside of them.

    Parameters
    ----------
    frame : Frame
        One column of numbers.
    breaks : list of float, or float
        Bounds of the classes, or the number of classes of equal width over the range.
    labels : list of str
        One for each class; empty: the bounds in interval notation.
    include_lowest : bool
        Whether the outermost bound belongs to its class.
    right : bool
        Whether classes hold their upper bound ``(a,b]`` or their lower one ``[a,b)``.
    digits : int
        Decimals of the bounds in labels.

    Returns
    -------
    Frame
        One enum column.
    """
    numbers = _numbers(frame, "cut")
    bounds = _bounds(numbers, breaks)
    names = labels or _interval_labels(bounds, right, include_lowest, digits)
    if len(names) != len(bounds) - 1:
        raise InvalidArgument(f"cut: {len(names)} labels for {len(bounds) - 1} classes")
    if len(set(names)) < len(names):
        raise InvalidArgument(
            "cut: two classes have the same label; use more digits, or give labels that differ"
        )
    codes = np.searchsorted(bounds, numbers, side="left" if right else "right") - 1
    codes[(codes < 0) | (codes > len(names) - 1) | np.isnan(numbers)] = -1
    if include_lowest:
        codes[numbers == (bounds[0] if right else bounds[-1])] = 0 if right else len(names) - 1
    return Frame(frame.names, [enum(codes, names)])


def _bounds(numbers: Array, breaks: list[float]) -> Array:
    values = np.unique(np.array(breaks, dtype=np.float64))
    if not np.isfinite(values).all():
        raise InvalidArgument(f"cut: breaks {breaks!r} must be finite numbers")
    if len(values) > 1:
        return values
    if len(values) != 1 or not 2 <= values[0] <= _MOST_CLASSES or not float(values[0]).is_integer():
        raise InvalidArgument(
            f"cut: breaks {breaks!r} must be a list of bounds or a number of classes from 2 to {_MOST_CLASSES}"
        )
    low, high = _range(numbers)
    bounds = np.linspace(low, high, int(values[0]) + 1)
    # Widened a little at both ends so that the extreme values fall inside, as R does.
    margin = (high - low) / 1000
    bounds[0] -= margin
    bounds[-1] += margin
    return np.asarray(bounds)


def _range(numbers: Array) -> tuple[float, float]:
    """Smallest and largest finite number; a range without width gets one."""
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _interval_labels(bounds: Array, right: bool, include_lowest: bool, digits: int) -> list[str]:
    places = max(0, min(300, digits))
    texts = [real_text(round(bound, places)) for bound in bounds.tolist()]
    opening, closing = ("(", "]") if right else ("[", ")")
    labels = [f"{opening}{a},{b}{closing}" for a, b in pairwise(texts)]
    if include_lowest and labels:
        outermost = 0 if right else -1
        labels[outermost] = "[" + labels[outermost][1:-1] + "]"
    return labels


_RULES = ("sturges", "rice", "sqrt", "doane", "fd", "scott")


def class_count(numbers: Array, rule: str) -> int:
    """How many classes a histogram has, by a rule of thumb.

    Parameters
    ----------
    numbers : ndarray of float64
        Without missing ones.
    rule : str
        sturges, rice, sqrt, doane, fd (Freedman and Diaconis) or scott.
    """
    n = len(numbers)
    if n < 2:
        return 1
    if rule in ("sturges", "rice", "sqrt"):
        classes: dict[str, float] = {
            "sturges": math.log2(n) + 1,
            "rice": 2 * n ** (1 / 3),
            "sqrt": math.sqrt(n),
        }
        return math.ceil(classes[rule])
    sigma = float(np.std(numbers, ddof=1))
    if rule == "doane":
        if n < 3 or sigma == 0:
            return 1
        skewness = float(np.mean(((numbers - numbers.mean()) / sigma) ** 3))
        spread = math.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)))
        return math.ceil(1 + math.log2(n) + math.log2(1 + abs(skewness) / spread))
    if rule == "fd":
        low, high = quantiles(numbers, [0.25, 0.75], "interpolate")
        width = 2 * (high - low) / n ** (1 / 3)
    else:
        width = 3.5 * sigma / n ** (1 / 3)
    extent = float(numbers.max() - numbers.min())
    return max(1, min(_MOST_CLASSES, math.ceil(extent / width))) if width > 0 else 1


@primitive("hist")
def hist(frame: Frame, breaks: Any = "sturges") -> Frame:
    """Histogram of a column; missing and infinite numbers are left out.

    Parameters
    ----------
    frame : Frame
        One column of numbers.
    breaks : str, float or list of float
        A rule for the number of classes (sturges, rice, sqrt, doane, fd, scott), the number of classes of equal
        width, or their bounds.

    Returns
    -------
    Frame
        A row for each class: ``breaks`` its upper bound, which belongs to it, ``counts``, ``mids_true`` the middle
        between the smallest and the largest number in it, ``mids`` the middle of its bounds. The first class holds
        its lower bound, too. Where bounds are given, a first row has the lowest one and no counts.
    """
    numbers = _numbers(frame, "hist")
    numbers = numbers[np.isfinite(numbers)]
    given = isinstance(breaks, list)
    if given:
        bounds = np.unique(np.array(read_numbers(breaks, "hist: breaks")))
        if len(bounds) < 2 or not np.isfinite(bounds).all():
            raise InvalidArgument(f"hist: breaks {breaks!r} must be at least two finite bounds that differ")
    else:
        bounds = np.linspace(*_range(numbers), _classes(numbers, breaks) + 1)
    inside = numbers[(numbers >= bounds[0]) & (numbers <= bounds[-1])]
    place = np.maximum(np.searchsorted(bounds, inside, side="left") - 1, 0)
    count = len(bounds) - 1
    lowest, highest = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(lowest, place, inside)
    np.maximum.at(highest, place, inside)
    counts = np.bincount(place, minlength=count).astype(np.float64)
    with np.errstate(invalid="ignore"):
        true = np.where(counts > 0, (lowest + highest) / 2, np.nan)
    upper = bounds if given else bounds[1:]
    first = [np.nan] if given else []
    columns = [
        upper,
        np.concatenate([first, counts]),
        np.concatenate([first, true]),
        np.concatenate([first, (bounds[1:] + bounds[:-1]) / 2]),
    ]
    return Frame(["breaks", "counts", "mids_true", "mids"], [numeric(column) for column in columns])


def _classes(numbers: Array, breaks: Any) -> int:
    if isinstance(breaks, str):
        return class_count(numbers, one_of(breaks.lower(), _RULES, "hist: breaks"))
    (count,) = read_numbers(breaks, "hist: breaks")
    if not (1 <= count <= _MOST_CLASSES and count.is_integer()):
        raise InvalidArgument(f"hist: breaks {breaks!r} must be a whole number from 1 to {_MOST_CLASSES}")
    return int(count)
