"""What a preset fills in the place of H2O's defaults. The numbers stand here alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .table import lookup

_TABULAR: dict[str, Any] = {
    "activation": "RectifierWithDropout",
    "hidden": [256, 256],
    "epochs": 40.0,
    "train_samples_per_iteration": -1,
    "overwrite_with_best_model": False,
    "stopping_rounds": 0,
    "classification_stop": -1.0,
    "regression_stop": -1.0,
    "mini_batch_size": 256,
    "rate": 3e-3,
    "numeric_encoding": "PiecewiseLinear",
    "numeric_bins": 32,
    "ensemble_size": 4,
    "optimizer": "Adam",
    "rate_schedule": "Cosine",
    "validation_fraction": 0.15,
    "epochs_candidates": [5.0, 10.0, 20.0, 40.0],
    "l1_candidates": [0.0, 2e-4],
    "numeric_bins_candidates": [32, 8],
    "fit_temperature": True,
    "weight_decay": 0.1,
    "epochs_folds": 1,
}
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "H2O": {},
    "Tabular": _TABULAR,
    "TabularBest": {**_TABULAR, "ensemble_size": 8, "epochs_folds": 5},
}
#: all that one of them may fill
FILLED = frozenset({"hidden_dropout_ratios", *(name for each in PRESETS.values() for name in each)})
_DROPOUT = 0.15
# Batches below so many rows. An epoch of few rows has few updates otherwise: on 150 to 570 rows batches of 16 to 32 halve the loss of
# those of 128 at the same number of epochs.
_BATCHES = {1000: 32, 4000: 128}
# An epoch of few rows is little work: a longer training is tried, too, and three folds choose, since one hold-out of so few says little.
_FEW_ROWS, _LONGEST, _FOLDS = 4000, 80.0, 3
# Below so many rows more decay: it is a share of each update, and an epoch of many rows has many. On six tables of 1 700 to 8 000 rows
# 1 has the least loss of 0 to 1 at 40 epochs, and 10 is too much; on 12 000 rows of 26 classes the error is 6.7 % with 1, 4.2 % without.
# Below so many rows also a plainer network is tried.
_DECAY = (10_000, 1.0)
_ENOUGH_FOR_A_TEMPERATURE = 1000  # rows; a share of fewer says less than it costs
# what a choice of the user's makes of no use, or impossible
_SETTINGS = ("l1_candidates", "numeric_bins_candidates")
_CHOICE = ("epochs_candidates", "epochs_folds", "validation_fraction", *_SETTINGS)
_START = ("numeric_encoding", "numeric_bins", "numeric_bins_candidates", "ensemble_size")
_GOES_WITH: Mapping[str, tuple[str, ...]] = {
    "epochs": _CHOICE,
    "validation_fraction": ("epochs_folds",),
    "checkpoint": _CHOICE,
    "l1_candidates": _SETTINGS,
    "numeric_bins_candidates": _SETTINGS,
    "l1": ("l1_candidates",),
    "numeric_bins": ("numeric_bins_candidates",),
    "stopping_rounds": ("epochs_candidates", "epochs_folds", *_SETTINGS, "overwrite_with_best_model"),
    "adaptive_rate": ("optimizer", "rate", "rate_schedule", "weight_decay"),
    "pretrained_autoencoder": _START,
    "initial_weights": _START,
}
_SAID = ("epochs", "l1", *_SETTINGS)  # whatever value is given, 0 and an empty list, too
_OF_SHARDS = (*_CHOICE, "ensemble_size")  # what a frame in parts on nodes cannot have


def chosen(given: Mapping[str, Any], searched: bool = False) -> dict[str, Any]:
    """What a user has chosen: values that are no defaults; and those of what a preset would fill otherwise, though they are.

    Parameters
    ----------
    given : mapping
        Parameters by name, checked, as they were written down.
    searched : bool
        Whether several presets are tried.
    """
    kept = FILLED if searched or PRESETS[given.get("preset", "H2O")] else ()
    return {
        name: value for name, value in given.items() if name in kept or not lookup(name).is_default(value)
    }


def filled(given: Mapping[str, Any], rows: int | None = None, *, sharded: bool = False) -> dict[str, Any]:
    """What the preset among the parameters that a user gave makes of those that he did not.

    Parameters
    ----------
    given : mapping
        Parameters by name, checked.
    rows : int, optional
        Of the training frame, where it is known.
    sharded : bool
        Whether its rows lie on several nodes, so that none can be held out: there is no choice of epochs then.

    Returns
    -------
    dict
        Values by name; empty with H2O's defaults.

    Examples
    --------
    >>> filled({"preset": "Tabular", "hidden": [64]}, 1000)["mini_batch_size"]
    128
    """
    found: dict[str, Any] = dict(PRESETS[given.get("preset", "H2O")])
    if not found:
        return found
    if rows is not None:
        found = _for_rows(found, rows)
    if sharded and "epochs_candidates" in found:
        candidates = found["epochs_candidates"]
        found["epochs"] = candidates[len(candidates) // 2]
        found = _without(found, _OF_SHARDS)
    if given.get("epochs_candidates") == []:  # no choice
        found = _without(found, _CHOICE)
    for name, others in _GOES_WITH.items():
        if given.get(name) or (name in _SAID and name in given):
            found = _without(found, others)
    found = _fitting(found, {**found, **given})
    return {name: value for name, value in found.items() if name not in given}


def _for_rows(found: dict[str, Any], rows: int) -> dict[str, Any]:
    """What becomes of a preset with so many rows."""
    smaller = [size for limit, size in _BATCHES.items() if rows < limit]
    found["mini_batch_size"] = max(2, min([found["mini_batch_size"], *smaller, rows]))
    if rows < _FEW_ROWS:
        found["epochs_candidates"] = [*found["epochs_candidates"], _LONGEST]
        found["epochs_folds"] = max(_FOLDS, found["epochs_folds"])
    if rows < _DECAY[0]:
        found["weight_decay"] = _DECAY[1]
    else:
        found = _without(found, _SETTINGS)
    return found if rows >= _ENOUGH_FOR_A_TEMPERATURE else _without(found, ("fit_temperature",))


def _fitting(found: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A preset without what the other values leave no place for."""
    if not str(values["activation"]).startswith(("Rectifier", "Maxout")) or values.get("col_major"):
        found = _without(found, ("numeric_encoding", "numeric_bins", "numeric_bins_candidates"))
    if values["mini_batch_size"] == 1:
        found = _without(found, _GOES_WITH["adaptive_rate"])
    if values.get("optimizer", "Adam") != "Adam":
        found = _without(found, ("weight_decay",))
    if str(values["activation"]).endswith("WithDropout"):
        found["hidden_dropout_ratios"] = [_DROPOUT] * len(values["hidden"])
    return found


def _without(found: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in names}
