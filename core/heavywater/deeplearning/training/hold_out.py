"""A hold-out made by itself: rows of the training frame that are scored and not trained on.

Sources: booklet, "Convergence-based Early Stopping", on what rows beside those of training are good for; Kohavi, "A Study of
Cross-Validation and Bootstrap for Accuracy Estimation and Model Selection" (1995), on strata.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...frame.columns.column import Column
from ...frame.frame import Frame
from ..encoding.data_statistics import known_responses, rows_that_count
from ..parameters.validation import DeepLearningParameters

_PURPOSE = 0x401D  # of the random numbers, so that no other draw of the same seed is the same


@dataclass(frozen=True)
class HoldOut:
    """Rows of a training frame in two parts.

    Attributes
    ----------
    mask : bool array (rows,)
        Which rows are held out.
    training, held_out : Frame
        The rows that are trained on, and the others.
    """

    mask: Array
    training: Frame
    held_out: Frame

    @classmethod
    def of(cls, frame: Frame, p: DeepLearningParameters, fraction: float) -> HoldOut | None:
        """Hold rows out by the seed of the parameters; None where too few rows can be trained.

        Parameters
        ----------
        frame : Frame
            Training frame.
        p : DeepLearningParameters
        fraction : float
            Share of the rows that have a response and a weight.
        """
        mask = held_out_rows(frame, p, fraction)
        return cls.by(mask, frame, p) if mask.any() else None

    @classmethod
    def by(cls, mask: Array, frame: Frame, p: DeepLearningParameters) -> HoldOut:
        """The parts that a mask makes of a frame, with the columns that training looks at."""
        return cls(mask, used_rows(frame, p, ~mask), used_rows(frame, p, mask))


def nothing_held_out(frame: Frame, fraction: float) -> str:
    """What is said where no row can be held out."""
    return (
        f"validation_fraction={fraction:g}: none of the {frame.nrow} rows of training_frame is held out, and all are trained on; "
        "there are too few with a response and a weight, and each class keeps one. Give more rows, or a validation_frame"
    )


def used_rows(frame: Frame, p: DeepLearningParameters, rows: Array) -> Frame:
    """Some rows of a frame, of the columns that training looks at."""
    names = [*p.predictors, *filter(None, (p.response, p.weights_column, p.offset_column))]
    return Frame(names, [frame.column(name).take(rows) for name in names], nrow=int(rows.sum()))


def held_out_rows(frame: Frame, p: DeepLearningParameters, fraction: float) -> Array:
    """Which rows are held out; bool (rows,).

    They are drawn evenly along the order of the response, so that each class, or each part of the range of a number, has its
    share. Of each class one row at least that can be trained stays, of numbers the least and the greatest. Rows without a
    response, an offset or a positive weight are never held out.

    Parameters
    ----------
    frame : Frame
        Training frame.
    p : DeepLearningParameters
    fraction : float
    """
    response = None if p.response is None else frame.column(p.response)
    known = np.ones(frame.nrow, bool) if response is None else known_responses(response)
    usable, trained = rows_that_count(frame, p, known)
    order = _random(p.seed).permutation(frame.nrow)
    order = order[usable[order]]
    if response is not None:
        order = order[np.argsort(_sorted_by(response)[order], kind="stable")]
    free = order[~_kept(order, trained, response)]
    size = min(round(fraction * len(order)), len(free))
    found = np.zeros(frame.nrow, bool)
    found[free[_one_of_each_part(len(free), size, p.seed)]] = True
    return found


def _random(seed: int, *more: int) -> np.random.Generator:
    key = [seed & 0xFFFFFFFFFFFFFFFF, _PURPOSE, *more]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))


def _sorted_by(response: Column) -> Array:
    return response.values if response.kind == "enum" else response.numbers()


def _kept(order: Array, trained: Array, response: Column | None) -> Array:
    """Which rows of an order are never held out: the first of each class that is trained, of numbers both ends."""
    kept = np.zeros(len(order), bool)
    places = np.flatnonzero(trained[order])
    if response is not None and response.kind == "enum":
        _, first = np.unique(response.values[order[places]], return_index=True)
        kept[places[first]] = True
    else:
        kept[places[:1]] = kept[places[-1:]] = True
    return kept


def _one_of_each_part(rows: int, parts: int, seed: int) -> Array:
    """One random place of each of so many parts, which are about equally long, of a list of rows."""
    if not parts:
        return np.empty(0, np.int64)
    ends = np.arange(parts + 1) * rows // parts
    random = _random(seed, 1)
    return ends[:-1] + (random.random(parts) * np.diff(ends)).astype(np.int64)
