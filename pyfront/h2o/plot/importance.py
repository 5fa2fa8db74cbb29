"""Variable importances, as bars and as an image."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from .canvas import BLUE, Path, finish, new_figure
from .drawing import Drawing, Size, check_count, table_of
from .labels import figures, label, name_rows
from .result import PlotResult

if TYPE_CHECKING:
    from ..model.model_base import ModelBase


def varimp_plot(
    model: ModelBase, num_of_features: int | None, *, server: bool, save_plot_path: Path
) -> PlotResult:
    """Draw the largest scaled importances as bars, see `ModelPlots.varimp_plot`."""
    if num_of_features is not None:
        check_count("num_of_features", num_of_features)
    scaled = {row[0]: row[2] for row in _importances(model)[: num_of_features or 10]}
    figure, axes = new_figure(server, (9, 1.5 + 0.35 * len(scaled)))
    axes.barh(name_rows(axes, list(scaled)), list(scaled.values()), color=BLUE)
    axes.set(title=f"Variable Importance: {model._trained['algo_full_name']}", xlabel="scaled importance")
    return finish(figure, save_plot_path, show=not server)


def draw_column_importances(
    model: ModelBase, importances: dict[str, float], top: int, figsize: Size, server: bool
) -> Drawing:
    """Draw the importances of columns as bars, the largest on top."""
    order = sorted(importances, key=lambda name: -importances[name])
    names = order[: max(top, 1)]
    figure, axes = new_figure(server, figsize)
    axes.barh(name_rows(axes, names), [importances[name] for name in names], color=BLUE)
    axes.set(title=f"Variable Importance\n{label(model.model_id, 50)}", xlabel="importance, of the largest")
    table = table_of(
        "Variable importance", ["variable", "importance"], [[name, importances[name]] for name in order]
    )
    says = "Variable importances; the largest are " + ", ".join(
        f"{name} ({figures(importances[name], 3)})" for name in names[:5]
    )
    return Drawing(figure, table, says)


def varimp_image_plot(
    model: ModelBase,
    columns: Sequence[str],
    shape: tuple[int, int] | None,
    *,
    server: bool,
    save_plot_path: Path,
) -> PlotResult:
    """Draw importances where their pixels are, see `ModelPlots.varimp_image_plot`."""
    height, width = shape if shape is not None else (math.isqrt(len(columns)),) * 2
    if height * width != len(columns):
        raise H2OValueError(
            f"shape={shape!r}: {len(columns)} columns do not fill {height} rows of {width} pixels. "
            "Give the height and the width of the image"
        )
    scaled = {row[0]: row[2] for row in _importances(model)}
    if not scaled.keys() & set(columns):
        raise H2OValueError(
            f"columns: the model has no input named like one of them ({list(columns)[:5]} ...)"
        )
    image = np.array([scaled.get(name, 0.0) for name in columns]).reshape(height, width)
    figure, axes = new_figure(server, (6, 5))
    shown = axes.imshow(image, cmap="viridis", vmin=0)
    figure.colorbar(shown, ax=axes, label="scaled importance")
    axes.set(title="Variable Importance by Pixel", xticks=[], yticks=[])
    return finish(figure, save_plot_path, show=not server)


def _importances(model: ModelBase) -> list[list[Any]]:
    """Rows of variable, relative and scaled importance and percentage, the largest first."""
    table = model._output["variable_importances"]
    if table is None:
        raise H2OValueError("there are no variable importances to draw: train with variable_importances=True")
    rows: list[list[Any]] = table.cell_values
    return rows
