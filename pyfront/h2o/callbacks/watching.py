"""Asks a job how far it is while it runs, and calls callbacks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from heavywater.session import JobHandle, State

from ..exceptions import H2OTypeError
from .callback import Callback
from .run import RUNNING, Run
from .training_log import TrainingLog, logger

INTERVAL = 0.1  # seconds between two questions
_OF_PARTS = ("grid", "segments")
_everywhere: list[Callback] = []


def register(callback: Callback) -> None:
    """Call a callback in all trainings from now on, as if it were given to each.

    Parameters
    ----------
    callback : Callback
        Registered once, however often it is given here.

    Examples
    --------
    >>> watcher = h2o.Callback()
    >>> h2o.callbacks.register(watcher)
    >>> h2o.callbacks.unregister(watcher)
    """
    (found,) = checked([callback])
    if found not in _everywhere:
        _everywhere.append(found)


def unregister(callback: Callback) -> None:
    """Call a callback no more in all trainings; nothing happens where it is not registered.

    Parameters
    ----------
    callback : Callback
        What `register` was given.

    Examples
    --------
    >>> h2o.callbacks.unregister(h2o.Callback())
    """
    if callback in _everywhere:
        _everywhere.remove(callback)


def checked(callbacks: Iterable[Callback] | Callback | None) -> list[Callback]:
    """The callbacks as a list; one alone counts as a list of one.

    Raises
    ------
    H2OTypeError
        One of them is none.
    """
    if callbacks is None:
        return []
    if isinstance(callbacks, Callback):
        return [callbacks]
    if not isinstance(callbacks, Iterable) or isinstance(callbacks, str):
        raise H2OTypeError(f"callbacks={callbacks!r} must be a list of h2o.Callback objects")
    found = list(callbacks)
    for each in found:
        if not isinstance(each, Callback):
            hint = ": make an object of it, with ()" if isinstance(each, type) else ""
            raise H2OTypeError(f"callbacks: {each!r} is no h2o.Callback{hint}")
    return found


class _Listener:
    """A callback, and which scorings of a run it has got."""

    def __init__(self, callback: Callback) -> None:
        self.callback = callback
        self.told = 0
        self.begun = self.ended = False


class _Watched:
    """One run with its listeners."""

    def __init__(self, run: Run, callbacks: Iterable[Callback]) -> None:
        self.run = run
        self.listeners = [_Listener(each) for each in callbacks]
        self.seen: tuple[Any, ...] = ()

    @property
    def new(self) -> bool:
        """Whether the run has gone on since this was asked last."""
        run = self.run
        before, self.seen = self.seen, (run.fraction, run.message, run.samples, run.epochs)
        return self.seen != before


class Watch:
    """Watches one job.

    Parameters
    ----------
    job : JobHandle
    run : Run
        What callbacks are told.
    callbacks : list of Callback
    displays : list of Callback
        Which see the job alone, not those within it.
    load : callable (key), optional
        Gives a trained model of a run within this one.
    """

    def __init__(
        self,
        job: JobHandle,
        run: Run,
        callbacks: list[Callback],
        displays: list[Callback],
        load: Callable[[str], Any] | None = None,
    ) -> None:
        self.run, self._job, self._callbacks, self._load_model = run, job, callbacks, load
        self._whole = _Watched(run, [*displays, *callbacks])
        self._parts: list[_Watched] = []
        self._open = 0  # the first part that may still run
        self._failed: set[int] = set()  # by identity: a callback may have an equality of its own
        self._failure: BaseException | None = None

    def wait(self) -> Any:
        """Result of the job, see `JobHandle.wait`."""
        return self._job.wait(self._poll, interval=INTERVAL)

    # ---- calls

    def _call(self, listener: _Listener, method: str, run: Run, *more: Any) -> None:
        """Call a method of a callback; an error ends the training and is kept, Ctrl-C is nothing of the callback's."""
        if id(listener.callback) in self._failed and method != "on_end":
            return
        try:
            getattr(listener.callback, method)(run, *more)
        except BaseException as error:  # raised when the training has ended
            if isinstance(error, KeyboardInterrupt) and method != "on_end":
                raise  # who waits for the job knows what to do
            self._fail(listener.callback, method, error)

    def _fail(self, callback: Callback, method: str, error: BaseException) -> None:
        self._failed.add(id(callback))
        origin = f"{type(callback).__name__}.{method}"
        if self._failure is None:
            self._failure = error
            error.add_note(f"raised by the callback {origin}, and so training has ended")
            text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            with suppress(Exception):  # where the job cannot be reached, waiting for it says so
                self.run.stop(f"the callback {origin} raised {text}")
        elif error is not self._failure:
            self._failure.add_note(f"the callback {origin} raised as well: {type(error).__name__}: {error}")

    def _tell(self, watched: _Watched, going_on: bool) -> None:
        """Tell the listeners of a run what is new."""
        run = watched.run
        run._take_scores()
        for listener in watched.listeners:
            if not listener.begun:
                listener.begun = True
                self._call(listener, "on_start", run)
            while listener.told < len(run.scores):
                listener.told += 1  # before, so that Ctrl-C within the call does not bring it twice
                self._call(listener, "on_scoring", run, run.scores[listener.told - 1])
            if going_on:
                self._call(listener, "on_iteration", run)
            self._call(listener, "on_poll", run)

    def _end(self, watched: _Watched) -> None:
        for listener in watched.listeners:
            if listener.begun and not listener.ended:
                listener.ended = True
                self._call(listener, "on_end", watched.run)

    def _poll(self, job: JobHandle) -> None:
        self._tell(self._whole, self._whole.new)
        if self.run.kind in _OF_PARTS and self._callbacks:
            self._poll_parts()

    # ---- the jobs within it

    def _poll_parts(self) -> None:
        for number, state in enumerate(self._job.parts(self._open), self._open):
            if number == len(self._parts):
                self._parts.append(self._part(number, state))
            self._parts[number].run._job.take(state)
        for watched in self._parts[self._open :]:
            self._tell(watched, watched.new)
            if watched.run.status != RUNNING:
                self._finish_part(watched)
        while self._open < len(self._parts) and self._parts[self._open].run._ended is not None:
            self._open += 1

    def _part(self, number: int, state: State) -> _Watched:
        run = Run(self._job.part(state), "model", parent=self.run, number=number)
        return _Watched(run, self._callbacks)

    def _finish_part(self, watched: _Watched) -> None:
        run = watched.run
        if run._ended is None:
            run.error = run._job.error
            run._load = self._load_model if run.error is None else None
            run._ended = time.monotonic()
        self._end(watched)

    # ---- its end

    def finish(self, error: BaseException | None) -> None:
        """Tell all listeners of the end; raises what a callback has raised."""
        run = self.run
        run.error, run._ended = error, time.monotonic()
        for part in self._parts:
            if part.run._ended is None:  # nobody waits for it any more
                part.run.error = error
                part.run._ended = run._ended
            self._end(part)
        self._end(self._whole)
        if self._failure is not None:
            raise self._failure


@contextmanager
def watched(
    job: JobHandle,
    callbacks: list[Callback],
    displays: list[Callback],
    run: Run | None = None,
    load: Callable[[str], Any] | None = None,
) -> Iterator[Watch]:
    """Watch a job within this context, at whose end callbacks are told of the end; it may set the model of the run before.

    Raises
    ------
    BaseException
        What a callback has raised, when all have been told of the end.
    """
    run = run or Run(job)
    if run.kind != "job":
        callbacks = [*_everywhere, *callbacks]
        if logger.isEnabledFor(logging.INFO):
            callbacks = [TrainingLog(), *callbacks]
    watch = Watch(job, run, callbacks, displays, load)
    error: BaseException | None = None
    try:
        yield watch
    except BaseException as raised:
        error = raised
        raise
    finally:
        watch.finish(error)
