"""Counts, moments, quantiles and levels of columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .columns.column import STRING_KINDS, Column
from .columns.column_statistics import ColumnStatistics
from .columns.figures import Figures
from .frame import Frame

QUANTILES = (
    0.001, 0.01, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.4, 0.5, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.9, 0.99, 0.999,
)  # fmt: skip
_EXTREMES = 5
_BARS = " ▁▂▃▄▅▆▇█"
_BINS = 10
_SHOWN_LEVELS = 3
_NAN = float("nan")

Ends = tuple[tuple[float, ...], tuple[float, ...]]  # the smallest ones ascending, the largest ones descending


def summarize(column: Column) -> dict[str, Any]:
    """Facts about one column, worked out at the first call.

    Returns
    -------
    dict
        ``type, missing, zeros, positive_inf, negative_inf, min, max, mean, sigma, cardinality``. Infinities
        are counted apart and left out of min and max. An enum is described through its level numbers, but has no
        mean and sigma where it has more than two; text columns have NaN for all moments. ``cardinality`` is the number of levels, or None.
    """
    return dict(column.remembered("summary", _summarized))


def _summarized(column: Column) -> dict[str, Any]:
    return summary_of(ColumnStatistics.of(column))


def summary_of(statistics: ColumnStatistics) -> dict[str, Any]:
    """The facts of `summarize` about a column whose cells may lie elsewhere."""
    known = statistics.levels
    facts: dict[str, Any] = {
        "type": "int" if statistics.kind == "bad" else statistics.kind,
        "missing": statistics.missing,
        "zeros": 0,
        "positive_inf": 0,
        "negative_inf": 0,
        "min": _NAN,
        "max": _NAN,
        "mean": _NAN,
        "sigma": _NAN,
        "cardinality": None if known is None else len(known.names),
    }
    if statistics.kind in STRING_KINDS or statistics.is_empty:
        return facts
    figures = statistics.figures()
    facts |= {"zeros": figures.zeros, "min": figures.low, "max": figures.high}
    facts |= {"positive_inf": figures.sums.above, "negative_inf": figures.sums.below}
    if (known is None or len(known.names) <= 2) and figures.sums.count:  # see `has_mean`
        facts["mean"], facts["sigma"] = figures.sums.finite_mean(), figures.sums.finite_deviation()
    return facts


def facts_of_columns(frame: Frame, quantiles: bool = True) -> list[dict[str, Any]]:
    """Facts about each column under the names that H2O's server uses.

    Parameters
    ----------
    frame : Frame
    quantiles : bool
        Whether there are quantiles, for which the numbers have to be put in order.

    Returns
    -------
    list of dict
        ``label, type, missing_count, zero_count, positive_infinity_count, negative_infinity_count, mins, maxs``
        (the five smallest and largest), ``mean, sigma, percentiles`` (at `QUANTILES`)``, domain,
        domain_cardinality``.
    """
    return [_facts(name, column, quantiles) for name, column in zip(frame.names, frame.columns, strict=True)]


def _facts(name: str, column: Column, quantiles: bool) -> dict[str, Any]:
    facts = summarize(column)
    smallest, largest = column.remembered("extremes", _extremes)
    shares = {"percentiles": list(distribution_of(column).quantiles)} if quantiles else {}
    return {
        "label": name,
        "type": facts["type"],
        "missing_count": facts["missing"],
        "zero_count": facts["zeros"],
        "positive_infinity_count": facts["positive_inf"],
        "negative_infinity_count": facts["negative_inf"],
        "mins": list(smallest),
        "maxs": list(largest),
        "mean": facts["mean"],
        "sigma": facts["sigma"],
        **shares,
        "domain": list(column.levels) if column.levels is not None else None,
        "domain_cardinality": facts["cardinality"] or 0,
    }


@dataclass(frozen=True)
class Distribution:
    """How the numbers of a column are distributed.

    Attributes
    ----------
    smallest, largest : tuple of float
        The five smallest and largest, from the outside.
    quantiles : tuple of float
        At `QUANTILES`; missing of factors and texts.
    histogram : tuple of int
        How many fall into each of ten equally wide classes; empty where there are none: of factors, texts, and numbers that
        are all alike.
    """

    smallest: tuple[float, ...] = ()
    largest: tuple[float, ...] = ()
    quantiles: tuple[float, ...] = (_NAN,) * len(QUANTILES)
    histogram: tuple[int, ...] = ()


def distribution_of(column: Column) -> Distribution:
    """The distribution of a column, worked out at the first call."""
    found: Distribution = column.remembered("distribution", _distribution)
    return found


def _extremes(column: Column) -> Ends:
    """The five smallest and largest numbers."""
    figures = None if column.is_text else Figures.of(column)
    return _ends(figures) if figures is not None and figures.size else ((), ())


def _ends(figures: Figures) -> Ends:
    return tuple(figures.smallest(_EXTREMES)), tuple(figures.largest(_EXTREMES))


def _distribution(column: Column) -> Distribution:
    figures = None if column.is_text else Figures.of(column)
    if figures is None or not figures.size:
        return Distribution()
    low, high = figures.numbers[[0, -1]]  # in order: so the others are found quickly, too
    smallest, largest = column.remembered("extremes", lambda _: _ends(figures))
    if column.kind == "enum":
        return Distribution(smallest, largest)
    classes = tuple(figures.histogram(_BINS)) if 0 < high - low < np.inf else ()
    return Distribution(smallest, largest, tuple(figures.quantiles(QUANTILES)), classes)


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
        ``name, description, columns, types, rows``. The last column shows the distribution: bars of a histogram of ten
        classes from min to max, or the most frequent levels with their shares.
    """
    rows = [_row(n, c) for n, c in list(zip(frame.names, frame.columns, strict=True))[:columns]]
    return {
        "name": "Frame summary",
        "description": f"{frame.nrow} rows x {frame.ncol} columns",
        "columns": [
            "column", "type", "missing", "zeros", "min", "25%", "median", "75%", "max", "mean", "sigma", "distribution",
        ],
        "types": ["string", "string", "int", "int", *["string"] * 6, "double", "string"],
        "rows": rows,
    }  # fmt: skip


