"""What can be compared with what.

Numbers go with numbers, texts and levels with texts and levels, times with times. A number beside a time is
milliseconds since 1970, a level that is a number equals this number, levels True and False equal 1 and 0, and what is
missing goes with everything. Nothing else can be equal, so that asking is an error: an answer of zeros would look
like one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidType
from ..columns.column import Column
from ..columns.moment import Moment
from .arguments import is_missing_value

_REMEDIES = {
    frozenset(
        ("time", "text")
    ): "give a datetime, date or pandas.Timestamp (in R a Date or POSIXct), or make times of a "
    "column of texts with as_date(format)",
    frozenset(("time", "enum")): "make times of the levels with as_date(format)",
    frozenset(("time", "number")): "give the number as milliseconds since 1970, or take a column of times",
    frozenset(("time",)): "times have an order and a difference; durations are numbers of milliseconds",
    frozenset(
        ("number", "text")
    ): "make numbers of texts with asnumeric(), or texts of numbers with ascharacter()",
    frozenset(
        ("number", "enum")
    ): "levels that are no numbers have numbers of their own: asnumeric() gives them",
}
_REMEDY = "take columns of one type: asnumeric(), asfactor(), ascharacter() and as_date(format) convert"


def group_of(side: Any) -> str:
    """What a column or scalar is in a comparison: number, text, enum, time, moment or missing."""
    if isinstance(side, Column):
        if side.kind in ("enum", "time"):
            return side.kind
        if side.is_text:
            return "text"
        return "missing" if side.kind == "bad" else "number"
    if is_missing_value(side):
        return "missing"
    if isinstance(side, Moment):
        return "moment"
    return "text" if isinstance(side, str) else "number"


_PAIRS = {
    frozenset(pair)
    for pair in (
        ("number",), ("text",), ("enum",), ("time",), ("moment",), ("number", "time"), ("time", "moment"), ("text", "enum"),
    )
}  # fmt: skip


def can_be_equal(left: Any, right: Any) -> bool:
    """Whether two columns, or a column and a scalar, may be equal at all."""
    groups = frozenset((group_of(left), group_of(right)))
    if "missing" in groups or groups in _PAIRS:
        return True
    if groups != {"number", "enum"}:
        return False
    levels, other = (left, right) if group_of(left) == "enum" else (right, left)
    return not isinstance(other, Column) or not levels.levels or not np.isnan(level_numbers(levels)).all()


_FLAGS = {"True": 1.0, "TRUE": 1.0, "true": 1.0, "False": 0.0, "FALSE": 0.0, "false": 0.0}


def level_numbers(column: Column) -> Array:
    """Of each level the number that it is, NaN where it is none, and at the end one NaN for missing cells.

    True and False, also as files and R write them, are 1 and 0 as everywhere in Python.
    """
    numbers = np.full(len(column.levels or ()) + 1, np.nan)
    for code, level in enumerate(column.levels or ()):
        try:
            numbers[code] = _FLAGS[level] if level in _FLAGS else float(level)
        except ValueError:
            continue
    return numbers


def described(side: Any, label: str | None = None) -> str:
    """A column or scalar, for messages."""
    if isinstance(side, Column):
        return (
            f"column {label!r} of type {side.kind}" if label is not None else f"a column of type {side.kind}"
        )
    if isinstance(side, Moment):
        return repr(side)
    if isinstance(side, str):
        return f"the text {side!r}" if len(side) <= 60 else f"the text {side[:57]!r}..."
    return "a missing value" if is_missing_value(side) else f"the number {side!r}"


def refusal(what: str, left: tuple[Any, str | None], right: tuple[Any, str | None]) -> InvalidType:
    """The error about two sides that do not go together; each is a column or scalar, and the name of the column."""
    groups = frozenset(group_of(side).replace("moment", "time") for side in (left[0], right[0]))
    sides = f"{described(*left)} and {described(*right)}"
    return InvalidType(f"{what}: {sides} do not go together; {_REMEDIES.get(groups, _REMEDY)}")
