"""The response in the scale the output unit works in, and predictions back on the scale of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..frame.columns import Column
from .encoding import moments

Array = np.ndarray[Any, np.dtype[Any]]
LOG_LINK = ("poisson", "gamma", "tweedie")


@dataclass
class Response:
    """Scaling of a response.

    Attributes
    ----------
    name : str
    domain : tuple of str or None
        Classes; None for regression.
    distribution : str
    sub, mul : float
        target = (y - sub) * mul; 0 and 1 unless the link is the identity and standardize is on.
    """

    name: str
    distribution: str
    domain: tuple[str, ...] | None = None
    sub: float = 0.0
    mul: float = 1.0

    @classmethod
    def fit(cls, name: str, column: Column, distribution: str, *, standardize: bool, weights: Array | None) -> Response:
        """Learn the scaling from the training column (weighted when observation weights are given)."""
        if column.kind == "enum":
            return cls(name, distribution, tuple(column.levels or ()))
        if distribution in LOG_LINK or not standardize:
            return cls(name, distribution)
        mean, sd = moments(column.numbers(), weights)
        return cls(name, distribution, None, mean, 1 / sd if sd > 0 else 1.0)

    @property
    def log_link(self) -> bool:
        """Whether the output is the logarithm of the prediction."""
        return self.distribution in LOG_LINK

    def targets(self, y: Array) -> Array:
        """Scaled response."""
        return (y - self.sub) * self.mul

    def offsets(self, offset: Array) -> Array:
        """Offset in the scale of the output unit; it is added to the output whatever its sign."""
        return (offset - self.sub) * self.mul

    def predictions(self, output: Array, offset: Array | None = None) -> Array:
        """Predictions on the scale of the response from the output unit (rows,), offset included."""
        f = output.astype(np.float64)
        if offset is not None:
            f = f + self.offsets(offset)
        if self.log_link:
            with np.errstate(over="ignore"):
                return np.minimum(1e19, np.exp(f))
        return f / self.mul + self.sub
