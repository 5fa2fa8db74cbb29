"""The methods of a grid that explain its models, one beside the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..explanation.explaining import explain, explain_row
from ..explanation.leaderboards import make_leaderboard
from ..explanation.several import (
    model_correlation_heatmap,
    pareto_front,
    pd_multi_plot,
    varimp_heatmap,
)
from ..plot.canvas import MARKERS, Path
from ..plot.result import PlotResult
from ..report.explanation import H2OExplanation

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame


class GridExplanations:
    """Mixin of the methods of a grid that draw its models; they are functions of the same name in `h2o.explanation`."""

    def pareto_front(
        self: Any,
        test_frame: Any,
        x_metric: str | None = None,
        y_metric: str | None = None,
        **options: Any,
    ) -> H2OFrame:
        """Draw the models by two measures, and find those of which none is better in both.

        Parameters
        ----------
        test_frame : H2OFrame or data frame
            Rows that the models are scored on.
        x_metric : str, optional
            Column of `h2o.make_leaderboard`; by default the time it takes to predict a row.
        y_metric : str, optional
            By default what orders the leaderboard.
        **options
            Of `h2o.explanation.pareto_front`; `optimum` is chosen by the measures where it is not given.

        Returns
        -------
        H2OFrame
            Its ``figure()`` is the figure of matplotlib.

        Examples
        --------
        >>> front = grid.pareto_front(iris, x_metric="logloss", y_metric="mean_per_class_error", optimum="bottom left")
        """
        board = make_leaderboard(self, test_frame, extra_columns="ALL")
        x_metric, y_metric = x_metric or "predict_time_per_row_ms", y_metric or board.names[1]
        return pareto_front(
            board, x_metric, y_metric, **{"optimum": "AUTO", "title": f"Pareto Front of {self.grid_id}", **options}
        )  # fmt: skip

    def explain(self: Any, frame: Any, *arguments: Any, **options: Any) -> H2OExplanation:
        """Explain the models beside each other on one page, see `h2o.explain`.

        Parameters
        ----------
        frame : H2OFrame or data frame
            As of `h2o.explain`.
        *arguments, **options : object
            As of `h2o.explain`.

        Returns
        -------
        H2OExplanation

        Examples
        --------
        >>> list(grid.explain(iris, include_explanations=["varimp_heatmap"], render=False))
        ['varimp_heatmap']
        """
        return explain(self, frame, *arguments, **options)

    def explain_row(self: Any, frame: Any, row_index: int, *arguments: Any, **options: Any) -> H2OExplanation:
        """Explain what the models predict for one row on one page, see `h2o.explain_row`.

        Parameters
        ----------
        frame : H2OFrame or data frame
            As of `h2o.explain_row`.
        row_index : int
            The row, counted from 0.
        *arguments, **options : object
            As of `h2o.explain_row`.

        Returns
        -------
        H2OExplanation

        Examples
        --------
        >>> page = grid.explain_row(iris, 0, include_explanations=["ice"], top_n_features=1, render=False)
        """
        return explain_row(self, frame, row_index, *arguments, **options)

    def varimp_heatmap(
        self: Any,
        top_n: int | None = None,
        num_of_features: int | None = 20,
        figsize: tuple[float, float] = (16, 9),
        cluster: bool = True,
        colormap: str | None = "RdYlBu_r",
        save_plot_path: Path = None,
    ) -> PlotResult:
        """Draw how important each column is to each model, see `h2o.explanation.varimp_heatmap`.

        Parameters
        ----------
        top_n, num_of_features, figsize, cluster, colormap, save_plot_path : object
            As of that function.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = grid.varimp_heatmap(save_plot_path="heatmap.png")
        """
        return varimp_heatmap(self, top_n, num_of_features, figsize, cluster, colormap, save_plot_path)

    def model_correlation_heatmap(
        self: Any,
        frame: Any,
        top_n: int | None = None,
        cluster_models: bool = True,
        triangular: bool = True,
        figsize: tuple[float, float] = (13, 13),
        colormap: str | None = "RdYlBu_r",
        save_plot_path: Path = None,
    ) -> PlotResult:
        """Draw how alike the predictions of the models are, see `h2o.explanation.model_correlation_heatmap`.

        Parameters
        ----------
        frame, top_n, cluster_models, triangular, figsize, colormap, save_plot_path : object
            As of that function.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = grid.model_correlation_heatmap(iris, save_plot_path="correlation.png")
        """
        return model_correlation_heatmap(
            self, frame, top_n, cluster_models, triangular, figsize, colormap, save_plot_path
        )  # fmt: skip

    def pd_multi_plot(
        self: Any,
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
        """Draw partial dependence of the models on a column, see `h2o.explanation.pd_multi_plot`.

        Parameters
        ----------
        frame, column, best_of_family, row_index, target, max_levels, figsize, colormap, markers, save_plot_path, show_rug : object
            As of that function.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = grid.pd_multi_plot(iris, "petal_len", best_of_family=False, target="Iris-setosa", save_plot_path="several.png")
        """
        return pd_multi_plot(
            self, frame, column, best_of_family, row_index, target, max_levels, figsize, colormap, markers,
            save_plot_path, show_rug,
        )  # fmt: skip
