"""C sources compiled into libraries and called for the rows of a frame."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.export.c_source.c_writer import c_source
from heavywater.frame.frame import Frame

STRICT = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
C99 = ["gcc", "-std=c99", "-O1", *STRICT]


class Compiled:
    """A model as library of C."""

    def __init__(self, model: DeepLearningModel, folder: Path, name: str = "model", *options: str) -> None:
        found = c_source(model, name)
        self.model, self.source, self.header, self.remarks = model, found.source, found.header, found.remarks
        path = folder / f"{name}.c"
        path.write_text(found.source, encoding="ascii")
        library = path.with_suffix(".so")
        subprocess.run([*C99, *options, "-shared", "-fPIC", "-o", library, path, "-lm"], check=True)
        self.library = ctypes.CDLL(str(library))
        self.function = getattr(self.library, f"{name}_score")
        self.name = name

    def names(self, which: str) -> list[str]:
        """A list of names, up to the null pointer."""
        found = (ctypes.c_char_p * 100_000).in_dll(self.library, f"{self.name}_{which}")
        return [text.decode() for text in iter(iter(found).__next__, None)]

    def score(self, rows: Frame) -> tuple[np.ndarray, np.ndarray]:
        """What the function returns for each row, and its outputs: (rows, outputs)."""
        numbers, texts = self.names("numbers"), self.names("texts")
        given = [
            rows.column(name).numbers() if name in rows else np.full(rows.nrow, np.nan) for name in numbers
        ]
        table = np.ascontiguousarray(np.stack(given, axis=1) if given else np.zeros((rows.nrow, 0)))
        words = [rows.column(name).texts().tolist() if name in rows else [None] * rows.nrow for name in texts]
        outputs = np.zeros((rows.nrow, len(self.names("outputs"))))
        workspace = (ctypes.c_double * 100_000)(*[float("nan")] * 9)
        codes = np.zeros(rows.nrow, int)
        for row in range(rows.nrow):
            cells: Any = (ctypes.c_char_p * len(words))(
                *(None if each[row] is None else each[row].encode() for each in words)
            )
            codes[row] = self.function(
                ctypes.c_void_p(table[row].ctypes.data),
                cells,
                ctypes.c_void_p(outputs[row].ctypes.data),
                workspace,
            )
        return codes, outputs

    def predicted(self, rows: Frame) -> tuple[list[str | None] | None, np.ndarray]:
        """Labels and numbers, as `export_cases.predicted` has them."""
        codes, outputs = self.score(rows)
        classes = [*self.names("classes"), None]
        if len(classes) > 1:
            return [classes[code] for code in codes], outputs
        return None, outputs[:, :-1] if self.model.spec.response is None else outputs
