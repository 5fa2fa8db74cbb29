"""A point in time as an argument of an operation, beside numbers and texts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import InvalidArgument

_EPOCH = datetime.datetime(1970, 1, 1)
_MILLISECOND = datetime.timedelta(milliseconds=1)
FURTHEST = 2**62  # milliseconds; what numpy can take apart is about 290 million years either way


@dataclass(frozen=True, slots=True, repr=False)
class Moment:
    """A point in time: neither a number nor a text.

    Parameters
    ----------
    milliseconds : int
        Since 1970 UTC.

    Raises
    ------
    InvalidArgument
        More than about 146 million years from 1970.
    """

    milliseconds: int

    def __post_init__(self) -> None:
        if not abs(self.milliseconds) < FURTHEST:
            raise InvalidArgument(f"{self.milliseconds} milliseconds since 1970 are no time")

    def __repr__(self) -> str:
        text = str(np.datetime64(self.milliseconds, "ms")).replace("T", " ")
        return f"the time {text.removesuffix('.000')} UTC"


def milliseconds(moment: Any) -> int:
    """Milliseconds since 1970 UTC of a date or time of Python, numpy or pandas.

    Parameters
    ----------
    moment : datetime.datetime, date or time, numpy.datetime64
        One without a time zone is UTC, a date its first moment, a time of day one of the first day of 1970. What is
        below a millisecond is cut off.
    """
    if isinstance(moment, np.datetime64):
        return int(moment.astype("M8[ms]").astype(np.int64))
    if isinstance(moment, datetime.time):
        moment = datetime.datetime.combine(_EPOCH.date(), moment)
    elif not isinstance(moment, datetime.datetime):
        moment = datetime.datetime(moment.year, moment.month, moment.day)
    if moment.tzinfo is not None:
        return int((moment - _EPOCH.replace(tzinfo=datetime.UTC)) // _MILLISECOND)
    return int((moment - _EPOCH) // _MILLISECOND)


def is_absent(cell: Any) -> bool:
    """Whether a cell is None, NaN, NaT, ``pandas.NA`` or masked."""
    if cell is None or cell is np.ma.masked:
        return True
    kind = type(cell)
    if kind is str or kind is int or kind is bool:
        return False
    if kind.__name__ == "NAType":
        return True
    try:
        return bool(cell != cell)
    except (
        TypeError,
        ValueError,
        ArithmeticError,
    ):  # arrays, and what else has no answer, are no missing cells
        return False


def with_moments(value: Any) -> Any:
    """A value with a date or time as `Moment`, or as None when it is missing; everything else as it is.

    Parameters
    ----------
    value : object
        Of Python (datetime, date, time), numpy (datetime64) or pandas (Timestamp, NaT, NA). One without a time zone
        is UTC, as in the cells of a column.

    Examples
    --------
    >>> with_moments(datetime.date(1970, 1, 2)), with_moments("1970-01-02"), with_moments(np.datetime64("NaT"))
    (the time 1970-01-02 00:00:00 UTC, '1970-01-02', None)
    """
    if isinstance(value, (datetime.date, datetime.time, np.datetime64)):
        return None if is_absent(value) else Moment(milliseconds(value))
    return None if type(value).__name__ == "NAType" else value
