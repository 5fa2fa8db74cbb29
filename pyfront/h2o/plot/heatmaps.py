"""Heat maps of several models: importances of their columns, and how alike their predictions are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..exceptions import H2OValueError
from .canvas import NEAR_BLACK, NEAR_WHITE, new_figure
from .dependence_values import check_response, numbers
from .drawing import Array, Drawing, Size, check_count, colors_of, table_of
from .labels import labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

_MOST_NUMBERS = 400  # cells whose numbers can be read


def column_importances(model: ModelBase) -> dict[str, float]:
    """Gedeon importance of each column of a model, at most 1, the largest first; empty where none are known."""
    table = model._output.get("column_importances")
    return {} if table is None else {str(row[0]): float(row[2]) for row in table.cell_values}


def importances_of(
    models: Sequence[ModelBase], num_of_features: int | None, cluster: bool
) -> tuple[Array, list[ModelBase], list[str]]:
    """Importances (columns x models), the models and the columns, alike ones side by side.

    A model without importances is left out; a column that a model does not know counts 0 there.
    """
    told = [(model, column_importances(model)) for model in models]
    known = [(model, found) for model, found in told if found]
    if not known:
        raise H2OValueError(
            "none of the models has variable importances: train them with variable_importances=True"
        )
    if num_of_features is not None:
        check_count("num_of_features", num_of_features)
    columns = list(dict.fromkeys(name for _, found in known for name in found))
    values = np.array([[found.get(name, 0.0) for _, found in known] for name in columns])
    order = np.argsort(-values.max(axis=1), kind="stable")[:num_of_features]
    values, columns = values[order], [columns[i] for i in order]
    shown = [model for model, _ in known]
    if cluster:
        rows, across = _alike(values), _alike(values.T)
        values, columns = values[rows][:, across], [columns[i] for i in rows]
        shown = [shown[i] for i in across]
    return values, shown, columns


def draw_importances(
    models: Sequence[ModelBase],
    num_of_features: int | None,
    figsize: Size,
    cluster: bool,
    colormap: str | None,
    server: bool = False,
) -> Drawing:
    """Draw how important each column is to each model."""
    values, shown, columns = importances_of(models, num_of_features, cluster)
    names = [str(model.model_id) for model in shown]
    figure, axes = new_figure(server, figsize)
    _image(axes, values, (columns, names), colormap, "importance, of the largest in the model", 0.0)
    axes.set_title("Variable Importance Heatmap")
    table = table_of(
        "Variable importances",
        ["variable", *names],
        [[c, *row] for c, row in zip(columns, values, strict=True)],
    )
    top = [columns[i] for i in values.argmax(axis=0)]
    says = "Variable importances of models: the most important column is " + ", ".join(
        f"{column} to {name}" for column, name in zip(top[:8], names, strict=False)
    )
    return Drawing(figure, table, says)


def agreement_of(
    models: Sequence[ModelBase], frame: H2OFrame, cluster_models: bool
) -> tuple[Array, list[ModelBase]]:
    """How alike predictions are, of each model with each: correlation of numbers, share of rows with the same class."""
    for model in models:
        check_response(model)
    kinds = {model._category == "Regression" for model in models}
    if len(kinds) != 1:
        raise H2OValueError(
            "the models must all predict numbers, or all classes, for their predictions to be compared"
        )
    predicted = [_predicted(model, frame, kinds == {True}) for model in models]
    values = np.array([[_alikeness(one, other, kinds == {True}) for other in predicted] for one in predicted])
    order = _alike(np.nan_to_num(values)) if cluster_models else list(range(len(models)))
    return values[order][:, order], [models[i] for i in order]


def draw_agreement(
    models: Sequence[ModelBase],
    frame: H2OFrame,
    cluster_models: bool,
    triangular: bool,
    figsize: Size,
    colormap: str | None,
    server: bool = False,
) -> Drawing:
    """Draw how alike the predictions of models are."""
    values, shown = agreement_of(models, frame, cluster_models)
    names = [str(model.model_id) for model in shown]
    hidden = (
        np.triu(np.ones(values.shape, dtype=bool), 1) if triangular else np.zeros(values.shape, dtype=bool)
    )
    number = shown[0]._category == "Regression"
    figure, axes = new_figure(server, figsize)
    what = "correlation of predictions" if number else "share of rows with the same predicted class"
    low = min(0.0, float(np.nanmin(values))) if np.isfinite(values).any() else 0.0
    _image(axes, np.where(hidden, np.nan, values), (names, names), colormap, what, low)
    axes.set_title("Model Correlation")
    table = table_of(
        what.capitalize(), ["model", *names], [[name, *row] for name, row in zip(names, values, strict=True)]
    )
    apart = values[~np.eye(len(values), dtype=bool)]
    ends = f" from {np.nanmin(apart):.3g} to {np.nanmax(apart):.3g}" if np.isfinite(apart).any() else ""
    return Drawing(figure, table, f"The {what} of {len(names)} models, in pairs{ends}")


def _predicted(model: ModelBase, frame: H2OFrame, number: bool) -> Array:
    found = model.predict(frame)
    if number:
        return numbers(found, 0)
    levels, codes = found["predict"].levels()[0], numbers(found, 0)
    return np.array(["" if np.isnan(code) else levels[int(code)] for code in codes], dtype=object)


def _alikeness(one: Array, other: Array, number: bool) -> float:
    if not number:
        known = (one != "") & (other != "")
        return float((one == other)[known].mean()) if known.any() else np.nan
    known = np.isfinite(one) & np.isfinite(other)
    if known.sum() < 2:
        return np.nan
    with np.errstate(all="ignore"):
        return float(np.corrcoef(one[known], other[known])[0, 1])


def _alike(rows: Array) -> list[int]:
    """An order of rows in which alike ones are neighbours: that of the leaves of a hierarchical clustering."""
    if len(rows) < 3:
        return list(range(len(rows)))
    from scipy.cluster.hierarchy import leaves_list, linkage

    return [int(i) for i in leaves_list(linkage(rows, "average", optimal_ordering=len(rows) <= 200))]


def _image(
    axes: Axes,
    values: Array,
    names: tuple[Sequence[str], Sequence[str]],
    colormap: str | None,
    what: str,
    low: float,
) -> None:
    colors_of(colormap, 1)  # says what is wrong with it
    image = axes.imshow(values, cmap=colormap, vmin=low, vmax=1, aspect="auto")
    axes.figure.colorbar(image, ax=axes, label=what, shrink=0.8)
    down, across = labels(names[0], 28), labels(names[1], 22)
    axes.set_yticks(range(len(down)), labels=down)
    axes.set_xticks(range(len(across)), labels=across, rotation=45, ha="right", rotation_mode="anchor")
    axes.spines[:].set_visible(False)
    if values.size > _MOST_NUMBERS:
        return
    for (i, j), value in np.ndenumerate(values):
        if np.isfinite(value):
            red, green, blue, _ = image.cmap(image.norm(value))
            light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
            axes.text(
                j, i, f"{value:.2g}", ha="center", va="center", color=NEAR_BLACK if light else NEAR_WHITE
            )
