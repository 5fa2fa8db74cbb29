"""Work that runs in the background and can be watched and cancelled."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from .errors import JobCancelled, handed_to

T = TypeVar("T")
Report = Callable[[float, str | None], None]  # the share of the work that is done, and news of it
RUNNING, DONE, FAILED, CANCELLED = "RUNNING", "DONE", "FAILED", "CANCELLED"


class Job:
    """Run ``function(job)`` in a worker thread, starting at once.

    Parameters
    ----------
    description : str
        What the job does, for progress bars and messages.
    function : callable
        Receives the job; its return value becomes ``result``. It should look at ``cancel_requested``
        from time to time and either return what it has so far or call ``stop_if_cancelled``.
    destination : str, optional
        Key of what it makes.
    about : mapping, optional
        What is known of that before.

    Attributes
    ----------
    status : str
        ``"RUNNING"``, ``"DONE"``, ``"FAILED"`` or ``"CANCELLED"`` (which may still have a result).
    fraction : float
        Share of the work done, 0 to 1.
    message : str
        Latest remark of the worker.
    result : object
        What the function returned, None before.
    error : BaseException or None
        What the function raised.
    recorded : int
        How often `record` was called, and one more after the end: as long as it stays the same, history and curves do.
    measures : dict of float
        What the worker has counted so far, as ``epochs`` and ``samples``.
    parts : list of Job
        The work within it that can be watched by itself, as that of the models of a grid; in the order of their beginning.
    cancel_reason : str
        Why the job was asked to stop; empty where nobody said why.
    """

    def __init__(
        self,
        description: str,
        function: Callable[[Job], Any],
        destination: str | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        self.description, self.about = description, dict(about or {})
        self.destination = destination
        self.status = RUNNING
        self.fraction = 0.0
        self.message = ""
        self.result: Any = None
        self.error: BaseException | None = None
        self.start_time = time.time()
        self.end_time: float | None = None
        self._remarks: dict[str, tuple[str, type[Warning]]] = {}  # by what they are about
        self._history: Callable[[], Any] | None = None
        self._curves: Callable[[int], dict[str, Any]] | None = None
        self.recorded = 0
        self.measures: dict[str, float] = {}
        self.parts: list[Job] = []
        self.cancel_reason = ""
        self._cancel = threading.Event()
        self._finished = threading.Event()
        self._told: list[Callable[[], None]] = []  # at the end
        # A daemon thread: an interpreter that exits does not wait for a long training.
        threading.Thread(
            target=self._run, args=(function,), name=f"heavywater: {description}", daemon=True
        ).start()

    def _run(self, function: Callable[[Job], Any]) -> None:
        status = DONE
        try:
            with handed_to(lambda text, category: self.remark(text, text, category)):
                self.result = function(self)
            if self.cancel_requested:
                status = CANCELLED
        except JobCancelled as error:
            self.error, status = error, CANCELLED
        except BaseException as error:  # noqa: BLE001 - whoever waits raises it
            self.error, status = error, FAILED
        finally:
            if status == DONE:
                self.fraction = 1.0
            try:
                self._let_go()
            finally:  # whatever happens, who waits is told
                self.end_time = time.time()
                self.status = status
                self._finished.set()
                for each in list(self._told):
                    each()

    def _let_go(self) -> None:
        """Keep nothing of the work itself: a job that has ended is remembered for long."""
        if self._history is not None:
            table = self._history()
            self._history = lambda: table
        if self._curves is not None:
            numbers = self._curves(0)
            self._curves = lambda first: {
                **numbers,
                "columns": [column[first:] for column in numbers["columns"]],
            }
        self.recorded += 1
        error = self.error
        while error is not None:
            traceback.clear_frames(error.__traceback__)
            error = error.__cause__ or error.__context__

    @property
    def cancel_requested(self) -> bool:
        """Whether somebody asked the job to stop."""
        return self._cancel.is_set()

    @property
    def finished(self) -> bool:
        """Whether the worker has ended, in whatever way."""
        return self._finished.is_set()

    def update(self, fraction: float, message: str | None = None) -> None:
        """Tell how far the work is (called by the worker).

        Parameters
        ----------
        fraction : float
            Share of the work done; clipped to 0..1.
        message : str, optional
            Replaces the previous remark.
        """
        self.fraction = min(1.0, max(0.0, fraction))
        if message is not None:
            self.message = message

    def remark(self, about: str, text: str, category: type[Warning] = RuntimeWarning) -> None:
        """Give a warning to who waits for the job, once for each thing it is about (called by the worker).

        Those that the work gives by `heavywater.errors.warn` come here as well.
        """
        self._remarks.setdefault(about, (text, category))

    def remarks(self) -> dict[str, str]:
        """The warnings until now, by what they are about, in their order."""
        return {about: text for about, (text, _) in list(self._remarks.items())}

    def categories(self) -> list[str]:
        """Names of the categories of the warnings until now, in their order."""
        return [category.__name__ for _, category in list(self._remarks.values())]

    def record(
        self, history: Callable[[], Any], curves: Callable[[int], dict[str, Any]] | None = None
    ) -> None:
        """Say how to make a table of what the work has reached so far (called by the worker).

        Parameters
        ----------
        history : callable
            Gives the table.
        curves : callable (first), optional
            Gives its numbers from a line on: ``names, columns``.
        """
        self._history, self._curves = history, curves
        self.recorded += 1

    def history(self) -> Any:
        """The table that `record` told how to make, as it is now; None before."""
        return None if self._history is None else self._history()

    def curves(self, first: int = 0) -> dict[str, Any] | None:
        """The numbers of the history from a line on; None where there are none."""
        return None if self._curves is None else self._curves(first)

    def forget_history(self) -> None:
        """Keep no table any more: the model has it, too."""
        self._history = self._curves = None
        for part in self.parts:
            part.forget_history()

    def cancel(self, reason: str | None = None) -> None:
        """Ask the worker to stop at the next opportunity; of several reasons the first one stays."""
        if reason and not self.cancel_requested:
            self.cancel_reason = reason
        self._cancel.set()

    def stop_if_cancelled(self) -> None:
        """Raise `JobCancelled` when cancellation was requested (called by the worker)."""
        if self.cancel_requested:
            raise JobCancelled(
                f"{self.description} was cancelled"
                + (f": {self.cancel_reason}" if self.cancel_reason else "")
            )

    def wait_for(self, seconds: float) -> bool:
        """Wait a moment at most; whether the worker has ended."""
        return self._finished.wait(seconds)

    @contextmanager
    def telling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Within this context the end of the work is told: at once where it has ended; from whatever thread, perhaps twice."""
        self._told.append(callback)
        try:
            if self.finished:
                callback()
            yield
        finally:
            self._told.remove(callback)

    def wait(self) -> Any:
        """Wait for the end and return the result, or raise what the function has raised."""
        self._finished.wait()
        if self.error is not None:
            raise self.error
        return self.result


