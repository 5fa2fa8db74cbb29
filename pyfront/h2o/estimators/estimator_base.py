"""What all estimators share: parameters as attributes, training, and turning into the trained model."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from heavywater.errors import warn
from heavywater.session import JobHandle

from ..backend.connection import session
from ..backend.progress import displays
from ..callbacks.callback import Callback
from ..callbacks.run import Run
from ..callbacks.watching import checked, watched
from ..display.rendering import print2
from ..elsewhere.stand_ins import names_of
from ..exceptions import H2OTypeError, H2OValueError, NotSaved
from ..frame.accepting import can_be_frame, frame_of
from ..frame.dask_frames import is_dask
from ..frame.h2oframe import H2OFrame
from ..model.model_base import ModelBase
from ..model.segment_models import H2OSegmentModels
from .parameter_attribute import ParameterAttribute


class H2OEstimator(ModelBase):
    """Base class of the estimators.

    Parameters
    ----------
    given : mapping
        Value of every parameter, as the constructor received them; other entries are left alone.

    Examples
    --------
    >>> isinstance(model, h2o.estimators.H2OEstimator)
    True
    """

    #: values that this class does not leave to the user
    _fixed: Mapping[str, Any] = {}
    #: the parameters that were set, though it be to their defaults: a preset leaves them alone
    _named: set[str]

    def __new__(cls, *args: Any, **parameters: Any) -> Self:
        """Refuse an unknown parameter; Python would not name what was perhaps meant."""
        known = cls.parameter_defaults()
        for name in parameters.keys() - known.keys():
            cls._check(name, None)
        found = super().__new__(cls)
        given = {**dict(zip(known, args, strict=False)), **parameters}
        found._named = {name for name, value in given.items() if value is not None}
        if len(given) == len(known) and known.get("preset") == given.get("preset"):
            found._named = set()  # who names all of them, as scikit-learn's clone, has chosen none
        return found

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__()
        self._parms: dict[str, Any] = {}
        self._job: Any = None
        self._threads: int | None = None  # of the session's at most
        self._shown = True  # whether there is a progress bar
        self._lent: list[H2OFrame] = []  # frames made of data that was given, needed as long as the job runs
        self._trained_on: list[
            H2OFrame
        ] = []  # the one of them that explanations compare with, as long as the model is here
        self._run: Run | None = None  # what the callbacks are told, as long as the job runs
        self._callbacks: list[Callback] = []
        for name, default in self.parameter_defaults().items():
            value = self._fixed.get(name, given[name])
            self._check(name, value)
            # The default of a list stands as a tuple in the signature, where it must not be changeable.
            self._parms[name] = list(default) if value is default and isinstance(default, tuple) else value
        self._id = given["model_id"]

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and not hasattr(type(self), name):
            self._check(name, None)
        super().__setattr__(name, value)
        if name == "model_id":
            self._parms["model_id"] = value

    def __getstate__(self) -> dict[str, Any]:
        if self._job is not None:
            raise H2OValueError(
                "the training of this estimator still runs: call join() before it is copied or saved"
            )
        return super().__getstate__() | {"_trained_on": []}

    def detach(self) -> None:
        """Let go of the model, which stays in the session; this object then is as it was before training.

        Examples
        --------
        >>> trained = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> trained = trained.train(y="class", training_frame=iris)
        >>> trained.detach()
        >>> trained.key is None
        True
        """
        super().detach()
        self._trained_on = []

    def _metric_function(self) -> Any:
        given = self._parms["custom_metric_func"]
        return None if isinstance(given, str) else given

    @classmethod
    def parameter_defaults(cls) -> dict[str, Any]:
        """The default of every parameter by name.

        Returns
        -------
        dict
            Names and values.

        Examples
        --------
        >>> h2o.H2ODeepLearningEstimator.parameter_defaults()["rho"]
        0.99
        """
        attributes = (base.__dict__.items() for base in reversed(cls.__mro__))
        found = {
            name: value.default
            for items in attributes
            for name, value in items
            if isinstance(value, ParameterAttribute)
        }
        return {"model_id": None, **found}

    @classmethod
    def _check(cls, name: str, value: Any) -> None:
        """Check one parameter by name and value; frames and models count by their names."""
        from heavywater.session.parameters import check_value  # start-up: reads the parameter table

        check_value(name, _names_of_data(value) if name in _frame_parameters() else _as_keys(value))

    @property
    def supervised_learning(self) -> bool:
        """Whether there is a response to learn: not for an autoencoder.

        Examples
        --------
        >>> model.supervised_learning, coder.supervised_learning
        (True, False)
        """
        return not self._parms["autoencoder"]

    # --- training

    def train(
        self,
        x: Any = None,
        y: str | int | None = None,
        training_frame: Any = None,
        offset_column: str | int | None = None,
        fold_column: str | int | None = None,
        weights_column: str | int | None = None,
        validation_frame: Any = None,
        max_runtime_secs: float | None = None,
        ignored_columns: Iterable[str | int] | None = None,
        model_id: str | None = None,
        verbose: bool = False,
        callbacks: Iterable[Callback] | Callback | None = None,
    ) -> Self:
        """Train the model and wait for the end.

        Ctrl-C ends the training after the current iteration; the model trained so far stays usable.

        Parameters
        ----------
        x : list of str or int, str, int or H2OFrame, optional
            Predictors, by name or position; all columns without another role when absent.
        y : str or int, optional
            Response, by name or position; not for an autoencoder.
        training_frame : H2OFrame, str, or data as for `H2OFrame`, optional
            Data to train on; the parameter of the same name when absent. Data frames of pandas, polars and Arrow, arrays and
            dicts are frames as long as the training runs. Of a data frame of Dask each node of the session trains the
            partitions that are on its machine.
        offset_column, fold_column, weights_column : str or int, optional
            Columns with these roles.
        validation_frame : H2OFrame, str, or data as for `H2OFrame`, optional
            Data to score during training.
        max_runtime_secs : float, optional
            Time limit in seconds.
        ignored_columns : list of str or int, optional
            Columns that are no predictors; not together with `x`.
        model_id : str, optional
            Name for the model.
        verbose : bool
            Print the scoring history afterwards.
        callbacks : list of Callback, optional
            What is called while the model is trained, and may stop it, see `h2o.Callback`.

        Returns
        -------
        H2OEstimator
            This object.

        Examples
        --------
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> net.train(x=iris.names[:4], y="class", training_frame=iris).type
        'classifier'
        """
        self.start(
            x, y, training_frame, offset_column, fold_column, weights_column, validation_frame,
            max_runtime_secs=max_runtime_secs, ignored_columns=ignored_columns, model_id=model_id, callbacks=callbacks,
        )  # fmt: skip
        self.join()
        if verbose:
            history = self._output["scoring_history"]
            print2(f"Scoring history of {self._id}" if history is None else history.to_text(rows=1000))
        return self

    def train_segments(
        self,
        x: Any = None,
        y: str | int | None = None,
        training_frame: Any = None,
        offset_column: str | int | None = None,
        fold_column: str | int | None = None,
        weights_column: str | int | None = None,
        validation_frame: Any = None,
        max_runtime_secs: float | None = None,
        ignored_columns: Iterable[str | int] | None = None,
        segments: Any = None,
        segment_models_id: str | None = None,
        parallelism: int = 1,
        verbose: bool = False,
        callbacks: Iterable[Callback] | Callback | None = None,
    ) -> H2OSegmentModels:
        """Train a model for each segment of the rows, such as one for each country.

        Parameters
        ----------
        x, y, training_frame, offset_column, fold_column, weights_column, validation_frame, max_runtime_secs, ignored_columns
            As in `train`. Of the frames each model gets the rows of its segment.
        segments : list of str, or H2OFrame, or a data frame
            Columns whose combinations of values are the segments (missing values are values here); or the segments themselves,
            one in each row. They are no predictors.
        segment_models_id : str, optional
            Name of the result; the models are called ``<name>_0``, ``<name>_1`` ...
        parallelism : int
            Models to train at the same time.
        verbose : bool
            Print what became of each segment.
        callbacks : list of Callback, optional
            As for `train`; the model of each segment is a run of its own, whose `Run.parent` is that of them all.

        Returns
        -------
        H2OSegmentModels
            A segment whose model cannot be trained has an error there, and the others go on.

        Examples
        --------
        >>> iris = h2o.import_file("iris.csv")
        >>> estimator = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1)
        >>> models = estimator.train_segments(y=iris.names[0], training_frame=iris, segments=["class"])
        >>> models.as_frame().nrow
        3
        """
        listeners = checked(callbacks)
        values, data = self._request(
            x, y, training_frame, offset_column, fold_column, weights_column, validation_frame,
            max_runtime_secs=max_runtime_secs, ignored_columns=ignored_columns,
        )  # fmt: skip
        values.pop("model_id", None)
        if isinstance(segments, str):
            segments = [segments]
        elif can_be_frame(segments):
            segments = self._stored("segments", segments)
        listed = _as_keys(segments)
        here = session()
        started = here.training.train_segments(
            self.algo, values, listed, key=segment_models_id, parallelism=parallelism, **data
        )
        job = JobHandle(here, started)
        run = Run(job, "segments", values, data)
        with watched(job, listeners, displays(), run, self._fold_model) as watch:
            models = H2OSegmentModels(watch.wait())
        if verbose:
            print2(models.as_frame())
        return models

    def start(
        self,
        x: Any = None,
        y: str | int | None = None,
        training_frame: Any = None,
        offset_column: str | int | None = None,
        fold_column: str | int | None = None,
        weights_column: str | int | None = None,
        validation_frame: Any = None,
        callbacks: Iterable[Callback] | Callback | None = None,
        **parameters: Any,
    ) -> None:
        """Start the training and return at once, see `train`; `join` waits for the end, and calls the callbacks.

        Parameters
        ----------
        x, y, training_frame, offset_column, fold_column, weights_column, validation_frame, callbacks : object
            As of `train`.
        **parameters : object
            Further ones of `train`.

        Examples
        --------
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> net.start(y="class", training_frame=iris)
        >>> net.join()
        >>> net.type
        'classifier'
        """
        listeners = checked(callbacks)
        values, data = self._request(
            x, y, training_frame, offset_column, fold_column, weights_column, validation_frame, **parameters
        )
        here = session()
        if self._threads is not None:
            data["threads"] = self._threads
        self._job = JobHandle(here, here.training.train(self.algo, values, **data))
        self._run, self._callbacks = Run(self._job, "model", values, data), listeners

    def _request(
        self,
        x: Any,
        y: str | int | None,
        training_frame: Any,
        offset_column: str | int | None,
        fold_column: str | int | None,
        weights_column: str | int | None,
        validation_frame: Any,
        preset: bool = False,
        **parameters: Any,
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the session is asked for: the parameters as `_given` has them, and the data."""
        self._lent = []
        given = training_frame if training_frame is not None else self._parms["training_frame"]
        frame = self._stored("training_frame", given)
        self._trained_on = [] if is_dask(given) else list(self._lent)
        kinds = _column_kinds(frame)
        names, factors = list(kinds), {name for name, kind in kinds.items() if kind == "enum"}
        ignored = parameters.pop("ignored_columns", None)
        if x is not None and ignored is not None:
            raise H2OValueError(
                "x and ignored_columns exclude each other: name the predictors in one of the two ways"
            )
        call = {
            "offset_column": _column(offset_column, names, "offset_column"),
            "fold_column": _column(fold_column, names, "fold_column"),
            "weights_column": _column(weights_column, names, "weights_column"),
            "ignored_columns": _columns(ignored, names, "ignored_columns"),
            "validation_frame": self._stored("validation_frame", validation_frame, factors),
            **parameters,
        }
        values = self._given(preset) | {name: value for name, value in call.items() if value is not None}
        for name, value in call.items():
            self._check(name, value)
        for name in ("checkpoint", "pretrained_autoencoder"):
            if isinstance(values.get(name), ModelBase) and values[name].key is None:
                raise H2OValueError(f"{name}: the model is not trained yet, call its train() first")
        values.pop("training_frame", None)
        validation = self._stored("validation_frame", values.pop("validation_frame", None), factors)
        for name in _frame_parameters() & values.keys():
            values[name] = self._stored(name, values[name], factors)
        data = {
            "x": _columns(x, names, "x"),
            "y": _column(y, names, "y"),
            "training_frame_key": _as_keys(frame),
            "validation_frame_key": _as_keys(validation),
        }
        return {name: _as_keys(value) for name, value in values.items()}, data

    def _stored(self, argument: str, value: Any, as_texts: Collection[str] = ()) -> Any:
        """Frames of the session in place of other data, which live as long as the job; names and None stay."""
        if isinstance(value, list | tuple) and _lists_frames(argument):
            return [self._stored(f"{argument}[{i}]", each) for i, each in enumerate(value)]
        if value is None or isinstance(value, str | H2OFrame):
            return value
        self._lent.append(frame_of(argument, value, as_texts=as_texts))
        return self._lent[-1]

    def join(self) -> None:
        """Wait for the end of the training that `start` began, and take over the model.

        Examples
        --------
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> net.start(y="class", training_frame=iris)
        >>> net.join()
        """
        if self._job is None:
            raise H2OValueError("join: no training was started")
        job, self._job = self._job, None
        run, self._run = self._run, None
        listeners, self._callbacks = self._callbacks, []
        try:
            with watched(job, listeners, displays() if self._shown else [], run) as watch:
                try:
                    self._load(watch.wait())
                except NotSaved as error:  # the training is not lost
                    self._load(error.key)
                    watch.run._model = self
                    raise
                watch.run._model = self
        finally:
            self._lent = []
        for message in self._description.get("warnings", ()):
            warn(message, RuntimeWarning)

    def _given(self, preset: bool = False) -> dict[str, Any]:
        """The parameters that differ from their defaults; those set to these, too, where a preset would fill them otherwise.

        Parameters
        ----------
        preset : bool
            Whether there will be one, though there is none here.
        """
        defaults = self.parameter_defaults()
        named = self._named if preset or self._has_preset() else ()
        return {
            name: value
            for name, value in self._parms.items()
            if not is_same(value, defaults[name]) or (name in named and value is not None)
        }

    def _has_preset(self) -> bool:
        return not is_same(self._parms.get("preset"), self.parameter_defaults().get("preset"))

    def fit(self, X: Any, y: Any = None, **parameters: Any) -> H2OEstimator:
        """Train as scikit-learn asks for it.

        Parameters
        ----------
        X : H2OFrame, or data as for `H2OFrame`
            The predictors.
        y : H2OFrame, or data as for `H2OFrame`, optional
            The response, one column with as many rows.
        **parameters
            As for `train`.

        Returns
        -------
        H2OEstimator
            This object.

        Examples
        --------
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> net.fit(iris[iris.names[:4]], iris["class"]).type
        'classifier'
        """
        predictors = frame_of("X", X)
        frame = predictors if y is None else predictors.cbind(frame_of("y", y))
        response = None if y is None else frame.names[-1]
        return self.train(x=predictors.names, y=response, training_frame=frame, **parameters)

    # --- parameters as a dict

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """All parameters by name; with a preset those that were left to it are None.

        Parameters
        ----------
        deep : bool
            Without meaning here, there are no estimators inside.

        Returns
        -------
        dict
            Names and values.

        Examples
        --------
        >>> model.get_params()["hidden"]
        [5]
        """
        given = self._given() if self._has_preset() else self._parms
        return {name: given.get(name) for name in self._parms}

    def set_params(self, **parameters: Any) -> H2OEstimator:
        """Set parameters by name and return this object.

        Parameters
        ----------
        **parameters : object
            New values; they are checked.

        Returns
        -------
        H2OEstimator
            This object.

        Examples
        --------
        >>> h2o.H2ODeepLearningEstimator().set_params(hidden=[7]).hidden
        [7]
        """
        for name, value in parameters.items():
            setattr(self, name, value)
        return self

    @property
    def parms(self) -> dict[str, Any]:
        """Everything known of every parameter of the trained model.

        Examples
        --------
        >>> model.parms["epochs"]["input_value"]
        5.0
        """
        return self.full_parameters


