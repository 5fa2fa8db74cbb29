"""Parts of times, and times from parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.conversions import distinct, times_of_texts
from ..columns.makers import enum, numeric, strings, times
from ..columns.zones import current_zone, zone_names
from ..frame import Frame
from .arguments import read_number
from .registry import primitive

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# What pandas can hold as datetime64[ms] and numpy can take apart: about 290 million years either way.
_FURTHEST = 2**62

Part = Callable[[Any], Any]


def _local(milliseconds: Array) -> Any:
    """Points in time on the clock of the current zone, as a pandas index."""
    import pandas as pd

    index = pd.DatetimeIndex(milliseconds.astype("M8[ms]"))
    zone = current_zone()
    return index if zone == "UTC" else index.tz_localize("UTC").tz_convert(zone)


def _moments(column: Column, name: str, operation: str) -> tuple[Array, Array]:
    """Milliseconds and missing mask of a column of times or numbers."""
    if not (column.kind == "time" or column.is_numeric):
        raise InvalidType(
            f"{operation}: column {name!r} is of type {column.kind}; times (or milliseconds since 1970) are needed"
        )
    absent = column.is_missing()
    if column.kind == "time":
        return column.values, absent
    numbers = column.numbers()
    absent = absent | ~(np.abs(numbers) < _FURTHEST)
    return np.where(absent, 0, numbers).astype(np.int64), absent


def _part(frame: Any, operation: str, part: Part) -> Any:
    if not isinstance(frame, Frame):
        value = np.array([read_number(frame, operation)])
        single = _part(Frame(["time"], [numeric(value)]), operation, part)
        return float(single.columns[0].numbers()[0])
    columns = []
    for name, column in zip(frame.names, frame.columns, strict=True):
        milliseconds, absent = _moments(column, name, operation)
        columns.append(numeric(np.asarray(part(_local(milliseconds))).astype(np.int64), absent))
    return Frame(frame.names, columns, nrow=frame.nrow)


_PARTS: dict[str, tuple[Part, str]] = {
    "year": (lambda index: index.year, "Year"),
    "month": (lambda index: index.month, "Month, 1 to 12,"),
    "week": (lambda index: index.isocalendar().week, "Week of the year by ISO 8601, 1 to 53,"),
    "day": (lambda index: index.day, "Day of the month, 1 to 31,"),
    "hour": (lambda index: index.hour, "Hour, 0 to 23,"),
    "minute": (lambda index: index.minute, "Minute, 0 to 59,"),
    "second": (lambda index: index.second, "Second, 0 to 59,"),
    "millis": (lambda index: index.microsecond // 1000, "Millisecond, 0 to 999,"),
}
_DOCUMENTATION = """{0} of each time, in the time zone of the session.

    Parameters
    ----------
    frame : Frame or float
        Columns of times, or of milliseconds since 1970 UTC.

    Returns
    -------
    Frame or float
    """


def _register(name: str, part: Part, meaning: str) -> None:
    def operation(frame: Any) -> Any:
        return _part(frame, name, part)

    operation.__doc__ = _DOCUMENTATION.format(meaning)
    primitive(name, elementwise=True)(operation)


for _name, (_function, _meaning) in _PARTS.items():
    _register(_name, _function, _meaning)


@primitive("dayOfWeek", elementwise=True)
def day_of_week(frame: Frame) -> Frame:
    """Day of the week of each time, in the time zone of the session.

    Parameters
    ----------
    frame : Frame
        Columns of times, or of milliseconds since 1970 UTC.

    Returns
    -------
    Frame
        Enums with the levels Mon, Tue, Wed, Thu, Fri, Sat, Sun.
    """
    columns = []
    for name, column in zip(frame.names, frame.columns, strict=True):
        milliseconds, absent = _moments(column, name, "dayOfWeek")
        columns.append(enum(np.where(absent, -1, np.asarray(_local(milliseconds).day_of_week)), _DAYS))
    return Frame(frame.names, columns, nrow=frame.nrow)


def _number_columns(parts: Iterable[tuple[str, Any]], operation: str) -> tuple[list[Array], int | None]:
    """Parts of times as arrays of equal length, and the number of rows (None when all are numbers)."""
    arrays, heights = [], set()
    for name, value in parts:
        if isinstance(value, Frame):
            if value.ncol != 1 or not (value.columns[0].is_numeric or value.columns[0].kind == "enum"):
                raise InvalidArgument(
                    f"{operation}: {name} must be a number or a frame of one numeric column"
                )
            arrays.append(value.columns[0].numbers())
            heights.add(value.nrow)
        else:
            arrays.append(np.full(1, read_number(value, f"{operation}: {name}")))
    if len(heights - {1}) > 1:
        raise InvalidArgument(f"{operation}: frames of different numbers of rows: {sorted(heights)}")
    nrow = max(heights - {1}, default=1) if heights != {0} else 0
    return [np.broadcast_to(a, nrow) for a in arrays], nrow if heights else None


_NAMES = ("year", "month", "day", "hour", "minute", "second", "msec")


def _assembled(arrays: list[Array]) -> tuple[Array, Array]:
    """Milliseconds UTC of local times, and which of them do not exist."""
    year, month, day, hour, minute, second, msec = arrays
    bad = ~np.logical_and.reduce([np.isfinite(a) & (np.trunc(a) == a) for a in arrays])
    limits = (
        (year, -9999, 9999), (month, 1, 12), (day, 1, 31), (hour, 0, 23), (minute, 0, 59), (second, 0, 59), (msec, 0, 999),
    )  # fmt: skip
    for values, low, high in limits:
        bad = bad | ~((values >= low) & (values <= high))
    y, m, d, h, minutes, s, ms = (np.where(bad, 1, a).astype(np.int64) for a in arrays)
    months = (y - 1970) * 12 + (m - 1)
    days = months.astype("M8[M]").astype("M8[D]").astype(np.int64) + d - 1
    bad = bad | (days.astype("M8[D]").astype("M8[M]").astype(np.int64) != months)
    local = ((days * 24 + h) * 60 + minutes) * 60_000 + s * 1000 + ms
    return _from_local(local), bad


def _from_local(local: Array) -> Array:
    """UTC of times on the clock of the current zone; in a gap the clock is put forward, of two the first counts."""
    zone = current_zone()
    if zone == "UTC":
        return local
    import pandas as pd

    index = pd.DatetimeIndex(local.astype("M8[ms]"))
    first = np.ones(len(index), bool)
    moments = index.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").tz_convert("UTC")
    return np.asarray(moments.tz_localize(None), dtype="M8[ms]").astype(np.int64)


@primitive("moment")
def moment(
    year: Any, month: Any, day: Any, hour: Any = 0, minute: Any = 0, second: Any = 0, msec: Any = 0
) -> Frame:
    """Times from their parts, in the time zone of the session; missing where there is no such time.

    Parameters
    ----------
    year, month, day, hour, minute, second, msec : float or Frame
        Months and days count from 1. A frame has one column; numbers hold for all its rows.

    Returns
    -------
    Frame
        One column, ``time``.
    """
    values = (year, month, day, hour, minute, second, msec)
    arrays, _ = _number_columns(zip(_NAMES, values, strict=True), "moment")
    milliseconds, bad = _assembled(arrays)
    return Frame(["time"], [times(milliseconds, bad)])


@primitive("mktime")
def mktime(
    year: Any, month: Any = 0, day: Any = 0, hour: Any = 0, minute: Any = 0, second: Any = 0, msec: Any = 0
) -> Any:
    """Milliseconds since 1970 UTC from the parts of times, in the time zone of the session.

    Parameters
    ----------
    year, month, day, hour, minute, second, msec : float or Frame
        Months and days count from 0, unlike in ``moment``. A frame has one column; numbers hold for all its rows.

    Returns
    -------
    float or Frame
        A number when all parts are numbers; else one column, ``msec``, missing where there is no such time.
    """
    values = (year, month, day, hour, minute, second, msec)
    arrays, nrow = _number_columns(zip(_NAMES, values, strict=True), "mktime")
    arrays[1], arrays[2] = arrays[1] + 1, arrays[2] + 1
    milliseconds, bad = _assembled(arrays)
    if nrow is None:
        if bad[0]:
            raise InvalidArgument(f"mktime: there is no such time: {', '.join(map(str, values))}")
        return float(milliseconds[0])
    return Frame(["msec"], [numeric(milliseconds, bad)])


@primitive("as.Date", "asDate")
def as_date(frame: Frame, format: str) -> Frame:
    """Texts as times.

    Parameters
    ----------
    frame : Frame
        Columns of texts or levels.
    format : str
        As in C's strptime: ``%Y`` year, ``%y`` two digits of it, ``%m`` month, ``%b`` its short name, ``%B`` its name, ``%d``
        day, ``%H`` hour, ``%I`` hour with ``%p`` AM or PM, ``%M`` minute, ``%S`` second, ``%f`` fraction of a second,
        ``%j`` day of the year. The time zone is that of the session.

    Returns
    -------
    Frame
        Columns of times. A text that does not fit, or is no date that exists, becomes missing, with a warning.

    Raises
    ------
    InvalidArgument
        None of the texts of a column fits.
    """
    _check_format(format)
    columns = []
    for name, column in zip(frame.names, frame.columns, strict=True):
        if not (column.is_text or column.kind == "enum"):
            raise InvalidType(
                f"as_date: column {name!r} is of type {column.kind}; texts or levels are needed"
            )
        texts, codes = distinct(column)
        found = [_read(text, format) for text in texts]
        misfit = np.array([value is None for value in found], dtype=bool)
        values = _from_local(np.array([value or 0 for value in found], np.int64))
        title = f"as_date: in column {name!r}"
        columns.append(
            times_of_texts(texts, codes, values, misfit, title, f"no date in the format {format!r}")
        )
    return Frame(frame.names, columns, nrow=frame.nrow)


def _check_format(format: str) -> None:
    try:
        datetime.strptime("", format)
    except (ValueError, re.error) as error:
        if "does not match" not in str(error):
            raise InvalidArgument(f"as_date: {format!r} is no format ({error})") from None


def _read(text: str, format: str) -> int | None:
    """Milliseconds of a text on the local clock, None if it does not fit the format or there is no such time."""
    try:
        found = datetime.strptime(text, format)
    except (ValueError, OverflowError):
        return None
    if found.tzinfo is not None:
        raise InvalidArgument(f"as_date: format {format!r}: a time zone in the texts (%z) cannot be read")
    return round((found - datetime(1970, 1, 1)).total_seconds() * 1000)


@primitive("getTimeZone")
def get_time_zone() -> str:
    """Name of the time zone in which the time operations read the clock (set by ``setTimeZone``).

    Returns
    -------
    str
    """
    return current_zone()


@primitive("listTimeZones")
def list_time_zones() -> Frame:
    """Names of all known time zones.

    Returns
    -------
    Frame
        One column, ``Timezones``.
    """
    return Frame(["Timezones"], [strings(zone_names())])
