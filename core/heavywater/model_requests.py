"""The model half of the session: training jobs, and questions to trained models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import InvalidArgument, UnstableModel
from .frame.frame import Frame
from .jobs import Job

if TYPE_CHECKING:
    from .deeplearning.model import DeepLearningModel
    from .deeplearning.validation import DeepLearningParameters
    from .session import LocalSession

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
        key = p.model_id or self.fresh_key("DeepLearning_model_python")

        def work(job: Job) -> str:
            return self._train(job, key, p, frame, validation, given)

        return Job("deeplearning Model Build", work)

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

    def _starting_pair(self: LocalSession, p: DeepLearningParameters, layer: int) -> tuple[Array, Array] | None:
        """Starting weights and biases of a layer; used only when both are given."""
        pair = [values[layer] if values and layer < len(values) else None for values in (p.initial_weights, p.initial_biases)]
        if pair[0] is None or pair[1] is None:
            return None
        weights, biases = (_matrix(self.frame(key)) for key in pair)
        return weights, biases.reshape(-1)

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
        """Predict a frame; the key of the predictions. Warns about columns that had to be adapted."""
        import warnings

        found, remarks = self._model(model_key).predict(self.frame(frame_key))
        for remark in remarks:
            warnings.warn(remark, RuntimeWarning, stacklevel=3)
        return self.put_frame(found)

    def model_metrics(self: LocalSession, model_key: str, frame_key: str) -> dict[str, Any]:
        """Metrics of a model on a frame."""
        return self._model(model_key).metrics(self.frame(frame_key))

    def weights(self: LocalSession, model_key: str, layer: int) -> str:
        """Key of a frame with the weights of a layer, one row per unit."""
        return self.put_frame(self._model(model_key).weights_frame(layer))

    def biases(self: LocalSession, model_key: str, layer: int) -> str:
        """Key of a frame with the biases of a layer."""
        return self.put_frame(self._model(model_key).biases_frame(layer))

    def deep_features(self: LocalSession, model_key: str, frame_key: str, layer: int) -> str:
        """Key of a frame with the activations of a hidden layer."""
        return self.put_frame(self._model(model_key).deep_features(self.frame(frame_key), layer))

    def anomaly(self: LocalSession, model_key: str, frame_key: str, per_feature: bool = False) -> str:
        """Key of a frame with reconstruction errors of an autoencoder."""
        return self.put_frame(self._model(model_key).anomaly(self.frame(frame_key), per_feature))


def _matrix(frame: Frame) -> Array:
    return np.stack([column.numbers() for column in frame.columns], axis=1)


def _training_bytes(frame: Frame, p: DeepLearningParameters) -> int:
    """Bytes a training run takes beside the frames: the compact copy, weights and optimiser state, a few snapshots."""
    inputs, total = len(p.predictors), 0
    for n in [*p.hidden, 10]:
        total += inputs * n
        inputs = n
    return sum(frame.column(name).nbytes for name in p.predictors) + 4 * 6 * total
