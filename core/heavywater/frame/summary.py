"""Counts, moments and levels of columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from .columns import Column
from .frame import Frame


def summarize(column: Column) -> dict[str, Any]:
    """Facts about one column.

    Returns
    -------
    dict
        ``type, missing, zeros, positive_inf, negative_inf, min, max, mean, sigma, cardinality``. Infinities
        are counted apart and left out of min and max. An enum is described through its level numbers; text
        columns have NaN for all moments. ``cardinality`` is the number of levels, or None.
    """
    kind = "int" if column.kind == "bad" else column.kind
    nan = float("nan")
    facts: dict[str, Any] = {
        "type": kind,
        "missing": column.missing_count,
        "zeros": 0,
        "positive_inf": 0,
        "negative_inf": 0,
        "min": nan,
        "max": nan,
        "mean": nan,
        "sigma": nan,
        "cardinality": len(column.levels) if column.levels is not None else None,
    }
    if column.is_text or column.missing_count == len(column):
        return facts
    numbers = column.numbers()
    present = numbers[~np.isnan(numbers)] if column.missing_count else numbers
    facts["zeros"] = int(np.count_nonzero(present == 0))
    finite = present
    if column.kind == "real":
        infinite = np.isinf(present)
        if infinite.any():
            facts["positive_inf"] = int(np.count_nonzero(present == np.inf))
            facts["negative_inf"] = int(np.count_nonzero(present == -np.inf))
            finite = present[~infinite]
    if len(finite):
        with np.errstate(over="ignore"):
            facts.update(min=float(finite.min()), max=float(finite.max()), mean=float(finite.mean()))
            facts["sigma"] = float(finite.std(ddof=1)) if len(finite) > 1 else 0.0
    return facts


def summary_table(frame: Frame, columns: int | None = None) -> dict[str, Any]:
    """Facts about the columns of a frame as a table, one column of the frame per row.

    Parameters
    ----------
    frame : Frame
    columns : int, optional
        Only the first so many.

    Returns
    -------
    dict
        ``name, description, columns, types, rows``.
    """
    rows = []
    for name, column in list(zip(frame.names, frame.columns, strict=True))[:columns]:
        facts = summarize(column)
        moments = [_shown(facts[k], column) for k in ("min", "mean", "max")]
        sigma = None if column.kind in ("enum", "time") else _shown(facts["sigma"], None)
        rows.append(
            [name, facts["type"], facts["missing"], facts["zeros"], *moments, sigma, _levels_text(column)]
        )
    return {
        "name": "Frame summary",
        "description": f"{frame.nrow} rows x {frame.ncol} columns",
        "columns": ["column", "type", "missing", "zeros", "min", "mean", "max", "sigma", "levels"],
        "types": ["string", "string", "int", "int", "string", "string", "string", "double", "string"],
        "rows": rows,
    }


def _shown(value: float, column: Column | None) -> Any:
    if column is not None and column.kind == "enum":
        return None
    if value != value:
        return None
    if column is not None and column.kind == "time":
        return str(np.datetime64(round(value), "ms")).replace("T", " ")
    return value


def _levels_text(column: Column) -> str:
    levels = column.levels
    if levels is None:
        return ""
    shown = ", ".join(level if len(level) <= 20 else level[:17] + "..." for level in levels[:3])
    return f"{len(levels)}: {shown}" + (", ..." if len(levels) > 3 else "")
