"""Tables of partial dependence on columns and on pairs of columns, each drawn below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..backend.connection import session
from ..exceptions import H2OTypeError, H2OValueError
from ..two_dim_table import H2OTwoDimTable
from .canvas import Path, finish, new_grid
from .dependence_values import MISSING, check_response, row_number
from .drawing import Array, Size, colors_of
from .labels import label, name_levels
from .result import PlottedList

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase


def dependence_tables(
    model: ModelBase,
    frame: H2OFrame,
    columns: Sequence[str],
    pairs: Sequence[Sequence[str]],
    options: Mapping[str, Any],
) -> list[H2OTwoDimTable]:
    """The tables of `ModelDependence.partial_plot`: by column and target, then by pair and target."""
    check_response(model)
    for name in [*columns, *(name for pair in pairs for name in pair)]:
        if name not in frame.names:
            raise H2OValueError(f"the frame has no column {name!r}: it has {', '.join(frame.names[:20])}")
    if options.get("row") is not None:
        row_number(frame, options["row"])
    found = session().models.partial_dependence(
        model._model_key(), frame.frame_id, list(columns), [list(pair) for pair in pairs], dict(options)
    )
    return [H2OTwoDimTable.make(table) for table in found]


def names_in(frame: H2OFrame, argument: str, given: Any) -> list[str]:
    """Columns that are given as names or positions, or as one of them."""
    if given is None:
        return []
    if isinstance(given, str | int):
        given = [given]
    if not isinstance(given, list | tuple):
        raise H2OTypeError(f"{argument}={given!r} must be a list of columns, by name or position")
    return [frame.names[frame._position(each)] for each in given]


def splits_in(frame: H2OFrame, given: Mapping[Any, Sequence[Any]] | None) -> dict[str, list[float]]:
    """Values that the user has chosen for columns, as numbers: those of levels, milliseconds of times."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise H2OTypeError(f"user_splits={given!r} must be a dict of columns and lists of values")
    return {
        name: [_split(frame, name, value) for value in values]
        for name, values in ((frame.names[frame._position(key)], each) for key, each in given.items())
    }


def _split(frame: H2OFrame, name: str, value: Any) -> float:
    kind = frame.type(name)
    if kind == "enum":
        levels = frame[name].levels()[0]
        if str(value) not in levels:
            raise H2OValueError(
                f"user_splits: {value!r} is no level of {name!r}: {', '.join(levels[:20])}. "
                "For missing cells give include_na=True"
            )
        return float(levels.index(str(value)))
    try:
        if kind == "time" and not isinstance(value, int | float | np.number):
            return float(np.datetime64(value, "ms").astype(np.int64))
        return float(value)
    except (TypeError, ValueError) as error:
        raise H2OValueError(
            f"user_splits: {value!r} is no value for {name!r}, which is of type {kind}"
        ) from error


def draw_tables(
    model: ModelBase,
    frame: H2OFrame,
    tables: Sequence[H2OTwoDimTable],
    *,
    plot_stddev: bool,
    figsize: Size,
    server: bool,
    save_plot_path: Path,
) -> PlottedList[H2OTwoDimTable]:
    """Draw the tables of `dependence_tables`, those of one column as lines, of all its targets together; the result has them."""
    drawn: list[list[H2OTwoDimTable]] = []
    for table in tables:
        same = drawn and drawn[-1][0].col_header == table.col_header and _width(table) == 1
        if same:
            drawn[-1].append(table)
        else:
            drawn.append([table])
    figure, places = new_grid(server, figsize, len(drawn))
    for axes, group in zip(places, drawn, strict=True):
        if _width(group[0]) == 1:
            _draw_lines(axes, frame, group, plot_stddev and len(group) == 1)
        else:
            _draw_surface(figure, axes, frame, group[0])
    return finish(figure, save_plot_path, show=not server, result=list(tables))


def _width(table: H2OTwoDimTable) -> int:
    """How many columns a table is about."""
    return len(table.col_header) - 3


def _draw_lines(axes: Axes, frame: H2OFrame, tables: Sequence[H2OTwoDimTable], spread: bool) -> None:
    name = tables[0].col_header[0]
    places, levels = _places(frame, name, tables[0][0])
    for table, color in zip(
        tables, colors_of("Dark2" if len(tables) > 1 else None, len(tables)), strict=True
    ):
        mean, deviation = (np.array(table[k], dtype=float) for k in (1, 2))
        text = str(table._table_description or "").rpartition(", class ")[2].partition(", row ")[0]
        if levels is not None:
            if spread:
                axes.errorbar(places, mean, deviation, fmt="o", color=color, capsize=4, markersize=7)
            else:
                axes.plot(places, mean, "o", color=color, markersize=7, label=label(text))
            continue
        known = _known(places)
        axes.plot(places[known], mean[known], color=color, marker=".", label=label(text))
        if spread:
            axes.fill_between(
                places[known],
                (mean - deviation)[known],
                (mean + deviation)[known],
                color=color,
                alpha=0.2,
                linewidth=0,
            )
        for level in mean[~known]:
            axes.axhline(level, color=color, linestyle="dotted", label="if it is missing")
    if levels is not None:
        name_levels(axes, levels)
    axes.set(xlabel=label(name), ylabel="mean response", title=f"Partial Dependence on {label(name)}")
    axes.grid(True, alpha=0.4)
    if len(tables) > 1 or (levels is None and not _known(places).all()):
        axes.legend()


def _draw_surface(figure: Figure, axes: Axes, frame: H2OFrame, table: H2OTwoDimTable) -> None:
    """The mean response over two columns, as colours: exact where a surface in space would hide parts of itself."""
    down, across = table.col_header[:2]
    ys, y_levels = _places(frame, down, list(dict.fromkeys(table[0])))
    xs, x_levels = _places(frame, across, list(dict.fromkeys(table[1])))
    mean = np.array(table["mean_response"], dtype=float).reshape(len(ys), len(xs))
    rows, columns = _known(ys), _known(xs)
    shown = axes.pcolormesh(xs[columns], ys[rows], mean[rows][:, columns], cmap="viridis", shading="nearest")
    figure.colorbar(shown, ax=axes, label="mean response")
    if x_levels is not None:
        name_levels(axes, x_levels)
    if y_levels is not None:
        axes.set_yticks(range(len(y_levels)), labels=[label(each, 24) for each in y_levels])
    axes.set(xlabel=label(across), ylabel=label(down))
    axes.set_title(f"Partial Dependence on {label(down, 28)} and {label(across, 28)}")


def _places(frame: H2OFrame, name: str, values: Sequence[Any]) -> tuple[Array, list[str] | None]:
    """Where values stand along an axis, and the names of levels."""
    if frame.type(name) == "enum":
        return np.arange(len(values), dtype=float), [
            "missing" if each == MISSING else str(each) for each in values
        ]
    numbers = np.array([np.nan if each is None or each == "" else float(each) for each in values])
    if frame.type(name) == "time":
        whole = np.where(np.isnan(numbers), np.iinfo(np.int64).min, numbers).astype(np.int64)
        return whole.astype("datetime64[ms]"), None
    return numbers, None


def _known(places: Array) -> Array:
    return np.asarray(~np.isnat(places) if places.dtype.kind == "M" else np.isfinite(places))
