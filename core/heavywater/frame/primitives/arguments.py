"""Reading the arguments of a primitive: frames, selectors of columns and rows, flags."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ..columns import Array, Column
from ..frame import Frame


class Span(NamedTuple):
    """A range inside a list: ``length`` numbers from ``base`` in steps of ``stride``."""

    base: int
    length: int
    stride: int = 1


def frame_argument(value: Any, operation: str) -> Frame:
    """The value, which must be a frame."""
    if isinstance(value, Frame):
        return value
    raise InvalidType(f"{operation}: a frame is needed, got {value!r}")


def column_argument(value: Any, operation: str) -> Column:
    """The only column of a one-column frame."""
    frame = frame_argument(value, operation)
    if frame.ncol != 1:
        raise InvalidArgument(f"{operation}: a frame of one column is needed, this one has {frame.ncol}")
    return frame.columns[0]


def is_missing_value(value: Any) -> bool:
    """Whether a scalar argument stands for missing."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def numbers_in(values: Any) -> list[Any]:
    """A list argument with its spans written out; a scalar becomes a list of one."""
    if not isinstance(values, (list, tuple)) or isinstance(values, Span):
        values = [values]
    result: list[Any] = []
    for value in values:
        if isinstance(value, Span):
            result.extend(range(value.base, value.base + value.length * value.stride, value.stride))
        else:
            result.append(value)
    return result


def whole(value: Any, what: str) -> int:
    """A number that must be whole."""
    if isinstance(value, (bool, int, float, np.number)) and float(value).is_integer():
        return int(value)
    raise InvalidType(f"{what}: a whole number is needed, got {value!r}")


def column_positions(frame: Frame, selector: Any, from_end: bool = False) -> list[int]:
    """Column numbers meant by a selector.

    Parameters
    ----------
    frame : Frame
    selector : int, str, Span or list of these
    from_end : bool
        Whether a negative number counts from the end (``cols_py``) or leaves a column out (``cols``).
    """
    wanted = numbers_in(selector)
    if not all(isinstance(item, str) for item in wanted):
        wanted = [item if isinstance(item, str) else whole(item, "column number") for item in wanted]
    negative = [item for item in wanted if not isinstance(item, str) and item < 0]
    if negative and not from_end:
        if len(negative) < len(wanted):
            raise InvalidArgument("column selection: negative and other numbers cannot be mixed")
        left_out = {frame.index(-1 - item) for item in negative}
        return [i for i in range(frame.ncol) if i not in left_out]
    return [frame.index(item) for item in wanted]


def row_selection(frame: Frame, selector: Any) -> Any:
    """Rows meant by a selector, as a slice, an index array or a boolean mask.

    Parameters
    ----------
    frame : Frame
    selector : int, Span, list of these, or Frame
        Negative numbers leave rows out (-1 is the first row). A frame of one 0/1 column and the same
        height picks the rows that hold 1; missing counts as 0.
    """
    if isinstance(selector, Frame):
        return _mask(frame, selector)
    if isinstance(selector, list) and len(selector) == 1:
        selector = selector[0]
    if isinstance(selector, Span) and selector.base >= 0 and selector.stride > 0:
        end = selector.base + (selector.length - 1) * selector.stride + 1
        _check_rows(frame, selector.base, end - 1 if selector.length else selector.base - 1)
        return slice(selector.base, end if selector.length else selector.base, selector.stride)
    rows = np.array([whole(item, "row number") for item in numbers_in(selector)], dtype=np.int64)
    if len(rows) and rows.min() < 0:
        if rows.max() >= 0:
            raise InvalidArgument("row selection: negative and other numbers cannot be mixed")
        _check_rows(frame, 0, int(-1 - rows.min()))
        keep = np.ones(frame.nrow, bool)
        keep[-1 - rows] = False
        return keep
    if len(rows):
        _check_rows(frame, int(rows.min()), int(rows.max()))
    return rows


def _check_rows(frame: Frame, first: int, last: int) -> None:
    if first < 0 or last >= frame.nrow:
        bad = last if last >= frame.nrow else first
        raise InvalidArgument(f"row number {bad}: the frame has {frame.nrow} rows (0 to {frame.nrow - 1})")


def _mask(frame: Frame, selector: Frame) -> Array:
    column = column_argument(selector, "row selection")
    if not column.is_numeric:
        raise InvalidType(f"row selection: a 0/1 column is needed, this one is of type {column.kind}")
    if len(column) != frame.nrow:
        raise InvalidArgument(
            f"row selection: the selecting column has {len(column)} rows, the frame has {frame.nrow}"
        )
    values = column.numbers()
    chosen: Array = (values != 0) & ~np.isnan(values)
    return chosen


def map_columns(frame: Frame, function: Callable[[Column], Column]) -> Frame:
    """Frame of the same names with a function applied to each column."""
    return Frame(frame.names, [function(column) for column in frame.columns], nrow=frame.nrow)


def need_numeric(frame: Frame, operation: str, allow_time: bool = True) -> None:
    """Refuse columns that hold no numbers, by name."""
    for name, column in zip(frame.names, frame.columns, strict=True):
        if not (column.is_numeric or (allow_time and column.kind == "time")):
            remedy = "use asnumeric() first" if column.kind == "enum" else "select numeric columns"
            raise InvalidType(f"{operation}: column {name!r} is of type {column.kind}; {remedy}")