def _row(name: str, column: Column) -> list[Any]:
    return [name, *column.remembered("row", _figures_row)]


def _figures_row(column: Column) -> list[Any]:
    facts = summarize(column)
    head = [facts["type"], facts["missing"], None if column.is_text else facts["zeros"]]
    if column.kind == "enum":
        return [*head, *[None] * 7, _levels_text(column)]
    if column.is_text or column.missing_count == len(column):
        return [*head, *[None] * 7, _texts_text(column)]
    distribution = distribution_of(column)
    if not distribution.smallest:
        return [*head, *[None] * 7, ""]
    quartiles = [distribution.quantiles[QUANTILES.index(share)] for share in (0.25, 0.5, 0.75)]
    shown = [facts["min"], *quartiles, facts["max"], facts["mean"]]
    sigma = None if column.kind == "time" else facts["sigma"]
    return [*head, *(_shown(figure, column) for figure in shown), sigma, _bars(distribution.histogram)]


def _shown(value: float, column: Column) -> Any:
    if column.kind == "time":
        return str(np.datetime64(round(value), "ms")).replace("T", " ")
    return value


def _bars(histogram: Sequence[int]) -> str:
    """A histogram in one line."""
    most = max(histogram, default=1)
    return "".join(_BARS[math.ceil(count / most * (len(_BARS) - 1))] for count in histogram)


def _levels_text(column: Column) -> str:
    levels = column.levels or ()
    known = ColumnStatistics.of(column).levels
    counts = np.array(known.counts if known is not None else (), np.int64)
    most = np.argsort(-counts, kind="stable")[:_SHOWN_LEVELS]
    shown = ", ".join(f"{_short(levels[i])} {counts[i] / max(1, len(column)):.0%}" for i in most)
    plural = "s" * (len(levels) != 1)
    return f"{len(levels)} level{plural}: {shown}" + (", ..." if len(levels) > _SHOWN_LEVELS else "")


def _texts_text(column: Column) -> str:
    if not column.is_text or column.missing_count == len(column):
        return ""
    first = column.values[int(np.argmin(column.is_missing()))]
    return f"such as {_short(str(first))}"


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:17] + "..."
