"""Numbers for rows by equal keys, on which grouping, joining and sorting rest.

A key of one or more columns becomes one integer for each row: equal keys have equal codes, and the order of
codes is the order of keys (missing first, then by value; levels by their number, texts by bytes). What follows is
counting over small integers, which needs neither hashing nor comparing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...arrays import Array
from . import _counting
from .column import Column
from .makers import factor

_LARGEST = 2**62
_SAMPLE = 10_000
_SORTED_FROM = 0.9  # share of different values among the looked at from which sorting is as quick as a table


class Keys(NamedTuple):
    """Codes of rows.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        From 0 to ``size`` - 1; not every number need occur.
    size : int
    """

    codes: Array
    size: int


class Groups(NamedTuple):
    """Rows by key.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Number of each row's group, from 0 in the order of keys.
    size : int
        How many groups there are.
    first : ndarray of int, shape (size,)
        First row of each group.
    """

    codes: Array
    size: int
    first: Array


def column_keys(column: Column, *, gap: bool = True) -> Keys:
    """Keys of one column; 0 is missing, and without `gap` the least value where nothing is missing."""
    if column.is_text:
        column = factor(column)
    if column.kind == "bad" or not len(column):
        return Keys(np.zeros(len(column), np.int8), 1)
    first = int(gap or column.missing_count > 0)
    if column.kind == "enum":
        # One more than the level fits: the largest level of each type of codes is one below its limit.
        codes = column.values + column.values.dtype.type(1) if first else column.values
        return Keys(codes, len(column.levels or ()) + first)
    if column.kind == "real":
        return _wide_keys(column.values, column.is_missing() if column.missing_count else None, first)
    values, missing = column.values, column.missing
    present = values if missing is None else values[~missing]
    if not len(present):
        return Keys(np.zeros(len(column), np.int8), 1)
    low, high = int(present.min()), int(present.max())
    if high - low > max(4 * len(column), 1 << 16):
        return _wide_keys(values, missing, first)
    size = high - low + 1 + first
    small = max(size, high, 1 - low) < 2**31
    codes = np.subtract(values, low - first, dtype=np.int32 if small else np.int64, casting="unsafe")
    if missing is not None:
        codes[missing] = 0
    return Keys(codes if small or size >= 2**31 else codes.astype(np.int32), size)


def _wide_keys(values: Array, missing: Array | None, first: int) -> Keys:
    """Keys of numbers that are too far apart to count over, from `first` on."""
    if missing is None:
        codes, count = ranks(values)
        return Keys(codes + first if first else codes, count + first)
    present = np.flatnonzero(~missing)
    ranked, count = ranks(values[present])
    codes = np.zeros(len(values), np.int64)
    codes[present] = ranked + 1
    return Keys(codes, count + 1)


def ranks(values: Array) -> tuple[Array, int]:
    """Number of each value among the distinct ones in order, and how many distinct ones there are."""
    if not len(values):
        return np.zeros(0, np.int64), 0
    if _share_of_different(values) < _SORTED_FROM:
        return _by_table(values)
    codes: Array = np.empty(len(values), row_type(len(values)))
    plain = np.ascontiguousarray(values, np.float64 if values.dtype.kind == "f" else np.int64)
    return codes, _counting.numbered(plain, np.argsort(values), codes)


def _by_table(values: Array) -> tuple[Array, int]:
    """The same by a hash table, which is far quicker than sorting where values repeat."""
    real = values.dtype.kind == "f"
    # a zero of either sign is the same value, so it must have the same bits
    bits = (
        (values.astype(np.float64) + 0.0).view(np.int64) if real else np.ascontiguousarray(values, np.int64)
    )
    codes, different = _counting.distinct(bits)
    number: Array = np.empty(len(different), np.int32)
    number[np.argsort(different.view(np.float64) if real else different)] = np.arange(len(different))
    _counting.renumber(codes, number)
    return codes, len(different)


def _share_of_different(values: Array) -> float:
    """How many of some values are different from the others; 1 where there are few values."""
    if len(values) <= 4 * _SAMPLE:
        return 1.0
    sample = values[:: len(values) // _SAMPLE]
    return len(np.unique(sample)) / len(sample)


def _repeat(values: Array) -> bool:
    """Whether there are many values, most of which occur again and again."""
    return _share_of_different(values) < 0.5


def row_keys(columns: Sequence[Column], nrow: int = 0) -> Keys:
    """Keys of rows over several columns, the first one varying slowest; all equal without columns."""
    result = Keys(np.zeros(len(columns[0]) if columns else nrow, np.int8), 1)
    for column in columns:
        result = joined(result, column_keys(column, gap=False))
    return result


def joined(slow: Keys, fast: Keys) -> Keys:
    """Keys of pairs of keys."""
    if slow.size * fast.size > _LARGEST:
        slow, fast = dense(slow), dense(fast)
    size = slow.size * fast.size
    if slow.size == 1:
        return Keys(fast.codes, size)
    codes = slow.codes.astype(np.int32 if size < 2**31 else np.int64)
    np.multiply(codes, fast.size, out=codes)
    np.add(codes, fast.codes, out=codes)
    return Keys(codes, size)


def dense(keys: Keys) -> Keys:
    """Keys without gaps: every code below ``size`` occurs."""
    return _dense(keys, owned=False)[0]


def _dense(keys: Keys, *, owned: bool) -> tuple[Keys, Array]:
    """Keys without gaps, and the first row of each code; `owned`: nobody else needs the codes as they are."""
    if keys.size > max(4 * len(keys.codes), 1 << 16):
        keys = Keys(*ranks(keys.codes))
    codes = plain_codes(keys)
    first = _counting.first_rows(codes, keys.size)
    occurs = first >= 0
    if occurs.all():
        return Keys(codes, keys.size), first
    if codes is keys.codes and not owned:
        codes = codes.copy()
    _counting.renumber(codes, (np.cumsum(occurs) - 1).astype(np.int32))
    return Keys(codes, int(occurs.sum())), first[occurs]


def plain_codes(keys: Keys) -> Array:
    """The codes in a type that compiled code takes: int32, or int64 where there are more."""
    kind = np.int32 if keys.size <= 2**31 else np.int64
    return np.ascontiguousarray(keys.codes, kind)


def grouped(columns: Sequence[Column], nrow: int = 0) -> Groups:
    """Rows of equal keys together, in the order of keys."""
    keys, first = _dense(row_keys(columns, nrow), owned=True)
    return Groups(keys.codes, keys.size, first)


def row_type(n: int) -> type:
    """The narrowest type for numbers of so many rows."""
    return np.int32 if n < 2**31 else np.int64


def sorted_by(keys: Keys) -> tuple[Array, Array]:
    """Rows in the order of their codes, and where each code begins.

    A counting sort, so rows of equal codes stay in order. Worth it where ``size`` is not far above the number
    of rows.

    Returns
    -------
    order : ndarray of int, shape (n,)
    starts : ndarray of int, shape (size + 1,)
    """
    order: Array = np.empty(len(keys.codes), row_type(len(keys.codes)))
    return order, _counting.sorted_rows(plain_codes(keys), keys.size, order)


def sorting_order(columns: Sequence[Column], ascending: Sequence[bool]) -> Array:
    """Rows in the order of some columns, the first one counting most.

    Missing comes first, whatever the direction; rows that are equal stay in order.

    Parameters
    ----------
    columns : sequence of Column
    ascending : sequence of bool
        Direction for each column.

    Returns
    -------
    ndarray of int
    """
    order = _order_of_reals(columns[-1], ascending[-1])
    left = len(columns) - (order is not None)
    pending: Keys | None = None
    limit = 2 * len(columns[0]) + (1 << 16)
    for column, up in reversed(list(zip(columns[:left], ascending[:left], strict=True))):
        keys = column_keys(column)
        if not up:
            keys = _downwards(keys)
        if pending is not None and keys.size * pending.size <= limit:
            pending = joined(keys, pending)
            continue
        order = _refined(order, pending)
        pending = keys
    result = _refined(order, pending)
    return result if result is not None else np.zeros(0, np.int64)


def _order_of_reals(column: Column, up: bool) -> Array | None:
    """Rows in the order of numbers that are nearly all different, which have nothing to count; else None."""
    if column.kind != "real" or _repeat(column.values):
        return None
    values = column.values if up else -column.values
    present = len(values) - column.missing_count
    order = np.argsort(values)[:present]  # what is missing comes last here
    ordered = values.take(order)
    if (ordered[1:] == ordered[:-1]).any():
        order = np.argsort(values, kind="stable")[:present]
    missing = np.flatnonzero(column.is_missing()) if column.missing_count else order[:0]
    return np.concatenate([missing, order])


def _downwards(keys: Keys) -> Keys:
    codes = keys.codes.astype(np.int64)
    return Keys(np.where(codes == 0, 0, keys.size - codes), keys.size)


def _refined(order: Array | None, keys: Keys | None) -> Array | None:
    """Sort by a further key that counts more than those so far."""
    if keys is None:
        return order
    if order is not None:
        keys = Keys(keys.codes[order], keys.size)
    if keys.size > 4 * len(keys.codes) + (1 << 16):
        keys = dense(keys)
    moved, _ = sorted_by(keys)
    return moved if order is None else order[moved]
