"""Machines that train the same network bring their weights together between two iterations, over a ring of sockets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from ...engine._ring import Ring
from ...engine.memory import aligned_zeros
from .averaging import NetworkWeights, Pair


class RingAveraging:
    """After each iteration every member has the weights that a rule makes of those of all; an `Averaging` of a trainer.

    Only weights and biases travel, as they lie in memory: the members' networks have the same layout, which they have when
    they were made by the same `DataSpec` and the same storage. What the optimiser knows stays with each member.

    All members train the same number of iterations. One whose ring fails raises the error of `Ring.exchange`; its network
    has the weights then that it had before, and the changes since the last common ones are not lost.

    Parameters
    ----------
    ring : Ring
        This member's place.
    rule : str
        average, by the rows that each has trained, or adaptive; see `Ring`.
    timeout : float
        Seconds after which a round has failed: how much later than this one the slowest member ends its iteration, and the
        time of the exchange.
    generation : int
        Number of this set of members, the same for all.

    Attributes
    ----------
    rounds : int
        How often the members have met.
    """

    def __init__(
        self, ring: Ring, *, rule: str = "average", timeout: float = 60, generation: int = 0
    ) -> None:
        self.ring, self.rule, self.timeout, self.generation = ring, rule, timeout, generation
        self.rounds = 0
        self._common: Array = np.empty(0, np.float32)  # weights as of the last round
        self._next: Array = np.empty(0, np.float32)

    def begin(self, weights: NetworkWeights, saved: Sequence[Pair], within: bool) -> None:
        """Begin with the mean of the weights of all.

        Raises
        ------
        TimeoutError, ConnectionError, InterruptedError
            See `Ring.exchange`.
        """
        values = weights.net.buffer()
        self._common, self._next = (aligned_zeros(values.shape, values.dtype) for _ in range(2))
        self._meet(weights, None, "average", 1)

    def end_iteration(self, weights: NetworkWeights, samples: int) -> None:
        """Bring together what all have learnt since they met last.

        Raises
        ------
        TimeoutError, ConnectionError, InterruptedError
            See `Ring.exchange`.
        """
        self._meet(weights, self._common, self.rule, samples)

    def saved(self, within: bool) -> list[Pair]:
        """Nothing: the members begin with the weights that they have."""
        return []

    def _meet(self, weights: NetworkWeights, base: Array | None, rule: str, weight: float) -> None:
        values = weights.net.buffer()
        which = {"round": self.rounds, "generation": self.generation}
        self.ring.exchange(values, base, self._next, rule=rule, weight=weight, timeout=self.timeout, **which)
        np.copyto(values, self._next)
        weights.net.take_buffer()
        self._common, self._next = self._next, self._common
        self.rounds += 1
