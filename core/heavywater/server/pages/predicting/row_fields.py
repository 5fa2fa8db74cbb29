"""Fields of a form for one row: what a model is given, where each starts, and how far it may reasonably go."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ....errors import InvalidArgument

MOST_CHOICES = 60  # levels of a list that is looked through; of more, a field with suggestions
MOST_SUGGESTIONS = 1000  # in the page; of more levels the script asks for those in which a text occurs
_STEPS = 200  # of a slider, about
_DIGITS = 4  # of what a form starts with, where no row of a frame says it


@dataclass(frozen=True)
class RowField:
    """A field for an input.

    Attributes
    ----------
    position : int
        Of the input among those of the model: names of fields are made of it, since names of inputs can hold anything.
    name : str
    control : str
        ``number``, ``time``, ``choice`` (of few levels) or ``search`` (among many).
    start : float, int, str or None
        What the row starts with, as `score_rows` takes it; None is missing.
    start_text : str
        The same as the field holds it; of a choice the number of the level. Nothing is missing.
    low, high, step : float or None
        Of a slider; None where there is none.
    levels : list of str
    importance : float or None
    """

    position: int
    name: str
    control: str
    start: Any
    start_text: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    levels: list[str] = field(default_factory=list)
    importance: float | None = None

    @property
    def field(self) -> str:
        """Its name in the form."""
        return f"v{self.position}"

    def given(self, values: Mapping[str, Any]) -> str:
        """What a form holds for it; what it starts with where it is not in the form."""
        found = values.get(self.field)
        return found if isinstance(found, str) else self.start_text

    def cell(self, text: str) -> Any:
        """A text of the form as `score_rows` takes it.

        Raises
        ------
        InvalidArgument
            There is no such choice.
        """
        if text == self.start_text:
            return self.start
        if text == "":
            return None
        if self.control == "choice":
            try:
                return self.levels[int(text)]
            except (ValueError, IndexError):
                raise InvalidArgument(
                    f"{self.name!r} has {len(self.levels)} levels, and none is number {text}"
                ) from None
        if self.control in ("number", "time"):
            try:
                return float(text)
            except ValueError:
                pass  # a date; what is none will be refused
        return text


def fields_of(inputs: Sequence[Mapping[str, Any]], cells: Mapping[str, Any]) -> list[RowField]:
    """The fields for the inputs of a model.

    Parameters
    ----------
    inputs : list of mappings
        As `Models.inputs` tells them.
    cells : mapping of str to object
        What a row of a frame holds; for others a number starts with its mean, a factor with its most frequent level.
    """
    return [
        (_factor if each["kind"] == "enum" else _number)(position, each, cells)
        for position, each in enumerate(inputs)
    ]


def _factor(position: int, given: Mapping[str, Any], cells: Mapping[str, Any]) -> RowField:
    levels, name = given["levels"], given["name"]
    usual = given["common"] if given["common"] is not None or not levels else levels[0]
    start = cells.get(name, usual)
    few = len(levels) <= MOST_CHOICES and (start is None or start in levels)
    text = "" if start is None else str(levels.index(start)) if few else str(start)
    return RowField(
        position,
        name,
        "choice" if few else "search",
        start,
        text,
        levels=levels,
        importance=given["importance"],
    )


def _number(position: int, given: Mapping[str, Any], cells: Mapping[str, Any]) -> RowField:
    name, whole, low, high = given["name"], given["kind"] == "int", given["low"], given["high"]
    start = cells[name] if name in cells else _rounded(given["mean"], whole)
    if isinstance(start, float) and not math.isfinite(start):
        start = None
    if given["kind"] == "time":
        return RowField(position, name, "time", start, moment_text(start), importance=given["importance"])
    text = "" if start is None else number_text(start)
    found = {"importance": given["importance"]}
    if low is None or high is None or not low < high:
        return RowField(position, name, "number", start, text, **found)
    step = slider_step(low, high, whole)
    bounds = math.floor(low / step) * step, math.ceil(high / step) * step
    low, high = (float(f"{bound:.12g}") for bound in bounds)
    return RowField(position, name, "number", start, text, low, high, step, **found)


def _rounded(value: float, whole: bool) -> float:
    """A number that is easily read, and near."""
    return float(round(value)) if whole else float(f"{value:.{_DIGITS}g}")


def number_text(value: Any) -> str:
    """A number as a field of a form holds it."""
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def moment_text(milliseconds: float | None) -> str:
    """A point in time as a field holds it: a date in UTC, or milliseconds where that would not say all."""
    if milliseconds is None:
        return ""
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return number_text(milliseconds)
    whole = milliseconds % 1000 == 0 and moment.year >= 1000
    return f"{moment:%Y-%m-%d %H:%M:%S}" if whole else number_text(milliseconds)


def slider_step(low: float, high: float, whole: bool) -> float:
    """A round number, of which about 200 lie between two others; of whole numbers 1 at least."""
    raw = (high - low) / _STEPS
    power = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= raw * 0.999)
    return max(1.0, float(round(step))) if whole else float(f"{step:.3g}")
