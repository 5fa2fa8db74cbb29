"""Predictions as arrays, and what the real H2O 3.46 computes from them (tests/data/metrics)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import archive

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
    """JSON has no NaN and infinities: the cases spell them as strings."""
    if isinstance(value, dict):
        return {key: special_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [special_numbers(item) for item in value]
    return SPECIAL.get(value, value) if isinstance(value, str) else value


def load(name: str) -> Case:
    header, rows = archive.archive("metrics", name).table("rows.csv")
    return Case(name, _info(name), dict(zip(header, map(list, zip(*rows, strict=True)), strict=True)))


def names(kind: str) -> list[str]:
    """Names of the cases of a kind, of which H2O computed something."""
    return _of_kind(kind, refused=False)


def refused(kind: str) -> list[str]:
    """Names of the cases of a kind that H2O refused."""
    return _of_kind(kind, refused=True)


def _of_kind(kind: str, *, refused: bool) -> list[str]:
    infos = {name: _info(name) for name in archive.names("metrics")}
    return [
        name for name, info in infos.items() if info["kind"] == kind and bool(info.get("refused")) == refused
    ]


def _info(name: str) -> dict[str, Any]:
    return special_numbers(archive.archive("metrics", name).json("case.json"))
