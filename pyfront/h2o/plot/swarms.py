"""Contributions as points: a line of them for each column, or for each group of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .canvas import BLUE, GREY, RED
from .contribution_values import (
    contribution_name,
)
from .dependence_values import numbers
from .drawing import Array, colors_of
from .labels import labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

# From blue over grey to red: what is low and high can be told apart by the colour-blind, and on dark and light ground.
_SCALE = (BLUE, "#9a8fb0", RED)


@dataclass(frozen=True)
class Swarms:
    """Contributions that are drawn as points: names from the lowest up, values, rows, and the column that colours them."""

    names: list[str]
    values: list[Array]
    rows: list[H2OFrame]
    columns: list[str]


def draw_swarms(
    axes: Axes,
    swarms: Swarms,
    model: ModelBase,
    how: tuple[float, float],
    of: str | None = None,
    colormap: str | None = None,
    colorize_factors: bool = True,
) -> None:
    """Draw a line of points for each name; `how` has their opacity and how far they move up and down."""
    from matplotlib.cm import ScalarMappable

    scale, random = _scale(colormap), np.random.default_rng(1)
    parts = zip(swarms.values, swarms.rows, swarms.columns, strict=True)
    for place, (values, rows, column) in enumerate(parts):
        _draw_swarm(axes, values, place, _shades(rows, column, colorize_factors), scale, (*how, random))
    axes.axvline(0, color=GREY, linewidth=1, zorder=1)
    axes.set_yticks(range(len(swarms.names)), labels=labels(swarms.names))
    axes.set_ylim(-0.7, len(swarms.names) - 0.3)
    axes.grid(True, axis="x", alpha=0.4)
    axes.spines[["right", "top", "left"]].set_visible(False)
    figure: Any = axes.figure
    bar = figure.colorbar(ScalarMappable(cmap=scale), ax=axes, shrink=0.6, pad=0.02)
    bar.set_ticks([0, 1], labels=["low", "high"])
    bar.set_label("value of the column (grey: missing)")
    axes.set_xlabel(contribution_name(model, of))


def _scale(colormap: str | None) -> Colormap:
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap

    if colormap is None:
        return LinearSegmentedColormap.from_list("low_high", _SCALE)
    colors_of(colormap, 1)  # says what is wrong with it
    return colormaps[colormap]


def _shades(rows: H2OFrame, name: str, colorize_factors: bool) -> Array:
    """Where the value of each row lies among those of the column, from 0 to 1; NaN is drawn grey."""
    if name not in rows.names or rows.type(name) in ("string", "uuid"):
        return np.full(rows.nrow, np.nan)
    cells = numbers(rows, name)
    if rows.type(name) == "enum":
        most = max(1, len(rows[name].levels()[0]) - 1)
        return cells / most if colorize_factors else np.full(len(cells), np.nan)
    known = np.isfinite(cells)
    ranks = np.full(len(cells), np.nan)
    if known.any():
        values, inverse = np.unique(cells[known], return_inverse=True)
        ranks[known] = inverse / max(1, len(values) - 1)
    return ranks


def _draw_swarm(
    axes: Axes, values: Array, place: float, shades: Array, scale: Colormap, how: tuple[float, float, Any]
) -> None:
    """One point for each row, moved up or down where many lie together."""
    alpha, jitter, random = how
    known = np.isfinite(values)
    values, shades = values[known], shades[known]
    if not len(values):
        return
    counts, edges = np.histogram(values, bins=40)
    where = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(counts) - 1)
    width = jitter * counts[where] / max(1, counts.max())
    up = place + width * random.uniform(-1, 1, len(values))
    colors = np.where(
        np.isfinite(shades)[:, None], scale(np.nan_to_num(shades)), np.array([0.5, 0.5, 0.5, 1.0])
    )
    axes.scatter(values, up, c=colors, s=16, alpha=alpha, linewidths=0, rasterized=True, zorder=3)
