"""The methods of models that draw, see `h2o.plot`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..frame.h2oframe import H2OFrame
from ..plot.canvas import Path
from ..plot.errors import reconstruction_error_plot, residual_analysis_plot
from ..plot.history import learning_curve_plot, scoring_history_plot
from ..plot.importance import varimp_image_plot, varimp_plot
from ..plot.result import PlotResult
from ..two_dim_table import H2OTwoDimTable


class ModelPlots:
    """Mixin of all methods of a model that draw. They need matplotlib (the extra ``plot``).

    Each returns an object whose method ``figure()`` gives the matplotlib figure. Common parameters:

    server : bool
        Draw without a display: nothing is shown, and pyplot does not know of the figure.
    save_plot_path : str or path, optional
        File to save the figure to; its ending chooses the format.
    """

    def plot(
        self: Any,
        timestep: str = "AUTO",
        metric: str = "AUTO",
        server: bool = False,
        save_plot_path: Path = None,
    ) -> PlotResult:
        """Draw the scoring history: a metric of the training data, and of the validation data if there were any.

        Parameters
        ----------
        timestep : str
            Horizontal axis: "epochs" (AUTO), "samples", "iterations" or "duration".
        metric : str
            A metric of the scoring history, such as "logloss", "auc", "classification_error", "rmse", "deviance" or
            "mae". AUTO: logloss of two classes, classification_error of more, rmse of numbers.
        server, save_plot_path
            See the class.

        Returns
        -------
        PlotResult
            Its ``figure()`` is the figure of matplotlib.

        Examples
        --------
        >>> model.plot(server=True, save_plot_path="history.png").figure() is not None
        True
        """
        return scoring_history_plot(self, timestep, metric, server=server, save_plot_path=save_plot_path)

    def scoring_history_plot(
        self: Any, timestep: str, metric: str, server: bool = False, save_plot_path: Path = None
    ) -> PlotResult:
        """Draw the scoring history, see `plot`.

        Parameters
        ----------
        timestep, metric, server, save_plot_path : object
            As of `plot`.

        Returns
        -------
        PlotResult
            Its ``figure()`` is the figure of matplotlib.

        Examples
        --------
        >>> drawn = model.scoring_history_plot("epochs", "logloss", server=True)
        """
        return scoring_history_plot(self, timestep, metric, server=server, save_plot_path=save_plot_path)

    def learning_curve_plot(
        self: Any,
        metric: str = "AUTO",
        cv_ribbon: bool | None = None,
        cv_lines: bool | None = None,
        figsize: tuple[float, float] = (16, 9),
        colormap: str | None = None,
        save_plot_path: Path = None,
    ) -> PlotResult:
        """Draw a metric over the epochs, for the model and for the models of its folds, and the model that was kept.

        Parameters
        ----------
        metric : str
            A metric of the scoring history or the name of a stopping metric; AUTO: logloss of classes, rmse of numbers.
        cv_ribbon : bool, optional
            Draw mean and standard deviation over the folds; by default where they were scored at the same epochs.
        cv_lines : bool, optional
            Draw a line for each fold; by default where there is no ribbon.
        figsize : tuple of float
            Width and height in inches.
        colormap : str, optional
            Name of one of matplotlib's colour maps.
        save_plot_path
            See the class.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = model.learning_curve_plot(save_plot_path="curve.png")
        """
        return learning_curve_plot(
            self, metric, cv_ribbon=cv_ribbon, cv_lines=cv_lines, figsize=figsize, colormap=colormap
        ).result(save_plot_path)  # fmt: skip

    def varimp_plot(
        self: Any, num_of_features: int | None = None, server: bool = False, save_plot_path: Path = None
    ) -> PlotResult:
        """Draw the scaled importances of the inputs, the largest on top.

        Parameters
        ----------
        num_of_features : int, optional
            How many inputs; by default 10.
        server, save_plot_path
            See the class.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = model.varimp_plot(num_of_features=3, server=True)
        """
        return varimp_plot(self, num_of_features, server=server, save_plot_path=save_plot_path)

    def varimp_image_plot(
        self: Any,
        columns: Sequence[str],
        shape: tuple[int, int] | None = None,
        server: bool = False,
        save_plot_path: Path = None,
    ) -> PlotResult:
        """Draw the scaled importances as an image, for models whose inputs are the pixels of one.

        Parameters
        ----------
        columns : list of str
            Names of the pixels, row by row. Those that the model does not use (constant ones are left out) count 0.
        shape : tuple of int, optional
            Height and width; by default a square.
        server, save_plot_path
            See the class.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = coder.varimp_image_plot(iris.names[:4], shape=(2, 2), server=True)
        """
        return varimp_image_plot(self, columns, shape, server=server, save_plot_path=save_plot_path)

    def gains_lift_plot(
        self: Any,
        type: str = "both",
        xval: bool = False,
        server: bool = False,
        save_plot_path: Path = None,
        plot: bool = True,
    ) -> H2OTwoDimTable:
        """Draw gains and lift on the training data, see `H2OBinomialModelMetrics.gains_lift_plot`.

        Parameters
        ----------
        type : str
            "both", "gains" or "lift".
        xval : bool
            On the holdout rows of the cross-validation instead.
        server, save_plot_path
            See the class.
        plot : bool
            False: only return the table.

        Returns
        -------
        H2OTwoDimTable

        Examples
        --------
        >>> table = binomial.gains_lift_plot(plot=False)
        """
        options = {"server": server, "save_plot_path": save_plot_path, "plot": plot}
        table: H2OTwoDimTable = self._from_metrics(
            "gains_lift_plot", False, False, xval, type=type, **options
        )
        return table

    def confusion_matrix_plot(
        self: Any,
        train: bool = False,
        valid: bool = False,
        xval: bool = False,
        server: bool = False,
        save_plot_path: Path = None,
        **options: Any,
    ) -> PlotResult:
        """Draw a confusion matrix, see that method of the metrics.

        Parameters
        ----------
        train, valid, xval : bool
            Which metrics, as in `confusion_matrix`; one of them.
        server, save_plot_path
            See the class.
        **options
            ``metrics`` or ``thresholds`` of a model with two classes.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = model.confusion_matrix_plot(server=True)
        """
        options |= {"server": server, "save_plot_path": save_plot_path}
        drawn: PlotResult = self._from_metrics("confusion_matrix_plot", train, valid, xval, **options)
        return drawn

    def residual_analysis_plot(
        self: Any, frame: H2OFrame, figsize: tuple[float, float] = (16, 9), save_plot_path: Path = None
    ) -> PlotResult:
        """Draw residuals against predictions on a frame, for regression.

        Parameters
        ----------
        frame : H2OFrame
            Rows with predictors and response.
        figsize : tuple of float
            Width and height in inches.
        save_plot_path
            See the class.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = regression.residual_analysis_plot(iris, save_plot_path="residuals.png")
        """
        return residual_analysis_plot(self, frame, figsize).result(save_plot_path)

    def reconstruction_error_plot(
        self: Any, test_data: H2OFrame, server: bool = False, save_plot_path: Path = None
    ) -> H2OFrame:
        """Draw the reconstruction error of every row, for autoencoders.

        Parameters
        ----------
        test_data : H2OFrame
            Rows to look at.
        server, save_plot_path
            See the class.

        Returns
        -------
        H2OFrame
            The errors, as `anomaly` gives them, with the method ``figure()``.

        Examples
        --------
        >>> coder.reconstruction_error_plot(iris, server=True).nrow
        150
        """
        return reconstruction_error_plot(self, test_data, server=server, save_plot_path=save_plot_path)
