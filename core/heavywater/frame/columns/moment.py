"""A point in time as an argument of an operation, beside numbers and texts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import InvalidArgument

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


def with_moments(value: Any) -> Any:
    """A value with a date or time as `Moment`, or as None when it is missing; everything else as it is.

    Parameters
    ----------
    value : object
        Of Python (datetime, date, time), numpy (datetime64) or pandas (Timestamp, NaT, NA). One without a time zone
        is UTC, as in the cells of a column (`heavywater.frame.exchange.cells.milliseconds`).

    Examples
    --------
    >>> with_moments(datetime.date(1970, 1, 2)), with_moments("1970-01-02"), with_moments(np.datetime64("NaT"))
    (the time 1970-01-02 00:00:00 UTC, '1970-01-02', None)
    """
    from ..exchange.cells import is_absent, milliseconds

    if isinstance(value, (datetime.date, datetime.time, np.datetime64)):
        return None if is_absent(value) else Moment(milliseconds(value))
    return None if type(value).__name__ == "NAType" else value
