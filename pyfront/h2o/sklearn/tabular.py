"""Networks for tables: the estimators whose default is the preset "Tabular"."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import cleandoc
from typing import Any

from ..exceptions import H2OValueError
from .classifier import Classifier
from .estimator import DeepLearning
from .regressor import Regressor
from .tabular_classifier_signature import TabularClassifierSignature
from .tabular_regressor_signature import TabularRegressorSignature

_ABOUT = """
What is left at None the preset fills: numbers as pieces between quantiles, Adam with a rate that falls to 0, several networks whose
mean is the model, and a number of epochs that is chosen on rows held out before all rows are trained. docs/tabular.md tells what each
part is worth. `H2ODeepLearningClassifier` and `H2ODeepLearningRegressor` have H2O's defaults.
"""
# what early_stopping needs, where nothing else is said
_STOPPING = {"overwrite_with_best_model": True, "stopping_rounds": 5}
_SHARE = 0.1


class _Tabular(DeepLearning):
    """What both have in common."""

    epochs_candidates: Sequence[float] | None

    def _set_aside(self) -> dict[str, Any]:
        if self.epochs_candidates:
            raise H2OValueError(
                f"early_stopping=True and epochs_candidates={self.epochs_candidates!r} are two ways to find the number of epochs: "
                "give one of them"
            )
        aside = {"validation_fraction": _SHARE} if self.validation_fraction is None else super()._set_aside()
        return {**_STOPPING, **aside, "epochs_candidates": []}


class TabularNetClassifier(TabularClassifierSignature, _Tabular, Classifier):  # noqa: D101 - it is put together
    __doc__ = cleandoc(
        """A network for tables that tells classes and needs no tuning, as estimator of scikit-learn.

        {about}

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
        >>> from h2o.sklearn import TabularNetClassifier
        >>> from sklearn.datasets import load_iris
        >>> X, y = load_iris(return_X_y=True, as_frame=True)
        >>> net = TabularNetClassifier(random_state=1).fit(X, y)
        >>> net.score(X, y) > 0.9
        True
        """
    ).format(about=_ABOUT.strip())
    __doc__ += "\n" + cleandoc(TabularClassifierSignature.__doc__ or "").partition("\n")[2]


class TabularNetRegressor(TabularRegressorSignature, _Tabular, Regressor):  # noqa: D101 - it is put together
    __doc__ = cleandoc(
        """A network for tables that predicts numbers and needs no tuning, as estimator of scikit-learn.

        {about}

        Attributes
        ----------
        n_features_in_ : int
        feature_names_in_ : array of str (features,)
            Where X has names.
        model_ : H2ODeepLearningEstimator
            The trained model of H2O.

        Examples
        --------
        >>> from h2o.sklearn import TabularNetRegressor
        >>> from sklearn.datasets import load_diabetes
        >>> X, y = load_diabetes(return_X_y=True, as_frame=True)
        >>> net = TabularNetRegressor(random_state=1).fit(X, y)
        >>> net.score(X, y) > 0.4
        True
        """
    ).format(about=_ABOUT.strip())
    __doc__ += "\n" + cleandoc(TabularRegressorSignature.__doc__ or "").partition("\n")[2]
