"""Elements of SVG, and the two axes that most pictures have."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from ....arrays import Array
from .axis_scale import AxisScale

SERIES = 6  # colours, see charts.css; further series are dashed
NOTHING = Markup('<p class="none">no values</p>')
_UNITS = 1000  # of the inner picture, in both directions; it is stretched over the plot
_LONGEST = 200  # characters of a text that a picture tells to a screen reader


def element(tag: str, *content: Any, **attributes: Any) -> Markup:
    """An element; contents and values are escaped. Of names ``_`` is ``-``, and one at the end is dropped; None is left out."""
    given = Markup("").join(
        Markup(' {}="{}"').format(Markup(name.rstrip("_").replace("_", "-")), value)
        for name, value in attributes.items()
        if value is not None
    )
    inside = Markup("").join(content)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), given, inside)


def percent(share: float) -> str:
    """A place or length within a plot, as SVG takes it."""
    return f"{100 * float(share):.4g}%"


def series_class(number: int) -> str:
    """Class of the colour of a series, counted from 0."""
    return f"series-{number % SERIES + 1}" + (" dashed" if number >= SERIES else "")


def cut(text: object, longest: int = _LONGEST) -> str:
    """A text that is not longer than that."""
    whole = str(text)
    return whole if len(whole) <= longest else f"{whole[: longest - 1]}…"


def drawn(kind: str, label: str, height: int, *content: Markup) -> Markup:
    """A picture as wide as its place.

    Parameters
    ----------
    kind : str
        Its class.
    label : str
        What a screen reader says in its place.
    height : int
        In px.
    """
    return element(
        "svg",
        *content,
        class_=f"drawn {kind}",
        role="img",
        aria_label=cut(label),
        width="100%",
        height=height,
    )


def stretched(*content: Markup) -> Markup:
    """A part of a plot with 1 000 units in both directions, however wide it is; see `line_path`."""
    return element(
        "svg",
        *content,
        viewBox=f"0 0 {_UNITS} {_UNITS}",
        preserveAspectRatio="none",
        width="100%",
        height="100%",
        class_="stretched",
    )


def line_path(x: Array, y: Array) -> str:
    """A path through points given as shares, y from below; NaN are gaps, points between two gaps are dots."""
    parts, pen_is_down = [], False
    for across, up in zip(x * _UNITS, (1 - y) * _UNITS, strict=True):
        if np.isnan(across) or np.isnan(up):
            pen_is_down = False
            continue
        parts.append(f"{'L' if pen_is_down else 'M'}{across:.5g} {up:.5g}{'' if pen_is_down else 'h0'}")
        pen_is_down = True
    return "".join(parts)


def dots_path(x: Array, y: Array) -> str:
    """A path that is a dot at each point, given as in `line_path`."""
    there = ~(np.isnan(x) | np.isnan(y))
    return "".join(
        f"M{across:.4g} {up:.4g}h0"
        for across, up in zip(x[there] * _UNITS, (1 - y[there]) * _UNITS, strict=True)
    )


def plot(x: AxisScale, y: AxisScale, x_label: str, y_label: str, *content: Markup) -> list[Markup]:
    """Two axes with their ticks and labels, and what lies between them.

    Parameters
    ----------
    x, y : AxisScale
    x_label, y_label : str
    content : Markup
        Places as shares of the plot: ``x="12.5%"``, see `percent`.
    """
    parts = []
    for number, (place, text) in enumerate(x.ticks()):
        kind = "tick every-second" if number % 2 else "tick"
        parts.append(
            element("text", text, x=percent(place), y="100%", dy=16, class_=kind, text_anchor="middle")
        )
    for place, text in y.ticks(4):
        at = percent(1 - place)
        parts.append(element("line", x1="0", x2="100%", y1=at, y2=at, class_="rule"))
        parts.append(element("text", text, x="0", y=at, dx=-8, dy=4, class_="tick", text_anchor="end"))
    parts.append(element("line", x1="0", x2="100%", y1="100%", y2="100%", class_="axis"))
    inner = element("svg", *parts, *content, width="100%", height="100%", class_="plot")
    found = [inner, element("text", cut(y_label, 60), x=-64, y=-12, class_="label")]
    if x_label:
        found.append(
            element(
                "text", cut(x_label, 60), x="100%", y="100%", dy=40, class_="label below", text_anchor="end"
            )
        )
    return found
