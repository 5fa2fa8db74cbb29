"""Time of rounds of many machines, from the speed of one, the link between two, and the rule that finds the length of a round.

What the simulation does itself is little: draws how long each member trains, and adds what a meeting takes. How many rows a
round has is decided by the code that decides it in a training (`Rounds`), which is told what it would be told there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from heavywater.deeplearning.parameters.validation import DeepLearningParameters
from heavywater.deeplearning.training.rounds import Rounds
from heavywater.deeplearning.training.shared_worker import FIRST_ROWS, MOST_PIECES, SLICE_SECONDS

from .links import Link

EPOCH = 60_000
FEWEST_SLICES = 20


@dataclass(frozen=True)
class Machine:
    """What is the same for all members.

    Attributes
    ----------
    rows_per_second : float
        Of one that trains alone.
    spread : float
        Standard deviation of the time of a row, as a share of its mean: rows differ.
    own : float
        Seconds for each byte of the weights that a member needs for itself when it meets others.
    control : float
        Seconds between two slices, in which the leader is told and answers.
    """

    rows_per_second: float
    spread: float
    own: float
    control: float


@dataclass(frozen=True)
class Outcome:
    """What was found.

    Attributes
    ----------
    rows_per_second : float
        Of all.
    rows : int
        Of each member, in a round.
    communication : float
        Share of meetings in the time of training.
    """

    rows_per_second: float
    rows: int
    communication: float


def simulated(
    p: DeepLearningParameters, members: int, size: float, link: Link, machine: Machine, *, seconds: float = 6
) -> Outcome:
    """Let machines train for some seconds that nobody waits for.

    Parameters
    ----------
    p : DeepLearningParameters
        With the wanted share of meetings.
    size : float
        Bytes of the weights.
    """
    draw = np.random.default_rng(members)
    rounds, clock, trained, met = Rounds(p, EPOCH), 0.0, 0, 0.0
    meeting = link.seconds(members, size) + machine.own * size
    rows = slices = 0
    while clock < seconds or slices < FEWEST_SLICES:
        slices += 1
        rows, count = _slice(rounds, members)
        each = rows / members
        means = each / machine.rows_per_second
        # a sum of many rows: its spread falls with their root
        factors = 1 + machine.spread / np.sqrt(each) * draw.standard_normal((count, members))
        computing = means * np.maximum(factors, 0.1)
        slowest = computing.max(axis=1)
        clock += slowest.sum() + count * meeting + machine.control
        trained += count * rows
        met += count * meeting
        rounds.note(count * rows, float(computing.sum(axis=0).max()), [meeting] * count)
    return Outcome(float(trained / clock), round(rows / members), float(met / clock))


def _slice(rounds: Rounds, members: int) -> tuple[int, int]:
    """Rows of a round, and rounds of a slice; see `SharedWorker`."""
    rows, speed = rounds.rows(members, EPOCH), rounds.rows_per_second
    if members == 1:
        return int(SLICE_SECONDS * speed) or FIRST_ROWS, 1
    return rows, max(1, min(MOST_PIECES, int(SLICE_SECONDS * speed / rows)))
