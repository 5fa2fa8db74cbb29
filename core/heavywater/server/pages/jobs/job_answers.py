"""Pages that answer a form which has started a job: what it made, when that is soon there, else the job."""

from __future__ import annotations

from starlette.responses import Response

from ....errors import collected
from ....session import JobHandle
from ....session.values import Started
from ..basics.addresses import address
from ..basics.asking import PageCall

_SOON = 2.0  # seconds


def after_job(call: PageCall, started: Started, path: str, text: str) -> Response:
    """Another page, once a job is done; its own page where it takes longer.

    Parameters
    ----------
    call : PageCall
    started : Started
    path : str
        See `PageCall.see`.
    text : str
        What is said there.

    Raises
    ------
    HeavywaterError
        With which the job has ended.
    """
    job = JobHandle(call.session, started)
    with collected() as remarks:
        ended = job.wait_for(_SOON)
        if ended:
            job.wait()
    if not ended:
        return call.see(f"jobs/{address(job.key)}")
    return call.see(path, text, [each for each, _ in remarks])
