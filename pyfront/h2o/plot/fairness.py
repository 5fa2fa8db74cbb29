"""How a model of two classes treats groups of rows: curves and bars by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from .canvas import BLUE, GREY, ORANGE, new_figure
from .dependence import DASHES, Line, Options, draw_lines, finish_axes
from .dependence_values import asked_column, curve
from .drawing import Drawing, Size, colors_of, table_of
from .labels import label, labels, legend_beside

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

TABLES = "thresholds_and_metrics_"
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
    """Draw the ROC, or precision against recall, of each group of `ModelExplanations.fairness_metrics`."""
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
    model: ModelBase, frame: H2OFrame, column: str | int, protected_columns: Sequence[str], options: Options
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
    lines = [
        Line(each, name, color)
        for each, name, color in zip(curves, names, colors_of("Dark2", len(names)), strict=True)
    ]
    draw_lines(axes, asked[0], lines)
    finish_axes(
        axes, asked_column(model, frame, column, options.max_levels), options.show_rug, "mean response"
    )
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
    axes.set_xticks(
        range(len(order)),
        labels=labels([names[i] for i in order], 28),
        rotation=45,
        ha="right",
        rotation_mode="anchor",
    )
    axes.set(title=label(metric), ylabel=label(metric))
    axes.grid(True, axis="y", alpha=0.4)
    table = table_of(metric, ["group", metric], [[names[i], values[i]] for i in order])
    return Drawing(figure, table, f"{metric} by group; the reference is {reference or 'the largest group'}")
