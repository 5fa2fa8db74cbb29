"""Drawings of several models beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ..frame.accepting import frame_of, rows_for_all
from ..plot.canvas import MARKERS, Path
from ..plot.drawing import check_count
from ..plot.result import PlotResult
from .models_given import models_of

if TYPE_CHECKING:
    import numpy as np
    import pandas

    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase


def pd_multi_plot(
    models: Any,
    frame: Any,
    column: str | int,
    best_of_family: bool = True,
    row_index: int | None = None,
    target: str | None = None,
    max_levels: int = 30,
    figsize: tuple[float, float] = (16, 9),
    colormap: str | None = "Dark2",
    markers: Sequence[str] = MARKERS,
    save_plot_path: Path = None,
    show_rug: bool = True,
) -> PlotResult:
    """Draw partial dependence on a column for several models.

    Parameters
    ----------
    models : list of models, grid, leaderboard
        Models, or their names.
    frame, column, target, max_levels, figsize, colormap, save_plot_path, show_rug
        See `h2o.model.dependence.ModelDependence`.
    best_of_family : bool
        Of a leaderboard or a grid only the first model of each algorithm; of models that are listed all are drawn.
    row_index : int, optional
        The responses for this row instead of the means.
    markers : list of str
        Marks of the models where the column is a factor; the last one is used again when there are more models.

    Returns
    -------
    PlotResult

    Examples
    --------
    >>> drawn = h2o.pd_multi_plot(grid, iris, "petal_len", best_of_family=False, target="Iris-setosa", save_plot_path="multi.png")
    """
    from ..plot.dependence import Options, draw_dependences  # start-up: only for who draws

    found = models_of("models", models)
    if best_of_family and not isinstance(models, list | tuple):
        found = list({model._trained["algo"]: model for model in reversed(found)}.values())
    options = Options(
        row_index=row_index, target=target, max_levels=max_levels, figsize=figsize, colormap=colormap, show_rug=show_rug
    )  # fmt: skip
    drawn = draw_dependences(found, _rows(found, frame), column, options, markers)
    return drawn.result(save_plot_path)


def varimp_heatmap(
    models: Any,
    top_n: int | None = None,
    num_of_features: int | None = 20,
    figsize: tuple[float, float] = (16, 9),
    cluster: bool = True,
    colormap: str | None = "RdYlBu_r",
    save_plot_path: Path = None,
) -> PlotResult:
    """Draw how important each column is to each of several models.

    Parameters
    ----------
    models : list of models, grid, leaderboard
        Those without importances are left out.
    top_n : int, optional
        Only so many models, the first ones.
    num_of_features : int, optional
        Only so many columns, the most important ones; None: all.
    figsize, colormap, save_plot_path
        See `h2o.model.dependence.ModelDependence`.
    cluster : bool
        Put models and columns that are alike side by side.

    Returns
    -------
    PlotResult

    Notes
    -----
    The importance of a factor is the sum over its levels; the largest of a model is 1.

    Examples
    --------
    >>> drawn = h2o.varimp_heatmap(grid, save_plot_path="heatmap.png")
    """
    from ..plot.heatmaps import draw_importances  # start-up: only for who draws

    found = _first(models_of("models", models), top_n)
    return draw_importances(found, num_of_features, figsize, cluster, colormap).result(save_plot_path)


@overload
def varimp(
    models: Any, num_of_features: int | None = 20, cluster: bool = True, use_pandas: Literal[True] = True
) -> pandas.DataFrame: ...


@overload
def varimp(
    models: Any, num_of_features: int | None = 20, cluster: bool = True, *, use_pandas: Literal[False]
) -> tuple[np.ndarray[Any, Any], list[str], list[str]]: ...


def varimp(
    models: Any, num_of_features: int | None = 20, cluster: bool = True, use_pandas: bool = True
) -> pandas.DataFrame | tuple[np.ndarray[Any, Any], list[str], list[str]]:
    """The numbers behind `varimp_heatmap`.

    Parameters
    ----------
    models, num_of_features, cluster
        As in `varimp_heatmap`.
    use_pandas : bool
        False: an array (columns x models), the names of the models and those of the columns.

    Returns
    -------
    pandas.DataFrame or tuple
        A row for each column, a column for each model.

    Examples
    --------
    >>> h2o.explanation.varimp(grid).shape
    (4, 2)
    """
    from ..plot.heatmaps import importances_of  # start-up: only for who draws

    values, shown, columns = importances_of(models_of("models", models), num_of_features, cluster)
    names = [str(model.model_id) for model in shown]
    if not use_pandas:
        return values, names, columns
    import pandas

    return pandas.DataFrame(values, columns=names, index=columns)


def model_correlation_heatmap(
    models: Any,
    frame: Any,
    top_n: int | None = None,
    cluster_models: bool = True,
    triangular: bool = True,
    figsize: tuple[float, float] = (13, 13),
    colormap: str | None = "RdYlBu_r",
    save_plot_path: Path = None,
) -> PlotResult:
    """Draw how alike the predictions of several models are: correlation of numbers, share of rows with the same class.

    Parameters
    ----------
    models : list of models, grid, leaderboard
    frame : H2OFrame or data frame
        Rows that are predicted.
    top_n : int, optional
        Only so many models, the first ones.
    cluster_models : bool
        Put models that are alike side by side.
    triangular : bool
        Draw each pair once.
    figsize, colormap, save_plot_path
        See `h2o.model.dependence.ModelDependence`.

    Returns
    -------
    PlotResult

    Examples
    --------
    >>> drawn = h2o.model_correlation_heatmap(grid, iris, save_plot_path="correlation.png")
    """
    from ..plot.heatmaps import draw_agreement  # start-up: only for who draws

    found = _first(models_of("models", models), top_n)
    drawn = draw_agreement(found, _rows(found, frame), cluster_models, triangular, figsize, colormap)
    return drawn.result(save_plot_path)


@overload
def model_correlation(
    models: Any, frame: Any, cluster_models: bool = True, use_pandas: Literal[True] = True
) -> pandas.DataFrame: ...


@overload
def model_correlation(
    models: Any, frame: Any, cluster_models: bool = True, *, use_pandas: Literal[False]
) -> tuple[np.ndarray[Any, Any], list[str]]: ...


def model_correlation(
    models: Any, frame: Any, cluster_models: bool = True, use_pandas: bool = True
) -> pandas.DataFrame | tuple[np.ndarray[Any, Any], list[str]]:
    """The numbers behind `model_correlation_heatmap`.

    Parameters
    ----------
    models, frame, cluster_models
        As in `model_correlation_heatmap`.
    use_pandas : bool
        False: an array (models x models) and the names of the models.

    Returns
    -------
    pandas.DataFrame or tuple

    Examples
    --------
    >>> h2o.explanation.model_correlation(grid, iris).shape
    (2, 2)
    """
    from ..plot.heatmaps import agreement_of  # start-up: only for who draws

    found = models_of("models", models)
    values, shown = agreement_of(found, _rows(found, frame), cluster_models)
    names = [str(model.model_id) for model in shown]
    if not use_pandas:
        return values, names
    import pandas

    return pandas.DataFrame(values, columns=names, index=names)


def pareto_front(
    frame: Any,
    x_metric: str | None = None,
    y_metric: str | None = None,
    optimum: str = "top left",
    title: str | None = None,
    color_col: str | None = "algo",
    figsize: tuple[float, float] = (16, 9),
    colormap: str | None = "Dark2",
) -> H2OFrame:
    """Draw models by two measures, and find those of which none is better in both.

    Parameters
    ----------
    frame : H2OFrame or data frame
        A row for each model, such as `h2o.make_leaderboard` gives it; any other table does as well.
    x_metric, y_metric : str
        Columns of numbers.
    optimum : str
        Where the best values lie: "top left", "top right", "bottom left" or "bottom right"; "AUTO" knows it of metrics, and takes
        less of all else.
    title : str, optional
    color_col : str, optional
        Column by whose values rows are coloured.
    figsize, colormap
        See `h2o.model.dependence.ModelDependence`.

    Returns
    -------
    H2OFrame
        The rows of the front, in the order of the frame, with the method ``figure()``.

    Examples
    --------
    >>> board = {"seconds": [1, 2, 3, 4], "auc": [0.7, 0.8, 0.75, 0.9]}
    >>> pareto_front(board, "seconds", "auc", figsize=(4, 3))["auc"].as_data_frame()["auc"].tolist()
    [0.7, 0.8, 0.9]
    """
    from ..plot.pareto import draw_front  # start-up: only for who draws

    data = frame_of("frame", frame)
    drawn, rows = draw_front(data, (x_metric, y_metric), optimum, title, color_col, figsize, colormap)
    return drawn.result(None, data[rows, :])


def _rows(models: list[ModelBase], frame: Any) -> H2OFrame:
    return rows_for_all([each._trained for each in models], "frame", frame)


def _first(models: list[Any], count: int | None) -> list[Any]:
    if count is not None:
        check_count("top_n", count)
    return models[:count]
