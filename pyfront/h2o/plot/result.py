"""What functions that draw give back: what they would give without drawing, and the figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class PlotResult:
    """The result of a drawing that has no data of its own; `figure` gives the figure."""

    figure: Callable[[], Figure | None]


class _Tuple(tuple[Any, ...]):  # noqa: SLOT001 - that is what it is for
    """A tuple that can have attributes."""


class _List(list[Any]):
    """A list that can have attributes."""


def _with_attributes(res: Any) -> Any:
    if res is None:
        return PlotResult()
    if type(res) is list:
        return _List(res)
    return _Tuple(res) if isinstance(res, tuple) else res


def decorate_plot_result(res: Any = None, figure: Figure | None = None) -> Any:
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
    """
    result: Any = _with_attributes(res)
    result.figure = lambda: figure
    result._is_decorated_plot_result = True
    return result


def is_decorated_plot_result(obj: Any) -> bool:
    """Say whether an object comes from `decorate_plot_result`."""
    return hasattr(obj, "_is_decorated_plot_result")
