"""scikit-learn's own checks of estimators, of which those that fail have a reason."""

import pytest
from h2o.sklearn import (
    H2OAutoEncoder,
    H2ODeepLearningClassifier,
    H2ODeepLearningRegressor,
    TabularNetClassifier,
    TabularNetRegressor,
    expected_failed_checks,
)
from sklearn.utils.estimator_checks import parametrize_with_checks

ESTIMATORS = [
    H2ODeepLearningClassifier(hidden=(10,), epochs=100),
    H2ODeepLearningRegressor(hidden=(10,), epochs=100),
    H2OAutoEncoder(hidden=(3,), epochs=2),
    TabularNetClassifier(hidden=(16,), epochs=30, mini_batch_size=8, ensemble_size=2, n_jobs=1),
    TabularNetRegressor(hidden=(16,), epochs=40, rate=0.01, mini_batch_size=8, ensemble_size=2, n_jobs=1),
]


@parametrize_with_checks(ESTIMATORS, expected_failed_checks=expected_failed_checks)
@pytest.mark.filterwarnings("ignore")
def test_checks_of_sklearn(estimator, check):
    check(estimator)
