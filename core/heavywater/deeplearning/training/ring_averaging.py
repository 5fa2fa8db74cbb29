"""Machines that train the same network bring their weights together between two iterations, over a ring of sockets."""

from __future__ import annotations

from collections.abc import Sequence

from ...engine._ring import Ring
from .averaging import NetworkWeights, Pair
from .averaging_rule import AveragingRule, CommonWeights


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
    rule : AveragingRule, optional
        By default the mean, by the rows that each has trained.
    timeout : float
        Seconds after which a round has failed: how much later than this one the slowest member ends its iteration, and the
        time of the exchange.
    generation : int
        Number of this set of members, the same for all.
    """

    def __init__(
        self, ring: Ring, *, rule: AveragingRule | None = None, timeout: float = 60, generation: int = 0
    ) -> None:
        self.ring, self.rule, self.timeout, self.generation = (
            ring,
            rule or AveragingRule(),
            timeout,
            generation,
        )
        self._common = CommonWeights(0)

    @property
    def rounds(self) -> int:
        """How often the members have met."""
        return self._common.rounds

    def begin(self, weights: NetworkWeights, saved: Sequence[Pair], within: bool) -> None:
        """Begin with the mean of the weights of all.

        Raises
        ------
        TimeoutError, ConnectionError, InterruptedError
            See `Ring.exchange`.
        """
        values = weights.net.buffer()
        self._common = CommonWeights(len(values))
        self._common.begin(self.ring, values, generation=self.generation, timeout=self.timeout)
        weights.net.take_buffer()

    def end_iteration(self, weights: NetworkWeights, samples: int) -> None:
        """Bring together what all have learnt since they met last.

        Raises
        ------
        TimeoutError, ConnectionError, InterruptedError
            See `Ring.exchange`.
        """
        self._common.merge(
            self.ring,
            weights.net.buffer(),
            self.rule,
            rows=samples,
            generation=self.generation,
            timeout=self.timeout,
        )
        weights.net.take_buffer()

    def saved(self, within: bool) -> list[Pair]:
        """Nothing: the members begin with the weights that they have."""
        return []
