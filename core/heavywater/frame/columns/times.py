"""Reading dates and times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from .arrow_buffers import arrow_flags, arrow_numbers, arrow_texts, flags_of, missing_of, values_of

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_HALF = r"(?: ?(?P<half>[AaPp][Mm]))?"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.:](?P<fraction>\d{1,9}))?)?" + _HALF
_DOTTED = r"(?P<hour>\d{1,2})\.(?P<minute>\d{2})\.(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?" + _HALF
_YEAR = r"(?P<year>\d{4}|\d{2})"
_NAME = r"(?P<name>[A-Za-z]{3,9})"
_COMPACT = (
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"  # without a time of day this is guessed to be a number
)
# Dates, and what may stand between them and a time of day ("": there can be none).
_DATES = (
    (r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", r"(?: +|T)"),
    (rf"(?P<day>\d{{1,2}})[- ]?{_NAME}[- ]?{_YEAR}", r"(?: +|:)"),
    (rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/{_YEAR}", r"(?: +|:)"),
    (rf"(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})-{_YEAR}", r"(?: +|:)"),
    (r"(?P<year>\d{4})-(?P<month>\d{1,2})", ""),
    (rf"{_NAME}-?{_YEAR}", r"(?: +|:)"),
    (rf"(?P<year>\d{{2}})-{_NAME}", ""),
    (r"(?P<year>\d{4}) (?P<month>\d{1,2}) (?P<day>\d{1,2})", " +"),
)


def _formats() -> Iterator[str]:
    for date, between in _DATES:
        yield rf"^{date}$"
        if between:
            yield rf"^{date}{between}{_CLOCK}Z?$"
            yield rf"^{date}{between}{_DOTTED}$"
    yield rf"^{_COMPACT}$"
    yield rf"^{_COMPACT}-{_CLOCK}$"
    yield rf"^{_COMPACT}-{_DOTTED}$"
    yield rf"^{_CLOCK}$"
    yield rf"^{_DOTTED}$"


_FORMATS = tuple(_formats())
# What a column is taken for a time column by; the other forms are read where the user says that it is one.
_TYPICAL = re.compile(
    r"(?:\d{4}-\d\d?-\d\d?|\d\d?[- ]?[A-Z]{3,9}[- ]?(?:\d{4}|\d\d)|\d\d?(?P<cut>[-/])\d\d?(?P=cut)(?:\d{4}|\d\d)"
    r"|[A-Z]{3,9}-?(?:\d{4}|\d\d))(?:[ :].*)?|\d{4}-\d\d?|\d\d-[A-Z]{3,9}|\d{8}-\d.*|\d\d?:\d\d:\d\d.*"
    r"|\d\d?\.\d\d\.\d\d.*[AP]M",
    re.IGNORECASE | re.ASCII,
)


def looks_like_time(texts: Sequence[str]) -> Array:
    """Which texts are a date, a date with a time of day, or a time of day, in a form that is guessed.

    Returns
    -------
    ndarray of bool
    """
    result = np.array([_TYPICAL.fullmatch(text.strip()) is not None for text in texts], dtype=bool)
    if result.any():
        result[result] = ~parse_times([text for text, hit in zip(texts, result, strict=True) if hit])[1]
    return result


def parse_times(texts: Any) -> tuple[Array, Array]:
    """Points in time of some texts.

    Parameters
    ----------
    texts : sequence of str, or pyarrow.Array of strings

    Returns
    -------
    milliseconds : ndarray of int64
        Since 1970 UTC; 0 where the text is none.
    misfit : ndarray of bool
        Where the text is no time that exists.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(texts if isinstance(texts, pa.Array) else arrow_texts(texts))
    result, misfit = np.zeros(len(trimmed), np.int64), np.ones(len(trimmed), bool)
    for pattern in _FORMATS:
        waiting = np.flatnonzero(misfit)
        if not len(waiting):
            break
        parts = pc.extract_regex(trimmed.take(arrow_numbers(waiting)), pattern)
        hits = flags_of(parts.is_valid())
        if hits.any():
            names = [parts.type.field(i).name for i in range(parts.type.num_fields)]
            found = dict(zip(names, parts.filter(arrow_flags(hits)).flatten(), strict=True))
            values, exists = _from_parts(found)
            result[waiting[hits]], misfit[waiting[hits]] = np.where(exists, values, 0), ~exists
    return result, misfit


