"""The rules of rows that a training holds out by itself: to be scored, and to choose the number of epochs."""

from __future__ import annotations

from typing import Any

from .context import TrainingContext

Values = dict[str, Any]


def check_hold_out(values: Values, given: Values, context: TrainingContext, warnings: list[str]) -> None:
    """Apply the rules of validation_fraction, and settle whether it is needed.

    Parameters
    ----------
    values : dict
        All parameters; changed in place.
    given : dict
        Those that the user gave.
    context : TrainingContext
    warnings : list of str
        Gets a sentence for each parameter that has no effect.
    """
    fraction = values["validation_fraction"]
    others = {
        "validation_frame has the rows that are scored": context.validation is not None,
        "each fold has rows that are scored": values["nfolds"] or values["fold_column"] is not None,
    }
    for reason, applies in others.items():
        if fraction and applies:
            values["validation_fraction"] = 0.0
            if "validation_fraction" in given:
                warnings.append(f"validation_fraction={fraction:g} has no effect: {reason}")
            return
