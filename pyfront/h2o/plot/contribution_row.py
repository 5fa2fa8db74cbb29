"""Contributions of columns to the prediction of one row (SHAP)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from .canvas import BLUE, RED, new_figure
from .contribution_values import (
    BIAS,
    Contributions,
    chosen_columns,
    contribution_name,
    contributions_of,
    of_target,
)
from .dependence_values import row_number
from .drawing import Array, Drawing, Size, table_of
from .labels import figures, label, legend_beside

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

_PLOTS = ("barplot", "breakdown")
_SIGNS = ("both", "positive", "negative")


def draw_row(
    model: ModelBase,
    frame: H2OFrame,
    row_index: int,
    *,
    columns: Any = None,
    top_n_features: int = 10,
    figsize: Size = (16, 9),
    plot_type: str = "barplot",
    contribution_type: str = "both",
    background_frame: Any = None,
    target: str | None = None,
    server: bool = False,
) -> Drawing:
    """Draw how much each column moves the prediction of one row away from the mean of the background."""
    if plot_type not in _PLOTS:
        raise H2OValueError(f"plot_type={plot_type!r} must be one of {', '.join(_PLOTS)}")
    if contribution_type not in _SIGNS:
        raise H2OValueError(f"contribution_type={contribution_type!r} must be one of {', '.join(_SIGNS)}")
    row = row_number(frame, row_index)
    one = frame[row : row + 1, :]
    parts = contributions_of(model, one, frame, background_frame)
    if parts[0].of is not None and target is None:
        predicted = model.predict(one)["predict"].as_data_frame(use_pandas=False, header=False)
        target = str(predicted[0][0])
    found = of_target(model, parts, target)
    values = found.values[0]
    if not np.isfinite(values).all():
        raise H2OValueError(f"row_index={row}: the row has no prediction, so there is nothing to explain")
    chosen = _chosen_of_row(found, frame, columns, top_n_features, plot_type, contribution_type)
    texts = [_with_value(one, found.columns[i]) for i in chosen]
    figure, axes = new_figure(server, figsize)
    if plot_type == "barplot":
        _draw_bars(axes, values[chosen], texts)
    else:
        _draw_steps(axes, found, chosen, texts)
    total = float(found.bias[0] + values.sum())
    axes.set_xlabel(
        contribution_name(model, found.of) if plot_type == "barplot" else _sum_name(model, found.of)
    )
    axes.set_title(
        f"SHAP Explanation of Row {row}\n{figures(total)}, on average {figures(found.bias[0])}\n{label(model.model_id, 50)}"
    )
    axes.grid(True, axis="x", alpha=0.4)
    axes.set_axisbelow(True)
    axes.spines[["right", "top", "left"]].set_visible(False)
    rows = [[found.columns[i], _value(one, found.columns[i]), values[i]] for i in chosen]
    rest = values.sum() - values[chosen].sum()
    rows += [["all other columns", None, rest]] if len(chosen) < len(values) else []
    rows.append([BIAS, None, found.bias[0]])
    table = table_of(f"Contributions to row {row}", ["variable", "value", "contribution"], rows)
    says = f"Contributions to the prediction {figures(total)} of row {row}: " + ", ".join(
        f"{found.columns[i]} {figures(values[i], 3)}" for i in chosen[:6]
    )
    return Drawing(figure, table, says)


def _chosen_of_row(
    found: Contributions, frame: H2OFrame, columns: Any, top: int, plot_type: str, contribution_type: str
) -> list[int]:
    """Columns that are shown, the largest contribution first (of steps: the largest size)."""
    values = found.values[0]
    order = chosen_columns(found, frame, columns, -1, np.abs(values))
    if plot_type == "breakdown":
        return order if columns is not None or top < 0 else order[:top]
    up, down = [i for i in order if values[i] > 0], [i for i in order if values[i] < 0]
    most = None if columns is not None or top < 0 else top
    shown = (up[:most] if contribution_type != "negative" else []) + (
        down[:most] if contribution_type != "positive" else []
    )
    return sorted(shown, key=lambda i: -values[i])


def _draw_bars(axes: Axes, values: Array, texts: Sequence[str]) -> None:
    places = np.arange(len(values))[::-1]
    axes.barh(places, values, color=[RED if each > 0 else BLUE for each in values])
    axes.axvline(0, color="black", linewidth=1)
    axes.set_yticks(places, labels=texts)
    axes.margins(x=0.15)
    for place, value in zip(places, values, strict=True):
        _write(axes, value, place, value)


def _draw_steps(axes: Axes, found: Contributions, chosen: Sequence[int], texts: Sequence[str]) -> None:
    """From the mean of the background to the prediction, one column after the other."""
    values = found.values[0]
    steps = [values[i] for i in chosen]
    names = list(texts)
    if len(chosen) < len(values):
        steps.append(values.sum() - sum(steps))
        names.append(f"{len(values) - len(chosen)} other columns")
    bias = float(found.bias[0])
    ends = bias + np.cumsum([0.0, *steps])
    places = np.arange(len(steps))[::-1]
    for place, step, start in zip(places, steps, ends[:-1], strict=True):
        axes.barh(place, step, left=start, color=RED if step > 0 else BLUE)
        _write(axes, start + step, place, step)
    axes.use_sticky_edges = False
    for x, text in ((bias, "average"), (float(ends[-1]), "prediction")):
        axes.axvline(
            x, color="black", linestyle="dotted" if text == "average" else "solid", linewidth=1.2, label=text
        )
    axes.set_yticks(places, labels=names)
    axes.margins(x=0.15)
    legend_beside(axes)


def _write(axes: Axes, x: float, place: float, value: float) -> None:
    """The number of a bar behind its end."""
    side = "left" if value >= 0 else "right"
    axes.annotate(
        figures(value, 3), (x, place), xytext=(4 if value >= 0 else -4, 0), textcoords="offset points", ha=side, va="center"
    )  # fmt: skip


def _sum_name(model: ModelBase, of: str | None) -> str:
    name = contribution_name(model, of)
    return name.removeprefix("contribution to the ")


def _value(one: H2OFrame, name: str) -> Any:
    """What stands in the only row of a frame, as it is shown; None is missing, or no column of the frame."""
    if name not in one.names:
        return None
    cell = one[name].as_data_frame(use_pandas=False, header=False)[0][0]
    if cell == "":
        return None
    return float(cell) if one.type(name) in ("int", "real") else str(cell)


def _with_value(one: H2OFrame, name: str) -> str:
    value = _value(one, name)
    shown = "missing" if value is None else figures(value) if isinstance(value, float) else label(value, 20)
    return f"{label(name, 28)} = {shown}"
