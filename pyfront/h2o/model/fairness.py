"""The methods of models of two classes that tell how groups of rows are treated."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from heavywater.files import file_name
from heavywater.session import Ref

from ..exceptions import H2OTypeError, H2OValueError
from ..frame.accepting import rows_for
from ..frame.h2oframe import H2OFrame, evaluated
from ..plot.canvas import Path
from ..plot.result import PlotResult
from ..report.explanation import H2OExplanation


class ModelFairness:
    """Mixin of the methods of a model that compare groups of rows; each needs a model of two classes.

    Common parameters:

    frame : H2OFrame or data frame
        With the response, the columns of the model and the protected ones.
    protected_columns : list of str
        Factors; each combination of their levels that there is makes a group.
    reference : list of str, optional
        A level of each, which names the group that others are compared with; by default the largest group.
    favorable_class : str
        The class to be hoped for: rows predicted to be of it are selected.
    figsize : tuple of float
        Width and height in inches.
    save_plot_path : str or path, optional
        File to save the figure to; its ending chooses the format.
    """

    def fairness_metrics(
        self: Any,
        frame: Any,
        protected_columns: Sequence[str],
        reference: Sequence[str] | None,
        favorable_class: str,
    ) -> dict[str, H2OFrame]:
        """Metrics of each group of rows that share the levels of some factors.

        Parameters
        ----------
        frame, protected_columns, reference, favorable_class
            See the class.

        Returns
        -------
        dict of str to H2OFrame
            ``overview``: the groups, with counts, rates, and as ``AIR_...`` what these are of the reference's (adverse impact
            ratio); ``p.value`` of Fisher's exact test, whether a group is selected as often as the reference.
            ``thresholds_and_metrics_LEVELS``: metrics by threshold in each group.

        Examples
        --------
        >>> found = binomial.fairness_metrics(prostate, ["RACE"], ["1"], "1")
        >>> "overview" in found
        True
        """
        columns = _texts("protected_columns", protected_columns)
        if not columns:
            raise H2OValueError("protected_columns must name at least one factor")
        levels = [] if reference is None else _texts("reference", reference)
        data = rows_for(self._trained, "frame", frame)
        asked = (Ref(self._model_key()), data, columns, levels, str(favorable_class))
        found = evaluated("fairnessMetrics", *asked)
        return {name: H2OFrame._wrap(each.key, own=True) for name, each in found.items()}

    def fair_roc_plot(
        self: Any,
        frame: Any,
        protected_columns: Sequence[str],
        reference: Sequence[str] | None,
        favorable_class: str,
        figsize: tuple[float, float] = (16, 9),
        save_plot_path: Path = None,
    ) -> PlotResult:
        """Draw the ROC of each group; parameters as in the class.

        Parameters
        ----------
        frame, protected_columns, reference, favorable_class, figsize, save_plot_path : object
            See the class.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = binomial.fair_roc_plot(prostate, ["RACE"], ["1"], "1", save_plot_path="roc.png")
        """
        from ..plot.fairness import draw_group_curves  # start-up: only for who draws

        metrics = self.fairness_metrics(frame, protected_columns, reference, favorable_class)
        return draw_group_curves("roc", metrics, figsize).result(save_plot_path)

    def fair_pr_plot(
        self: Any,
        frame: Any,
        protected_columns: Sequence[str],
        reference: Sequence[str] | None,
        favorable_class: str,
        figsize: tuple[float, float] = (16, 9),
        save_plot_path: Path = None,
    ) -> PlotResult:
        """Draw precision against recall in each group; parameters as in the class.

        Parameters
        ----------
        frame, protected_columns, reference, favorable_class, figsize, save_plot_path : object
            See the class.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = binomial.fair_pr_plot(prostate, ["RACE"], ["1"], "1", save_plot_path="pr.png")
        """
        from ..plot.fairness import draw_group_curves  # start-up: only for who draws

        metrics = self.fairness_metrics(frame, protected_columns, reference, favorable_class)
        return draw_group_curves("pr", metrics, figsize).result(save_plot_path)

    def fair_pd_plot(
        self: Any,
        frame: Any,
        column: str | int,
        protected_columns: Sequence[str],
        figsize: tuple[float, float] = (16, 9),
        autoscale: bool = True,
        save_plot_path: Path = None,
    ) -> PlotResult:
        """Draw partial dependence on a column within each group.

        Parameters
        ----------
        column : str or int
            A predictor, by name or position in the frame.
        frame, protected_columns, figsize, save_plot_path
            See the class; the model may be one of numbers, too.
        autoscale : bool
            Use a logarithmic scale where the column has positive numbers that reach far.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = binomial.fair_pd_plot(prostate, "AGE", ["RACE"], save_plot_path="pd.png")
        """
        from ..plot.dependence import Options  # start-up: only for who draws
        from ..plot.fairness import draw_group_dependence  # start-up: only for who draws

        columns = _texts("protected_columns", protected_columns)
        options = Options(figsize=figsize)
        drawn = draw_group_dependence(
            self, rows_for(self._trained, "frame", frame), column, columns, options, autoscale
        )
        return drawn.result(save_plot_path)

    def fair_shap_plot(
        self: Any,
        frame: Any,
        column: str | int,
        protected_columns: Sequence[str],
        autoscale: bool = True,
        figsize: tuple[float, float] = (16, 9),
        jitter: float = 0.35,
        alpha: float = 1,
        save_plot_path_prefix: Path = None,
        background_frame: Any = None,
    ) -> PlotResult:
        """Draw the contributions of one column to the predictions in each group, a point for each row.

        Parameters
        ----------
        column : str or int
            A predictor, by name or position in the frame.
        frame, protected_columns, figsize
            See the class; the model may be one of numbers, too.
        autoscale : bool
            Use a logarithmic scale on both sides of 0 where few contributions reach far.
        jitter, alpha, background_frame
            As in `shap_summary_plot`.
        save_plot_path_prefix : str or path, optional
            How the name of the file begins; that of the column follows, before the ending.

        Returns
        -------
        PlotResult

        Examples
        --------
        >>> drawn = binomial.fair_shap_plot(prostate, "AGE", ["RACE"], save_plot_path_prefix="shap_")
        """
        from ..plot.fairness import draw_group_contributions  # start-up: only for who draws

        data, columns = (
            rows_for(self._trained, "frame", frame),
            _texts("protected_columns", protected_columns),
        )
        name = data.names[data._position(column)]
        return draw_group_contributions(
            self, data, name, columns, autoscale=autoscale, figsize=figsize, jitter=jitter,
            alpha=alpha, background_frame=background_frame,
        ).result(_of_column(save_plot_path_prefix, name))  # fmt: skip

    def inspect_model_fairness(
        self: Any,
        frame: Any,
        protected_columns: Sequence[str],
        reference: Sequence[str] | None,
        favorable_class: str,
        metrics: Sequence[str] = ("auc", "aucpr", "f1", "p.value", "selectedRatio", "total"),
        figsize: tuple[float, float] = (16, 9),
        render: bool = True,
        background_frame: Any = None,
    ) -> H2OExplanation:
        """Show on one page how groups of rows are treated.

        Parameters
        ----------
        frame, protected_columns, reference, favorable_class, figsize
            See the class.
        metrics : sequence of str
            Metrics of `fairness_metrics` that are shown, with their ratios to the reference.
        render : bool
            Show the page at once.
        background_frame : H2OFrame or data frame, optional
            Rows that contributions compare with.

        Returns
        -------
        H2OExplanation
            ``overview``, ``metrics``, ``roc``, ``pr``, ``pdp``, ``shap``; ``save_html(path)`` writes the page as a file.

        Examples
        --------
        >>> page = binomial.inspect_model_fairness(prostate, ["RACE"], ["1"], "1", render=False)
        """
        from ..report.of_groups import Groups, explain_groups  # start-up: only for who draws

        data, columns = (
            rows_for(self._trained, "frame", frame),
            _texts("protected_columns", protected_columns),
        )
        found = self.fairness_metrics(data, columns, reference, favorable_class)
        groups = Groups(data, columns, list(reference or ()), found, _texts("metrics", metrics))
        return explain_groups(self, groups, figsize, background_frame)._shown(render)


def _texts(argument: str, given: Any) -> list[str]:
    if isinstance(given, str) or not isinstance(given, list | tuple):
        raise H2OTypeError(f"{argument}={given!r} must be a list of texts")
    return [str(each) for each in given]


def _of_column(prefix: Path, column: str) -> Path:
    """The file for a column, of a name that begins so."""
    if prefix is None:
        return None
    root, ending = os.path.splitext(os.fspath(prefix))
    return f"{root}{file_name(column)}{ending}"
