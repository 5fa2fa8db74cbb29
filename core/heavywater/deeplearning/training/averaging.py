"""What brings the weights of a network together with others between two iterations."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ...arrays import Array
from ..model.network import Topology
from ..parameters.validation import DeepLearningParameters

if TYPE_CHECKING:
    from ...engine._net import Network

Pair = tuple[Array, Array]


class NetworkWeights:
    """All weights and biases of a network as one vector: of each layer the weights (channels, units, inputs), the biases.

    Parameters
    ----------
    net : Network
    topology : Topology
    others : sequence of Network
        More networks of this topology, whose layers follow.
    """

    def __init__(self, net: Network, topology: Topology, others: Sequence[Network] = ()) -> None:
        self._layers = [(each, i) for each in (net, *others) for i in range(topology.layers)]
        self._shapes = [
            shape
            for _, i in self._layers
            for k, units in [(topology.channels[i], topology.units[i])]
            for shape in ((k, units, topology.inputs_of(i)), (k, units))
        ]
        self._ends = np.cumsum([np.prod(shape, dtype=np.int64) for shape in self._shapes])

    def get(self) -> Array:
        """A copy, contiguous: (weights and biases of all layers,)."""
        return self.joined([(net.weights(i), net.biases(i)) for net, i in self._layers])

    def put(self, vector: Array) -> None:
        """Set all weights and biases; the state of the optimiser stays."""
        for (net, i), (weights, biases) in zip(self._layers, self.split(vector), strict=True):
            net.set_weights(i, weights, biases)

    def joined(self, pairs: Sequence[Pair]) -> Array:
        """The vector of weights and biases of all layers."""
        return np.concatenate([each.reshape(-1) for each in itertools.chain(*pairs)])

    def split(self, vector: Array) -> list[Pair]:
        """Weights and biases of each layer, views of a vector."""
        parts = [
            part.reshape(shape)
            for part, shape in zip(np.split(vector, self._ends[:-1]), self._shapes, strict=True)
        ]
        return list(zip(parts[::2], parts[1::2], strict=True))

    def pull_to(self, centre: Array) -> None:
        """Let training pull the weights towards others, as strongly as the engine's setting `elastic` says."""
        for (net, i), (weights, biases) in zip(self._layers, self.split(centre), strict=True):
            net.set_centre(i, weights, biases)


class Averaging(Protocol):
    """Called between two iterations. What it keeps goes on with the run when that is resumed from a checkpoint."""

    def begin(self, weights: NetworkWeights, saved: Sequence[Pair], within: bool) -> None:
        """Called before the first iteration of a run.

        Parameters
        ----------
        weights : NetworkWeights
        saved : sequence of (weights, biases)
            What an earlier run has kept; empty for a new one.
        within : bool
            Whether that run stopped within an iteration, which goes on now.
        """

    def end_iteration(self, weights: NetworkWeights, samples: int) -> None:
        """Called at the end of each iteration, before the network is scored; may change the weights.

        Parameters
        ----------
        weights : NetworkWeights
        samples : int
            Rows trained in this iteration: how much these weights count beside others.
        """

    def saved(self, within: bool) -> list[Pair]:
        """What a restart needs, per layer; `within`: it would go on within an iteration."""


class NoAveraging:
    """The weights stay what they are. What another run has kept is handed on."""

    def __init__(self) -> None:
        self._saved: list[Pair] = []

    def begin(self, weights: NetworkWeights, saved: Sequence[Pair], within: bool) -> None:
        """Keep what was saved."""
        self._saved = list(saved)

    def end_iteration(self, weights: NetworkWeights, samples: int) -> None:
        """Nothing."""

    def saved(self, within: bool) -> list[Pair]:
        """What was there at the beginning."""
        return self._saved


class ElasticAveraging:
    """Elastic averaging on one machine: a centre moves towards the weights, which are pulled to it (Zhang et al. 2015).

    Parameters
    ----------
    rate : float
        Share of the weights in the centre after an iteration.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._centre: list[Pair] = []
        self._before: list[Pair] = []  # before it moved last: a restart between two iterations moves it anew

    def begin(self, weights: NetworkWeights, saved: Sequence[Pair], within: bool) -> None:
        """Take up the centre of an earlier run; else it is where the weights are."""
        self._before = self._centre = list(saved)
        if not within:
            self.end_iteration(weights, 0)
        elif saved:
            weights.pull_to(weights.joined(saved))

    def end_iteration(self, weights: NetworkWeights, samples: int) -> None:
        """Move the centre."""
        now = weights.get()
        old = weights.joined(self._centre) if self._centre else now
        centre = self.rate * now + (1 - self.rate) * old
        self._before, self._centre = self._centre, weights.split(centre)
        weights.pull_to(centre)

    def saved(self, within: bool) -> list[Pair]:
        """The centre of each layer."""
        return self._centre if within else self._before


def averaging_of(p: DeepLearningParameters) -> Averaging:
    """The averaging that parameters ask for."""
    return ElasticAveraging(p.elastic_averaging_moving_rate) if p.elastic_averaging else NoAveraging()
