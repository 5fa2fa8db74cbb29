"""Models that were trained elsewhere and come from a file."""

from __future__ import annotations

import os
from typing import Any

from ..backend.connection import session
from ..exceptions import H2OTypeError, H2OValueError
from ..model.model_base import ModelBase

__all__ = ["H2OGenericEstimator"]


class H2OGenericEstimator(ModelBase):
    """A Deep Learning model that H2O has written as MOJO.

    `train` reads it, after which the object is the model: it predicts, gives deep features and anomalies, and answers
    for the metrics that the file tells.

    Parameters
    ----------
    model_id : str, optional
        Name for the model; a new one is made up when absent.
    model_key : str or list of str, optional
        The file as `h2o.import_file(path, parse=False)` names it or `h2o.get_frame` gives it, or the name of a model of
        the session.
    path : str, optional
        The zip file; one of `model_key` and `path` is needed.

    Examples
    --------
    >>> iris = h2o.import_file("iris.csv")
    >>> trained = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1)
    >>> _ = trained.train(y="class", training_frame=iris)
    >>> model = H2OGenericEstimator.from_file(trained.download_mojo("model.zip"))
    >>> model.predict(iris).nrow
    150
    """

    algo = "generic"

    def __init__(self, model_id: str | None = None, model_key: Any = None, path: Any = None) -> None:
        super().__init__()
        self._id = model_id
        self.model_key = model_key
        self.path = path

    @classmethod
    def from_file(cls, file: Any, model_id: str | None = None) -> H2OGenericEstimator:
        """Read a model from a file.

        Parameters
        ----------
        file : str
            The zip file.
        model_id : str, optional
            Name for the model.

        Returns
        -------
        H2OGenericEstimator

        Examples
        --------
        >>> h2o.H2OGenericEstimator.from_file(model.download_mojo("generic.zip")).type
        'classifier'
        """
        return cls(model_id=model_id, path=file).train()

    def train(self) -> H2OGenericEstimator:
        """Read the model and return this object, which then is the model.

        Returns
        -------
        H2OGenericEstimator
            This object.

        Examples
        --------
        >>> read = h2o.H2OGenericEstimator(path=model.download_mojo("generic.zip"))
        >>> read.train().type
        'classifier'
        """
        if (self.model_key is None) == (self.path is None):
            raise H2OValueError("H2OGenericEstimator needs one of model_key and path: the file of the model")
        source = self.path if self.path is not None else _source(self.model_key)
        if self.path is None and source in session().objects.keys("model"):
            self._load(source)
        else:
            self._load(session().model_files.import_mojo(source, self._id))
        return self

    def _fold_model(self, key: str) -> H2OGenericEstimator:
        return H2OGenericEstimator(model_key=key).train()


def _source(model_key: Any) -> str:
    """Name of the model or file that a key, or a list with one, stands for."""
    if isinstance(model_key, list | tuple) and len(model_key) == 1:
        model_key = model_key[0]
    if isinstance(model_key, ModelBase):
        model_key = model_key.model_id
    elif hasattr(model_key, "frame_id"):
        model_key = model_key.frame_id
    if not isinstance(model_key, str | os.PathLike):
        raise H2OTypeError(
            f"model_key={model_key!r} must be the name of a file or of a model; import a MOJO with h2o.import_mojo"
        )
    return os.fspath(model_key)
