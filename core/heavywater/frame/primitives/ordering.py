"""Sorting, ranks and extremes."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ..columns.keys import Keys, dense, row_keys, sorted_by, sorting_order
from ..columns.makers import numeric
from ..frame import Frame, unique_names
from .arguments import Items, Numbers, column_positions, need_numeric
from .registry import primitive


def _directions(count: int, given: list[float], operation: str) -> list[bool]:
    if given and len(given) != count:
        raise InvalidArgument(f"{operation}: {len(given)} directions for {count} columns")
    for direction in given:
        if direction not in (1, -1, 0):
            raise InvalidArgument(
                f"{operation}: a direction must be 1 (ascending) or -1 (descending), got {direction}"
            )
    return [direction == 1 for direction in given] if given else [True] * count


@primitive("sort")
def sort(frame: Frame, columns: Items, ascending: Numbers = []) -> Frame:  # noqa: B006 (never changed)
    """Sort the rows by some columns. Missing comes first; equal rows stay in order.

    Parameters
    ----------
    frame : Frame
    columns : list of int or str
        The first one counts most. Enums are sorted by the number of the level, texts by bytes.
    ascending : list of float
        1 ascending or -1 descending for each column; empty: all ascending.

    Returns
    -------
    Frame
    """
    positions = column_positions(frame, columns)
    if not positions:
        raise InvalidArgument("sort: at least one column is needed")
    directions = _directions(len(positions), ascending, "sort")
    return frame.take(sorting_order([frame.columns[i] for i in positions], directions))


@primitive("rank_within_groupby")
def rank_within_group_by(
    frame: Frame,
    by: Items,
    sort_columns: Items,
    ascending: Numbers,
    new_name: str = "New_Rank_column",
    keep_sort_order: bool = False,
) -> Frame:
    """Number the rows of each group in the order of some columns, from 1 on.

    Parameters
    ----------
    frame : Frame
    by : list of int or str
        Columns whose values make the groups.
    sort_columns : list of int or str
        Columns to rank by, the first one counting most. Rows in which one is missing have no rank.
    ascending : list of float
        1 ascending or -1 descending for each; empty: all ascending.
    new_name : str
        Name of the new column.
    keep_sort_order : bool
        Whether the result is sorted by the sort columns only; otherwise by groups first.

    Returns
    -------
    Frame
        The frame sorted, with the new column.
    """
    groups, ranked = column_positions(frame, by), column_positions(frame, sort_columns)
    if not groups or not ranked:
        raise InvalidArgument("rank_within_group_by: columns to group by and columns to sort by are needed")
    directions = _directions(len(ranked), ascending, "rank_within_group_by")
    for i in (*groups, *ranked):
        if frame.columns[i].is_text:
            raise InvalidType(
                f"rank_within_group_by: column {frame.names[i]!r} is of type {frame.columns[i].kind}; use asfactor() first"
            )
    by_columns = [frame.columns[i] for i in ranked]
    order = sorting_order(by_columns, directions)
    keys = dense(row_keys([frame.columns[i] for i in groups]))
    in_groups, starts = sorted_by(Keys(keys.codes[order], keys.size))
    rows = order[in_groups]
    counted = ~np.logical_or.reduce([column.is_missing() for column in by_columns])[rows]
    upto = np.cumsum(counted)
    before = np.concatenate([[0], upto])[starts[:-1]]
    rank = np.where(counted, upto - before[keys.codes[rows]], np.nan)
    if keep_sort_order:
        by_row = np.empty(frame.nrow)
        by_row[rows] = rank
        rows, rank = order, by_row[order]
    sorted_frame = frame.take(rows)
    names = [*frame.names, *unique_names([new_name], frame.names)]
    return Frame(names, [*sorted_frame.columns, numeric(rank)])


@primitive("topn")
def topn(frame: Frame, column: int, percent: float, top_or_bottom: int) -> Frame:
    """The largest or smallest numbers of a column.

    Parameters
    ----------
    frame : Frame
    column : int
        Number of the column.
    percent : float
        How many, in percent of the rows.
    top_or_bottom : int
        1 the largest, falling; -1 the smallest, rising.

    Returns
    -------
    Frame
        ``Original_Row_Indices`` (from 0), and the numbers under the name of the column.
    """
    if not 0 < percent <= 100:
        raise InvalidArgument(f"topn: percent {percent} must lie above 0 and be at most 100")
    if top_or_bottom not in (1, -1):
        raise InvalidArgument(f"topn: {top_or_bottom} must be 1 (largest) or -1 (smallest)")
    single = frame.select(column_positions(frame, column))
    need_numeric(single, "topn")
    numbers = single.columns[0].numbers()
    present = np.flatnonzero(~np.isnan(numbers))
    count = round(frame.nrow * percent / 100)
    order = present[np.argsort(-top_or_bottom * numbers[present], kind="stable")][:count]
    return Frame(["Original_Row_Indices", single.names[0]], [numeric(order), single.columns[0].take(order)])
