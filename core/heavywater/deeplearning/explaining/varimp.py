"""Variable importances by Gedeon's method, from the first two weight matrices.

Source: Gedeon 1997; booklet, "Variable Importances".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine.scoring import Snapshot
from ..encoding.data import DataSpec
from ..encoding.encoder import Encoder
from ..metrics.tables import Table, table
from ..model.model import DeepLearningModel
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
    return _ranked(names, _of_units(weights, unused))


def joint_importances(encoder: Encoder, members: Sequence[Snapshot], unused: Sequence[int]) -> Table:
    """Table of variable importances of several networks together, largest first: the mean of their shares.

    Of a number that is encoded piecewise linearly it is the sum over its units.

    Parameters
    ----------
    encoder : Encoder
    members : sequence of Snapshot
    unused
        As for `importances`.
    """
    each = [_of_units(member.weights, unused) for member in members]
    value = each[0]
    if len(members) > 1:
        mean = np.mean([value / (value.sum() or 1.0) for value in each], axis=0)
        value = mean / (mean.max() or 1.0)
    if encoder.edges:
        value = np.add.reduceat(value, encoder.variable_starts[:-1])
        value = value / (value.max() or 1.0)
    return _ranked(encoder.variables, value)


def _of_units(weights: Sequence[Array], unused: Sequence[int]) -> Array:
    flat = [exported(w, w[:, :, 0])[0][: w.shape[1]] for w in weights[:2]]
    value = gedeon(flat[0], flat[1] if len(flat) > 1 else None)
    value[list(unused)] = 0
    return value


def _ranked(names: Sequence[str], value: Array) -> Table:
    total = value.sum()
    order = np.argsort(-value, kind="stable")
    top = value.max() or 1.0
    rows = [
        [names[i], float(value[i]), float(value[i] / top), float(value[i] / total) if total else 0.0]
        for i in order
    ]
    return _table(rows)


def column_importances(model: DeepLearningModel) -> Table | None:
    """Table of the importances of columns, largest first: of a factor the sum over its units.

    Units that are not there for a column of their own (of a hashed factor) count for none, and shares of columns made of one
    factor are added. What is true of those of units is true of these: they come from weights alone, of the first two layers,
    so a column that the net does not use has one, too, as large as those of others where the weights hardly left their
    random start; and a factor of many levels gets more than it is worth.

    Returns
    -------
    Table or None
        None where there are no importances, or units cannot be told from each other.
    """
    if model.varimp is None or model.spec.encoder.hashed is not None:
        return None
    encoder = model.spec.encoder
    of_units = {str(row[0]): float(row[1]) for row in model.varimp["rows"]}
    names = encoder.variables
    if len(of_units) != len(names) or of_units.keys() != set(names):  # names that are there twice, or others
        return None
    value = np.array([of_units[name] for name in names])
    starts = [*encoder.offsets, *range(encoder.offsets[-1] + 1, len(names) + 1)]
    sums: dict[str, float] = {}
    for name, lo, hi in zip(origins(model.spec), starts, starts[1:], strict=False):
        sums[name] = sums.get(name, 0.0) + float(value[lo:hi].sum())
    total, top = sum(sums.values()), max(sums.values(), default=0.0) or 1.0
    ordered = sorted(sums.items(), key=lambda item: -item[1])
    return _table([[name, each, each / top, each / total if total else 0.0] for name, each in ordered])


def origins(spec: DataSpec) -> list[str]:
    """Of each column that the network is given, categorical ones first, the column of the frame that it was made of."""
    given = [*spec.encoder.categories, *spec.encoder.numbers]
    if spec.recoding is None:
        return given
    made = {new: old for old, factor in spec.recoding.factors.items() for new in factor.names}
    return [made.get(name, name) for name in given]


def _table(rows: list[list[Any]]) -> Table:
    return table(
        "Variable Importances",
        "",
        ["variable", "relative_importance", "scaled_importance", "percentage"],
        ["string", "double", "double", "double"],
        rows,
    )
