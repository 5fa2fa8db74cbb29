"""DeepSHAP on arrays: how much of the change from one row to another each input unit of a network makes.

Between two rows every unit is replaced by the straight line through what it gives for the two (the Rescale rule), so that
the changes of its inputs, times a multiplier, make the change of its output exactly. The multipliers are chained from the
output back to the inputs. A Maxout unit, the larger one of two sums, takes the Shapley value of the two sums instead.

Sources: Shrikumar, Greenside, Kundaje 2017, "Learning important features through propagating activation differences",
section 3.5.1; Lundberg, Lee 2017, "A unified approach to interpreting model predictions", section 4.2 and, on max, 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...engine.scoring import Layers, Snapshot, activate, first_layer


@dataclass(frozen=True)
class Net:
    """A network whose rows are explained.

    Attributes
    ----------
    layers : list of (matrix, biases)
        See `Snapshot.input_major`.
    kinds : list of str
    keep : list of float
    """

    layers: Layers
    kinds: Sequence[str]
    keep: Sequence[float]

    @classmethod
    def of(cls, network: Snapshot, dtype: Any) -> Net:
        """One with weights of this type."""
        return cls(network.input_major(dtype), network.kinds, network.keep)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the weights, and of what is computed."""
        return self.layers[0][0].dtype

    def following(self, first: Array) -> tuple[list[Array], list[Array]]:
        """Sums and activations (..., units) of all layers, given the sums of the first one (..., channels * units)."""
        sums: list[Array] = [first.reshape(-1, first.shape[-1])]
        activations: list[Array] = [activate(self.kinds[0], sums[0].copy())]
        for i, (matrix, bias) in enumerate(self.layers[1:], 1):
            kept = activations[-1] * matrix.dtype.type(self.keep[i - 1])
            sums.append(kept @ matrix + bias)
            activations.append(activate(self.kinds[i], sums[-1].copy()))
        whole = first.shape[:-1]
        shaped = [[each.reshape(*whole, each.shape[-1]) for each in found] for found in (sums, activations)]
        return shaped[0], shaped[1]


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
    def of(cls, rows: Rows, lo: int, hi: int, net: Net) -> States:
        """Those of rows lo..hi-1."""
        found = net.following(first_layer(rows, lo, hi, *net.layers[0]))
        return cls(*found, rows.numbers_block(lo, hi, net.dtype), rows.category[lo:hi])

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
    """Multipliers from the sums of a layer to what it gives: (rows of x, rows of r, channels * units).

    Quotients of differences that are small would be all rounding; each kind has a form without them.
    """
    z, z0, a, a0 = x.sums[layer], r.sums[layer], x.activations[layer], r.activations[layer]
    if kind == "Linear":
        return np.ones((1, 1, z.shape[1]), z.dtype)
    if kind == "Maxout":
        return _of_maxout(z, z0, a, a0)
    if kind == "Rectifier":
        return _of_rectifier(z, z0)
    change = differences(z, z0)
    if kind == "Tanh":  # tanh(d) (1 - tanh(z) tanh(z0)) is the difference
        found = a[:, None] * -a0[None]
        found += 1
        found *= _over(np.tanh(change), change)
        return found
    return _of_exponential(z, z0, a, a0, change)


def _of_rectifier(z: Array, z0: Array) -> Array:
    """Slope of the larger one of a number and 0; differences of numbers above 0 cancel to the last digit."""
    change, found = differences(z, z0), differences(np.maximum(z, 0), np.maximum(z0, 0))
    same = change == 0
    with np.errstate(all="ignore"):
        found /= change
    if same.any():
        n, m, k = np.nonzero(same)
        found[n, m, k] = z[n, k] > 0
    return found


def _of_maxout(z: Array, z0: Array, a: Array, a0: Array) -> Array:
    """Shapley values of the two sums of each unit, over their changes.

    The value of a sum is the mean of what its change makes before and after that of the other one.
    """
    half = a.shape[1]
    u, v, u0, v0 = z[:, :half], z[:, half:], z0[:, :half], z0[:, half:]
    found = np.empty((len(z), len(z0), 2 * half), z.dtype)
    only_u, only_v = np.maximum(u[:, None], v0[None]), np.maximum(u0[None], v[:, None])
    buffer = np.empty_like(only_u)
    for part, new, old, other, other0, alone, without in (
        (found[..., :half], u, u0, v, v0, only_u, only_v),
        (found[..., half:], v, v0, u, u0, only_v, only_u),
    ):
        np.subtract(a[:, None], without, out=part)
        part += np.subtract(alone, a0[None], out=buffer)
        with np.errstate(all="ignore"):
            part /= np.subtract(2 * new[:, None], 2 * old[None], out=buffer)
        if not buffer.all():
            n, m, k = np.nonzero(buffer == 0)
            here = new[n, k]
            part[n, m, k] = (here > other[n, k]) * 0.5 + (here > other0[m, k]) * 0.5
    return found


def _of_exponential(z: Array, z0: Array, a: Array, a0: Array, change: Array) -> Array:
    """Slope of ExpRectifier: below its bend e^z0 (e^d - 1) / d where that is small, above it 1."""
    near = np.clip(change, -1, 1)
    below = (1 + a0)[None] * _over(np.expm1(near), near)
    with np.errstate(all="ignore"):
        found = differences(a, a0) / change
    negative, negative0 = (z < 0)[:, None], (z0 < 0)[None]
    found = np.where(negative & negative0 & (near == change), below, found)
    return np.where(negative | negative0, found, np.ones((), z.dtype))


