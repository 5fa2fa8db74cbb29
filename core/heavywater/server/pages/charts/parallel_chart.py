"""Parallel coordinates: an axis for each column, a line for each row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from markupsafe import Markup

from .drawing import cut, element, percent
from .parallel_axes import ParallelAxis

TOP, HEIGHT = 56, 304  # of the axes, in px
_BOTTOM = 24
_NARROWEST = 112  # px between two axes, at least
_UNITS = 1000  # across the axes
_CHARACTERS = 15  # of a text at a tick, and of the name of an axis
_MANY = 150  # lines that are drawn thinner
SHADES = 5  # from the worst to the best lines, see parallel.css


def parallel(
    label: str,
    axes: Sequence[ParallelAxis],
    shades: Sequence[int | None],
    best: Collection[int] = (),
    out: Collection[int] = (),
) -> Markup:
    """A picture of lines across axes; ``parallel.js`` lets one choose ranges in it.

    Parameters
    ----------
    label : str
        What a screen reader says.
    axes : sequence of ParallelAxis
        All of the same lines.
    shades : sequence of int
        For each line its colour, 0 (worst) to ``SHADES - 1``; None of what failed.
    best : collection of int
        Lines that are drawn above the others, thicker.
    out : collection of int
        Lines outside of chosen ranges.
    """
    gaps = max(1, len(axes) - 1)
    across = [number * _UNITS / gaps for number in range(len(axes))]
    order = drawing_order(shades, best)
    heights = [[_up(axis.stops[stop].place) for stop in axis.at] for axis in axes]
    lines = Markup("").join(
        _line(
            zip(across, (ups[each] for ups in heights), strict=True),
            _kind(shades[each], each in best, each in out),
        )
        for each in order
    )
    height = TOP + HEIGHT + _BOTTOM
    stretched = element(
        "svg",
        lines,
        class_="lines many" if len(order) > _MANY else "lines",
        viewBox=f"0 0 {_UNITS} {height}",
        preserveAspectRatio="none",
        width="100%",
        height=height,
    )
    uprights = [_axis(axis, x / _UNITS) for axis, x in zip(axes, across, strict=True)]
    picture = element(
        "svg",
        stretched,
        *uprights,
        class_="parallel",
        role="img",
        aria_label=cut(label),
        width="100%",
        height=height,
    )
    narrowest = element("svg", width=gaps * _NARROWEST, height=0, aria_hidden="true")
    return element("div", narrowest, picture, class_="as-wide")


def drawing_order(shades: Sequence[int | None], best: Collection[int]) -> list[int]:
    """The lines from the lowest to the topmost: what failed, the worse ones, the best."""
    return sorted(
        range(len(shades)), key=lambda each: (each in best, -1 if shades[each] is None else shades[each])
    )


def _up(place: float) -> str:
    return f"{TOP + (1 - place) * HEIGHT:.1f}".removesuffix(".0")


def _line(points: Iterable[tuple[float, str]], kind: str) -> Markup:
    path = "L".join(f"{x:.5g} {y}" for x, y in points)
    return Markup(f'<path class="{kind}" d="M{path}"/>')  # classes of ours, and numbers


def _kind(shade: int | None, is_best: bool, is_out: bool) -> str:
    kind = "failed" if shade is None else f"shade-{shade}"
    return kind + (" best" if is_best else "") + (" out" if is_out else "")


def _axis(axis: ParallelAxis, across: float) -> Markup:
    parts = [
        element("line", x1=0, x2=0, y1=TOP, y2=TOP + HEIGHT, class_="axis"),
        element(
            "text", cut(axis.label, _CHARACTERS + 3), element("title", cut(axis.label)), y=20, class_="name"
        ),
    ]
    if axis.log:
        parts.append(element("text", "log", y=36, class_="scale"))
    for place, text in axis.ticks:
        y = _up(place)
        parts.append(element("line", x1=-4, x2=4, y1=y, y2=y, class_="axis"))
        title = element("title", cut(text)) if len(text) > _CHARACTERS else ""
        parts.append(element("text", cut(text, _CHARACTERS), title, x=-8, y=y, dy=4, class_="tick"))
    return element("svg", *parts, x=percent(across), class_="upright")
