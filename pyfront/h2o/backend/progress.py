"""The progress bar of jobs."""

from __future__ import annotations

import sys
import time
from typing import Any

from heavywater.session import JobHandle

from ..callbacks.callback import Callback
from ..callbacks.run import Run
from ..callbacks.watching import watched

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


def displays() -> list[Callback]:
    """What shows the progress of a job: a progress bar, if they are shown."""
    return [ProgressBar()] if _enabled else []


def wait_with_progress(job: JobHandle) -> Any:
    """Wait for a job behind a progress bar and return its result.

    The bar shows the job's description, the fraction done and its latest message. It appears only when the
    job takes longer than half a second. Ctrl-C asks the job to stop and still returns what it has.
    """
    with watched(job, [], displays()) as watch:
        return watch.wait()


class ProgressBar(Callback):
    """Shows how far one job is; a new one is made for each."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._bar: Any = None

    def on_poll(self, run: Run) -> None:
        """Bring the bar up to date."""
        if self._bar is None:
            if run.status != "RUNNING" or time.monotonic() - self._start < _QUIET_SECONDS:
                return
            self._bar = self._make(run)
        self._bar.n = round(100 * run.fraction)
        self._bar.set_postfix_str(run.message, refresh=False)
        self._bar.refresh()

    @staticmethod
    def _make(run: Run) -> Any:
        from tqdm.auto import tqdm

        layout = "{desc}: |{bar}| {n_fmt}% {elapsed} {postfix}"
        return tqdm(
            total=100, desc=f"{run.description} progress", bar_format=layout, file=sys.stdout, leave=True
        )

    def on_end(self, run: Run) -> None:
        """Leave the bar as it ended."""
        if self._bar is not None:
            self.on_poll(run)
            self._bar.close()
