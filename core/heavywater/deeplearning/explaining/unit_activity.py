"""How often the units of the hidden layers are active, and which of them never are."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array, Bools
from ...errors import InvalidArgument
from ...frame.frame import Frame
from ..model.model import DeepLearningModel
from .chosen_rows import spread_rows

_SATURATED = 0.99  # of the largest activation, from which on a unit hardly learns


def unit_activity(
    model: DeepLearningModel, frame: Frame, most_rows: int = 1000
) -> tuple[dict[str, Any], list[str]]:
    """How the units of each hidden layer answer to rows of a frame; and warnings.

    Parameters
    ----------
    model : DeepLearningModel
    frame : Frame
        With the columns of the model.
    most_rows : int
        Of more rows so many are taken, evenly spread.

    Returns
    -------
    dict
        ``rows``, how many counted; ``layers``, of each hidden layer its ``type``, and of its units ``active``: the share of rows
        in which it is on (Rectifier: above 0; Tanh, ExpRectifier: not at an end of its range), None of Maxout, whose
        units are always on; and ``dead``: whether it gives nothing, or the same in all rows.
    list of str

    Raises
    ------
    InvalidArgument
        There is no row, or `most_rows` is below 1.
    """
    if most_rows < 1:
        raise InvalidArgument(f"most_rows={most_rows} must be at least 1")
    if not frame.nrow:
        raise InvalidArgument("the frame has no rows: there is nothing that units could answer to")
    frame = spread_rows(frame, most_rows)
    adapted, warnings = model.spec.adapt(frame)
    rows = model.spec.rows(adapted, model.dtype)
    scorer, network, layers = model.scorer, model.network, []
    scorer.prepare(network)
    for number in range(model.topology.layers - 1):
        found = scorer.outputs(network, rows, depth=number + 1)
        if network.keep[number]:
            found = found / network.keep[number]
        layers.append(_layer(network.kinds[number], found[np.isfinite(found).all(axis=1)]))
    return {"rows": rows.n, "layers": layers}, warnings


def _layer(kind: str, found: Array) -> dict[str, Any]:
    """What is told of a layer with these activations (rows, units)."""
    if not len(found):
        nothing = [None] * found.shape[1]
        return {"type": kind, "active": nothing, "dead": nothing}
    same = (found == found[0]).all(axis=0) & (len(found) > 1)
    on = _on(kind, found)
    if on is None:
        return {"type": kind, "active": [None] * found.shape[1], "dead": same.tolist()}
    return {"type": kind, "active": on.mean(axis=0).tolist(), "dead": (same | ~on.any(axis=0)).tolist()}


def _on(kind: str, found: Array) -> Bools | None:
    if kind == "Rectifier":
        return np.asarray(found > 0)
    if kind == "Tanh":
        return np.asarray(np.abs(found) < _SATURATED)
    if kind == "ExpRectifier":
        return np.asarray(found > -_SATURATED)
    return None
