"""Points between two axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from ....arrays import Array
from .axis_scale import scale_of
from .drawing import NOTHING, dots_path, drawn, element, line_path, plot, stretched
from .thinning import plain, sampled

MOST_DOTS = 1500


def scatter(
    label: str,
    x: Sequence[Any] | Array,
    y: Sequence[Any] | Array,
    *,
    x_label: str = "",
    y_label: str = "",
    diagonal: bool = False,
    zero: bool = False,
    log_x: bool = False,
    log_y: bool = False,
    height: int = 256,
) -> Markup:
    """A picture of points: of many a part, with the outermost ones.

    Parameters
    ----------
    label : str
        What a screen reader says.
    x, y : (n,)
        None, NaN and infinite values have no place.
    x_label, y_label : str
    diagonal : bool
        Draw the line of equal values, and give both axes the same range.
    zero : bool
        Draw the line where y is 0.
    log_x, log_y : bool
    height : int
        In px.
    """
    across, up = sampled(plain(x), plain(y), MOST_DOTS)
    both = [across, up]
    x_scale = scale_of(both if diagonal else [across], log_x, 0.03)
    y_scale = scale_of(both if diagonal else [up, np.zeros(1)] if zero else [up], log_y, 0.03)
    if not len(across) or x_scale is None or y_scale is None:
        return NOTHING
    found = []
    ends = np.array([x_scale.low, x_scale.high])
    if diagonal:
        found.append(
            element("path", d=line_path(x_scale.place(ends), y_scale.place(ends)), class_="diagonal")
        )
    if zero:
        found.append(
            element("path", d=line_path(np.arange(2.0), y_scale.place(np.zeros(2))), class_="diagonal")
        )
    found.append(element("path", d=dots_path(x_scale.place(across), y_scale.place(up)), class_="dots"))
    return drawn("scatter", label, height, *plot(x_scale, y_scale, x_label, y_label, stretched(*found)))
