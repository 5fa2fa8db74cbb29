"""The methods of models that were cross-validated: the models of the folds, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from ..backend.connection import session
from ..frame.h2oframe import H2OFrame
from ..two_dim_table import H2OTwoDimTable

if TYPE_CHECKING:
    from .model_base import ModelBase


class ModelFolds:
    """Mixin of the methods about cross-validation."""

    if TYPE_CHECKING:

        @property
        def _output(self) -> dict[str, Any]: ...

        def _model_key(self) -> str: ...

    def is_cross_validated(self) -> bool:
        """Say whether the model was cross-validated.

        Returns
        -------
        bool

        Examples
        --------
        >>> model.is_cross_validated(), binomial.is_cross_validated()
        (True, False)
        """
        return self._output["cross_validation_metrics"] is not None

    def xval_keys(self) -> list[str] | None:
        """The names of the models of the folds; None when they were not kept, or there are none.

        Returns
        -------
        list of str or None

        Examples
        --------
        >>> len(model.xval_keys())
        2
        """
        found = self._output["cross_validation_models"]
        return None if found is None else [each["name"] for each in found]

    @overload
    def get_xval_models(self, key: None = None) -> list[ModelBase]: ...

    @overload
    def get_xval_models(self, key: str) -> ModelBase: ...

    def get_xval_models(self, key: str | None = None) -> list[ModelBase] | ModelBase:
        """The models of the folds.

        Parameters
        ----------
        key : str, optional
            Return only the model of this name.

        Returns
        -------
        list of ModelBase, or ModelBase

        Examples
        --------
        >>> [fold.type for fold in model.get_xval_models()]
        ['classifier', 'classifier']
        """
        if key is not None:
            return self._fold_model(key)
        return [self._fold_model(each) for each in self.xval_keys() or ()]

    def _fold_model(self, key: str) -> ModelBase:
        """A model of the session, as what trains such models gives it."""
        raise NotImplementedError

    @property
    def xvals(self) -> list[ModelBase]:
        """The models of the folds.

        Examples
        --------
        >>> len(model.xvals)
        2
        """
        models: list[ModelBase] = self.get_xval_models()
        return models

    def cross_validation_models(self) -> list[ModelBase] | None:
        """The models of the folds; None unless keep_cross_validation_models=True (the default).

        Returns
        -------
        list of ModelBase or None

        Examples
        --------
        >>> len(model.cross_validation_models())
        2
        """
        return None if self.xval_keys() is None else self.xvals

    def cross_validation_predictions(self) -> list[H2OFrame] | None:
        """The predictions of each fold's model for the rows it was not trained on.

        Returns
        -------
        list of H2OFrame
            Each has all rows of the training frame: outside of the fold numbers are 0 and labels missing. None unless
            keep_cross_validation_predictions=True.

        Examples
        --------
        >>> [each.nrow for each in model.cross_validation_predictions()]
        [150, 150]
        """
        found = self._output["cross_validation_predictions"]
        return None if found is None else [H2OFrame.get_frame(each["name"]) for each in found]

    def cross_validation_holdout_predictions(self) -> H2OFrame | None:
        """For each training row the prediction of the model that was not trained on it.

        None unless keep_cross_validation_predictions=True.

        Returns
        -------
        H2OFrame or None
            As `predict` gives them, in the order of the rows.

        Examples
        --------
        >>> model.cross_validation_holdout_predictions().nrow
        150
        """
        return _kept_frame(self._output["cross_validation_holdout_predictions_frame_id"])

    def cross_validation_fold_assignment(self) -> H2OFrame | None:
        """The fold of each training row, from 0, or the fold_column.

        None unless keep_cross_validation_fold_assignment=True.

        Returns
        -------
        H2OFrame or None
            One column, in the order of the rows.

        Examples
        --------
        >>> model.cross_validation_fold_assignment().nrow
        150
        """
        return _kept_frame(self._output["cross_validation_fold_assignment_frame_id"])

    def cross_validation_metrics_summary(self) -> H2OTwoDimTable | None:
        """The metrics of each fold on its holdout rows, with mean and standard deviation.

        Returns
        -------
        H2OTwoDimTable or None
            A row for each metric; None without cross-validation.

        Examples
        --------
        >>> model.cross_validation_metrics_summary().col_header[1:3]
        ['mean', 'sd']
        """
        table: H2OTwoDimTable | None = self._output["cross_validation_metrics_summary"]
        return table

    def fold_ensemble(self, model_id: str | None = None) -> ModelBase:
        """One model that predicts the mean of what the models of the folds predict.

        It is saved and loaded as one file. Its intervals (``predict(interval=)``) are those of CV+, its contributions the mean
        of those of its models; weights, hidden features and exports, which need one network, are refused.

        Parameters
        ----------
        model_id : str, optional
            Name of the new model; by default made from that of this one.

        Returns
        -------
        ModelBase
            Of the class of this model.

        Raises
        ------
        H2OValueError
            The models of the folds are not there.

        Examples
        --------
        >>> iris = h2o.import_file("iris.csv")
        >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1, nfolds=3)
        >>> _ = model.train(y="class", training_frame=iris)
        >>> model.fold_ensemble("mean_of_3").predict(iris).nrow
        150
        """
        key = session().models.fold_ensemble(self._model_key(), model_id)
        return self._fold_model(key)


def _kept_frame(found: dict[str, str] | None) -> H2OFrame | None:
    return None if found is None else H2OFrame.get_frame(found["name"])
