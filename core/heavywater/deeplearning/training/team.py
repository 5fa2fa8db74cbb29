"""How many threads train: as many as planned, or fewer while other work holds the processors.

Threads that meet after every layer, or every few rows, all wait for the one that has lost its processor: with two busy
neighbours on two cores, two threads train 30 times fewer rows per second than one. How many there are does not change
what a reproducible network learns, so the number can follow the measured speed.
"""

from __future__ import annotations

from collections import deque

PROBE_SECONDS = 0.02
FIRST_PROBE = 4  # slices; the first one warms the caches
PATIENCE = 5  # slices between two looks at a larger team
RECENT = 4  # slices, of which the best counts: one that a neighbour disturbed tells little
SLOWED = 0.5  # share of a team's best speed below which a smaller one is tried
AS_FAST = 0.9  # share of a team's recent speed at which a smaller one replaces it


class Team:
    """The number of threads of the next slice of training.

    Parameters
    ----------
    threads : int
        As many as planned, the most there will be.
    """

    def __init__(self, threads: int) -> None:
        self._sizes = [threads]
        while self._sizes[-1] > 1:
            self._sizes.append(self._sizes[-1] // 2)
        self._home = self._at = 0  # positions in _sizes: the settled team, and that of the next slice
        self._speed: dict[int, float] = {}  # rows per second when last measured, by position
        self._recent: deque[float] = deque(maxlen=RECENT)  # of the settled team
        self._best = 0.0  # of the settled team since it was last compared with a smaller one
        self._slices = self._waited = 0
        self._asked, self._rows, self._seconds = 0, 0, 0.0

    @property
    def size(self) -> int:
        """Threads of the next slice."""
        return self._sizes[self._at]

    def rows(self, seconds: float, unknown: int = 100) -> int:
        """Rows that a slice of about this length has; fewer while a team is tried out, `unknown` at the start."""
        if self._speed:
            speed = self._speed.get(self._at, min(self._speed.values()))
            unknown = max(
                1, int(speed * (seconds if self._at == self._home else min(seconds, PROBE_SECONDS)))
            )
        self._asked = unknown
        return unknown

    def note(self, rows: int, seconds: float) -> None:
        """Take in how long a slice took, and settle the next one's team."""
        self._rows += rows
        self._seconds += seconds
        if 2 * self._rows < self._asked:  # the short end of an iteration tells little
            return
        speed = self._speed[self._at] = self._rows / max(self._seconds, 1e-9)
        self._rows, self._seconds = 0, 0.0
        self._slices += 1
        self._waited += 1
        if self._at == self._home:
            if self._slices > 1:
                self._look_around(speed)
        elif speed > (AS_FAST * max(self._recent) if self._at > self._home else self._speed[self._home]):
            smaller = self._at > self._home
            self._settle(self._at, speed)
            if smaller:
                self._try(self._at + 1)
        else:
            self._at, self._waited = self._home, 0

    def _look_around(self, speed: float) -> None:
        self._recent.append(speed)
        slowed = len(self._recent) == RECENT and max(self._recent) < SLOWED * self._best
        self._best = max(self._recent) if slowed else max(self._best, speed)
        if slowed or self._slices == FIRST_PROBE:
            self._try(self._home + 1)
        elif self._home > 0 and self._waited >= PATIENCE:
            self._try(self._home - 1)

    def _try(self, position: int) -> None:
        if position < len(self._sizes):
            self._at = position

    def _settle(self, position: int, speed: float) -> None:
        self._home = self._at = position
        self._best = speed
        self._recent.clear()
        self._recent.append(speed)
        self._waited = 0
