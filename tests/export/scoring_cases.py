"""The models in tests/data/scoring, written and scored by the real H2O 3.46, and changed copies of their files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from heavywater.deeplearning.model import DeepLearningModel
from heavywater.export.mojo_reader import read_mojo
from heavywater.frame.frame import Frame
from heavywater.frame.parse import Options, import_sources
from heavywater.frame.sources import expand

FOLDER = Path(__file__).parents[1] / "data" / "scoring"
NAMES = sorted(path.name for path in FOLDER.iterdir())


@dataclass(frozen=True)
class Case:
    name: str

    @property
    def path(self) -> Path:
        return FOLDER / self.name / "model.zip"

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads((FOLDER / self.name / "summary.json").read_text(encoding="utf-8"))

    def has(self, stem: str) -> bool:
        return (FOLDER / self.name / f"{stem}.csv").exists()

    def cells(self, stem: str) -> tuple[list[str], list[list[str]]]:
        with (FOLDER / self.name / f"{stem}.csv").open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        return header, rows

    def numbers(self, stem: str) -> np.ndarray:
        return np.array(self.cells(stem)[1], dtype=np.float64)

    def model(self) -> DeepLearningModel:
        return read_mojo(self.path, self.name)

    def column_types(self) -> dict[str, str]:
        """Types of the columns of input.csv as they were in training (the response among them)."""
        model = self.model()
        types = {name: "enum" if kind == "enum" else "numeric" for name, kind in model.spec.kinds.items()}
        response = model.spec.response
        if response is not None and response.domain is not None:
            types[response.name] = "enum"
        return types

    def input(self) -> Frame:
        options = Options(types=self.column_types(), header=1)
        return import_sources(expand(FOLDER / self.name / "input.csv"), options, 1)


def values(frame: Frame) -> np.ndarray:
    return np.column_stack([column.numbers() for column in frame.columns])


def packed(texts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def entries(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(Case(name).path) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def changed(name: str, change: Callable[[str], str], details: bool = False) -> bytes:
    """A copy of a model whose model.ini was changed; without the description, which scoring does not need."""
    texts = entries(name)
    before = texts["model.ini"].decode()
    after = change(before)
    assert after != before
    kept = {entry: text for entry, text in texts.items() if details or not entry.startswith("experimental/")}
    return packed(kept | {"model.ini": after.encode()})
