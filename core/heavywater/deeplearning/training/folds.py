"""The folds of a cross-validation: which row belongs to which.

Source: booklet, "N-fold Cross-Validation".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ...frame.columns.column import Column
from ...frame.columns.makers import numeric
from ...frame.frame import Frame
from ..parameters.context import listed
from ..parameters.fold_rules import usable_rows
from ..parameters.validation import DeepLearningParameters


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
            "nothing to score. Their rows get no holdout predictions"
        ]


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
            + (
                f"Change fold_column {p.fold_column!r}"
                if p.fold_column
                else "Use another nfolds or fold_assignment"
            )
        )
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
