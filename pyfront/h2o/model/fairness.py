"""The methods of models of two classes that tell how groups of rows are treated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from heavywater.session import Ref

from ..exceptions import H2OTypeError, H2OValueError
from ..frame.accepting import frame_of
from ..frame.h2oframe import H2OFrame, evaluated
from ..plot.dependence import Options
from ..plot.drawing import Path
from ..plot.fairness import draw_group_curves, draw_group_dependence


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
        """
        columns = _texts("protected_columns", protected_columns)
        if not columns:
            raise H2OValueError("protected_columns must name at least one factor")
        levels = [] if reference is None else _texts("reference", reference)
        data = frame_of("frame", frame)
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
    ) -> Any:
        """Draw the ROC of each group; parameters as in the class."""
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
    ) -> Any:
        """Draw precision against recall in each group; parameters as in the class."""
        metrics = self.fairness_metrics(frame, protected_columns, reference, favorable_class)
        return draw_group_curves("pr", metrics, figsize).result(save_plot_path)

    def fair_pd_plot(
        self: Any,
        frame: Any,
        column: str | int,
        protected_columns: Sequence[str],
        figsize: tuple[float, float] = (16, 9),
        save_plot_path: Path = None,
    ) -> Any:
        """Draw partial dependence on a column within each group.

        Parameters
        ----------
        column : str or int
            A predictor, by name or position in the frame.
        frame, protected_columns, figsize, save_plot_path
            See the class; the model may be one of numbers, too.
        """
        columns = _texts("protected_columns", protected_columns)
        options = Options(figsize=figsize)
        drawn = draw_group_dependence(self, frame_of("frame", frame), column, columns, options)
        return drawn.result(save_plot_path)


def _texts(argument: str, given: Any) -> list[str]:
    if isinstance(given, str) or not isinstance(given, list | tuple):
        raise H2OTypeError(f"{argument}={given!r} must be a list of texts")
    return [str(each) for each in given]
