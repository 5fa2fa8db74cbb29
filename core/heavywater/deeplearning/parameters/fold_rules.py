"""The rules of the parameters of cross-validation.

Source: booklet, "N-fold Cross-Validation".
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ...frame.frame import Frame
from ...frame.sharded_frame import whole
from .context import TrainingContext
from .resolution import AUTOENCODER

Values = dict[str, Any]
#: results that can be kept, and have nothing to keep without folds
KEPT = ("keep_cross_validation_models", "keep_cross_validation_predictions", "keep_cross_validation_fold_assignment")  # fmt: skip


def is_cross_validated(values: Any) -> bool:
    """Whether parameters (anything with these two attributes) ask for cross-validation."""
    return values.nfolds > 0 or values.fold_column is not None


def check_folds(
    values: Values, given: Values, category: str, context: TrainingContext, warnings: list[str]
) -> None:
    """Apply the rules of cross-validation, and settle an automatic fold_assignment.

    Parameters
    ----------
    values : dict
        All parameters; fold_assignment is changed in place.
    given : dict
        Those that the user gave.
    category : str
        Kind of model.
    context : TrainingContext
    warnings : list of str
        Gets a sentence for each parameter that has no effect.

    Raises
    ------
    InvalidArgument, InvalidType
        A rule is broken.
    """
    nfolds, column, scheme = values["nfolds"], values["fold_column"], values["fold_assignment"]
    asked = f"fold_column={column!r}" if column is not None else f"nfolds={nfolds}"
    if scheme != "AUTO" and (not nfolds or column is not None):
        raise InvalidArgument(
            f"fold_assignment={scheme!r} needs nfolds of at least 2 and no fold_column, this is {asked}: "
            "leave fold_assignment out, or say with nfolds how many folds to make"
        )
    if not nfolds and column is None:
        _warn_of_nothing_to_keep(given, warnings)
        values["fold_assignment"] = None
        return
    if nfolds and column is not None:
        raise InvalidArgument(
            f"nfolds={nfolds} and fold_column={column!r} exclude each other: give one of them"
        )
    if category == AUTOENCODER:
        raise InvalidArgument(f"{asked}: there is no cross-validation of an autoencoder, leave it out")
    if column is not None:
        _check_fold_column(column, context)
        values["fold_assignment"] = None
        return
    _check_number(
        nfolds,
        usable_rows(
            whole(context.frame, f"nfolds={nfolds}"), values["response_column"], values["weights_column"]
        ),
    )
    values["fold_assignment"] = "Random" if scheme == "AUTO" else scheme


def _warn_of_nothing_to_keep(given: Values, warnings: list[str]) -> None:
    for name in KEPT:
        if name in given and given[name] != (name == "keep_cross_validation_models"):
            warnings.append(
                f"{name}={given[name]} has no effect: it needs cross-validation (nfolds or fold_column)"
            )


def _check_number(nfolds: int, usable: Array) -> None:
    if nfolds == 1:
        raise InvalidArgument("nfolds=1 is not allowed: it must be 0 (no cross-validation) or at least 2")
    if nfolds > len(usable):
        raise InvalidArgument(
            f"nfolds={nfolds}: training_frame has only {len(usable)} rows, every fold needs at least one of them. Make "
            "nfolds smaller"
        )


def _check_fold_column(name: str, context: TrainingContext) -> None:
    facts = context.facts(name)
    if facts.missing:
        raise InvalidArgument(
            f"fold_column={name!r}: {facts.missing} values of the column are missing, none may be. "
            "Fill them or leave those rows out"
        )
    if facts.kind not in ("int", "enum"):
        raise InvalidType(
            f"fold_column={name!r} must hold whole numbers or be a factor, it is of type {facts.kind}. "
            + ("Convert it with asfactor" if facts.is_text else "Round it, or convert it with asfactor")
        )
    if facts.is_constant:
        raise InvalidArgument(
            f"fold_column={name!r}: the column has only one value, at least two different ones are needed: one per fold"
        )


def usable_rows(frame: Frame, response: str | None, weights: str | None) -> Array:
    """Rows that can be trained or scored: those with a response and a positive weight; bool (rows,)."""
    usable = np.ones(frame.nrow, bool) if response is None else ~frame.column(response).is_missing()
    return usable if weights is None else usable & (frame.column(weights).numbers() > 0)
