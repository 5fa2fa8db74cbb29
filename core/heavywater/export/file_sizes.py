"""How large the files of a model will be, known before any is written: nearly all of them is weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .extra_layers import ramps_of
from .pipeline import Pipeline
from .plain import PlainNetwork

FORMS = ("MOJO", "POJO", "ONNX", "C")


class Written(NamedTuple):
    """Bytes that are written for each of some weights, measured, and for each bias (64 bits)."""

    weight: float
    bias: float
    rest: int


# Numbers in base 64; their bytes; texts of their bytes; decimals, packed (zeros and what is repeated take next to nothing then).
_BYTES = {
    "POJO": Written(16 / 3, 32 / 3, 21_000),
    "ONNX": Written(4, 8, 4_000),
    "C": Written(12.2, 22, 8_500),
    "MOJO": Written(6, 9, 25_000),
}
_AS_TEXT, _ZERO = Written(12.4, 20, 3_000), 3


class MojoLayer(NamedTuple):
    """Numbers of a layer as a MOJO has it: weights, those of them that only fill up blocks, and biases."""

    weights: int
    zeros: int
    biases: int


def mojo_layers(plain: PlainNetwork) -> Iterator[MojoLayer]:
    """The layers that a network has in a MOJO, none of which is made."""
    net, levels, ramps = plain.members[0], plain.offsets[-1], ramps_of(plain)
    members = len(plain.members) if len(net.kinds) > 1 else 1
    if ramps:
        channels = net.weights[0].shape[0]
        units, columns = levels + 2 * ramps, levels + len(plain.edges)
        yield MojoLayer(channels * units * columns, channels * units * columns - units, channels * units)
    last = len(net.weights) - 1
    for i, weights in enumerate(net.weights):
        biases = weights.shape[0] * weights.shape[1]
        size = weights.size + (biases * ramps if i == 0 else 0)  # a ramp is the difference of two units
        blocks = members**2 if 0 < i < last else members
        yield MojoLayer(size * blocks, size * (blocks - members), biases * (1 if i == last else members))


def size_of(form: str, steps: Pipeline) -> int:
    """Bytes of the file of a model in one of `FORMS`, about."""
    each, plain = _BYTES[form], steps.plain
    members = plain.members if len(plain.members[0].kinds) > 1 else plain.members[:1]
    weights, biases = (
        sum(a.size for m in members for a in getattr(m, which)) for which in ("weights", "biases")
    )
    texts = sum(len(level) + 8 for levels in plain.levels.values() for level in levels)
    return int(each.weight * weights + each.bias * biases + each.rest + texts)


def mojo_text_size(plain: PlainNetwork) -> int:
    """Bytes of the text within a MOJO, about, which its readers hold in memory as a whole."""
    layers = list(mojo_layers(plain))
    weights, zeros = (sum(x.weights for x in layers), sum(x.zeros for x in layers))
    biases = sum(x.biases for x in layers)
    return int(_AS_TEXT.weight * (weights - zeros) + _ZERO * zeros + _AS_TEXT.bias * biases + _AS_TEXT.rest)
