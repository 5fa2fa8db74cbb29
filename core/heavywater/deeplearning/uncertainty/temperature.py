"""One number by which the outputs of a classifier are divided, learned from rows that were held out.

Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from .calibration import inverse_temperature, logloss, softmax

_LEAST = 1e-37  # of a probability in 32 bits
LARGEST = 20.0  # temperature; and the inverse of the smallest


@dataclass
class FittedTemperature:
    """What the net inputs of the last layer were divided by.

    Attributes
    ----------
    value : float
    source : str
        Where the rows came from.
    rows : int
        How many there were.
    logloss_before, logloss_after : float
        Of those rows.
    """

    value: float
    source: str
    rows: int
    logloss_before: float
    logloss_after: float

    @classmethod
    def learned(
        cls, chances: Array, actual: Array, weights: Array | None, source: str
    ) -> FittedTemperature | None:
        """The temperature up to 20 with which rows have the least log-loss; None where it is below 1/20: then all of them are right.

        Parameters
        ----------
        chances : array (rows, classes)
            What the model says of them; rows with NaN do not count.
        actual : int array (rows,)
            Their classes, -1 where that is missing.
        weights : array (rows,), optional
            Observation weights.
        source : str
        """
        counts = (actual >= 0) & ~np.isnan(chances).any(axis=1)
        counts &= True if weights is None else weights > 0
        if not counts.any() or chances.shape[1] < 2:
            return None
        own, classes = chances[counts].astype(np.float64), actual[counts].astype(np.int64)
        load = np.ones(len(own)) if weights is None else weights[counts].astype(np.float64)
        slope = max(inverse_temperature(logarithms(own), classes, load), 1 / LARGEST)
        if slope > LARGEST:
            return None
        before, after = (logloss(each, classes, load) for each in (own, tempered(own, 1 / slope)))
        return cls(1 / slope, source, len(own), before, after)

    def described(self) -> dict[str, object]:
        """What the description of a model tells of it."""
        names = ("value", "source", "rows", "logloss_before", "logloss_after")
        return {name: getattr(self, name) for name in names}


def logarithms(chances: Array) -> Array:
    """Of probabilities, which in 32 bits may be 0."""
    found: Array = np.log(np.maximum(chances, _LEAST))
    return found


def tempered(chances: Array, temperature: float) -> Array:
    """Probabilities (rows, classes) after the division; NaN stays NaN."""
    return softmax(logarithms(chances) / temperature)
