"""What a table of columns shows of each: facts, and a small picture of how its cells are distributed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..arrays import Array
from .columns.column import Column
from .columns.column_statistics import ColumnStatistics
from .columns.figures import Figures
from .columns.number_statistics import NumberStatistics
from .sharded_frame import AnyFrame, ShardedFrame
from .summary import distribution_of, summary_of

CLASSES = 24  # of a small picture
FINE_CLASSES = 60  # of a large one
_KEPT = {
    CLASSES: "bars",
    FINE_CLASSES: "fine bars",
}  # what is remembered; of other numbers of classes it is not
_BLOCK = 2**18  # rows
_NARROW = 2  # bytes of whole numbers that are counted instead of looked at one by one


def profile(
    frame: AnyFrame, columns: list[int], most_cells: int | None = None
) -> list[dict[str, Any] | None]:
    """Facts about some columns, and small pictures of them.

    Parameters
    ----------
    frame : Frame or ShardedFrame
    columns : list of int
        Their positions.
    most_cells : int, optional
        Cells to be looked at: of columns beyond that only what is known already is told. At least one column is looked at.

    Returns
    -------
    list of dict or None
        ``label``, the fields of `summary_of`, and ``bars``, see `bars_of`; None of columns that were not looked at.
    """
    if isinstance(frame, ShardedFrame):
        names = frame.names
        return [{"label": names[i], **_told(frame.statistics[names[i]], None)} for i in columns]
    found: list[dict[str, Any] | None] = []
    left = frame.nrow if most_cells is None else max(most_cells, frame.nrow)
    for i in columns:
        column = frame.columns[i]
        if not column.remembers("bars"):
            if left < frame.nrow:
                found.append(None)
                continue
            left -= 0 if most_cells is None else frame.nrow
        bars = column.remembered("bars", bars_of)
        found.append({"label": frame.names[i], **_told(ColumnStatistics.of(column), bars)})
    return found


def distribution(frame: AnyFrame, position: int, classes: int, quantiles: bool) -> dict[str, Any]:
    """All that is known of a column.

    Parameters
    ----------
    frame : Frame or ShardedFrame
    position : int
    classes : int
        Of ``bars``, see `bars_of`.
    quantiles : bool
        Whether all numbers are put in order for their quantiles, where that was not done before.

    Returns
    -------
    dict
        As of `profile`, and ``smallest, largest, quantiles``, see `heavywater.frame.summary.Distribution`; None where that is not
        known.
    """
    name = frame.names[position]
    told: dict[str, Any] = {"label": name, "smallest": None, "largest": None, "quantiles": None}
    if isinstance(frame, ShardedFrame):
        statistics = frame.statistics[name]
        return {**told, **summary_of(statistics), "bars": _bars_of_levels(statistics, classes)}
    column = frame.columns[position]
    if quantiles or column.remembers("distribution"):
        found = distribution_of(column)
        told["smallest"], told["largest"] = list(found.smallest), list(found.largest)
        told["quantiles"] = list(found.quantiles)
    known_as = _KEPT.get(classes)
    bars = (
        column.remembered(known_as, lambda each: bars_of(each, classes))
        if known_as
        else bars_of(column, classes)
    )
    return {**told, **summary_of(ColumnStatistics.of(column)), "bars": bars}


def _told(statistics: ColumnStatistics, bars: dict[str, Any] | None) -> dict[str, Any]:
    if bars is None and statistics.levels is not None:
        bars = _bars_of_levels(statistics, CLASSES)
    return {**summary_of(statistics), "bars": bars}


def bars_of(column: Column, classes: int = CLASSES) -> dict[str, Any] | None:
    """How the cells of a column are distributed, in a few bars; None of texts, and where there is nothing.

    Parameters
    ----------
    column : Column
    classes : int
        At most so many.

    Returns
    -------
    dict
        ``counts``. Of a factor the most frequent ``levels``, and how many rows have ``others``; else ``base``, where the first
        class begins, and ``stride``, its width (a whole number where the numbers are; 0 where all are alike).
    """
    statistics = ColumnStatistics.of(column)
    if column.is_text or statistics.is_empty:
        return None
    if statistics.levels is not None:
        return _bars_of_levels(statistics, classes)
    figures = statistics.figures()
    if not figures.low <= figures.high:  # nothing finite
        return None
    base, stride, count = _classes(figures, column.kind in ("int", "time"), classes)
    counts = np.zeros(count, np.int64)
    for numbers, times in _numbers(column):
        with np.errstate(over="ignore", invalid="ignore"):
            place = (numbers - base) / stride if stride else np.zeros(len(numbers))
            if not np.isfinite(figures.high - figures.low):
                place = numbers / stride - base / stride
        np.clip(place, 0, count - 1, out=place)
        found = np.bincount(place.astype(np.intp), times, count)
        counts += found.astype(np.int64)
    return {"counts": counts.tolist(), "base": base, "stride": stride}


def _bars_of_levels(statistics: ColumnStatistics, classes: int) -> dict[str, Any] | None:
    known = statistics.levels
    if known is None or not sum(known.counts):
        return None
    counts = np.array(known.counts, np.int64)
    most = np.argsort(-counts, kind="stable")[:classes]
    return {
        "counts": counts[most].tolist(),
        "levels": [known.names[i] for i in most],
        "others": int(counts.sum() - counts[most].sum()),
    }


def _classes(figures: NumberStatistics, whole: bool, most: int) -> tuple[float, float, int]:
    """Where the first class begins, how wide each is, and how many there are."""
    low, high = float(figures.low), float(figures.high)
    if low == high:
        return low, 0.0, 1
    if whole:
        stride = float(-(-(int(high) - int(low) + 1) // most))
        return low, stride, int((high - low) // stride) + 1
    return low, high / most - low / most, most


def _numbers(column: Column) -> Iterator[tuple[Array, Array | None]]:
    """The finite numbers of a column in pieces; where that is quick, different ones and how often each occurs."""
    if column.sparse is not None or (column.kind == "int" and column.values.dtype.itemsize <= _NARROW):
        figures = Figures.of(column)
        yield figures.numbers, figures.counts
        return
    for first in range(0, len(column), _BLOCK):
        numbers = column.numbers(slice(first, first + _BLOCK))
        yield numbers[np.isfinite(numbers)], None


def level_counts(
    statistics: ColumnStatistics, first: int, count: int, by_count: bool, contains: str
) -> dict[str, Any]:
    """Some levels of a factor, and how many rows have each.

    Parameters
    ----------
    statistics : ColumnStatistics
    first, count : int
        The levels from `first` on, `count` of them.
    by_count : bool
        Whether the most frequent ones come first; else they stand in their own order.
    contains : str
        Only those in which this text occurs, in any case of its letters.

    Returns
    -------
    dict
        ``total``, how many levels could be shown; ``positions, levels, counts``. Empty where the column is no factor.
    """
    known = statistics.levels
    if known is None:
        return {"total": 0, "positions": [], "levels": [], "counts": []}
    sought = contains.casefold()
    places = np.arange(len(known.names))
    if sought:
        places = places[[sought in name.casefold() for name in known.names]]
    counts = np.array(known.counts, np.int64)
    if by_count:
        places = places[np.argsort(-counts[places], kind="stable")]
    shown = places[first : first + count]
    return {
        "total": len(places),
        "positions": shown.tolist(),
        "levels": [known.names[i] for i in shown],
        "counts": counts[shown].tolist(),
    }
