"""The curve of a binary classifier over its thresholds, kept to at most 400 points, and its areas."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats
from .bins import SortedScores, merge_in_row_order, merge_sorted, sort_scores

MAX_THRESHOLDS = 400
# Up to this many rows more than MAX_THRESHOLDS distinct probabilities are merged row by row, which gives
# H2O's own thresholds; that takes some 10 microseconds a row. Beyond, H2O's thresholds depend
# on how it cut the data into chunks, so nothing is lost by a faster merge that ignores the order of rows.
ROW_ORDER_LIMIT = 5_000


@dataclass(frozen=True)
class Curve:
    """Cumulative counts from the highest threshold down.

    Attributes
    ----------
    thresholds
        Shape (points,), descending; a threshold is the mean of the probabilities merged into it.
    true_positives, false_positives
        Shape (points,), weight of the rows of either class with a probability of at least the threshold.
    """

    thresholds: Floats
    true_positives: Floats
    false_positives: Floats

    @property
    def positives(self) -> float:
        """Weight of all rows of the positive class."""
        return float(self.true_positives[-1])

    @property
    def negatives(self) -> float:
        """Weight of all rows of the negative class."""
        return float(self.false_positives[-1])


def roc_curve(
    probability: Floats,
    codes: NDArray[np.int64],
    weights: Floats | None = None,
    ordered: SortedScores | None = None,
    row_order_limit: int = ROW_ORDER_LIMIT,
) -> Curve:
    """Compute the curve of at most 400 thresholds.

    With at most 400 distinct probabilities every one is a threshold and the curve is exact. Otherwise
    neighbours are merged such that the squared error within a threshold stays small. Up to
    `row_order_limit` rows this repeats what H2O does with data in one chunk, row by row in the
    given order; beyond, all distinct probabilities (as 32-bit numbers) are merged at once, which does not
    depend on the order of rows. Areas differ from the exact ones by about 1e-5, and by some 1e-4
    where nearly all probabilities crowd near one value.

    Parameters
    ----------
    probability
        Shape (rows,), in [0, 1], at least one row.
    codes
        1 for the positive class, else 0.
    weights
        Positive observation weights.
    ordered
        The same rows sorted, where the caller has them.
    row_order_limit
        See above.
    """
    if ordered is None:
        ordered = sort_scores(probability, codes, weights)
    starts = ordered.distinct_starts()
    if starts.size <= MAX_THRESHOLDS:
        bins = ordered.bins(starts)
        if ordered.probability.dtype == np.float32:
            bins = replace(bins, center=_double_precision(bins.center, probability))
    elif probability.shape[0] <= row_order_limit:
        weight = np.ones_like(probability) if weights is None else weights
        bins = merge_in_row_order(probability, codes, weight, MAX_THRESHOLDS)
    else:
        bins = merge_sorted(ordered, starts, MAX_THRESHOLDS)
    true_positives = np.cumsum(bins.positive[::-1])
    # The rest of a sum may come out as -1e-17 where a bin has no negative rows.
    false_positives = np.cumsum(np.maximum(bins.total - bins.positive, 0)[::-1])
    return Curve(bins.center[::-1], true_positives, false_positives)


def _double_precision(single: Floats, probability: Floats) -> Floats:
    """Find the probabilities that were rounded to these 32-bit numbers; their mean if several were."""
    found, counts = np.unique(np.abs(probability), return_counts=True)
    at = np.searchsorted(single, found.astype(np.float32))
    mean = np.bincount(at, weights=found * counts) / np.bincount(at, weights=counts)
    alone = np.bincount(at)[at] == 1  # where the mean could only add a rounding error
    mean[at[alone]] = found[alone]
    return mean


def area_under_roc(curve: Curve) -> float:
    """Area under the ROC curve by the trapezoidal rule; 1 without negatives, 0 without positives."""
    if curve.negatives == 0:
        return 1.0
    if curve.positives == 0:
        return 0.0
    height = np.r_[0.0, curve.true_positives]
    area = np.dot(np.diff(curve.false_positives, prepend=0.0), height[1:] + height[:-1]) / 2
    return float(area / curve.positives / curve.negatives)


def area_under_precision_recall(curve: Curve) -> float:
    """Area under the precision-recall curve; 1 without negatives, 0 without positives.

    Between two points false positives grow linearly with true positives, so precision is not linear
    in recall; the integral of t / (t + fp(t)) has a closed form (Davis and Goadrich 2006; Keilwagen,
    Grosse and Grau 2014).
    """
    if curve.negatives == 0:
        return 1.0
    if curve.positives == 0:
        return 0.0
    tp, fp = np.r_[0.0, curve.true_positives], np.r_[0.0, curve.false_positives]
    rises = np.diff(tp) > 0
    tp0, tp1, fp0, fp1 = tp[:-1][rises], tp[1:][rises], fp[:-1][rises], fp[1:][rises]
    slope = (fp1 - fp0) / (tp1 - tp0)
    intercept = fp0 - slope * tp0
    with np.errstate(divide="ignore", invalid="ignore"):
        bend = intercept / (1 + slope) * np.log((tp1 + fp1) / (tp0 + fp0))
    area = (tp1 - tp0 - np.where(intercept == 0, 0.0, bend)) / (1 + slope)
    return float(area.sum() / curve.positives)
