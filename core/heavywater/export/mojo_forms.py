"""Ramps of numbers, several members and a range of predictions in a MOJO: to H2O one network of layers that it knows, to us what they were.

Our own keys say what the layers were made of. What is read is made into layers again and compared with those of the file, so that
both always are the same model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.data import DataSpec
from ..deeplearning.encoding.response import Response
from ..engine.scoring import JointSnapshot, Snapshot
from .extra_layers import KINDS, kind_of, with_ramps_as_layer, with_range_as_layer
from .mojo_ini import OWN, Mojo, listed
from .mojo_network import offsets_of_any_sign
from .plain import PlainNetwork

EDGES, COUNTS, MEMBERS = OWN + "edges", OWN + "edges_of_numbers", OWN + "members"
LAST_WEIGHTS, LAST_BIASES = OWN + "weight_of_members", OWN + "bias_of_members"
RANGE = OWN + "range_of_predictions"
_NOTHING = -800.0  # the exponential of it is 0


@dataclass(frozen=True)
class AsLayers:
    """A network as H2O knows it.

    Attributes
    ----------
    plain : PlainNetwork
    before, behind : list of float
        Dropout ratios of hidden layers that it did not have.
    """

    plain: PlainNetwork
    before: list[float]
    behind: list[float]

    @classmethod
    def of(
        cls, plain: PlainNetwork, activation: str, response: Response | None, with_offset: bool
    ) -> AsLayers:
        """That of a model.

        Parameters
        ----------
        plain : PlainNetwork
        activation : str
            The parameter.
        response : Response or None
        with_offset : bool
            Whether offsets are added to the output.
        """
        kind, before, behind = kind_of(activation), [], []
        if plain.edges:
            plain, before = with_ramps_as_layer(plain, kind), [0.0]
        if response is not None and response.range is not None and kind in KINDS:
            plain, behind = with_range_as_layer(plain, kind, *_of_output(response, with_offset)), [0.0]
        return cls(plain, before, behind)


def _of_output(response: Response, with_offset: bool) -> tuple[float, float]:
    """The range of predictions in the scale of the output, to which scorers of H2O add no offset."""
    low, high = response.range or (-math.inf, math.inf)
    if response.log_link:
        low, high = (math.log(each) if each > 0 else -math.inf for each in (low, high))
        return low, max(high, _NOTHING)
    sub = 0.0 if offsets_of_any_sign(response, with_offset) else response.sub
    return (low - sub) * response.mul, (high - sub) * response.mul


def forms_info(plain: PlainNetwork, response: Response | None) -> dict[str, str]:
    """The keys from which `restored` makes the network again; none where it is as it is written."""
    info = {}
    if plain.edges:
        info[EDGES] = listed(np.concatenate(list(plain.edges.values())))
        info[COUNTS] = listed([len(each) for each in plain.edges.values()])
    if len(plain.members) > 1:
        info[MEMBERS] = str(len(plain.members))
    ranged = response is not None and response.range is not None
    if response is not None and response.range is not None:
        info[RANGE] = listed(np.array(response.range))
    if (
        len(plain.members) > 1 or ranged
    ):  # the last layer of the whole has been divided, or moved, which is not exact
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
    if not any(map(mojo.has, (EDGES, MEMBERS, RANGE))):
        return spec, net
    encoder, response, whole, activation = spec.encoder, spec.response, net, mojo.text("activation")
    if mojo.has(RANGE):
        response = _ranged(mojo, response)
        whole = _without_range(mojo, whole) if kind_of(activation) in KINDS else whole
    if mojo.has(EDGES):
        edges = dict(zip(encoder.numbers, _edges(mojo, len(encoder.numbers)), strict=True))
        encoder = encoder.with_edges(edges)
        whole = _without_ramps(mojo, whole, encoder.category_units, encoder.inputs)
    members = _members(mojo, whole) if mojo.has(LAST_WEIGHTS) else (whole,)
    levels = {name: encoder.levels[name] for name in encoder.categories}
    numbers = {name: encoder.scaling[name] for name in encoder.numbers}
    plain = PlainNetwork(levels, numbers, encoder.all_levels, members, edges=encoder.edges)
    again = AsLayers.of(plain, activation, response, spec.offset_column is not None)
    if not _same(again.plain.layers, net):
        raise _wrong(mojo)
    return replace(spec, encoder=encoder, response=response), members[0] if len(
        members
    ) == 1 else JointSnapshot(list(members))


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


def _ranged(mojo: Mojo, response: Response | None) -> Response:
    low, high = mojo.numbers(RANGE, 2).tolist()
    if response is None or response.domain is not None or low > high:
        raise mojo.error(f"{RANGE} has no range that predictions of numbers could be kept within")
    return replace(response, range=(low, high))


def _without_range(mojo: Mojo, net: Snapshot) -> Snapshot:
    """The network without what is behind its output, whose weights are found elsewhere."""
    if len(net.weights) < 2:
        raise _wrong(mojo)
    inputs = net.weights[-2].shape[2]
    last: Array = np.zeros((1, 1, inputs), net.weights[-1].dtype)
    return Snapshot(
        [*net.weights[:-2], last],
        [*net.biases[:-2], np.zeros((1, 1))],
        [*net.kinds[:-2], net.kinds[-1]],
        [*net.keep[:-2], net.keep[-1]],
    )


def _members(mojo: Mojo, net: Snapshot) -> tuple[Snapshot, ...]:
    count, last = mojo.integer(MEMBERS) if mojo.has(MEMBERS) else 1, len(net.weights) - 1
    if count < 1 or any(w.shape[1] % count for w in net.weights[:-1]):
        raise _wrong(mojo)
    outputs, inputs = net.weights[last].shape[1:]
    shape = (count, 1, outputs, inputs // count if last else inputs)
    weights = mojo.numbers(LAST_WEIGHTS, int(np.prod(shape))).astype(net.weights[last].dtype).reshape(shape)
    biases = _narrow(mojo.numbers(LAST_BIASES, count * outputs)).reshape(count, 1, outputs)
    return tuple(
        Snapshot(
            [*(_block(w, i > 0, k, count) for i, w in enumerate(net.weights[:-1])), weights[k]],
            [*(np.split(b, count, axis=1)[k] for b in net.biases[:-1]), biases[k]],
            list(net.kinds),
            list(net.keep),
        )
        for k in range(count)
    )


def _narrow(values: Array) -> Array:
    """Numbers in 32 bits where they are such: their mean is rounded then."""
    narrow = values.astype(np.float32)
    return narrow if np.array_equal(narrow, values) else values


def _block(weights: Array, diagonal: bool, k: int, count: int) -> Array:
    rows = np.split(weights, count, axis=1)[k]
    return np.ascontiguousarray(np.split(rows, count, axis=2)[k] if diagonal else rows)


def _same(made: Snapshot, read: Snapshot) -> bool:
    if made.kinds != read.kinds:
        return False
    pairs = zip([*made.weights, *made.biases], [*read.weights, *read.biases], strict=True)
    # means of biases were rounded to 32 bits where the biases were
    return all(np.array_equal(a.astype(np.float32), b.astype(np.float32)) for a, b in pairs)
