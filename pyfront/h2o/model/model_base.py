"""A trained model: prediction, metrics, and what it says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

from heavywater.errors import warn

from ..backend.connection import session
from ..display.rendering import H2ODisplay
from ..elsewhere.stand_ins import AbsentMembers
from ..exceptions import H2OValueError
from ..frame.accepting import rows_for
from ..frame.h2oframe import H2OFrame
from ..two_dim_table import H2OTwoDimTable
from .accessors import MetricAccessors
from .cross_validation import ModelFolds
from .description import model_json
from .display_items import Items, to_html, to_text
from .explanations import ModelExplanations
from .facts import ModelFacts
from .fairness import ModelFairness
from .files import ModelFiles
from .metrics import CLASSES, MetricsBase, metrics_of
from .plots import ModelPlots
from .questions import ModelQuestions
from .scoring import ModelScoring

if TYPE_CHECKING:
    import pandas

    from .card import Card

_METRICS = {"train": "training_metrics", "valid": "validation_metrics", "xval": "cross_validation_metrics"}
_OF_SESSION = (
    "_model_json",
    "_description",
    "_metric_on",
)  # asked of the session anew where a model is unpickled
_SHORT = 2  # parts of a model that are shown when little is asked for: its name, its layers
_TYPES = {"Binomial": "classifier", "Multinomial": "classifier", "Regression": "regressor"}


class ModelBase(
    H2ODisplay,
    MetricAccessors,
    ModelPlots,
    ModelScoring,
    ModelQuestions,
    ModelExplanations,
    ModelFairness,
    ModelFolds,
    ModelFiles,
    ModelFacts,
    AbsentMembers,
):
    """A model in the session. An estimator is one: after training it answers for what it trained.

    Examples
    --------
    >>> isinstance(model, h2o.model.ModelBase)
    True
    """

    algo = ""

    def __init__(self) -> None:
        self._id: str | None = None
        self._model_json: dict[str, Any] | None = None
        self._description: Mapping[str, Any] = {}
        self._metric_on: dict[str, Any] = {}  # frames predicted with a metric of the user's own

    # --- what it is

    def detach(self) -> None:
        """Let go of the model, which stays in the session; this object then is as it was before training.

        Examples
        --------
        >>> read = h2o.get_model(model.model_id)
        >>> read.detach()
        """
        ModelBase.__init__(self)

    def _load(self, key: str) -> None:
        """Take over the model of this name from the session."""
        self._description = session().models.describe(key)
        self._id = key
        self._model_json = model_json(self._description)
        self._metric_on = {}

    def __getstate__(self) -> dict[str, Any]:
        """What pickle, copy and joblib keep: a trained model carries the content of its model file."""
        state = {name: value for name, value in self.__dict__.items() if name not in _OF_SESSION}
        if self._model_json is not None:
            state["_model_bytes"] = session().model_files.to_bytes(self._model_key())
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        content = state.pop("_model_bytes", None)
        ModelBase.__init__(self)
        self.__dict__.update(state)
        if content is not None:
            self._load(session().model_files.from_bytes(content, self._metric_function()))

    def _metric_function(self) -> Any:
        """The metric of the user's own that this object was given as a function."""
        return None

    @property
    def _trained(self) -> dict[str, Any]:
        if self._model_json is None:
            raise H2OValueError(f"this {type(self).__name__} is not trained yet: call train() first")
        return self._model_json

    @property
    def _output(self) -> dict[str, Any]:
        output: dict[str, Any] = self._trained["output"]
        return output

    @property
    def _category(self) -> str:
        return str(self._output["model_category"])

    def _is_of(self, category: str) -> bool:
        """Say whether this is a trained model of a category."""
        return self._model_json is not None and self._category == category

    @property
    def key(self) -> str | None:
        """Name of the model in the session.

        Examples
        --------
        >>> model.key in h2o.models()
        True
        """
        return self._id

    @property
    def model_id(self) -> str | None:
        """Name of the model; it can be chosen before training only.

        Examples
        --------
        >>> model.model_id == model.key
        True
        """
        return self._id

    @model_id.setter
    def model_id(self, name: str | None) -> None:
        if self._model_json is not None and name != self._id:
            raise NotImplementedError("model_id: a trained model cannot be renamed. Set it before train()")
        self._id = name

    @property
    def type(self) -> str | None:
        """Kind of model: "classifier", "regressor" or "unsupervised"; None before training.

        Examples
        --------
        >>> model.type, regression.type, coder.type
        ('classifier', 'regressor', 'unsupervised')
        """
        return None if self._model_json is None else _TYPES.get(self._category, "unsupervised")

    # --- use

    @overload
    def model_performance(
        self,
        test_data: Any = None,
        train: bool = False,
        valid: Literal[False] = False,
        xval: Literal[False] = False,
        auc_type: str | None = None,
        *,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
    ) -> MetricsBase: ...

    @overload
    def model_performance(
        self, test_data: None = None, *, train: bool = False, valid: bool = False, xval: bool = False
    ) -> MetricsBase | None: ...

    def model_performance(
        self,
        test_data: Any = None,
        train: bool = False,
        valid: bool = False,
        xval: bool = False,
        auc_type: str | None = None,
        *,
        custom_metric: Any = None,
        custom_metric_func: Any = None,
    ) -> MetricsBase | None:
        """Metrics, of new data or as they were computed in training.

        Parameters
        ----------
        test_data : H2OFrame, str, or data as for `H2OFrame`, optional
            Data to compute metrics on; the other arguments do not matter then.
        train, valid, xval : bool
            Metrics of the training (default), validation or cross-validation data.
        auc_type : str, optional
            AUC of more than two classes on `test_data`: "none", "macro_ovr", "weighted_ovr", "macro_ovo" or
            "weighted_ovo"; by default that of the model.
        custom_metric, custom_metric_func : optional
            A metric of your own on `test_data`, as in `predict`; by default the one `predict` got for this frame, or
            that of the model.

        Returns
        -------
        MetricsBase or None
            None where there was no such data.

        Examples
        --------
        >>> iris = h2o.import_file("iris.csv")
        >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1)
        >>> _ = model.train(y="class", training_frame=iris)
        >>> model.model_performance(iris).logloss() == model.logloss()
        True
        """
        metric = self._own_metric(custom_metric, custom_metric_func)
        if test_data is None:
            if metric is not None:
                raise H2OValueError("custom_metric needs test_data: the rows on which to compute it")
            chosen = "valid" if valid and not train else "xval" if xval and not train else "train"
            metrics: MetricsBase | None = self._output[_METRICS[chosen]]
            return metrics
        response = self._trained["response_column_name"]
        rows = rows_for(self._trained, "test_data", test_data)
        if response is not None and response not in rows.names:
            warn(f"test_data has no column {response!r} (the response): there are no metrics")
            return None
        key = rows.frame_id
        metric = self._metric_on.get(key) if metric is None else metric
        metric_json = session().models.metrics(self._model_key(), key, auc_type, metric)
        return metrics_of(self._category, metric_json, "test")

    def _own_metric(self, metric: Any, reference: Any) -> Any:
        """The one that is given, checked; None without any."""
        if metric is not None and reference is not None:
            raise H2OValueError(
                "custom_metric and custom_metric_func are two ways to give a metric; choose one"
            )
        given = reference if metric is None else metric
        if given is not None:
            session().training.check_metric(given, self._model_key())
        return given

    def _from_metrics(self, method: str, train: bool, valid: bool, xval: bool, **options: Any) -> Any:
        flags = {"train": train, "valid": valid, "xval": xval}
        chosen = [name for name, flag in flags.items() if flag] or ["train"]
        answers = {name: self._ask(self._output[_METRICS[name]], method, options) for name in chosen}
        return answers if len(chosen) > 1 else answers[chosen[0]]

    def _ask(self, metrics: MetricsBase | None, method: str, options: dict[str, Any]) -> Any:
        if not hasattr(CLASSES[self._category], method):
            raise H2OValueError(f"{method} does not exist for a model of the kind {self._category}")
        return None if metrics is None else getattr(metrics, method)(**options)

    def weights(self, matrix_id: int = 0) -> H2OFrame:
        """The weights into layer `matrix_id` (0: the first hidden one): (units x inputs).

        Parameters
        ----------
        matrix_id : int
            The layer, counted from 0; the last one leads to the outputs.

        Returns
        -------
        H2OFrame
            (units x inputs), with the names of the inputs.

        Examples
        --------
        >>> model.weights(0).shape
        (5, 4)
        """
        return _new_frame(session().models.weights(self._model_key(), self._layer("matrix_id", matrix_id)))

    def biases(self, vector_id: int = 0) -> H2OFrame:
        """The biases of layer `vector_id` (0: the first hidden one): one column.

        Parameters
        ----------
        vector_id : int
            The layer, counted from 0; the last one are the outputs.

        Returns
        -------
        H2OFrame
            One column.

        Examples
        --------
        >>> model.biases(0).nrow
        5
        """
        return _new_frame(session().models.biases(self._model_key(), self._layer("vector_id", vector_id)))

    def _layer(self, argument: str, number: int) -> int:
        if not self.actual_params["export_weights_and_biases"]:
            raise H2OValueError(
                "weights and biases are available when export_weights_and_biases=True at training"
            )
        layers = len(self.actual_params["hidden"]) + 1
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < layers:
            raise H2OValueError(
                f"{argument}={number!r} must be in 0 .. {layers - 1}: there are {layers} weight layers"
            )
        return number

    # --- what it says

    def scoring_history(self, as_data_frame: bool = True) -> pandas.DataFrame | H2OTwoDimTable | None:
        """The scores during training, as pandas data frame or as table.

        Parameters
        ----------
        as_data_frame : bool
            False: as `H2OTwoDimTable`.

        Returns
        -------
        pandas.DataFrame or H2OTwoDimTable or None
            A row for each scoring; None where there is no history.

        Examples
        --------
        >>> "training_logloss" in model.scoring_history()
        True
        """
        history: H2OTwoDimTable | None = self._output["scoring_history"]
        return history.as_data_frame() if history is not None and as_data_frame else history

    def score_history(self) -> pandas.DataFrame | H2OTwoDimTable | None:
        """The same as `scoring_history`.

        Returns
        -------
        pandas.DataFrame or H2OTwoDimTable or None
            A row for each scoring.

        Examples
        --------
        >>> len(model.score_history()) > 0
        True
        """
        return self.scoring_history()

    @overload
    def varimp(
        self, use_pandas: Literal[False] = False, *, by_column: bool = False
    ) -> list[tuple[str, float, float, float]] | None: ...

    @overload
    def varimp(self, use_pandas: Literal[True], *, by_column: bool = False) -> pandas.DataFrame | None: ...

    def varimp(
        self, use_pandas: bool = False, *, by_column: bool = False
    ) -> list[tuple[str, float, float, float]] | pandas.DataFrame | None:
        """The importance of the inputs by Gedeon's method: how large the weights are that lead away from them.

        It costs nothing, and knows nothing but the weights of the first two layers: not what the columns hold, nor what the
        model predicts. Of columns that do not matter it makes up to as much as of others, where training has hardly moved their
        random starting weights: in a trial with two columns of signal and four of noise these had 61 % of the whole. It does not
        say in which direction a column acts, and of factors with many levels the units add up. What the model makes of a column
        is in `permutation_importance`, for single rows in `predict_contributions`.

        Parameters
        ----------
        use_pandas : bool
            Give a pandas data frame instead of a list of rows.
        by_column : bool
            One importance for each column, the sum over the levels of a factor, instead of one for each input unit; None where
            units are shared by columns (`max_categorical_features`).

        Returns
        -------
        list or pandas.DataFrame
            Variable, relative, scaled importance and percentage; the largest first.

        Examples
        --------
        >>> model.varimp(use_pandas=True, by_column=True)["percentage"].sum().round(6)
        np.float64(1.0)
        """
        table: H2OTwoDimTable | None = self._output["variable_importances"]
        if table is None:
            warn("this model has no variable importances: train it with variable_importances=True")
            return None
        if by_column and (table := self._output.get("column_importances")) is None:
            warn("the input units of this model cannot be told by columns: it has importances of units alone")
            return None
        if use_pandas:
            return table.as_data_frame()
        rows: list[tuple[str, float, float, float]] = [tuple(row) for row in table.cell_values]
        return rows

    def summary(self) -> H2OTwoDimTable:
        """The state of the layers.

        Returns
        -------
        H2OTwoDimTable
            A row for each layer.

        Examples
        --------
        >>> len(model.summary().cell_values)
        3
        """
        table: H2OTwoDimTable = self._output["model_summary"]
        return table

    def get_summary(self) -> H2OTwoDimTable:
        """The state of the layers.

        Returns
        -------
        H2OTwoDimTable
            A row for each layer.

        Examples
        --------
        >>> len(model.get_summary().cell_values)
        3
        """
        return self.summary()

    def show_summary(self) -> None:
        """Print the state of the layers.

        Examples
        --------
        >>> model.show_summary()
        Status of Neuron Layers: class, multinomial distribution, CrossEntropy loss, ...
        """
        self.summary().show()

    def default_threshold(self) -> float | None:
        """The probability from which on the second of two classes is predicted.

        Returns
        -------
        float or None
            From 0 to 1; None without two classes.

        Examples
        --------
        >>> 0 < binomial.default_threshold() < 1
        True
        """
        threshold: float | None = self._output["default_threshold"]
        return threshold

    def reset_threshold(self, threshold: float) -> float:
        """Set the probability from which on the second of two classes is predicted.

        Parameters
        ----------
        threshold : float
            Between 0 and 1.

        Returns
        -------
        float
            The threshold until now.

        Examples
        --------
        >>> before = binomial.reset_threshold(0.5)
        >>> binomial.reset_threshold(before)
        0.5
        """
        before = session().models.reset_threshold(self._model_key(), threshold)
        self._load(self._model_key())
        return before

    def training_model_metrics(self) -> dict[str, Any]:
        """The training metrics by H2O's field names.

        Returns
        -------
        dict
            Names and values.

        Examples
        --------
        >>> sorted(model.training_model_metrics())[0]
        'AUC'
        """
        metrics: MetricsBase = self._output["training_metrics"]
        return metrics._metric_json

    # --- display

    def _items(self) -> Items:
        output = self._output
        head = f"Model Details\n=============\n{type(self).__name__} : {self._trained['algo_full_name']}"
        names = (
            "model_summary",
            *_METRICS.values(),
            "cross_validation_metrics_summary",
            "epochs_tried",
            "scoring_history",
        )
        tables = [output[name] for name in (*names, "variable_importances")]
        items: Items = [f"{head}\nModel Key: {self._id}"]
        for part in tables:
            if part is not None:
                items += part._items() if isinstance(part, MetricsBase) else [part]
        if self._description.get("stopped_because"):
            items.append(f"Training ended: {self._description['stopped_because']}")
        return items

    def _str_(self, verbosity: str | None = None) -> str:
        if self._model_json is None:
            return f"{type(self).__name__} (not trained yet)"
        if verbosity == "full":
            return to_text(self._items())
        return to_text(self._items()[:_SHORT]) if verbosity == "short" else self._card().to_text()

    def _str_html_(self, verbosity: str | None = None) -> str:
        if self._model_json is None:
            return to_html([self._str_()])
        if verbosity == "full":
            return to_html(self._items())
        return to_html(self._items()[:_SHORT]) if verbosity == "short" else self._card().to_html()

    def _card(self) -> Card:
        from .card import Card  # start-up: only for who looks

        return Card.of(self._trained, self._description)

    def __repr__(self) -> str:
        return self._str_()

    def _repr_html_(self) -> str:
        return self._str_html_()

    def _model_key(self) -> str:
        return str(self._trained["model_id"]["name"])


def _new_frame(key: str) -> H2OFrame:
    """The frame of an answer, which goes away with the object."""
    return H2OFrame._wrap(key, own=True)
