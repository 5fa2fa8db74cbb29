"""Models of the session as the estimators that they are."""

from __future__ import annotations

from ..backend.connection import session
from .deeplearning import trained
from .estimator_base import H2OEstimator
from .generic import H2OGenericEstimator


def get_model(model_id: str) -> H2OEstimator | H2OGenericEstimator:
    """A model of the session by its name.

    Parameters
    ----------
    model_id : str
        Name of the model.

    Returns
    -------
    H2OEstimator or H2OGenericEstimator
        An estimator that already is that model; its parameters are those the model was trained with. An imported model
        comes as the generic one.

    Examples
    --------
    >>> h2o.get_model(model.model_id).type
    'classifier'
    """
    description = session().models.describe(model_id)
    if "origin" in description:
        return H2OGenericEstimator(model_key=model_id).train()
    return trained(model_id, description)