def is_same(value: Any, default: Any) -> bool:
    """Whether a value says no more than the default."""
    if value is None or value is default:
        return True
    if isinstance(default, tuple):
        return isinstance(value, list | tuple) and tuple(value) == default
    return type(value) in (bool, int, float, str) and bool(value == default)


@functools.cache
def _frame_parameters() -> frozenset[str]:
    """Names of the parameters that are frames, or lists of frames."""
    from heavywater.session.parameters import parameter_types  # start-up: reads the parameter table

    return frozenset(name for name, kind in parameter_types().items() if kind.startswith("Key<Frame>"))


@functools.cache
def _lists_frames(parameter: str) -> bool:
    from heavywater.session.parameters import parameter_types  # start-up: reads the parameter table

    return parameter_types().get(parameter) == "Key<Frame>[]"


def _names_of_data(value: Any) -> Any:
    """Names in place of frames, and of data that can be one; also inside lists."""
    if isinstance(value, list | tuple):
        return [_names_of_data(each) for each in value]
    return "data" if can_be_frame(value) else _as_keys(value)


def _as_keys(value: Any) -> Any:
    """Put names in place of frames and models, also inside lists."""
    if isinstance(value, list | tuple):
        return [_as_keys(each) for each in value]
    if hasattr(value, "frame_id"):
        return value.frame_id
    return value.model_id if isinstance(value, ModelBase) else value


