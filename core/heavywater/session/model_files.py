"""Models as files and as bytes."""

from __future__ import annotations

from typing import Any

from ..deeplearning.model.custom_metric import CustomMetric
from ..deeplearning.model.model import DeepLearningModel
from ..engine.threads import resolve
from ..errors import InvalidArgument, ParseError
from ..export.c_source.c_writer import write_c
from ..export.limits import limits_of, remarks_on
from ..export.model_file import fingerprint, model_bytes, model_of_bytes, read_model, write_model
from ..export.mojo_details import details_text
from ..export.mojo_reader import read_mojo
from ..export.mojo_writer import mojo_of, write_mojo
from ..export.onnx.onnx_writer import write_onnx
from ..export.pipeline import Pipeline
from ..export.pojo_writer import pojo, write_pojo
from ..files import check_key, new_file
from ..frame.frame import Frame
from .metrics import Metrics, metric_key
from .model_protocol import ModelFiles
from .models import warned
from .runs import belonging_to
from .settings import Memory, Settings
from .store import Store
from .values import Description, Path

_HOLDOUT = "cross_validation_holdout_predictions_frame_id"


class ModelFileService(ModelFiles):
    """Writes the models of a store, and reads into it.

    Parameters
    ----------
    store : Store
    settings : Settings
    metrics : Metrics
    """

    def __init__(self, store: Store, settings: Settings, metrics: Metrics) -> None:
        self._store, self._settings, self._metrics = store, settings, metrics

    def _model(self, key: str) -> DeepLearningModel:
        return self._store.get(key, DeepLearningModel)

    def _threads(self) -> int:
        return resolve(self._settings.nthreads)

    # ---- our own format

    def save(self, model_key: str, path: Path, force: bool = False, *, predictions: bool = False) -> str:
        model = self._model(model_key)
        key = model.cross_validation.get(_HOLDOUT)
        frames = {key: self._store.frame(key)} if predictions and key in self._store.keys(Frame) else {}
        return write_model(model, path, force, frames)

    def load(self, path: Path) -> str:
        model, frames = read_model(path, self._threads())
        try:
            check_key(model.key)
        except InvalidArgument as error:
            raise ParseError(f"{path}: the name of the model in it is not allowed. {error}") from None
        if not set(frames) <= {model.cross_validation.get(_HOLDOUT)}:
            raise ParseError(f"{path}: the model file has frames that do not belong to the model")
        memory = Memory(self._store, self._settings)
        with self._store.lock:
            was = model.key
            model.key = self._store.key_for(was, DeepLearningModel)
            for name, frame in frames.items():
                usual, own = f"cv_holdout_prediction_{was}", f"cv_holdout_prediction_{model.key}"
                key = self._store.key_for(own, Frame) if name == usual == own else self._store.fresh_key(own)
                model.cross_validation[_HOLDOUT] = memory.admit(frame, key)
            return self._adopt(model)

    def _adopt(self, model: DeepLearningModel) -> str:
        """Store a model that comes from elsewhere, with what this session has of what belongs to it."""
        model.forget_all_but(belonging_to(model.key, self._store))
        metric = metric_key(model.parameters.custom_metric_func)
        if metric in self._store.keys(CustomMetric):
            model.custom_metric = self._store.get(metric, CustomMetric)
        return self._store.put(model, model.key)

    def to_bytes(self, model_key: str) -> bytes:
        return model_bytes(self._model(model_key))

    def from_bytes(self, content: bytes, custom_metric: Any = None) -> str:
        model = model_of_bytes(content, self._threads())
        here = self._store.keys(DeepLearningModel)
        if model.key in here and fingerprint(self._model(model.key)) == fingerprint(model):
            return model.key
        model.key = self._store.fresh_key(model.key)
        key = self._adopt(model)
        if custom_metric is not None:
            model.custom_metric = self._metrics.find(custom_metric, key)
        return key

    # ---- H2O's formats

    def save_details(self, model_key: str, path: Path, force: bool = False) -> str:
        model = self._model(model_key)
        text = details_text(model.description(), mojo_of(model)[0])
        with new_file(path, force) as (place, beside), open(beside, "w", encoding="utf-8") as out:
            out.write(text)
        return place

    def import_mojo(self, path: Path, key: str | None = None) -> str:
        if key is not None:
            self._store.check_kind(key, DeepLearningModel)
        key = key or self._store.fresh_key(f"Generic_model_{self._store.client.language}")
        return self._store.put(read_mojo(path, key, self._threads()), key)

    def save_mojo(self, model_key: str, path: Path, force: bool = False) -> str:
        return warned(write_mojo(self._model(model_key), path, force))

    def limits(self, model_key: str) -> Description:
        return limits_of(self._model(model_key))

    def save_onnx(self, model_key: str, path: Path, force: bool = False) -> str:
        return warned(write_onnx(self._model(model_key), path, force))

    def save_c(self, model_key: str, path: Path, force: bool = False, name: str | None = None) -> str:
        return warned(write_c(self._model(model_key), path, force, name))

    def save_pojo(self, model_key: str, folder: Path) -> str:
        model = self._model(model_key)
        remarks = remarks_on("POJO", Pipeline.of(model))
        return warned((write_pojo(model, folder), remarks))

    def pojo(self, model_key: str, name: str | None = None) -> str:
        model = self._model(model_key)
        remarks = remarks_on("POJO", Pipeline.of(model))
        return warned((pojo(model, name)[1], remarks))
