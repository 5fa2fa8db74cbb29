"""DeepSHAP on arrays: how much of the change from one row to another each input unit of a network makes.

Between two rows every unit is replaced by the straight line through what it gives for the two (the Rescale rule), so that
the changes of its inputs, times a multiplier, make the change of its output exactly. The multipliers are chained from the
output back to the inputs. A Maxout unit, the larger one of two sums, takes the Shapley value of the two sums instead.

Sources: Shrikumar, Greenside, Kundaje 2017, "Learning important features through propagating activation differences",
section 3.5.1; Lundberg, Lee 2017, "A unified approach to interpreting model predictions", section 4.2 and, on max, 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...engine.scoring import Layers, activate, first_layer

# Differences of sums below which the slope of a unit is its derivative half-way: quotients of smaller ones are all rounding.
_NO_DIFFERENCE = {np.dtype(np.float32): 1e-3, np.dtype(np.float64): 1e-6}


@dataclass(frozen=True)
class States:
    """What the layers of a network make of some rows.

    Attributes
    ----------
    sums : list of (rows, channels * units) arrays
        What each layer takes the activation of.
    activations : list of (rows, units) arrays
        What each layer gives, dropout not yet taken into account.
    numbers : array (rows, numbers)
        The numeric units, as the first layer gets them.
    units : int array (rows, categorical columns)
        The input unit of each categorical cell, -1 for none.
    """

    sums: list[Array]
    activations: list[Array]
    numbers: Array
    units: Array

    @classmethod
    def of(
        cls, rows: Rows, lo: int, hi: int, layers: Layers, kinds: Sequence[str], keep: Sequence[float]
    ) -> States:
        """Those of rows lo..hi-1."""
        sums: list[Array] = []
        activations: list[Array] = []
        for i, (matrix, bias) in enumerate(layers):
            z = (
                first_layer(rows, lo, hi, matrix, bias)
                if i == 0
                else (activations[-1] * matrix.dtype.type(keep[i - 1])) @ matrix + bias
            )
            sums.append(z)
            activations.append(activate(kinds[i], z.copy()))
        return cls(sums, activations, rows.numbers_block(lo, hi, layers[0][0].dtype), rows.category[lo:hi])

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.units)

    def part(self, lo: int, hi: int) -> States:
        """Rows lo..hi-1 of them."""
        return States(
            [each[lo:hi] for each in self.sums],
            [each[lo:hi] for each in self.activations],
            self.numbers[lo:hi],
            self.units[lo:hi],
        )


def differences(x: Array, r: Array) -> Array:
    """Of each row of x and each row of r: (rows of x, rows of r, columns)."""
    found: Array = x[:, None] - r[None]
    return found


def slopes(kind: str, layer: int, x: States, r: States) -> Array:
    """Multipliers from the sums of a layer to what it gives: (rows of x, rows of r, channels * units)."""
    z, z0, a, a0 = x.sums[layer], r.sums[layer], x.activations[layer], r.activations[layer]
    if kind == "Maxout":
        return _maxout(z, z0, a, a0)
    if kind == "Linear":
        return np.ones((1, 1, z.shape[1]), z.dtype)
    change = differences(z, z0)
    found = differences(a, a0)
    if kind == "Rectifier":
        small = change == 0
    else:
        small = np.abs(change) < _NO_DIFFERENCE[z.dtype]
    if kind == "ExpRectifier":  # across its bend nothing is lost in differences
        small &= (z < 0)[:, None] == (z0 < 0)[None]
    with np.errstate(all="ignore"):
        found /= change
    if small.any():
        n, m, u = np.nonzero(small)
        found[n, m, u] = _derivative(kind, z[n, u], z0[m, u], a[n, u], a0[m, u])
    return found


def _derivative(kind: str, z: Array, z0: Array, a: Array, a0: Array) -> Array:
    """Slope of a unit where the two sums are as good as the same."""
    middle = (a + a0) / 2
    if kind == "Tanh":
        return np.asarray(1 - middle * middle)
    if kind == "Rectifier":
        return np.asarray(z > 0, a.dtype)
    return np.where(z < 0, 1 + middle, 1).astype(a.dtype)  # ExpRectifier


def _maxout(z: Array, z0: Array, a: Array, a0: Array) -> Array:
    """Shapley values of the two sums of each unit, over their changes."""
    half = a.shape[1]
    u, v, u0, v0 = z[:, :half], z[:, half:], z0[:, :half], z0[:, half:]
    only_u, only_v = np.maximum(u[:, None], v0[None]), np.maximum(u0[None], v[:, None])
    both = differences(a, a0)
    cross = only_u - only_v
    found = np.empty((len(z), len(z0), 2 * half), z.dtype)
    for part, new, old, other, other0, value in (
        (found[:, :, :half], u, u0, v, v0, both + cross),
        (found[:, :, half:], v, v0, u, u0, both - cross),
    ):
        change = differences(new, old)
        same = change == 0
        with np.errstate(all="ignore"):
            np.divide(value, 2 * change, out=part)
        if same.any():
            n, m, k = np.nonzero(same)
            here = new[n, k]
            part[same] = ((here > other[n, k]) * 0.5 + (here > other0[m, k]) * 0.5).astype(z.dtype)
    return found


def chained(
    last: Array, x: States, r: States, layers: Layers, kinds: Sequence[str], keep: Sequence[float]
) -> Array:
    """Multipliers from the sums of the first layer, given those from the sums of the last one.

    Parameters
    ----------
    last : array (outputs, rows of x or 1, rows of r or 1, channels * units of the last layer)

    Returns
    -------
    array (outputs, rows of x, rows of r, channels * units of the first layer)
    """
    for i in range(len(layers) - 1, 0, -1):
        flat = last.reshape(-1, last.shape[-1]) @ layers[i][0].T
        last = flat.reshape(*last.shape[:-1], flat.shape[1])
        if kinds[i - 1] == "Maxout":
            last = np.concatenate([last, last], axis=-1)
        slope = slopes(kinds[i - 1], i - 1, x, r)
        if keep[i - 1] != 1:
            slope *= slope.dtype.type(keep[i - 1])
        last = last * slope
    return np.broadcast_to(last, (last.shape[0], x.rows, r.rows, last.shape[-1]))


def softmax_multipliers(z: Array, z0: Array) -> Array:
    """Multipliers from the sums of a Softmax layer to its probabilities.

    The sums are taken from their mean, which changes no probability; then exponential, sum, logarithm and exponential of
    what is left are chained by the Rescale rule. With two classes that is the Rescale rule for the logistic function of the
    difference of the sums.

    Parameters
    ----------
    z, z0 : array (rows of x, classes), array (rows of r, classes)
        -inf: a class that is never predicted.

    Returns
    -------
    float64 array (rows of x, rows of r, classes, classes)
        From the sum of the last axis to the probability of the one before it.
    """
    possible = np.isfinite(z).all(axis=0) & np.isfinite(z0).all(axis=0) if len(z) and len(z0) else None
    if possible is not None and not possible.all():
        found = np.zeros((len(z), len(z0), z.shape[1], z.shape[1]))
        if possible.any():
            where = np.flatnonzero(possible)
            found[:, :, where[:, None], where[None]] = softmax_multipliers(z[:, where], z0[:, where])
        return found
    z, z0 = (each.astype(np.float64) for each in (z, z0))
    z, z0 = z - z.mean(axis=1, keepdims=True), z0 - z0.mean(axis=1, keepdims=True)
    top = np.maximum(z.max(axis=1)[:, None], z0.max(axis=1)[None])[..., None]
    change = differences(z, z0)
    of_x, of_r = np.exp(z[:, None] - top), np.exp(z0[None] - top)
    total, total0 = of_x.sum(axis=2, keepdims=True), of_r.sum(axis=2, keepdims=True)
    log, log0 = _log_sum(z), _log_sum(z0)
    up = log[:, None] - log0[None]
    # of the logarithm of the sum, then of each probability, which is the exponential of what is above it
    to_log = _quotient(up, total - total0, 2 / (total + total0)) * _quotient(
        of_x - of_r, change, (of_x + of_r) / 2
    )
    p, p0 = np.exp(z - log), np.exp(z0 - log0)
    steep = _quotient(differences(p, p0), change - up, (p[:, None] + p0[None]) / 2)
    found = steep[..., None] * (np.eye(z.shape[1]) - to_log[..., None, :])
    return np.asarray(found - found.mean(axis=3, keepdims=True))


def _log_sum(z: Array) -> Array:
    top = z.max(axis=1, keepdims=True)
    return np.asarray(top + np.log(np.exp(z - top).sum(axis=1, keepdims=True)))


def _quotient(change: Array, of: Array, otherwise: Array) -> Array:
    """Change / of; where that is all rounding, the derivative."""
    small = np.abs(of) < 1e-6
    with np.errstate(all="ignore"):
        return np.where(small, otherwise, change / of)


def exponential_multipliers(f: Array, f0: Array, limit: float) -> Array:
    """Multipliers from logarithms to predictions, none of which is above a limit.

    Parameters
    ----------
    f, f0 : array (rows of x,), array (rows of r,)

    Returns
    -------
    array (rows of x, rows of r)
    """
    with np.errstate(over="ignore"):
        y, y0 = np.minimum(limit, np.exp(f)), np.minimum(limit, np.exp(f0))
    change = differences(f, f0)
    middle = (y[:, None] + y0[None]) / 2
    with np.errstate(all="ignore"):
        return np.where(np.abs(change) < 1e-6, middle, differences(y, y0) / change)


def of_inputs(first: Array, x: States, r: States, matrix: Array) -> tuple[Array, Array, Array]:
    """What each cell of x and each cell of r makes of the change, given the multipliers of the first layer's sums.

    Parameters
    ----------
    first : array (rows of x, rows of r, channels * units)
    matrix : array (inputs, channels * units)
        Weights of the first layer; numeric units are the last inputs.

    Returns
    -------
    array (rows of x, rows of r, numbers)
        Of the numeric units, x and r together.
    two arrays (rows of x, rows of r, categorical columns)
        Of the unit of x and of that of r, which has to be taken away.
    """
    n, m, width = first.shape
    count = x.numbers.shape[1]
    numbers = first.reshape(-1, width) @ matrix[len(matrix) - count :].T
    numbers = numbers.reshape(n, m, count) * differences(x.numbers, r.numbers)
    of_x = first @ _picked(matrix, x.units).transpose(0, 2, 1)
    of_r = first.transpose(1, 0, 2) @ _picked(matrix, r.units).transpose(0, 2, 1)
    return numbers, of_x, of_r.transpose(1, 0, 2)


def _picked(matrix: Array, units: Array) -> Array:
    """Weights of some input units, 0 for none: (rows, categorical columns, channels * units)."""
    found: Any = matrix[np.maximum(units, 0)]
    if (units < 0).any():
        found[units < 0] = 0
    return np.asarray(found)
