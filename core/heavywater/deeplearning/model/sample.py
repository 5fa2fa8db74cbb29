"""Rows to score with what they should give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...frame.frame import Frame
from ..encoding.data import DataSpec


@dataclass
class Sample:
    """Rows to score with what they should give.

    Attributes
    ----------
    rows : Rows
    actual : array (rows,) or None
        Numbers or class codes; None for an autoencoder.
    offset : array (rows,) or None
        On the scale of the data.
    weights : array (rows,) or None
    """

    rows: Rows
    actual: Array | None
    offset: Array | None
    weights: Array | None

    @classmethod
    def of(cls, spec: DataSpec, frame: Frame, rows: Rows, chosen: Array | None = None) -> Sample:
        """Rows of a frame, or some of them.

        Parameters
        ----------
        spec : DataSpec
        frame : Frame
            Has the response, where there is one, offset and weights.
        rows : Rows
            Its rows, encoded.
        chosen : int array, optional
            Numbers of the rows to score.
        """
        offset, weights = spec.offset(frame), spec.observation_weights(frame)
        actual = None if spec.response is None else spec.actual(frame)
        values = (actual, offset, weights)
        if chosen is None:
            return cls(rows, *values)
        picked = rows if len(chosen) == rows.n else rows.take(chosen)
        return cls(picked, *(None if each is None else each[chosen] for each in values))

    def countable(self, spec: DataSpec) -> bool:
        """Whether any row can count in the metrics."""
        weights = True if self.weights is None else self.weights > 0
        if self.actual is None or spec.response is None:
            return self.rows.n > 0
        known = ~np.isnan(self.actual) if spec.response.domain is None else self.actual >= 0
        return bool(np.any(known & weights))
