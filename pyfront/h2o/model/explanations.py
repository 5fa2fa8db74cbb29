"""The methods of models that explain their predictions: contributions of columns drawn, one page of all there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heavywater.session import Ref

from ..exceptions import H2OTypeError
from ..frame.accepting import frame_of, rows_for
from ..frame.h2oframe import evaluated
from ..plot.canvas import Path
from ..plot.result import PlotResult
from ..report.explanation import H2OExplanation
from ..two_dim_table import H2OTwoDimTable
from .dependence import ModelDependence

if TYPE_CHECKING:
    import pandas


class ModelExplanations(ModelDependence):
    """Mixin of the methods of a model that explain it; parameters that are not explained here are those of `ModelDependence`."""

    def shap_summary_plot(
        self: Any,
        frame: Any,
        columns: Sequence[str | int] | None = None,
        top_n_features: int = 20,
        samples: int = 1000,
        colorize_factors: bool = True,
        alpha: float = 1,
        colormap: str | None = None,
        figsize: tuple[float, float] = (12, 12),
        jitter: float = 0.35,
        save_plot_path: Path = None,
        background_frame: Any = None,
        target: str | None = None,
    ) -> PlotResult:
        """Draw the contributions of each column to the predictions of many rows, see `predict_contributions`.

        Parameters
        ----------
        frame, figsize, save_plot_path
            See `ModelDependence`.
        columns : list of str or int, optional
            Columns to show; by default those with the largest mean size of contributions.
        top_n_features : int
            How many of these; a negative number: all.
        samples : int
            Of a longer frame only so many rows, drawn at random, always the same ones.
        colorize_factors : bool
            Colour the rows of factors by their levels, in the order of these; False: grey.
        alpha : float
            How opaque points are, from 0 to 1.
        colormap : str, optional
            Name of one of matplotlib's colour maps; by default from blue (low) to red (high).
        jitter : float
            How far points that lie together move up and down, in rows of the drawing.
        background_frame : H2OFrame or data frame, optional
            Rows to compare with; by default those of the training frame, where it is still here, else of `frame`.
        target : str, optional
            See `ModelDependence`; without it the mean size for each class is drawn, as bars.

        Returns
        -------
        PlotResult
            Its ``figure()`` is the figure of matplotlib.

        Notes
        -----
        Lundberg and Lee 2017, "A unified approach to interpreting model predictions".

        Examples
        --------
        >>> drawn = regression.shap_summary_plot(iris, samples=20, save_plot_path="summary.png")
        """
        from ..plot.contribution_summary import draw_summary  # start-up: only for who draws

        return draw_summary(
            self, rows_for(self._trained, "frame", frame), columns=columns, top_n_features=top_n_features, samples=samples,
            colorize_factors=colorize_factors, alpha=alpha, colormap=colormap, figsize=figsize, jitter=jitter,
            background_frame=background_frame, target=target,
        ).result(save_plot_path)  # fmt: skip

    def shap_explain_row_plot(
        self: Any,
        frame: Any,
        row_index: int,
        columns: Sequence[str | int] | None = None,
        top_n_features: int = 10,
        figsize: tuple[float, float] = (16, 9),
        plot_type: str = "barplot",
        contribution_type: str = "both",
        save_plot_path: Path = None,
        background_frame: Any = None,
        target: str | None = None,
    ) -> PlotResult:
        """Draw how much each column moves the prediction of one row away from the average, see `predict_contributions`.

        Parameters
        ----------
        frame, figsize, save_plot_path
            See `ModelDependence`.
        row_index : int
            The row, counted from 0.
        columns : list of str or int, optional
            Columns to show; by default those with the largest contributions.
        top_n_features : int
            How many of these; of a "barplot" for each sign. A negative number: all.
        plot_type : str
            "barplot", or "breakdown": the way from the average to the prediction, one column after the other.
        contribution_type : str
            Of a "barplot", "both", "positive" or "negative".
        background_frame
            As in `shap_summary_plot`.
        target : str, optional
            See `ModelDependence`; by default the class that is predicted.

        Returns
        -------
        PlotResult
            Its ``figure()`` is the figure of matplotlib.

        Examples
        --------
        >>> drawn = regression.shap_explain_row_plot(iris, row_index=0, save_plot_path="row.png")
        """
        from ..plot.contribution_row import draw_row  # start-up: only for who draws

        return draw_row(
            self, rows_for(self._trained, "frame", frame), row_index, columns=columns, top_n_features=top_n_features, figsize=figsize,
            plot_type=plot_type, contribution_type=contribution_type, background_frame=background_frame, target=target,
        ).result(save_plot_path)  # fmt: skip

    def explain(
        self: Any,
        frame: Any,
        columns: Sequence[str | int] | None = None,
        top_n_features: int = 5,
        include_explanations: str | Sequence[str] = "ALL",
        exclude_explanations: str | Sequence[str] = (),
        plot_overrides: Mapping[str, Any] | None = None,
        figsize: tuple[float, float] = (16, 9),
        render: bool = True,
        qualitative_colormap: str = "Dark2",
        sequential_colormap: str = "RdYlBu_r",
        background_frame: Any = None,
    ) -> H2OExplanation:
        """Explain the model on one page, see `h2o.explain`.

        Parameters
        ----------
        frame, columns, top_n_features, include_explanations, exclude_explanations, plot_overrides : object
            As of `h2o.explain`.
        figsize, render, qualitative_colormap, sequential_colormap, background_frame : object
            As of `h2o.explain`.

        Returns
        -------
        H2OExplanation
            Shown at once unless `render` is False.

        Examples
        --------
        >>> iris = h2o.import_file("iris.csv")
        >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1)
        >>> _ = model.train(x=["sepal_len", "class"], y="petal_len", training_frame=iris)
        >>> page = model.explain(iris, include_explanations=["residual_analysis", "pdp"], top_n_features=1, render=False)
        >>> list(page), list(page["pdp"]["plots"])
        (['residual_analysis', 'pdp'], ['class'])
        >>> _ = page.save_html("explained.html")
        """
        from ..report.of_models import Explaining  # start-up: only for who draws

        explaining = Explaining(
            [self], rows_for(self._trained, "frame", frame), columns, top_n_features, plot_overrides, figsize,
            (qualitative_colormap, sequential_colormap), background_frame,
        )  # fmt: skip
        return explaining.page(include_explanations, exclude_explanations)._shown(render)

    def explain_row(
        self: Any,
        frame: Any,
        row_index: int,
        columns: Sequence[str | int] | None = None,
        top_n_features: int = 5,
        include_explanations: str | Sequence[str] = "ALL",
        exclude_explanations: str | Sequence[str] = (),
        plot_overrides: Mapping[str, Any] | None = None,
        qualitative_colormap: str = "Dark2",
        figsize: tuple[float, float] = (16, 9),
        render: bool = True,
        background_frame: Any = None,
    ) -> H2OExplanation:
        """Explain the prediction of one row on one page, see `h2o.explain_row`.

        Parameters
        ----------
        frame, row_index, columns, top_n_features, include_explanations, exclude_explanations : object
            As of `h2o.explain_row`.
        plot_overrides, qualitative_colormap, figsize, render, background_frame : object
            As of `h2o.explain_row`.

        Returns
        -------
        H2OExplanation
            Shown at once unless `render` is False.

        Examples
        --------
        >>> list(regression.explain_row(iris, 0, include_explanations=["shap_explain_row"], render=False))
        ['shap_explain_row']
        """
        from ..report.of_row import ExplainingRow  # start-up: only for who draws

        explaining = ExplainingRow(
            [self], rows_for(self._trained, "frame", frame), row_index, columns, top_n_features, plot_overrides, figsize,
            qualitative_colormap, background_frame,
        )  # fmt: skip
        return explaining.page(include_explanations, exclude_explanations)._shown(render)

    def predicted_vs_actual_by_variable(
        self: Any, frame: Any, predicted: Any, variable: str, use_pandas: bool = False
    ) -> H2OTwoDimTable | pandas.DataFrame:
        """The mean of the predictions beside that of the response, for each level of a factor.

        Parameters
        ----------
        frame : H2OFrame or data frame
            With the response and the factor; its weights count where the model was trained with weights.
        predicted : H2OFrame or data frame
            What `predict` has given for it.
        variable : str
            The factor.
        use_pandas : bool
            Give a pandas data frame with the levels as index instead of a table.

        Returns
        -------
        H2OTwoDimTable or pandas.DataFrame
            Columns `variable`, ``predict``, ``actual``; of two classes these are shares of the second one. Rows without
            response or level do not count.

        Examples
        --------
        >>> table = regression.predicted_vs_actual_by_variable(iris, regression.predict(iris), "class", use_pandas=True)
        >>> table.index.tolist()
        ['Iris-setosa', 'Iris-versicolor', 'Iris-virginica']
        """
        if not isinstance(variable, str):
            raise H2OTypeError(f"variable={variable!r} must be the name of a column")
        data, predictions = rows_for(self._trained, "frame", frame), frame_of("predicted", predicted)
        data._position(variable)
        means = evaluated("predicted.vs.actual.by.var", Ref(self._model_key()), data, variable, predictions)
        cells = means.as_data_frame()
        if use_pandas:
            indexed: pandas.DataFrame = cells.set_index(variable)
            return indexed
        rows = cells.astype(object).where(cells.notna(), None).to_numpy().tolist()
        return H2OTwoDimTable("Predicted vs Actual by Variable", None, list(cells.columns), cell_values=rows)
