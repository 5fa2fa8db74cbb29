"""What a network does before its first and behind its last layer, as layers of their own: for formats that know nothing else.

A ramp clip((x - e) / d, 0, 1) is relu(u) - relu(u - 1) with u = (x - e) / d. Both units have the same weight, and the next layer
has the same weight for both, so that what is rounded moves the end of a ramp a little, and nothing else: beyond it the
difference is 1. (One unit relu(x - e) for each edge would do in exact numbers, but in 32 bits the sum of ever more lines that
cancel each other has lost its digits at the last edge, and all of them beyond.)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.encoder import Scaling, multiplier
from ..engine.scoring import Snapshot
from .plain import PlainNetwork

KINDS = ("Rectifier", "Maxout")  # activations of which such layers can be made
STEEPEST = 1e30  # slope of a ramp on a column that is 1 wide: 32 bits hold it


def kind_of(activation: str) -> str:
    """What the hidden layers do, of the parameter."""
    return activation.removesuffix("WithDropout")


def with_ramps_as_layer(plain: PlainNetwork, kind: str, dtype: type = np.float32) -> PlainNetwork:
    """The same network for numbers that have one unit each: a layer in front makes ramps of them, and passes levels on.

    Parameters
    ----------
    plain : PlainNetwork
    kind : str
        Activation of its hidden layers, one of `KINDS`.
    dtype : type
        Precision of the weights of that layer; its biases are in 64 bits.
    """
    net, levels = plain.layers, plain.offsets[-1]
    scaling = {name: _scaling(plain, name) for name in plain.numbers}
    units = levels + 2 * ramps_of(plain)
    first: Array = np.zeros((units, levels + len(scaling)), dtype)
    bias = np.zeros(units)
    first[:levels, :levels] = np.eye(levels)
    end = levels
    for column, (name, edges) in enumerate(plain.edges.items(), levels):
        start, end = end, end + 2 * (len(edges) - 1)
        at = (edges - scaling[name].sub) * scaling[name].mul
        slopes: Array = np.repeat(_slopes(at).astype(dtype), 2)
        first[start:end, column] = slopes
        bias[start:end] = -slopes.astype(float) * np.repeat(at[:-1], 2)
        bias[start + 1 : end : 2] -= 1
    pair = np.repeat(net.weights[0][:, :, levels:], 2, axis=2)
    pair[:, :, 1::2] *= -1
    second = np.concatenate([net.weights[0][:, :, :levels], pair], axis=2)
    layers = Snapshot(
        [_channels(kind, first), second, *net.weights[1:]],
        [_channels(kind, bias), *net.biases],
        [kind, *net.kinds],
        [1.0, *net.keep],
    )
    return replace(plain, numbers=scaling, edges={}, members=(layers,))


def ramps_of(plain: PlainNetwork) -> int:
    """Number of all ramps."""
    return sum(len(edges) - 1 for edges in plain.edges.values())


def _scaling(plain: PlainNetwork, name: str) -> Scaling:
    """Missing numbers are 0, and the edges 1 apart from the first to the last, so that slopes are near 1."""
    edges, fill = plain.edges[name], plain.numbers[name].fill
    return Scaling(fill, multiplier(float(edges[-1] / 2 - edges[0] / 2)) / 2, fill)


def _slopes(at: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.minimum(1 / np.diff(at), STEEPEST)


def _channels(kind: str, values: Array) -> Array:
    """A layer of one channel as its activation has it: the larger of it and 0, which is the second channel of Maxout."""
    return values[None] if kind == "Rectifier" else np.stack([values, np.zeros_like(values)])


def with_range_as_layer(plain: PlainNetwork, kind: str, low: float, high: float) -> PlainNetwork:
    """The same network with an output that stays between two numbers: low + relu(y - low) - relu(y - high).

    Parameters
    ----------
    plain : PlainNetwork
        Its output is one linear unit.
    kind : str
        Activation of its hidden layers, one of `KINDS`.
    low, high : float
        In the scale of the output; -inf and inf are no limits.
    """
    net = plain.layers
    weight, bias = net.weights[-1][0], net.biases[-1].astype(float)[0]
    if np.isinf(low) and np.isinf(high):
        return plain
    # below high: high - relu(high - y); above low: low + relu(y - low); both: the second unit is relu(y - high)
    signs = [-1.0] if np.isinf(low) else [1.0] if np.isinf(high) else [1.0, 1.0]
    starts = [high] if np.isinf(low) else [low] if np.isinf(high) else [low, high]
    inner = np.concatenate([sign * weight for sign in signs])
    inner_bias = np.concatenate([sign * (bias - start) for sign, start in zip(signs, starts, strict=True)])
    outer = np.array([[signs[0], -1.0][: len(signs)]], weight.dtype)
    layers = Snapshot(
        [*net.weights[:-1], _channels(kind, inner), outer[None]],
        [*net.biases[:-1], _channels(kind, inner_bias), np.array([[starts[0]]])],
        [*net.kinds[:-1], kind, net.kinds[-1]],
        [*net.keep[:-1], 1.0, net.keep[-1]],
    )
    return replace(plain, members=(layers,))
