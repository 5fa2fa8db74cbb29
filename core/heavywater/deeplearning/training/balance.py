"""Balanced classes: which rows are trained how often, and what that makes of the shares of the classes.

Source: booklet, "balance_classes", "class_sampling_factors", "max_after_balance_size".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Array


def sampling_factors(counts: Array, given: Sequence[float] | None, largest: float) -> Array:
    """By how much the rows of each class are multiplied.

    Parameters
    ----------
    counts : int array (classes,)
        Rows of each class.
    given : sequence of float, optional
        Factors that the user wants, one for each class; below 0 counts as 0. By default all classes get as many rows
        as the largest one has.
    largest : float
        Limit of the rows after sampling, as a multiple of those before; beyond it all factors are scaled down.
    """
    factors: Array
    if given is None:
        factors = np.divide(counts.max(initial=0), counts, out=np.zeros(len(counts)), where=counts > 0)
    else:
        factors = np.maximum(np.asarray(given, float), 0)
    wanted, limit = float(factors @ counts), largest * float(counts.sum())
    if wanted > limit:
        factors *= limit / wanted
    return factors


@dataclass(frozen=True)
class Balance:
    """Training rows with balanced classes.

    Attributes
    ----------
    rows : int array (samples,)
        Number of the row of the frame behind each row that is trained, in random order.
    shares : float array (classes,)
        Share of each class in these rows.
    """

    rows: Array
    shares: Array

    @classmethod
    def sample(
        cls, label: Array, classes: int, given: Sequence[float] | None, largest: float, seed: int
    ) -> Balance:
        """Sample rows: of each class exactly its factor times its rows, rounded.

        A row is taken as often as all others of its class; what is left is drawn from the class without replacement.

        Parameters
        ----------
        label : int array (rows,)
            Class of each row of the frame, -1 where a row is not to be trained.
        given, largest
            See `sampling_factors`.
        seed : int
        """
        counts = np.bincount(label[label >= 0], minlength=classes)
        wanted = np.rint(sampling_factors(counts, given, largest) * counts).astype(np.int64)
        key = np.random.SeedSequence([seed & 0xFFFFFFFFFFFFFFFF, 0xBA1A])
        random = np.random.Generator(np.random.Philox(key))
        by_class = np.split(
            np.argsort(label, kind="stable")[np.count_nonzero(label < 0) :], np.cumsum(counts)[:-1]
        )
        parts = []
        for members, size in zip(by_class, wanted.tolist(), strict=True):
            if size:
                whole, rest = divmod(size, len(members))
                parts += [np.tile(members, whole), random.choice(members, rest, replace=False, shuffle=False)]
        rows = np.concatenate(parts) if parts else np.empty(0, np.int64)
        return cls(random.permutation(rows), wanted / max(1, wanted.sum()))
