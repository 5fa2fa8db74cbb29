"""The models in tests/data/scoring, written and scored by the real H2O 3.46, and changed copies of their files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.export.mojo_reader import read_mojo
from heavywater.frame.frame import Frame
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand

from . import archive

NAMES = archive.names("scoring")


@dataclass(frozen=True)
class Case:
    name: str

    @property
    def file(self) -> archive.Archive:
        return archive.archive("scoring", self.name)

    @property
    def path(self) -> Path:
        """The model that H2O wrote."""
        return self.file.unpacked("model.zip")

    @property
    def input_path(self) -> Path:
        """The rows that H2O scored."""
        return self.file.unpacked("input.csv")

    @property
    def summary(self) -> dict[str, Any]:
        return self.file.json("summary.json")

    def has(self, stem: str) -> bool:
        return f"{stem}.csv" in self.file

    def cells(self, stem: str) -> tuple[list[str], list[list[str]]]:
        return self.file.table(f"{stem}.csv")

    def numbers(self, stem: str) -> np.ndarray:
        return self.file.numbers(f"{stem}.csv")

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
        return import_sources(expand(self.input_path), options, 1)


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
