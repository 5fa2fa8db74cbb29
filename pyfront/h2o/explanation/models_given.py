"""Which models an argument of the user's stands for."""

from __future__ import annotations

from typing import Any

from ..estimators.loading import get_model
from ..model.model_base import ModelBase
from .leaderboards import model_keys


def models_of(argument: str, models: Any) -> list[ModelBase]:
    """The models behind a model, a grid, a leaderboard, names, or a list of those; each once.

    Parameters
    ----------
    argument : str
        Name of the argument, for messages.
    models : object
    """
    given = {each._model_key(): each for each in _objects(models)}
    return [given[key] if key in given else get_model(key) for key in model_keys(argument, models)]


def _objects(models: Any) -> list[ModelBase]:
    """The models that are there as objects already."""
    if isinstance(models, ModelBase):
        return [models] if models._model_json is not None else []
    if isinstance(models, list | tuple):
        return [found for each in models for found in _objects(each)]
    return list(models.models) if hasattr(models, "model_ids") and hasattr(models, "models") else []
