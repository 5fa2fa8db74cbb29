"""The progress bar of jobs."""

from __future__ import annotations

import sys
import time
from typing import Any

from heavywater.session import JobHandle

_enabled = True
# A bar for work that ends at once is only noise.
_QUIET_SECONDS = 0.5


def no_progress() -> None:
    """Show no progress bars from now on."""
    global _enabled
    _enabled = False


def show_progress() -> None:
    """Show progress bars from now on (the default)."""
    global _enabled
    _enabled = True


def progress_enabled() -> bool:
    """Whether progress bars are shown."""
    return _enabled


def wait_with_progress(job: JobHandle) -> Any:
    """Wait for a job behind a progress bar and return its result.

    The bar shows the job's description, the fraction done and its latest message. It appears only when the
    job takes longer than half a second. Ctrl-C asks the job to stop and still returns what it has.
    """
    if not _enabled:
        return job.wait()
    bar = _Bar(job)
    try:
        return job.wait(bar.poll, interval=0.1)
    finally:
        bar.close(job)


class _Bar:
    def __init__(self, job: JobHandle) -> None:
        self._start = time.monotonic()
        self._bar: Any = None

    def poll(self, job: JobHandle) -> None:
        """Bring the bar up to date; called by ``Job.wait``."""
        if self._bar is None:
            if job.finished or time.monotonic() - self._start < _QUIET_SECONDS:
                return
            self._bar = self._make(job)
        self._bar.n = round(100 * job.fraction)
        self._bar.set_postfix_str(job.message, refresh=False)
        self._bar.refresh()

    @staticmethod
    def _make(job: JobHandle) -> Any:
        from tqdm.auto import tqdm

        layout = "{desc}: |{bar}| {n_fmt}% {elapsed} {postfix}"
        return tqdm(
            total=100, desc=f"{job.description} progress", bar_format=layout, file=sys.stdout, leave=True
        )

    def close(self, job: JobHandle) -> None:
        """Leave the bar as it ended."""
        if self._bar is not None:
            self.poll(job)
            self._bar.close()
