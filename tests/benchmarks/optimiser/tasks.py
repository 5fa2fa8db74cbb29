"""What is trained: data as arrays in one file, nets, and Adam's settings."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vignettes import mnist

from ..environments import FOLDER
from ..tabular import tables
from ..tabular.sets import BY_NAME

PLACE = FOLDER / "adam-data"
PIXELS = 784
QUICK_ROWS = 1000


@dataclass(frozen=True)
class Task:
    """One training.

    Attributes
    ----------
    name, title : str
    data : str
        ``mnist`` (pixels divided by 255) or ``letter`` (standardised by the training rows).
    batch, epochs : int
    rate, weight_decay : float
    rows : int, optional
        How many of the training rows; all where absent.
    """

    name: str
    title: str
    data: str
    batch: int
    epochs: int
    rate: float
    weight_decay: float = 0.01
    hidden: tuple[int, ...] = (200, 200)
    rows: int | None = None

    def quick(self) -> Task:
        """The same with few rows, to see that all of it runs."""
        return dataclasses.replace(self, epochs=1, rows=QUICK_ROWS)

    def job(self, seed: int, threads: int) -> dict[str, Any]:
        """What a worker is told."""
        return {**dataclasses.asdict(self), "data": str(arrays(self.data)), "seed": seed, "threads": threads}


TASKS = (
    Task("mnist32", "MNIST, batches of 32", "mnist", 32, 5, 1e-3),
    Task("mnist128", "MNIST, batches of 128", "mnist", 128, 10, 1e-3),
    Task("letter32", "letter, batches of 32", "letter", 32, 20, 3e-3),
    Task("letter128", "letter, batches of 128", "letter", 128, 40, 3e-3),
)


def arrays(name: str) -> Path:
    """The file with ``x``, ``y``, ``test_x``, ``test_y``, made when first needed."""
    path = PLACE / f"{name}.npz"
    if not path.exists():
        made: dict[str, Any] = _mnist() if name == "mnist" else _letter()
        PLACE.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        np.savez(part, **made)
        part.rename(path)
    return path


def _mnist() -> dict[str, np.ndarray]:
    found = {}
    for prefix, path in zip(("", "test_"), mnist.fetch(), strict=True):
        table = np.loadtxt(path, delimiter=",", dtype=np.int32)
        found[f"{prefix}x"] = (table[:, :PIXELS] / 255).astype(np.float32)
        found[f"{prefix}y"] = table[:, PIXELS].astype(np.int64)
    return found


def _letter() -> dict[str, np.ndarray]:
    table = BY_NAME["letter"]
    tables.made(table)
    cut = tables.cut(table, 1)
    x, test = (np.asarray(frame, np.float64) for frame in (cut.train, cut.test))
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    levels = sorted(set(cut.train_answer))
    y, test_y = (
        np.array([levels.index(v) for v in values]) for values in (cut.train_answer, cut.test_answer)
    )
    scaled = [((values - mean) / deviation).astype(np.float32) for values in (x, test)]
    return {"x": scaled[0], "y": y, "test_x": scaled[1], "test_y": test_y}
