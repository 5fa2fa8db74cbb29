"""What a drawing consists of before it is saved, shown, or put on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np

from ..exceptions import H2OValueError
from ..two_dim_table import H2OTwoDimTable
from .canvas import BLUE, Path, finish
from .labels import fit
from .result import PlotResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

T = TypeVar("T")
Array = np.ndarray[Any, np.dtype[Any]]
Size = tuple[float, float]


@dataclass(frozen=True)
class Drawing:
    """A figure, the table of what it shows, and the same in a sentence for who does not see it."""

    figure: Figure
    table: H2OTwoDimTable
    says: str

    @overload
    def result(self, save_plot_path: Path, result: None = None) -> PlotResult: ...

    @overload
    def result(self, save_plot_path: Path, result: T) -> T: ...

    def result(self, save_plot_path: Path, result: object = None) -> object:
        """The drawing as the functions of the user's give it; see `h2o.plot.canvas.finish`."""
        fit(self.figure)
        return finish(self.figure, save_plot_path, show=False, result=result)


def check_count(argument: str, value: Any) -> None:
    """Refuse what is not a number of things to show, from 1 on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise H2OValueError(f"{argument}={value!r} must be a whole number from 1 on")


def colors_of(colormap: str | None, count: int) -> list[Any]:
    """So many colours of one of matplotlib's colour maps.

    The first ones of a list of colours; of others they are spread over the middle, which can be seen on light and dark ground.
    """
    if colormap is None:
        return [BLUE] * count
    from matplotlib import colormaps

    if colormap not in colormaps:
        raise H2OValueError(
            f"colormap={colormap!r} must be the name of one of matplotlib's colour maps, such as 'Dark2', 'viridis', 'RdYlBu_r'"
        )
    found = colormaps[colormap]
    if getattr(found, "colors", None) is not None and found.N <= 20:
        return [found(i % found.N) for i in range(count)]
    return list(found(np.linspace(0.36, 0.86, count)))


def table_of(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> H2OTwoDimTable:
    """A table behind a drawing: numbers as Python's, what is missing as None."""
    cells = [[_plain(cell) for cell in row] for row in rows]
    return H2OTwoDimTable(title, None, list(columns), cell_values=cells)


def _plain(cell: Any) -> Any:
    value = cell.item() if hasattr(cell, "item") else cell
    return None if isinstance(value, float) and value != value else value
