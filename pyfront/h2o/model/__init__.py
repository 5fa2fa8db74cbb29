"""Trained models and their metrics."""

from h2o.model.confusion_matrix import ConfusionMatrix
from h2o.model.metrics import (
    H2OAutoEncoderModelMetrics,
    H2OBinomialModelMetrics,
    H2OMultinomialModelMetrics,
    H2ORegressionModelMetrics,
    MetricsBase,
)
from h2o.model.model_base import ModelBase

__all__ = [
    "ConfusionMatrix",
    "H2OAutoEncoderModelMetrics",
    "H2OBinomialModelMetrics",
    "H2OMultinomialModelMetrics",
    "H2ORegressionModelMetrics",
    "MetricsBase",
    "ModelBase",
]
