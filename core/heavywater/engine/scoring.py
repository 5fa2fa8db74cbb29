"""Forward passes over many rows in blocks: predictions, hidden features, reconstructions.

Each block is computed by one thread with single-threaded BLAS, so that results do not depend on the number of threads.
How many rows are scored together changes them by rounding only: BLAS multiplies narrow blocks in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from ..arrays import Array
from .blas import single_threaded_blas
from .rows import Rows

Layers = list[tuple[Array, Array]]
BLOCK = 512  # rows: activations of a block stay in the second-level cache, and BLAS is at speed


@dataclass
class Snapshot:
    """Weights for scoring.

    Attributes
    ----------
    weights : list of (channels, units, inputs) arrays
    biases : list of (channels, units) arrays
    kinds : list of str
        Activation of every layer; the last is Linear, Softmax or, for autoencoders, a hidden activation.
    keep : list of float
        1 - dropout ratio of every layer: activations are scaled by it when scoring (not while training).
    """

    weights: list[Array]
    biases: list[Array]
    kinds: list[str]
    keep: list[float]

    def input_major(self, dtype: Any) -> Layers:
        """Per layer the matrix (inputs, channels * units) and the biases (channels * units,)."""
        return [
            (np.ascontiguousarray(w.reshape(-1, w.shape[2]).T, dtype), b.reshape(-1).astype(dtype))
            for w, b in zip(self.weights, self.biases, strict=True)
        ]


def activate(kind: str, z: Array) -> Array:
    """Activations (rows, units) of net inputs (rows, channels * units)."""
    if kind == "Tanh":
        return np.tanh(z, out=z)
    if kind == "Rectifier":
        return np.maximum(z, 0, out=z)
    if kind == "ExpRectifier":
        return np.where(z >= 0, z, np.expm1(np.minimum(z, 0)))
    if kind == "Maxout":
        half = z.shape[1] // 2
        return np.maximum(z[:, :half], z[:, half:])
    if kind == "Softmax":
        z -= z.max(axis=1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=1, keepdims=True)
    return z


def first_layer(rows: Rows, lo: int, hi: int, matrix: Array, bias: Array) -> Array:
    """Net inputs of the first layer: categories pick rows of the matrix, one-hot vectors are never built."""
    numeric = matrix[rows.first_number : rows.first_number + rows.number_units]
    z: Array
    if rows.start is not None:
        z = rows.sparse_block(lo, hi) @ numeric
        z = z + bias
    else:
        z = rows.numbers_block(lo, hi, matrix.dtype) @ numeric
        z += bias
    for units in rows.category[lo:hi].T:
        active = units >= 0
        if active.all():
            z += matrix[units]
        else:
            z[active] += matrix[units[active]]
    return z


def forward_block(
    rows: Rows,
    lo: int,
    hi: int,
    layers: Layers,
    kinds: Sequence[str],
    keep: Sequence[float],
) -> Array:
    """Activations of the last of the given layers for rows lo..hi-1."""
    a = np.empty(0)
    for i, (matrix, bias) in enumerate(layers):
        z = first_layer(rows, lo, hi, matrix, bias) if i == 0 else a @ matrix
        if i > 0:
            z += bias
        a = activate(kinds[i], z)
        if keep[i] != 1:
            a *= keep[i]
    return a


@overload
def score(
    rows: Rows,
    net: Snapshot,
    *,
    threads: int = 1,
    depth: int | None = None,
    dtype: Any = np.float32,
    layers: Layers | None = None,
    each: None = None,
) -> Array: ...
@overload
def score(
    rows: Rows,
    net: Snapshot,
    *,
    threads: int = 1,
    depth: int | None = None,
    dtype: Any = np.float32,
    layers: Layers | None = None,
    each: Callable[[int, int, Array], None],
) -> None: ...
def score(
    rows: Rows,
    net: Snapshot,
    *,
    threads: int = 1,
    depth: int | None = None,
    dtype: Any = np.float32,
    layers: Layers | None = None,
    each: Callable[[int, int, Array], None] | None = None,
) -> Array | None:
    """Activations of the last (or of a hidden) layer for all rows.

    Parameters
    ----------
    rows : Rows
    net : Snapshot
    threads : int
    depth : int, optional
        Number of layers to go through; all by default. Hidden activations are scaled by 1 - dropout ratio.
    layers : list of (matrix, biases), optional
        What `net.input_major` gives, from whoever keeps it to score often.
    each : callable (lo, hi, outputs), optional
        Called for each block instead of collecting the outputs: for results that are smaller than the outputs.

    Returns
    -------
    array (rows, units), or None with `each`
        Linear outputs are without offset, in the scale the network works in.
    """
    depth = len(net.kinds) if depth is None else depth
    layers = (net.input_major(dtype) if layers is None else layers)[:depth]
    out: Array | None = None if each else np.empty((rows.n, net.weights[depth - 1].shape[1]), dtype)

    def work(bounds: tuple[int, int]) -> None:
        lo, hi = bounds
        with np.errstate(over="ignore", invalid="ignore"):  # whoever asks looks at what comes out
            a = forward_block(rows, lo, hi, layers, net.kinds, net.keep)
        if each:
            each(lo, hi, a)
        elif out is not None:
            out[lo:hi] = a

    with single_threaded_blas():
        if threads == 1 or rows.n <= BLOCK:
            for bounds in rows.blocks(BLOCK):
                work(bounds)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, rows.blocks(BLOCK)))
    return out
