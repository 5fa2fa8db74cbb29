"""What runs, and what has run: the list, and one of them while it goes on."""

from __future__ import annotations

import time
from typing import Any

from starlette.responses import Response

from ....jobs import RUNNING
from ....session.values import State
from ..basics.asking import PageCall
from ..basics.paging import part_of
from .job_progress import JobProgress, is_training

SHOWN = 50  # jobs on a page
WORDS = {"RUNNING": "running", "DONE": "done", "FAILED": "failed", "CANCELLED": "cancelled"}
_KINDS = {
    "model": "models",
    "frame": "frames",
    "grid": "grids",
}  # of objects -> first part of their addresses


def jobs(call: PageCall) -> Response:
    """All jobs that are remembered, the newest first."""
    known = call.session.jobs.known()[::-1]
    part = part_of(call, len(known), SHOWN)
    shown = known[part.first : part.first + part.count]
    places = _Places(call)
    return call.page(
        "jobs/jobs.html",
        jobs=[_line(call, state, places) for state in shown],
        going=" ".join(each["job"] for each in known if each["status"] == RUNNING),
        part=part,
    )


def job(call: PageCall) -> Response:
    """One job: how far it is, its curves, what it has made or why it failed."""
    state = call.session.jobs.state(call.parts["key"])
    return call.page("jobs/job.html", **_line(call, state, _Places(call)), live=JobProgress.of(call, state))


def cancel(call: PageCall) -> Response:
    """Ask a job to stop; what it has reached is kept."""
    key = call.parts["key"]
    ended = call.session.jobs.state(key)["status"] != RUNNING
    call.session.jobs.cancel(key)
    said = "It had ended already" if ended else "Asked to stop: what it has reached is kept"
    return call.see("jobs" if call.text("from") == "jobs" else f"jobs/{key}", said)


class _Places:
    """Where what jobs have made can be looked at."""

    def __init__(self, call: PageCall) -> None:
        self._keys = {folder: set(call.session.objects.keys(kind)) for kind, folder in _KINDS.items()}

    def of(self, state: State) -> str:
        """The first part of the address of what a job has made, or makes; empty where there is none."""
        key = state["destination"]
        for folder, keys in self._keys.items():
            if key in keys:
                return folder
        return "models" if is_training(state) else ""


def _line(call: PageCall, state: State, places: _Places) -> dict[str, Any]:
    """A job, and what is said of it beside its state."""
    return {
        "job": state,
        "folder": places.of(state),
        "word": WORDS[state["status"]],
        "seconds": (state["end_time"] or time.time()) - state["start_time"],
        "failure": _failure(call, state) if state["status"] == "FAILED" else "",
    }


def _failure(call: PageCall, state: State) -> str:
    try:
        call.session.jobs.result(state["job"])
    except Exception as error:  # noqa: BLE001  # it is told
        return str(error) or type(error).__name__
    return ""


ROUTES = {"GET /jobs": jobs, "GET /jobs/{key}": job, "POST /jobs/{key}/cancel": cancel}
