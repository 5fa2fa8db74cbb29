"""Gains, lift and the Kolmogorov-Smirnov statistic over groups of descending probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats
from ...errors import InvalidArgument
from .bins import SortedScores
from .tables import Table, plain, table
from .weighted import sorted_quantiles

_DEFAULT_QUANTILES = (0.99, 0.98, 0.97, 0.96, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
_COLUMNS = (
    "cumulative_data_fraction",
    "lower_threshold",
    "lift",
    "cumulative_lift",
    "response_rate",
    "score",
    "cumulative_response_rate",
    "cumulative_score",
    "capture_rate",
    "cumulative_capture_rate",
    "gain",
    "cumulative_gain",
    "kolmogorov_smirnov",
)


@dataclass(frozen=True)
class _Groups:
    """Lower thresholds, and sums of weights, positive weights and weighted probabilities, of each group."""

    threshold: Floats
    weight: Floats
    positive: Floats
    probability: Floats


def group_quantiles(gainslift_bins: int) -> Floats:
    """Quantiles that bound the groups: 16 finer at the top for -1, else so many equal groups.

    Raises
    ------
    InvalidArgument
        If `gainslift_bins` is below -1.
    """
    if gainslift_bins < -1:
        raise InvalidArgument(
            f"gainslift_bins is {gainslift_bins}; "
            "it must be -1 (automatic), 0 (no table) or the number of groups"
        )
    if gainslift_bins == -1:
        return np.array(_DEFAULT_QUANTILES)
    return 1 - np.arange(1, gainslift_bins + 1) / gainslift_bins


def gains_lift(
    scores: SortedScores, gainslift_bins: int = -1, reference: SortedScores | None = None
) -> dict[str, Floats] | None:
    """Columns of the gains/lift table, None if `gainslift_bins` is 0.

    A group holds the rows with a probability of at least its lower threshold that no group before it
    has. Thresholds are quantiles of the probabilities; equal ones are one group.

    * response_rate: positives / rows of the group; lift: response_rate / response rate of all rows;
      gain: 100 (lift - 1); score: mean probability; capture_rate: positives / all positives
    * cumulative_...: the same for the group and all before it
    * kolmogorov_smirnov: distance of the cumulative shares of positives and negatives

    Parameters
    ----------
    scores
        The scored rows, not empty.
    gainslift_bins
        -1, 0 or the number of groups.
    reference
        Rows from which to take the quantiles, if not the scored ones.
    """
    if gainslift_bins == 0:
        return None
    groups = _group(scores, group_quantiles(gainslift_bins), reference or scores)
    weight, positive = np.cumsum(groups.weight), np.cumsum(groups.positive)
    score = np.cumsum(groups.probability)
    all_weight, all_positive = weight[-1], positive[-1]
    all_negative = all_weight - all_positive
    with np.errstate(divide="ignore", invalid="ignore"):
        overall = all_positive / all_weight
        empty = groups.weight == 0
        rate = np.where(empty, 0.0, groups.positive / groups.weight)
        lift, cumulative_lift = rate / overall, positive / weight / overall
        false_rate = (weight - positive) / all_negative if all_negative > 0 else 0.0
        columns = (
            weight / all_weight,
            groups.threshold,
            lift,
            cumulative_lift,
            rate,
            np.where(empty, 0.0, groups.probability / groups.weight),
            positive / weight,
            score / weight,
            groups.positive / all_positive,
            positive / all_positive,
            100 * (lift - 1),
            100 * (cumulative_lift - 1),
            np.abs(positive / all_positive - false_rate),
        )
    return dict(zip(_COLUMNS, columns, strict=True))


def _group(scores: SortedScores, probabilities: Floats, reference: SortedScores) -> _Groups:
    thresholds = np.unique(sorted_quantiles(reference.probability, probabilities, reference.weight))
    begins = np.searchsorted(scores.probability, thresholds, side="left")
    begins[0] = 0  # rows below every quantile of the reference rows still belong to the last group
    weighted = scores.probability if scores.weight is None else scores.probability * scores.weight
    weight = (
        np.diff(begins, append=scores.probability.size).astype(np.float64)
        if scores.weight is None
        else _sums(scores.weight, begins)
    )
    return _Groups(
        thresholds[::-1], weight[::-1], _sums(scores.positive, begins)[::-1], _sums(weighted, begins)[::-1]
    )


def _sums(values: NDArray[Any], begins: NDArray[np.int64]) -> Floats:
    """Sums of consecutive pieces, 0 for an empty one (which numpy's reduceat does not give)."""
    pieces = np.split(values, begins[1:])
    return np.array([piece.sum(dtype=np.float64) for piece in pieces])


def gains_lift_table(columns: dict[str, Floats]) -> Table:
    """Arrange the columns of `gains_lift` as a table."""
    groups = list(range(1, columns["lift"].size + 1))
    return table(
        "Gains/Lift Table",
        "Groups of descending probability",
        ["group", *columns],
        ["int", *["double"] * len(columns)],
        list(zip(groups, *(plain(values) for values in columns.values()), strict=True)),
    )
