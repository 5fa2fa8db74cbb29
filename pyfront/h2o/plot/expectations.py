"""Individual conditional expectation: the response of single rows in dependence on a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from heavywater.errors import warn

from .canvas import MARKERS, new_figure
from .dependence import Options, finish_axes
from .dependence_values import (
    AskedColumn,
    asked_column,
    check_scale,
    curve,
    log_odds,
    numbers,
    responses,
    targets_of,
)
from .drawing import Array, Drawing, colors_of, table_of
from .labels import label, legend_beside

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

_DECILES = range(0, 101, 10)


def draw_expectations(
    model: ModelBase,
    frame: H2OFrame,
    column: str | int,
    options: Options,
    *,
    show_pdp: bool = True,
    centered: bool = False,
    group: str | None = None,
) -> Drawing:
    """Draw the response over a column for the rows at the deciles of the prediction, and their mean over all rows.

    The table has a row for each point: its row of the frame, the value that was tried and the response, and the same for the
    values that really stand in the row (``is_original_observation``).
    """
    asked = asked_column(model, frame, column, options.max_levels)
    odds = check_scale(model, options.binary_response_scale)
    (target,) = targets_of(model, options.target, several=False)
    if centered and asked.kind == "factor":
        warn(
            f"centered=True: the levels of {asked.name!r} have no order, so there is no first one to start from"
        )
        centered = False
    predicted = responses(model, frame, target)
    own = _own_values(asked)
    figure, axes = new_figure(options.server, options.figsize)
    rows_of_table: list[list[Any]] = []
    chosen = _rows_at_deciles(predicted)
    for i, ((decile, row), color) in enumerate(
        zip(chosen, colors_of(options.colormap, len(chosen)), strict=True)
    ):
        found = curve(model, asked, target, options.nbins, row)
        shown = _scaled(found.mean, odds, centered)
        places = asked.places(found.values)
        name = {0: "lowest", 100: "highest"}.get(decile, f"{decile}th percentile")
        if asked.kind == "factor":
            shift = 0.5 * (i / max(1, len(chosen) - 1) - 0.5)
            axes.plot(places + shift, shown, MARKERS[i % 10], color=color, label=name, markersize=7)
        else:
            axes.plot(places, shown, color=color, label=name, linewidth=1.8)
            place = asked.places([own[row]])
            first = found.mean[:1] if not odds else log_odds(found.mean[:1])
            here = _scaled(predicted[row : row + 1], odds, False) - (first if centered else 0)
            axes.plot(place, here, "o", color=color, alpha=0.6, markersize=9, label="_own")
        rows_of_table += _rows(asked, found, row, own[row], float(predicted[row]), (odds, centered, group))
    if show_pdp:
        found = curve(model, asked, target, options.nbins)
        shown = _scaled(found.mean, odds, centered)
        style: dict[str, Any] = {"color": "black", "label": "mean of all rows", "zorder": 4}
        style |= {"marker": "_", "markersize": 24, "markeredgewidth": 3} if asked.kind == "factor" else {}
        style |= {"linestyle": "none" if asked.kind == "factor" else "dashed", "linewidth": 2.5}
        axes.plot(asked.places(found.values), shown, **style)
    if asked.kind != "factor":
        axes.plot([], [], "o", color="grey", alpha=0.6, markersize=9, label="values of the rows")
    finish_axes(axes, asked, options.show_rug, _response_name(odds, centered))
    one = "" if target is None else f", class {label(target, 24)}"
    title = f"Individual Conditional Expectation on {label(asked.name)}{one}"
    axes.set_title("\n".join(filter(None, (title, label(model.model_id, 50), options.heading))))
    legend_beside(axes, "predicted at the")
    return Drawing(
        figure, _table(asked, rows_of_table, odds, centered, group), _said(asked, chosen, predicted)
    )


def _rows_at_deciles(predicted: Array) -> list[tuple[int, int]]:
    """Deciles of the prediction with the rows that stand there; a row only once."""
    known = np.flatnonzero(np.isfinite(predicted))
    order = known[np.argsort(predicted[known], kind="stable")]
    found: dict[int, int] = {}
    for decile in _DECILES if len(order) else ():
        row = int(order[round(decile / 100 * (len(order) - 1))])
        found.setdefault(row, decile)
    return [(decile, row) for row, decile in found.items()]


def _own_values(asked: AskedColumn) -> list[Any]:
    """What stands in the rows; None is missing."""
    cells = numbers(asked.frame, asked.name)
    if asked.kind != "factor":
        return [None if np.isnan(cell) else float(cell) for cell in cells]
    levels = asked.frame[asked.name].levels()[0]
    return [None if np.isnan(cell) else levels[int(cell)] for cell in cells]


def _scaled(response: Array, odds: bool, centered: bool) -> Array:
    found = log_odds(response) if odds else np.asarray(response, dtype=float)
    return found - found[0] if centered and len(found) else found


def _rows(
    asked: AskedColumn, found: Any, row: int, own: Any, predicted: float, how: tuple[bool, bool, str | None]
) -> list[list[Any]]:
    odds, centered, group = how
    points = list(zip(found.values, found.mean, strict=True))
    if own is not None and own not in found.values:
        points.append((own, predicted))
    rows = []
    for value, mean in points:
        cells = [asked.frame.frame_id, row, asked.name, mean, asked.shown(value), value == own]
        cells += [] if group is None else [group]
        cells += [mean - found.mean[0]] if centered else []
        cells += [float(log_odds(np.array([mean]))[0])] if odds else []
        rows.append(cells)
    return rows


def _table(asked: AskedColumn, rows: list[list[Any]], odds: bool, centered: bool, group: str | None) -> Any:
    heads = ["sample_id", "row_id", "column", "mean_response", "simulated_x_value", "is_original_observation"]
    heads += [] if group is None else ["grouping_variable_value"]
    heads += (["centered_response"] if centered else []) + (["log(odds)"] if odds else [])
    return table_of(f"Individual conditional expectation on {asked.name}", heads, rows)


def _response_name(odds: bool, centered: bool) -> str:
    name = "log odds" if odds else "response"
    return f"{name}, less that at the first value" if centered else name


def _said(asked: AskedColumn, chosen: list[tuple[int, int]], predicted: Array) -> str:
    if not chosen:
        return f"Individual conditional expectation on {asked.name}: no row has a prediction"
    ends = predicted[chosen[0][1]], predicted[chosen[-1][1]]
    return (
        f"Individual conditional expectation on {asked.name} of {len(chosen)} rows, whose predictions go from "
        f"{ends[0]:.3g} to {ends[1]:.3g}"
    )
