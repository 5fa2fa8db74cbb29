"""Histograms of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .canvas import BLUE, Path, finish, new_figure

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame


def histogram_plot(table: H2OFrame, name: str, *, server: bool, save_plot_path: Path) -> H2OFrame:
    """Draw a histogram; the result is the table.

    Parameters
    ----------
    table : H2OFrame
        ``breaks``, ``counts`` and ``mids`` of the classes, as the operation ``hist`` gives them.
    name : str
        The column that was counted.
    server : bool
        Draw without showing.
    save_plot_path : str or path, optional
        File to save to.
    """
    columns = {column: np.asarray(table[column]).ravel() for column in ("breaks", "counts", "mids")}
    classes = ~np.isnan(columns["counts"])
    upper, counts, mids = (columns[column][classes] for column in ("breaks", "counts", "mids"))
    widths = 2 * (upper - mids)
    figure, axes = new_figure(server)
    axes.bar(upper - widths, counts, widths, align="edge", color=BLUE, edgecolor="white", linewidth=0.5)
    axes.set(title=f"Histogram of {name}", xlabel=name, ylabel="Frequency")
    shown: H2OFrame = finish(figure, save_plot_path, show=not server, result=table)
    return shown
