"""How long a training run takes, and how long it may."""

from __future__ import annotations

import time


class Stopwatch:
    """The time of one run.

    Parameters
    ----------
    limit : float
        Seconds that it may take; 0 without limit.

    Attributes
    ----------
    started : float
        Seconds since the epoch.
    """

    def __init__(self, limit: float = 0.0) -> None:
        self.limit = limit
        self.restart()

    def restart(self) -> None:
        """The run begins now."""
        self.started = time.time()
        self._began = time.perf_counter()

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self._began

    @property
    def over(self) -> bool:
        """Whether the run has taken as long as it may."""
        return self.limit > 0 and self.elapsed >= self.limit
