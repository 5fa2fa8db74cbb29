"""Parallel coordinates: an axis for each column, a line for each row."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from .drawing import cut, element
from .parallel_axes import ParallelAxis

TOP, HEIGHT = 56, 304  # of the axes, in px
_BOTTOM, _SIDE = 24, 88
_APART, _NARROWEST = 168, 112  # between axes
_ROOM = 1040  # px that are there on most screens
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
    apart = _apart(len(axes))
    width = 2 * _SIDE + apart * (len(axes) - 1)
    across = [_SIDE + number * apart for number in range(len(axes))]
    order = drawing_order(shades, best)
    rows = [[_up(stop.place) for stop in axis.stops] for axis in axes]
    lines = Markup("").join(
        _line([(x, ups[axis.at[each]]) for x, ups, axis in zip(across, rows, axes, strict=True)],
              _kind(shades[each], each in best, each in out))
        for each in order
    )  # fmt: skip
    return element(
        "svg",
        element("g", lines, class_="lines many" if len(order) > _MANY else "lines"),
        *(_axis(axis, x) for axis, x in zip(axes, across, strict=True)),
        class_="parallel",
        role="img",
        aria_label=cut(label),
        viewBox=f"0 0 {width} {TOP + HEIGHT + _BOTTOM}",
        width=width,
        height=TOP + HEIGHT + _BOTTOM,
    )


def drawing_order(shades: Sequence[int | None], best: Collection[int]) -> list[int]:
    """The lines from the lowest to the topmost: what failed, the worse ones, the best."""
    return sorted(
        range(len(shades)), key=lambda each: (each in best, -1 if shades[each] is None else shades[each])
    )


def _apart(count: int) -> int:
    return max(_NARROWEST, min(2 * _APART, (_ROOM - 2 * _SIDE) // max(1, count - 1)))


def _up(place: float) -> str:
    return f"{TOP + (1 - place) * HEIGHT:.1f}".removesuffix(".0")


def _line(points: list[tuple[int, str]], kind: str) -> Markup:
    path = "L".join(f"{x} {y}" for x, y in points)
    return Markup(f'<path class="{kind}" d="M{path}"/>')  # classes of ours, and numbers


def _kind(shade: int | None, is_best: bool, is_out: bool) -> str:
    kind = "failed" if shade is None else f"shade-{shade}"
    return kind + (" best" if is_best else "") + (" out" if is_out else "")


def _axis(axis: ParallelAxis, x: int) -> Markup:
    parts = [
        element("line", x1=x, x2=x, y1=TOP, y2=TOP + HEIGHT, class_="axis"),
        element(
            "text",
            cut(axis.label, _CHARACTERS + 3),
            element("title", cut(axis.label)),
            x=x,
            y=20,
            class_="name",
        ),
    ]
    if axis.log:
        parts.append(element("text", "log", x=x, y=36, class_="scale"))
    for place, text in axis.ticks:
        y = _up(place)
        parts.append(element("line", x1=x - 4, x2=x + 4, y1=y, y2=y, class_="axis"))
        title = element("title", cut(text)) if len(text) > _CHARACTERS else ""
        shown = cut(text, _CHARACTERS)
        parts.append(element("text", shown, title, x=x - 8, y=y, dy=4, class_="tick"))
    return element("g", *parts, class_="upright", data_x=x)
