"""The contract of sessions, of jobs: how they end, why they are stopped, and the jobs within them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from heavywater.errors import NotFound, NotSaved, ParseError
from heavywater.session import JobHandle

from .contract import ENDLESS, finished, train


def test_a_reason_to_stop_is_that_of_the_model(session: Any, rows: str) -> None:
    started = train(session, **ENDLESS)
    session.jobs.cancel(started["job"], "it is \x1b[2J enough")
    session.jobs.cancel(started["job"], "much too late")
    key = finished(session, started)
    assert session.models.describe(key)["stopped_because"] == r"it is \x1b[2J enough"
    state = session.jobs.state(started["job"])
    assert state["about"]["model_category"] == "Binomial" and state["about"]["nrow"] == 60
    assert set(state["measures"]) == {"epochs", "samples", "iterations", "rows_per_second"}


def test_models_of_a_grid_are_jobs_within_its_job(session: Any, rows: str) -> None:
    hyper = {"hidden": [[2], [3]]}
    shared = {"epochs": 1e9, "stopping_rounds": 0, "classification_stop": -1.0, "score_interval": 0}
    started = session.grids.train("deeplearning", shared, hyper, x=None, y="two", training_frame_key=rows)
    job, deadline = started["job"], time.monotonic() + 60
    while not session.jobs.parts(job) and time.monotonic() < deadline:
        session.jobs.wait(job, 0.01)
    (first,) = session.jobs.parts(job)
    session.jobs.cancel(first["job"], "the first alone")
    while len(session.jobs.parts(job)) < 2 and time.monotonic() < deadline:
        session.jobs.wait(job, 0.01)
    (second,) = session.jobs.parts(job, 1)
    assert second["about"]["hidden"] == [3] and session.jobs.state(first["job"])["status"] == "CANCELLED"
    session.jobs.cancel(job, "all")
    grid = session.grids.describe(finished(session, started))
    reasons = {
        key: session.models.describe(key)["stopped_because"]
        for key in (session.jobs.result(each["job"]) for each in session.jobs.parts(job))
    }
    assert set(reasons) == set(grid["model_ids"]) and sorted(reasons.values()) == ["all", "the first alone"]
    assert session.jobs.curves(first["job"])["before"] == 0
    for wrong in (".", ".0", ".3", ".x", ".1.1"):
        with pytest.raises(NotFound, match="no job"):
            session.jobs.state(job + wrong)


def test_errors_of_jobs(session: Any, rows: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("a,b\n1,2\n1,2,3\n")
    handle = JobHandle(session, session.files.import_files(str(broken), "broken"))
    with pytest.raises(ParseError, match=r"broken\.csv"):
        handle.wait()
    assert (handle.status, handle.result, type(handle.error)) == ("FAILED", None, ParseError)
    assert "broken" not in session.objects.keys("frame")
    (tmp_path / "file").write_text("")
    started = train(session, model_id="unsaved", export_checkpoints_dir=str(tmp_path / "file" / "below"))
    with pytest.warns(RuntimeWarning, match="nothing can be saved"), pytest.raises(NotSaved) as raised:
        finished(session, started)
    assert raised.value.key == "unsaved" and session.models.describe("unsaved")
    assert len(session.jobs.state(started["job"])["warnings"]) == 1


def test_ctrl_c_keeps_what_there_is(session: Any, rows: str) -> None:
    handle = JobHandle(session, train(session, **ENDLESS))

    def interrupted(job: JobHandle) -> None:
        if job.status == "RUNNING":
            raise KeyboardInterrupt

    key = JobHandle.wait(handle, lambda job: None if handle._cancelled else interrupted(job), 0.05)
    assert handle.status == "CANCELLED" and session.models.describe(key)
    assert handle.destination == key
