"""Ramps of numbers and several members in a MOJO: to H2O one network of layers that it knows, to us what they were.

Our own keys say what the layers were made of. What is read is made into layers again and compared with those of the file, so that
both always are the same model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.data import DataSpec
from ..engine.scoring import JointSnapshot, Snapshot
from .extra_layers import with_ramps_as_layer
from .mojo_ini import OWN, Mojo, listed
from .plain import PlainNetwork

EDGES, COUNTS, MEMBERS = OWN + "edges", OWN + "edges_of_numbers", OWN + "members"
LAST_WEIGHTS, LAST_BIASES = OWN + "weight_of_members", OWN + "bias_of_members"


def as_layers(plain: PlainNetwork, activation: str) -> tuple[PlainNetwork, list[float]]:
    """A network as H2O knows it, and the dropout ratios of layers that it did not have, which come first.

    Parameters
    ----------
    plain : PlainNetwork
    activation : str
        The parameter.
    """
    kind = activation.removesuffix("WithDropout")
    return (with_ramps_as_layer(plain, kind), [0.0]) if plain.edges else (plain, [])


def forms_info(plain: PlainNetwork) -> dict[str, str]:
    """The keys from which `restored` makes the network again; none where it is as it is written."""
    info = {}
    if plain.edges:
        info[EDGES] = listed(np.concatenate(list(plain.edges.values())))
        info[COUNTS] = listed([len(each) for each in plain.edges.values()])
    if len(plain.members) > 1:  # the last layer of the whole has been divided, which is not exact
        info[MEMBERS] = str(len(plain.members))
        info[LAST_WEIGHTS] = listed(np.stack([each.weights[-1] for each in plain.members]))
        info[LAST_BIASES] = listed(np.stack([each.biases[-1] for each in plain.members]).astype(float))
    return info


def restored(mojo: Mojo, spec: DataSpec, net: Snapshot) -> tuple[DataSpec, Snapshot]:
    """What the network of a file was made of: the inputs with their edges, and the members.

    Parameters
    ----------
    mojo : Mojo
    spec : DataSpec
        Its numbers are scaled.
    net : Snapshot
        All layers of the file.

    Raises
    ------
    ParseError
        The layers are not those that would be written for what our own keys say.
    """
    if not mojo.has(EDGES) and not mojo.has(MEMBERS):
        return spec, net
    encoder, whole = spec.encoder, net
    if mojo.has(EDGES):
        edges = dict(zip(encoder.numbers, _edges(mojo, len(encoder.numbers)), strict=True))
        encoder = encoder.with_edges(edges)
        whole = _without_ramps(mojo, net, encoder.category_units, encoder.inputs)
    members = _members(mojo, whole) if mojo.has(MEMBERS) else (whole,)
    levels = {name: encoder.levels[name] for name in encoder.categories}
    numbers = {name: encoder.scaling[name] for name in encoder.numbers}
    plain = PlainNetwork(levels, numbers, encoder.all_levels, members, edges=encoder.edges)
    if not _same(as_layers(plain, mojo.text("activation"))[0].layers, net):
        raise _wrong(mojo)
    return replace(spec, encoder=encoder), members[0] if len(members) == 1 else JointSnapshot(list(members))


def _wrong(mojo: Mojo) -> Exception:
    return mojo.error(
        f"the layers are not those of the ramps and members that its keys {OWN}... tell: the file is damaged"
    )


def _edges(mojo: Mojo, numbers: int) -> Iterator[Array]:
    counts = mojo.integers(COUNTS, numbers)
    flat = mojo.numbers(EDGES, sum(counts))
    for each in np.split(flat, np.cumsum(counts)[:-1]):
        if len(each) < 2 or not (np.diff(each) > 0).all():
            raise mojo.error(f"{EDGES} has edges that do not increase")
        yield each


def _without_ramps(mojo: Mojo, net: Snapshot, levels: int, inputs: int) -> Snapshot:
    """The network without its first layer."""
    if len(net.weights) < 2 or net.weights[1].shape[2] != levels + 2 * (inputs - levels):
        raise _wrong(mojo)
    weights = net.weights[1]
    first = np.concatenate([weights[:, :, :levels], weights[:, :, levels::2]], axis=2)
    return Snapshot([first, *net.weights[2:]], net.biases[1:], net.kinds[1:], net.keep[1:])


def _members(mojo: Mojo, net: Snapshot) -> tuple[Snapshot, ...]:
    count, last = mojo.integer(MEMBERS), len(net.weights) - 1
    if count < 2 or any(w.shape[1] % count for w in net.weights[:-1]):
        raise _wrong(mojo)
    outputs, inputs = net.weights[last].shape[1:]
    shape = (count, 1, outputs, inputs // count if last else inputs)
    weights = mojo.numbers(LAST_WEIGHTS, int(np.prod(shape))).astype(net.weights[last].dtype).reshape(shape)
    biases = mojo.numbers(LAST_BIASES, count * outputs).reshape(count, 1, outputs)
    return tuple(
        Snapshot(
            [*(_block(w, i > 0, k, count) for i, w in enumerate(net.weights[:-1])), weights[k]],
            [*(np.split(b, count, axis=1)[k] for b in net.biases[:-1]), biases[k]],
            list(net.kinds),
            list(net.keep),
        )
        for k in range(count)
    )


def _block(weights: Array, diagonal: bool, k: int, count: int) -> Array:
    rows = np.split(weights, count, axis=1)[k]
    return np.ascontiguousarray(np.split(rows, count, axis=2)[k] if diagonal else rows)


def _same(made: Snapshot, read: Snapshot) -> bool:
    if made.kinds != read.kinds:
        return False
    pairs = zip([*made.weights, *made.biases], [*read.weights, *read.biases], strict=True)
    # means of biases were rounded to 32 bits where the biases were
    return all(np.array_equal(a.astype(np.float32), b.astype(np.float32)) for a, b in pairs)
