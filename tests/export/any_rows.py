"""Rows of every kind, as hypothesis draws them, for models with two factors and two numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import strategies as st

from .export_cases import COLOURS

NUMBERS = st.one_of(
    st.floats(-1e6, 1e6), st.sampled_from([np.nan, np.inf, -np.inf, 1e300, -1e300, 0.0, -0.0, 5e-324])
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from([*COLOURS, "mauve", "", None]),
        st.sampled_from(["level 3", "none", None]),
        NUMBERS,
        NUMBERS,
    ),
    max_size=5,
)


def frame_of(rows: Sequence[tuple[Any, ...]]) -> Frame:
    """Columns "colour" and "many", "x" and "y", in another order; an empty text is missing, as None is."""
    colours, many, x, y = zip(*rows, strict=True) if rows else ((), (), (), ())
    columns = [numeric(np.array(y, float)), _texts(colours), _texts(many), numeric(np.array(x, float))]
    return Frame(["y", "colour", "many", "x"], columns)


def _texts(values: Sequence[str | None]) -> Column:
    levels = sorted({each for each in values if each})
    return enum(np.array([levels.index(each) if each else -1 for each in values], int), levels)
