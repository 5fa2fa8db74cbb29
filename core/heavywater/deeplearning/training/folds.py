"""The folds of a cross-validation: which row belongs to which, and the rules of the parameters that say so.

Source: booklet, "N-fold Cross-Validation".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ...frame.columns.column import Column, numeric
from ...frame.frame import Frame
from ..parameters.context import TrainingContext, listed
from ..parameters.resolution import AUTOENCODER

if TYPE_CHECKING:
    from ..parameters.validation import DeepLearningParameters

Array = np.ndarray[Any, np.dtype[Any]]
Values = dict[str, Any]
#: results that can be kept, and have nothing to keep without folds
KEPT = ("keep_cross_validation_models", "keep_cross_validation_predictions", "keep_cross_validation_fold_assignment")  # fmt: skip


@dataclass(frozen=True)
class Folds:
    """A fold for every row.

    Attributes
    ----------
    number : int array (rows,)
        The fold in which each row is held out, from 0; -1 in the folds that are left out.
    labels : tuple of str
        What messages call each fold.
    column : Column
        The assignment as it is kept: numbers from 0, or the column that the user gave.
    left_out : tuple of str
        What messages call the folds that have nothing to score.
    """

    number: Array
    labels: tuple[str, ...]
    column: Column
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def warnings(self) -> list[str]:
        """A sentence about the folds that are left out, if any are."""
        if not self.left_out:
            return []
        return [
            f"Cross-validation leaves out {listed(self.left_out, 5)}: no row there has a response and a weight, so there is "
            "nothing to score. Their rows get no holdout predictions."
        ]


# ---- rules


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
            "leave fold_assignment out, or say with nfolds how many folds to make."
        )
    if not nfolds and column is None:
        _warn_of_nothing_to_keep(given, warnings)
        values["fold_assignment"] = None
        return
    if nfolds and column is not None:
        raise InvalidArgument(
            f"nfolds={nfolds} and fold_column={column!r} exclude each other: give one of them."
        )
    if category == AUTOENCODER:
        raise InvalidArgument(f"{asked}: there is no cross-validation of an autoencoder, leave it out.")
    if column is not None:
        _check_fold_column(column, context)
        values["fold_assignment"] = None
        return
    _check_number(nfolds, usable_rows(context.frame, values["response_column"], values["weights_column"]))
    values["fold_assignment"] = "Random" if scheme == "AUTO" else scheme


def _warn_of_nothing_to_keep(given: Values, warnings: list[str]) -> None:
    for name in KEPT:
        if name in given and given[name] != (name == "keep_cross_validation_models"):
            warnings.append(
                f"{name}={given[name]} has no effect: it needs cross-validation (nfolds or fold_column)."
            )


def _check_number(nfolds: int, usable: Array) -> None:
    if nfolds == 1:
        raise InvalidArgument("nfolds=1 is not allowed: it must be 0 (no cross-validation) or at least 2.")
    if nfolds > len(usable):
        raise InvalidArgument(
            f"nfolds={nfolds}: training_frame has only {len(usable)} rows, every fold needs at least one of them. Make "
            "nfolds smaller."
        )


def _check_fold_column(name: str, context: TrainingContext) -> None:
    facts = context.facts(name)
    if facts.missing:
        raise InvalidArgument(
            f"fold_column={name!r}: {facts.missing} values of the column are missing, none may be. "
            "Fill them or leave those rows out."
        )
    if facts.kind not in ("int", "enum"):
        raise InvalidType(
            f"fold_column={name!r} must hold whole numbers or be a factor, it is of type {facts.kind}. "
            + ("Convert it with asfactor." if facts.is_text else "Round it, or convert it with asfactor.")
        )
    if facts.is_constant:
        raise InvalidArgument(
            f"fold_column={name!r}: the column has only one value, at least two different ones are needed: one per fold."
        )


def usable_rows(frame: Frame, response: str | None, weights: str | None) -> Array:
    """Rows that can be trained or scored: those with a response and a positive weight; bool (rows,)."""
    usable = np.ones(frame.nrow, bool) if response is None else ~frame.column(response).is_missing()
    return usable if weights is None else usable & (frame.column(weights).numbers() > 0)


# ---- assignment


def assign(frame: Frame, p: DeepLearningParameters) -> Folds:
    """Assign the rows of a training frame to folds, and leave out folds without a row that could be scored.

    Raises
    ------
    InvalidArgument
        Less than two folds are left.
    """
    usable = usable_rows(frame, p.response, p.weights_column)
    if p.fold_column is not None:
        folds = _given(p.fold_column, frame.column(p.fold_column))
    else:
        number = deal(p.nfolds, p.fold_assignment, p.seed, usable, frame.column(str(p.response)))
        labels = tuple(f"fold {k + 1} of {p.nfolds}" for k in range(p.nfolds))
        folds = Folds(number, labels, numeric(number))
    useful = np.bincount(folds.number[usable], minlength=len(folds)) > 0
    if useful.sum() < 2:
        raise InvalidArgument(
            f"only {useful.sum()} of {len(folds)} folds has rows with a response and a weight, at least two are needed to "
            "train and to score. "
            + (f"Change fold_column {p.fold_column!r}." if p.fold_column else "Use another nfolds or fold_assignment.")
        )  # fmt: skip
    return folds if useful.all() else _without(folds, useful)


def _without(folds: Folds, useful: Array) -> Folds:
    kept, gone = (tuple(np.array(folds.labels, object)[which].tolist()) for which in (useful, ~useful))
    place = np.where(useful, np.cumsum(useful) - 1, -1)
    return Folds(place[folds.number], kept, folds.column, gone)


def deal(nfolds: int, scheme: str, seed: int, usable: Array, response: Column) -> Array:
    """Deal rows to folds, as evenly as possible.

    Parameters
    ----------
    nfolds : int
    scheme : str
        Random; Modulo (row i goes to fold i mod nfolds); Stratified: at random, but rows of the same class (or of
        similar numbers) are dealt out evenly.
    seed : int
    usable : bool array (rows,)
        These are dealt first, so that every fold gets its share of them.
    response : Column

    Returns
    -------
    int array (rows,)
        Fold of each row, from 0.
    """
    n = len(usable)
    if scheme == "Modulo":
        return np.arange(n) % nfolds
    key = np.random.SeedSequence([seed & 0xFFFFFFFFFFFFFFFF, 0xF01D])
    order = np.random.Generator(np.random.Philox(key)).permutation(n)
    if scheme == "Stratified":
        order = order[np.argsort(response.values[order], kind="stable")]
    order = np.concatenate([order[usable[order]], order[~usable[order]]])
    number = np.empty(n, np.int64)
    number[order] = np.arange(n) % nfolds
    return number


def _given(name: str, column: Column) -> Folds:
    """One fold for every value that occurs, in the order of the values."""
    found, number = np.unique(column.values, return_inverse=True)
    values = [repr((column.levels or ())[k]) if column.kind == "enum" else str(k) for k in found.tolist()]
    labels = (f"fold {k + 1} of {len(values)} ({name} = {value})" for k, value in enumerate(values))
    return Folds(number, tuple(labels), column)
