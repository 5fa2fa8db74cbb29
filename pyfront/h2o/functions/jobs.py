"""Work that goes on in the session: who has begun it may have gone meanwhile."""

from __future__ import annotations

from heavywater.session import JobHandle

from ..backend.connection import H2OResponse, session
from ..exceptions import H2OTypeError
from ..job import H2OJob

__all__ = ["get_job", "jobs"]


def get_job(job_key: str) -> H2OJob:
    """A job of the session by its key, whoever has begun it.

    At a node a job goes on when the connection is lost or the process that began it ends; from another one it is found again.

    Parameters
    ----------
    job_key : str
        Its key (``H2OJob.job_key``; `h2o.jobs` lists them).

    Returns
    -------
    H2OJob
        Its ``poll()`` waits for the end, ``dest_key`` is the key of what it made, for `h2o.get_model` or `h2o.get_frame`.

    Raises
    ------
    NotFound
        There is none of this key, or it ended long ago.

    Examples
    --------
    >>> model = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1, model_id="flowers")
    >>> model.start(y="class", training_frame=h2o.import_file("iris.csv"))
    >>> key = h2o.jobs()["jobs"][-1]["job"]
    >>> h2o.get_job(key).poll().dest_key
    'flowers'
    """
    if not isinstance(job_key, str):
        raise H2OTypeError(f"job_key={job_key!r} must be the key of a job")
    asked = session()
    return H2OJob(JobHandle(asked, asked.jobs.state(job_key)))


def jobs() -> H2OResponse:
    """All jobs of the session that are remembered, the oldest first: ``h2o.jobs()["jobs"]``.

    Returns
    -------
    H2OResponse
        Each with ``job`` (its key), ``description``, ``destination``, ``status``, ``fraction``, ``message``, ``warnings``,
        ``start_time``, ``end_time`` (seconds since 1970).

    Examples
    --------
    >>> [job["status"] for job in h2o.jobs()["jobs"]][-1]
    'DONE'
    """
    return H2OResponse(jobs=session().jobs.known())
