"""Partial dependence: the mean response in dependence on a column, of one model or of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from .canvas import GREY, MARKERS, new_figure
from .dependence_values import (
    AskedColumn,
    Curve,
    asked_column,
    check_same_response,
    check_scale,
    curve,
    log_odds,
    marks,
    numbers,
    row_number,
    targets_of,
)
from .drawing import Drawing, Size, colors_of, table_of
from .labels import label, labels, legend_beside, name_levels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

DASHES = ("solid", "dashed", "dashdot", "dotted", (0, (5, 1)), (0, (3, 1, 1, 1)))


@dataclass(frozen=True)
class Options:
    """How dependence is drawn; see `h2o.model.dependence.ModelDependence.pd_plot`."""

    row_index: int | None = None
    target: Any = None
    max_levels: int = 30
    figsize: Size = (16, 9)
    colormap: str | None = "Dark2"
    binary_response_scale: str = "response"
    nbins: int = 100
    show_rug: bool = True
    server: bool = False
    heading: str = ""  # a second line of the title


def draw_dependence(model: ModelBase, frame: H2OFrame, column: str | int, options: Options) -> Drawing:
    """Draw the mean response over a column with its spread, or the response of one row; of more classes a line each."""
    row = None if options.row_index is None else row_number(frame, options.row_index)
    asked = asked_column(model, frame, column, options.max_levels, row)
    odds = check_scale(model, options.binary_response_scale)
    targets = targets_of(model, options.target, several=True)
    curves = [curve(model, asked, target, options.nbins, row) for target in targets]
    figure, axes = new_figure(options.server, options.figsize)
    colors = colors_of(options.colormap, len(targets))
    lines = [
        Line(
            each,
            "response" if target is None else target,
            color,
            DASHES[i % len(DASHES)],
            MARKERS[i % len(MARKERS)],
        )
        for i, (target, each, color) in enumerate(zip(targets, curves, colors, strict=True))
    ]
    for i, line in enumerate(lines):
        spread = len(lines) == 1 and row is None and not odds
        _draw(axes, asked, line, odds, spread=spread, shift=_shift(i, len(lines)))
    if model._category != "Regression" and not odds:
        axes.set_ylim(max(axes.get_ylim()[0], -0.02), min(axes.get_ylim()[1], 1.02))  # probabilities
    if row is not None:
        _mark_row(axes, asked, row)
    finish_axes(axes, asked, options.show_rug, _response_name(row is None, odds, len(lines) > 1))
    what = "Partial Dependence" if row is None else f"Individual Conditional Expectation of Row {row}"
    one = f", class {label(targets[0], 24)}" if targets[0] is not None and len(targets) == 1 else ""
    axes.set_title("\n".join(filter(None, (f"{what} on {label(asked.name)}{one}", options.heading))))
    _legend(axes, beside=len(lines) > 1 or row is not None)
    table = _table(asked, targets, curves, odds)
    return Drawing(figure, table, _said(what, asked, curves, targets))


def draw_dependences(
    models: Sequence[ModelBase],
    frame: H2OFrame,
    column: str | int,
    options: Options,
    markers: Sequence[str] = MARKERS,
) -> Drawing:
    """Draw the mean responses of several models over a column, or their responses for one row."""
    check_same_response(models)
    row = None if options.row_index is None else row_number(frame, options.row_index)
    askeds = [asked_column(model, frame, column, options.max_levels, row) for model in models]
    asked = askeds[0]
    targets = [targets_of(model, options.target, several=False)[0] for model in models]
    curves = [
        curve(model, each, target, options.nbins, row)
        for model, each, target in zip(models, askeds, targets, strict=True)
    ]
    if not markers:
        raise H2OValueError("markers must have at least one of matplotlib's markers, such as 'o'")
    names = labels([model.model_id for model in models])
    figure, axes = new_figure(options.server, options.figsize)
    for i, (name, each, color) in enumerate(
        zip(names, curves, colors_of(options.colormap, len(models)), strict=True)
    ):
        line = Line(each, name, color, DASHES[i % len(DASHES)], markers[min(i, len(markers) - 1)])
        _draw(axes, asked, line, odds=False, spread=False, shift=_shift(i, len(models)))
    if row is not None:
        _mark_row(axes, asked, row)
    finish_axes(axes, asked, options.show_rug, _response_name(row is None, False, False))
    what = "Partial Dependence" if row is None else f"Individual Conditional Expectation of Row {row}"
    one = "" if targets[0] is None else f", class {label(targets[0], 24)}"
    axes.set_title(f"{what} on {label(asked.name)}{one}")
    _legend(axes, beside=True)
    table = _table(asked, [str(model.model_id) for model in models], curves, odds=False, named="model")
    return Drawing(figure, table, _said(what, asked, curves, names))


@dataclass(frozen=True)
class Line:
    """A curve and how it looks."""

    curve: Curve
    name: str
    color: Any
    dashes: Any = "solid"
    marker: str = "o"


def _draw(axes: Axes, asked: AskedColumn, line: Line, odds: bool, spread: bool, shift: float = 0.0) -> None:
    places, mean = asked.places(line.curve.values), line.curve.mean
    low, high = mean - line.curve.deviation, mean + line.curve.deviation
    mean = log_odds(mean) if odds else mean
    name = label(line.name)
    if asked.kind == "factor":
        axes.plot(places + shift, mean, line.marker, color=line.color, markersize=9, label=name, zorder=3)
        if spread:
            axes.vlines(places, low, high, color=line.color, alpha=0.5, linewidth=3, zorder=2)
        return
    axes.plot(places, mean, color=line.color, linestyle=line.dashes, linewidth=2, label=name, zorder=3)
    if spread:
        axes.fill_between(places, low, high, color=line.color, alpha=0.2, linewidth=0, zorder=2)


def _shift(i: int, count: int) -> float:
    """Where the mark of one of several stands beside a level."""
    return 0.0 if count == 1 else 0.5 * (i / (count - 1) - 0.5)


def _mark_row(axes: Axes, asked: AskedColumn, row: int) -> None:
    """A vertical line at the value of the row; none where it is missing and has no place."""
    cell = numbers(asked.frame[row : row + 1, asked.name], 0)[0]
    if asked.kind == "factor":
        value = None if np.isnan(cell) else asked.frame[asked.name].levels()[0][int(cell)]
        place = asked.places([".missing(NA)" if value is None else value])[0]
        if value is None and not asked.has_missing:
            return
    else:
        if np.isnan(cell):
            return
        place = asked.places([cell])[0]
    axes.axvline(place, color="black", linestyle="dotted", linewidth=1.5, label="value of the row", zorder=1)


def draw_lines(axes: Axes, asked: AskedColumn, lines: Sequence[Line]) -> None:
    """Draw several curves over one column, side by side where its levels have places."""
    for i, line in enumerate(lines):
        _draw(axes, asked, line, odds=False, spread=False, shift=_shift(i, len(lines)))


def finish_axes(axes: Axes, asked: AskedColumn, show_rug: bool, response: str) -> None:
    """Names of the axes, and below how the rows are distributed over the column."""
    axes.set(xlabel=label(asked.name), ylabel=response)
    axes.grid(True, alpha=0.4)
    axes.spines[["right", "top"]].set_visible(False)
    if asked.kind == "factor":
        name_levels(axes, [*asked.levels, *(["missing"] if asked.has_missing else [])])
        _count_levels(axes, asked)
        return
    box = axes.get_xlim()
    found = marks(asked)
    if len(found) == 0:
        return
    places = asked.places(list(found))
    below = axes.twinx()  # of the same width, with a scale of its own
    below.set_zorder(axes.get_zorder() - 1)
    axes.patch.set_visible(False)
    if len(np.unique(found)) > 1:
        below.hist(places, bins=min(30, len(np.unique(found))), color=GREY, alpha=0.25, zorder=0)
    low, high = below.get_ylim()
    below.set_ylim(low, max(high, 1) * 5)  # the lowest fifth of the drawing
    below.set_yticks([])
    below.spines[:].set_visible(False)
    if show_rug:
        axes.plot(
            places, np.zeros(len(places)), "|", color="black", alpha=0.35, markersize=12, clip_on=False,
            transform=axes.get_xaxis_transform(), label="_rows",
        )  # fmt: skip
    axes.set_xlim(box)


def _count_levels(axes: Axes, asked: AskedColumn) -> None:
    """How many rows have each level, as bars in the lowest fifth of the drawing."""
    cells = numbers(asked.frame, asked.name)
    counts = [int((cells == code).sum()) for code in asked.codes]
    counts += [int(np.isnan(cells).sum())] if asked.has_missing else []
    below = axes.twinx()
    below.set_zorder(axes.get_zorder() - 1)
    axes.patch.set_visible(False)
    below.bar(range(len(counts)), counts, color=GREY, alpha=0.25, width=0.8)
    below.set_ylim(0, max(*counts, 1) * 5)
    below.set_yticks([])
    below.spines[:].set_visible(False)


def _response_name(mean: bool, odds: bool, classes: bool) -> str:
    if odds:
        return "log odds of the mean response" if mean else "log odds"
    response = "probability" if classes else "response"
    return f"mean {response}" if mean else response


def _legend(axes: Axes, beside: bool) -> None:
    """A legend beside the axes, where lines have names."""
    if beside:
        legend_beside(axes)


def _table(
    asked: AskedColumn, names: Sequence[Any], curves: Sequence[Curve], odds: bool, named: str = "class"
) -> Any:
    several = len(names) > 1
    heads = [asked.name, *([named] if several else []), "mean_response", "stddev_response"]
    rows = []
    for name, each in zip(names, curves, strict=True):
        for value, mean, deviation in zip(each.values, each.mean, each.deviation, strict=True):
            row = [asked.shown(value), *([name] if several else []), mean, deviation]
            rows.append([*row, log_odds(np.array([mean]))[0]] if odds else row)
    return table_of(f"Dependence on {asked.name}", [*heads, *(["log_odds_of_mean"] if odds else [])], rows)


def _said(what: str, asked: AskedColumn, curves: Sequence[Curve], names: Sequence[Any]) -> str:
    parts = []
    for name, each in zip(names, curves, strict=True):
        known = each.mean[np.isfinite(each.mean)]
        if len(known):
            of = "" if name is None or len(curves) == 1 else f" of {name}"
            parts.append(f"{known.min():.3g} to {known.max():.3g}{of}")
    return f"{what} on {asked.name}: the response goes from " + ", ".join(parts[:8])
