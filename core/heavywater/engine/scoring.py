"""Forward passes over many rows in blocks: predictions, hidden features, reconstructions.

Each block is computed by one thread, so that results do not depend on the number of threads: in float32 by the engine, as the rows
of a mini-batch (`Network.forward`), which gives a row the same bits alone and among any others; float64 by NumPy with
single-threaded BLAS, which does so but for rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from ..arrays import Array
from .blas import single_threaded_blas
from .rows import Rows

if TYPE_CHECKING:
    from ._net import Network

Layers = list[tuple[Array, Array]]
BLOCK = 512  # rows: activations of a block stay in the second-level cache, and BLAS is at speed
COMPILED_BLOCK = 256  # the same for the engine, whose products need no more
PART = 2048  # rows: as many of pending numbers as a cache holds beside the weights are put side by side at a time


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

    def with_output(self, factor: float, shift: Array | None = None) -> Snapshot:
        """The same, whose last layer has its net inputs multiplied by a number, then shifted (units,)."""
        weights, biases = self.weights[-1], self.biases[-1].astype(np.float64) * factor
        biases = biases if shift is None else biases + shift
        return Snapshot(
            [*self.weights[:-1], (weights.astype(np.float64) * factor).astype(weights.dtype)],
            [*self.biases[:-1], biases.astype(self.biases[-1].dtype)],
            list(self.kinds),
            list(self.keep),
        )

    @property
    def members(self) -> list[Snapshot]:
        """The networks that are scored: itself."""
        return [self]

    @property
    def nbytes(self) -> int:
        """Bytes of the weights and biases of all members."""
        return sum(a.nbytes for member in self.members for a in [*member.weights, *member.biases])


class JointSnapshot(Snapshot):
    """Several networks of one form, scored together: the mean of the net inputs of their last layers, then its activation.

    Weights and biases are those of the one network that gives the same: first layers above each other, hidden ones in blocks on
    the diagonal, last ones side by side, divided by the number of members. They are made when they are first asked for.

    Parameters
    ----------
    members : list of Snapshot

    Raises
    ------
    ValueError
        There is none, or they differ in form.
    """

    def __init__(self, members: list[Snapshot]) -> None:
        if not members or any(type(member) is not Snapshot for member in members):
            raise ValueError("a joint network needs members that are networks")
        first = _form(members[0])
        if any(_form(member) != first for member in members):
            raise ValueError("the members of a joint network differ in their layers")
        self._members = list(members)
        self.kinds, self.keep = list(members[0].kinds), list(members[0].keep)

    @property
    def members(self) -> list[Snapshot]:
        """The networks that are scored."""
        return self._members

    def __getattr__(self, name: str) -> list[Array]:
        if name not in ("weights", "biases"):
            raise AttributeError(name)
        last = len(self.kinds) - 1
        layers = zip(*(getattr(member, name) for member in self._members), strict=True)
        join = _joined_weights if name == "weights" else _joined_biases
        found = [join(i, last, list(parts)) for i, parts in enumerate(layers)]
        setattr(self, name, found)
        return found

    def with_output(self, factor: float, shift: Array | None = None) -> Snapshot:
        """See `Snapshot`."""
        return JointSnapshot([member.with_output(factor, shift) for member in self.members])

    def joined(self) -> Snapshot:
        """The one network that gives the same, as one without members."""
        return Snapshot(self.weights, self.biases, list(self.kinds), list(self.keep))


def _form(network: Snapshot) -> Any:
    shapes = [(w.shape, b.shape) for w, b in zip(network.weights, network.biases, strict=True)]
    return shapes, list(network.kinds), list(network.keep)


def _joined_weights(layer: int, last: int, parts: list[Array]) -> Array:
    """Weights of a layer of the one network that gives what several give together."""
    n = len(parts)
    channels, units, inputs = parts[0].shape
    if layer == last:
        joined = np.sum(parts, axis=0, dtype=np.float64) if last == 0 else np.concatenate(parts, axis=2)
        return (joined / n).astype(parts[0].dtype)
    if layer == 0:
        return np.concatenate(parts, axis=1)
    whole = np.zeros((channels, n * units, n * inputs), parts[0].dtype)
    for k, part in enumerate(parts):
        whole[:, k * units : (k + 1) * units, k * inputs : (k + 1) * inputs] = part
    return whole


def _joined_biases(layer: int, last: int, parts: list[Array]) -> Array:
    if layer < last:
        return np.concatenate(parts, axis=1)
    return np.mean(parts, axis=0, dtype=np.float64).astype(parts[0].dtype)


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


def number_units(rows: Rows, lo: int, hi: int, dtype: Any) -> Any:
    """Units of the numbers of rows lo..hi-1, sparse where the rows are; what `first_layer` multiplies."""
    return rows.numbers_block(lo, hi, dtype) if rows.start is None else rows.sparse_block(lo, hi)


def first_layer(rows: Rows, lo: int, hi: int, matrix: Array, bias: Array, numbers: Any = None) -> Array:
    """Net inputs of the first layer: categories pick rows of the matrix, one-hot vectors are never built.

    Parameters
    ----------
    numbers : optional
        What `number_units` gives, from whoever has several networks to multiply it with.
    """
    numeric = matrix[rows.first_number : rows.first_number + rows.number_units]
    x = number_units(rows, lo, hi, matrix.dtype) if numbers is None else numbers
    z: Array = x @ numeric
    z = z + bias if rows.start is not None else np.add(z, bias, out=z)
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
    numbers: Any = None,
) -> Array:
    """Activations of the last of the given layers for rows lo..hi-1; `numbers` as for `first_layer`."""
    a = np.empty(0)
    for i, (matrix, bias) in enumerate(layers):
        z = first_layer(rows, lo, hi, matrix, bias, numbers) if i == 0 else a @ matrix
        if i > 0:
            z += bias
        a = activate(kinds[i], z)
        if keep[i] != 1:
            a *= keep[i]
    return a


class ReadyNetwork:
    """What `score` works with, made when it is first needed, for who keeps it to score often.

    Parameters
    ----------
    net : Snapshot
    dtype : numpy type
        Precision of the forward passes.
    """

    def __init__(self, net: Snapshot, dtype: Any) -> None:
        self.net, self.dtype = net, np.dtype(dtype)

    @cached_property
    def layers(self) -> list[Layers]:
        """Of each member the layers, see `Snapshot.input_major`."""
        return [member.input_major(self.dtype) for member in self.net.members]

    @cached_property
    def networks(self) -> list[Network]:
        """Each member as the engine has it."""
        from ._net32 import Network  # start-up: the compiled engine is loaded when a network is needed

        found = []
        for member in self.net.members:
            units = [w.shape[1] for w in member.weights]
            one = Network(member.weights[0].shape[2], units, member.kinds, batches=True)
            for i, (w, b) in enumerate(zip(member.weights, member.biases, strict=True)):
                one.set_weights(i, w, b)
            found.append(one)
        return found

    def compiled(self, rows: Rows) -> bool:
        """Whether the engine scores these rows: in its precision, as they lie."""
        arrays = (rows.dense, rows.value, rows.sub, rows.mul, rows.positions)
        narrow = (np.uint8, np.int16)
        return (
            self.dtype == np.float32
            and (len(self.net.members) == 1 or self.net.kinds[-1] != "Maxout")
            and all(a is None or a.dtype in narrow or a.dtype == np.float32 for a in arrays)
            and all(
                a is None or a.flags.c_contiguous
                for a in (*arrays, rows.category, rows.start, rows.index, rows.spans, rows.position_at)
            )
        )


def joint_block(
    rows: Rows,
    lo: int,
    hi: int,
    members: list[Layers],
    kinds: Sequence[str],
    keep: Sequence[float],
) -> Array:
    """What `forward_block` gives, for several networks together.

    Hidden activations stand side by side; those of the last layer are of the mean of its net inputs.
    """
    depth, n = len(members[0]), len(members)
    if n == 1:
        return forward_block(rows, lo, hi, members[0], kinds, keep)
    x = number_units(rows, lo, hi, members[0][0][0].dtype)  # once for all
    if depth < len(kinds):
        parts = [forward_block(rows, lo, hi, layers, kinds, keep, x) for layers in members]
        return np.concatenate(parts, axis=1)
    open_ended, all_kept = [*kinds[:-1], "Linear"], [*keep[:-1], 1]
    z = forward_block(rows, lo, hi, members[0], open_ended, all_kept, x)
    for layers in members[1:]:
        z += forward_block(rows, lo, hi, layers, open_ended, all_kept, x)
    z /= n
    a = activate(kinds[-1], z)
    if keep[-1] != 1:
        a *= keep[-1]
    return a


@overload
def score(
    rows: Rows,
    net: Snapshot,
    *,
    threads: int = 1,
    depth: int | None = None,
    dtype: Any = np.float32,
    ready: ReadyNetwork | None = None,
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
    ready: ReadyNetwork | None = None,
    each: Callable[[int, int, Array], None],
) -> None: ...
def score(
    rows: Rows,
    net: Snapshot,
    *,
    threads: int = 1,
    depth: int | None = None,
    dtype: Any = np.float32,
    ready: ReadyNetwork | None = None,
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
    ready : ReadyNetwork, optional
        The same network, from whoever keeps it to score often.
    each : callable (lo, hi, outputs), optional
        Called for each block instead of collecting the outputs: for results that are smaller than the outputs.

    Returns
    -------
    array (rows, units), or None with `each`
        Linear outputs are without offset, in the scale the network works in.
    """
    depth = len(net.kinds) if depth is None else depth
    ready = ready or ReadyNetwork(net, dtype)
    units = net.members[0].weights[depth - 1].shape[1] * (1 if depth == len(net.kinds) else len(net.members))
    compiled = ready.compiled(rows)
    rows = rows if compiled else rows.complete()
    out: Array | None = None if each else np.empty((rows.n, units), dtype)
    forward = _compiled_blocks(net, ready, depth) if compiled else _blas_blocks(net, ready, depth)
    size = COMPILED_BLOCK if compiled else BLOCK
    step = size if rows.pending is None else min(PART, size * max(1, rows.n // (threads * size)))

    def work(bounds: tuple[int, int]) -> None:
        first, part = (0, rows) if rows.pending is None else (bounds[0], rows.part(*bounds))
        for lo in range(*bounds, size):
            hi = min(lo + size, bounds[1])
            with np.errstate(over="ignore", invalid="ignore"):  # whoever asks looks at what comes out
                a = forward(part, lo - first, hi - first)
            if each:
                each(lo, hi, a)
            elif out is not None:
                out[lo:hi] = a

    with nullcontext() if compiled else single_threaded_blas():
        if threads == 1 or rows.n <= step:
            for bounds in rows.blocks(step):
                work(bounds)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, rows.blocks(step)))
    return out


