"""How far a job is, as a page shows it: what ``job_live.html`` takes beside the state of the job."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Self

from ....deeplearning.metrics.labels import HISTORY
from ....jobs import RUNNING
from ....session.values import State
from ..basics.asking import PageCall
from ..live.sampler import seconds_left
from ..scores.metric_words import METRICS
from ..scores.scoring_curves import ScoringCurves


def trainings(call: PageCall) -> list[State]:
    """The running jobs that make one model each."""
    return [each for each in call.session.jobs.known() if is_training(each)]


def is_training(job: State) -> bool:
    """Whether a job runs, and makes one model."""
    return job["status"] == RUNNING and job["description"].endswith("Model Build")


@dataclass(frozen=True)
class JobProgress:
    """How far a job is.

    Parameters
    ----------
    seconds : float
        How long it has run.
    left : float or None
        How many seconds are left, where that can be told.
    speed : float or None
        Rows per second of a training.
    curves : ScoringCurves
        None are in it where nothing was scored yet.
    metric : str
        The score that is shown; empty where there is none.
    """

    seconds: float
    left: float | None
    speed: float | None
    curves: ScoringCurves
    metric: str

    @classmethod
    def of(cls, call: PageCall, state: State) -> Self:
        """That of a job; the address may name a score by ``curve``, else it is that by which training may stop early."""
        seconds = (state["end_time"] or time.time()) - state["start_time"]
        left = seconds_left(state)
        found = call.session.jobs.curves(state["job"])
        if found is None:
            return cls(seconds, left, None, ScoringCurves(None, ""), "")
        columns = dict(zip(found["names"], found["columns"], strict=True))
        rows = list(zip(*found["columns"], strict=True))
        curves = ScoringCurves({"columns": found["names"], "rows": rows}, "")
        wanted = (call.text("curve"), found["metric"], curves.default())
        metric = next((each for each in wanted if each in curves.choices()), "")
        return cls(seconds, left, columns["speed"][-1] if rows else None, curves, metric)

    @property
    def words(self) -> dict[str, Any]:
        """How scripts call the scores of a history, and whether greater values are better."""
        return {short: METRICS[metric]._asdict() for short, metric in HISTORY.items()}
