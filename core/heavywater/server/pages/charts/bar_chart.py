"""Named values as bars, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from ..basics.wording import short_number
from .drawing import NOTHING, cut, drawn, element, percent
from .thinning import plain

MOST_BARS = 100
_ROW = 24  # px
_REACH = 0.82  # of the room for bars; behind the longest one stands its value


def bars(label: str, names: Sequence[str], values: Sequence[Any], *, most: int = 30) -> Markup:
    """A picture of named values in the order given: importances, counts of levels.

    Parameters
    ----------
    label : str
        What a screen reader says.
    names, values : (n,)
        A value below 0 goes to the left; one that is missing or not finite has no bar.
    most : int
        How many are drawn, up to 100; who calls says where the others are.
    """
    found = plain(values)[: min(most, MOST_BARS)]
    if not len(found):
        return NOTHING
    finite = found[found == found]
    low, high = min(0.0, *finite, 0.0), max(0.0, *finite, 0.0)
    length = (high / 2 - low / 2) or 1.0  # halves: the largest numbers have no difference
    zero = -low / 2 / length
    rows = []
    for number, (name, value) in enumerate(zip(names, found, strict=False)):
        top = _ROW * number
        words = [element("title", cut(name)), cut(str(name), 40)]
        written = element("text", *words, x=0, y=16)
        rows.append(element("svg", written, x=0, y=top, width="36%", height=_ROW, class_="bar-name"))
        rows.append(
            element("svg", *_bar(float(value), zero, length), x="38%", y=top, width="62%", height=_ROW)
        )
    return drawn("bars", label, _ROW * len(found), *rows)


def _bar(value: float, zero: float, length: float) -> list[Markup]:
    if value != value:
        return [element("text", "–", x=percent(zero * _REACH), y=16, class_="value")]
    share = value / 2 / length
    left, wide = (zero + min(share, 0)) * _REACH, abs(share) * _REACH
    end = (zero + max(share, 0)) * _REACH
    shape = element("rect", x=percent(left), y=4, width=percent(wide), height=_ROW - 8, class_="bar")
    shown = [element("title", repr(value)), short_number(value)]
    return [shape, element("text", *shown, x=percent(end), dx=6, y=16, class_="value")]
