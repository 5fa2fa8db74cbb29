"""Averages of the areas under the curves of pairs of classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats
from ...errors import InvalidArgument
from .roc import ROW_ORDER_LIMIT, area_under_precision_recall, area_under_roc, roc_curve
from .tables import Table, table

Areas = Floats  # shape (2,): area under ROC, area under precision-recall

MOST_CLASSES = 50  # as in H2O: the number of pairs, and with it the time, grows with the square
AUC_TYPES = ("MACRO_OVR", "WEIGHTED_OVR", "MACRO_OVO", "WEIGHTED_OVO")


@dataclass(frozen=True)
class MultinomialAuc:
    """The chosen averages and the tables of all pairs and averages."""

    auc: float = float("nan")
    pr_auc: float = float("nan")
    auc_table: Table | None = None
    pr_auc_table: Table | None = None


def check_auc_type(auc_type: str) -> str | None:
    """The upper-case kind of average, None for AUTO and NONE.

    Raises
    ------
    InvalidArgument
        For any other value.
    """
    name = str(auc_type).upper()
    if name in ("AUTO", "NONE"):
        return None
    if name not in AUC_TYPES:
        raise InvalidArgument(f"auc_type is {auc_type!r}; choose one of AUTO, NONE, {', '.join(AUC_TYPES)}")
    return name


def multinomial_auc(
    codes: NDArray[np.int64],
    chances: Floats,
    weights: Floats | None,
    domain: Sequence[str],
    kind: str | None,
) -> MultinomialAuc:
    """Average areas over classes (one versus rest) or over pairs of classes (one versus one).

    The area of a pair (i, j) is the mean of the two areas that come from ranking the rows of both classes
    by the probability of i, with i positive, and by that of j, with j positive. Macro averages are plain
    means; weighted ones weigh a class by its share of the rows and a pair by the shares of both classes.

    Parameters
    ----------
    codes
        Shape (rows,), without missing.
    chances
        Shape (rows, classes).
    weights
        Positive observation weights.
    domain
        Names of the classes.
    kind
        Result of `check_auc_type`.
    """
    classes = len(domain)
    if kind is None or codes.size == 0 or classes > MOST_CLASSES:
        return MultinomialAuc()
    pairs = list(combinations(range(classes), 2))
    limit = ROW_ORDER_LIMIT // classes  # one curve for each class: keep the total time of row by row merging
    size = np.bincount(codes, weights=weights, minlength=classes)
    rest = np.array([_areas(codes == k, chances[:, k], weights, limit) for k in range(classes)])
    versus = np.array([_pair_areas(i, j, codes, chances, weights, limit) for i, j in pairs])
    pair_size = np.array([size[i] + size[j] for i, j in pairs])
    averages = {
        "MACRO_OVR": rest.mean(axis=0),
        "WEIGHTED_OVR": size @ rest / size.sum(),
        "MACRO_OVO": versus.mean(axis=0),
        "WEIGHTED_OVO": pair_size @ versus / pair_size.sum(),
    }
    return MultinomialAuc(
        float(averages[kind][0]),
        float(averages[kind][1]),
        *(_table(which, domain, pairs, rest[:, which], versus[:, which], averages) for which in (0, 1)),
    )


def _areas(positive: NDArray[np.bool_], chance: Floats, weights: Floats | None, limit: int) -> Areas:
    if positive.size == 0:
        return np.full(2, np.nan)
    curve = roc_curve(chance, positive.astype(np.int64), weights, row_order_limit=limit)
    return np.array([area_under_roc(curve), area_under_precision_recall(curve)])


def _pair_areas(
    i: int, j: int, codes: NDArray[np.int64], chances: Floats, weights: Floats | None, limit: int
) -> Areas:
    rows = (codes == i) | (codes == j)
    chosen = None if weights is None else weights[rows]
    sides = [_areas(codes[rows] == k, chances[rows, k], chosen, limit) for k in (i, j)]
    return np.asarray((sides[0] + sides[1]) / 2, dtype=np.float64)


def _table(
    which: int,
    domain: Sequence[str],
    pairs: list[tuple[int, int]],
    rest: Floats,
    versus: Floats,
    averages: dict[str, Areas],
) -> Table:
    def average(kind: str) -> list[object]:
        label = kind.split("_", maxsplit=1)[0].capitalize() + " " + kind.split("_")[1]
        return [label, None, None, float(averages[kind][which])]

    rows: list[list[object]] = [
        [f"{name} vs Rest", name, None, area] for name, area in zip(domain, rest.tolist(), strict=True)
    ]
    rows += [average("MACRO_OVR"), average("WEIGHTED_OVR")]
    for (i, j), area in zip(pairs, versus.tolist(), strict=True):
        rows.append([f"Class {domain[i]} vs. {domain[j]}", domain[i], domain[j], area])
    rows += [average("MACRO_OVO"), average("WEIGHTED_OVO")]
    column = ("auc", "auc_pr")[which]
    return table(
        f"Multinomial {('AUC', 'auc_pr')[which]} values",
        "Each class against the rest, each pair of classes, and averages",
        ["type", "first_class_domain", "second_class_domain", column],
        ["string", "string", "string", "double"],
        rows,
    )