def derivative(kind: str, z: Array, a: Array) -> Array:
    """Of what a layer gives by its sums: (..., channels * units)."""
    if kind == "Tanh":
        return np.asarray(1 - a * a)
    if kind == "Rectifier":
        return np.asarray(z > 0, z.dtype)
    if kind == "ExpRectifier":
        return np.where(z < 0, 1 + a, 1).astype(z.dtype)
    if kind == "Maxout":
        first = np.asarray(z[..., : a.shape[-1]] > z[..., a.shape[-1] :], z.dtype)
        return np.concatenate([first, 1 - first], axis=-1)
    return np.ones_like(z)


def _over(value: Array, change: Array) -> Array:
    """Value / change, both small: their quotient goes to 1."""
    with np.errstate(all="ignore"):
        value /= change
    value[change == 0] = 1
    return value


def chained(last: Array, x: States, r: States, net: Net) -> Array:
    """Multipliers from the sums of the first layer, given those from the sums of the last one.

    Parameters
    ----------
    last : array (outputs, rows of x or 1, rows of r or 1, channels * units of the last layer)

    Returns
    -------
    array (outputs, rows of x, rows of r, channels * units of the first layer)
    """
    found = passed_back(last, net, lambda layer: slopes(net.kinds[layer], layer, x, r))
    return np.broadcast_to(found, (found.shape[0], x.rows, r.rows, found.shape[-1]))


def passed_back(last: Array, net: Net, slope_of: Callable[[int], Array]) -> Array:
    """From multipliers from the sums of the last layer to those of the first one.

    Parameters
    ----------
    last : array (outputs, ..., channels * units)
    net : Net
    slope_of : callable (layer)
        Multipliers from the sums of a layer to what it gives: (..., channels * units), which may be written to.
    """
    for i in range(len(net.layers) - 1, 0, -1):
        flat = last.reshape(-1, last.shape[-1]) @ net.layers[i][0].T
        last = flat.reshape(*last.shape[:-1], flat.shape[1])
        slope = slope_of(i - 1)
        if net.keep[i - 1] != 1:
            slope *= slope.dtype.type(net.keep[i - 1])
        if net.kinds[i - 1] != "Maxout":
            last = last * slope
        elif last.shape == (
            1,
            *slope.shape[:-1],
            slope.shape[-1] // 2,
        ):  # one output: what is there is written over
            channels = slope.reshape(*slope.shape[:-1], 2, -1)
            channels *= last[0, ..., None, :]
            last = slope[None]
        else:
            last = np.concatenate([last, last], axis=-1) * slope
    return last


def softmax_multipliers(z: Array, z0: Array) -> Array:
    """Multipliers from the sums of a Softmax layer to its probabilities.

    A probability is the exponential of its logarithm, so by the Rescale rule its multiplier is the logarithmic mean s of the
    two probabilities. What the logarithms have in common, the logarithm of the sum of all exponentials, changes by the mean
    change of the sums, with weights s, since the changes of all probabilities sum to 0. Together that is s_k (1 - s_k / S)
    from the own sum and -s_k s_j / S from the others, S the sum of all s: the derivatives of Softmax, at logarithmic means. With
    two classes it is the Rescale rule for the logistic function of the difference of the sums.

    Parameters
    ----------
    z, z0 : array (rows of x, classes), array (rows of r, classes)
        -inf: a class that is never predicted.

    Returns
    -------
    float64 array (rows of x, rows of r, classes, classes)
        From the sum of the last axis to the probability of the one before it.
    """
    logs, logs0 = (each - _log_sum(each) for each in (z.astype(np.float64), z0.astype(np.float64)))
    p, p0 = np.exp(logs), np.exp(logs0)
    with np.errstate(invalid="ignore"):
        change = differences(logs, logs0)
    middle = (p[:, None] + p0[None]) / 2
    means = _quotient(differences(p, p0), np.where(np.isnan(change), 0, change), middle)
    total = means.sum(axis=2, keepdims=True)
    with np.errstate(all="ignore"):
        shares = np.where(total > 0, means / total, 0)
    return np.asarray(means[..., None] * (np.eye(z.shape[1]) - shares[..., None, :]))


def _log_sum(z: Array) -> Array:
    top = z.max(axis=1, keepdims=True)
    return np.asarray(top + np.log(np.exp(z - top).sum(axis=1, keepdims=True)))


def _quotient(change: Array, of: Array, middle: Array) -> Array:
    """A change over another one, or where that is all rounding what it goes to."""
    with np.errstate(all="ignore"):
        return np.where(np.abs(of) < 1e-6, middle, change / of)


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
    return _quotient(differences(y, y0), differences(f, f0), (y[:, None] + y0[None]) / 2)


def range_multipliers(v: Array, v0: Array, low: float, high: float) -> Array:
    """Multipliers from numbers to the same kept within a range.

    Parameters
    ----------
    v, v0 : array (rows of x,), array (rows of r,)

    Returns
    -------
    array (rows of x, rows of r)
    """
    inside, inside0 = ((each > low) & (each < high) for each in (v, v0))
    middle = (inside[:, None] * 1.0 + inside0[None]) / 2
    return _quotient(differences(np.clip(v, low, high), np.clip(v0, low, high)), differences(v, v0), middle)


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
