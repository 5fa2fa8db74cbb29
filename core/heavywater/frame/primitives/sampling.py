"""Random numbers for rows; folds and splits."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, shortened
from ..columns.column import Column
from ..columns.keys import Keys, column_keys, sorted_by
from ..columns.makers import enum, factor, numeric
from ..frame import Frame
from .arguments import column_argument
from .factors import enum_argument
from .registry import primitive

MOST_FOLDS = 2**31 - 1


def check_seed(seed: int) -> None:
    """Refuse a seed beyond the 64-bit whole numbers of H2O."""
    if not -(2**63) < seed < 2**63:
        raise InvalidArgument(f"seed={shortened(seed)} must lie between -2^63 + 1 and 2^63 - 1; -1 draws one")


def generator(seed: int) -> np.random.Generator:
    """Counter-based random numbers (Philox): number i depends only on the seed and on i.

    A seed of -1 takes a fresh one from the operating system.

    Raises
    ------
    InvalidArgument
        The seed has more than 64 bits.
    """
    check_seed(seed)
    key = int(np.random.SeedSequence().generate_state(1, np.uint64)[0]) if seed == -1 else seed
    return np.random.Generator(np.random.Philox(key=key % 2**128))


@primitive("h2o.runif")
def runif(frame: Frame, seed: int = -1) -> Frame:
    """Uniform random numbers in [0, 1), one for each row.

    The same frame and seed always give the same numbers: number i depends only on the seed and on i.

    Parameters
    ----------
    frame : Frame
    seed : int
        -1 draws one.

    Returns
    -------
    Frame
        One column, ``rnd``.
    """
    return Frame(["rnd"], [Column("real", generator(seed).random(frame.nrow))])


def _check_folds(folds: int, operation: str) -> None:
    if folds < 1:
        raise InvalidArgument(f"{operation}: n_folds {folds} must be 1 or more")
    if folds > MOST_FOLDS:
        raise InvalidArgument(f"{operation}: n_folds {shortened(folds)} must be at most {MOST_FOLDS}")


@primitive("kfold_column")
def kfold_column(frame: Frame, folds: int, seed: int = -1) -> Frame:
    """A random fold number for each row, each fold equally likely.

    Parameters
    ----------
    frame : Frame
        Only its number of rows matters.
    folds : int
        Number of folds.
    seed : int
        -1 draws one.

    Returns
    -------
    Frame
        One column, ``fold``, from 0 to `folds` - 1.
    """
    _check_folds(folds, "kfold_column")
    return Frame(["fold"], [numeric(generator(seed).integers(0, folds, frame.nrow))])


@primitive("modulo_kfold_column")
def modulo_kfold_column(frame: Frame, folds: int) -> Frame:
    """Fold numbers 0, 1, 2 ... again and again.

    Parameters
    ----------
    frame : Frame
        Only its number of rows matters.
    folds : int
        Number of folds.

    Returns
    -------
    Frame
        One column, ``fold``.
    """
    _check_folds(folds, "modulo_kfold_column")
    return Frame(["fold"], [numeric(np.arange(frame.nrow) % folds)])


@primitive("stratified_kfold_column")
def stratified_kfold_column(frame: Frame, folds: int, seed: int = -1) -> Frame:
    """A random fold number for each row, so that every fold has the same share of each level.

    Parameters
    ----------
    frame : Frame
        One column, an enum; missing counts as a level.
    folds : int
        Number of folds.
    seed : int
        -1 draws one.

    Returns
    -------
    Frame
        One column, ``fold``, from 0 to `folds` - 1.
    """
    _check_folds(folds, "stratified_kfold_column")
    column = enum_argument(frame, "stratified_kfold_column")
    random = generator(seed)
    result = np.zeros(frame.nrow, np.int64)
    for rows in _shuffled_by_level(column, random):
        # Each level begins at a fold of its own, or the first folds would get the remainder of every level.
        result[rows] = (np.arange(len(rows)) + random.integers(0, folds)) % folds
    return Frame(["fold"], [numeric(result)])


def _shuffled_by_level(column: Column, random: np.random.Generator) -> list[Array]:
    """Rows of each level (and of missing) in random order."""
    order = random.permutation(len(column))
    keys = column_keys(column)
    rows, starts = sorted_by(Keys(keys.codes[order], keys.size))
    return np.split(order[rows], starts[1:-1])


@primitive("h2o.random_stratified_split")
def random_stratified_split(frame: Frame, test_fraction: float, seed: int = -1) -> Frame:
    """Assign each row at random to ``train`` or ``test``, with the same share of each level in both.

    Parameters
    ----------
    frame : Frame
        One column; its distinct values are the strata (missing counts as one).
    test_fraction : float
        Share of the rows for test, between 0 and 1.
    seed : int
        -1 draws one.

    Returns
    -------
    Frame
        One enum column, ``test_train_split``.
    """
    if not 0 <= test_fraction <= 1:
        raise InvalidArgument(f"stratified_split: test_frac {test_fraction} must lie between 0 and 1")
    column = factor(column_argument(frame, "stratified_split"))
    test = np.zeros(frame.nrow, np.int8)
    for rows in _shuffled_by_level(column, generator(seed)):
        test[rows[: round(test_fraction * len(rows))]] = 1
    return Frame(["test_train_split"], [enum(test, ["train", "test"])])
