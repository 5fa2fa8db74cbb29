"""Reading dates and times of day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from .columns import Array

_MONTHS = {
    m: i + 1
    for i, m in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
_CLOCK = r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.:](?P<f>\d{1,9}))?)?(?:\s?(?P<ap>[AaPp][Mm]))?"
_FORMATS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})(?: {_CLOCK})?",
        rf"(?P<d>\d{{1,2}})-(?P<b>[A-Za-z]{{3}})-(?P<y>\d{{4}}|\d{{2}})(?: {_CLOCK})?",
        rf"(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/(?P<y>\d{{4}}|\d{{2}})(?: {_CLOCK})?",
        r"(?P<H>\d{1,2}):(?P<M>\d{2}):(?P<S>\d{2})(?:\.(?P<f>\d{1,9}))?",
    )
)
_HINT = re.compile(r"\s*\d{1,4}[-/:]")


def looks_like_time(text: str) -> bool:
    """Whether a field is a date, a date with a time of day, or a time of day."""
    return _HINT.match(text) is not None and milliseconds(text) is not None


def milliseconds(text: str) -> int | None:
    """Milliseconds since 1970 UTC, None when the text is no date."""
    text = text.strip()
    for pattern in _FORMATS:
        found = pattern.fullmatch(text)
        if found:
            return _from_parts(found.groupdict())
    return None


def _from_parts(parts: dict[str, str | None]) -> int | None:
    month = _MONTHS.get((parts.get("b") or "").lower()) if parts.get("b") else int(parts.get("m") or 1)
    if month is None:
        return None
    year_text = parts.get("y") or "1970"
    year = int(year_text)
    if len(year_text) == 2:
        year += 2000 if year < 69 else 1900
    hour = int(parts.get("H") or 0)
    half = (parts.get("ap") or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = int((parts.get("f") or "0").ljust(3, "0")[:3])
    try:
        moment = datetime(
            year,
            month,
            int(parts.get("d") or 1),
            hour,
            int(parts.get("M") or 0),
            int(parts.get("S") or 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return round(moment.timestamp()) * 1000 + fraction


def parse_times(texts: Sequence[str]) -> tuple[Array, Array]:
    """Milliseconds and missing mask for some (distinct) texts."""
    found = [milliseconds(text) for text in texts]
    missing = np.array([value is None for value in found], dtype=bool)
    return np.array([value or 0 for value in found], dtype=np.int64), missing
