"""Metric accessors of a model: the same methods as its metrics have, chosen by train, valid and xval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ..two_dim_table import H2OTwoDimTable
from .answers import Answer, AnswerAtThresholds, Asked, Confusion, Thresholds, ThresholdScores

if TYPE_CHECKING:
    from .confusion_matrix import ConfusionMatrix
    from .model_base import ModelBase

_FLAGS = """

        Parameters
        ----------
        train, valid, xval : bool
            Which metrics: of the training, validation or cross-validation data. None of them means training;
            several give a dict with the keys "train", "valid" and "xval". None where there was no such data.
        """
_OF_NUMBERS = ("mae", "rmsle", "mean_residual_deviance")
_OF_TWO = ("auc", "aucpr", "pr_auc", "gini", "roc", "gains_lift", "thresholds_and_metric_scores")
_THRESHOLDS = """
        thresholds : float, list of float or "all", optional
            Where to look; by default where the score is best.
        """


def _plain(name: str, text: str) -> Any:
    def accessor(self: ModelBase, train: bool = False, valid: bool = False, xval: bool = False) -> Any:
        return self._from_metrics(name, train, valid, xval)

    accessor.__name__ = name
    which = "binomial" if name in _OF_TWO else "regression" if name in _OF_NUMBERS else "model"
    accessor.__doc__ = f"""{text[0].upper()}{text[1:]}.{_FLAGS.rstrip()}

        Returns
        -------
        {"H2OTwoDimTable" if "table" in name or name == "gains_lift" else "tuple" if name == "roc" else "float"} or dict
            See the same method of `MetricsBase` or of the class of the metrics.

        Examples
        --------
        >>> of_training = {which}.{name}()
        >>> sorted({which}.{name}(train=True, valid=True))
        ['train', 'valid']
        """
    return accessor


def _with_thresholds(name: str, text: str) -> Any:
    def accessor(
        self: ModelBase, thresholds: Any = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Any:
        return self._from_metrics(name, train, valid, xval, thresholds=thresholds)

    accessor.__name__ = name
    accessor.__doc__ = f"""{text[0].upper()}{text[1:]}, as pairs of threshold and value.{_FLAGS.rstrip()}{_THRESHOLDS.rstrip()}

        Returns
        -------
        ThresholdScores or dict
            A list of [threshold, value]; its attribute `value` is the bare value, or a list of them.

        Examples
        --------
        >>> len(binomial.{name}(thresholds=[0.3, 0.5]))
        2
        """
    return accessor


class MetricAccessors:
    """Mixin of all methods that pass a question on to the metrics of a model."""

    mse: Answer[float] = _plain("mse", "the mean squared error")
    rmse: Answer[float] = _plain("rmse", "the root mean squared error")
    mae: Answer[float] = _plain("mae", "the mean absolute error")
    rmsle: Answer[float] = _plain("rmsle", "the root mean squared error of log(1 + value)")
    r2: Answer[float] = _plain("r2", "1 - MSE / variance of the response")
    logloss: Answer[float] = _plain("logloss", "the mean negative log-probability of the actual class")
    mean_residual_deviance: Answer[float] = _plain(
        "mean_residual_deviance", "the mean deviance of the distribution"
    )
    residual_deviance: Answer[float | None] = _plain(
        "residual_deviance", "None: only generalised linear models have it"
    )
    residual_degrees_of_freedom: Answer[float | None] = _plain(
        "residual_degrees_of_freedom", "None: only generalised linear models have them"
    )
    null_deviance: Answer[float | None] = _plain(
        "null_deviance", "None: only generalised linear models have it"
    )
    null_degrees_of_freedom: Answer[float | None] = _plain(
        "null_degrees_of_freedom", "None: only generalised linear models have them"
    )
    aic: Answer[float] = _plain("aic", "Akaike's criterion, NaN for Deep Learning")
    loglikelihood: Answer[float] = _plain("loglikelihood", "the log-likelihood, NaN for Deep Learning")
    auc: Answer[float] = _plain("auc", "the area under the ROC curve")
    aucpr: Answer[float] = _plain("aucpr", "the area under the precision-recall curve")
    pr_auc: Answer[float] = _plain("pr_auc", "the area under the precision-recall curve")
    gini: Answer[float] = _plain("gini", "the Gini coefficient, 2 AUC - 1")
    roc: Answer[tuple[list[float], list[float]]] = _plain(
        "roc", "the ROC curve: false positive rates, true positive rates"
    )
    gains_lift: Answer[H2OTwoDimTable | None] = _plain("gains_lift", "the gains/lift table")
    hit_ratio_table: Answer[H2OTwoDimTable] = _plain(
        "hit_ratio_table", "how often the class is among the k most probable"
    )
    multinomial_auc_table: Answer[H2OTwoDimTable | str] = _plain(
        "multinomial_auc_table", "AUC by pairs of classes"
    )
    multinomial_aucpr_table: Answer[H2OTwoDimTable | str] = _plain(
        "multinomial_aucpr_table", "precision-recall AUC by pairs of classes"
    )
    thresholds_and_metric_scores: Answer[H2OTwoDimTable] = _plain(
        "thresholds_and_metric_scores", "all scores at all thresholds"
    )

    F1: AnswerAtThresholds = _with_thresholds("F1", "the harmonic mean of precision and recall")
    F2: AnswerAtThresholds = _with_thresholds("F2", "the F score with doubled weight of recall")
    F0point5: AnswerAtThresholds = _with_thresholds("F0point5", "the F score with halved weight of recall")
    accuracy: AnswerAtThresholds = _with_thresholds("accuracy", "the share of right predictions")
    error: AnswerAtThresholds = _with_thresholds("error", "the share of wrong predictions")
    precision: AnswerAtThresholds = _with_thresholds(
        "precision", "the share of positives among those predicted positive"
    )
    tpr: AnswerAtThresholds = _with_thresholds("tpr", "the share of the positives that are found")
    tnr: AnswerAtThresholds = _with_thresholds("tnr", "the share of the negatives that are found")
    fnr: AnswerAtThresholds = _with_thresholds("fnr", "the share of the positives that are missed")
    fpr: AnswerAtThresholds = _with_thresholds("fpr", "the share of the negatives taken for positive")
    recall: AnswerAtThresholds = _with_thresholds("recall", "the share of the positives that are found")
    sensitivity: AnswerAtThresholds = _with_thresholds(
        "sensitivity", "the share of the positives that are found"
    )
    specificity: AnswerAtThresholds = _with_thresholds(
        "specificity", "the share of the negatives that are found"
    )
    fallout: AnswerAtThresholds = _with_thresholds("fallout", "the share of the negatives taken for positive")
    missrate: AnswerAtThresholds = _with_thresholds("missrate", "the share of the positives that are missed")
    mcc: AnswerAtThresholds = _with_thresholds("mcc", "the absolute value of Matthews' correlation")
    max_per_class_error: AnswerAtThresholds = _with_thresholds(
        "max_per_class_error", "the larger one of the two class errors"
    )

    def mean_per_class_error(
        self: Any, thresholds: Thresholds = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Asked[float | ThresholdScores]:
        """The mean of the class errors.

        Parameters
        ----------
        thresholds : float, list of float or "all", optional
            Two classes only: where to look; the result is a list of pairs of threshold and error.
        train, valid, xval : bool
            Which metrics, see `mse`.

        Returns
        -------
        Asked[float or ThresholdScores]
            Of two classes at thresholds, see `H2OBinomialModelMetrics.metric`.

        Examples
        --------
        >>> 0 <= model.mean_per_class_error() <= 1
        True
        """
        options = {"thresholds": thresholds} if self._category == "Binomial" else {}
        found: Asked[float | ThresholdScores] = self._from_metrics(
            "mean_per_class_error", train, valid, xval, **options
        )
        return found

    def metric(
        self: Any,
        metric: str,
        thresholds: Thresholds = None,
        train: bool = False,
        valid: bool = False,
        xval: bool = False,
    ) -> Asked[ThresholdScores]:
        """One of the threshold metrics by name, see `H2OBinomialModelMetrics.metric`.

        Parameters
        ----------
        metric : str
            One of `H2OBinomialModelMetrics.maximizing_metrics`, or the name of a method.
        thresholds : Thresholds
            Where to look; by default where the metric is largest.
        train, valid, xval : bool
            Which metrics, see `mse`.

        Returns
        -------
        Asked[ThresholdScores]
            Pairs of threshold and value.

        Examples
        --------
        >>> len(binomial.metric("f1", thresholds=[0.3, 0.5]))
        2
        """
        scores: Asked[ThresholdScores] = self._from_metrics(
            "metric", train, valid, xval, metric=metric, thresholds=thresholds
        )
        return scores

    def find_threshold_by_max_metric(
        self: Any, metric: str, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Asked[float]:
        """The threshold at which a metric is largest, see `H2OBinomialModelMetrics.metric` for the names.

        Parameters
        ----------
        metric : str
            One of `H2OBinomialModelMetrics.maximizing_metrics`.
        train, valid, xval : bool
            Which metrics, see `mse`.

        Returns
        -------
        Asked[float]
            A probability.

        Examples
        --------
        >>> 0 <= binomial.find_threshold_by_max_metric("f1") <= 1
        True
        """
        found: Asked[float] = self._from_metrics(
            "find_threshold_by_max_metric", train, valid, xval, metric=metric
        )
        return found

    def find_idx_by_threshold(
        self: Any, threshold: float, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Asked[int]:
        """The row of the thresholds table next to a threshold.

        Parameters
        ----------
        threshold : float
            Between 0 and 1.
        train, valid, xval : bool
            Which metrics, see `mse`.

        Returns
        -------
        Asked[int]
            Counted from 0.

        Examples
        --------
        >>> position = binomial.find_idx_by_threshold(0.5)
        """
        found: Asked[int] = self._from_metrics(
            "find_idx_by_threshold", train, valid, xval, threshold=threshold
        )
        return found

    def kolmogorov_smirnov(self: Any) -> float:
        """The largest distance of the score distributions of the two classes, on the training data.

        Returns
        -------
        float
            From 0 to 1.

        Examples
        --------
        >>> 0 <= binomial.kolmogorov_smirnov() <= 1
        True
        """
        found: float = self._from_metrics("kolmogorov_smirnov", True, False, False)
        return found

    @overload
    def confusion_matrix(
        self, *, train: bool = False, data: Any = None
    ) -> ConfusionMatrix | H2OTwoDimTable: ...

    @overload
    def confusion_matrix(self, *, valid: Literal[True]) -> ConfusionMatrix | H2OTwoDimTable | None: ...

    @overload
    def confusion_matrix(self, *, xval: Literal[True]) -> ConfusionMatrix | H2OTwoDimTable | None: ...

    @overload
    def confusion_matrix(
        self,
        metrics: Any = None,
        thresholds: float | Sequence[float] | None = None,
        train: bool = False,
        valid: bool = False,
        xval: bool = False,
        data: Any = None,
    ) -> Asked[Confusion]: ...

    def confusion_matrix(
        self: Any,
        metrics: Any = None,
        thresholds: float | Sequence[float] | None = None,
        train: bool = False,
        valid: bool = False,
        xval: bool = False,
        data: Any = None,
    ) -> Asked[Confusion]:
        """The confusion matrix.

        Parameters
        ----------
        metrics : str, list of str or H2OFrame, optional
            Two classes: at the thresholds that maximise these metrics, "f1" by default. A frame means `data`.
        thresholds : float or list of float, optional
            Two classes: at these thresholds.
        train, valid, xval : bool
            Which metrics, see `mse`.
        data : H2OFrame, optional
            Count the predictions on this frame instead.

        Returns
        -------
        Asked[Confusion]
            Of two classes `ConfusionMatrix`, or a list of them, of more a table.

        Examples
        --------
        >>> binomial.confusion_matrix(thresholds=0.5).to_list()[0][0] >= 0
        True
        """
        if hasattr(metrics, "frame_id"):
            metrics, data = None, metrics
        options = {"metrics": metrics, "thresholds": thresholds} if self._category == "Binomial" else {}
        if data is not None:
            found: Asked[Confusion] = self.model_performance(data).confusion_matrix(**options)
            return found
        matrix: Asked[Confusion] = self._from_metrics("confusion_matrix", train, valid, xval, **options)
        return matrix
