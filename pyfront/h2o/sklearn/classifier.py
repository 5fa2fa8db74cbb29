"""Classification."""

# scikit-learn has no types; each method states what it gives.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from inspect import cleandoc
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.utils import check_consistent_length
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from ..exceptions import H2OTypeError, H2OValueError
from .classifier_signature import ClassifierSignature
from .containers import Features, fresh, target_of, weights_of
from .estimator import DeepLearning

_SMALLEST = 1e-300  # probability in a logarithm


class Classifier(ClassifierMixin, DeepLearning):
    """What classifiers of any signature do."""

    class_weight: Any
    balance_classes: bool
    classes_: Any

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train the network.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)
            In a data frame texts and categories are factors; missing cells are allowed.
        y : array (rows,)
            Classes.
        sample_weight : array (rows,), optional
            A row of weight 2 counts like two equal rows, a row of weight 0 not at all.

        Returns
        -------
        Self
            This object.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningClassifier
        >>> net = H2ODeepLearningClassifier(hidden=[3], epochs=1, random_state=1)
        >>> net.fit([[0.0], [1.0]] * 5, ["no", "yes"] * 5).classes_.tolist()
        ['no', 'yes']
        """
        again = self._goes_on()
        features = self._begun(X, reset=not again)
        labels, name = _labels(y, features)
        classes = np.unique(labels)
        if again and not np.array_equal(classes, self.classes_):
            raise H2OValueError(
                f"warm_start=True: y has the classes {classes.tolist()}, the network was trained with {self.classes_.tolist()}"
            )
        _check_classes(classes)
        self.classes_ = classes
        weights = self._weights(sample_weight, labels)
        return self._learn(features, self._response(labels, name, features), weights, again=again)

    def _weights(self, sample_weight: Any, labels: Any) -> Any:
        weights = weights_of(sample_weight, len(labels))
        if weights is not None and self.balance_classes:
            raise H2OValueError(
                "balance_classes=True draws rows, and cannot weigh them: leave out sample_weight, or use class_weight='balanced'"
            )
        if self.class_weight is None:
            return weights
        if self.balance_classes:
            raise H2OValueError("class_weight and balance_classes=True do the same thing: give one of them")
        found = compute_sample_weight(self.class_weight, labels)
        return found if weights is None else found * weights

    def _response(self, labels: Any, name: str | None, features: Features) -> tuple[str, Any]:
        """A factor with a level for each class, in their order."""
        import pyarrow as pa

        codes = pa.array(np.searchsorted(self.classes_, labels).astype(np.int32))
        return fresh(name or "class", features.names), pa.DictionaryArray.from_arrays(codes, self._levels())

    def _levels(self) -> list[str]:
        """Name of the level of each class."""
        levels: list[str] = []
        for each in self.classes_:  # texts may hold halves of characters, which no level has
            levels.append(fresh(str(each).encode(errors="backslashreplace").decode(), levels))
        return levels

    # ---- asking

    def predict_proba(self, X: Any) -> np.ndarray[Any, np.dtype[Any]]:
        """The probability of each class.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)

        Returns
        -------
        float array (rows, classes)
            In the order of `classes_`; the sum of each row is 1.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningClassifier
        >>> net = H2ODeepLearningClassifier(hidden=[3], epochs=1, random_state=1).fit([[0.0], [1.0]] * 5, [0, 1] * 5)
        >>> net.predict_proba([[0.5]]).shape
        (1, 2)
        """
        check_is_fitted(self)
        place = {level: i for i, level in enumerate(self._model()._description["response_domain"], 1)}
        # levels are in an order of their own: "9" before "10", "10.0" before "2.0"
        found = self._asked("predict", X, columns=[place[level] for level in self._levels()])
        return found / found.sum(axis=1, keepdims=True) if len(found) else found

    def predict_log_proba(self, X: Any) -> np.ndarray[Any, np.dtype[Any]]:
        """Logarithms of `predict_proba`.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)

        Returns
        -------
        float array (rows, classes
            ) In the order of `classes_`.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningClassifier
        >>> net = H2ODeepLearningClassifier(hidden=[3], epochs=1, random_state=1).fit([[0.0], [1.0]] * 5, [0, 1] * 5)
        >>> net.predict_log_proba([[0.5]]).shape
        (1, 2)
        """
        return np.log(np.maximum(self.predict_proba(X), _SMALLEST))

    def decision_function(self, X: Any) -> np.ndarray[Any, np.dtype[Any]]:
        """Logarithms of probabilities: of two classes their odds (rows,), of more each class's own (rows, classes).

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)

        Returns
        -------
        float array (rows,
            or (rows, classes))

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningClassifier
        >>> net = H2ODeepLearningClassifier(hidden=[3], epochs=1, random_state=1).fit([[0.0], [1.0]] * 5, [0, 1] * 5)
        >>> net.decision_function([[0.5]]).shape
        (1,)
        """
        found = self.predict_log_proba(X)
        return found[:, 1] - found[:, 0] if found.shape[1] == 2 else found

    def predict(self, X: Any) -> np.ndarray[Any, np.dtype[Any]]:
        """The most probable class of each row.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)

        Returns
        -------
        array (rows,)

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningClassifier
        >>> net = H2ODeepLearningClassifier(hidden=[3], epochs=1, random_state=1).fit([[0.0], [1.0]] * 5, [0, 1] * 5)
        >>> net.predict([[0.5], [2.0]]).shape
        (2,)
        """
        found = self.predict_proba(X)
        return self.classes_[found.argmax(axis=1)]


class H2ODeepLearningClassifier(ClassifierSignature, Classifier):  # noqa: D101 - it is put together
    __doc__ = cleandoc(
        """A multi-layer feed-forward neural network that tells classes, as estimator of scikit-learn.

        It learns, and is asked, in the session of `h2o.init`, which begins by itself. `predict` gives the most probable class
        (H2O's own models of two classes use the threshold of the greatest F1).

        Attributes
        ----------
        classes_ : array (classes,)
        n_features_in_ : int
        feature_names_in_ : array of str (features,)
            Where X has names.
        model_ : H2ODeepLearningEstimator
            The trained model of H2O.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningClassifier
        >>> from sklearn.datasets import load_iris
        >>> X, y = load_iris(return_X_y=True, as_frame=True)
        >>> net = H2ODeepLearningClassifier(hidden=(10,), epochs=100, random_state=1).fit(X, y)
        >>> net.score(X, y) > 0.9
        True
        """
    )
    __doc__ += "\n" + cleandoc(ClassifierSignature.__doc__ or "").partition("\n")[2]

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Pass once over some rows, and go on from there with the next call.

        Scaling and levels of factors are those of the first rows.

        Parameters
        ----------
        X : array, sparse matrix, data frame, dict of lists or H2OFrame (rows, features)
        y : array (rows,)
        classes : array (classes,)
            All that will ever come; the first call needs them.
        sample_weight : array (rows,), optional

        Returns
        -------
        Self
            This object.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningClassifier
        >>> net = H2ODeepLearningClassifier(hidden=[3], random_state=1)
        >>> for part in range(2):
        ...     _ = net.partial_fit([[0.0], [1.0]], [0, 1], classes=[0, 1])
        """
        self._check_partial()
        again = self.__sklearn_is_fitted__()
        features = self._begun(X, reset=not again)
        labels, name = _labels(y, features)
        self._known_classes(classes, again)
        unknown = np.setdiff1d(labels, self.classes_)
        if len(unknown):
            raise H2OValueError(f"y has classes that `classes` has not: {unknown.tolist()}")
        weights = self._weights(sample_weight, labels)
        absent = np.setdiff1d(self.classes_, labels)
        if not again and len(absent):  # they get rows that do not count, for a response has to vary
            weights = np.append(np.ones(features.rows) if weights is None else weights, np.zeros(len(absent)))
            features, labels = features.ending_with_first(len(absent)), np.append(labels, absent)
        response = self._response(labels, name, features)
        return self._learn(features, response, weights, again=again, one_pass=True)

    def _known_classes(self, classes: Any, again: bool) -> None:
        given = None if classes is None else np.unique(np.asarray(classes))
        if again:
            if given is not None and not np.array_equal(self.classes_, given):
                raise H2OValueError(
                    f"classes={classes!r} is not the same as on the last call to partial_fit, which was {self.classes_!r}"
                )
            return
        if given is None:
            raise H2OValueError(
                "classes must be passed on the first call to partial_fit: all that will ever come"
            )
        _check_classes(given)
        self.classes_ = given

    def _check_partial(self) -> None:
        if isinstance(self.class_weight, str):
            raise H2OValueError(
                f"class_weight={self.class_weight!r} needs all rows, which partial_fit does not see: give a dict"
            )
        self._no_early_stopping()


def _labels(y: Any, features: Features) -> tuple[Any, str | None]:
    if y is None:
        raise H2OValueError("y is missing: a classifier requires y to be passed, but the target y is None")
    labels, name = target_of(y)
    if labels.dtype == object:
        _check_objects(labels)
    check_classification_targets(labels)
    check_consistent_length(np.empty(features.rows), labels)
    return labels, name


def _check_objects(labels: Any) -> None:
    """Refuse labels that have no order, as missing ones and those of several types."""
    missing = np.flatnonzero(pd.isna(labels))
    if len(missing):
        raise H2OValueError(
            f"y: Input y contains NaN, None or NA: {len(missing)} labels are missing, the first of them in row {missing[0]}. Leave "
            "these rows out"
        )
    kinds = sorted({type(each).__name__ for each in labels if not isinstance(each, str)})
    if kinds and any(isinstance(each, str) for each in labels):
        raise H2OTypeError(f"y has labels of the types str and {', '.join(kinds)}: give all as texts")


def _check_classes(classes: Any) -> None:
    if len(classes) < 2:
        raise H2OValueError(
            f"y has only one class, {classes.tolist()}: at least two are needed to tell them apart"
        )
