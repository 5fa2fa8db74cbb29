"""Work that goes on in the background, under the name that scripts import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from heavywater.errors import warn
from heavywater.session import JobHandle

from .backend import progress
from .exceptions import H2OJobCancelled, H2OTypeError

__all__ = ["H2OJob"]


class _Progress(type):
    @property
    def __PROGRESS_BAR__(cls) -> bool:
        return progress.progress_enabled()

    @__PROGRESS_BAR__.setter
    def __PROGRESS_BAR__(cls, shown: bool) -> None:
        progress.show_progress() if shown else progress.no_progress()


class H2OJob(metaclass=_Progress):
    """A job of the session.

    Parameters
    ----------
    jobs : JobHandle or estimator
        A job of the session, or an estimator or grid after ``start()``.
    job_type : str
        What the progress bar calls it; by default its own description.

    Notes
    -----
    ``H2OJob.__PROGRESS_BAR__`` switches progress bars on and off, as `h2o.no_progress` and `h2o.show_progress` do.

    Examples
    --------
    >>> model = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1)
    >>> model.start(y="class", training_frame=h2o.import_file("iris.csv"))
    >>> H2OJob(model).poll().status
    'DONE'
    """

    def __init__(self, jobs: Any, job_type: str = "") -> None:
        job = getattr(jobs, "_job", jobs)
        if not isinstance(job, JobHandle):
            raise H2OTypeError(
                f"jobs must be a job of the session, or an estimator after start(); it is of type {type(jobs).__name__}"
            )
        self.job = job
        self._job_type = job_type or job.description

    @property
    def status(self) -> str:
        """One of "RUNNING", "DONE", "FAILED" and "CANCELLED".

        Examples
        --------
        >>> h2o.get_job(h2o.jobs()["jobs"][-1]["job"]).status
        'DONE'
        """
        return self.job.status

    @property
    def progress(self) -> float:
        """Share of the work done, 0 to 1.

        Examples
        --------
        >>> h2o.get_job(h2o.jobs()["jobs"][-1]["job"]).progress
        1.0
        """
        return self.job.fraction

    @property
    def job_key(self) -> str:
        """Key of the job, by which `h2o.get_job` finds it.

        Examples
        --------
        >>> key = h2o.jobs()["jobs"][-1]["job"]
        >>> h2o.get_job(key).job_key == key
        True
        """
        return self.job.key

    @property
    def dest_key(self) -> str | None:
        """Key of what was made; None before the end.

        Examples
        --------
        >>> made = h2o.get_job(h2o.jobs()["jobs"][-1]["job"]).dest_key
        """
        key: str | None = self.job.result
        return key

    @property
    def exception(self) -> BaseException | None:
        """What the job ended with, if it failed.

        Examples
        --------
        >>> h2o.get_job(h2o.jobs()["jobs"][-1]["job"]).exception is None
        True
        """
        return self.job.error

    def poll(self, poll_updates: Callable[[H2OJob, float], object] | None = None) -> H2OJob:
        """Wait for the end behind a progress bar.

        Parameters
        ----------
        poll_updates : callable, optional
            Called with this object and the share done, instead of a progress bar.

        Returns
        -------
        H2OJob
            This object.

        Raises
        ------
        H2OJobCancelled
            The job was cancelled.
        Exception
            What the job ended with.

        Examples
        --------
        >>> h2o.get_job(h2o.jobs()["jobs"][-1]["job"]).poll().status
        'DONE'
        """
        if poll_updates is None:
            progress.wait_with_progress(self.job)
        else:
            self.job.wait(lambda job: poll_updates(self, job.fraction))
        if self.status == "CANCELLED":
            raise H2OJobCancelled(f"{self._job_type} was cancelled")
        return self

    def poll_once(self) -> H2OJob:
        """At once, with `status` and `progress` as they are now.

        Returns
        -------
        H2OJob
            This object.

        Examples
        --------
        >>> h2o.get_job(h2o.jobs()["jobs"][-1]["job"]).poll_once().status
        'DONE'
        """
        return self

    def cancel(self) -> None:
        """Ask the job to stop.

        Examples
        --------
        >>> h2o.get_job(h2o.jobs()["jobs"][-1]["job"]).cancel()
        """
        if self.job.finished:
            warn(f"{self._job_type} has ended already")
        self.job.cancel()

    def __repr__(self) -> str:
        state = f"at {round(100 * self.progress)} %" if self.status == "RUNNING" else self.status.lower()
        return f"<H2OJob {self._job_type}: {state}>"
