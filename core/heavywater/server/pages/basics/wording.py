"""Numbers, sizes and times as people read them; the full value is what a pointer over them shows."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from markupsafe import Markup, escape

DIGITS = 4
_SIZES = ("B", "kB", "MB", "GB", "TB", "PB")


def short_number(value: float, digits: int = DIGITS) -> str:
    """A number with at most so many significant digits; whole ones up to a million in full; in groups of three.

    The script ``numbers.js`` writes them in the same way.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) > 10**digits - 1 and not float(value).is_integer():
        value = float(f"{value:.{digits}g}")  # whole now, so it needs no exponent
    if float(value).is_integer() and abs(value) < 1e6:
        text = f"{abs(int(value)):,}"
    else:
        text = f"{abs(value):,.{digits}g}"
        if "e" in text:
            mantissa, _, exponent = text.partition("e")
            text = f"{mantissa}e{int(exponent)}"
    return ("−" if value < 0 else "") + text.replace(",", "\u202f")


def number(value: Any) -> Markup:
    """A number for a page: short, with the full one on hover; a dash where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return Markup('<span class="none">–</span>')
    if not isinstance(value, int | float):
        return escape(value)
    full = repr(float(value)) if isinstance(value, float) else repr(value)  # NumPy's would tell their type
    return Markup(
        f'<data value="{full}" title="{full}">{short_number(value)}</data>'
    )  # nothing in it is anybody's text


def whole(value: int | None) -> str:
    """A whole number in full, in groups of three: of rows one wants to know which."""
    return "–" if value is None else f"{value:,}".replace(",", "\u202f")


def clock(milliseconds: float | None) -> Markup:
    """A point in time of a column, in UTC: without what is zero in its time of day."""
    if milliseconds is None or math.isnan(milliseconds):
        return Markup('<span class="none">–</span>')
    try:
        full = str(np.datetime64(round(milliseconds), "ms")).replace("T", " ")
    except (ValueError, OverflowError):
        full = repr(milliseconds)
    return Markup('<span title="{} UTC">{}</span>').format(
        full, re.sub(r"(:00)?\.000$|( 00:00:00\.000)$", "", full)
    )


def size(count: float | None) -> str:
    """Bytes, in the unit that suits them."""
    if count is None:
        return "–"
    value = float(count)
    for unit in _SIZES:
        if abs(value) < 1000 or unit == _SIZES[-1]:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.3g} {unit}"
        value /= 1000
    return ""


def duration(seconds: float | None) -> str:
    """A stretch of time: ``0.3 s``, ``12 s``, ``3 min 5 s``, ``2 h 4 min``."""
    if seconds is None or math.isnan(seconds):
        return "–"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def moment(seconds: float | None) -> Markup:
    """A point in time, given in seconds since 1970: of today the time, else the day as well."""
    if not seconds:
        return Markup('<span class="none">–</span>')
    local = datetime.fromtimestamp(seconds)
    today = time.localtime()[:3] == local.timetuple()[:3]
    shown = f"{local:%H:%M:%S}" if today else f"{local:%Y-%m-%d %H:%M}"
    full = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(full, full, shown)


def short_name(text: Any, longest: int = 60) -> str:
    """A name that users gave, as it stands where no markup may: cut in the middle where it is long."""
    whole = str(text)
    return whole if len(whole) <= longest else f"{whole[: longest // 2]}…{whole[-(longest // 3) :]}"


def name(text: Any, longest: int = 60) -> Markup:
    """A name that users gave: cut in the middle where it is long, whole on hover, and its direction its own."""
    whole = str(text)
    if len(whole) > longest:
        return Markup('<bdi title="{}">{}</bdi>').format(whole[:1000], short_name(whole, longest))
    return Markup("<bdi>{}</bdi>").format(whole)


def members_of(told: Mapping[str, Any]) -> int:
    """How many networks a model consists of, by its description."""
    return int(told["parameters"]["ensemble_size"]["actual"])
