"""What a preset fills in the place of H2O's defaults. The numbers stand here alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TABULAR: dict[str, Any] = {
    "activation": "RectifierWithDropout",
    "hidden": [256, 256],
    "epochs": 40.0,
    "train_samples_per_iteration": -1,
    "overwrite_with_best_model": False,
    "stopping_rounds": 0,
    "mini_batch_size": 256,
    "rate": 3e-3,
    "numeric_encoding": "PiecewiseLinear",
    "numeric_bins": 32,
    "ensemble_size": 4,
    "optimizer": "Adam",
    "rate_schedule": "Cosine",
    "validation_fraction": 0.15,
    "epochs_candidates": [5.0, 15.0, 40.0],
}
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "H2O": {},
    "Tabular": _TABULAR,
    "TabularBest": {**_TABULAR, "ensemble_size": 8, "epochs_folds": 5},
}
#: all that one of them may fill
FILLED = frozenset({"hidden_dropout_ratios", *(name for each in PRESETS.values() for name in each)})
_DROPOUT = 0.15
_FEW_ROWS, _SMALL_BATCH = 4000, 128
# what a choice of the user's makes of no use, or impossible
_GOES_WITH: Mapping[str, tuple[str, ...]] = {
    "epochs": ("epochs_candidates", "epochs_folds", "validation_fraction"),
    "checkpoint": ("epochs_candidates", "epochs_folds", "validation_fraction"),
    "stopping_rounds": ("epochs_candidates", "epochs_folds"),
    "adaptive_rate": ("optimizer", "rate", "rate_schedule"),
}


def filled(given: Mapping[str, Any], rows: int | None = None) -> dict[str, Any]:
    """What the preset among the parameters that a user gave makes of those that he did not.

    Parameters
    ----------
    given : mapping
        Parameters by name, checked.
    rows : int, optional
        Of the training frame, where it is known.

    Returns
    -------
    dict
        Values by name; empty with H2O's defaults.

    Examples
    --------
    >>> filled({"preset": "Tabular", "hidden": [64]}, 1000)["mini_batch_size"]
    128
    """
    found = dict(PRESETS[given.get("preset", "H2O")])
    if not found:
        return found
    if rows is not None and rows < _FEW_ROWS:
        found["mini_batch_size"] = _SMALL_BATCH
    for name, others in _GOES_WITH.items():
        if given.get(name):
            found = {each: value for each, value in found.items() if each not in others}
    values = {**found, **given}
    if not str(values["activation"]).startswith(("Rectifier", "Maxout")) or values.get("col_major"):
        found.pop("numeric_encoding")
    if values["mini_batch_size"] == 1:
        found = {each: value for each, value in found.items() if each not in _GOES_WITH["adaptive_rate"]}
    if str(values["activation"]).endswith("WithDropout"):
        found["hidden_dropout_ratios"] = [_DROPOUT] * len(values["hidden"])
    return {name: value for name, value in found.items() if name not in given}
