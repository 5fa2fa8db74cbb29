"""Recorded training runs of the real H2O (tests/data/trajectories), on the data in tests/data/trajectories_data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from . import archive
from .archive import DATA, Archive

NAMES = archive.names("trajectories")


def load(name: str) -> tuple[dict[str, Any], dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Description, starting weights and row order (with the dropout masks, where there are any) of a run."""
    file = _file(name)
    return file.json("case.json"), file.arrays("initial"), file.arrays("order")


def order(name: str) -> np.ndarray:
    """Rows in the order in which H2O trained on them."""
    return _file(name).arrays("order")["row_order"]


def data_file(case: dict[str, Any]) -> Path:
    """The rows that a run with this description was trained on."""
    return DATA / "trajectories_data" / case["data"]


def expected(name: str) -> tuple[str, dict[str, np.ndarray], np.ndarray]:
    """What training should end with: where it is from, weights and biases by name, and predictions.

    ``exact`` (with the exact square root) where present, else ``sane`` (without H2O's quirks), else H2O's own result,
    ``final``.
    """
    file = _file(name)
    for group in ("exact", "sane"):
        if values := file.arrays(group):
            return group, values, values["predictions"]
    return "final", file.arrays("final"), h2o_predictions(name)


def h2o_predictions(name: str) -> np.ndarray:
    """H2O's own predictions, (rows, columns)."""
    return _file(name).numbers("predictions.csv")


def _file(name: str) -> Archive:
    return archive.archive("trajectories", name)
