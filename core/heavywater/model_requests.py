"""The model half of the session: training jobs, and questions to trained models."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from .errors import InvalidArgument, UnstableModel
from .frame.frame import Frame
from .jobs import Job

if TYPE_CHECKING:
    from .deeplearning.model import DeepLearningModel
    from .deeplearning.validation import DeepLearningParameters
    from .session import LocalSession

T = TypeVar("T")
Array = np.ndarray[Any, np.dtype[Any]]


class ModelRequests:
    """Mixed into `LocalSession`, which owns the store."""

    def train(
        self: LocalSession, algo: str, parameters: dict[str, Any], *, x: list[str] | None, y: str | None,
        training_frame_key: str, validation_frame_key: str | None = None,
    ) -> Job:  # fmt: skip
        """Check everything, then start training.

        Parameters
        ----------
        algo : str
            ``"deeplearning"``.
        parameters : dict
            What the user gave, frames by their keys.
        x, y : list of str, str
            Predictors (None: all other columns) and response.
        training_frame_key, validation_frame_key : str

        Returns
        -------
        Job
            Its result is the model's key. Cancelled, it keeps the model trained so far.
        """
        from .deeplearning.context import TrainingContext
        from .deeplearning.validation import validate

        if algo != "deeplearning":
            raise InvalidArgument(f"algo={algo!r}: only deeplearning is offered")
        frame = self.frame(training_frame_key)
        validation = None if validation_frame_key is None else self.frame(validation_frame_key)
        p = validate(parameters, TrainingContext(frame, x, y, validation))
        given = [self._starting_pair(p, i) for i in range(len(p.hidden) + 1)]
        self.check_memory(_training_bytes(frame, p), "training")
        key = p.model_id or self._fresh_model_key()

        def work(job: Job) -> str:
            return self._train(job, key, p, frame, validation, given)

        return Job("deeplearning Model Build", work)

    def _fresh_model_key(self: LocalSession) -> str:
        """A key for a model without a name, unique also among those still in training."""
        with self._lock:
            self._counter += 1
            return f"DeepLearning_model_python_{int(1000 * self.start_time)}_{self._counter}"

    def _train(self: LocalSession, job: Job, key: str, p: DeepLearningParameters, frame: Frame, validation: Frame | None,
               given: list[tuple[Array, Array] | None]) -> str:  # fmt: skip
        from .deeplearning.model import DeepLearningModel
        from .deeplearning.trainer import Trainer
        from .engine.threads import resolve

        trainer = Trainer(p, frame, validation, threads=resolve(self.nthreads), given=given, progress=job.update,
                          cancelled=lambda: job.cancel_requested)  # fmt: skip
        try:
            trainer.run()
        except UnstableModel as error:
            trainer.finish_unstable(str(error))
            self.put(DeepLearningModel.of(key, trainer), key)
            raise UnstableModel(f"{error} The weights before that are kept in model {key!r}.") from None
        return self.put(DeepLearningModel.of(key, trainer), key)

    def _starting_pair(
        self: LocalSession, p: DeepLearningParameters, layer: int
    ) -> tuple[Array, Array] | None:
        """Starting weights and biases of a layer; used only when both are given."""
        given = (p.initial_weights, p.initial_biases)
        pair = [
            values[layer] for values in given if values and layer < len(values) and values[layer] is not None
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
            Name of the new model.

        Raises
        ------
        ParseError
            No such file, no MOJO, damaged, or of a kind that cannot be imported.
        """
        from .engine.threads import resolve
        from .export.mojo_reader import read_mojo

        key = key or self.fresh_key("Generic_model_python")
        return self.put(read_mojo(path, key, resolve(self.nthreads)), key)

    # ---- questions to a model

    def _model(self: LocalSession, key: str) -> DeepLearningModel:
        from .deeplearning.model import DeepLearningModel

        return self.get(key, DeepLearningModel)

    def model(self, key: str) -> dict[str, Any]:
        """Description of a model: the one schema that front ends show."""
        return self._model(key).description()

    def models(self: LocalSession) -> list[str]:
        """Keys of all models."""
        from .deeplearning.model import DeepLearningModel

        return self.keys(DeepLearningModel)

    def predict(self: LocalSession, model_key: str, frame_key: str) -> str:
        """Key of a frame with predictions. Warns, like all questions about a frame, of columns that had to be adapted."""
        return self.put_frame(_warned(self._model(model_key).predict(self.frame(frame_key))))

    def model_metrics(self: LocalSession, model_key: str, frame_key: str) -> dict[str, Any]:
        """Metrics of a model on a frame."""
        return _warned(self._model(model_key).metrics(self.frame(frame_key)))

    def make_metrics(
        self: LocalSession, predicted_key: str, actual_key: str, *, domain: Sequence[str] | None = None,
        distribution: str | None = None, weights_key: str | None = None, auc_type: str = "NONE",
    ) -> dict[str, Any]:  # fmt: skip
        """Metrics of predictions without a model, see `heavywater.deeplearning.evaluation`."""
        from .deeplearning.evaluation import metrics_of_frames

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

    def deep_features(self: LocalSession, model_key: str, frame_key: str, layer: int) -> str:
        """Key of a frame with the activations of a hidden layer."""
        return self.put_frame(_warned(self._model(model_key).deep_features(self.frame(frame_key), layer)))

    def anomaly(self: LocalSession, model_key: str, frame_key: str, per_feature: bool = False) -> str:
        """Key of a frame with reconstruction errors of an autoencoder."""
        return self.put_frame(_warned(self._model(model_key).anomaly(self.frame(frame_key), per_feature)))


def _warned(found: tuple[T, list[str]]) -> T:
    """The result alone, its remarks given as warnings to who called the front end."""
    value, remarks = found
    for remark in remarks:
        warnings.warn(remark, RuntimeWarning, stacklevel=4)
    return value


def _matrix(frame: Frame) -> Array:
    return np.stack([column.numbers() for column in frame.columns], axis=1)


def _training_bytes(frame: Frame, p: DeepLearningParameters) -> int:
    """Bytes a training run takes beside the frames: the compact copy, weights and optimiser state, a few snapshots."""
    inputs, total = len(p.predictors), 0
    for n in [*p.hidden, 10]:
        total += inputs * n
        inputs = n
    return sum(frame.column(name).nbytes for name in p.predictors) + 4 * 6 * total
