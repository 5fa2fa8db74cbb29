"""Work that runs in the background and can be watched and cancelled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .errors import JobCancelled, warn

T = TypeVar("T")
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
    """

    def __init__(self, description: str, function: Callable[[Job], Any]) -> None:
        self.description = description
        self.status = RUNNING
        self.fraction = 0.0
        self.message = ""
        self.result: Any = None
        self.error: BaseException | None = None
        self.start_time = time.time()
        self.end_time: float | None = None
        self._remarks: dict[str, str] = {}  # by what they are about
        self._told: set[str] = set()
        self._cancel = threading.Event()
        self._finished = threading.Event()
        # A daemon thread: an interpreter that exits does not wait for a long training.
        self._thread = threading.Thread(
            target=self._run, args=(function,), name=f"heavywater: {description}", daemon=True
        )
        self._thread.start()

    def _run(self, function: Callable[[Job], Any]) -> None:
        status = DONE
        try:
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
            self.end_time = time.time()
            self.status = status
            self._finished.set()

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

    def remark(self, about: str, text: str) -> None:
        """Give a warning to who waits for the job, once for each thing it is about (called by the worker)."""
        self._remarks.setdefault(about, text)

    def new_remarks(self) -> dict[str, str]:
        """Remarks that were not asked for before, by what they are about."""
        found = {about: text for about, text in list(self._remarks.items()) if about not in self._told}
        self._told |= set(found)
        return found

    def warn(self) -> None:
        """Give the new remarks as warnings to the caller."""
        for text in self.new_remarks().values():
            warn(text, RuntimeWarning)

    def cancel(self) -> None:
        """Ask the worker to stop at the next opportunity."""
        self._cancel.set()

    def stop_if_cancelled(self) -> None:
        """Raise `JobCancelled` when cancellation was requested (called by the worker)."""
        if self.cancel_requested:
            raise JobCancelled(f"{self.description} was cancelled")

    def wait_for(self, seconds: float) -> bool:
        """Wait a moment at most; whether the worker has ended."""
        return self._finished.wait(seconds)

    def wait(self, poll: Callable[[Job], object] | None = None, interval: float = 0.2) -> Any:
        """Wait for the end and return the result.

        Parameters
        ----------
        poll : callable, optional
            Called with the job every `interval` seconds and once at the end.
        interval : float
            Seconds between two polls.

        Returns
        -------
        object
            What the function returned.

        Raises
        ------
        Exception
            Whatever the worker raised.

        Notes
        -----
        The first Ctrl-C requests cancellation and waiting goes on, so that a result reached so far is
        returned. A second one is raised at once, and the worker is left to end by itself.
        """
        while True:
            try:
                ended = self._finished.wait(interval)
                self.warn()
                if poll is not None:
                    poll(self)
                if ended:
                    break
            except KeyboardInterrupt:
                if self.cancel_requested:
                    raise
                self.cancel()
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

    def __init__(
        self, sizes: Sequence[float], names: Sequence[str], report: Callable[[float, str | None], None]
    ) -> None:
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
