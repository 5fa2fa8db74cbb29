"""Trained models and their metrics."""

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from .confusion_matrix import ConfusionMatrix
from .kinds import (
    H2OAnomalyDetectionModel,
    H2OAutoEncoderModel,
    H2OBinomialModel,
    H2OBinomialUpliftModel,
    H2OClusteringModel,
    H2OCoxPHModel,
    H2ODimReductionModel,
    H2OMultinomialModel,
    H2OOrdinalModel,
    H2ORegressionModel,
    H2OWordEmbeddingModel,
)
from .metrics_base import (
    H2OAutoEncoderModelMetrics,
    H2OBinomialModelMetrics,
    H2OMultinomialModelMetrics,
    H2ORegressionModelMetrics,
    MetricsBase,
)
from .model_base import ModelBase
from .segment_models import H2OSegmentModels

__all__ = [
    "ConfusionMatrix",
    "H2OAnomalyDetectionModel",
    "H2OAutoEncoderModel",
    "H2OAutoEncoderModelMetrics",
    "H2OBinomialModel",
    "H2OBinomialModelMetrics",
    "H2OBinomialUpliftModel",
    "H2OClusteringModel",
    "H2OCoxPHModel",
    "H2ODimReductionModel",
    "H2OMultinomialModel",
    "H2OMultinomialModelMetrics",
    "H2OOrdinalModel",
    "H2ORegressionModel",
    "H2ORegressionModelMetrics",
    "H2OSegmentModels",
    "H2OWordEmbeddingModel",
    "MetricsBase",
    "ModelBase",
]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
