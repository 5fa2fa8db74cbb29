"""Metrics of a model on one data set: what all kinds have in common, and the kinds that know no threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..display.rendering import H2ODisplay
from ..display.tables import format_cell
from ..elsewhere.stand_ins import AbsentMembers
from ..exceptions import H2OValueError
from ..plot.canvas import Path
from ..plot.curves import confusion_matrix_plot
from ..plot.result import PlotResult
from ..two_dim_table import H2OTwoDimTable
from .answers import Confusion, Metric, ThresholdScores
from .display_items import Items, to_html, to_text

_NO_AUC = (
    "{} table was not computed: auc_type is AUTO or NONE, or there are more than 50 classes. Give an auc_type "
    "to the model or to model_performance."
)


class MetricsBase(H2ODisplay, AbsentMembers):
    """What the metrics of all kinds of models have in common.

    Parameters
    ----------
    metric_json : mapping
        Metrics by H2O's field names; tables as in a model description.
    on : str
        Which data they belong to: "train", "validation", "cross-validation" or "test".
    algo : str
        Name of the algorithm.

    Examples
    --------
    >>> metrics = model.model_performance(iris)
    >>> metrics.nobs()
    150
    """

    kind = "ModelMetrics"
    _scalars: tuple[tuple[str, str], ...] = (("MSE", "MSE"), ("RMSE", "RMSE"))

    def __init__(self, metric_json: Mapping[str, Any], on: str = "test", algo: str = "deeplearning") -> None:
        self._metric_json = {name: _with_tables(value) for name, value in metric_json.items()}
        self._on = on
        self._algo = algo

    def __getitem__(self, key: str) -> Metric:
        found: Metric = self._metric_json.get(key)
        return found

    if (
        TYPE_CHECKING
    ):  # methods of single kinds of metrics; asking for them is an error where a kind lacks them
        confusion_matrix: Callable[..., Confusion]
        find_threshold_by_max_metric: Callable[[str], float]
        find_idx_by_threshold: Callable[[float], int]
        metric: Callable[..., ThresholdScores]
        roc: Callable[[], tuple[list[float], list[float]]]
        gains_lift: Callable[[], H2OTwoDimTable | None]
        kolmogorov_smirnov: Callable[[], float]
        thresholds_and_metric_scores: Callable[[], H2OTwoDimTable]
        hit_ratio_table: Callable[[], H2OTwoDimTable]

    def _field(self, name: str) -> Any:
        return self._metric_json.get(name)

    def _value(self, field: str) -> Any:
        if field not in self._metric_json:
            there = ", ".join(name for _, name in self._scalars)
            raise H2OValueError(f"{field} does not exist in {self.kind} of {self._algo}. There are: {there}")
        return self._metric_json[field]

    def _number(self, field: str) -> float:
        number: float = self._value(field)
        return number

    def _table(self, field: str) -> H2OTwoDimTable | None:
        table: H2OTwoDimTable | None = self._field(field)
        return table

    def mse(self) -> float:
        """The mean squared error; of a classifier that of (1 - probability of the actual class).

        Returns
        -------
        float

        Examples
        --------
        >>> error = model.model_performance().mse()
        """
        return self._number("MSE")

    def rmse(self) -> float:
        """The square root of the mean squared error.

        Returns
        -------
        float
            In the unit of the response.

        Examples
        --------
        >>> error = regression.model_performance().rmse()
        """
        return self._number("RMSE")

    def mae(self) -> float:
        """The mean absolute error.

        Returns
        -------
        float
            In the unit of the response.

        Examples
        --------
        >>> error = regression.model_performance().mae()
        """
        return self._number("mae")

    def rmsle(self) -> float:
        """The root mean squared error of log(1 + value).

        Returns
        -------
        float
            NaN where a value is -1 or less.

        Examples
        --------
        >>> error = regression.model_performance().rmsle()
        """
        return self._number("rmsle")

    def r2(self) -> float:
        """1 - MSE / variance of the response.

        Returns
        -------
        float
            1 for a perfect model, 0 for the mean.

        Examples
        --------
        >>> share = regression.model_performance().r2()
        """
        return self._number("r2")

    def nobs(self) -> int:
        """The number of rows scored, those of weight 0 not counted.

        Returns
        -------
        int

        Examples
        --------
        >>> model.model_performance(iris).nobs()
        150
        """
        return int(self._value("nobs"))

    def mean_residual_deviance(self) -> float:
        """The mean deviance of the distribution.

        Returns
        -------
        float
            Of a Gaussian distribution the mean squared error.

        Examples
        --------
        >>> metrics = regression.model_performance()
        >>> metrics.mean_residual_deviance() == metrics.mse()
        True
        """
        return self._number("mean_residual_deviance")

    def logloss(self) -> float:
        """The mean negative logarithm of the probability of the actual class.

        Returns
        -------
        float
            In nats.

        Examples
        --------
        >>> loss = model.model_performance().logloss()
        """
        return self._number("logloss")

    def auc(self) -> float:
        """The area under the ROC curve.

        Returns
        -------
        float
            From 0 to 1; 0.5 for chance.

        Examples
        --------
        >>> 0 <= binomial.model_performance().auc() <= 1
        True
        """
        return self._number("AUC")

    def aucpr(self) -> float:
        """The area under the precision-recall curve.

        Returns
        -------
        float
            From 0 to 1; the share of positives for chance.

        Examples
        --------
        >>> 0 <= binomial.model_performance().aucpr() <= 1
        True
        """
        return self._number("pr_auc")

    def pr_auc(self) -> float:
        """The area under the precision-recall curve, like `aucpr`.

        Returns
        -------
        float
            From 0 to 1.

        Examples
        --------
        >>> metrics = binomial.model_performance()
        >>> metrics.pr_auc() == metrics.aucpr()
        True
        """
        return self.aucpr()

    def gini(self) -> float:
        """The Gini coefficient, 2 AUC - 1.

        Returns
        -------
        float
            From -1 to 1; 0 for chance.

        Examples
        --------
        >>> metrics = binomial.model_performance()
        >>> round(metrics.gini() - (2 * metrics.auc() - 1), 9)
        0.0
        """
        return self._number("Gini")

    def mean_per_class_error(self) -> float | ThresholdScores:
        """The mean over the classes of the share of wrong predictions.

        Returns
        -------
        float or ThresholdScores
            From 0 to 1; of two classes at thresholds.

        Examples
        --------
        >>> 0 <= model.model_performance().mean_per_class_error() <= 1
        True
        """
        return self._number("mean_per_class_error")

    def residual_deviance(self) -> float | None:
        """None: only generalised linear models have it.

        Returns
        -------
        float or None

        Examples
        --------
        >>> model.model_performance().residual_deviance() is None
        True
        """
        return self._of_linear_models("residual_deviance")

    def residual_degrees_of_freedom(self) -> float | None:
        """None: only generalised linear models have them.

        Returns
        -------
        float or None

        Examples
        --------
        >>> model.model_performance().residual_degrees_of_freedom() is None
        True
        """
        return self._of_linear_models("residual_degrees_of_freedom")

    def null_deviance(self) -> float | None:
        """None: only generalised linear models have it.

        Returns
        -------
        float or None

        Examples
        --------
        >>> model.model_performance().null_deviance() is None
        True
        """
        return self._of_linear_models("null_deviance")

    def null_degrees_of_freedom(self) -> float | None:
        """None: only generalised linear models have them.

        Returns
        -------
        float or None

        Examples
        --------
        >>> model.model_performance().null_degrees_of_freedom() is None
        True
        """
        return self._of_linear_models("null_degrees_of_freedom")

    def aic(self) -> float:
        """Akaike's criterion, NaN: only generalised linear models have it.

        Returns
        -------
        float

        Examples
        --------
        >>> model.model_performance().aic()
        nan
        """
        aic: float = self._metric_json.get("AIC", float("nan"))
        return aic

    def loglikelihood(self) -> float:
        """The log-likelihood, NaN: only generalised linear models have it.

        Returns
        -------
        float

        Examples
        --------
        >>> model.model_performance().loglikelihood()
        nan
        """
        likelihood: float = self._metric_json.get("loglikelihood", float("nan"))
        return likelihood

    def _of_linear_models(self, field: str) -> float | None:
        value: float | None = self._field(field)
        return value

    def custom_metric_name(self) -> str | None:
        """The name of the custom metric, if there is one.

        Returns
        -------
        str or None

        Examples
        --------
        >>> model.model_performance().custom_metric_name() is None
        True
        """
        name: str | None = self._field("custom_metric_name")
        return name

    def custom_metric_value(self) -> float | None:
        """The value of the custom metric, if there is one.

        Returns
        -------
        float or None

        Examples
        --------
        >>> model.model_performance().custom_metric_value() is None
        True
        """
        value: float | None = self._field("custom_metric_value")
        return value

    def _items(self) -> Items:
        head = [f"{self.kind}: {self._algo}", f"** Reported on {self._on} data. **", ""]
        if self.custom_metric_name():
            head.append(f"{self.custom_metric_name()}: {self.custom_metric_value()}")
        lines = [
            f"{label}: {format_cell(self._field(name))}"
            for label, name in self._scalars
            if is_there(self._field(name))
        ]
        return ["\n".join(head + lines), *self._tables()]

    def _tables(self) -> Items:
        return []

    def __repr__(self) -> str:
        return to_text(self._items())

    def _repr_html_(self) -> str:
        return to_html(self._items())


class H2ORegressionModelMetrics(MetricsBase):
    """Metrics of a model whose response is a number.

    Examples
    --------
    >>> type(regression.model_performance()).__name__
    'H2ORegressionModelMetrics'
    """

    kind = "ModelMetricsRegression"
    _scalars = (
        *MetricsBase._scalars,
        ("MAE", "mae"),
        ("RMSLE", "rmsle"),
        ("R^2", "r2"),
        ("Mean Residual Deviance", "mean_residual_deviance"),
    )


class H2OAutoEncoderModelMetrics(MetricsBase):
    """Metrics of an autoencoder: its reconstruction error.

    Examples
    --------
    >>> type(coder.model_performance()).__name__
    'H2OAutoEncoderModelMetrics'
    """

    kind = "ModelMetricsAutoEncoder"


class H2OMultinomialModelMetrics(MetricsBase):
    """Metrics of a model with more than two classes.

    Examples
    --------
    >>> type(model.model_performance()).__name__
    'H2OMultinomialModelMetrics'
    """

    kind = "ModelMetricsMultinomial"
    _scalars = (
        *MetricsBase._scalars,
        ("LogLoss", "logloss"),
        ("Mean Per-Class Error", "mean_per_class_error"),
        ("AUC", "AUC"),
        ("AUCPR", "pr_auc"),
    )

    def confusion_matrix(self) -> H2OTwoDimTable:
        """Counts of actual (rows) against predicted classes (columns), with error and rate.

        Returns
        -------
        H2OTwoDimTable
            (classes + 1 x classes + 2)

        Examples
        --------
        >>> len(model.model_performance().confusion_matrix().cell_values)
        4
        """
        return table_in(self._value("cm"))

    def confusion_matrix_plot(self, server: bool = False, save_plot_path: Path = None) -> PlotResult:
        """Draw the confusion matrix.

        Parameters
        ----------
        server, save_plot_path
            See `H2OBinomialModelMetrics.plot`.

        Returns
        -------
        PlotResult
            Its ``figure()`` is the figure of matplotlib.

        Examples
        --------
        >>> drawn = model.model_performance().confusion_matrix_plot(server=True)
        """
        rows = self.confusion_matrix().cell_values[:-1]  # the last one is the total
        counts = [row[: len(rows)] for row in rows]
        domain = self._field("domain")
        return confusion_matrix_plot(
            counts, domain, "Confusion Matrix", server=server, save_plot_path=save_plot_path
        )

    def hit_ratio_table(self) -> H2OTwoDimTable:
        """For k = 1, 2, ... the share of rows whose class is among the k most probable.

        Returns
        -------
        H2OTwoDimTable
            A row for each k.

        Examples
        --------
        >>> len(model.model_performance().hit_ratio_table().cell_values)
        3
        """
        return table_in(self._value("hit_ratio_table"))

    def multinomial_auc_table(self) -> H2OTwoDimTable | str:
        """AUC by pairs of classes, or a sentence that says why there is none.

        Returns
        -------
        H2OTwoDimTable or str

        Examples
        --------
        >>> model.model_performance(iris, auc_type="macro_ovr").multinomial_auc_table().col_header[:2]
        ['type', 'first_class_domain']
        """
        return self._table("multinomial_auc_table") or _NO_AUC.format("AUC")

    def multinomial_aucpr_table(self) -> H2OTwoDimTable | str:
        """The area under the precision-recall curve by pairs of classes, or why there is none.

        Returns
        -------
        H2OTwoDimTable or str

        Examples
        --------
        >>> model.model_performance(iris, auc_type="macro_ovr").multinomial_aucpr_table().col_header[:2]
        ['type', 'first_class_domain']
        """
        return self._table("multinomial_aucpr_table") or _NO_AUC.format("PR AUC")

    def _tables(self) -> Items:
        tables: Items = [
            titled(table, title)
            for title, table in (
                ("Multinomial AUC values", self._table("multinomial_auc_table")),
                ("Multinomial auc_pr values", self._table("multinomial_aucpr_table")),
            )
            if table is not None
        ]
        if is_there(self._field("cm")):
            tables.append(_with_row_names(self.confusion_matrix(), self._field("domain")))
        if is_there(self._field("hit_ratio_table")):
            tables.append(titled(self.hit_ratio_table(), f"Top-{len(self.hit_ratio_table())} Hit Ratios"))
        return tables


def _with_tables(value: Any) -> Any:
    """Turn tables, also those inside another mapping, into table objects."""
    if not isinstance(value, Mapping):
        return value
    if "columns" in value and "rows" in value:
        return H2OTwoDimTable.make(value)
    return {name: _with_tables(inner) for name, inner in value.items()}


def table_in(value: Any) -> H2OTwoDimTable:
    """The table that a field is, or holds as its entry "table"."""
    table = value["table"] if isinstance(value, Mapping) else value
    if not isinstance(table, H2OTwoDimTable):
        raise H2OValueError("there is no such table: no row with a response was scored")
    return table


def _with_row_names(table: H2OTwoDimTable, domain: Sequence[str] | None) -> H2OTwoDimTable:
    names = [*(domain or table.col_header[: len(table) - 1]), "Total"]
    rows = [[name, *row] for name, row in zip(names, table.cell_values, strict=False)]
    title = "Confusion Matrix: Row labels: Actual class; Column labels: Predicted class"
    return H2OTwoDimTable(title, None, ["", *table.col_header], cell_values=rows)


def titled(table: H2OTwoDimTable, title: str) -> H2OTwoDimTable:
    """The table with another title."""
    return H2OTwoDimTable(title, None, table.col_header, table.col_types, cell_values=table.cell_values)


def is_there(value: Any) -> bool:
    """Say whether a value is neither None nor NaN."""
    return value is not None and value == value