Blocks = Callable[[Rows, int, int], Array]


def _blas_blocks(net: Snapshot, ready: ReadyNetwork, depth: int) -> Blocks:
    """What gives the activations of a block of rows, by NumPy."""
    layers = [member[:depth] for member in ready.layers]
    return lambda rows, lo, hi: joint_block(rows, lo, hi, layers, net.kinds, net.keep)


def _compiled_blocks(net: Snapshot, ready: ReadyNetwork, depth: int) -> Blocks:
    """The same by the engine: a hidden layer side by side, the mean of the net inputs of the last one."""
    networks, keep = ready.networks, np.array(net.keep, np.float32)
    last = depth == len(net.kinds)
    joint = last and len(networks) > 1
    if joint:
        keep[-1] = 1
    spaces: list[list[Any]] = []  # of a call that has ended; each is used by one thread at a time

    def forward(rows: Rows, lo: int, hi: int) -> Array:
        mine = spaces.pop() if spaces else [None] * len(networks)
        found = []
        for i, network in enumerate(networks):
            a, mine[i] = network.forward(rows, lo, hi, depth, keep, mine[i], joint)
            found.append(a)
        spaces.append(mine)
        if not last:
            return np.concatenate(found, axis=1) if len(found) > 1 else found[0]
        z = found[0]
        for other in found[1:]:
            z += other
        if joint:
            z /= len(found)
        a = activate(net.kinds[-1], z) if joint or net.kinds[-1] == "Softmax" else z
        if net.keep[-1] != 1 and (joint or net.kinds[-1] == "Softmax"):
            a *= net.keep[-1]
        return a

    return forward
