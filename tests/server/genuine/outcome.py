"""What calls of the client give, as plain values that can be compared."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

from .library import H2OFrame

_ROWS = 12  # of a frame that are told


def plain(value: Any) -> Any:
    """A result as JSON has it; of a frame its size, names, types and first rows."""
    if isinstance(value, H2OFrame):
        return told(value)
    if hasattr(value, "item"):  # a number of NumPy
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(each) for each in value]
    if isinstance(value, (int, float)):
        return number(float(value))
    return type(value).__name__


def number(value: float) -> Any:
    """A number, or the text for one that JSON does not have."""
    return value if math.isfinite(value) else "NaN" if value != value else "Inf" if value > 0 else "-Inf"


def told(frame: Any) -> dict[str, Any]:
    """Size, names, types and first rows of a frame."""
    rows, columns = frame.shape
    lines = list(csv.reader(io.StringIO(frame.get_frame_data())))
    return {
        "shape": [rows, columns],
        "names": frame.names[:_ROWS],
        # that a column is bool is a guess of the client, which it makes or not by what else it has asked for
        "types": [frame.types[name].replace("bool", "int") for name in frame.names[:_ROWS]],
        "rows": [[cell_of(cell) for cell in line[:_ROWS]] for line in lines[1 : _ROWS + 1]],
    }


def cell_of(text: str) -> Any:
    """A cell of a file: a number where it is one."""
    try:
        return number(float(text))
    except ValueError:
        return text
