"""Contributions of columns to the predictions of many rows together (SHAP)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from .canvas import NEAR_WHITE, new_figure
from .contribution_values import (
    Contributions,
    chosen_columns,
    contributions_of,
    of_target,
)
from .drawing import Array, Drawing, Size, check_count, colors_of, table_of
from .labels import figures, label, labels, legend_beside
from .swarms import Swarms, draw_swarms

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase


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
    check_count("samples", samples)
    if not frame.nrow:
        raise H2OValueError("the frame has no rows: there is nothing to explain")
    rows = frame if frame.nrow <= samples else frame[_sampled(frame.nrow, samples), :]
    parts = contributions_of(model, rows, frame, background_frame)
    if parts[0].of is not None and target is None:
        return _draw_sizes(model, frame, parts, columns, top_n_features, figsize, server)
    found = of_target(model, parts, target)
    chosen = chosen_columns(found, frame, columns, top_n_features, found.strength())
    figure, axes = new_figure(server, figsize)
    shown = list(reversed(chosen))  # the strongest on top
    names = [found.columns[i] for i in shown]
    swarms = Swarms(names, [found.values[:, i] for i in shown], [rows] * len(shown), names)
    draw_swarms(axes, swarms, model, (alpha, jitter), found.of, colormap, colorize_factors)
    axes.set_title(f"SHAP Summary\n{label(model.model_id, 50)}")
    table = _summary_table(found, chosen)
    says = f"Contributions of columns to {len(found.values)} predictions; the strongest are " + ", ".join(
        f"{found.columns[i]} (mean size {figures(found.strength()[i], 3)})" for i in chosen[:5]
    )
    return Drawing(figure, table, says)


def _sampled(count: int, samples: int) -> Array:
    return np.sort(np.random.default_rng(1).choice(count, samples, replace=False))


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
    chosen = chosen_columns(parts[0], frame, columns, top, sizes.sum(axis=0))
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
