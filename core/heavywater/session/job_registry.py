"""The jobs of a session: started by its services, asked for by their keys."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from ..errors import InvalidArgument, NotFound, bounded
from ..jobs import RUNNING, Job
from .protocol import Jobs
from .values import Description, Started, State

REMEMBERED = 1000  # jobs that have ended
TABLES = 50  # so many of them still have their scoring history
PART = "."  # between the key of a job and the number of a part of it


class JobRegistry:
    """All jobs of a session, of every client."""

    def __init__(self) -> None:
        self._jobs: dict[str, tuple[Job, str]] = {}
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._told: list[Callable[[str], None]] = []  # of starts

    def add(self, job: Job, client: str) -> Started:
        """Remember a job of a client under a key."""
        with self._lock:
            key = f"job_{next(self._numbers)}"
            self._jobs[key] = job, client
            ended = [name for name, (known, _) in self._jobs.items() if known.finished]
            for name in ended[: max(0, len(ended) - REMEMBERED)]:
                del self._jobs[name]
            for name in ended[-REMEMBERED:-TABLES]:
                self._jobs[name][0].forget_history()
        for each in list(self._told):
            each(key)
        return Started(job=key, description=job.description, destination=job.destination)

    @contextmanager
    def telling_starts(self, callback: Callable[[str], None]) -> Iterator[None]:
        """Within this context the key of each job that is added is told."""
        self._told.append(callback)
        try:
            yield
        finally:
            self._told.remove(callback)

    def job(self, key: str) -> Job:
        """The job of this key."""
        whole, part, number = key.partition(PART)
        found = self._jobs.get(whole)
        if found is not None and not part:
            return found[0]
        parts = [] if found is None else found[0].parts
        if not (number.isdecimal() and number.isascii() and 1 <= int(number) <= len(parts)):
            raise NotFound(f"no job {key!r}; it never was, or ended long ago")
        return parts[int(number) - 1]

    def running(self, client: str | None) -> list[Job]:
        """The jobs of a client, or of all, that have not ended."""
        with self._lock:
            return [job for job, owner in self._jobs.values() if client in (None, owner) and not job.finished]

    def keys_of(self, client: str | None) -> list[str]:
        """Keys of all jobs, or of those of one client."""
        with self._lock:
            return [key for key, (_, owner) in self._jobs.items() if client in (None, owner)]


class JobService(Jobs):
    """Questions to the jobs of a session."""

    def __init__(self, registry: JobRegistry, client: str) -> None:
        self._registry, self._client = registry, client
        self.before_start: Callable[[], None] = lambda: None  # may refuse, by an error

    def start(
        self,
        description: str,
        work: Callable[[Job], Any],
        destination: str | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> Started:
        """Run ``work(job)`` in a thread of its own."""
        self.before_start()
        return self._registry.add(Job(description, work, destination, about), self._client)

    def known(self) -> list[State]:
        return [self.state(key) for key in self._registry.keys_of(None)]

    def state(self, job: str) -> State:
        found = self._registry.job(job)
        status = found.status  # first: what a job that has ended says does not change any more
        recorded = found.recorded
        message = (
            found.message
        )  # before the fraction, which is told before it: so that it is not that of an earlier message
        return State(
            job=job,
            description=found.description,
            destination=found.destination,
            status=status,
            fraction=found.fraction,
            message=message,
            warnings=list(found.remarks().values()),
            categories=found.categories(),
            start_time=found.start_time,
            end_time=found.end_time,
            about=dict(found.about),
            measures=dict(found.measures),
            recorded=recorded,
        )

    def wait(self, job: str, seconds: float) -> State:
        self._registry.job(job).wait_for(seconds)
        return self.state(job)

    def telling(self, job: str, callback: Callable[[], None]) -> AbstractContextManager[None]:
        """See `Job.telling`: for servers, in which no thread is to wait."""
        return self._registry.job(job).telling(callback)

    def parts(self, job: str, first: int = 0) -> list[State]:
        count = len(self._registry.job(job).parts)
        return [self.state(f"{job}{PART}{number + 1}") for number in range(max(0, first), count)]

    def history(self, job: str) -> Description | None:
        found: Description | None = self._registry.job(job).history()
        return found

    def curves(self, job: str, first: int = 0) -> Description | None:
        return self._registry.job(job).curves(first)

    def recorded(self, job: str) -> int:
        """A number that changes with the history of a job, see `Job.recorded`."""
        return self._registry.job(job).recorded

    def keys(self) -> list[str]:
        """Keys of all jobs that are remembered, the oldest first."""
        return self._registry.keys_of(None)

    def telling_starts(self, callback: Callable[[str], None]) -> AbstractContextManager[None]:
        """Within this context the key of each job that is started is told, from whatever thread."""
        return self._registry.telling_starts(callback)

    def cancel(self, job: str, reason: str | None = None) -> None:
        self._registry.job(job).cancel(None if reason is None else bounded(reason))

    def result(self, job: str) -> Any:
        found = self._registry.job(job)
        if found.status == RUNNING:
            raise InvalidArgument(f"job {job!r} ({found.description}) still runs: wait for it first")
        if found.error is not None:
            raise found.error
        return found.result

    def busy(self) -> bool:
        """Whether a job of this client runs."""
        return bool(self.running())

    def running(self) -> list[Job]:
        """The jobs of this client that have not ended."""
        return self._registry.running(self._client)

    def at_work(self) -> int:
        """How many jobs run, of all clients."""
        return len(self._registry.running(None))

    def end_client(self) -> None:
        """Ask all jobs of this client to stop."""
        for key in self._registry.keys_of(self._client):
            self._registry.job(key).cancel()
