"""The model half of the session: training jobs, and questions to trained models."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from .errors import InvalidArgument, NotFound, NotSaved, ParseError, UnstableModel, warn
from .files import check_key, new_file, path_for
from .frame.frame import Frame
from .jobs import Job

if TYPE_CHECKING:
    from .deeplearning.model.custom_metric import CustomMetric
    from .deeplearning.model.model import DeepLearningModel
    from .deeplearning.parameters.context import TrainingContext
    from .deeplearning.parameters.validation import DeepLearningParameters
    from .deeplearning.training.cross_validation import CrossValidation
    from .deeplearning.training.prepared import Start
    from .deeplearning.training.trainer import Trainer
    from .export.saving import ModelExports
    from .session import LocalSession

T = TypeVar("T")
Array = np.ndarray[Any, np.dtype[Any]]


class ModelRequests:
    """Mixed into `LocalSession`, which owns the store."""

    def train(
        self: LocalSession, algo: str, parameters: dict[str, Any], *, x: list[str] | None, y: str | None,
        training_frame_key: str, validation_frame_key: str | None = None, threads: int | None = None,
    ) -> Job:  # fmt: skip
        """Check everything, then start training.

        Parameters
        ----------
        algo : str
            ``"deeplearning"``.
        parameters : dict
            What the user gave, frames and models by their keys.
        x, y : list of str, str
            Predictors (None: all other columns) and response.
        training_frame_key, validation_frame_key : str
        threads : int, optional
            Threads for this training; by default all of the session.

        Returns
        -------
        Job
            Its result is the model's key. Cancelled, it keeps the model trained so far.
        """
        from .deeplearning.model.model import DeepLearningModel
        from .deeplearning.parameters.context import TrainingContext
        from .deeplearning.parameters.table import check_value
        from .deeplearning.parameters.validation import validate
        from .deeplearning.training.checkpoint import with_known_levels

        if algo != "deeplearning":
            raise InvalidArgument(f"algo={algo!r}: only deeplearning is offered")
        frame = self.frame(training_frame_key)
        validation = None if validation_frame_key is None else self.frame(validation_frame_key)
        metric = self._metric(parameters.get("custom_metric_func"))
        if metric is not None:
            parameters = {**parameters, "custom_metric_func": metric[0]}
        if parameters.get("checkpoint") is not None:
            checkpoint = self._named_model("checkpoint", check_value("checkpoint", parameters["checkpoint"]))
            frame = with_known_levels(frame, checkpoint)
        context = TrainingContext(frame, x, y, validation)
        p, start = self._start(validate(parameters, context), context)
        self.check_memory(_training_bytes(frame, p) * _at_a_time(p, self.nthreads), "training")
        key = p.model_id or self._fresh_model_key()
        self.check_kind(key, DeepLearningModel)
        if p.export_checkpoints_dir is not None:
            path_for(p.export_checkpoints_dir, key)  # warns where the file gets another name

        def work(job: Job) -> str:
            return self._train(job, key, p, frame, validation, start, metric and metric[1], threads)

        return Job("deeplearning Model Build", work)

    def _fresh_model_key(self: LocalSession) -> str:
        """A key for a model without a name, unique also among those still in training."""
        with self._lock:
            self._counter += 1
            return f"DeepLearning_model_{self.client}_{int(1000 * self.start_time)}_{self._counter}"

    def _train(self: LocalSession, job: Job, key: str, p: DeepLearningParameters, frame: Frame, validation: Frame | None,
               start: Start, metric: CustomMetric | None, threads: int | None) -> str:  # fmt: skip
        from .deeplearning.parameters.fold_rules import is_cross_validated
        from .deeplearning.training.cross_validation import CrossValidation
        from .deeplearning.training.prepared import Prepared
        from .deeplearning.training.trainer import Progress, Trainer
        from .engine.threads import resolve
        from .export.saving import ModelExports

        threads, folds = threads or resolve(self.nthreads), None
        exports = ModelExports(p.export_checkpoints_dir, job)
        progress: Progress = job.update
        if is_cross_validated(p):
            folds = CrossValidation(key, p, frame, start, metric, threads, exports.add)
            p, progress = folds.run(job)
        trainer = Trainer(Prepared.of(p, frame, validation, start), threads=threads, progress=progress,
                          cancelled=lambda: job.cancel_requested, custom_metric=metric,
                          after_scoring=exports.while_training(key))  # fmt: skip
        try:
            trainer.run()
        except UnstableModel as error:
            trainer.finish_unstable(str(error))
            key = self._store(job, key, trainer, folds, exports)
            kept = f"{error} The weights before that are kept in model {key!r}."
            try:
                exports.finish(key)
            except NotSaved as unsaved:
                kept += f" {unsaved}"
            raise UnstableModel(kept) from None
        key = self._store(job, key, trainer, folds, exports)
        exports.finish(key)
        return key

    def _store(
        self: LocalSession, job: Job, key: str, trainer: Trainer, folds: CrossValidation | None, exports: ModelExports
    ) -> str:  # fmt: skip
        """Store the model of a training run, and what is to be kept of its folds; its key. Then save it."""
        from .deeplearning.model.model import DeepLearningModel
        from .deeplearning.training.result import model_of

        with self._lock:
            key = self.key_for(key, DeepLearningModel, lambda text: job.remark("model_id", text))
            model = model_of(key, trainer)
            for name, value in (folds.finish(model, trainer) if folds is not None else {}).items():
                try:
                    if isinstance(value, Frame):
                        self.put_frame(value, name)
                    else:
                        self.put(value, name)
                except InvalidArgument as error:  # something else has the name
                    job.remark(name, str(error))
            model.forget_all_but(self._of_model(key))
            self.put(model, key)
        exports.add(model)
        return key

    def _of_model(self: LocalSession, key: str) -> set[str]:
        """Keys of what belongs to the cross-validation of a model; a file could name anything."""
        from .deeplearning.model.model import DeepLearningModel

        models = {name for name in self.keys(DeepLearningModel) if name.startswith(f"{key}_cv_")}
        frames = (f"prediction_{key}_cv_", f"cv_holdout_prediction_{key}", f"cv_fold_assignment_{key}")
        return models | {name for name in self.keys(Frame) if name.startswith(frames)}

    # ---- what training starts from

    def _start(
        self: LocalSession, p: DeepLearningParameters, context: TrainingContext
    ) -> tuple[DeepLearningParameters, Start]:
        """Parameters made to fit the model that training starts from, and that start."""
        from .deeplearning.training.checkpoint import check_restart
        from .deeplearning.training.prepared import Start
        from .deeplearning.training.pretraining import check_pretrained

        if p.checkpoint is not None:
            checkpoint = self._named_model("checkpoint", p.checkpoint)
            return check_restart(p, context, checkpoint), Start(checkpoint=checkpoint)
        if p.pretrained_autoencoder is not None:
            pretrained = self._named_model("pretrained_autoencoder", p.pretrained_autoencoder)
            check_pretrained(p, pretrained)
            return p, Start(pretrained=pretrained)
        return p, Start([self._starting_pair(p, i) for i in range(len(p.hidden) + 1)])

    def _named_model(self: LocalSession, parameter: str, key: str) -> DeepLearningModel:
        if key not in self.models():
            raise NotFound(
                f"{parameter}={key!r}: there is no model of this name. Models are: "
                f"{', '.join(self.models()[:8]) or 'none'}. One on disk has to be loaded first (h2o.load_model)."
            )
        return self._model(key)

    def _metric(self: LocalSession, given: Any) -> tuple[str, CustomMetric] | None:
        """The metric that custom_metric_func stands for, and its name in the session."""
        if given is None:
            return None
        reference = given if isinstance(given, str) else self.put_metric(given)
        return reference, self.custom_metric(reference)

    def custom_metric(self: LocalSession, given: Any, model_key: str | None = None) -> CustomMetric:
        """The metric that a function or class makes, or that `put_metric` stored under the name it returned.

        Raises
        ------
        NotFound
            There is none of this name.
        InvalidArgument
            The model for which it is meant is an autoencoder.
        """
        from .deeplearning.model.custom_metric import CustomMetric

        if model_key is not None and self._model(model_key).spec.response is None:
            raise InvalidArgument(
                f"custom_metric_func={given!r}: a metric compares predictions with a response, and {model_key} is an "
                "autoencoder, which has none."
            )
        if not isinstance(given, str):
            return CustomMetric(given, getattr(given, "__name__", type(given).__name__))
        try:
            return self.get(_metric_key(given), CustomMetric)
        except NotFound:
            raise NotFound(
                f"custom_metric_func={given!r}: no metric was uploaded under this name. Give the function itself, or "
                "what h2o.upload_custom_metric returned."
            ) from None

    def put_metric(self: LocalSession, function: Any, key: str | None = None) -> str:
        """Store a metric of the user's own.

        Parameters
        ----------
        function : callable or class
            See `heavywater.deeplearning.model.custom_metric.CustomMetric`.
        key : str, optional
            Name of the metric; by default made from that of the function.

        Returns
        -------
        str
            What the parameter custom_metric_func takes, in H2O's form: ``python:<key>=<name of the function>``.
        """
        from .deeplearning.model.custom_metric import CustomMetric

        name = getattr(function, "__name__", type(function).__name__)
        metric = CustomMetric(function, key or name)
        with self._lock:
            key = self.put(metric, key or self.fresh_key(f"metrics_{name}"))
        return f"python:{key}={getattr(function, '__module__', None) or 'metrics'}.{name}"

    def _starting_pair(
        self: LocalSession, p: DeepLearningParameters, layer: int
    ) -> tuple[Array, Array] | None:
        """Starting weights and biases of a layer; used only when both are given."""
        given = (p.initial_weights, p.initial_biases)
        pair = [
            key for values in given if values and layer < len(values) and (key := values[layer]) is not None
        ]
        if len(pair) < 2:
            return None
        weights, biases = (_matrix(self.frame(key)) for key in pair)
        return weights, biases.reshape(-1)

    def import_model(self: LocalSession, path: str | os.PathLike[str], key: str | None = None) -> str:
        """Key of a model that H2O has written as MOJO.

        Parameters
        ----------
        path : str or path
            The zip file.
        key : str, optional
            Name of the new model; a model of this name is replaced, anything else is not.

        Raises
        ------
        ParseError
            No such file, no MOJO, damaged, or of a kind that cannot be imported.
        """
        from .deeplearning.model.model import DeepLearningModel
        from .engine.threads import resolve
        from .export.mojo_reader import read_mojo

        if key is not None:
            self.check_kind(key, DeepLearningModel)
        key = key or self.fresh_key(f"Generic_model_{self.client}")
        return self.put(read_mojo(path, key, resolve(self.nthreads)), key)

    def save_model(
        self: LocalSession, model_key: str, path: str | os.PathLike[str], force: bool = False, *,
        predictions: bool = False,
    ) -> str:  # fmt: skip
        """Save a model on disk.

        Parameters
        ----------
        model_key : str
        path : str or path
            The file.
        force : bool
            Replace a file that is there.
        predictions : bool
            Save the holdout predictions of its cross-validation, too, where they were kept.

        Returns
        -------
        str
            The absolute path.

        Raises
        ------
        InvalidArgument
            The file exists, or cannot be written.
        """
        from .export.model_file import write_model

        model = self._model(model_key)
        key = model.cross_validation.get("cross_validation_holdout_predictions_frame_id")
        frames = {key: self.frame(key)} if predictions and key in self.keys(Frame) else {}
        return write_model(model, path, force, frames)

    def load_model(self: LocalSession, path: str | os.PathLike[str]) -> str:
        """Key of a model loaded from disk: the one it had, whatever model had it here; a new one where it names no model.

        Raises
        ------
        ParseError
            No such file, no model, damaged, or written by a newer version.
        """
        from .deeplearning.model.model import DeepLearningModel
        from .engine.threads import resolve
        from .export.model_file import read_model

        model, frames = read_model(path, resolve(self.nthreads))
        try:
            check_key(model.key)
        except InvalidArgument as error:
            raise ParseError(f"{path}: the name of the model in it is not allowed. {error}") from None
        holdout = "cross_validation_holdout_predictions_frame_id"
        if not set(frames) <= {model.cross_validation.get(holdout)}:
            raise ParseError(f"{path}: the model file has frames that do not belong to the model")
        with self._lock:
            was = model.key
            model.key = self.key_for(was, DeepLearningModel)
            for name, frame in frames.items():
                usual, own = f"cv_holdout_prediction_{was}", f"cv_holdout_prediction_{model.key}"
                key = self.key_for(own, Frame) if name == usual == own else self.fresh_key(own)
                model.cross_validation[holdout] = self.put_frame(frame, key)
            return self._adopt(model)

    def _adopt(self: LocalSession, model: DeepLearningModel) -> str:
        """Store a model that comes from elsewhere, with what this session has of what belongs to it."""
        from .deeplearning.model.custom_metric import CustomMetric

        model.forget_all_but(self._of_model(model.key))
        metric = _metric_key(model.parameters.custom_metric_func)
        if metric in self.keys(CustomMetric):
            model.custom_metric = self.get(metric, CustomMetric)
        return self.put(model, model.key)

    def model_bytes(self: LocalSession, model_key: str) -> bytes:
        """A model as the content of a model file, for `restore_model`; objects that front ends save carry it."""
        from .export.model_file import model_bytes

        return model_bytes(self._model(model_key))

    def restore_model(self: LocalSession, content: bytes, custom_metric: Any = None) -> str:
        """Key of the model in the content of a model file.

        A model of the same name and content that is here already is that model. Where something else has the name, the
        model gets a new one.

        Parameters
        ----------
        content : bytes
        custom_metric : callable or class, optional
            The function behind its custom_metric_func, which no file holds.

        Raises
        ------
        ParseError
            The bytes are damaged, no model, or of a newer version.
        """
        from .engine.threads import resolve
        from .export.model_file import fingerprint, model_of_bytes

        model = model_of_bytes(content, resolve(self.nthreads))
        if model.key in self.models() and fingerprint(self._model(model.key)) == fingerprint(model):
            return model.key
        model.key = self.fresh_key(model.key)
        key = self._adopt(model)
        if custom_metric is not None:
            model.custom_metric = self.custom_metric(custom_metric, key)
        return key

    def save_model_details(
        self: LocalSession, model_key: str, path: str | os.PathLike[str], force: bool = False
    ) -> str:
        """Write what is told about a model (parameters, metrics, tables) as JSON in H2O's layout; the absolute path."""
        from .export.mojo_details import details_text
        from .export.mojo_writer import mojo_of

        model = self._model(model_key)
        text = details_text(model.description(), mojo_of(model)[0])
        with new_file(path, force) as (whole, beside), open(beside, "w", encoding="utf-8") as out:
            out.write(text)
        return whole

    def save_mojo(
        self: LocalSession, model_key: str, path: str | os.PathLike[str], force: bool = False
    ) -> str:
        """Write a model as MOJO, see `heavywater.export.mojo_writer.write_mojo`; returns the absolute path.

        Warns of what H2O's scorers will do otherwise.
        """
        from .export.mojo_writer import write_mojo

        return _warned(write_mojo(self._model(model_key), path, force))

    def save_pojo(self: LocalSession, model_key: str, folder: str | os.PathLike[str]) -> str:
        """Write a model as Java class, see `heavywater.export.pojo_writer.write_pojo`; returns the absolute path."""
        from .export.pojo_writer import write_pojo

        return write_pojo(self._model(model_key), folder)

    def pojo(self: LocalSession, model_key: str) -> str:
        """Source of a model as Java class."""
        from .export.pojo_writer import pojo

        return pojo(self._model(model_key))[1]

    # ---- questions to a model

    def _model(self: LocalSession, key: str) -> DeepLearningModel:
        from .deeplearning.model.model import DeepLearningModel

        return self.get(key, DeepLearningModel)

    def model(self, key: str) -> dict[str, Any]:
        """Description of a model: the one schema that front ends show."""
        return self._model(key).description()

    def models(self: LocalSession) -> list[str]:
        """Keys of all models."""
        from .deeplearning.model.model import DeepLearningModel

        return self.keys(DeepLearningModel)

    def reset_threshold(self: LocalSession, model_key: str, threshold: float) -> float:
        """Set the probability from which rows count as the second of two classes; returns that until now."""
        model = self._model(model_key)
        if model.parameters.category != "Binomial":
            raise InvalidArgument(
                f"reset_threshold: {model_key} is of the kind {model.parameters.category}; models of two classes have one."
            )
        if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
            raise InvalidArgument(
                f"reset_threshold: threshold={threshold!r} must be a number between 0 and 1."
            )
        before, model.label_threshold = model.threshold, float(threshold)
        return before

    def predict(self: LocalSession, model_key: str, frame_key: str) -> str:
        """Key of a frame with predictions. Warns, like all questions about a frame, of columns that had to be adapted."""
        return self.put_frame(_warned(self._model(model_key).predict(self.frame(frame_key))))

    def model_metrics(
        self: LocalSession, model_key: str, frame_key: str, auc_type: str | None = None, custom_metric: Any = None
    ) -> dict[str, Any]:  # fmt: skip
        """Metrics of a model on a frame; with another `auc_type` or `custom_metric` than the model's where given."""
        own = None if custom_metric is None else self.custom_metric(custom_metric, model_key)
        return _warned(self._model(model_key).metrics(self.frame(frame_key), auc_type, own))

    def make_metrics(
        self: LocalSession, predicted_key: str, actual_key: str, *, domain: Sequence[str] | None = None,
        distribution: str | None = None, weights_key: str | None = None, auc_type: str = "NONE",
    ) -> dict[str, Any]:  # fmt: skip
        """Metrics of predictions without a model, see `heavywater.deeplearning.model.evaluation`."""
        from .deeplearning.model.evaluation import metrics_of_frames

        weights = None if weights_key is None else self.frame(weights_key)
        return metrics_of_frames(
            self.frame(predicted_key), self.frame(actual_key), weights, domain=domain, distribution=distribution,
            auc_type=auc_type,
        )  # fmt: skip

    def weights(self: LocalSession, model_key: str, layer: int) -> str:
        """Key of a frame with the weights of a layer, one row per unit."""
        return self.put_frame(self._model(model_key).weights_frame(layer))

    def biases(self: LocalSession, model_key: str, layer: int) -> str:
        """Key of a frame with the biases of a layer."""
        return self.put_frame(self._model(model_key).biases_frame(layer))

    def deep_features(self: LocalSession, model_key: str, frame_key: str, layer: int | str) -> str:
        """Key of a frame with the activations of a hidden layer, given by number from 0 or name."""
        return self.put_frame(_warned(self._model(model_key).deep_features(self.frame(frame_key), layer)))

    def anomaly(self: LocalSession, model_key: str, frame_key: str, per_feature: bool = False) -> str:
        """Key of a frame with reconstruction errors of an autoencoder."""
        return self.put_frame(_warned(self._model(model_key).anomaly(self.frame(frame_key), per_feature)))


def _warned(found: tuple[T, list[str]]) -> T:
    """The result alone, its remarks given as warnings to who called the front end."""
    value, remarks = found
    for remark in remarks:
        warn(remark, RuntimeWarning)
    return value


def _metric_key(reference: str | None) -> str:
    """Key in the session of a metric by what `put_metric` returned."""
    return (reference or "").removeprefix("python:").partition("=")[0]


def _matrix(frame: Frame) -> Array:
    return np.stack([column.numbers() for column in frame.columns], axis=1)


def _training_bytes(frame: Frame, p: DeepLearningParameters) -> int:
    """Bytes a training run takes beside the frames: the compact copy, weights and optimiser state, a few snapshots."""
    inputs, total = len(p.predictors), 0
    for n in [*p.hidden, 10]:
        total += inputs * n
        inputs = n
    return sum(frame.column(name).nbytes for name in p.predictors) + 4 * 6 * total


def _at_a_time(p: DeepLearningParameters, threads: int) -> int:
    """How many networks a training call may train at the same time."""
    from .deeplearning.parameters.fold_rules import is_cross_validated

    return min(threads, p.nfolds or threads) if is_cross_validated(p) else 1
