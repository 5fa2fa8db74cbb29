"""One small frame with every kind of column that validation tells apart."""

import numpy as np
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.frame import Frame

ROWS = 12


def every_kind() -> Frame:
    """The frame; the names say what the columns hold."""
    n = np.arange(ROWS)
    columns: dict[str, Column] = {
        "a": numeric(n),
        "b": numeric(n / 8),
        "factor": enum(n % 4, ["p", "q", "r", "s"]),
        "positive": numeric(n + 1),
        "fraction": numeric(n + 0.5),
        "negative": numeric(n - 3),
        "two": enum(n % 2, ["no", "yes"]),
        "three": enum(n % 3, ["u", "v", "w"]),
        "weight": numeric(n % 3 + 1),
        "weight_zeros": numeric(n % 2),
        "weight_negative": numeric(n - 1),
        "weight_none": numeric(n * 0),
        "weight_missing": numeric(np.where(n == 2, np.nan, n + 1.0)),
        "constant": numeric(n * 0 + 7),
        "missing": numeric(n * np.nan),
        "text": strings([f"row {i}" for i in n]),
        "time": times(n * 86_400_000),
    }
    return Frame(list(columns), list(columns.values()), "every_kind")


def context(y: str | None = "positive", x: list[str] | None = None, rows: int = ROWS) -> TrainingContext:
    """What validation gets for a training on the first rows of the frame."""
    frame = every_kind()
    columns = [column.take(slice(0, rows)) for column in frame.columns]
    return TrainingContext(Frame(frame.names, columns, frame.key), ["a", "b"] if x is None else x, y)