def side_by_side(tasks: Sequence[Callable[[], T]], workers: int) -> list[T]:
    """Run tasks in several threads and wait for all of them.

    Parameters
    ----------
    tasks : sequence of callable
        Started in this order. After a failure none is started any more; those at work end by themselves.
    workers : int
        How many run at the same time.

    Returns
    -------
    list
        What the tasks returned, in their order.

    Raises
    ------
    BaseException
        What a task raised; of several failures that of the first task.
    """
    results: dict[int, T] = {}
    errors: dict[int, BaseException] = {}
    waiting, lock = iter(enumerate(tasks)), threading.Lock()

    def work() -> None:
        while not errors:
            with lock:
                number, task = next(waiting, (-1, None))
            if task is None:
                return
            try:
                results[number] = task()
            except BaseException as error:  # noqa: BLE001 - whoever waits raises it
                errors[number] = error

    # Daemons, like the thread of a job: those of concurrent.futures would keep the interpreter from ending.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(workers, len(tasks)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[min(errors)]
    return [results[number] for number in range(len(tasks))]


def stretch(report: Report, begin: float, end: float) -> Report:
    """Where work reports to that is a stretch of a longer one."""
    return lambda fraction, message: report(begin + (end - begin) * fraction, message)


class SharedProgress:
    """One progress of several parts that are worked on at the same time.

    Parameters
    ----------
    sizes : sequence of float
        Work of each part.
    names : sequence of str
        For messages.
    report : callable (fraction, message)
        Called with the share of all work that is done, and with news of the first part that is not complete (or None).
    """

    def __init__(self, sizes: Sequence[float], names: Sequence[str], report: Report) -> None:
        self.sizes, self.names, self.report = sizes, names, report
        self._done = [0.0] * len(sizes)
        self._lock = threading.Lock()

    def part(self, number: int) -> Callable[[float, str], None]:
        """Where a part reports its progress to."""

        def progress(fraction: float, message: str) -> None:
            with self._lock:
                self._done[number] = fraction
                done = sum(size * part for size, part in zip(self.sizes, self._done, strict=True))
                first = all(part >= 1 for part in self._done[:number])
                self.report(done / sum(self.sizes), f"{self.names[number]}: {message}" if first else None)

        return progress
