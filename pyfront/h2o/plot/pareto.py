"""Models of which none is better in both of two measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..backend.connection import session
from .canvas import MARKERS, new_figure
from .dependence_values import numbers
from .drawing import Drawing, Size, colors_of, table_of
from .labels import label, legend_beside

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame


def draw_front(
    frame: H2OFrame,
    metrics: tuple[Any, Any],
    optimum: str,
    title: str | None,
    color_col: str | None,
    figsize: Size,
    colormap: str | None,
    server: bool = False,
) -> tuple[Drawing, list[int]]:
    """Draw the rows of a frame by two of its columns, and the front; also the numbers of its rows."""
    x_metric, y_metric = metrics
    found = session().models.pareto_front(frame.frame_id, x_metric, y_metric, optimum)
    front: list[int] = found["rows"]
    x, y = numbers(frame, x_metric), numbers(frame, y_metric)
    figure, axes = new_figure(server, figsize)
    ordered = sorted(front, key=lambda i: (x[i], y[i]))
    axes.plot(x[ordered], y[ordered], color="black", linewidth=1.5, label="Pareto front", zorder=2)
    groups = _groups(frame, color_col)
    for i, (color, (name, rows)) in enumerate(
        zip(colors_of(colormap, len(groups)), groups.items(), strict=True)
    ):
        style: dict[str, Any] = {"color": color, "marker": MARKERS[i % len(MARKERS)], "linestyle": "none"}
        best = [row for row in rows if row in set(front)]
        other = [row for row in rows if row not in set(front)]
        text = label(name) if name is not None else "others"
        axes.plot(
            x[other],
            y[other],
            alpha=0.5,
            markersize=8,
            **style,
            label="_others" if name is not None else text,
        )
        axes.plot(
            x[best],
            y[best],
            markersize=13,
            markeredgecolor="black",
            **style,
            label=text if name is not None else "_front",
        )
    axes.set(xlabel=label(x_metric), ylabel=label(y_metric), title=title or "Pareto Front")
    axes.grid(True, alpha=0.4)
    legend_beside(axes)
    cells = [[i + 1, x[i], y[i]] for i in ordered]
    says = f"Pareto front of {x_metric} and {y_metric}, the best being {found['optimum']}: {len(front)} of {len(x)} rows"
    return Drawing(figure, table_of("Pareto front", ["row", x_metric, y_metric], cells), says), front


def _groups(frame: H2OFrame, column: str | None) -> dict[Any, list[int]]:
    """Rows by what stands in a column; all of them under None where there is no such column."""
    if column is None or column not in frame.names:
        return {None: list(range(frame.nrow))}
    cells = frame[column].as_data_frame(use_pandas=False, header=False)
    found: dict[Any, list[int]] = {}
    for i, (cell,) in enumerate(cells):
        found.setdefault(cell or "missing", []).append(i)
    return found
