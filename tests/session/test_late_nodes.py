"""Nodes that come, or come back, while others train."""

from __future__ import annotations

import contextlib
import os
import signal
import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from heavywater.cluster.secret import new_secret_file
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.session import JobHandle, LocalSession

from .test_nodes import node_command, wait_until
from .test_shared_training import LONG, ROWS, begin, history, history_table, new_session, nodes

ENDLESS: dict[str, Any] = {**LONG, "epochs": 1e6}


def members(session: LocalSession, job: Any) -> float:
    """Nodes in the last line of the history so far."""
    table = session.jobs.history(job["job"])
    return float(history_table(table)["nodes"].iloc[-1]) if table and table["rows"] else 0.0


def trained_by(session: LocalSession, job: Any) -> list[int]:
    """End the training; how many nodes took part, one number after the other."""
    session.jobs.cancel(job["job"])
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore", RuntimeWarning)
        JobHandle(session, job).wait()
    model = session.store.get("m", DeepLearningModel)
    saved = model.checkpoint
    assert saved is not None
    assert saved.state.samples == saved.state.visited
    assert history(model)["training_logloss"].iloc[-1] < 0.5
    found = [int(each) for each in history(model)["nodes"]]
    return [found[0], *(b for a, b in pairwise(found) if a != b)]


def test_a_node_that_joins_by_command_while_another_one_trains(tmp_path: Path) -> None:
    secret = str(tmp_path / "secret")
    new_secret_file(secret)
    session = new_session("listen:127.0.0.1:0", secret_file=secret)
    command = [
        "--join", session.cluster.status()["join_at"], "--secret-file", secret, "--nthreads", "1"
    ]  # fmt: skip
    running = [node_command(*command)]
    try:
        wait_until(lambda: len(nodes(session)) == 1)
        job = begin(session, **ENDLESS)
        wait_until(lambda: members(session, job) == 1)
        running.append(node_command(*command))
        wait_until(lambda: members(session, job) == 2)
        assert trained_by(session, job) == [1, 2]
    finally:
        session.cluster.close()
        for process in running:
            process.communicate()
    assert [process.returncode for process in running] == [0, 0]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.long
def test_a_node_that_was_stopped_wakes_and_helps_again(count: int) -> None:
    """Its old connection is of no use; it joins anew, also where this process had to go on alone meanwhile."""
    session = new_session(count)
    job = begin(session, **ENDLESS)
    try:
        wait_until(lambda: members(session, job) == count)
        pid = nodes(session)[0]["pid"]
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: len(nodes(session)) == count - 1)
        rows = ROWS * 5 + float(history_table(session.jobs.history(job["job"]))["samples"].max())
        wait_until(lambda: float(history_table(session.jobs.history(job["job"]))["samples"].max()) > rows)
        os.kill(pid, signal.SIGCONT)
        wait_until(lambda: len(nodes(session)) == count)
        if count > 1:
            wait_until(lambda: members(session, job) == count)
        else:
            wait_until(lambda: nodes(session)[0]["state"] == "training m")
        found = trained_by(session, job)
        assert found == ([2, 1, 2] if count > 1 else [1])
        (told,) = [text for text in session.store.get("m", DeepLearningModel).warnings if "is lost" in text]
        assert f"process {pid}" in told
    finally:
        session.cluster.close()
