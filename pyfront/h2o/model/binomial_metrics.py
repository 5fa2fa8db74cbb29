"""Metrics of a model with two classes, which depend on a threshold."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Sequence
from numbers import Real
from typing import Any

from heavywater.errors import warn

from ..exceptions import H2OTypeError, H2OValueError
from ..plot import curves
from ..plot.canvas import Path
from ..plot.result import PlotResult, PlottedTuple
from ..two_dim_table import H2OTwoDimTable
from .answers import Scoring, Thresholds, ThresholdScores
from .common_metrics import MetricsBase, is_there, table_in, titled
from .confusion_matrix import ConfusionMatrix
from .display_items import Items

_ERRORS = (
    "error",
    "max_per_class_error",
    "mean_per_class_error",
)  # methods whose names are no columns of the table


# names of methods that differ from those of the table
_METHODS = {"f1": "F1", "f2": "F2", "f0point5": "F0point5", "absolute_mcc": "mcc"}


def _score(name: str, text: str) -> Any:
    def accessor(self: H2OBinomialModelMetrics, thresholds: Thresholds = None) -> ThresholdScores:
        return self.metric(name, thresholds)

    accessor.__name__ = name
    accessor.__doc__ = f"""{text[0].upper()}{text[1:]}, as pairs of threshold and value.

        Parameters
        ----------
        thresholds : float, list of float or "all", optional
            Where to look; by default where the value is largest.

        Returns
        -------
        ThresholdScores
            A list of [threshold, value]; its attribute `value` is the bare value, or a list of them.

        Examples
        --------
        >>> len(binomial.model_performance().{_METHODS.get(name, name)}(thresholds=[0.3, 0.5]))
        2
        """
    return accessor


class H2OBinomialModelMetrics(MetricsBase):
    """Metrics of a model with two classes; the second level counts as positive.

    Examples
    --------
    >>> metrics = binomial.model_performance()
    >>> metrics.F1(thresholds=0.5)[0][0]
    0.5
    """

    kind = "ModelMetricsBinomial"
    _scalars = (
        *MetricsBase._scalars,
        ("LogLoss", "logloss"),
        ("Mean Per-Class Error", "mean_per_class_error"),
        ("AUC", "AUC"),
        ("AUCPR", "pr_auc"),
        ("Gini", "Gini"),
    )
    #: other names of columns of the thresholds table
    metrics_aliases = {  # noqa: RUF012 (a constant)
        "fallout": "fpr",
        "missrate": "fnr",
        "recall": "tpr",
        "sensitivity": "tpr",
        "specificity": "tnr",
        "mcc": "absolute_mcc",
    }
    #: what `metric` and `confusion_matrix` can look for
    maximizing_metrics = (
        "absolute_mcc", "accuracy", "precision", "f0point5", "f1", "f2", "mean_per_class_accuracy",
        "min_per_class_accuracy", "tns", "fns", "fps", "tps", "tnr", "fnr", "fpr", "tpr",
        *metrics_aliases,
    )  # fmt: skip

    F1: Scoring = _score("f1", "the harmonic mean of precision and recall")
    F2: Scoring = _score("f2", "the F score that gives recall twice the weight of precision")
    F0point5: Scoring = _score("f0point5", "the F score that gives recall half the weight of precision")
    accuracy: Scoring = _score("accuracy", "the share of right predictions")
    precision: Scoring = _score("precision", "the share of positives among those predicted positive")
    tpr: Scoring = _score("tpr", "the share of the positives that are found")
    tnr: Scoring = _score("tnr", "the share of the negatives that are found")
    fnr: Scoring = _score("fnr", "the share of the positives that are missed")
    fpr: Scoring = _score("fpr", "the share of the negatives that are taken for positive")
    recall: Scoring = _score("recall", "the share of the positives that are found")
    sensitivity: Scoring = _score("sensitivity", "the share of the positives that are found")
    specificity: Scoring = _score("specificity", "the share of the negatives that are found")
    fallout: Scoring = _score("fallout", "the share of the negatives that are taken for positive")
    missrate: Scoring = _score("missrate", "the share of the positives that are missed")
    mcc: Scoring = _score("absolute_mcc", "the absolute value of Matthews' correlation")

    def error(self, thresholds: Thresholds = None) -> ThresholdScores:
        """The share of wrong predictions, see `accuracy`; by default where it is smallest.

        Parameters
        ----------
        thresholds : Thresholds
            Where to look.

        Returns
        -------
        ThresholdScores
            Pairs of threshold and error.

        Examples
        --------
        >>> len(binomial.model_performance().error([0.3, 0.5]))
        2
        """
        return _complement(self.metric("accuracy", thresholds))

    def max_per_class_error(self, thresholds: Thresholds = None) -> ThresholdScores:
        """The larger one of the two class errors; by default where it is smallest.

        Parameters
        ----------
        thresholds : Thresholds
            Where to look.

        Returns
        -------
        ThresholdScores
            Pairs of threshold and error.

        Examples
        --------
        >>> len(binomial.model_performance().max_per_class_error(0.5))
        1
        """
        return _complement(self.metric("min_per_class_accuracy", thresholds))

    def mean_per_class_error(self, thresholds: Thresholds = None) -> ThresholdScores:
        """The mean of the two class errors; by default where it is smallest.

        Parameters
        ----------
        thresholds : Thresholds
            Where to look.

        Returns
        -------
        ThresholdScores
            Pairs of threshold and error.

        Examples
        --------
        >>> len(binomial.model_performance().mean_per_class_error(0.5))
        1
        """
        return _complement(self.metric("mean_per_class_accuracy", thresholds))

    def metric(self, metric: str, thresholds: Thresholds = None) -> ThresholdScores:
        """One metric at some thresholds.

        Parameters
        ----------
        metric : str
            One of `maximizing_metrics`, or "error", "max_per_class_error", "mean_per_class_error" for what the methods of these
            names give. Upper and lower case do not matter.
        thresholds : float, list of float or "all", optional
            Where to look; by default where the metric is largest.

        Returns
        -------
        list of [threshold, value]
            Its attribute `value` is the bare value, or a list of values for a list of thresholds.

        Examples
        --------
        >>> len(binomial.model_performance().metric("f1", [0.3, 0.5]))
        2
        """
        if str(metric).lower() in _ERRORS:
            found: ThresholdScores = getattr(self, metric.lower())(thresholds)
            return found
        column = self._column(metric)
        table = self.thresholds_and_metric_scores()
        single = thresholds is None or isinstance(thresholds, int | float)
        if isinstance(thresholds, str):
            if thresholds != "all":
                raise H2OValueError(f'thresholds={thresholds!r} must be a number, a list of numbers or "all"')
            scores = ThresholdScores(
                [list(pair) for pair in zip(table["threshold"], table[column], strict=True)]
            )
        else:
            wanted = [self.find_threshold_by_max_metric(metric)] if thresholds is None else thresholds
            values = table[column]
            places = [wanted] if isinstance(wanted, int | float) else wanted
            scores = ThresholdScores([[place, values[self.find_idx_by_threshold(place)]] for place in places])
        scores.value = scores[0][1] if single else [score for _, score in scores]
        return scores

    def thresholds_and_metric_scores(self) -> H2OTwoDimTable:
        """All scores at all thresholds.

        Returns
        -------
        H2OTwoDimTable
            A row for each threshold, from high to low.

        Examples
        --------
        >>> binomial.model_performance().thresholds_and_metric_scores().col_header[:2]
        ['threshold', 'f1']
        """
        return table_in(self._value("thresholds_and_metric_scores"))

    def find_threshold_by_max_metric(self, metric: str) -> float:
        """The threshold at which a metric (one of `maximizing_metrics`, in upper or lower case) is largest.

        Parameters
        ----------
        metric : str
            Its name.

        Returns
        -------
        float
            A probability.

        Examples
        --------
        >>> 0 <= binomial.model_performance().find_threshold_by_max_metric("f1") <= 1
        True
        """
        wanted = f"max {self._column(metric)}"
        criteria: H2OTwoDimTable = self._value("max_criteria_and_metric_scores")
        for name, threshold in zip(criteria[0], criteria[1], strict=True):
            if name == wanted:
                return float(threshold)
        raise H2OValueError(f"metric={metric!r}: the table of largest scores has no row {wanted!r}")

    def find_idx_by_threshold(self, threshold: float) -> int:
        """The row of the thresholds table that is at, or next to, a threshold between 0 and 1.

        Parameters
        ----------
        threshold : float
            The probability.

        Returns
        -------
        int
            Counted from 0.

        Examples
        --------
        >>> position = binomial.model_performance().find_idx_by_threshold(0.5)
        """
        if not isinstance(threshold, Real):
            raise H2OTypeError(f"threshold={threshold!r} must be a number")
        table = self.thresholds_and_metric_scores()["threshold"]
        distances = [abs(each - threshold) for each in table]
        nearest = distances.index(min(distances))
        if distances[nearest] < 1e-8 * max(table[nearest], threshold):
            return nearest
        if not 0 <= threshold <= 1:
            raise H2OValueError(f"threshold={threshold!r} must be between 0 and 1")
        if distances[nearest] > 0:
            warn(f"no threshold {threshold} in the table: {table[nearest]} is taken")
        return nearest

    @property
    def fprs(self) -> list[float]:
        """False positive rate at every threshold.

        Examples
        --------
        >>> binomial.model_performance().fprs[-1]
        1.0
        """
        return list(self.thresholds_and_metric_scores()["fpr"])

    @property
    def tprs(self) -> list[float]:
        """True positive rate at every threshold.

        Examples
        --------
        >>> binomial.model_performance().tprs[-1]
        1.0
        """
        return list(self.thresholds_and_metric_scores()["tpr"])

    def roc(self) -> tuple[list[float], list[float]]:
        """The ROC curve: false positive rates, true positive rates.

        Returns
        -------
        tuple[list of float, list of float]
            As many of both.

        Examples
        --------
        >>> false, true = binomial.model_performance().roc()
        >>> len(false) == len(true)
        True
        """
        return self.fprs, self.tprs

    def gains_lift(self) -> H2OTwoDimTable | None:
        """The gains/lift table.

        Returns
        -------
        H2OTwoDimTable or None
            A row for each group of rows, the most probable ones first; None where there are too few.

        Examples
        --------
        >>> table = binomial.model_performance().gains_lift()
        """
        return self._table("gains_lift_table")

    def gains_lift_plot(
        self,
        type: str = "both",
        server: bool = False,
        save_plot_path: Path = None,
        plot: bool = True,
    ) -> H2OTwoDimTable:
        """Draw gains (the share of the positives that was found), lift, or both.

        Parameters
        ----------
        type : str
            "both", "gains" or "lift".
        server, save_plot_path, plot
            See `plot`.

        Returns
        -------
        H2OTwoDimTable
            The gains/lift table, with the method ``figure()``.

        Examples
        --------
        >>> table = binomial.model_performance().gains_lift_plot(plot=False)
        """
        return curves.gains_lift_plot(self, type, server=server, save_plot_path=save_plot_path, plot=plot)

    def plot(
        self, type: str = "roc", server: bool = False, save_plot_path: Path = None, plot: bool = True
    ) -> PlottedTuple | H2OTwoDimTable:
        """Draw a curve over all thresholds. Needs matplotlib (the extra ``plot``).

        Parameters
        ----------
        type : str
            "roc", "pr" (precision and recall) or "gains_lift".
        server : bool
            Draw without a display: nothing is shown, and pyplot does not know of the figure.
        save_plot_path : str or path, optional
            File to save the figure to; its ending chooses the format.
        plot : bool
            False: only return the data.

        Returns
        -------
        tuple of two lists, or H2OTwoDimTable
            What is drawn: false and true positive rates, recalls and precisions, or the gains/lift table; its method
            ``figure()`` gives the matplotlib figure.

        Examples
        --------
        >>> false, true = binomial.model_performance().plot(plot=False)
        """
        options: dict[str, Any] = {"server": server, "save_plot_path": save_plot_path, "plot": plot}
        if type == "gains_lift":
            return self.gains_lift_plot(**options)
        if type not in ("roc", "pr"):
            raise H2OValueError(f"type={type!r} must be one of roc, pr, gains_lift")
        draw = curves.roc_plot if type == "roc" else curves.precision_recall_plot
        return draw(self, **options)

    def confusion_matrix_plot(
        self,
        metrics: str | None = None,
        thresholds: float | None = None,
        server: bool = False,
        save_plot_path: Path = None,
    ) -> PlotResult:
        """Draw the confusion matrix at a threshold, or where a metric is largest ("f1" when neither is given).

        Parameters
        ----------
        metrics, thresholds : str, float
            One of them, as in `confusion_matrix`.
        server, save_plot_path
            See `plot`.

        Returns
        -------
        PlotResult
            Its ``figure()`` is the figure of matplotlib.

        Examples
        --------
        >>> drawn = binomial.model_performance().confusion_matrix_plot(thresholds=0.5, server=True)
        """
        matrix = self.confusion_matrix(metrics, thresholds)
        if isinstance(matrix, list):
            raise H2OValueError("confusion_matrix_plot draws one matrix: give one metric or one threshold")
        header = (matrix.table.table_header or "").replace(" @ ", "\n@ ")
        title = re.sub(r"\d*\.\d{7,}(e-\d+)?", lambda number: f"{float(number[0]):.6g}", header)
        return curves.confusion_matrix_plot(
            matrix._counts, self._field("domain"), title, server=server, save_plot_path=save_plot_path
        )

    def kolmogorov_smirnov(self) -> float:
        """The largest distance of the score distributions of the two classes.

        Returns
        -------
        float
            From 0 to 1.

        Examples
        --------
        >>> 0 <= binomial.model_performance().kolmogorov_smirnov() <= 1
        True
        """
        if is_there(self._field("kolmogorov_smirnov")):
            return self._number("kolmogorov_smirnov")
        return float(max(table_in(self._field("gains_lift_table"))["kolmogorov_smirnov"]))

    def confusion_matrix(
        self, metrics: str | Sequence[str] | None = None, thresholds: float | Sequence[float] | None = None
    ) -> ConfusionMatrix | list[ConfusionMatrix]:
        """Confusion matrices at thresholds, or where metrics are largest.

        Parameters
        ----------
        metrics : str or list of str, optional
            Some of `maximizing_metrics`; "f1" when nothing at all is given.
        thresholds : float or list of float, optional
            Numbers between 0 and 1.

        Returns
        -------
        ConfusionMatrix, or a list of them
            First those of `thresholds`, then those of `metrics`.

        Examples
        --------
        >>> binomial.model_performance().confusion_matrix(thresholds=0.5).to_list()[0][0] >= 0
        True
        """
        if metrics is None and thresholds is None:
            metrics = "f1"
        names = [metrics] if isinstance(metrics, str) else list(metrics or ())
        places = [thresholds] if isinstance(thresholds, int | float) else list(thresholds or ())
        titles = [""] * len(places) + [f" for max {name}" for name in names]
        places += [self.find_threshold_by_max_metric(name) for name in names]
        found = [self._confusion_at(place, title) for place, title in zip(places, titles, strict=True)]
        return found[0] if len(found) == 1 else found

    def _confusion_at(self, threshold: float, title: str) -> ConfusionMatrix:
        if math.isnan(threshold):
            raise H2OValueError(
                f"there is no confusion matrix{title}: only one class occurs in the data, so no threshold is the best. "
                "Give thresholds=0.5, for example"
            )
        table = self.thresholds_and_metric_scores()
        row = self.find_idx_by_threshold(threshold)
        tn, fp, fn, tp = (table[name][row] for name in ("tns", "fps", "fns", "tps"))
        header = f"Confusion Matrix (Act/Pred){title} @ threshold = {table['threshold'][row]}"
        return ConfusionMatrix([[tn, fp], [fn, tp]], self._field("domain"), header)

    def _column(self, metric: str) -> str:
        if not isinstance(metric, str):
            raise H2OTypeError(
                f"metric={metric!r} must be a text, one of {', '.join(self.maximizing_metrics)}"
            )
        name = metric.lower()
        if name not in self.maximizing_metrics:
            near = difflib.get_close_matches(name, self.maximizing_metrics, n=3)
            hint = f". Did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise H2OValueError(
                f"metric={metric!r} must be one of {', '.join(self.maximizing_metrics)}{hint}"
            )
        return self.metrics_aliases.get(name, name)

    def _tables(self) -> Items:
        tables: Items = []
        if is_there(self._field("thresholds_and_metric_scores")):
            best = self.find_threshold_by_max_metric("f1")
            if not math.isnan(best):
                tables.append(self._confusion_at(best, " for max f1").table)
        if is_there(self._field("max_criteria_and_metric_scores")):
            tables.append(titled(self._field("max_criteria_and_metric_scores"), "Maximum Metrics"))
        if is_there(self._field("gains_lift_table")):
            tables.append(titled(self._field("gains_lift_table"), "Gains/Lift Table"))
        return tables


def _complement(scores: ThresholdScores) -> ThresholdScores:
    result = ThresholdScores([[threshold, 1 - score] for threshold, score in scores])
    result.value = [1 - each for each in scores.value] if isinstance(scores.value, list) else 1 - scores.value
    return result
