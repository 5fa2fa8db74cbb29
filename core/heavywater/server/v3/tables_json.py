"""Tables of models as H2O's JSON: columns with types, formats and headings, data by column."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .replies import Json, plain, table

# tables whose rows have names in H2O, which are empty
_NAMED_ROWS = ("Status of Neuron Layers", "Scoring History", "Hyper-Parameter Search Summary")
_FORMATS = {"int": "%d", "long": "%d", "string": "%s", "float": "%f", "double": "%f"}
_OF_TABLE = {
    "Status of Neuron Layers": "%5f",
    "Variable Importances": "%5f",
    "Gains/Lift Table": "%5f",
    "Scoring History": "%.5f",
    "Hyper-Parameter Search Summary": "%.5f",
    "PartialDependence": "%5f",
    "2D-PartialDependence": "%5f",
}
_OF_COLUMN = {
    "dropout": "%2.2f %%",
    "cumulative_data_fraction": "%.8f",
    "samples": "%f",
    "Error": "%.4f",
}
# parts of a heading that are not words
_WORDS = {"rmse": "RMSE", "mae": "MAE", "mse": "MSE", "logloss": "LogLoss", "auc": "AUC", "l1": "L1", "l2": "L2", "rms": "RMS"}  # fmt: skip
_AS_NAMED = ("Hyper-Parameter Search Summary", "Cross-Validation Metrics Summary", "Confusion Matrix")  # fmt: skip


def table_object(shown: Mapping[str, Any] | None) -> Json | None:
    """A table of the session as H2O's object; None for None."""
    if shown is None:
        return None
    name, columns = shown["name"], list(zip(shown["columns"], shown["types"], strict=True))
    data = [_cells(cells) for cells in zip(*shown["rows"], strict=True)] or [[] for _ in columns]
    specs = [
        (column, kind, _format(name, column, kind, cells), _heading(name, column))
        for (column, kind), cells in zip(columns, data, strict=True)
    ]
    if "PartialDependence" in name:
        specs = [(column.lower(), *rest) for column, *rest in specs]
    if name in _NAMED_ROWS:
        specs = [("", "string", "%s", ""), *specs]
        data = [[""] * len(shown["rows"]), *data]
    return table(name, specs, data, shown["description"])


def _cells(cells: tuple[Any, ...]) -> list[Any]:
    """Cells of a column; numbers that JSON lacks become texts here, since nearly all tables have none and are long."""
    finite = all(not isinstance(each, float) or math.isfinite(each) for each in cells)
    return list(cells) if finite else [plain(each) for each in cells]


def _format(table_name: str, column: str, kind: str, cells: list[Any]) -> str:
    if column == "Rate" and kind == "string":
        return f"= %{max(map(len, map(str, cells)), default=1)}s"
    if kind != "double":
        return _FORMATS[kind]
    return _OF_COLUMN.get(column) or _OF_TABLE.get(table_name) or _FORMATS[kind]


def _heading(table_name: str, column: str) -> str:
    """How a column is headed; R finds some of them by it."""
    if table_name in _AS_NAMED or "PartialDependence" in table_name or column == "idx":
        return column
    if table_name == "Metrics for Thresholds" and column != "threshold":
        return column
    words = column.replace("pr_auc", "pr auc").split("_")
    text = " ".join(_WORDS.get(word, "pr_auc" if word == "pr auc" else word.capitalize()) for word in words)
    return text.replace(" R2", " r2")
