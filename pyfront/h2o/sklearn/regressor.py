"""Regression."""

# scikit-learn has no types; each method states what it gives.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from inspect import cleandoc
from typing import Any, Self

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils import check_array, check_consistent_length
from sklearn.utils.validation import check_is_fitted

from ..exceptions import H2OValueError
from .containers import Features, fresh, target_of, weights_of
from .estimator import DeepLearning
from .regressor_signature import RegressorSignature


class Regressor(RegressorMixin, DeepLearning):
    """What regressors of any signature do."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train the network.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)
            In a data frame texts and categories are factors; missing cells are allowed.
        y : array (rows,)
            Numbers. For several responses see `sklearn.multioutput.MultiOutputRegressor`.
        sample_weight : array (rows,), optional
            A row of weight 2 counts like two equal rows, a row of weight 0 not at all.

        Returns
        -------
        Self
            This object.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningRegressor
        >>> net = H2ODeepLearningRegressor(hidden=[3], epochs=1, random_state=1).fit([[0.0], [1.0]] * 5, [0.0, 1.0] * 5)
        """
        again = self._goes_on()
        features = self._begun(X, reset=not again)
        weights = weights_of(sample_weight, features.rows)
        return self._learn(features, _response(y, features), weights, again=again)

    def predict(self, X: Any) -> np.ndarray[Any, np.dtype[Any]]:
        """The predicted numbers.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)

        Returns
        -------
        float array (rows,)
            Of a network for several quantiles what its model calls its prediction; see `predict_quantiles`.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningRegressor
        >>> net = H2ODeepLearningRegressor(hidden=[3], epochs=1, random_state=1).fit([[0.0], [1.0]] * 5, [0.0, 1.0] * 5)
        >>> net.predict([[0.5], [2.0]]).shape
        (2,)
        """
        return self._asked("predict", X, columns=[0])[:, 0]

    def predict_quantiles(self, X: Any) -> np.ndarray[Any, np.dtype[Any]]:
        """The quantiles of `quantile_alpha`, where the network was trained with ``distribution="quantile"`` for several.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)

        Returns
        -------
        float array (rows, quantiles)
            In the order of the quantiles, none below the one before.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningRegressor
        >>> net = H2ODeepLearningRegressor(hidden=[3], epochs=1, distribution="quantile", quantile_alpha=[0.1, 0.9], random_state=1)
        >>> net.fit([[0.0], [1.0]] * 5, [0.0, 1.0] * 5).predict_quantiles([[0.5]]).shape
        (1, 2)
        """
        check_is_fitted(self)
        given = self._model().actual_params["quantile_alpha"]
        if self._model().actual_params["distribution"] != "quantile" or not isinstance(given, list | tuple):
            raise H2OValueError(
                f"predict_quantiles needs distribution='quantile' and a list of quantiles, the network has "
                f"distribution={self._model().actual_params['distribution']!r}, quantile_alpha={given!r}"
            )
        return self._asked("predict", X, columns=list(range(1, len(given) + 1)))


class H2ODeepLearningRegressor(RegressorSignature, Regressor):  # noqa: D101 - it is put together
    __doc__ = cleandoc(
        """A multi-layer feed-forward neural network that predicts numbers, as estimator of scikit-learn.

        It learns, and is asked, in the session of `h2o.init`, which begins by itself.

        Attributes
        ----------
        n_features_in_ : int
        feature_names_in_ : array of str (features,)
            Where X has names.
        model_ : H2ODeepLearningEstimator
            The trained model of H2O.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningRegressor
        >>> from sklearn.datasets import load_diabetes
        >>> X, y = load_diabetes(return_X_y=True, as_frame=True)
        >>> net = H2ODeepLearningRegressor(hidden=(10,), epochs=20, random_state=1).fit(X, y)
        >>> net.score(X, y) > 0.4
        True
        """
    )
    __doc__ += "\n" + cleandoc(RegressorSignature.__doc__ or "").partition("\n")[2]

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Pass once over some rows, and go on from there with the next call.

        Scaling, also that of the response, and levels of factors are those of the first rows.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)
        y : array (rows,)
        sample_weight : array (rows,), optional

        Returns
        -------
        Self
            This object.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningRegressor
        >>> net = H2ODeepLearningRegressor(hidden=[3], random_state=1)
        >>> for part in range(2):
        ...     _ = net.partial_fit([[0.0], [1.0]], [0.0, 1.0])
        """
        self._no_early_stopping()
        again = self.__sklearn_is_fitted__()
        features = self._begun(X, reset=not again)
        weights = weights_of(sample_weight, features.rows)
        return self._learn(features, _response(y, features), weights, again=again, one_pass=True)


def _response(y: Any, features: Features) -> tuple[str, Any]:
    if y is None:
        raise H2OValueError("y is missing: a regressor requires y to be passed, but the target y is None")
    numbers, name = target_of(y)
    numbers = check_array(numbers, ensure_2d=False, input_name="y", ensure_min_samples=0)
    check_consistent_length(np.empty(features.rows), numbers)
    return fresh(name or "response", features.names), numbers.astype(np.float64)
