"""The network of a model: built from parameters, started, snapshot, and put back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Array
from ...engine.initial import channels_of, initial_biases, initial_layer
from ...engine.plan import store_by_unit
from ...engine.rows import Rows
from ...engine.scoring import Snapshot
from ...errors import InvalidArgument, UnstableModel
from ..encoding.response import LOG_LINK
from ..parameters.several_quantiles import several_quantiles
from ..parameters.table import UNLIMITED_W2
from ..parameters.typed import TypedParameters
from ..parameters.validation import DeepLearningParameters

if TYPE_CHECKING:
    from ...engine._net import Network

LARGEST_WEIGHT, LARGEST_BIAS = 1e10, 1e5


@dataclass(frozen=True)
class Topology:
    """Sizes and activations of all layers.

    Attributes
    ----------
    inputs : int
    units : tuple of int
        Units of every layer, output last.
    kinds : tuple of str
        Activation of every layer.
    """

    inputs: int
    units: tuple[int, ...]
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, p: DeepLearningParameters, inputs: int, classes: int | None) -> Topology:
        """Topology for parameters; classes is None for regression and autoencoders."""
        if p.autoencoder:
            outputs, kind = inputs, p.activation.removesuffix("WithDropout")
        elif classes is not None:
            outputs, kind = max(2, classes), "Softmax"
        else:
            outputs, kind = max(1, len(several_quantiles(p))), "Linear"
        return cls(inputs, (*p.hidden, outputs), tuple(layer_kinds(p.activation, p.hidden, kind)))

    @property
    def layers(self) -> int:
        """Number of weight layers."""
        return len(self.units)

    def inputs_of(self, layer: int) -> int:
        """Input units of a layer."""
        return self.inputs if layer == 0 else self.units[layer - 1]

    @property
    def channels(self) -> list[int]:
        """Channels of every layer (2 for Maxout)."""
        return channels_of(self.kinds)

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        return sum(
            (self.inputs_of(i) + 1) * u * k
            for i, (u, k) in enumerate(zip(self.units, self.channels, strict=True))
        )


def hidden_dropout(p: TypedParameters) -> list[float] | None:
    """Dropout ratio of every hidden layer, None without dropout."""
    if not p.activation.endswith("WithDropout"):
        return None
    return list(p.hidden_dropout_ratios or [0.5] * len(p.hidden))


def layer_kinds(activation: str, hidden: Sequence[int], output: str) -> list[str]:
    """Activation of every layer; output is Softmax, Linear or, for an autoencoder, None's hidden activation."""
    return [activation.removesuffix("WithDropout")] * len(hidden) + [output]


def layout(topology: Topology, rows: Rows, p: DeepLearningParameters) -> dict[str, Any]:
    """Arguments of `Network`: networks made with the same ones lie in memory in the same way."""
    dropout = hidden_dropout(p)
    by_unit = topology.layers > 1 and store_by_unit(rows, topology.kinds[0], dropout[0] if dropout else 0.0)
    return {
        "inputs": topology.inputs,
        "units": topology.units,
        "kinds": topology.kinds,
        "unit_major": by_unit,
        "batches": p.mini_batch_size > 1,
    }


def create(
    topology: Topology, rows: Rows, p: DeepLearningParameters, given: Sequence[tuple[Array, Array] | None]
) -> Network:
    """A compiled network with its starting weights.

    H2O's biases, and the wide last layer of its classifiers, make the outputs of the first network as large as the targets are, or
    larger. Adam, whose steps have a size of their own, would need many updates to take that back; it begins with biases of
    0 and a last layer like all others (of 603 rows and 5 epochs the error is 2.6 times smaller).

    Parameters
    ----------
    given : sequence of (weights, biases) or None
        Weights as they are exported, (units, inputs), and biases (units,) to use in place of random ones, per layer.
    """
    from ...engine import _net32  # start-up: compiled, and not needed to score few rows

    net = _net32.Network(**layout(topology, rows, p))
    small = p.optimizer == "Adam"
    for i, (kind, k) in enumerate(zip(topology.kinds, topology.channels, strict=True)):
        n, units, last = topology.inputs_of(i), topology.units[i], i == topology.layers - 1
        start = given[i] if i < len(given) else None
        if start is not None:
            net.set_weights(i, *unexported(start, topology, i))
            continue
        w = initial_layer(
            i,
            n,
            units,
            k,
            last_of_classifier=last and kind == "Softmax" and not small,
            seed=p.seed,
            distribution=p.initial_weight_distribution,
            scale=p.initial_weight_scale,
        )
        biases = initial_biases(i, units, kind, output=last, none=small)
        net.set_weights(i, w, np.tile(biases, (k, 1)))
    return net


