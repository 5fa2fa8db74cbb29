"""Axes of parallel coordinates: any values in an order, each at a place; what is missing has a place of its own, below all others."""

from __future__ import annotations

import bisect
import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....errors import InvalidArgument
from ..basics.wording import short_number
from .axis_scale import AxisScale

NONE = "none"  # what is written where a value is missing
SCALES = ("auto", "linear", "log")
_SLOT = 0.12  # share of the axis for what has a place below the values: the missing one, the zero of a logarithmic axis
_APART = 0.055  # share of the axis between ticks that can be read
_DECADES = (
    100  # values that span such a factor are drawn on a logarithmic axis unless something else is wished
)
_LONGEST_WORD = 100
_WIDEST = 1e300  # difference of two numbers that can be told
_FEW = 8  # values that get a tick each


@dataclass(frozen=True)
class Stop:
    """A value that lines meet an axis at.

    Parameters
    ----------
    word : str
        What stands for it in addresses.
    text : str
        What is shown.
    place : float
        0 (bottom) to 1.
    value : float, optional
        Of a number.
    """

    word: str
    text: str
    place: float
    value: float | None = None


@dataclass(frozen=True)
class ParallelAxis:
    """An axis, and where each line meets it.

    Parameters
    ----------
    name, label : str
        In addresses, and for people.
    numeric, log, can_be_log : bool
        Whether its values are numbers, equal factors have equal lengths on it, and could have.
    stops : sequence of Stop
        The distinct values from below, the missing one first.
    at : sequence of int
        For each line the number of its stop.
    ticks : sequence of (float, str)
        Places, and what is written there.
    """

    name: str
    label: str
    numeric: bool
    log: bool
    can_be_log: bool
    stops: Sequence[Stop]
    at: Sequence[int]
    ticks: Sequence[tuple[float, str]]

    def between(self, first: str, last: str) -> tuple[int, int]:
        """The stops of a range, given by words or numbers; an empty text is the end of the axis.

        Returns
        -------
        (int, int)
            The first and the last one; the first is the greater one where the range holds none.

        Raises
        ------
        InvalidArgument
            A text is no value of this axis.
        """
        low = self._bound(first, 0, bisect.bisect_left)
        high = self._bound(last, len(self.stops), bisect.bisect_right) - 1
        return low, high

    def _bound(self, word: str, default: int, side: Any) -> int:
        if not word:
            return default
        for number, stop in enumerate(self.stops):
            if stop.word == word:
                return number + (side is bisect.bisect_right)
        if word == NONE:
            return 0
        if not self.numeric:
            known = ", ".join(stop.word for stop in self.stops[:10])
            raise InvalidArgument(f"{self.name}: {word!r} is none of its values, as {known}")
        try:
            value = float(word)
        except ValueError:
            raise InvalidArgument(f"{self.name}: {word!r} is no number") from None
        values = [-math.inf if stop.value is None else stop.value for stop in self.stops]
        return int(side(values, value))


def axis_of(name: str, values: Sequence[Any], scale: str = "auto", label: str = "") -> ParallelAxis:
    """The axis of some values.

    Parameters
    ----------
    name : str
    values : sequence
        One for each line: numbers, texts, truth values, lists; None and what is not finite is missing.
    scale : str
        One of `SCALES`; only of numbers that are not negative ``log`` makes a difference.
    label : str
        The name by default.
    """
    plain = [_plain(value) for value in values]
    there = [value for value in plain if value is not None]
    numeric = all(isinstance(value, float) for value in there) and bool(there)
    if numeric:
        can_be_log, log, stops, ticks = _numbers(plain, scale)
    else:
        can_be_log, log, (stops, ticks) = False, False, _texts(plain)
    numbers = {stop.value if numeric else stop.text: number for number, stop in enumerate(stops)}
    if stops and stops[0].word == NONE:
        numbers[None] = 0
    at = [numbers[value if numeric or value is None else str(value)] for value in plain]
    return ParallelAxis(name, label or name, numeric, log, can_be_log, stops, at, _readable(ticks))


def _plain(value: Any) -> float | str | None:
    """A float, or a text; None for what is missing."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple) else str(value)


def _numbers(plain: list[Any], scale: str) -> tuple[bool, bool, list[Stop], list[tuple[float, str]]]:
    """Whether numbers can have a logarithmic axis, and do; stops and ticks."""
    distinct = sorted({value for value in plain if value is not None})
    positive = [value for value in distinct if value > 0]
    can_be_log = distinct[0] >= 0 and len(positive) > 1
    spans = can_be_log and positive[-1] / positive[0] >= _DECADES
    log = can_be_log and (scale == "log" or (scale == "auto" and spans))
    stops, base = _below(None in plain)
    if log and distinct[0] == 0:
        stops.append(Stop("0", "0", base, 0.0))
        base += _SLOT
    shown = positive if log else distinct
    if len(shown) == 1 or (not log and shown[-1] - shown[0] > _WIDEST):
        places, ticks = _evenly(len(shown)), []
    else:
        ruler = AxisScale(shown[0], shown[-1], log)
        places, ticks = [float(each) for each in ruler.place(np.array(shown))], ruler.ticks(5)
    places = [base + (1 - base) * place for place in places]
    ticks = [(base + (1 - base) * place, text) for place, text in ticks]
    stops += [Stop(_word(v), short_number(v), at, v) for v, at in zip(shown, places, strict=True)]
    if len(shown) <= _FEW or not ticks:
        ticks = [(stop.place, stop.text) for stop in stops]
    else:
        ticks = [*((stop.place, stop.text) for stop in stops if stop.place < base), *ticks]
    return can_be_log, log, stops, ticks


def _texts(plain: list[Any]) -> tuple[list[Stop], list[tuple[float, str]]]:
    distinct = sorted({str(value) for value in plain if value is not None}, key=_rank)
    stops, base = _below(None in plain)
    for text, place in zip(distinct, _evenly(len(distinct)), strict=True):
        stops.append(Stop(_text_word(text), text, base + (1 - base) * place))
    return stops, [(stop.place, stop.text) for stop in stops]


def _evenly(count: int) -> list[float]:
    return [0.5] if count == 1 else [number / (count - 1) for number in range(count)]


def _below(missing: bool) -> tuple[list[Stop], float]:
    """The stop of missing values, if there are any, and where others begin."""
    return ([Stop(NONE, NONE, 0.0)], _SLOT) if missing else ([], 0.0)


def _word(value: float) -> str:
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _text_word(text: str) -> str:
    """The text, if an address can hold it and it does not stand for what is missing; else a digest."""
    if 0 < len(text) <= _LONGEST_WORD and text != NONE and text == text.strip():
        return text
    return f"~{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _rank(text: str) -> tuple[Any, ...]:
    """Lists of numbers by length and numbers, other texts by the alphabet."""
    try:
        found = json.loads(text)
        if isinstance(found, list):
            return (1, len(found), [float(each) for each in found], text)
    except (ValueError, TypeError):
        pass
    return (0, 0, [], text.casefold(), text)


def _readable(ticks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Those that are far enough from each other, from below."""
    found: list[tuple[float, str]] = []
    for place, text in sorted(ticks):
        if not found or place - found[-1][0] >= _APART:
            found.append((place, text))
    return found
