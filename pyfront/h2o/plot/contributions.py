"""Contributions of columns to predictions (SHAP): those of one row, and of many rows together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..backend.connection import session
from ..exceptions import H2OTypeError, H2OValueError
from .canvas import BLUE, GREY, NEAR_WHITE, RED, new_figure
from .dependence_values import numbers, row_number
from .drawing import Array, Drawing, Size, colors_of, table_of
from .labels import figures, label, labels, legend_beside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

BIAS = "BiasTerm"
_LEAST = 2  # rows of a frame that can stand for the data
_PLOTS = ("barplot", "breakdown")
_SIGNS = ("both", "positive", "negative")
# From blue over grey to red: what is low and high can be told apart by the colour-blind, and on dark and light ground.
_SCALE = (BLUE, "#9a8fb0", RED)


@dataclass(frozen=True)
class Contributions:
    """Contributions (rows x columns) to the prediction of one class, and what they are added to.

    Attributes
    ----------
    of : str, optional
        The class, of more than two.
    """

    columns: list[str]
    values: Array
    bias: Array
    of: str | None = None

    def strength(self) -> Array:
        """The mean size of the contributions of each column; 0 where there is none."""
        known = np.isfinite(self.values)
        counts = np.maximum(known.sum(axis=0), 1)
        return np.asarray(np.abs(np.where(known, self.values, 0)).sum(axis=0) / counts)


def contributions_of(
    model: ModelBase, rows: H2OFrame, data: H2OFrame, background: Any
) -> list[Contributions]:
    """Contributions of the columns of a model to its predictions for some rows; of more classes one for each.

    Parameters
    ----------
    model : ModelBase
    rows : H2OFrame
        Rows that are explained.
    data : H2OFrame
        Where they are from: it takes the place of a background where there is no other.
    background : H2OFrame or data frame, optional
        Rows to compare with; by default those of the training frame, where that is still here.
    """
    if background is None and not _has_training_frame(model) and data.nrow >= _LEAST:
        background = data[
            np.unique(np.linspace(0, data.nrow - 1, min(100, data.nrow)).round().astype(int)), :
        ]
    found = model.predict_contributions(rows, output_format="Compact", background_frame=background)
    names = found.names
    cells = np.column_stack([numbers(found, i) for i in range(len(names))])
    classes = list(model._output["response_domain"]) if model._category == "Multinomial" else [None]
    width = len(names) // len(classes)
    parts = []
    for k, each in enumerate(classes):
        start = 0 if each is None else len(str(each)) + 1
        shown = [name[start:] for name in names[k * width : (k + 1) * width]]
        block = cells[:, k * width : (k + 1) * width]
        parts.append(
            Contributions(shown[:-1], block[:, :-1], block[:, -1], None if each is None else str(each))
        )
    return parts


def _has_training_frame(model: ModelBase) -> bool:
    key = (model.params.get("training_frame") or {}).get("actual")
    name = key.get("name") if isinstance(key, dict) else key
    return name is not None and name in session().objects.keys("frame")


def _of_target(model: ModelBase, parts: Sequence[Contributions], target: Any) -> Contributions:
    """The part of a class; of fewer classes the only one."""
    if parts[0].of is None:
        if target is not None:
            raise H2OValueError(
                f"target={target!r}: {model.model_id!r} has no more than two classes: there is nothing to choose"
            )
        return parts[0]
    for each in parts:
        if each.of == str(target):
            return each
    raise H2OValueError(
        f"target={target!r} is no class of {model.model_id!r}: {', '.join(str(each.of) for each in parts[:20])}"
    )


def _chosen(found: Contributions, frame: H2OFrame, columns: Any, top: int, strength: Array) -> list[int]:
    """Numbers of the columns that are shown, the strongest first."""
    if columns is not None:
        if isinstance(columns, str) or not isinstance(columns, list | tuple):
            raise H2OTypeError(f"columns={columns!r} must be a list of columns, by name or position")
        names = [frame.names[frame._position(each)] for each in columns]
        for name in names:
            if name not in found.columns:
                raise H2OValueError(
                    f"columns: {name!r} has no contribution; it must be one of {', '.join(found.columns[:20])}"
                )
        numbers_of = [found.columns.index(name) for name in names]
        return sorted(numbers_of, key=lambda i: -strength[i])
    order = [int(i) for i in np.argsort(-strength, kind="stable")]
    return order if top < 0 else order[:top]


# ---- many rows


def draw_summary(
    model: ModelBase,
    frame: H2OFrame,
    *,
    columns: Any = None,
    top_n_features: int = 20,
    samples: int = 1000,
    colorize_factors: bool = True,
    alpha: float = 1.0,
    colormap: str | None = None,
    figsize: Size = (12, 12),
    jitter: float = 0.35,
    background_frame: Any = None,
    target: str | None = None,
    server: bool = False,
) -> Drawing:
    """Draw the contributions of each column to many rows, coloured by what stands there; of more classes their mean size."""
    if isinstance(samples, bool) or not isinstance(samples, int) or samples < 1:
        raise H2OValueError(f"samples={samples!r} must be a whole number from 1 on")
    if not frame.nrow:
        raise H2OValueError("the frame has no rows: there is nothing to explain")
    rows = frame if frame.nrow <= samples else frame[_sampled(frame.nrow, samples), :]
    parts = contributions_of(model, rows, frame, background_frame)
    if parts[0].of is not None and target is None:
        return _draw_sizes(model, frame, parts, columns, top_n_features, figsize, server)
    found = _of_target(model, parts, target)
    chosen = _chosen(found, frame, columns, top_n_features, found.strength())
    figure, axes = new_figure(server, figsize)
    scale = _scale(colormap)
    random = np.random.default_rng(1)
    for place, i in enumerate(reversed(chosen)):
        shown = _shades(rows, found.columns[i], colorize_factors)
        _draw_swarm(axes, found.values[:, i], place, shown, scale, (alpha, jitter, random))
    _finish_swarms(axes, [found.columns[i] for i in reversed(chosen)], scale, model, found.of)
    table = _summary_table(found, chosen)
    says = f"Contributions of columns to {len(found.values)} predictions; the strongest are " + ", ".join(
        f"{found.columns[i]} (mean size {figures(found.strength()[i], 3)})" for i in chosen[:5]
    )
    return Drawing(figure, table, says)


def _sampled(count: int, samples: int) -> Array:
    return np.sort(np.random.default_rng(1).choice(count, samples, replace=False))


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


def _finish_swarms(
    axes: Axes, names: Sequence[str], scale: Colormap, model: ModelBase, of: str | None
) -> None:
    from matplotlib.cm import ScalarMappable

    axes.axvline(0, color=GREY, linewidth=1, zorder=1)
    axes.set_yticks(range(len(names)), labels=labels(names))
    axes.set_ylim(-0.7, len(names) - 0.3)
    axes.grid(True, axis="x", alpha=0.4)
    axes.spines[["right", "top", "left"]].set_visible(False)
    bar = axes.figure.colorbar(ScalarMappable(cmap=scale), ax=axes, shrink=0.6, pad=0.02)
    bar.set_ticks([0, 1], labels=["low", "high"])
    bar.set_label("value of the column (grey: missing)")
    axes.set(xlabel=_contribution_name(model, of), title=f"SHAP Summary\n{label(model.model_id, 50)}")


def _contribution_name(model: ModelBase, of: str | None) -> str:
    if of is not None:
        return f"contribution to the probability of {label(of, 24)}"
    if model._category == "Binomial":
        return f"contribution to the probability of {label(model._output['response_domain'][1], 24)}"
    error = model._category == "AutoEncoder"
    return f"contribution to the {'reconstruction error' if error else 'prediction'}"


def _summary_table(found: Contributions, chosen: Sequence[int]) -> Any:
    rows = []
    for i in chosen:
        known = found.values[:, i][np.isfinite(found.values[:, i])]
        ends = [known.min(), known.mean(), known.max()] if len(known) else [np.nan] * 3
        rows.append([found.columns[i], found.strength()[i], *ends])
    heads = ["variable", "mean_size", "smallest", "mean", "largest"]
    return table_of("Contributions (SHAP)", heads, rows)


def _draw_sizes(
    model: ModelBase,
    frame: H2OFrame,
    parts: Sequence[Contributions],
    columns: Any,
    top: int,
    figsize: Size,
    server: bool,
) -> Drawing:
    """Draw the mean size of contributions to the probability of each class, as bars."""
    sizes = np.array([each.strength() for each in parts])
    chosen = _chosen(parts[0], frame, columns, top, sizes.sum(axis=0))
    figure, axes = new_figure(server, figsize)
    left = np.zeros(len(chosen))
    places = np.arange(len(chosen))[::-1]
    hatches = ("", "//", "..", "xx", "\\\\", "oo", "--", "++")
    for k, (part, color) in enumerate(
        zip(parts, colors_of("Dark2" if len(parts) <= 8 else "viridis", len(parts)), strict=True)
    ):
        axes.barh(
            places, sizes[k][chosen], left=left, color=color, hatch=hatches[k % len(hatches)], edgecolor=NEAR_WHITE,
            linewidth=0.5, label=label(part.of, 24),
        )  # fmt: skip
        left += sizes[k][chosen]
    names = [parts[0].columns[i] for i in chosen]
    axes.set_yticks(places, labels=labels(names))
    axes.grid(True, axis="x", alpha=0.4)
    axes.set_axisbelow(True)
    axes.spines[["right", "top", "left"]].set_visible(False)
    axes.set(xlabel="mean size of the contribution", title=f"SHAP Summary\n{label(model.model_id, 50)}")
    legend_beside(axes, "to the probability of")
    rows = [[part.of, parts[0].columns[i], sizes[k][i]] for k, part in enumerate(parts) for i in chosen]
    says = f"Mean size of contributions to the probabilities of {len(parts)} classes; the strongest are {', '.join(names[:5])}"
    return Drawing(figure, table_of("Contributions (SHAP)", ["class", "variable", "mean_size"], rows), says)


# ---- one row


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
        target = str(predicted[0][0]) if one.nrow else None
    found = _of_target(model, parts, target)
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
        _contribution_name(model, found.of) if plot_type == "barplot" else _sum_name(model, found.of)
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
    order = _chosen(found, frame, columns, -1, np.abs(values))
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
    name = _contribution_name(model, of)
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
