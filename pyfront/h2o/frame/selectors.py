"""What stands between the brackets of ``frame[...]``, as selectors of an expression."""

from __future__ import annotations

from typing import Any

import numpy as np
from heavywater.errors import InvalidArgument, InvalidType
from heavywater.session import Span


def is_single(item: Any) -> bool:
    """Whether an index names one row or column, so that the result is a single value or column."""
    return isinstance(item, (int, str, np.integer)) and not isinstance(item, bool)


def _span(item: slice, length: int) -> list[Any]:
    numbers = range(*item.indices(length))
    if not numbers:
        return [Span(0, 0)]
    return [Span(numbers.start, len(numbers), numbers.step)] if numbers.step > 0 else list(numbers)


def column_selector(item: Any, ncol: int) -> Any:
    """Columns as an expression's selector; None means all."""
    if item is None or (isinstance(item, slice) and item == slice(None)):
        return None
    if isinstance(item, slice):
        return _span(item, ncol)
    if isinstance(item, (list, tuple, range, np.ndarray)):
        items = list(item)
        if items and all(isinstance(i, (bool, np.bool_)) for i in items):
            items = [i for i, chosen in enumerate(items) if chosen]
        return [_plain(i) for i in items]
    if is_single(item):
        return _plain(item)
    raise InvalidType(f"columns {item!r}: give names, numbers, a list of these or a slice")


def row_selector(item: Any, nrow: int) -> Any:
    """Rows as an expression's selector; None means all."""
    if item is None or (isinstance(item, slice) and item == slice(None)):
        return None
    if isinstance(item, slice):
        return _span(item, nrow)
    if isinstance(item, (list, tuple, range, np.ndarray)):
        items = list(item)
        if items and all(isinstance(i, (bool, np.bool_)) for i in items):
            items = np.flatnonzero(items).tolist()
        return [_from_end(i, nrow) for i in items] or [Span(0, 0)]
    if is_single(item) and not isinstance(item, str):
        return _from_end(item, nrow)
    raise InvalidType(f"rows {item!r}: give a number, a list of numbers, a slice or a 0/1 frame")


def row_numbers(item: np.ndarray[Any, Any], nrow: int) -> Any:
    """Rows that a numpy array of row numbers or booleans stands for, as an expression's selector."""
    if item.ndim != 1:
        raise InvalidArgument(f"frame[array]: the array has {item.ndim} dimensions; it must be 1-D")
    if item.dtype.kind not in "biu":
        raise InvalidType(f"frame[array]: the array must be integer or boolean, it is of type {item.dtype}")
    if item.dtype.kind == "b" and len(item) != nrow:
        raise InvalidArgument(f"frame[array]: {len(item)} booleans for {nrow} rows")
    return row_selector(item, nrow)


def _from_end(row: Any, nrow: int) -> int:
    if not isinstance(row, (int, np.integer)):
        raise InvalidType(f"row {row!r}: a whole number is needed")
    if not -nrow <= row < nrow:
        raise InvalidArgument(f"row {row}: the frame has {nrow} rows (0 to {nrow - 1})")
    return int(row) % nrow


def _plain(item: Any) -> Any:
    return item.item() if isinstance(item, np.generic) else item
