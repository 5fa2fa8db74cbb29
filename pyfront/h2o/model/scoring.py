"""The methods of models that say something of each row, in the kind in which the rows were given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from heavywater.exchange import values_of_levels

from ..backend.connection import session
from ..exceptions import H2OValueError
from ..frame.accepting import rows_for
from ..frame.answering import Output, answer, check_output, kind_of
from ..frame.h2oframe import H2OFrame

if TYPE_CHECKING:
    import numpy as np
    import pandas
    import polars
    import pyarrow

    Array = np.ndarray[Any, Any]

Rows = TypeVar("Rows")
_PLAIN = {int, float, str, bool, type(None)}


class ModelScoring:
    """Mixin of predictions, hidden features and reconstruction errors."""

    @overload
    def predict(
        self: Any,
        test_data: H2OFrame | str,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
        *,
        interval: float | None = None,
        output: Literal["same", "h2o"] = "same",
    ) -> H2OFrame: ...
    @overload
    def predict(
        self: Any,
        test_data: Rows,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
        *,
        interval: float | None = None,
        output: Literal["same"] = "same",
    ) -> Rows: ...
    @overload
    def predict(
        self: Any,
        test_data: Any,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
        *,
        interval: float | None = None,
        output: Literal["h2o"],
    ) -> H2OFrame: ...
    @overload
    def predict(
        self: Any,
        test_data: Any,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
        *,
        interval: float | None = None,
        output: Literal["pandas"],
    ) -> pandas.DataFrame: ...
    @overload
    def predict(
        self: Any,
        test_data: Any,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
        *,
        interval: float | None = None,
        output: Literal["polars"],
    ) -> polars.DataFrame: ...
    @overload
    def predict(
        self: Any,
        test_data: Any,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
        *,
        interval: float | None = None,
        output: Literal["arrow"],
    ) -> pyarrow.Table: ...
    @overload
    def predict(
        self: Any,
        test_data: Any,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
        *,
        interval: float | None = None,
        output: Literal["numpy"],
    ) -> Array: ...
    def predict(
        self: Any,
        test_data: Any,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
        *,
        interval: float | None = None,
        output: Output = "same",
    ) -> Any:
        """Predict the response, or what an autoencoder makes of its inputs.

        Parameters
        ----------
        test_data : H2OFrame, str, or data as for `H2OFrame`
            Rows with the predictors of the training.
        custom_metric : class or callable, optional
            A metric of your own (see `h2o.upload_custom_metric`): ``model_performance(test_data)`` reports it.
        custom_metric_func : str, optional
            The same by what `h2o.upload_custom_metric` returned; give one of the two.
        interval : float, optional
            Probability, between 0 and 1, with which an interval is to hold the value, or a set of classes the class. The
            model has to know its errors on rows that were held out: of `calibration_frame`, of the folds of a
            cross-validation, or else of `validation_frame`.
        output : str
            Kind of the answer: that of `test_data` ("same"), or "h2o", "pandas", "polars", "arrow" or "numpy"; see
            `h2o.frame.answering.answer`.

        Returns
        -------
        H2OFrame, or the kind of `test_data`
            Column ``predict``; for classes also the probability of each, and calibrated ones of a model with
            `calibrate_model` (``cal_`` and the name). With `interval` also ``lower`` and ``upper``; for classes ``in_`` and the
            name of each, 1 where it is in the set. pandas keeps the index of the rows; a dict of single cells is a row, and
            answered by a dict of single cells.

        Raises
        ------
        H2OValueError
            The model knows too little of its errors for such an interval.

        Examples
        --------
        >>> iris = h2o.import_file("iris.csv")
        >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1)
        >>> _ = model.train(y="class", training_frame=iris)
        >>> model.predict(iris[:3, :]).names
        ['predict', 'Iris-setosa', 'Iris-versicolor', 'Iris-virginica']
        >>> other = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1, nfolds=3)
        >>> _ = other.train(x=["petal_len"], y="petal_wid", training_frame=iris)
        >>> other.predict(iris[:3, :], interval=0.9).names
        ['predict', 'lower', 'upper']
        >>> rows = pd.DataFrame({"sepal_len": [5.1], "sepal_wid": [3.5], "petal_len": [1.4], "petal_wid": [0.2]}, index=["mine"])
        >>> model.predict(rows).index
        Index(['mine'], dtype=...)
        """
        check_output(output)
        metric, model = self._own_metric(custom_metric, custom_metric_func), self._model_key()
        quick = metric is None and interval is None and output == "same" and self._category != "AutoEncoder"
        if quick and _are_plain(test_data):
            return _scored(model, test_data, self._description.get("response_domain"))
        rows = rows_for(self._trained, "test_data", test_data)
        predictions = H2OFrame._wrap(session().models.predict(model, rows.frame_id, interval), own=True)
        if metric is not None:
            self._metric_on[rows.frame_id] = metric
        return answer(predictions, test_data, output)

    @overload
    def deepfeatures(
        self: Any,
        test_data: H2OFrame | str,
        layer: int | str,
        *,
        output: Literal["same", "h2o"] = "same",
    ) -> H2OFrame: ...
    @overload
    def deepfeatures(
        self: Any,
        test_data: Rows,
        layer: int | str,
        *,
        output: Literal["same"] = "same",
    ) -> Rows: ...
    @overload
    def deepfeatures(
        self: Any,
        test_data: Any,
        layer: int | str,
        *,
        output: Literal["h2o"],
    ) -> H2OFrame: ...
    @overload
    def deepfeatures(
        self: Any,
        test_data: Any,
        layer: int | str,
        *,
        output: Literal["pandas"],
    ) -> pandas.DataFrame: ...
    @overload
    def deepfeatures(
        self: Any,
        test_data: Any,
        layer: int | str,
        *,
        output: Literal["polars"],
    ) -> polars.DataFrame: ...
    @overload
    def deepfeatures(
        self: Any,
        test_data: Any,
        layer: int | str,
        *,
        output: Literal["arrow"],
    ) -> pyarrow.Table: ...
    @overload
    def deepfeatures(
        self: Any,
        test_data: Any,
        layer: int | str,
        *,
        output: Literal["numpy"],
    ) -> Array: ...
    def deepfeatures(self: Any, test_data: Any, layer: int | str, *, output: Output = "same") -> Any:
        """The values of a hidden layer, as they are when rows are scored.

        Parameters
        ----------
        test_data : H2OFrame, str, or data as for `H2OFrame`
            Rows to look at.
        layer : int or str
            Hidden layer, counted from 0, or by name: "L1" (or "DF.L1") is the first one.
        output : str
            As for `predict`.

        Returns
        -------
        H2OFrame, or the kind of `test_data`
            Columns ``DF.L1.C1``, ``DF.L1.C2``, ... (here of the first layer), one for each unit.

        Examples
        --------
        >>> model.deepfeatures(iris, 0).names[:2]
        ['DF.L1.C1', 'DF.L1.C2']
        """
        return self._told(
            test_data, output, lambda model, rows: session().models.deep_features(model, rows, layer)
        )

    @overload
    def anomaly(
        self: Any,
        test_data: H2OFrame | str,
        per_feature: bool = False,
        *,
        output: Literal["same", "h2o"] = "same",
    ) -> H2OFrame: ...
    @overload
    def anomaly(
        self: Any,
        test_data: Rows,
        per_feature: bool = False,
        *,
        output: Literal["same"] = "same",
    ) -> Rows: ...
    @overload
    def anomaly(
        self: Any,
        test_data: Any,
        per_feature: bool = False,
        *,
        output: Literal["h2o"],
    ) -> H2OFrame: ...
    @overload
    def anomaly(
        self: Any,
        test_data: Any,
        per_feature: bool = False,
        *,
        output: Literal["pandas"],
    ) -> pandas.DataFrame: ...
    @overload
    def anomaly(
        self: Any,
        test_data: Any,
        per_feature: bool = False,
        *,
        output: Literal["polars"],
    ) -> polars.DataFrame: ...
    @overload
    def anomaly(
        self: Any,
        test_data: Any,
        per_feature: bool = False,
        *,
        output: Literal["arrow"],
    ) -> pyarrow.Table: ...
    @overload
    def anomaly(
        self: Any,
        test_data: Any,
        per_feature: bool = False,
        *,
        output: Literal["numpy"],
    ) -> Array: ...
    def anomaly(self: Any, test_data: Any, per_feature: bool = False, *, output: Output = "same") -> Any:
        """The reconstruction error of an autoencoder for every row.

        Parameters
        ----------
        test_data : H2OFrame, str, or data as for `H2OFrame`
            Rows to look at.
        per_feature : bool
            Squared error of every input instead of their mean.
        output : str
            As for `predict`.

        Returns
        -------
        object

        Examples
        --------
        >>> coder.anomaly(iris).names
        ['Reconstruction.MSE']
        """
        if self._category != "AutoEncoder":
            raise H2OValueError(f"anomaly needs an autoencoder, this model is of the kind {self._category}")
        return self._told(
            test_data, output, lambda model, rows: session().models.anomaly(model, rows, per_feature)
        )

    def _told(self: Any, test_data: Any, output: str, ask: Callable[[str, str], str]) -> Any:
        """What the session answers about the model and the frame of some rows, in the kind that is asked for."""
        check_output(output)
        model, rows = self._model_key(), rows_for(self._trained, "test_data", test_data)
        return answer(H2OFrame._wrap(ask(model, rows.frame_id), own=True), test_data, output)


def _are_plain(rows: Any) -> bool:
    """Whether this is a row, or a list of rows, each a dict of numbers, texts, flags and None."""
    kind = kind_of(rows)
    if kind == "row":
        return set(map(type, rows.values())) <= _PLAIN and all(isinstance(name, str) for name in rows)
    return kind == "records" and all(_are_plain(row) for row in rows)


def _scored(model: str, rows: Any, domain: Any) -> Any:
    """Predictions for rows that need no frame."""
    found = session().models.score_rows(model, [rows] if isinstance(rows, Mapping) else rows)
    if domain is not None:
        classes = dict(zip(domain, values_of_levels(domain), strict=True))
        found = [row | {"predict": classes.get(row["predict"], row["predict"])} for row in found]
    return found[0] if isinstance(rows, Mapping) else found
