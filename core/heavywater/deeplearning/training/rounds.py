"""How long the rounds are after which the members of a ring meet.

Source: booklet, "Specifying the Number of Training Samples".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..parameters.validation import DeepLearningParameters

FEWEST_ROWS = 16  # per member: shorter rounds leave nothing to do between two meetings
FIRST_ROWS = 64  # per member, before anything is measured
FIXED_ROWS = 128  # per member, where nothing may depend on the clock
SMOOTHING = 0.3  # share of the last measurement in the mean speed
REMEMBERED = (
    6  # meetings that make the mean of their length, or those of REMEMBERED_SECONDS where there were more
)
REMEMBERED_SECONDS = 3.0
FEW = 8  # meetings, which count as one, the shortest: the first ones wait for what happens only once
OUTAGE_SECONDS = (
    0.5  # which a meeting counts as at most, or as five others: it will not happen to the next ones
)
SHOWN_SECONDS = 5.0  # of which the share of meetings is told


class Rounds:
    """The number of rows between two meetings: what the user has asked for, or as few as measured speed allows.

    Parameters
    ----------
    p : DeepLearningParameters
    epoch_rows : int
        No round that is found here is longer than an epoch.

    Attributes
    ----------
    rows_per_second : float
        Of all members together; 0 where it is not known yet.
    """

    def __init__(self, p: DeepLearningParameters, epoch_rows: int) -> None:
        self._p, self._most = p, max(1, epoch_rows)
        self.rows_per_second = 0.0
        self._trained = self._met = self._since = (
            0.0  # seconds of the last rounds; trained since the last meeting
        )
        self._sum = self._count = 0.0  # of the last meetings: their seconds
        self._shortest, self._settled = math.inf, False

    @property
    def communication(self) -> float:
        """Share of the time of the last rounds that went into meetings."""
        whole = self._trained + self._met
        return self._met / whole if whole else 0.0

    @property
    def meeting(self) -> float:
        """Seconds of a meeting; a bad connection makes some of them much longer than others, so it is their mean."""
        return self._sum / self._count if self._count else 0.0

    def rows(self, members: int, iteration: int) -> int:
        """Rows of all members together in a round of an iteration, which has so many itself."""
        if not automatic(self._p):
            return iteration
        if members == 1:  # nobody to meet
            return self._most
        if self._p.reproducible or not self.rows_per_second:
            wanted = members * (FIXED_ROWS if self._p.reproducible else FIRST_ROWS)
        else:
            allowed = self._p.target_ratio_comm_to_comp
            wanted = math.ceil(self.rows_per_second * self.meeting / allowed) if allowed > 0 else self._most
        return min(max(wanted, members * FEWEST_ROWS), self._most)

    def note(self, rows: int, seconds: float, meetings: Sequence[float]) -> None:
        """Take in what members have said.

        Parameters
        ----------
        rows : int
            That all have trained.
        seconds : float
            In the engine, of the member that took longest.
        meetings : sequence of float
            Seconds of each, of the member that came last and so waited for nobody.
        """
        if rows and seconds > 0:
            share = SMOOTHING if self.rows_per_second > 0 else 1.0
            self.rows_per_second += share * (rows / seconds - self.rows_per_second)
        self._since += seconds
        if not meetings:
            return
        total = sum(meetings)
        self._remember(meetings, self._since + total)
        kept = math.exp(-(self._since + total) / SHOWN_SECONDS)
        self._trained, self._met = kept * self._trained + self._since, kept * self._met + total
        self._since = 0.0

    def _remember(self, meetings: Sequence[float], elapsed: float) -> None:
        most = max(OUTAGE_SECONDS, 5 * self.meeting) if self._count else math.inf
        total, count = sum(min(seconds, most) for seconds in meetings), len(meetings)
        kept = max(math.exp(-elapsed / REMEMBERED_SECONDS), 1 - count / REMEMBERED) if self._settled else 1.0
        self._sum, self._count = kept * self._sum + total, kept * self._count + count
        if not self._settled:
            self._shortest = min(self._shortest, *meetings)
            self._settled = self._count >= FEW
            self._count = 1.0 if self._settled else self._count
            self._sum = self._count * self._shortest


def automatic(p: DeepLearningParameters) -> bool:
    """Whether the length of rounds is to be found (-2, the default): a reproducible run has another number for it."""
    return bool(p.given.get("train_samples_per_iteration", -2) == -2)
