"""Recorded training runs of PyTorch's AdamW and Adam (tests/data/adamw), which `adamw_runs` makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import archive

NAMES = archive.names("adamw")
Layers = list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Run:
    """One run: what it was given, and what it ended with.

    Attributes
    ----------
    case : dict
        ``kinds`` of the layers, ``batch``, ``rate``, ``weight_decay``, ``l2``, ``cosine``, ``smoothing``.
    x, target : ndarray
        Rows (rows, inputs); classes or numbers.
    epochs : ndarray, (epochs, rows)
        The order of the rows in each; the last batch of an epoch is a partial one.
    start, end : list of (weights, biases)
        Of each layer: (units, inputs), (units,).
    """

    case: dict[str, Any]
    x: np.ndarray
    target: np.ndarray
    epochs: np.ndarray
    start: Layers
    end: Layers


def load(name: str) -> Run:
    """The run of a name."""
    file = archive.archive("adamw", name)
    data = file.arrays("data")
    return Run(
        file.json("case.json"),
        data["x"],
        data["target"],
        data["epochs"],
        _layers(file.arrays("start")),
        _layers(file.arrays("end")),
    )


def _layers(arrays: dict[str, np.ndarray]) -> Layers:
    return [(arrays[f"w{i}"], arrays[f"b{i}"]) for i in range(len(arrays) // 2)]
