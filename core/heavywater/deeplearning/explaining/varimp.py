"""Variable importances by Gedeon's method, from the first two weight matrices.

Source: Gedeon 1997; booklet, "Variable Importances".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from ..metrics.tables import Table, table
from ..model.network import exported


def gedeon(first: Array, second: Array | None) -> Array:
    """Importance of every input unit, the largest being 1.

    Parameters
    ----------
    first, second : arrays (units, inputs)
        Weights of the first and second layer; no second layer: sums of absolute weights.
    """
    a = np.abs(first.astype(np.float64))
    if second is None:
        value = a.sum(axis=0)
    else:
        b = np.abs(second.astype(np.float64))
        with np.errstate(invalid="ignore", divide="ignore"):
            p = np.nan_to_num(a / a.sum(axis=1, keepdims=True))
            q = p.T @ np.nan_to_num(b / b.sum(axis=1, keepdims=True)).T
            value = np.nan_to_num(q / q.sum(axis=0)).sum(axis=1)
    scaled: Array = value / value.max() if value.max() > 0 else value
    return scaled


def importances(names: Sequence[str], weights: Sequence[Array], unused: Sequence[int]) -> Table:
    """Table of variable importances, largest first.

    Parameters
    ----------
    weights : list of (channels, units, inputs) arrays
        Maxout: the first rows of the interleaved matrix enter, as many as there are units; that is H2O's definition.
    unused : sequence of int
        Input units that were never active in training (for missing values): importance 0.
    """
    flat = [exported(w, w[:, :, 0])[0][: w.shape[1]] for w in weights[:2]]
    value = gedeon(flat[0], flat[1] if len(flat) > 1 else None)
    value[list(unused)] = 0
    total = value.sum()
    order = np.argsort(-value, kind="stable")
    top = value.max() or 1.0
    rows = [
        [names[i], float(value[i]), float(value[i] / top), float(value[i] / total) if total else 0.0]
        for i in order
    ]
    return table(
        "Variable Importances",
        "",
        ["variable", "relative_importance", "scaled_importance", "percentage"],
        ["string", "double", "double", "double"],
        rows,
    )
