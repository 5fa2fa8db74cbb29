"""Changes to trained models, under the names that scripts import."""

from __future__ import annotations

from ..model.model_base import ModelBase

__all__ = ["reset_model_threshold"]


def reset_model_threshold(model: ModelBase, threshold: float) -> float:
    """Set the threshold of a model, see `ModelBase.reset_threshold`."""
    return model.reset_threshold(threshold)
