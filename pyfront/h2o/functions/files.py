"""Models on disk."""

from __future__ import annotations

import os
from typing import Any

from heavywater.session import sent

from ..backend.connection import session
from ..estimators.estimator_base import H2OEstimator
from ..estimators.generic import H2OGenericEstimator
from ..estimators.loading import get_model
from ..exceptions import H2OTypeError
from ..model.model_base import ModelBase
from .exports import a_model

__all__ = ["download_model", "load_model", "save_model", "upload_model"]


def save_model(
    model: ModelBase,
    path: str = "",
    force: bool = False,
    export_cross_validation_predictions: bool = False,
    filename: str | None = None,
) -> str:
    """Save a model on the disk of the session: that of this machine, or of the node.

    The file holds everything but data: it predicts, and training can go on from it (`checkpoint`), in any later session.

    Parameters
    ----------
    model : ModelBase
        A trained model.
    path : str
        Folder, made where it does not exist; by default the working folder of the session.
    force : bool
        Replace a file that is there; it leaves its rights and owner, and links are followed. Whatever happens meanwhile,
        the old or the new one stands there.
    export_cross_validation_predictions : bool
        Save the holdout predictions of the cross-validation, too.
    filename : str, optional
        Name of the file; by default that of the model, with ``_`` for ``/``.

    Returns
    -------
    str
        The path of the file.

    Raises
    ------
    H2OValueError
        The file exists, or cannot be written.

    Examples
    --------
    >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1, model_id="flowers")
    >>> _ = model.train(y="class", training_frame=h2o.import_file("iris.csv"))
    >>> h2o.save_model(model, path="models", force=True)
    '...models/flowers'
    """
    return a_model(model)._save(path, force, bool(export_cross_validation_predictions), filename)


def download_model(
    model: ModelBase,
    path: str = "",
    export_cross_validation_predictions: bool = False,
    filename: str | None = None,
) -> str:
    """Save a model on the disk of this machine; a file that is there is replaced.

    In one process it is the same as `save_model` with ``force=True``, which saves on the disk of the session.

    Parameters
    ----------
    model, path, export_cross_validation_predictions, filename
        As for `save_model`.

    Returns
    -------
    str
        The path of the file.

    Examples
    --------
    >>> path = h2o.download_model(model, filename="flowers.model")
    >>> h2o.upload_model(path).type
    'classifier'
    """
    return a_model(model)._download(path, bool(export_cross_validation_predictions), filename)


def load_model(path: str) -> H2OEstimator | H2OGenericEstimator:
    """Load a model that `save_model` has written.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    H2OEstimator or H2OGenericEstimator
        The model, under the name it had; under a new one, with a warning, where that names a frame or a grid here.

    Raises
    ------
    ParseError
        No such file, no model, damaged, or written by a newer version.

    Examples
    --------
    >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1, model_id="flowers")
    >>> _ = model.train(y="class", training_frame=h2o.import_file("iris.csv"))
    >>> path = h2o.save_model(model, path="models", force=True)
    >>> h2o.remove(model)
    >>> h2o.load_model(path).model_id
    'flowers'
    """
    check_path(path)
    return get_model(session().model_files.load(path))


def check_path(path: Any) -> None:
    """Refuse what can be no name of a file."""
    if not isinstance(path, str | os.PathLike):
        raise H2OTypeError(f"path={path!r} must be the name of a file, it is of type {type(path).__name__}")


def upload_model(path: str) -> H2OEstimator | H2OGenericEstimator:
    """Load a model from a file of this machine, which is sent to the session where that is at a node; see `load_model`.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    H2OEstimator or H2OGenericEstimator

    Raises
    ------
    ParseError
        No such file, no model, damaged, or written by a newer version.

    Examples
    --------
    >>> h2o.upload_model(h2o.download_model(model, filename="again.model")).type
    'classifier'
    """
    check_path(path)
    with sent(session(), path, whole=True) as found:
        return load_model(found)
