"""Starting weights: H2O's distributions, ranges and generator, so that equal seeds start equal networks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..arrays import Array

_MULTIPLIER = np.uint64(6364136223846793005)
_INCREMENT = np.uint64(3)  # stream 1
_SEED_OFFSET = 0xBAD5EED


def pcg32(seed: int, n: int) -> Array:
    """The first n outputs of PCG-XSH-RR 64/32, stream 1 (O'Neill 2014), computed for all positions at once.

    Returns
    -------
    uint32 array, shape (n,)
    """
    with np.errstate(over="ignore"):
        start = (_INCREMENT + np.uint64(seed & 0xFFFFFFFFFFFFFFFF)) * _MULTIPLIER + _INCREMENT
        powers = np.multiply.accumulate(np.full(n, _MULTIPLIER, np.uint64))
        powers = np.concatenate([np.ones(1, np.uint64), powers[:-1]]) if n else powers
        sums = np.cumsum(powers, dtype=np.uint64)
        # state k is a^k * start + c * (a^(k-1) + ... + 1)
        old = powers * start + _INCREMENT * (sums - powers)
        x = (((old >> np.uint64(18)) ^ old) >> np.uint64(27)).astype(np.uint32)
        rot = (old >> np.uint64(59)).astype(np.uint32)
        return (x >> rot) | (x << ((np.uint32(32) - rot) & np.uint32(31)))


def uniforms(seed: int, n: int) -> Array:
    """N numbers in [0, 1) with 24 bits each; every second output is used."""
    return (pcg32(seed, 2 * n)[1::2] & np.uint32(0xFFFFFF)) / float(1 << 24)


def normals(seed: int, n: int) -> Array:
    """N standard normal numbers by the polar method (Marsaglia and Bray 1964)."""
    pairs = int(n / 2 * 1.4) + 32
    while True:
        draws = pcg32(seed, 8 * pairs)[1::2].reshape(-1, 2).astype(np.float64)
        high, low = draws[:, 0] % (1 << 26), draws[:, 1] % (1 << 27)
        points = 2 * (high * (1 << 27) + low).reshape(-1, 2) * 2.0**-53 - 1
        s = (points**2).sum(axis=1)
        inside = (s > 0) & (s < 1)
        if 2 * inside.sum() >= n:
            break
        pairs *= 2
    points, s = points[inside], s[inside]
    normal: Array = points * np.sqrt(-2 * np.log(s) / s)[:, None]
    return normal.reshape(-1)[:n]


def initial_layer(
    layer: int,
    inputs: int,
    units: int,
    channels: int,
    *,
    last_of_classifier: bool,
    distribution: str,
    scale: float,
    seed: int,
) -> Array:
    """Weights of one layer, shape (channels, units, inputs), float32.

    UniformAdaptive draws from +-sqrt(6 / (inputs + units)), four times that for the output layer of a classifier
    (Glorot and Bengio 2010; booklet, "Initialization"); Uniform from +-scale; Normal with standard deviation scale.
    """
    n, key = channels * units * inputs, seed + _SEED_OFFSET + layer + 1
    if distribution == "Normal":
        values = normals(key, n) * scale
    elif distribution == "Uniform":
        values = -scale + uniforms(key, n) * 2 * scale
    else:
        span = math.sqrt(6.0 / (inputs + units))
        values = (-span + uniforms(key, n) * 2 * span) * (4 if last_of_classifier else 1)
    return values.astype(np.float32).reshape(units, inputs, channels).transpose(2, 0, 1).copy()


def initial_biases(layer: int, units: int, kind: str, *, output: bool, none: bool = False) -> Array:
    """Biases of one layer, one per unit.

    For Rectifier and Maxout 0.5 in the first hidden layer and 1 in the others, else 0, and 0 everywhere with `none`.
    """
    start = 0.0
    if not (output or none) and kind in ("Rectifier", "Maxout"):
        start = 0.5 if layer == 0 else 1.0
    return np.full(units, start)


def channels_of(kinds: Sequence[str]) -> list[int]:
    """Channels of every layer: 2 for Maxout, else 1."""
    return [2 if kind == "Maxout" else 1 for kind in kinds]
