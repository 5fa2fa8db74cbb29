"""What an argument of a primitive may be: the types of the registry's signatures, and selectors.

A parameter's annotation decides how its argument is read:

=============  ==============================================================================
``Frame``      a frame
``float``      a number; NaN or None stands for missing
``int``        a whole number
``bool``       a flag: 0 or 1
``str``        a text
``Numbers``    a list of numbers, or a single one; ranges are written out
``Texts``      a list of texts, or a single one
``Items``      a list of anything, or a single thing; ranges are written out
``Scalar``     a number, a text, a `Moment`, or missing (None)
``Any``        as it comes; the function checks by itself
=============  ==============================================================================
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType, shortened
from ..columns.column import Column
from ..columns.moment import Moment
from ..frame import Frame

# What a list argument may be written out to: beyond this a range is a mistake, not a selection.
LONGEST_LIST = 100_000_000


class Span(NamedTuple):
    """A range inside a list: ``length`` numbers from ``base`` in steps of ``stride``."""

    base: float
    length: int
    stride: float = 1


def read_frame(value: Any, what: str) -> Frame:
    """The value, which must be a frame."""
    if isinstance(value, Frame):
        return value
    raise InvalidType(f"{what} must be a frame, got {shortened(repr(value), 80)}")


def read_number(value: Any, what: str) -> float:
    """The value as a number; None is NaN."""
    if value is None:
        return math.nan
    if isinstance(value, (bool, int, float, np.number)):
        return float(value)
    raise InvalidType(f"{what} must be a number, got {shortened(repr(value), 80)}")


def whole(value: Any, what: str) -> int:
    """A number that must be whole."""
    if isinstance(value, (bool, int, float, np.number)) and float(value).is_integer():
        return int(value)
    raise InvalidType(f"{what}: a whole number is needed, got {shortened(repr(value), 80)}")


def read_flag(value: Any, what: str) -> bool:
    """A flag, given as 0 or 1."""
    if isinstance(value, (bool, int, float, np.number)) and value in (0, 1):
        return bool(value)
    raise InvalidType(f"{what} must be true or false (1 or 0), got {shortened(repr(value), 80)}")


def read_text(value: Any, what: str) -> str:
    """The value, which must be a text."""
    if isinstance(value, str):
        return value
    raise InvalidType(f"{what} must be a text, got {shortened(repr(value), 80)}")


def read_items(value: Any, what: str) -> list[Any]:
    """A list with its spans written out; a single value becomes a list of one."""
    if not isinstance(value, (list, tuple)) or isinstance(value, Span):
        value = [value]
    result: list[Any] = []
    for item in value:
        if not isinstance(item, Span):
            result.append(item)
        elif item.length > LONGEST_LIST:
            raise InvalidArgument(f"{what}: a range of {item.length} numbers is too long")
        elif isinstance(item.base, int) and isinstance(item.stride, int):
            result.extend(range(item.base, item.base + item.length * item.stride, item.stride))
        else:
            result.extend(item.base + item.stride * i for i in range(item.length))
    return result


def read_numbers(value: Any, what: str) -> list[float]:
    """A list of numbers; a single one becomes a list of one."""
    return [read_number(item, what) for item in read_items(value, what)]


def read_texts(value: Any, what: str) -> list[str]:
    """A list of texts; a single one becomes a list of one."""
    return [read_text(item, what) for item in read_items(value, what)]


def read_scalar(value: Any, what: str) -> Any:
    """A number, a text or a moment; None for missing."""
    if is_missing_value(value):
        return None
    if isinstance(value, (str, bool, int, float, np.number, Moment)):
        return value
    raise InvalidType(f"{what} must be a number, a text or a time, got {shortened(repr(value), 80)}")


Numbers = Annotated[list[float], read_numbers]
Texts = Annotated[list[str], read_texts]
Items = Annotated[list[Any], read_items]
Scalar = Annotated[Any, read_scalar]

Reader = Callable[[Any, str], Any]

_READERS: dict[Any, Reader] = {
    Frame: read_frame,
    float: read_number,
    int: whole,
    bool: read_flag,
    str: read_text,
}


def reader_of(annotation: Any) -> Reader | None:
    """The function that reads arguments of an annotated parameter; None when they are taken as they come."""
    for extra in getattr(annotation, "__metadata__", ()):
        read: Reader = extra
        return read
    return _READERS.get(annotation)


def frame_argument(value: Any, operation: str) -> Frame:
    """The value, which must be a frame."""
    return read_frame(value, f"{operation}: the argument")


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
    return read_items(values, "list")


def one_of(value: str, choices: Iterable[str] | Mapping[str, Any], what: str) -> str:
    """The value, which must be one of the choices."""
    if value in choices:
        return value
    raise InvalidArgument(f"{what} {value!r} must be one of {', '.join(choices)}")


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
        base, stride = whole(selector.base, "row number"), whole(selector.stride, "step of rows")
        if selector.length:
            _check_rows(frame, base, base)
        # A range ends with the frame, as a slice does.
        return slice(base, min(frame.nrow, base + (selector.length - 1) * stride + 1), stride)
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
