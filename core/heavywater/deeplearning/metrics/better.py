"""Which of two values of a metric is the better one, and which models no other one beats in two of them."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument

OPTIMA = ("top left", "top right", "bottom left", "bottom right")
# In small letters, by all names that a metric has: of a model, in the scoring history, of a leaderboard, of a grid.
_MORE = (
    "auc", "aucpr", "pr_auc", "gini", "r2", "lift", "lift_top_group", "kolmogorov_smirnov", "custom_increasing",
    "f1", "f2", "f0point5", "accuracy", "precision", "recall", "specificity", "absolute_mcc",
)  # fmt: skip


def more_is_better(metric: str) -> bool:
    """Whether greater values of a metric are better; it may have any of its names, in any case.

    Examples
    --------
    >>> more_is_better("AUC"), more_is_better("logloss")
    (True, False)
    """
    return metric.lower() in _MORE


def optimum_of(x_metric: str, y_metric: str, optimum: str = "AUTO") -> str:
    """Where the best values of two measures lie, one of `OPTIMA`; AUTO knows it of metrics, and takes less of all else.

    Raises
    ------
    InvalidArgument
        There is no such corner.
    """
    if str(optimum).upper() == "AUTO":
        return f"{'top' if more_is_better(y_metric) else 'bottom'} {'right' if more_is_better(x_metric) else 'left'}"
    if str(optimum).lower() not in OPTIMA:
        raise InvalidArgument(f"optimum={optimum!r} must be one of AUTO, {', '.join(OPTIMA)}")
    return optimum.lower()


def pareto_front(x: Array, y: Array, optimum: str) -> list[int]:
    """Rows that no other row beats: none is as good in both measures and better in one.

    Parameters
    ----------
    x, y : arrays, shape (rows,)
        Rows in which one is missing are in no front.
    optimum : str
        Where the best values lie, one of `OPTIMA`.

    Returns
    -------
    list of int
        In their order; of equal ones all are there.
    """
    first, second = (-x if "right" in optimum else x), (-y if "top" in optimum else y)  # less is better now
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    found: list[int] = []
    for i in known[np.lexsort((second[known], first[known]))]:
        best = found[-1] if found else None
        if (
            best is None
            or second[i] < second[best]
            or (first[i] == first[best] and second[i] == second[best])
        ):
            found.append(int(i))
    return sorted(found)
