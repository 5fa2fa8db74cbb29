"""Deep Learning as estimators of scikit-learn (1.6 or later), whose tools then work with it: pipelines, searches, plots.

``classifier``, ``regressor``, ``autoencoder``  the estimators, with H2O's defaults
``tabular``     those whose default is the preset for tables
``estimator``   what they share: how parameters, rows and a model of H2O come together
``classifier_signature``, ``regressor_signature``, ``autoencoder_signature``, ``tabular_classifier_signature``,
``tabular_regressor_signature``  their constructors, made from the table of parameters
``containers``  what is given as X, y and sample_weight, as columns of a frame
``holding``     models that go away with the estimators that trained them
``sharing``     the session, and the threads that a fit may have among others
``expected_failures``  checks of scikit-learn that they cannot pass

See docs/scikit-learn.md for the parameters beside those of MLPClassifier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from sklearn.utils.validation import validate_data as _  # noqa: F401 - it came with 1.6
except ImportError as error:
    raise ImportError(
        "h2o.sklearn needs scikit-learn 1.6 or later: pip install 'heavywater[sklearn]'"
    ) from error

from ..elsewhere.stand_ins import names_of
from .autoencoder import H2OAutoEncoder
from .classifier import H2ODeepLearningClassifier
from .expected_failures import expected_failed_checks
from .regressor import H2ODeepLearningRegressor
from .tabular import TabularNetClassifier, TabularNetRegressor

#: H2O-3's name
H2OAutoEncoderEstimator = H2OAutoEncoder

__all__ = [
    "H2OAutoEncoder",
    "H2OAutoEncoderEstimator",
    "H2ODeepLearningClassifier",
    "H2ODeepLearningRegressor",
    "TabularNetClassifier",
    "TabularNetRegressor",
    "expected_failed_checks",
]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