def from_wall_clock(milliseconds: Array, zone: str) -> Array:
    """Points in time, since 1970 UTC, of what a clock in a time zone shows.

    An hour that is skipped in spring is taken as the next one, one that comes twice as the first.
    """
    import pandas as pd

    local = pd.DatetimeIndex(milliseconds.astype("M8[ms]")).tz_localize(
        zone, ambiguous=np.ones(len(milliseconds), bool), nonexistent="shift_forward"
    )
    return _since_1970(local.tz_convert("UTC").tz_localize(None))


def to_wall_clock(milliseconds: Array, zone: str) -> Array:
    """What a clock in a time zone shows at points in time, as if it were UTC."""
    import pandas as pd

    moments = pd.DatetimeIndex(milliseconds.astype("M8[ms]")).tz_localize("UTC")
    return _since_1970(moments.tz_convert(zone).tz_localize(None))


def _since_1970(index: Any) -> Array:
    return np.asarray(index.values.astype("M8[ms]").astype(np.int64))


def _from_parts(parts: dict[str, Any]) -> tuple[Array, Array]:
    """Milliseconds, and whether there is such a day and such a time of day."""
    import pyarrow.compute as pc

    height = len(next(iter(parts.values())))

    def number(name: str, default: int) -> Array:
        if name not in parts:
            return np.full(height, default, np.int64)
        given = values_of(pc.binary_length(parts[name])) > 0
        result = np.full(height, default, np.int64)
        result[given] = values_of(parts[name].filter(arrow_flags(given)).cast("int64"))
        return result

    year, month, day = number("year", 1970), number("month", 1), number("day", 1)
    if "year" in parts:
        short = values_of(pc.binary_length(parts["year"])) == 2
        year = np.where(short, year + np.where(year < 69, 2000, 1900), year)
    if "name" in parts:
        # "may" is both the name and its beginning; the first place counts.
        names = arrow_texts([*_MONTHS, *(name[:3] for name in _MONTHS)])
        found = pc.index_in(pc.ascii_lower(parts["name"]), value_set=names)
        unknown = missing_of(found)
        month = values_of(found).astype(np.int64) % len(_MONTHS) + 1
        month = month if unknown is None else np.where(unknown, 0, month)
    months = (year - 1970) * 12 + np.clip(month, 1, 12) - 1
    days = months.astype("M8[M]").astype("M8[D]") + (day - 1)
    exists = (month >= 1) & (month <= 12) & (days.astype("M8[M]").astype(np.int64) == months)
    clock, valid = _time_of_day(parts, number)
    return days.astype("M8[ms]").astype(np.int64) + clock, exists & valid


def _time_of_day(parts: dict[str, Any], number: Any) -> tuple[Array, Array]:
    import pyarrow.compute as pc

    hour, minute, second = number("hour", 0), number("minute", 0), number("second", 0)
    thousandths: Array | int = 0
    if "half" in parts:
        twelve = (values_of(pc.binary_length(parts["half"])) > 0) & (hour <= 12)
        afternoon = flags_of(pc.match_substring(parts["half"], "p", ignore_case=True))
        hour = np.where(twelve, hour % 12 + np.where(afternoon, 12, 0), hour)
    if "fraction" in parts:
        first = pc.utf8_slice_codeunits(pc.ascii_rpad(parts["fraction"], 3, "0"), 0, 3)
        thousandths = values_of(first.cast("int64"))
    valid = (hour < 24) & (minute < 60) & (second < 60)
    return ((hour * 60 + minute) * 60 + second) * 1000 + thousandths, valid
