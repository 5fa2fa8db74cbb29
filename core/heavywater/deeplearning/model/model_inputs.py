"""What a model is given: its inputs, with what training has seen of each."""

from __future__ import annotations

import math
from typing import Any

from ..encoding.data import DataSpec
from .model import DeepLearningModel

_DEVIATIONS = 3.0  # from the mean, that stand for a range which is not known


def inputs_of(model: DeepLearningModel, most_levels: int | None = None) -> list[dict[str, Any]]:
    """The inputs of a model, in the order of the training frame; at last the offset, where there is one.

    Parameters
    ----------
    model : DeepLearningModel
    most_levels : int, optional
        Levels of a factor that are listed; by default all.

    Returns
    -------
    list of dict
        ``name``; ``kind`` (int, real, time, enum); ``role`` (input or offset); ``importance``, at most 1, None where that is not
        known. Of numbers ``low, high`` and ``mean``: the range in training, or where no model has kept it three
        deviations around the mean; None where neither is known. Of factors ``cardinality``, ``levels``, and the most
        frequent one as ``common``, None where that is not known.
    """
    spec, importances = model.spec, _importances(model)
    found = []
    for name, kind in spec.kinds.items():
        facts = {"name": name, "kind": kind, "role": "input", "importance": importances.get(name)}
        found.append(facts | (_factor(spec, name, most_levels) if kind == "enum" else _number(spec, name)))
    if spec.offset_column is not None:
        found.append(
            {"name": spec.offset_column, "kind": "real", "role": "offset", "importance": None}
            | {"low": None, "high": None, "mean": 0.0}
        )
    return found


def _factor(spec: DataSpec, name: str, most_levels: int | None) -> dict[str, Any]:
    levels, histogram = spec.levels(name), spec.histograms.get(name)
    known = histogram is not None and len(histogram.cuts) > 0 and histogram.shares[0] > 0
    common = levels[int(histogram.cuts[0])] if known and histogram is not None else None
    return {"cardinality": len(levels), "levels": list(levels[:most_levels]), "common": common}


def _number(spec: DataSpec, name: str) -> dict[str, Any]:
    scaling = spec.encoder.scaling[name]
    low, high = spec.ranges.get(name, (None, None))
    if low is None and scaling.mul != 1:  # 1 / mul is the deviation, or of an autoencoder the range
        width = (0.5 if spec.encoder.autoencoder else _DEVIATIONS) / scaling.mul
        low, high = scaling.fill - width, scaling.fill + width
    return {"low": low, "high": high, "mean": scaling.fill}


def _importances(model: DeepLearningModel) -> dict[str, float]:
    """Of the inputs: of a factor the greatest of its units, or where numbers are sums over several the sum, too.

    Nothing where units cannot be told from each other.
    """
    if model.varimp is None or not model.has_unit_per_level:
        return {}
    encoder = model.spec.encoder
    together = sum if encoder.edges else max
    of_units = {row[0]: float(row[2]) for row in model.varimp["rows"]}
    found = {name: of_units[name] for name in encoder.numbers if name in of_units}
    for place, name in enumerate(encoder.categories):
        units = encoder.unit_names[encoder.offsets[place] : encoder.offsets[place + 1]]
        found[name] = together([of_units.get(unit, 0.0) for unit in units] or [0.0])
    top = max(1.0, *found.values()) if found else 1.0
    found = {name: value / top for name, value in found.items()}
    return {name: value for name, value in found.items() if math.isfinite(value)}
