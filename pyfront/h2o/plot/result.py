"""What functions that draw give back: what they would give without drawing, and the figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from matplotlib.figure import Figure

T = TypeVar("T")


class PlotResult:
    """The result of a drawing that has no data of its own; `figure` gives the figure.

    Examples
    --------
    >>> drawn = model.varimp_plot(server=True)
    >>> drawn.figure() is not None
    True
    """

    figure: Callable[[], Figure | None]

    def __repr__(self) -> str:
        drawn = self.figure()
        titles = [] if drawn is None else [axes.get_title() for axes in drawn.axes]
        title = " ".join(next(filter(None, titles), "a drawing").split())
        return f"{title} (figure() gives the figure)"


class PlottedTuple(tuple[Any, ...]):  # noqa: SLOT001 - that is what it is for
    """A tuple with the figure of what was drawn."""

    figure: Callable[[], Figure | None]


class PlottedList(list[T]):
    """A list with the figure of what was drawn."""

    figure: Callable[[], Figure | None]


def _with_attributes(res: Any) -> Any:
    if res is None:
        return PlotResult()
    if type(res) is list:
        return PlottedList(res)
    return PlottedTuple(res) if isinstance(res, tuple) else res


@overload
def decorate_plot_result(res: None = None, figure: Figure | None = None) -> PlotResult: ...


@overload
def decorate_plot_result(res: list[T], figure: Figure | None = None) -> PlottedList[T]: ...


@overload
def decorate_plot_result(res: tuple[Any, ...], figure: Figure | None = None) -> PlottedTuple: ...


@overload
def decorate_plot_result(res: T, figure: Figure | None = None) -> T: ...


def decorate_plot_result(res: object = None, figure: Figure | None = None) -> object:
    """Give a result the method `figure`, which returns the figure.

    Parameters
    ----------
    res : object, optional
        A tuple, a list or an object of this package; None makes a `PlotResult`.
    figure : matplotlib.figure.Figure, optional
        What was drawn, None if nothing was.

    Returns
    -------
    object
        A tuple or a list comes back as an equal one, another object as itself.

    Examples
    --------
    >>> from h2o.plot import decorate_plot_result
    >>> decorate_plot_result((1, 2)).figure() is None
    True
    """
    result: Any = _with_attributes(res)
    result.figure = lambda: figure
    result._is_decorated_plot_result = True
    made: object = result
    return made


def is_decorated_plot_result(obj: Any) -> bool:
    """Say whether an object comes from `decorate_plot_result`.

    Parameters
    ----------
    obj : object
        What may be one.

    Returns
    -------
    bool

    Examples
    --------
    >>> from h2o.plot import is_decorated_plot_result
    >>> is_decorated_plot_result(model.varimp_plot(server=True))
    True
    """
    return hasattr(obj, "_is_decorated_plot_result")
