"""How much worse a model gets when columns are shuffled, as bars or, of several runs, as boxes."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from ..two_dim_table import H2OTwoDimTable
from .canvas import BLUE, GREY, Path, finish, new_figure
from .drawing import check_count
from .labels import name_rows

_OF_ONE_RUN = 4  # columns of the table


def permutation_plot(
    table: H2OTwoDimTable, title: str, num_of_features: int, *, server: bool, save_plot_path: Path
) -> H2OTwoDimTable:
    """Draw the most important columns, see `ModelQuestions.permutation_importance_plot`."""
    check_count("num_of_features", num_of_features)
    rows: Sequence[Sequence[Any]] = table.cell_values[:num_of_features]
    figure, axes = new_figure(server, (9, 1.5 + 0.35 * len(rows)))
    places = name_rows(axes, [row[0] for row in rows])
    if len(table.col_header) == _OF_ONE_RUN:
        axes.barh(places, [row[2] for row in rows], color=BLUE)
        axes.set_xlabel("scaled importance")
    else:
        runs = [row[1:-2] for row in rows]
        line = {"color": BLUE}
        lying: dict[str, Any] = {"orientation": "horizontal"}
        if "orientation" not in inspect.signature(axes.boxplot).parameters:  # before matplotlib 3.10
            lying = {"vert": False}
        axes.boxplot(runs, positions=places, manage_ticks=False, boxprops=line, medianprops=line,
                     whiskerprops=line, capprops=line, **lying)  # fmt: skip
        axes.axvline(0, color=GREY, linewidth=1, zorder=0)
        axes.set_xlabel(f"change of the metric in {len(runs[0])} runs")
    axes.set_title(title)
    return finish(figure, save_plot_path, show=not server, result=table)
