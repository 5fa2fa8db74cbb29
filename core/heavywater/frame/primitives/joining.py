"""Joining frames by keys."""

from __future__ import annotations

from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ..columns._counting import paired
from ..columns.column import Column
from ..columns.keys import Keys, dense, plain_codes, row_keys, row_type, sorted_by
from ..columns.makers import enum, stack
from ..columns.orders import CodeOrder
from ..columns.parallel import for_each
from ..frame import Frame, unique_names
from .arguments import Items, column_positions, one_of
from .assignment import all_missing, blank
from .registry import primitive

_LARGEST = 2_000_000_000


class Picked(NamedTuple):
    """Rows of one of the frames.

    Attributes
    ----------
    rows : ndarray of int, or None
        Numbers of rows, -1 for none; with `order` places in this order. None: all of them in this order.
    order : CodeOrder, optional
    counts : ndarray of int, optional
        How often each of the `rows` comes one after the other; once by default. Never with `order`.
    """

    rows: Array | None
    order: CodeOrder | None = None
    counts: Array | None = None

    def total(self) -> int:
        """How many there are."""
        if self.counts is not None:
            return int(self.counts.sum())
        return len(self.numbers() if self.order is None else self.order if self.rows is None else self.rows)

    def numbers(self) -> Array:
        """Numbers of the rows in the frame."""
        if self.order is None:
            assert self.rows is not None  # what has no order
            return self.rows if self.counts is None else np.repeat(self.rows, self.counts)
        return self.order.rows if self.rows is None else self.order.rows.take(self.rows)

    def complete(self) -> bool:
        """Whether none is -1."""
        return self.order is not None or self.rows is None or bool((self.rows >= 0).all())


class Matches(NamedTuple):
    """Rows of two frames that belong together."""

    left: Picked
    right: Picked


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
    size = keys.size
    del keys
    if all_right and not all_left:
        found = Matches(*reversed(_matches(other, own, size, True, False)))
    else:
        found = _matches(own, other, size, all_left, all_right)
    del own, other
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
    places: Array | None
    left: Array
    right: Array
    order = places = None
    if CodeOrder.pays(len(own.codes), size) and not all_other:
        order = CodeOrder(plain_codes(Keys(own.codes, size)), size)
        starts = order.starts
    else:
        places, starts = sorted_by(Keys(own.codes, size))
    partners = None if other.known.all() else np.flatnonzero(other.known)
    codes = other.codes if partners is None else other.codes[partners]
    found, found_starts = sorted_by(Keys(codes, size))
    if partners is not None:
        found = partners.astype(found.dtype)[found]
    rows_of_key, partners_of_key = np.diff(starts), np.diff(found_starts)
    repeats = np.maximum(partners_of_key, 1) if all_own else partners_of_key
    total = int((rows_of_key * repeats).sum())
    if total > _LARGEST:
        raise InvalidArgument(
            f"merge: the result would have {total} rows; are the key columns the right ones?"
        )
    kind = row_type(len(own.codes) + len(other.codes))
    used = rows_of_key > 0
    if order is not None and (repeats[used] == 1).all():  # all rows move, and each has one partner at most
        partner: Array = np.full(size, -1, kind)
        partner[partners_of_key > 0] = found[found_starts[:-1][partners_of_key > 0]]
        return Matches(Picked(None, order), Picked(partner[used], None, rows_of_key[used]))
    if places is None:
        places = np.arange(len(own.codes), dtype=kind)
    left, right = np.empty(total, kind), np.empty(total, kind)
    paired(
        places.astype(kind, copy=False),
        starts,
        found.astype(kind, copy=False),
        found_starts,
        all_own,
        left,
        right,
    )
    if order is None:
        return (
            _with_lonely(left, right, own, other, size) if all_other else Matches(Picked(left), Picked(right))
        )
    if 2 * total < len(order):  # most rows need not move
        return Matches(Picked(order.rows.take(left)), Picked(right))
    return Matches(Picked(left, order), Picked(right))


def _with_lonely(left: Array, right: Array, own: Side, other: Side, size: int) -> Matches:
    """The pairs and the rows of the other frame that have no partner, in the order of keys."""
    used = np.zeros(len(other.codes), bool)
    used[right[right >= 0]] = True
    alone = np.flatnonzero(~used)
    codes = np.concatenate([own.codes[left], other.codes[alone]])
    moved, _ = sorted_by(Keys(codes, size))
    left = np.append(left, np.full(len(alone), -1))
    return Matches(Picked(left[moved]), Picked(np.append(right, alone)[moved]))


def _assembled(
    left: Frame, right: Frame, by_left: list[int], by_right: list[int], united: list[Column], found: Matches
) -> Frame:
    names = [left.names[i] for i in by_left]
    complete = found.left.complete()
    place = found.left
    if not complete:
        numbers, others = place.numbers(), found.right.numbers()
        place = Picked(np.where(numbers >= 0, numbers, left.nrow + others))
    wanted: list[tuple[Column, Picked, Array | None]] = [
        _key(left.columns[i], right.columns[j], place, found.right) if complete else (column, place, None)
        for i, j, column in zip(by_left, by_right, united, strict=True)
    ]
    for frame, keys, rows in ((left, by_left, found.left), (right, by_right, found.right)):
        beside = [i for i in range(frame.ncol) if i not in keys]
        names += unique_names([frame.names[i] for i in beside], names)
        gone = None
        if not rows.complete():
            numbers = rows.numbers()
            gone = numbers < 0
            rows = Picked(np.where(gone, 0, numbers))
        wanted += [(frame.columns[i], rows, gone) for i in beside]
    total = place.total()
    columns = for_each(lambda each: _taken(*each), wanted, total)
    return Frame(names, columns, nrow=total)


def _key(own: Column, other: Column, left: Picked, right: Picked) -> tuple[Column, Picked, None]:
    """A key column, and its rows: the partners have the same key, and rows that come one after the other need not move."""
    same = own.kind == other.kind == "int" and _is_plain(own) and _is_plain(other)
    if not same or right.counts is None or not right.complete():
        return own, left, None
    values = other.values.astype(own.values.dtype, copy=False)
    return Column("int", values).with_origin(own.origin), right, None


def _is_plain(column: Column) -> bool:
    """Whether the cells are an array and nothing beside it."""
    return not column.is_text and column.sparse is None and column.missing is None


def _taken(column: Column, picked: Picked, gone: Array | None) -> Column:
    """Rows of a column, missing where they are gone."""
    if picked.order is not None:
        column = column.take(picked.order)
        return column if picked.rows is None else column.take(picked.rows)
    if gone is None and picked.counts is not None and picked.rows is not None and _is_plain(column):
        few = column.take(picked.rows).values
        values = np.repeat(few, picked.counts)
        return Column(column.kind, values, None, column.levels).with_origin(column.origin)
    rows = picked.numbers()
    if gone is None:
        return column.take(rows)
    if not len(column):
        return all_missing(column, len(rows))
    if column.kind not in ("real", "enum"):
        return blank(column.take(rows), gone)
    values = column.values.take(rows)
    values[gone] = np.nan if column.kind == "real" else -1
    return Column(column.kind, values, None, column.levels)
