"""Tables of metrics as plain dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Floats

Table = dict[str, Any]


def table(
    name: str, description: str, columns: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Table:
    """Build a table of columns, their types (string, int, long, float, double) and rows of plain values."""
    return {
        "name": name,
        "description": description,
        "columns": list(columns),
        "types": list(types),
        "rows": [list(row) for row in rows],
    }


def plain(values: Floats, integral: bool = False) -> list[Any]:
    """Convert an array to Python numbers, whole ones to int where asked for (NaN stays a float)."""
    if integral:
        return [value if np.isnan(value) else int(value) for value in values.tolist()]
    return list(values.tolist())


def per_class_errors(counts: Floats) -> Floats:
    """Share of each row of a confusion matrix that is off the diagonal, NaN where the class has no rows."""
    sums = counts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((sums - np.diag(counts)) / sums, dtype=np.float64)


def mean_per_class_error(counts: Floats) -> float:
    """Mean over all classes of the per-class error; a class without rows counts 0."""
    return float(np.nan_to_num(per_class_errors(counts)).mean())


def error_rate(counts: Floats) -> float:
    """Share of everything in a confusion matrix that is off the diagonal."""
    total = counts.sum()
    return float((total - np.trace(counts)) / total) if total > 0 else float("nan")


def confusion_table(counts: Floats, domain: Sequence[str], integral: bool = True) -> Table:
    """Confusion matrix table: actual classes down, predicted across, errors and rates, a last row of totals.

    Parameters
    ----------
    counts
        Shape (classes, classes), rows are actual classes.
    domain
        Names of the classes.
    integral
        Whether the counts are whole numbers (else they are sums of weights with decimals).
    """
    sums = counts.sum(axis=1)
    wrong = sums - np.diag(counts)
    rows = [
        [*plain(counts[k], integral), error, _rate(wrong[k], sums[k], 0 if integral else 4)]
        for k, error in enumerate(per_class_errors(counts).tolist())
    ]
    total_rate = _rate(wrong.sum(), sums.sum(), 0 if integral else 2)
    rows.append([*plain(counts.sum(axis=0), integral), error_rate(counts), total_rate])
    number = "long" if integral else "double"
    return table(
        "Confusion Matrix",
        "Rows: actual class; columns: predicted class",
        [*domain, "Error", "Rate"],
        [number] * len(domain) + ["double", "string"],
        rows,
    )


def _rate(wrong: float, total: float, decimals: int) -> str:
    return f"{wrong:,.{decimals}f} / {total:,.{decimals}f}"
