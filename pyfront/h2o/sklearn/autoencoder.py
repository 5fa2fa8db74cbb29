"""Features that a network finds by itself, and how well it knows a row again."""

# scikit-learn has no types; each method states what it gives.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin

from ..estimators.deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from ..exceptions import H2OTypeError, H2OValueError
from .autoencoder_signature import AutoEncoderSignature
from .estimator import DeepLearning

if TYPE_CHECKING:
    import pandas
    import polars


class H2OAutoEncoder(  # noqa: D101 - it is put together
    AutoEncoderSignature, ClassNamePrefixFeaturesOutMixin, TransformerMixin, DeepLearning
):
    __doc__ = cleandoc(
        """A network that learns to reproduce its inputs, as transformer of scikit-learn.

        `transform` gives the values of a hidden layer, `score_samples` how far the reconstruction of a row is from the row.

        Attributes
        ----------
        n_features_in_ : int
        feature_names_in_ : array of str (features,)
            Where X has names.
        model_ : H2OAutoEncoderEstimator
            The trained model of H2O.

        Examples
        --------
        >>> from h2o.sklearn import H2OAutoEncoder
        >>> from sklearn.datasets import load_iris
        >>> X = load_iris(as_frame=True).data
        >>> coder = H2OAutoEncoder(hidden=(8, 2, 8), activation="Tanh", epochs=5, random_state=1).fit(X)
        >>> coder.transform(X).shape, coder.score_samples(X).shape
        ((150, 2), (150,))
        """
    )
    __doc__ += "\n" + cleandoc(AutoEncoderSignature.__doc__ or "").partition("\n")[2]

    def fit(self, X: Any, y: Any = None) -> Self:
        """Train the network.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)
        y : object
            Not used.

        Returns
        -------
        H2OAutoEncoder
            This object.

        Examples
        --------
        >>> from h2o.sklearn import H2OAutoEncoder
        >>> net = H2OAutoEncoder(hidden=[1], epochs=1, random_state=1).fit([[0.0, 1.0], [1.0, 0.0]] * 5)
        """
        again = self._goes_on()
        features = self._begun(X, reset=not again)
        self._layer()
        return self._learn(features, None, None, again=again)

    def partial_fit(self, X: Any, y: Any = None) -> Self:
        """Pass once over some rows, and go on from there with the next call.

        Scaling and levels of factors are those of the first rows.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)
        y : object
            Not used.

        Returns
        -------
        H2OAutoEncoder
            This object.

        Examples
        --------
        >>> from h2o.sklearn import H2OAutoEncoder
        >>> net = H2OAutoEncoder(hidden=[1], random_state=1).partial_fit([[0.0, 1.0], [1.0, 0.0]] * 5)
        """
        again = self.__sklearn_is_fitted__()
        features = self._begun(X, reset=not again)
        return self._learn(features, None, None, again=again, one_pass=True)

    def _estimator(self) -> type[H2ODeepLearningEstimator]:
        return H2OAutoEncoderEstimator

    def _layer(self) -> int:
        hidden = list(self.hidden)
        if self.layer is None:
            return hidden.index(min(hidden)) if hidden else 0
        if isinstance(self.layer, bool) or not hasattr(self.layer, "__index__"):
            raise H2OTypeError(f"layer={self.layer!r} must be the number of a hidden layer, from 0, or None")
        if not 0 <= self.layer < len(hidden):
            raise H2OValueError(
                f"layer={self.layer!r}: there are {len(hidden)} hidden layers, counted from 0"
            )
        return int(self.layer)

    @property
    def _n_features_out(self) -> int:
        units = list(self.hidden)[self._layer()]
        return int(units)

    def transform(self, X: Any) -> np.ndarray[Any, np.dtype[Any]] | pandas.DataFrame | polars.DataFrame:
        """The values of the hidden layer `layer`.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)

        Returns
        -------
        float array (rows, units)

        Examples
        --------
        >>> from h2o.sklearn import H2OAutoEncoder
        >>> net = H2OAutoEncoder(hidden=[1], epochs=1, random_state=1).fit([[0.0, 1.0], [1.0, 0.0]] * 5)
        >>> net.transform([[0.0, 1.0]]).shape
        (1, 1)
        """
        return self._asked("deep_features", X, self._layer())

    def score_samples(self, X: Any) -> np.ndarray[Any, np.dtype[Any]]:
        """The reconstruction error of each row: the mean over the inputs of the squared differences, in their standardised scale.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)

        Returns
        -------
        float array (rows,)
            What `anomaly` of H2O's models gives: the greater, the stranger.

        Examples
        --------
        >>> from h2o.sklearn import H2OAutoEncoder
        >>> net = H2OAutoEncoder(hidden=[1], epochs=1, random_state=1).fit([[0.0, 1.0], [1.0, 0.0]] * 5)
        >>> net.score_samples([[0.0, 1.0]]).shape
        (1,)
        """
        return self._asked("anomaly", X)[:, 0]

    def score(self, X: Any, y: Any = None) -> float:
        """The negative mean reconstruction error: the greater, the better, as searches have it.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)
        y : object
            Not used.

        Returns
        -------
        float

        Examples
        --------
        >>> from h2o.sklearn import H2OAutoEncoder
        >>> net = H2OAutoEncoder(hidden=[1], epochs=1, random_state=1).fit([[0.0, 1.0], [1.0, 0.0]] * 5)
        >>> net.score([[0.0, 1.0]]) <= 0
        True
        """
        return -float(self.score_samples(X).mean())
