"""Joining frames by keys."""

from __future__ import annotations

from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ..columns._counting import paired
from ..columns.column import Column
from ..columns.keys import Keys, dense, row_keys, row_type, sorted_by
from ..columns.makers import enum, stack
from ..columns.parallel import for_each_column
from ..frame import Frame, unique_names
from .arguments import Items, column_positions, one_of
from .assignment import all_missing, blank
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
    keys = row_keys(united)
    if keys.size > 2 * len(keys.codes) + (1 << 16):
        keys = dense(keys)
    known = np.ones(len(keys.codes), bool)
    for column in united:
        if column.missing_count:
            known &= ~column.is_missing()
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
        common = [name for name in left.names if name in right]
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
        levels, more = left.levels or (), right.levels or ()
        if levels == more:
            return enum(np.concatenate([left.values, right.values]), levels)
        number = dict(zip(levels, range(len(levels)), strict=True))
        found = list(map(number.get, more, repeat(-1)))
        added = [level for level, place in zip(more, found, strict=True) if place < 0]
        remap = np.array([*found, -1], np.int32)
        remap[:-1][remap[:-1] < 0] = len(levels) + np.arange(len(added))
        return enum(np.concatenate([left.values.astype(np.int32), remap[right.values]]), [*levels, *added])
    try:
        return stack([left, right])
    except InvalidArgument as error:
        raise InvalidArgument(f"merge: key column {name!r}: {error}") from None


def _matches(own: Side, other: Side, size: int, all_own: bool, all_other: bool) -> Matches:
    """Pairs of rows with equal keys, in the order of keys, then of the own rows, then of the others.

    All of it follows from how many rows of each frame a key has: only sorting looks at single rows.
    """
    order, starts = sorted_by(Keys(own.codes, size))
    if other.known.all():
        found, found_starts = sorted_by(Keys(other.codes, size))
    else:
        partners = np.flatnonzero(other.known)
        places, found_starts = sorted_by(Keys(other.codes[partners], size))
        found = partners.astype(places.dtype)[places]
    rows_of_key, partners_of_key = np.diff(starts), np.diff(found_starts)
    repeats = np.maximum(partners_of_key, 1) if all_own else partners_of_key
    total = int((rows_of_key * repeats).sum())
    if total > _LARGEST:
        raise InvalidArgument(
            f"merge: the result would have {total} rows; are the key columns the right ones?"
        )
    kind = row_type(len(own.codes) + len(other.codes))
    matches = Matches(np.empty(total, kind), np.empty(total, kind))
    paired(
        order.astype(kind, copy=False),
        starts,
        found.astype(kind, copy=False),
        found_starts,
        all_own,
        *matches,
    )
    return _with_lonely(matches, own, other, size) if all_other else matches


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
    names = [left.names[i] for i in by_left]
    complete = (found.left >= 0).all()
    place = found.left if complete else np.where(found.left >= 0, found.left, left.nrow + found.right)
    wanted: list[tuple[Column, Array, Array | None]] = [
        (left.columns[i] if complete else column, place, None)
        for i, column in zip(by_left, united, strict=True)
    ]
    for frame, keys, rows in ((left, by_left, found.left), (right, by_right, found.right)):
        others = [i for i in range(frame.ncol) if i not in keys]
        names += unique_names([frame.names[i] for i in others], names)
        gone = rows < 0
        some = gone if gone.any() else None
        present = rows if some is None else np.where(some, 0, rows)
        wanted += [(frame.columns[i], present, some) for i in others]
    columns = for_each_column(lambda each: _taken(*each), wanted, len(place))
    return Frame(names, columns, nrow=len(place))


def _taken(column: Column, rows: Array, gone: Array | None) -> Column:
    """Rows of a column, missing where they are gone."""
    if gone is None:
        return column.take(rows)
    if not len(column):
        return all_missing(column, len(rows))
    if column.kind not in ("real", "enum"):
        return blank(column.take(rows), gone)
    values = column.values.take(rows)
    values[gone] = np.nan if column.kind == "real" else -1
    return Column(column.kind, values, None, column.levels)
