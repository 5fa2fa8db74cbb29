"""Classes by which scripts ask what kind of model they have: ``isinstance(model, H2OBinomialModel)``.

An estimator is the model it has trained, whatever its kind turned out to be, so no object is made from these classes;
what they hold is their name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..elsewhere.stand_ins import names_of
from .model_base import ModelBase

__all__ = [
    "H2OAnomalyDetectionModel",
    "H2OAutoEncoderModel",
    "H2OBinomialModel",
    "H2OBinomialUpliftModel",
    "H2OClusteringModel",
    "H2OCoxPHModel",
    "H2ODimReductionModel",
    "H2OMultinomialModel",
    "H2OOrdinalModel",
    "H2ORegressionModel",
    "H2OWordEmbeddingModel",
]


class _Kind(type):
    """Decides by the category of a trained model."""

    category: str

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, ModelBase) and instance._is_of(cls.category)


class H2OBinomialModel(ModelBase, metaclass=_Kind):
    """A model of two classes."""

    category = "Binomial"


class H2OMultinomialModel(ModelBase, metaclass=_Kind):
    """A model of more than two classes."""

    category = "Multinomial"


class H2ORegressionModel(ModelBase, metaclass=_Kind):
    """A model of a number."""

    category = "Regression"


class H2OAutoEncoderModel(ModelBase, metaclass=_Kind):
    """A model of its own inputs."""

    category = "AutoEncoder"


class H2OAnomalyDetectionModel(ModelBase, metaclass=_Kind):
    """A model of H2O's isolation forests; Deep Learning gives none."""

    category = "AnomalyDetection"


class H2OBinomialUpliftModel(ModelBase, metaclass=_Kind):
    """A model of H2O's uplift forests; Deep Learning gives none."""

    category = "BinomialUplift"


class H2OClusteringModel(ModelBase, metaclass=_Kind):
    """A model of groups of rows; Deep Learning gives none."""

    category = "Clustering"


class H2OCoxPHModel(ModelBase, metaclass=_Kind):
    """A model of survival times; Deep Learning gives none."""

    category = "CoxPH"


class H2ODimReductionModel(ModelBase, metaclass=_Kind):
    """A model of principal components; Deep Learning gives none."""

    category = "DimReduction"


class H2OOrdinalModel(ModelBase, metaclass=_Kind):
    """A model of ordered classes; Deep Learning gives none."""

    category = "Ordinal"


class H2OWordEmbeddingModel(ModelBase, metaclass=_Kind):
    """A model of words; Deep Learning gives none."""

    category = "WordEmbedding"


if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
