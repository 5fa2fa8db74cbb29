"""A search as a job: how it ends, whatever becomes of what it walks through."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from heavywater.errors import InvalidArgument
from heavywater.grids.grid import Grid, Member
from heavywater.grids.search import Search
from heavywater.grids.space import Criteria, Space
from heavywater.jobs import Job

METRICS = {"training_metrics": {"rmse": 0.5, "logloss": 0.5}, "model_category": "Regression"}


class Host:
    """Trains nothing; notes what it is asked for."""

    def __init__(self, gone: bool = False) -> None:
        self.gone, self.started, self.most, self.running = gone, 0, 0, 0
        self.lock = threading.Lock()

    def start(self, parameters: dict[str, Any], threads: int) -> Job:
        def train(job: Job) -> str:
            with self.lock:
                self.started, self.running = self.started + 1, self.running + 1
                self.most = max(self.most, self.running)
            time.sleep(0.01)
            with self.lock:
                self.running -= 1
            return str(parameters["model_id"])

        return Job("model", train)

    def describe(self, model_key: str) -> dict[str, Any] | None:
        return None if self.gone else METRICS

    def begin(self, job: Job) -> None: ...

    def added(self, model_key: str, exported: bool) -> None: ...

    def finish(self) -> None: ...


def search(values: dict[str, list[Any]], host: Any, parallelism: int = 1, **criteria: Any) -> Search:
    space = Space.of(values, {})
    return Search(
        Grid("g"), space, Criteria.of(criteria or None), {}, threads=2, parallelism=parallelism, host=host
    )


def test_lists_that_do_not_go_together_are_refused_before_anything_begins() -> None:
    with pytest.raises(InvalidArgument, match="Sequential needs lists of one length"):
        search({"l1": [0, 1], "l2": [0, 1, 2]}, Host(), strategy="Sequential")


@pytest.mark.parametrize("where", ["walk", "describe"])
@pytest.mark.parametrize("parallelism", [1, 3])
def test_what_fails_between_two_models_is_the_error_of_the_search(where: str, parallelism: int) -> None:
    def broken(*_: object) -> None:
        raise OSError("broken")

    host = Host()
    made = search({"l1": [0, 1, 2, 3]}, host, parallelism, strategy="Cartesian", stopping_rounds=1)
    if where == "walk":
        made._walk = map(broken, range(4))
    else:
        host.describe = broken  # type: ignore[method-assign, assignment]
    job = Job("grid", made.run)
    with pytest.raises(OSError, match="broken"):
        job.wait()
    assert job.status == "FAILED"


def test_models_that_are_removed_meanwhile_do_not_end_a_search() -> None:
    host = Host(gone=True)
    made = search({"l1": [0, 1, 2, 3, 4]}, host, strategy="Cartesian", stopping_rounds=1)
    made.grid.members.append(Member("removed", {"l1": 9}, "known"))
    assert Job("grid", made.run).wait() == "g"
    assert host.started == 5 and len(made.grid.members) == 6


def test_no_more_workers_than_there_are_models() -> None:
    """Each would be a thread of the system."""
    host, before = Host(), threading.active_count()
    made = search({"l1": [0, 1, 2]}, host, parallelism=100_000)
    job = Job("grid", made.run)
    assert threading.active_count() - before <= 1 + 2 * 3
    job.wait()
    assert host.most <= 3
