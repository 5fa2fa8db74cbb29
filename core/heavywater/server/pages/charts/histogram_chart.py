"""Counts of bins: between two axes, and small for a cell of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from ....arrays import Array
from .axis_scale import AxisScale, scale_of
from .drawing import NOTHING, drawn, element, percent, plot, stretched
from .thinning import merged, plain

_MOST_BINS = 200
_MOST_SPARKS = 32
_HIGH = 24  # units of a spark


def histogram(
    label: str,
    counts: Sequence[Any] | Array,
    low: float,
    high: float,
    *,
    x_label: str = "",
    y_label: str = "rows",
    mark: tuple[float, str] | None = None,
    height: int = 200,
) -> Markup:
    """A picture of counts in bins of equal width.

    Parameters
    ----------
    label : str
        What a screen reader says.
    counts : (n,)
    low, high : float
        Where the first bin begins, and the last one ends.
    x_label, y_label : str
    mark : (float, str), optional
        A place to be seen, such as a cut-off, and its name.
    height : int
        In px.
    """
    found, together = merged(counts, _MOST_BINS)
    ends = plain([low, high])
    if not len(found) or np.isnan(ends).any() or not found.any():
        return NOTHING
    reach = float(
        ends[0] + (ends[1] - ends[0]) / len(counts) * together * len(found)
    )  # of bins that were merged
    x_scale = scale_of([np.array([ends[0], reach])]) or AxisScale(0, 1)
    y_scale = scale_of([found], within=(0, 1)) or AxisScale(0, 1)
    x, top = x_scale.place(np.linspace(ends[0], reach, len(found) + 1)), y_scale.place(found)
    steps = "".join(
        f"M{1000 * a:.5g} 1000V{1000 * (1 - t):.5g}H{1000 * b:.5g}V1000z"
        for a, b, t in zip(x[:-1], x[1:], top, strict=True)
        if t > 0
    )
    inside = [stretched(element("path", d=steps, class_="bar bins"))]
    if mark is not None and 0 <= (place := float(x_scale.place(mark[0]))) <= 1:
        at = percent(place)
        inside += [
            element("line", x1=at, x2=at, y1="0", y2="100%", class_="mark"),
            element(
                "text",
                mark[1],
                x=at,
                y="0",
                dy=-4,
                class_="mark-text",
                text_anchor="end" if place > 0.5 else None,
            ),
        ]
    return drawn("histogram", label, height, *plot(x_scale, y_scale, x_label, y_label, *inside))


def spark(label: str, counts: Sequence[Any] | Array) -> Markup:
    """A small picture of counts, for a cell of a table; an empty text where there are none.

    Parameters
    ----------
    label : str
        What a screen reader says.
    counts : (n,)
    """
    found, _ = merged(counts, _MOST_SPARKS)
    if not len(found) or found.max() <= 0:
        return Markup("")
    tops = _HIGH * (1 - found / found.max())
    path = "".join(
        f"M{i} {_HIGH}V{min(top, _HIGH - 1):.3g}h.8V{_HIGH}z" for i, top in enumerate(tops) if found[i] > 0
    )
    return element(
        "svg",
        element("path", d=path),
        class_="spark",
        role="img",
        aria_label=label[:200],
        viewBox=f"0 0 {max(len(found), 4)} {_HIGH}",
        preserveAspectRatio="none",
        width=96,
        height=_HIGH,
    )
