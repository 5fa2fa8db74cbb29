"""Estimators: objects with parameters that become a model by training.

``deeplearning``    H2ODeepLearningEstimator, H2OAutoEncoderEstimator    ``generic``  imported models
``estimator_base``  parameters and training    ``loading``  a model of the session as the estimator that it is
``parameter_attribute``  parameters as attributes; ``deeplearning_signature`` and ``choices`` (names that they take) are made from the table
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from .deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from .estimator_base import H2OEstimator
from .generic import H2OGenericEstimator
from .loading import get_model

__all__ = [
    "H2OAutoEncoderEstimator",
    "H2ODeepLearningEstimator",
    "H2OEstimator",
    "H2OGenericEstimator",
    "get_model",
]


if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
