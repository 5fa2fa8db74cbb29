"""Loading of the reference cases: predictions as arrays, and what the real H2O 3.46 computes from them."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[1] / "data" / "metrics"
SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


@dataclass(frozen=True)
class Case:
    name: str
    info: dict[str, Any]
    cells: dict[str, list[str]]

    @property
    def expected(self) -> dict[str, Any]:
        return self.info["expected"]

    @property
    def parameters(self) -> dict[str, Any]:
        return self.info.get("model_parameters") or {}

    @property
    def weights(self) -> NDArray[np.float64] | None:
        return self.numbers("weight") if "weight" in self.cells else None

    def numbers(self, column: str) -> NDArray[np.float64]:
        return np.array([float(cell) if cell not in ("", "NA") else np.nan for cell in self.cells[column]])

    def codes(self) -> NDArray[np.int64]:
        codes = {level: code for code, level in enumerate(self.info["domain"])}
        return np.array([codes[cell] if cell else -1 for cell in self.cells["actual"]])

    def probabilities(self) -> NDArray[np.float64]:
        names = [level if level in self.cells else f"p_{level}" for level in self.info["domain"]]
        return np.column_stack([self.numbers(name) for name in names])


def special_numbers(value: Any) -> Any:
    """JSON has no NaN and infinities: the files spell them as strings."""
    if isinstance(value, dict):
        return {key: special_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [special_numbers(item) for item in value]
    return SPECIAL.get(value, value) if isinstance(value, str) else value


def load(name: str) -> Case:
    info = special_numbers(json.loads((FOLDER / f"{name}.json").read_text()))
    with (FOLDER / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return Case(name, info, {column: [row[column] for row in rows] for column in rows[0]})


def names(kind: str) -> list[str]:
    """Names of the cases of a kind, of which H2O computed something."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        info = json.loads(path.read_text())
        if info["kind"] == kind and not info.get("refused"):
            found.append(path.stem)
    return found


def refused(kind: str) -> list[str]:
    paths = sorted(FOLDER.glob("*.json"))
    infos = {path.stem: json.loads(path.read_text()) for path in paths}
    return [name for name, info in infos.items() if info["kind"] == kind and info.get("refused")]
