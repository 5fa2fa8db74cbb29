"""Random frames, each with the same table in pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.frame import Frame
from hypothesis import strategies as st

LEVELS = ["b", "a", "é"]
WORDS = ["", "b", "alpha beta", "ß", "10", "B"]
STAMPS = [0, -1000, 951827445123, 1709164801000]
# Numbers whose sums and squares are exact, so that the order of adding does not show.
NUMBERS = [0.0, 1.0, -1.0, 2.5, -0.5, 3.0, 1024.0]


def columns(
    kinds: dict[str, str], max_rows: int, min_rows: int = 0
) -> st.SearchStrategy[dict[str, list[Any]]]:
    """Cells of columns: number, whole, level, text or time; None is missing."""
    cells: dict[str, list[Any]] = {
        "number": NUMBERS,
        "whole": [0, 1, 2, -3],
        "level": LEVELS,
        "text": WORDS,
        "time": STAMPS,
    }

    def filled(nrow: int) -> st.SearchStrategy[dict[str, list[Any]]]:
        return st.fixed_dictionaries(
            {
                name: st.lists(st.none() | st.sampled_from(cells[kind]), min_size=nrow, max_size=nrow)
                for name, kind in kinds.items()
            }
        )

    return st.integers(min_rows, max_rows).flatmap(filled)


def frame_of(kinds: dict[str, str], cells: dict[str, list[Any]]) -> Frame:
    """The cells as a frame."""
    made = []
    for name, kind in kinds.items():
        values = cells[name]
        if kind == "level":
            made.append(enum(np.array([-1 if v is None else LEVELS.index(v) for v in values], int), LEVELS))
        elif kind == "text":
            made.append(strings(values))
        elif kind == "time":
            absent = np.array([v is None for v in values], bool)
            made.append(times(np.array([v or 0 for v in values], np.int64), absent))
        else:
            made.append(numeric(np.array([np.nan if v is None else v for v in values], float)))
    nrow = len(next(iter(cells.values()))) if cells else 0
    return Frame(list(kinds), made, nrow=nrow)


def table_of(kinds: dict[str, str], cells: dict[str, list[Any]]) -> pd.DataFrame:
    """The cells as a data frame; levels by their number, missing as -1 (so that it sorts first)."""
    data = {}
    for name, kind in kinds.items():
        if kind == "level":
            data[name] = pd.Series([-1 if v is None else LEVELS.index(v) for v in cells[name]], dtype=int)
        elif kind == "text":
            data[name] = pd.Series(["" if v is None else f"+{v}" for v in cells[name]], dtype=object)
        else:
            data[name] = pd.Series([np.nan if v is None else float(v) for v in cells[name]], dtype=float)
    return pd.DataFrame(data)


def codes_of(frame: Frame) -> pd.DataFrame:
    """A frame as `table_of` has it."""
    data = {}
    for name, column in zip(frame.names, frame.columns, strict=True):
        if column.kind == "enum":
            levels = column.levels or ()
            data[name] = pd.Series(
                [-1 if code < 0 else LEVELS.index(levels[code]) for code in column.values], dtype=int
            )
        elif column.is_text:
            data[name] = pd.Series(["" if v is None else f"+{v}" for v in column.texts()], dtype=object)
        else:
            data[name] = pd.Series(column.numbers().astype(float), dtype=float)
    return pd.DataFrame(data, index=range(frame.nrow))