def hidden_layer(layer: Any, hidden: int) -> int:
    """Number of a hidden layer, from 0, of so many, given by number or by name (L1 or DF.L1 is the first)."""
    name = re.fullmatch(r"(?:DF\.)?L(\d+)", layer) if isinstance(layer, str) else None
    number = int(name[1]) - 1 if name else int(layer) if _is_number(layer) else -1
    if not 0 <= number < hidden:
        names = ", ".join(f"L{i + 1}" for i in range(hidden)) or "none"
        raise InvalidArgument(
            f"layer={layer!r}: hidden layers are counted from 0, and there are {hidden}: {names}"
        )
    return number


def _is_number(layer: Any) -> bool:
    whole = isinstance(layer, int | np.integer) and not isinstance(layer, bool)
    return whole or (isinstance(layer, str) and layer.isdecimal())


def exported(weights: Array, biases: Array) -> tuple[Array, Array]:
    """Weights (channels, units, inputs) and biases (channels, units) as matrices for users.

    Maxout channels are interleaved as in H2O: read row by row the values run over unit, input, channel.
    """
    return weights.transpose(1, 2, 0).reshape(-1, weights.shape[2]), biases.T.reshape(-1)


def unexported(pair: tuple[Array, Array], topology: Topology, layer: int) -> tuple[Array, Array]:
    """Inverse of `exported`, with a check of the shapes."""
    n, units, k = topology.inputs_of(layer), topology.units[layer], topology.channels[layer]
    for name, array, shape in zip(
        ("initial_weights", "initial_biases"), pair, ((k * units, n), (k * units,)), strict=True
    ):
        if array.shape != shape:
            raise InvalidArgument(
                f"{name}[{layer}] has the shape {' x '.join(map(str, array.shape))}, layer {layer + 1} needs "
                f"{' x '.join(map(str, shape))} (units x inputs)"
            )
    return pair[0].reshape(units, n, k).transpose(2, 0, 1), pair[1].reshape(units, k).T


def snapshot(net: Network, topology: Topology, p: DeepLearningParameters) -> Snapshot:
    """Copies of all weights, for scoring."""
    dropout = hidden_dropout(p) or [0.0] * len(p.hidden)
    layers = range(topology.layers)
    return Snapshot(
        [net.weights(i) for i in layers],
        [net.biases(i) for i in layers],
        list(topology.kinds),
        [1 - r for r in dropout] + [1.0],
    )


def restore(net: Network, saved: Snapshot) -> None:
    """Put saved weights back into a network."""
    for i, (w, b) in enumerate(zip(saved.weights, saved.biases, strict=True)):
        net.set_weights(i, w, b)


def check_stable(
    net: Network, topology: Topology, p: DeepLearningParameters, iteration: int, samples: int
) -> None:
    """Raise when a layer is no longer finite or explodes.

    Raises
    ------
    UnstableModel
        Names layer and iteration, and what helps.
    """
    found = exploded(net, topology.layers)
    if found is not None:
        raise unstable(found, topology, p, iteration, samples)


def exploded(net: Network, layers: int) -> tuple[int, float, float] | None:
    """A layer that is no longer finite or explodes, the size of its weights, its largest bias; None where all is well."""
    for i in range(layers):
        rms, largest_bias = net.magnitude(i)
        if not (rms <= LARGEST_WEIGHT and largest_bias <= LARGEST_BIAS):  # True for NaN, too
            return i, rms, largest_bias
    return None


def unstable(
    found: tuple[int, float, float],
    topology: Topology,
    p: DeepLearningParameters,
    iteration: int,
    samples: int,
) -> UnstableModel:
    """The error for what `exploded` has found."""
    i, rms, largest_bias = found
    what = (
        f"weights with a root mean square of {rms:g}"
        if not rms <= LARGEST_WEIGHT
        else f"a bias of {largest_bias:g}"
    )
    return UnstableModel(
        f"training became unstable: layer {i + 1} of {topology.layers} has {what} in iteration {iteration} "
        f"(after {samples} samples). Remedies: "
        + "; ".join(f"({k}) {text}" for k, text in enumerate(remedies(p), 1))
    )


def remedies(p: DeepLearningParameters) -> list[str]:
    """Three things to try against a diverging training run, those first that the parameters leave open."""
    slower = f"a rate far below {p.rate:g}"
    steps = {
        slower if p.optimizer == "Adam" else f"adaptive_rate=True, or {slower}": not p.adaptive_rate,
        "standardize=True": not p.standardize,
        "smaller numbers in the response (its exponential is fitted)": p.distribution in LOG_LINK,
        "initial_weight_distribution='UniformAdaptive'": p.initial_weight_distribution != "UniformAdaptive",
        "activation='Tanh', which is bounded": not p.activation.startswith("Tanh"),
        "max_w2=10": p.max_w2 >= UNLIMITED_W2,
        "l1=1e-5 or l2=1e-5": p.l1 == 0 and p.l2 == 0,
        "a smaller epsilon": p.adaptive_rate,
        "fewer hidden layers": True,
        "smaller numbers in the columns": True,
        "more rows per update (mini_batch_size)": True,
    }
    return [text for text, applies in steps.items() if applies][:3]
