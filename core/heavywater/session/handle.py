"""A job as those who wait for it see it, whichever process it runs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from ..errors import category_of, warn
from .protocol import Session
from .values import Description, Started, State

RUNNING = "RUNNING"


def _begun(started: Started | State) -> State:
    """How far a job is as long as nobody has asked."""
    unknown = {"status": RUNNING, "fraction": 0.0, "message": "", "warnings": [], "categories": []}
    unknown |= {"about": {}, "measures": {}, "recorded": 0}
    return cast(State, {**unknown, "start_time": 0.0, "end_time": None, **started})


class JobHandle:
    """A job of a session.

    Parameters
    ----------
    session : Session
    started : Started or State
        What a request that starts a job has answered, or how far it is.

    Attributes
    ----------
    key, description, destination : str
        Of the job, and the key of what it makes.
    """

    def __init__(self, session: Session, started: Started | State) -> None:
        self._session = session
        self.key = started["job"]
        self.description = started["description"]
        self.destination = started["destination"]
        self._told = 0  # warnings
        self._cancelled = False
        self._last = _begun(started)

    def take(self, state: State) -> State:
        """Take how far the job is from who has asked."""
        self._last = state
        return state

    @property
    def _now(self) -> State:
        return (
            self._last if self._last["status"] != RUNNING else self.take(self._session.jobs.state(self.key))
        )

    @property
    def status(self) -> str:
        """``"RUNNING"``, ``"DONE"``, ``"FAILED"`` or ``"CANCELLED"`` (which may still have a result)."""
        return self._now["status"]

    @property
    def finished(self) -> bool:
        """Whether the work has ended, in whatever way."""
        return self.status != RUNNING

    @property
    def fraction(self) -> float:
        """Share of the work done, 0 to 1."""
        return self._now["fraction"]

    @property
    def message(self) -> str:
        """Latest remark of the worker."""
        return self._now["message"]

    @property
    def last(self) -> State:
        """How far the job was when it was asked last: without asking."""
        return self._last

    @property
    def history(self) -> Description | None:
        """The scoring history so far, as a table."""
        return self._session.jobs.history(self.key)

    def parts(self, first: int = 0) -> list[State]:
        """How far the jobs within it are, see `heavywater.session.protocol.Jobs.parts`."""
        return self._session.jobs.parts(self.key, first)

    def part(self, state: State) -> JobHandle:
        """A job within it, which is so far."""
        return JobHandle(self._session, state)

    def curves(self, first: int = 0) -> Description | None:
        """The numbers of the scoring history from a line on, see `heavywater.session.protocol.Jobs.curves`."""
        return self._session.jobs.curves(self.key, first)

    @property
    def result(self) -> Any:
        """What the job gave; None before the end, and where it failed."""
        return self._session.jobs.result(self.key) if self.finished and self.error is None else None

    @property
    def error(self) -> BaseException | None:
        """What the job ended with, if it failed."""
        if not self.finished:
            return None
        try:
            self._session.jobs.result(self.key)
        except Exception as error:  # noqa: BLE001  # what it is, is asked for
            return error
        return None

    def cancel(self, reason: str | None = None) -> None:
        """Ask the worker to stop at the next opportunity, and say why."""
        self._cancelled = True
        self._session.jobs.cancel(self.key, reason)

    def warn(self) -> None:
        """Give the warnings that are new as warnings to the caller."""
        first, self._told = self._told, len(self._last["warnings"])
        for text, name in list(zip(self._last["warnings"], self._last["categories"], strict=False))[first:]:
            warn(text, category_of(name))

    def wait_for(self, seconds: float) -> bool:
        """Wait a moment at most, and give the new warnings; whether the work has ended."""
        ended = self.take(self._session.jobs.wait(self.key, seconds))["status"] != RUNNING
        self.warn()
        return ended

    def wait(self, poll: Callable[[JobHandle], object] | None = None, interval: float = 0.2) -> Any:
        """Wait for the end and return the result.

        Parameters
        ----------
        poll : callable, optional
            Called with this object every `interval` seconds and once at the end.
        interval : float
            Seconds between two polls.

        Returns
        -------
        str
            What the job gave: the key of what it made.

        Raises
        ------
        Exception
            Whatever the worker raised.

        Notes
        -----
        The first Ctrl-C requests cancellation and waiting goes on, so that a result reached so far is
        returned. A second one is raised at once, and the worker is left to end by itself.
        """
        interrupted = self._cancelled  # what `poll` cancels is no Ctrl-C
        while True:
            try:
                ended = self.wait_for(interval)
                if poll is not None:
                    poll(self)
                if ended:
                    return self._session.jobs.result(self.key)
            except KeyboardInterrupt:
                if interrupted:
                    raise
                interrupted = True
                self.cancel()
