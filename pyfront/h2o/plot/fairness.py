"""How a model of two classes treats groups of rows: curves and bars by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from .canvas import BLUE, GREY, MARKERS, ORANGE, new_figure
from .contribution_values import contributions_of, of_target
from .dependence import DASHES, Line, Options, draw_lines, finish_axes
from .dependence_values import asked_column, curve, numbers
from .drawing import Drawing, Size, colors_of, table_of
from .labels import label, labels, legend_beside, name_levels
from .swarms import Swarms, draw_swarms

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

TABLES = "thresholds_and_metrics_"
_FAR = 20.0  # times the median
_MOST = 12  # groups of which each has a line
_CURVES = {
    "roc": ("fpr", "tpr", "False Positive Rate (FPR)", "True Positive Rate (TPR)", "ROC by Group"),
    "pr": ("recall", "precision", "Recall", "Precision", "Precision and Recall by Group"),
}


def groups_of(frame: H2OFrame, columns: Sequence[str]) -> dict[str, H2OFrame]:
    """The rows of each combination of levels that there is, by its name; the largest first, no more than can be drawn."""
    parts = {"": frame}
    for column in columns:
        if frame.type(frame._position(column)) != "enum":
            raise H2OValueError(f"{column!r} is no factor; convert it with asfactor()")
        split: dict[str, H2OFrame] = {}
        for name, rows in parts.items():
            for level in frame[column].levels()[0]:
                chosen = rows[rows[column] == level, :]
                if chosen.nrow:
                    split[f"{name},{level}" if name else level] = chosen
        parts = split
    largest = sorted(parts.items(), key=lambda item: -item[1].nrow)
    return dict(largest[:_MOST])


def draw_group_curves(
    kind: str, metrics: dict[str, H2OFrame], figsize: Size, server: bool = False
) -> Drawing:
    """Draw the ROC, or precision against recall, of each group of `ModelFairness.fairness_metrics`."""
    x, y, below, beside, title = _CURVES[kind]
    tables = {key.removeprefix(TABLES): each for key, each in metrics.items() if key.startswith(TABLES)}
    shown = list(tables)[:_MOST]
    figure, axes = new_figure(server, figsize)
    rows: list[list[Any]] = []
    for i, (name, text, color) in enumerate(
        zip(shown, labels(shown), colors_of("Dark2", len(shown)), strict=True)
    ):
        cells = tables[name][[x, y]].as_data_frame().to_numpy(dtype=float)
        axes.plot(cells[:, 0], cells[:, 1], color=color, linestyle=DASHES[i % len(DASHES)], label=text)
        rows += [[name, *cell] for cell in cells]
    if kind == "roc":
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="dotted", label="chance")
    axes.set(title=title, xlabel=below, ylabel=beside, xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
    axes.grid(True, alpha=0.4)
    legend_beside(axes, "group")
    says = f"{title}: curves of {', '.join(shown)}"
    return Drawing(figure, table_of(title, ["group", x, y], rows), says)


def draw_group_dependence(
    model: ModelBase,
    frame: H2OFrame,
    column: str | int,
    protected_columns: Sequence[str],
    options: Options,
    autoscale: bool = False,
) -> Drawing:
    """Draw partial dependence on a column within each group of rows."""
    groups = groups_of(frame, protected_columns)
    if not groups:
        raise H2OValueError(f"no row has all of the columns {', '.join(protected_columns)}")
    whole = asked_column(model, frame, column, options.max_levels)
    column = whole.name
    asked = [asked_column(model, rows, column, options.max_levels) for rows in groups.values()]
    curves = [curve(model, each, None, options.nbins) for each in asked]
    names = labels(list(groups))
    figure, axes = new_figure(options.server, options.figsize)
    colors = colors_of("Dark2", len(names))
    lines = [
        Line(each, name, color, DASHES[i % len(DASHES)], MARKERS[i % len(MARKERS)])
        for i, (each, name, color) in enumerate(zip(curves, names, colors, strict=True))
    ]
    draw_lines(axes, asked[0], lines)
    finish_axes(axes, whole, options.show_rug, "mean response")
    if autoscale and whole.kind == "number" and _spread_wide(numbers(frame, column)):
        axes.set_xscale("log")
    axes.set_title(f"Partial Dependence on {label(column)} by Group")
    legend_beside(axes, ", ".join(labels(protected_columns, 20)))
    rows = [
        [group, asked[0].shown(value), mean, deviation]
        for group, each in zip(groups, curves, strict=True)
        for value, mean, deviation in zip(each.values, each.mean, each.deviation, strict=True)
    ]
    table = table_of(
        f"Dependence on {column} by group", ["group", column, "mean_response", "stddev_response"], rows
    )
    return Drawing(figure, table, f"Partial dependence on {column} in the groups {', '.join(groups)}")


def draw_group_contributions(
    model: ModelBase,
    frame: H2OFrame,
    column: str,
    protected_columns: Sequence[str],
    *,
    autoscale: bool = True,
    figsize: Size = (16, 9),
    jitter: float = 0.35,
    alpha: float = 1.0,
    background_frame: Any = None,
    server: bool = False,
) -> Drawing:
    """Draw the contributions of one column in each group of rows, a point for each row."""
    groups = groups_of(frame, protected_columns)
    values: list[Any] = []
    for rows in groups.values():
        found = of_target(model, contributions_of(model, rows, frame, background_frame), None)
        if column not in found.columns:
            raise H2OValueError(
                f"column={column!r} has no contribution; it must be one of {', '.join(found.columns)}"
            )
        values.append(found.values[:, found.columns.index(column)])
    figure, axes = new_figure(server, figsize)
    names = list(groups)
    draw_swarms(
        axes, Swarms(names, values, list(groups.values()), [column] * len(names)), model, (alpha, jitter)
    )
    sizes = np.abs(np.concatenate(values)) if values else np.zeros(0)
    if autoscale and _spread_wide(sizes[sizes > 0]):
        axes.set_xscale("symlog", linthresh=float(np.median(sizes[sizes > 0])))
    axes.set_title(f"Contributions of {label(column)} by Group")
    cells = [
        [name, len(each), np.mean(each), np.mean(np.abs(each))]
        for name, each in zip(names, values, strict=True)
    ]
    table = table_of(f"Contributions of {column}", ["group", "rows", "mean", "mean_size"], cells)
    return Drawing(figure, table, f"Contributions of {column} in the groups {', '.join(names)}")


def _spread_wide(values: Any) -> bool:
    """Whether positive numbers reach so far that most would lie in one place on a scale that is not logarithmic."""
    known = values[np.isfinite(values)]
    return bool(len(known) and known.min() > 0 and known.max() > _FAR * np.median(known))


def draw_group_bars(
    overview: H2OFrame,
    columns: Sequence[str],
    metric: str,
    reference: str,
    figsize: Size,
    server: bool = False,
) -> Drawing:
    """Draw one metric of each group as bars; ratios begin at 1, with limits at four fifths."""
    cells = overview.as_data_frame()
    names = [",".join(map(str, row)) for row in cells[list(columns)].to_numpy().tolist()]
    values = cells[metric].to_numpy(dtype=float)
    order = np.argsort(-np.nan_to_num(values), kind="stable")
    figure, axes = new_figure(server, figsize)
    ratio = metric.startswith("AIR_")
    start = 1.0 if ratio else 0.0
    colors = [ORANGE if names[i] == reference else BLUE for i in order]
    axes.bar(range(len(order)), np.nan_to_num(values[order] - start), bottom=start, color=colors)
    if ratio:
        axes.axhline(1, color="black", linewidth=1)
        for limit in (0.8, 1.25):
            axes.axhline(limit, color=GREY, linestyle="dashed")
    if metric == "p.value":
        axes.axhline(0.05, color=GREY, linestyle="dashed")
    name_levels(axes, [names[i] for i in order])
    axes.set(title=label(metric), ylabel=label(metric))
    axes.grid(True, axis="y", alpha=0.4)
    table = table_of(metric, ["group", metric], [[names[i], values[i]] for i in order])
    return Drawing(figure, table, f"{metric} by group; the reference is {reference or 'the largest group'}")
