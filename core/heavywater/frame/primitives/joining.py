"""Joining frames by keys."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...errors import InvalidArgument
from ..columns import Array, Column, enum, stack
from ..frame import Frame, unique_names
from ..keys import Keys, dense, row_keys, sorted_by
from .arguments import Items, column_positions, one_of
from .indexing import all_missing, blank
from .registry import primitive

_LARGEST = 2_000_000_000


class Matches(NamedTuple):
    """Rows of two frames that belong together, -1 where there is no partner."""

    left: Array
    right: Array


class Side(NamedTuple):
    """The rows of one of the frames: codes of their keys, and whether a key is free of missing cells."""

    codes: Array
    known: Array


@primitive("merge")
def merge(
    left: Frame,
    right: Frame,
    all_left: bool,
    all_right: bool,
    by_left: Items,
    by_right: Items,
    method: str = "auto",
) -> Frame:
    """Join two frames by the values of some columns. A missing key has no partner.

    Parameters
    ----------
    left, right : Frame
    all_left, all_right : bool
        Whether rows without a partner in the other frame are kept, with missing cells for its columns.
    by_left, by_right : list of int or str
        The key columns of each frame; empty: those whose names occur in both.
    method : str
        auto, radix or hash. All join in the same way and give the same result.

    Returns
    -------
    Frame
        The key columns under the names of the left frame, then the other columns of the left and of the right
        one (a name that occurs twice gets a number appended), in the order of keys, missing first. Rows of equal
        keys are in the order of the left frame, then of the right one; with `all_right` alone in that of the right
        one, then of the left one.
    """
    one_of(method, ("auto", "radix", "hash"), "merge: method")
    keys_left, keys_right = _key_columns(left, right, by_left, by_right)
    united = [
        _united(left.columns[i], right.columns[j], left.names[i])
        for i, j in zip(keys_left, keys_right, strict=True)
    ]
    keys = dense(row_keys(united))
    known = ~np.logical_or.reduce([column.is_missing() for column in united])
    own, other = (
        Side(keys.codes[: left.nrow], known[: left.nrow]),
        Side(keys.codes[left.nrow :], known[left.nrow :]),
    )
    if all_right and not all_left:
        turned = _matches(other, own, keys.size, True, False)
        found = Matches(turned.right, turned.left)
    else:
        found = _matches(own, other, keys.size, all_left, all_right)
    return _assembled(left, right, keys_left, keys_right, united, found)


def _key_columns(
    left: Frame, right: Frame, by_left: list[Any], by_right: list[Any]
) -> tuple[list[int], list[int]]:
    if not by_left and not by_right:
        common = [name for name in left.names if name in right.names]
        if not common:
            raise InvalidArgument("merge: the frames have no column name in common; give by_x and by_y")
        return [left.index(name) for name in common], [right.index(name) for name in common]
    first, second = column_positions(left, by_left), column_positions(right, by_right)
    if len(first) != len(second) or not first:
        raise InvalidArgument(f"merge: {len(first)} key columns on the left, {len(second)} on the right")
    return first, second


def _united(left: Column, right: Column, name: str) -> Column:
    """Two key columns one below the other; levels of the left come first, in their order."""
    if left.kind == right.kind == "enum":
        levels = list(left.levels or ())
        number = {level: i for i, level in enumerate(levels)}
        for level in right.levels or ():
            if number.setdefault(level, len(levels)) == len(levels):
                levels.append(level)
        remap = np.array([*(number[level] for level in right.levels or ()), -1], np.int32)
        return enum(np.concatenate([left.values.astype(np.int32), remap[right.values]]), levels)
    try:
        return stack([left, right])
    except InvalidArgument as error:
        raise InvalidArgument(f"merge: key column {name!r}: {error}") from None


def _matches(own: Side, other: Side, size: int, all_own: bool, all_other: bool) -> Matches:
    """Pairs of rows with equal keys, in the order of keys, then of the own rows, then of the others."""
    partners = np.flatnonzero(other.known)
    if (np.bincount(other.codes[partners], minlength=size) <= 1).all():
        matches = _single_matches(own, other.codes[partners], partners, size, all_own)
        return _with_lonely(matches, own, other, size) if all_other else matches
    order, _ = sorted_by(Keys(own.codes, size))
    other_order, starts = sorted_by(Keys(other.codes[partners], size))
    codes = own.codes[order]
    count = np.where(own.known[order], starts[codes + 1] - starts[codes], 0)
    repeats = np.maximum(count, 1) if all_own else count
    total = int(repeats.sum())
    if total > _LARGEST:
        raise InvalidArgument(
            f"merge: the result would have {total} rows; are the key columns the right ones?"
        )
    rows = np.repeat(order, repeats)
    within = np.arange(total) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    has = np.repeat(count > 0, repeats)
    place = np.where(has, np.repeat(starts[codes], repeats) + within, 0)
    found = partners[other_order] if len(partners) else np.full(1, -1)
    matches = Matches(rows, np.where(has, found[place], -1))
    return _with_lonely(matches, own, other, size) if all_other else matches


def _single_matches(own: Side, codes: Array, other_rows: Array, size: int, all_own: bool) -> Matches:
    """The pairs where every key has one partner at most: nothing is repeated, so they are found in one look."""
    partner = np.full(size, -1, np.int32 if other_rows.max(initial=0) < 2**31 else np.int64)
    partner[codes] = other_rows
    found: Array = partner.take(own.codes)
    if not own.known.all():
        found[~own.known] = -1
    kept = None if all_own or (found >= 0).all() else np.flatnonzero(found >= 0)
    order, _ = sorted_by(Keys(own.codes if kept is None else own.codes[kept], size))
    rows = order.astype(np.intp) if kept is None else kept.take(order)
    return Matches(rows, found.take(rows).astype(np.intp))


def _with_lonely(matches: Matches, own: Side, other: Side, size: int) -> Matches:
    """The pairs and the rows of the other frame that have no partner, in the order of keys."""
    used = np.zeros(len(other.codes), bool)
    used[matches.right[matches.right >= 0]] = True
    alone = np.flatnonzero(~used)
    codes = np.concatenate([own.codes[matches.left], other.codes[alone]])
    moved, _ = sorted_by(Keys(codes, size))
    left = np.append(matches.left, np.full(len(alone), -1))
    return Matches(left[moved], np.append(matches.right, alone)[moved])


def _assembled(
    left: Frame, right: Frame, by_left: list[int], by_right: list[int], united: list[Column], found: Matches
) -> Frame:
    place = np.where(found.left >= 0, found.left, left.nrow + found.right)
    names, columns = [], []
    complete = (found.left >= 0).all()
    for i, column in zip(by_left, united, strict=True):
        names.append(left.names[i])
        columns.append(left.columns[i].take(found.left) if complete else column.take(place))
    for frame, keys, rows in ((left, by_left, found.left), (right, by_right, found.right)):
        for i in range(frame.ncol):
            if i not in keys:
                names += unique_names([frame.names[i]], names)
                columns.append(_taken(frame.columns[i], rows))
    return Frame(names, columns, nrow=len(place))


def _taken(column: Column, rows: Array) -> Column:
    """Rows of a column, missing where the row is -1."""
    gone = rows < 0
    if not gone.any():
        return column.take(rows)
    if not len(column):
        return all_missing(column, len(rows))
    return blank(column.take(np.where(gone, 0, rows)), gone)
