"""How far a job is: one line that updates, in a terminal and in a notebook; a line now and then where output is kept."""

from __future__ import annotations

import html
import sys
import time
from collections.abc import Callable
from typing import Any

from heavywater.session import JobHandle

from ..callbacks.callback import Callback
from ..callbacks.run import Run
from ..callbacks.watching import watched
from ..display.rendering import in_notebook, print2
from ..display.tables import one_line

_enabled = True
# A bar for work that ends at once is only noise.
_QUIET_SECONDS = 0.5
_SECONDS_BETWEEN_LINES = 10  # in files and pipes


def no_progress() -> None:
    """Show no progress bars from now on.

    Examples
    --------
    >>> h2o.no_progress()
    """
    global _enabled
    _enabled = False


def show_progress() -> None:
    """Show progress bars from now on (the default).

    Examples
    --------
    >>> h2o.show_progress()
    >>> h2o.no_progress()
    """
    global _enabled
    _enabled = True


def progress_enabled() -> bool:
    """Whether progress bars are shown."""
    return _enabled


def displays() -> list[Callback]:
    """What shows the progress of a job, if it is shown."""
    if not _enabled:
        return []
    if in_notebook():
        return [NotebookLine()]
    return [ProgressBar() if _is_terminal() else LogLines()]


def _is_terminal() -> bool:
    try:
        return sys.stdout.isatty()
    except (AttributeError, ValueError):  # replaced, or closed
        return False


def wait_with_progress(job: JobHandle) -> Any:
    """Wait for a job behind a progress bar and return its result.

    The bar shows the job's description, the fraction done, the time left and its latest message. It appears only when
    the job takes longer than half a second. Ctrl-C asks the job to stop and still returns what it has.
    """
    with watched(job, [], displays()) as watch:
        return watch.wait()


class _Display(Callback):
    """Shows how far one job is, when it takes a while; a new one is made for each."""

    _quiet = _QUIET_SECONDS

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._shown = False
        self._broken = False

    def on_poll(self, run: Run) -> None:
        """Bring what is shown up to date."""
        if not self._shown and (run.status != "RUNNING" or self._seconds() < self._quiet):
            return
        self._shown = True
        self._try(self._show, run)

    def on_end(self, run: Run) -> None:
        """Leave it as it ended."""
        if self._shown:
            self._try(self._close, run)

    def _try(self, show: Callable[[Run], None], run: Run) -> None:
        """Show it as long as that works: that the output was closed, or is full, is no reason to end the work."""
        if self._broken:
            return
        try:
            show(run)
        except Exception:  # noqa: BLE001  # output can be anything, as in a notebook
            self._broken = True

    def _seconds(self) -> float:
        return time.monotonic() - self._start

    def _state(self, run: Run) -> str:
        """Time and news of the job."""
        spent = self._seconds()
        parts = [_time(spent)]
        if run.status == "RUNNING" and run.fraction > 0:
            parts.append(f"{_time(spent / run.fraction - spent)} left")
        return ", ".join([*parts, run.message] if run.message else parts)

    def _show(self, run: Run) -> None:
        raise NotImplementedError

    def _close(self, run: Run) -> None:
        self._show(run)


class ProgressBar(_Display):
    """A bar in a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None

    def _show(self, run: Run) -> None:
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=100,
                desc=_shown_by(sys.stdout, run.description),
                bar_format="{desc}: |{bar:10}| {n_fmt}%{postfix}",
                file=sys.stdout,
                dynamic_ncols=True,
            )
        self._bar.n = round(100 * run.fraction)
        self._bar.set_postfix_str(_shown_by(sys.stdout, self._state(run)), refresh=False)
        self._bar.refresh()

    def _close(self, run: Run) -> None:
        self._show(run)
        self._bar.close()


class NotebookLine(_Display):
    """A line below a cell; it needs no widgets, and stays in the saved notebook as it ended."""

    def __init__(self) -> None:
        super().__init__()
        self._line: Any = None
        self._said = ""

    def _show(self, run: Run) -> None:
        percent = round(100 * run.fraction)
        text = f"{run.description}: {percent}% {self._state(run)}"
        if text == self._said:
            return
        self._said = text
        bar = f'<progress value="{percent}" max="100" style="width:8em;vertical-align:middle"></progress>'
        data = {"text/plain": text, "text/html": f"<div>{bar} {html.escape(text)}</div>"}
        if self._line is None:
            from IPython.display import display

            self._line = display(data, raw=True, display_id=True)
        else:
            self._line.update(data, raw=True)


class LogLines(_Display):
    """A line every ten seconds, for output that goes to a file or another program."""

    _quiet = _SECONDS_BETWEEN_LINES

    def __init__(self) -> None:
        super().__init__()
        self._next = float(_SECONDS_BETWEEN_LINES)

    def _show(self, run: Run) -> None:
        if run.status == "RUNNING" and self._seconds() >= self._next:
            self._next = self._seconds() + _SECONDS_BETWEEN_LINES
            self._close(run)

    def _close(self, run: Run) -> None:
        print2(one_line(f"{run.description}: {round(100 * run.fraction)}% {self._state(run)}"), flush=True)


def _shown_by(output: Any, text: str) -> str:
    """A text in one line, with escapes for what the output cannot show."""
    encoding = getattr(output, "encoding", None) or "utf-8"
    return one_line(text).encode(encoding, "backslashreplace").decode(encoding)


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{max(0.0, seconds):.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"
