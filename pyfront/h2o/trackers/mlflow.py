"""MLflow: runs of trainings, and models in its form, which it serves."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from heavywater import __version__

from ..callbacks.callback import Callback
from ..callbacks.run import FAILED, Run, Scores
from ..callbacks.watching import register, unregister
from ..exceptions import H2OTypeError
from ..functions.files import download_model, upload_model
from ..model.model_base import ModelBase
from .needed import needed

if TYPE_CHECKING:
    from mlflow.models.model import ModelInfo


__all__ = ["MLflowLogger", "autolog", "load_model", "log_model", "save_model"]

FLAVOR = "heavywater"
_FILE = "model"
_LONGEST_PARAM = 6000  # MLflow refuses longer ones
_AT_A_TIME, _METRICS = 100, 1000  # parameters, and metrics, in a request
_STATUS = {"DONE": "FINISHED", "CANCELLED": "KILLED", FAILED: "FAILED"}


def _mlflow(what: str) -> Any:
    return needed("mlflow", "mlflow", what)


# ---- trainings as runs


class MLflowLogger(Callback):
    """Logs trainings as runs of MLflow: parameters, the scoring history while it grows, the last metrics, and the model.

    A training is logged into the run that is active, if there is one (``mlflow.start_run()``) and no training was logged there
    yet; else a run is made for it, below the active one. A grid is a run of its own, with one for each of its models below it.

    Parameters
    ----------
    log_models : bool
        Whether models are logged, too, as `log_model` does; of a grid or of segments the models are not.

    Raises
    ------
    ImportError
        MLflow is not installed (``pip install 'heavywater[mlflow]'``); when the object is made.

    Notes
    -----
    The step of the metrics is the number of rows trained.

    Examples
    --------
    >>> import mlflow
    >>> mlflow.set_tracking_uri("sqlite:///runs.db")
    >>> logged = h2o.H2ODeepLearningEstimator(hidden=[5], epochs=5, seed=1)
    >>> model = logged.train(y="class", training_frame=iris, callbacks=[h2o.trackers.MLflowLogger(log_models=False)])
    >>> mlflow.search_runs()["params.hidden"].tolist()
    ['[5]']
    """

    def __init__(self, log_models: bool = True) -> None:
        _mlflow("MLflowLogger")
        self.log_models = log_models
        self._client: Any = None
        self._ids: dict[Run, str] = {}
        self._own: set[Run] = set()  # those whose runs are made, and so ended, here
        self._noted: dict[Run, list[Any]] = {}  # metrics that are to be sent
        self._used: set[str] = set()  # runs of others in which a training was logged

    @property
    def _package(self) -> Any:
        return _mlflow("MLflowLogger")  # no attribute: searches copy callbacks, and modules cannot be copied

    def on_start(self, run: Run) -> None:
        """Begin a run, or take the active one."""
        if self._client is None:
            self._client = self._package.MlflowClient()
        self._noted[run] = []
        active = self._package.active_run()
        above = self._ids.get(run.parent) if run.parent is not None else None
        if active is not None and above is None and active.info.run_id not in self._used:
            self._ids[run] = active.info.run_id
            self._used.add(active.info.run_id)
        else:
            above = above or (active.info.run_id if active is not None else None)
            self._ids[run] = self._new(run, above)
            self._own.add(run)
        self._set_tags(run, {"heavywater.version": __version__, "heavywater.model_id": run.model_id})

    def _new(self, run: Run, above: str | None) -> str:
        tracking = self._package.tracking.fluent
        tags = {"mlflow.parentRunId": above} if above else {}
        made = self._client.create_run(
            self._client.get_run(above).info.experiment_id if above else tracking._get_experiment_id(),
            tags=tags,
            run_name=run.model_id or None,
        )
        return str(made.info.run_id)

    def _set_tags(self, run: Run, tags: Mapping[str, str]) -> None:
        for name, value in tags.items():
            self._client.set_tag(self._ids[run], name, value)

    def on_scoring(self, run: Run, scores: Scores) -> None:
        """Log one line of the history."""
        told = {"epochs": scores.epochs, "rows_per_second": scores.rows_per_second, **scores.flat()}
        self._note(run, told, scores.samples, round(1000 * scores.time))

    def on_poll(self, run: Run) -> None:
        """Send what was noted: many lines at once, as they may come faster than a server takes them one by one."""
        self._send(run)

    def _note(self, run: Run, values: Mapping[str, float], step: int, milliseconds: int) -> None:
        metric = self._package.entities.Metric
        self._noted[run] += [metric(name, value, milliseconds, step) for name, value in values.items()]

    def _send(self, run: Run) -> None:
        metrics, self._noted[run] = self._noted[run], []
        for first in range(0, len(metrics), _METRICS):
            self._client.log_batch(self._ids[run], metrics=metrics[first : first + _METRICS])

    def on_end(self, run: Run) -> None:
        """Log parameters, metrics and the model, and end the run."""
        status = "FAILED" if run.error is not None else _STATUS.get(run.status, "KILLED")
        try:
            self._set_tags(run, {"heavywater.ended": run.reason[:5000]})
            model = run.model
            self._log_params(run, _parameters(run))
            if model is not None:
                self._note(run, dict(_last_metrics(model)), run.samples, round(1000 * time.time()))
            self._send(run)
            if model is not None and self.log_models and run.parent is None:
                log_model(model, run_id=self._ids[run])
        finally:
            del self._noted[run]
            identity = self._ids.pop(run)
            if run in self._own:
                self._own.discard(run)
                self._client.set_terminated(identity, status)

    def _log_params(self, run: Run, told: Mapping[str, Any]) -> None:
        param = self._package.entities.Param
        given = [param(name, str(value)[:_LONGEST_PARAM]) for name, value in told.items()]
        for first in range(0, len(given), _AT_A_TIME):
            self._client.log_batch(self._ids[run], params=given[first : first + _AT_A_TIME])


def _parameters(run: Run) -> dict[str, Any]:
    """The values that were used, of all parameters that have one; without a model what was asked for."""
    if run.model is None:
        return {name: value for name, value in run.parameters.items() if value is not None}
    told = {name: each["actual"] for name, each in run.model._description["parameters"].items()}
    return {name: value for name, value in told.items() if value is not None and value != []}


def _last_metrics(model: ModelBase) -> Iterator[tuple[str, float]]:
    """The metrics of the trained model that are numbers, as "training_logloss", "cross_validation_auc"."""
    for part in ("training", "validation", "cross_validation"):
        for name, value in (model._description.get(f"{part}_metrics") or {}).items():
            if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
                yield f"{part}_{name.lower()}", float(value)


_automatic: list[MLflowLogger] = []


def autolog(log_models: bool = True, disable: bool = False) -> None:
    """Log all trainings from now on, see `MLflowLogger`.

    Parameters
    ----------
    log_models : bool
        Whether models are logged, too.
    disable : bool
        Log none any more instead.

    Raises
    ------
    ImportError
        MLflow is not installed.

    Examples
    --------
    ::

        from h2o.trackers.mlflow import autolog

        autolog()
        h2o.H2ODeepLearningEstimator(epochs=5).train(y="class", training_frame=frame)
    """
    while _automatic:
        unregister(_automatic.pop())
    if not disable:
        _automatic.append(MLflowLogger(log_models))
        register(_automatic[0])


# ---- models in the form of MLflow


def save_model(
    model: ModelBase,
    path: str | os.PathLike[str],
    mlflow_model: Any = None,
    signature: Any = None,
    input_example: Any = None,
    pip_requirements: list[str] | str | None = None,
    extra_pip_requirements: list[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
) -> None:
    """Save a model as a folder in the form of MLflow, with the flavours "heavywater" and "python_function".

    Parameters
    ----------
    model : ModelBase
        A trained model.
    path : str or path
        The folder, which must not exist.
    mlflow_model : mlflow.models.Model, optional
        To which the flavours are added; `log_model` gives it.
    signature : mlflow.models.ModelSignature or False, optional
        Names and types of the columns; by default the names that the model knows, of any type, each of which may be missing. False:
        none, so that data without names is taken.
    input_example, pip_requirements, extra_pip_requirements, metadata
        As MLflow has them; by default this version of heavywater is required.

    Raises
    ------
    ImportError
        MLflow is not installed.
    H2OTypeError
        It is no model.
    """
    package = _mlflow("save_model")
    if not isinstance(model, ModelBase):
        raise H2OTypeError(f"model must be a trained model, it is of type {type(model).__name__}")
    form = package.models.Model() if mlflow_model is None else mlflow_model
    form.add_flavor(FLAVOR, heavywater_version=__version__, data=f"data/{_FILE}")
    if signature is None:
        signature = _signature(model)
    requirements = pip_requirements
    if requirements is None and extra_pip_requirements is None:
        requirements = [f"heavywater=={__version__}"]
    with tempfile.TemporaryDirectory() as folder:
        file = download_model(model, folder, filename=_FILE)
        package.pyfunc.save_model(
            os.fspath(path), loader_module=__name__, data_path=file, mlflow_model=form, signature=signature or None,
            input_example=input_example, pip_requirements=requirements, extra_pip_requirements=extra_pip_requirements,
            metadata=metadata,
        )  # fmt: skip


def log_model(
    model: ModelBase,
    name: str = "model",
    run_id: str | None = None,
    registered_model_name: str | None = None,
    **options: Any,
) -> ModelInfo:
    """Log a model of MLflow.

    Parameters
    ----------
    model : ModelBase
        A trained model.
    name : str
        Of the logged model.
    run_id : str, optional
        The run; by default the active one, or a new one.
    registered_model_name : str, optional
        Register it under this name.
    **options
        As for `save_model`.

    Returns
    -------
    mlflow.models.model.ModelInfo
        Its ``model_uri`` is what `load_model` and ``mlflow models serve`` take.
    """
    package = _mlflow("log_model")
    return package.models.Model.log(
        artifact_path=None, name=name, flavor=_Flavor, run_id=run_id, registered_model_name=registered_model_name, model=model,
        **options,
    )  # fmt: skip


class _Flavor:
    """What MLflow asks for a flavour: a module, whose name it notes, with `save_model`."""

    __name__ = __name__
    save_model = staticmethod(save_model)


def load_model(model_uri: str, dst_path: str | None = None) -> ModelBase:
    """A model that was saved or logged in the form of MLflow, in the session.

    Parameters
    ----------
    model_uri : str
        A folder, ``runs:/<run>/model``, ``models:/<name>/<version>`` ...
    dst_path : str, optional
        Folder to download it to.

    Returns
    -------
    ModelBase
    """
    package = _mlflow("load_model")
    folder = package.artifacts.download_artifacts(artifact_uri=model_uri, dst_path=dst_path)
    told = package.models.Model.load(folder).flavors
    if FLAVOR not in told:
        raise H2OTypeError(f"model_uri={model_uri!r} has no flavour {FLAVOR!r}, but {', '.join(told)}")
    return _loaded(os.path.join(folder, told[FLAVOR]["data"]))


def _loaded(path: str) -> ModelBase:
    return upload_model(os.path.join(path, _FILE) if os.path.isdir(path) else path)


def _signature(model: ModelBase) -> Any:
    """Names of the columns that predictions are made of."""
    package = _mlflow("signature")
    types = package.types
    told = model._description
    offset = told["parameters"]["offset_column"]["actual"]
    names = [*(told["original_names"] or told["names"]), *([] if offset is None else [offset])]
    # of any type, as a frame of ours takes them: MLflow would refuse whole numbers where it is told of others
    inputs = [types.ColSpec(types.schema.AnyType(), name, required=False) for name in names]
    return package.models.ModelSignature(inputs=types.Schema(inputs))


class _Scoring:
    """A model as MLflow asks it."""

    def __init__(self, model: ModelBase) -> None:
        self.model = model

    def get_raw_model(self) -> ModelBase:
        """The model itself."""
        return self.model

    def predict(self, model_input: Any, params: Mapping[str, Any] | None = None) -> Any:
        """The predictions of rows as a data frame of pandas, with their index.

        Parameters
        ----------
        model_input : pandas.DataFrame, or data as for `H2OFrame`
        params : mapping, optional
            There are none; MLflow asks with this name.
        """
        return self.model.predict(model_input, output="pandas")


def _load_pyfunc(path: str) -> _Scoring:
    """Called by ``mlflow.pyfunc.load_model``."""
    return _Scoring(_loaded(path))
