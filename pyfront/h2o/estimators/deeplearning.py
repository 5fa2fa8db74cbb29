"""Estimators of Deep Learning."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

from ..backend.connection import session
from .deeplearning_signature import DeepLearningSignature

__all__ = ["H2OAutoEncoderEstimator", "H2ODeepLearningEstimator"]


# What follows the first line; from Python 3.13 on the compiler takes the indentation away, before it does not.
_PARAMETERS = "\n" + cleandoc(DeepLearningSignature.__doc__ or "").partition("\n")[2]


class H2ODeepLearningEstimator(DeepLearningSignature):  # noqa: D101 - it is put together
    __doc__ = cleandoc(
        """A multi-layer feed-forward neural network.

        Parameters are checked when they are given; combinations and what depends on the data are
        checked when training begins. `train` fits the network, after which the object is the model: it predicts
        and answers for its metrics.

        Examples
        --------
        >>> train, test = h2o.import_file("iris.csv").split_frame([0.8], seed=1)
        >>> model = H2ODeepLearningEstimator(hidden=[32, 32], activation="RectifierWithDropout", epochs=10, seed=1)
        >>> _ = model.train(y="class", training_frame=train, validation_frame=test)
        >>> model.predict(test).nrow == test.nrow
        True
        """
    )
    __doc__ += _PARAMETERS

    def _fold_model(self, key: str) -> H2ODeepLearningEstimator:
        return trained(key, session().models.describe(key))


class H2OAutoEncoderEstimator(H2ODeepLearningEstimator):
    """A network that learns to reproduce its inputs.

    The parameters are those of `H2ODeepLearningEstimator`; `autoencoder` is always True. `anomaly` gives the
    reconstruction error of new rows, `deepfeatures` the values of a hidden layer.

    Examples
    --------
    >>> iris = h2o.import_file("iris.csv")
    >>> coder = h2o.H2OAutoEncoderEstimator(hidden=[2], epochs=1, seed=1)
    >>> _ = coder.train(x=iris.names[:4], training_frame=iris)
    >>> coder.anomaly(iris).names, coder.deepfeatures(iris, 0).ncol
    (['Reconstruction.MSE'], 2)
    """

    _fixed = {"autoencoder": True}  # noqa: RUF012 (a constant)


def trained(key: str, description: Mapping[str, Any]) -> H2ODeepLearningEstimator:
    """The estimator that already is a model trained here; its parameters are those the model was trained with."""
    roles = ("training_frame", "validation_frame", "response_column", "model_id")
    parameters = {
        name: each["input"] for name, each in description["parameters"].items() if name not in roles
    }
    estimator = H2OAutoEncoderEstimator if parameters["autoencoder"] else H2ODeepLearningEstimator
    model = estimator(**parameters)
    model._named = set()  # the description tells defaults, too
    model._load(key)
    return model
