"""Curves between two axes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from ....arrays import Array
from .axis_scale import AxisScale, scale_of
from .drawing import NOTHING, drawn, element, line_path, percent, plot, series_class, stretched
from .thinning import MOST_POINTS, plain, thinned, thinned_together

Curve = tuple[Array, Array]


def lines(
    label: str,
    series: Mapping[str, tuple[Sequence[Any] | Array, Sequence[Any] | Array]],
    *,
    x_label: str = "",
    y_label: str = "",
    marks: Sequence[tuple[float, str]] = (),
    diagonal: bool = False,
    log_x: bool = False,
    log_y: bool = False,
    within_x: tuple[float, float] | None = None,
    within_y: tuple[float, float] | None = None,
    height: int = 256,
) -> Markup:
    """A picture of curves, with a legend where there are several; ``charts.js`` puts one in its place that answers to a pointer.

    Parameters
    ----------
    label : str
        What a screen reader says.
    series : mapping of name to (x, y)
        None, NaN and infinite values of y are gaps. Any number of points: more than fit are thinned.
    x_label, y_label : str
    marks : list of (x, text)
        Places to be seen, such as that of the best model: a line, and a dot on each curve.
    diagonal : bool
        Draw the line of equal values.
    log_x, log_y : bool
    within_x, within_y : (float, float), optional
        Ranges that the axes have at least.
    height : int
        In px.
    """
    curves = thinned_together({name: (plain(x), plain(y)) for name, (x, y) in series.items()})
    curves = {name: (x[~np.isnan(x)], y[~np.isnan(x)]) for name, (x, y) in curves.items()}
    x_scale = scale_of([x for x, _ in curves.values()], log_x, within=within_x)
    y_scale = scale_of(
        [y for _, y in curves.values()], log_y, room=0.04 if within_y is None else 0, within=within_y
    )
    if x_scale is None or y_scale is None:
        return NOTHING
    inside = [stretched(*_paths(curves, x_scale, y_scale, diagonal)), *_lonely(curves, x_scale, y_scale)]
    for at, text in marks:
        inside += _mark(at, text, curves, x_scale, y_scale)
    picture = drawn("lines", label, height, *plot(x_scale, y_scale, x_label, y_label, *inside))
    told = {
        "x": x_label, "y": y_label, "marks": [[float(at), text] for at, text in marks], "height": height,
        "diagonal": diagonal, "log_x": log_x, "log_y": log_y, "within_x": within_x, "within_y": within_y,
        **aligned(curves, x_label),
    }  # fmt: skip
    content = Markup("").join([picture, legend(list(curves))])
    return element("div", content, class_="line-chart", data_chart=json.dumps(told, separators=(",", ":")))


def _paths(
    curves: Mapping[str, Curve], x_scale: AxisScale, y_scale: AxisScale, diagonal: bool
) -> list[Markup]:
    found = []
    if diagonal:
        ends = np.array([max(x_scale.low, y_scale.low), min(x_scale.high, y_scale.high)])
        found.append(
            element("path", d=line_path(x_scale.place(ends), y_scale.place(ends)), class_="diagonal")
        )
    for number, (x, y) in enumerate(curves.values()):
        path = line_path(x_scale.place(x), y_scale.place(y))
        found.append(element("path", d=path, class_=f"curve {series_class(number)}"))
    return found


def _lonely(curves: Mapping[str, Curve], x_scale: AxisScale, y_scale: AxisScale) -> list[Markup]:
    """Dots in place of curves of one point, which are hard to see."""
    return [
        _dot(float(x_scale.place(x)[there][0]), float(y_scale.place(y)[there][0]), number)
        for number, (x, y) in enumerate(curves.values())
        if (there := ~(np.isnan(x_scale.place(x)) | np.isnan(y_scale.place(y)))).sum() == 1
    ]


def _dot(across: float, up: float, number: int) -> Markup:
    return element(
        "circle", class_=f"dot {series_class(number)}", cx=percent(across), cy=percent(1 - up), r=4
    )


def _mark(
    at: float, text: str, curves: Mapping[str, Curve], x_scale: AxisScale, y_scale: AxisScale
) -> list[Markup]:
    """A line at a place of the x axis with its text, and a dot on each curve that is there."""
    place = float(x_scale.place(at))
    if not 0 <= place <= 1:
        return []
    across = percent(place)
    side = {"text_anchor": "end", "dx": -4} if place > 0.5 else {"dx": 4}
    found = [
        element("line", x1=across, x2=across, y1="0", y2="100%", class_="mark"),
        element("text", text, x=across, y="0", dy=-4, class_="mark-text", **side),
    ]
    for number, (x, y) in enumerate(curves.values()):
        if len(x):
            up = float(y_scale.place(y[int(np.argmin(np.abs(x - at)))]))
            if not np.isnan(up):
                found.append(_dot(place, up, number))
    return found


def legend(names: Sequence[str]) -> Markup:
    """Names of series beside their colours; nothing for a single one."""
    if len(names) < 2:
        return Markup("")
    items = []
    for number, name in enumerate(names):
        stroke = element("line", x1=0, x2=16, y1=4, y2=4, class_=f"curve {series_class(number)}")
        swatch = element("svg", stroke, width=16, height=8, aria_hidden="true")
        items.append(element("li", swatch, " ", element("bdi", name[:200])))
    return element("ul", *items, class_="legend")


def aligned(curves: Mapping[str, Curve], x_label: str) -> dict[str, Any]:
    """The curves as columns with one x for all, as scripts take them; nothing where an x runs backwards.

    Returns
    -------
    dict
        ``names`` (of x, then of each curve) and ``columns``, with None where a curve has no value.
    """
    if any((np.diff(x) < 0).any() for x, _ in curves.values()):
        return {}
    first = next(iter(curves.values()))[0]
    if not all(len(x) == len(first) and (x == first).all() for x, _ in curves.values()):
        curves = {
            name: thinned(x, y, max(100, MOST_POINTS // len(curves))) for name, (x, y) in curves.items()
        }
    places = [_occurrences(x) for x, _ in curves.values()]
    every = sorted(set().union(*places))
    columns: list[list[float | None]] = [[x for x, _ in every]]
    for place, (_, y) in zip(places, curves.values(), strict=True):
        found = dict(zip(place, y.tolist(), strict=True))
        values = [found.get(each) for each in every]
        columns.append([None if v is None or v != v else float(f"{v:.6g}") for v in values])
    return {"names": [x_label, *curves], "columns": columns}


def _occurrences(x: Array) -> list[tuple[float, int]]:
    """Each value, and which time it is there: curves rise where an x is there twice."""
    found: list[tuple[float, int]] = []
    count = 0
    for number, value in enumerate(x.tolist()):
        count = count + 1 if number and value == found[-1][0] else 0
        found.append((value, count))
    return found
