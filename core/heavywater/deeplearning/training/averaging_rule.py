"""How members of a ring make one network of what each has learnt, and what they remember for that from round to round.

What the literature knows, and what of it is of use here
-------------------------------------------------------
Averaging the networks (McMahan et al. 2017, federated averaging; H2O) is safe, and gives away most of what many members learn:
where their changes are independent of each other, each counts by one over the members. Adding independent changes and averaging
equal ones (Maleki et al. 2020, adaptive summation) keeps all of it after a few rows. After many rows it fails: in directions
in which the loss is steep every member has long settled, at a place that chance has chosen; these places are independent of
each other, too, and their sum is far beyond any of them. That rounds have to be short early is known from local SGD (Lin et
al. 2018, Stich 2019). A momentum over rounds (Chen and Huo 2016, block momentum; Douillard et al. 2023, DiLoCo) finds back
some of what the mean gives away, the more rounds there are, with a rate and a momentum that nobody knows before.

The guided rule measures which of both is the case. The mean change of a block is multiplied by a gain, at most by what adaptive
summation gives. If the members, after a move, go on in its direction the move was too short: the gain grows. If they go back it
was too long: the gain falls, down to the mean. That costs no round and no row, and only the last move has to be remembered. It
is the rule by which delta-bar-delta (Jacobs 1988) and hypergradient descent (Baydin et al. 2018) set rates within a training.

What it reaches is in ``tests/benchmarks/results/averaging.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine._ring import BLOCK, Ring
from ...engine.memory import aligned_zeros

# Measured with ADADELTA, see tests/benchmarks/results/averaging.md
TRUSTED_ROWS = 2048  # of a member and round, up to which there is trust, and in small networks a gain begins with more than 1
SMALL, FEW_ROWS = 100_000, 512  # weights of those; the rows up to which it does in others
MOST_TRUST, MOST_TRUST_ROWS = 0.25, 128
LEAST_TRUST = -0.3  # of longer rounds, and of rates that the user has set
LARGE = 400_000  # weights, from which gains begin with 1, and nothing is trusted


@dataclass(frozen=True)
class AveragingRule:
    """What is to be done in a round.

    Attributes
    ----------
    name : str
        average, adaptive or guided; see `Ring`.
    start : float
        guided: gain of all blocks in the first round of a training.
    trust : float
        guided: how far changes may go back without a gain that falls.
    """

    name: str = "average"
    start: float = 1.0
    trust: float = 0.0


def averaging_rule(
    members: int, rows: float, *, weights: int = 0, adaptive_rate: bool = True
) -> AveragingRule:
    """The rule for a training whose rounds have about so many rows.

    Parameters
    ----------
    members : int
    rows : float
        Rows that each trains in a round.
    weights : int
        Of the network.
    adaptive_rate : bool
        Whether members train by ADADELTA.

    Notes
    -----
    Gains find what is right by themselves; where they begin matters while there were few rounds. Changes of many rows are
    trusted least, so rounds of more than 2048 rows (512 in networks of more than 100 000 weights) begin with the mean. The shorter
    they are the more of what looks independent is, and with 128 rows 16 members of a small network begin with all of it.

    A single network, too, goes back: in steep directions it swings, by chance, from one hundred rows to the next, and that
    does no harm. So it is no sign of a move that was too long, and short rounds trust. Gains have to be earned after long
    rounds, since members have settled in so many directions by then that their mean is better than any of them, even where it
    goes on; where the user has set the rate, since moves added are a larger rate; and in large networks, whose members all have
    the weights for what each could learn alone: to begin with more than the mean cost them 20 000 rows.

    Examples
    --------
    >>> averaging_rule(16, 128)
    AveragingRule(name='guided', start=16.0, trust=0.25)
    >>> averaging_rule(4, 12_800)
    AveragingRule(name='guided', start=1.0, trust=-0.3)
    >>> averaging_rule(4, 512, weights=4_000_000)
    AveragingRule(name='guided', start=1.0, trust=0.0)
    >>> averaging_rule(4, 128, adaptive_rate=False)
    AveragingRule(name='guided', start=1.0, trust=-0.3)
    """
    rows = max(1.0, rows)
    if rows > TRUSTED_ROWS or not adaptive_rate:
        return AveragingRule("guided", trust=LEAST_TRUST)
    if weights >= LARGE:
        return AveragingRule("guided")
    start = max(1.0, min(float(members), (TRUSTED_ROWS if weights < SMALL else FEW_ROWS) / rows))
    return AveragingRule("guided", start, MOST_TRUST * min(1.0, MOST_TRUST_ROWS / rows) ** 0.5)


class CommonWeights:
    """Weights that all members of a ring have in common, as one of them keeps them, and what a rule remembers of them.

    A round that fails changes nothing here, and nothing in the values that it was given: the same changes can be brought
    together in another ring, of fewer members or of more. Who is new begins with `put`; rules that remember go on with what the
    others remember of the parts of the weights that these settle.

    Parameters
    ----------
    size : int
        Weights and biases, see `Network.buffer`.

    Attributes
    ----------
    weights : float32 array (size,)
        Of the last round; read only.
    rounds : int
        How often the members have met.
    """

    def __init__(self, size: int) -> None:
        self.weights, self._before, self._next = (aligned_zeros((size,), np.float32) for _ in range(3))
        self._gains: Array | None = None
        self._late = False
        self._moved = False  # whether _before is what all had in common before
        self.rounds = 0

    def put(self, values: Array, rounds: int = 0) -> None:
        """Go on with these values, which all members have after so many rounds; what was remembered is forgotten.

        Who comes later than the first round begins with the mean, whatever the rule says.
        """
        np.copyto(self.weights, values)
        self.rounds, self._moved, self._gains = rounds, False, None
        self._late = rounds > 0

    def begin(self, ring: Ring, values: Array, *, generation: int = 0, timeout: float = 60) -> None:
        """Begin with the mean of the values of all, where they may differ: the first round of a training.

        Raises
        ------
        TimeoutError, ConnectionError, InterruptedError
            See `Ring.exchange`.
        """
        ring.exchange(values, None, self._next, generation=generation, timeout=timeout)
        np.copyto(values, self._next)
        self.put(self._next)
        self.rounds = 1

    def merge(
        self,
        ring: Ring,
        values: Array,
        rule: AveragingRule,
        *,
        rows: float = 1,
        generation: int = 0,
        timeout: float = 60,
    ) -> None:
        """Take part in a round: the values become what the rule makes of those of all.

        Parameters
        ----------
        ring : Ring
        values : float32 array (size,)
            The weights of this member, trained since the last round.
        rule : AveragingRule
            The same for all members.
        rows : float
            Trained for that. A member of none has changed nothing; under the rule average others count by them.
        generation : int
            Number of this set of members.
        timeout : float
            Seconds.

        Raises
        ------
        TimeoutError, ConnectionError, InterruptedError
            See `Ring.exchange`; all is as it was before.
        """
        guide: dict[str, Any] = {}
        if rule.name == "guided":
            if self._gains is None:
                start = 1.0 if self._late else rule.start
                self._gains = np.full(-(-len(values) // BLOCK), start, np.float32)
            guide = {
                "before": self._before if self._moved else None,
                "gains": self._gains,
                "trust": rule.trust,
            }
        ring.exchange(
            values,
            self.weights,
            self._next,
            rule=rule.name,
            weight=rows,
            round=self.rounds,
            generation=generation,
            timeout=timeout,
            **guide,
        )
        np.copyto(values, self._next)
        self._before, self.weights, self._next = self.weights, self._next, self._before
        self._moved, self.rounds = True, self.rounds + 1
