"""Jobs: how far they are, and their end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ...session.values import Started, State
from ..node.job_waiting import end_of_job
from .calls import Call, takes
from .replies import Json, key, kind_of, meta
from .sessions import SessionProperties, session_named

RUNNING, DONE, FAILED = "RUNNING", "DONE", "FAILED"
HOLD_PROPERTY = "job.fetch_timeout_ms"  # how long a question for a job is held
_LONGEST_HOLD = 5.0
_ENDED = {"DONE": "Done.", "FAILED": "Failed.", "CANCELLED": "Cancelled."}


def started(call: Call, job: Started) -> Json:
    """A job that has been started, as it is now."""
    return job_object(call, call.session.jobs.state(job["job"]))


def job_object(call: Call, state: State | Mapping[str, Any]) -> Json:
    """A job as an object."""
    ended = state["status"] != RUNNING
    exception = _exception(call, state["job"]) if state["status"] == FAILED else None
    until = state["end_time"] if ended else time.time()
    return {
        "__meta": meta("JobV3", "Job"),
        "key": key(state["job"], "Job"),
        "description": state["description"],
        "status": state["status"],
        "progress": 1.0 if state["status"] == "CANCELLED" else float(state["fraction"]),
        "progress_msg": _ENDED.get(state["status"]) or state["message"] or None,
        "start_time": int(1000 * state["start_time"]),
        "msec": int(1000 * ((until or time.time()) - state["start_time"])),
        "dest": _destination(state["destination"], state["description"]),
        "warnings": [*state["warnings"], *(_of_model(call, state) if ended else ())] or None,
        "exception": exception,
        "stacktrace": exception,
        "auto_recoverable": False,
        "ready_for_view": True,
    }


def _destination(name: str | None, description: str) -> Json:
    kind = "Grid" if "Grid" in description else "Model" if "Build" in description else "Frame"
    found = key(name, kind)
    return found or {"__meta": meta("KeyV3", "Key<Keyed>"), "name": None, "type": None, "URL": None}


def _of_model(call: Call, state: State | Mapping[str, Any]) -> list[str]:
    """What is to be said of a model that a job has made."""
    name = state["destination"]
    if name is None or name not in call.session.objects.keys("model"):
        return []
    return list(call.session.models.describe(name)["warnings"])


def _exception(call: Call, job: str) -> str | None:
    try:
        call.session.jobs.result(job)
    except Exception as error:  # noqa: BLE001  # it is told
        return f"{kind_of(error)[1]}: {error}"
    return None


@takes("job_id")
def jobs(call: Call) -> Json:
    """All jobs that are remembered."""
    return _jobs(None, [job_object(call, state) for state in call.session.jobs.known()])


@takes("job_id")
async def job(call: Call) -> Json:
    """How far one is; held for a while where the client wants it so, until it has ended."""
    name, seconds = call.parts["id"], _hold(call)
    if seconds:
        await end_of_job(call.session, name, seconds)
    return _jobs(name, [job_object(call, call.session.jobs.state(name))])


def _hold(call: Call) -> float:
    said = call.node.kept(SessionProperties).of(session_named(call), HOLD_PROPERTY)
    try:
        return min(_LONGEST_HOLD, max(0.0, float(said or 0) / 1000))
    except ValueError:
        return 0.0


@takes("job_id")
def cancel(call: Call) -> Json:
    """Ask it to stop."""
    call.session.jobs.cancel(call.parts["id"])
    return _jobs(call.parts["id"], None)


def _jobs(name: str | None, found: list[Json] | None) -> Json:
    return {"__meta": meta("JobsV3"), "_exclude_fields": "", "job_id": key(name, "Job"), "jobs": found}


ROUTES = {"GET /3/Jobs": jobs, "GET /3/Jobs/{id}": job, "POST /3/Jobs/{id}/cancel": cancel}
