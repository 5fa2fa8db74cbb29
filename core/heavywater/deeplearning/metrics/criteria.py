"""Criteria by which a threshold of a binary classifier is judged, and their tables."""

from __future__ import annotations

import numpy as np

from ...arrays import Floats
from .roc import Curve
from .tables import Table, plain, table

_COUNTS = frozenset({"tns", "fns", "fps", "tps"})


def threshold_criteria(curve: Curve) -> dict[str, Floats]:
    """Value of every criterion at every threshold, in the order of H2O's table.

    With tp, fp, tn, fn the (weighted) counts at a threshold: recall = tpr = tp / (tp + fn), specificity =
    tnr = tn / (tn + fp), precision = tp / (tp + fp), F-beta = (1 + beta^2) precision recall /
    (beta^2 precision + recall), mcc = (tp tn - fp fn) / sqrt((tp + fp)(tp + fn)(tn + fp)(tn + fn)), 0
    where that is 0 / 0. Rates of a class without rows are NaN, and what is made of them.
    """
    tp, fp = curve.true_positives, curve.false_positives
    fn, tn = curve.positives - tp, curve.negatives - fp
    with np.errstate(divide="ignore", invalid="ignore"):
        precision, recall, specificity = tp / (tp + fp), tp / (tp + fn), tn / (tn + fp)
        # One square root for each factor: the product of four large counts could overflow.
        scale = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
        correlation = np.abs(np.where(scale == 0, 0.0, (tp * tn - fp * fn) / scale))
        return {
            "f1": _f_score(1.0, tp, precision, recall),
            "f2": _f_score(2.0, tp, precision, recall),
            "f0point5": _f_score(0.5, tp, precision, recall),
            "accuracy": (tp + tn) / (curve.positives + curve.negatives),
            "precision": precision,
            "recall": recall,
            "specificity": specificity,
            "absolute_mcc": correlation,
            "min_per_class_accuracy": np.minimum(recall, specificity),
            "mean_per_class_accuracy": (recall + specificity) / 2,
            "tns": tn,
            "fns": fn,
            "fps": fp,
            "tps": tp,
            "tnr": specificity,
            "fnr": fn / (tp + fn),
            "fpr": fp / (tn + fp),
            "tpr": recall,
        }


def _f_score(beta: float, tp: Floats, precision: Floats, recall: Floats) -> Floats:
    square = beta * beta
    score = (1 + square) * precision * recall / (square * precision + recall)
    return np.where((tp == 0) & ~np.isnan(recall), 0.0, score)


def best_index(values: Floats) -> int:
    """Index of the greatest value, the first of equal ones; -1 if all are NaN."""
    return -1 if np.isnan(values).all() else int(np.nanargmax(values))


def thresholds_table(curve: Curve, criteria: dict[str, Floats], integral: bool) -> Table:
    """All criteria at all thresholds; counts are whole numbers unless `integral` is False."""
    count_type = "long" if integral else "double"
    columns = [plain(curve.thresholds)]
    columns += [plain(values, integral and name in _COUNTS) for name, values in criteria.items()]
    columns.append(list(range(curve.thresholds.size)))
    return table(
        "Metrics for Thresholds",
        "Metrics if rows of at least this probability are called positive",
        ["threshold", *criteria, "idx"],
        ["double", *(count_type if name in _COUNTS else "double" for name in criteria), "int"],
        list(zip(*columns, strict=True)),
    )


def max_criteria_table(curve: Curve, criteria: dict[str, Floats]) -> Table:
    """The threshold at which each criterion is greatest; NaN and index -1 for one that is NaN everywhere."""
    rows = []
    for name, values in criteria.items():
        at = best_index(values)
        threshold, value = (float("nan"),) * 2 if at < 0 else (float(curve.thresholds[at]), float(values[at]))
        rows.append([f"max {name}", threshold, value, at])
    return table(
        "Maximum Metrics",
        "Greatest value of each metric and its threshold",
        ["metric", "threshold", "value", "idx"],
        ["string", "double", "double", "long"],
        rows,
    )
