"""The rules of parameters that change what a trained network gives: its temperature, and the range of its numbers."""

from __future__ import annotations

from typing import Any

from ...errors import InvalidArgument
from .context import TrainingContext
from .resolution import CLASSES, KIND_OF_RESPONSE, REGRESSION

Values = dict[str, Any]


def check_outputs(values: Values, given: Values, category: str, context: TrainingContext) -> None:
    """Apply the rules; what a preset has filled where it is of no use is taken back.

    Parameters
    ----------
    values : dict
        All parameters; changed in place.
    given : dict
        Those that the user gave.
    category : str
        Kind of model.
    context : TrainingContext

    Raises
    ------
    InvalidArgument
        A rule is broken.
    """
    refusals = {
        "fit_temperature": _no_temperature(values, category, context),
        "clamp_predictions": None
        if category == REGRESSION
        else f"it is for regression, this is {KIND_OF_RESPONSE[category]}: leave it out",
    }
    for name, reason in refusals.items():
        if values[name] and reason:
            if name in given:
                raise InvalidArgument(f"{name}=True: {reason}")
            values[name] = False


def _no_temperature(values: Values, category: str, context: TrainingContext) -> str | None:
    """Why no temperature can be fitted."""
    if category not in CLASSES:
        return f"it is for classification, this is {KIND_OF_RESPONSE[category]}: leave it out"
    others = ("nfolds", "fold_column", "validation_fraction", "epochs_candidates", "checkpoint")
    if (
        context.validation is None
        and context.calibration is None
        and not any(values[name] for name in others)
    ):
        return (
            "it needs rows that the model does not learn from: give validation_fraction, validation_frame, nfolds, "
            "calibration_frame or epochs_candidates"
        )
    return None
