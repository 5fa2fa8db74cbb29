"""Making, saving and showing figures."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar, overload

from heavywater.files import new_file

from .result import PlotResult, PlottedList, PlottedTuple, decorate_plot_result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

T = TypeVar("T")
Path = str | os.PathLike[str] | None  # where a figure is saved to
# Colours that stay apart for the colour-blind (Okabe and Ito 2008).
BLUE, ORANGE, GREEN, RED, SKY, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#7F7F7F"
# Of what lies on a colour of its own: pages give other colours to what is black and white.
NEAR_BLACK, NEAR_WHITE = "#010101", "#fefefe"
MARKERS = ("o", "v", "s", "P", "*", "D", "X", "^", "<", ">", ".")
# Backends of matplotlib that draw into files only: there is no window to show.
_WITHOUT_WINDOW = {"agg", "cairo", "pdf", "pgf", "ps", "svg", "template"}


def new_figure(server: bool, size: tuple[float, float] = (7, 5)) -> tuple[Figure, Axes]:
    """A figure of so many inches with axes.

    On a server it belongs to nobody else: no window, no backend, nothing to close. Otherwise pyplot knows it, so that
    notebooks show it.
    """
    _require()
    if server:
        from matplotlib.figure import Figure

        figure = Figure(figsize=size, layout="constrained")
    else:
        from matplotlib import pyplot

        figure = pyplot.figure(figsize=size, layout="constrained")
    return figure, figure.add_subplot()


def new_grid(server: bool, size: tuple[float, float], count: int) -> tuple[Figure, list[Axes]]:
    """A figure, see `new_figure`, with so many axes below each other; two of them side by side from five on."""
    figure, only = new_figure(server, size)
    if count == 1:
        return figure, [only]
    only.remove()
    columns = 1 if count < 5 else 2
    rows = -(-count // columns)
    return figure, [figure.add_subplot(rows, columns, i + 1) for i in range(count)]


@overload
def finish(figure: Figure, save_plot_path: Path, *, show: bool, result: None = None) -> PlotResult: ...


@overload
def finish(figure: Figure, save_plot_path: Path, *, show: bool, result: list[T]) -> PlottedList[T]: ...


@overload
def finish(figure: Figure, save_plot_path: Path, *, show: bool, result: tuple[Any, ...]) -> PlottedTuple: ...


@overload
def finish(figure: Figure, save_plot_path: Path, *, show: bool, result: T) -> T: ...


def finish(figure: Figure, save_plot_path: Path, *, show: bool, result: Any = None) -> object:
    """Save the figure if asked for, show it where there is a display, and put it into the result.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    save_plot_path : str or path, optional
        File to save to, in a folder that is made where it does not exist; its ending chooses the format, PNG without
        one. A file that is there is replaced.
    show : bool
        Show the figure.
    result : object, optional
        See `decorate_plot_result`.
    """
    if save_plot_path is not None:
        _save(figure, save_plot_path)
    if show:
        from matplotlib import pyplot

        if pyplot.get_backend().lower() not in _WITHOUT_WINDOW:
            pyplot.show()
    return decorate_plot_result(result, figure)


def _save(figure: Figure, path: str | os.PathLike[str]) -> None:
    """Write a figure; an older one of this name stays as it is until the new one is complete."""
    from matplotlib import rcParams

    if hasattr(path, "write"):  # an open file
        figure.savefig(path)
        return
    name = os.fspath(path)
    if not os.path.splitext(name)[1]:
        name += f".{rcParams['savefig.format']}"
    with new_file(name, force=True) as (_, beside):
        figure.savefig(beside)


def _require() -> None:
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "drawing needs matplotlib, which is not installed: pip install 'heavywater[plot]', or pip install matplotlib"
        ) from error
