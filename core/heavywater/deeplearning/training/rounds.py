"""How long the rounds are after which the members of a ring meet.

Source: booklet, "Specifying the Number of Training Samples".
"""

from __future__ import annotations

import math

from ..parameters.validation import DeepLearningParameters

FEWEST_ROWS = 16  # per member: shorter rounds leave nothing to do between two meetings
FIRST_ROWS = 64  # per member, before anything is measured
FIXED_ROWS = 128  # per member, where nothing may depend on the clock
SMOOTHING = 0.3  # share of the last measurement in the mean


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
    communication : float
        Share of the time of the last rounds that went into meetings.
    """

    def __init__(self, p: DeepLearningParameters, epoch_rows: int) -> None:
        self._p, self._most = p, max(1, epoch_rows)
        self.rows_per_second = self.communication = 0.0
        self._meeting = 0.0  # seconds

    def rows(self, members: int, iteration: int) -> int:
        """Rows of all members together in a round of an iteration, which has so many itself."""
        if not automatic(self._p):
            return iteration
        if members == 1:  # nobody to meet
            return self._most
        each = FIXED_ROWS if self._p.reproducible else FIRST_ROWS
        wanted = members * each
        if self.rows_per_second > 0 and not self._p.reproducible:
            allowed = self._p.target_ratio_comm_to_comp
            wanted = math.ceil(self.rows_per_second * self._meeting / allowed) if allowed > 0 else self._most
        return min(max(wanted, members * FEWEST_ROWS), self._most)

    def note(self, rows: int, seconds: float, ring_seconds: float, meeting: float) -> None:
        """Take in what members have said.

        Parameters
        ----------
        rows : int
            That all have trained.
        seconds : float
            In the engine, of the member that took longest.
        ring_seconds, meeting : float
            In meetings, of the member that waited least; of one of them.
        """
        if not rows or seconds <= 0:
            return
        share = SMOOTHING if self.rows_per_second > 0 else 1.0
        self.rows_per_second += share * (rows / seconds - self.rows_per_second)
        self._meeting += share * (meeting - self._meeting)
        self.communication += share * (ring_seconds / (seconds + ring_seconds) - self.communication)


def automatic(p: DeepLearningParameters) -> bool:
    """Whether the length of rounds is to be found (-2, the default): a reproducible run has another number for it."""
    return bool(p.given.get("train_samples_per_iteration", -2) == -2)
