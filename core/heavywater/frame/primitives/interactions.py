"""The levels of several factors together as one factor."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.keys import grouped
from ..columns.makers import enum
from ..frame import Frame
from .arguments import Items, column_positions
from .registry import primitive

OTHER = "other"


@primitive("interaction")
def interaction(
    frame: Frame, factors: Items, pairwise: bool, max_factors: int, min_occurrence: int = 1
) -> Frame:
    """Factors of the combinations of levels, such as ``a_x`` of the levels a and x.

    Parameters
    ----------
    frame : Frame
    factors : list of str or int
        At least two enum columns (or one, whose rare levels are put together). Missing counts as the level ``NA``.
    pairwise : bool
        Whether there is a column for each pair of factors; otherwise there is one for all of them together.
    max_factors : int
        Number of levels, the most frequent ones; the others become ``other``.
    min_occurrence : int
        Combinations in fewer rows become ``other``.

    Returns
    -------
    Frame
        Columns named after their factors, joined by ``_``; levels by falling frequency.
    """
    positions = column_positions(frame, factors)
    if len(set(positions)) < len(positions) or not positions:
        raise InvalidArgument(f"interaction: factors {factors!r} must be different columns")
    if max_factors < 1 or min_occurrence < 1:
        raise InvalidArgument(
            f"interaction: max_factors {max_factors} and min_occurrence {min_occurrence} must be 1 or more"
        )
    for i in positions:
        if frame.columns[i].kind != "enum":
            raise InvalidType(
                f"interaction: column {frame.names[i]!r} is of type {frame.columns[i].kind}; use asfactor() first"
            )
    sets = list(combinations(positions, 2)) if pairwise and len(positions) > 1 else [tuple(positions)]
    names = ["_".join(frame.names[i] for i in chosen) for chosen in sets]
    columns = [_together([frame.columns[i] for i in chosen], max_factors, min_occurrence) for chosen in sets]
    return Frame(names, columns, nrow=frame.nrow)


def _together(columns: list[Column], most: int, least: int) -> Column:
    groups = grouped(columns)
    counts = np.bincount(groups.codes, minlength=groups.size)
    texts = [
        np.array([*(column.levels or ()), "NA"], dtype=object)[column.values[groups.first]]
        for column in columns
    ]
    labels = ["_".join(parts) for parts in zip(*texts, strict=True)]
    # H2O takes equally frequent pairs as they lie in its hash table, where the keys are made from both codes.
    codes = [np.maximum(column.values[groups.first].astype(np.int64), 0) for column in columns]
    ties = codes[0] ^ codes[1] if len(codes) == 2 else groups.first
    order = np.lexsort((groups.first, ties, -counts))
    kept = [number for number in order[:most].tolist() if counts[number] >= least]
    remap = np.full(groups.size, len(kept), np.int64)
    remap[kept] = np.arange(len(kept))
    levels = [labels[number] for number in kept]
    if len(kept) < groups.size:
        levels.append(OTHER)
    if len(set(levels)) < len(levels):
        raise InvalidArgument(
            "interaction: two combinations of levels have the same name; rename levels with '_' in them"
        )
    return enum(remap[groups.codes], levels)
