"""Trained models and their metrics.

``model_base``   ModelBase, made of the mixins below; estimators are such models, too
``facts``        when and with which parameters it was trained
``description``  what the session says of a model, as scripts look for it    ``kinds``  classes by which they ask what it is
``accessors``    metrics chosen by train, valid and xval                     ``segment_models``  the models of the segments of a frame
``scoring``      what is said of each row: predictions, features, errors     ``answers``  types of what is answered
``questions``    importances and contributions, in numbers                   ``fairness``  groups of rows
``dependence``   drawn: partial dependence, single rows                      ``explanations``  contributions, a page of all there is
``cross_validation``  the models of the folds
``plots``        scores, importances, residuals drawn                        ``files``  a model as a file, in all formats
``card``         what a model shows of itself                                ``display_items``  paragraphs and tables as text and HTML

``metrics``      all kinds of metrics, and which one fits a model: ``common_metrics``, ``binomial_metrics``, ``confusion_matrix``
``metrics_base`` where H2O has their classes          ``regression``   scores of numbers without a model
"""

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