def _column_kinds(frame: Any) -> dict[str, str]:
    """Type of each column of the training frame, which is a frame or the key of one."""
    if frame is None:
        raise H2OValueError("training_frame is missing: give the frame to train on")
    if isinstance(frame, H2OFrame):
        return frame.types
    facts = session().frames.facts(frame)
    return dict(zip(facts["names"], facts["types"], strict=True))


def _column(column: Any, names: list[str], argument: str) -> str | None:
    """The name of a column given by name or position."""
    if column is None:
        return None
    if isinstance(column, str):
        return column  # whether it exists is checked, and well worded, where training begins
    if isinstance(column, bool) or not hasattr(column, "__index__"):
        raise H2OTypeError(f"{argument}={column!r} must be the name or the position of a column")
    if not -len(names) <= int(column) < len(names):
        raise H2OValueError(
            f"{argument}={column!r}: the training frame has {len(names)} columns, counted from 0"
        )
    return names[int(column)]


def _columns(columns: Any, names: list[str], argument: str) -> list[str] | None:
    if columns is None:
        return None
    if hasattr(columns, "frame_id"):
        return list(columns.names)
    if isinstance(columns, str) or hasattr(columns, "__index__"):
        columns = [columns]
    if not isinstance(columns, Iterable):
        raise H2OTypeError(f"{argument}={columns!r} must be a list of column names or positions")
    return [str(_column(each, names, argument)) for each in columns]


if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
