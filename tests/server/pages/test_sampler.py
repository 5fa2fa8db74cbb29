"""What is known of jobs, and told once."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from heavywater.server.pages.charts.thinning import MOST_POINTS
from heavywater.server.pages.live.growing_curve import GrowingCurve, kept_points
from heavywater.server.pages.live.sampler import Position, Sampler
from heavywater.server.pages.live.streams import event_id, position_of
from heavywater.session.job_registry import JobRegistry, JobService
from hypothesis import given
from hypothesis import strategies as st

from .streaming import Work

NUMBERS = st.one_of(st.none(), st.floats(-100, 100), st.just(math.nan))


@pytest.fixture
def jobs() -> JobService:
    return JobService(JobRegistry(), "client")


class Reader:
    """Who is told, and puts together what is."""

    def __init__(self, sampler: Sampler, *watched: str) -> None:
        self.sampler, self.watched, self.position = sampler, frozenset(watched), Position()
        self.columns: dict[str, list[list[Any]]] = {}

    def told(self) -> Any:
        content, self.position = self.sampler.since(self.position, self.watched)
        if not content:
            return None
        news = json.loads(content)
        for curve in news["curves"]:
            before = self.columns.get(curve["job"]) or [[] for _ in curve["names"]]
            kept = [column[: curve["first"]] for column in before]
            self.columns[curve["job"]] = [a + b for a, b in zip(kept, curve["columns"], strict=True)]
        return news


def started(jobs: JobService, work: Work) -> str:
    return jobs.start("deeplearning Model Build", work, "made")["job"]


def test_states_are_told_when_they_change(jobs: JobService):
    sampler, work = Sampler(jobs), Work()
    reader = Reader(sampler)
    assert reader.told()["jobs"] == []
    assert reader.told() is None
    key = started(jobs, work)
    sampler.catch_up()
    assert sampler.look() and sampler.running
    assert [each["status"] for each in reader.told()["jobs"]] == ["RUNNING"]
    assert not sampler.look()
    work.report(0.25, "epoch 1")
    assert sampler.look()
    news = reader.told()
    assert news["running"] == 1 and not news["fresh"]
    (state,) = news["jobs"]
    assert (state["job"], state["fraction"], state["message"]) == (key, 0.25, "epoch 1")
    assert state["seconds_left"] >= 0
    assert reader.told() is None
    work.end()
    assert sampler.look() and not sampler.running
    (state,) = reader.told()["jobs"]
    assert (state["status"], state["seconds_left"]) == ("DONE", None) and state["end_time"]
    assert not sampler.look()


def test_who_was_away_is_told_what_it_missed(jobs: JobService):
    sampler, one, other = Sampler(jobs), Work(), Work()
    away, always = Reader(sampler), Reader(sampler)
    first = started(jobs, one)
    sampler.catch_up()
    sampler.look()
    assert away.told()["jobs"] == always.told()["jobs"]
    second = started(jobs, other)
    sampler.started([second])
    for fraction in (0.1, 0.2, 0.3):
        one.report(fraction, f"{fraction}")
        sampler.look()
        assert always.told()["jobs"]
    one.end()
    sampler.look()
    news = away.told()  # the latest states alone
    assert {each["job"]: each["status"] for each in news["jobs"]} == {first: "DONE", second: "RUNNING"}
    other.end()


def test_jobs_of_a_time_when_nobody_looked_are_not_lost(jobs: JobService):
    sampler, reader = Sampler(jobs), Reader(Sampler(jobs))
    reader = Reader(sampler)
    reader.told()
    work = Work()
    key = started(jobs, work)
    work.report(0.5, "half")
    work.end()
    sampler.catch_up()
    assert sampler.look()
    assert [(each["job"], each["status"]) for each in reader.told()["jobs"]] == [(key, "DONE")]


def test_who_is_new_is_told_what_runs_and_what_has_just_ended(jobs: JobService):
    sampler, old, recent, running = Sampler(jobs), Work(), Work(), Work()
    keys = [started(jobs, each) for each in (old, recent, running)]
    for each in (old, recent):
        each.report(1, "")
        each.end()
    assert old.job is not None and old.job.end_time is not None
    old.job.end_time -= 3600
    sampler.catch_up()
    sampler.look()
    news = Reader(sampler).told()
    assert news["fresh"] and [each["job"] for each in news["jobs"]] == keys[1:]
    running.end()


def test_points_of_curves_come_once(jobs: JobService):
    sampler, work = Sampler(jobs), Work()
    key = started(jobs, work)
    sampler.catch_up()
    reader, blind = Reader(sampler, key), Reader(sampler)
    sampler.look([key])
    assert reader.told()["curves"] == []
    work.score(0.7, 0.6)
    assert sampler.has_news([key]) and sampler.look([key]) and not sampler.has_news([key])
    (curve,) = reader.told()["curves"]
    assert (curve["first"], curve["columns"][:2]) == (0, [[0, 1], [0.7, 0.6]]) and curve[
        "metric"
    ] == "logloss"
    work.score(math.nan)
    sampler.look([key])
    (curve,) = reader.told()["curves"]
    assert (curve["first"], curve["columns"][:2]) == (2, [[2], [None]])
    assert blind.told()["curves"] == []
    late = Reader(sampler, key, "job_99")
    news = late.told()
    assert news["gone"] == ["job_99"] and late.columns == reader.columns
    work.score(0.5)
    work.end()  # the last points come with the end
    sampler.look([key])
    news = reader.told()
    assert news["jobs"][0]["status"] == "DONE" and reader.columns[key][1] == [0.7, 0.6, None, 0.5]
    assert not sampler.look([key])


def test_a_curve_has_a_thousand_points_at_most_and_keeps_its_extremes(jobs: JobService):
    sampler, work = Sampler(jobs), Work()
    key = started(jobs, work)
    sampler.catch_up()
    reader, late = Reader(sampler, key), Reader(sampler, key)
    values = [math.sin(k / 50) + (5 if k == 777 else 0) for k in range(2600)]
    for first in range(0, 2600, 130):
        work.score(*values[first : first + 130])
        sampler.look([key])
        reader.told()
        assert len(reader.columns[key][0]) <= MOST_POINTS
    late.told()
    assert late.columns == reader.columns  # whoever has read in pieces has what is there
    places, shown, _ = reader.columns[key]
    assert places[0] == 0 and places[-1] == 2599 and places == sorted(places)
    assert max(shown) == pytest.approx(values[777]) and min(shown) == pytest.approx(min(values), rel=1e-5)
    work.end()


def test_other_columns_begin_a_curve_anew():
    curve = GrowingCurve("job_1")
    lines = {"metric": "auc", "names": ["epochs", "training_auc"], "columns": [[1.0], [0.5]]}
    assert curve.takes(lines) and curve.grow(lines, 2)
    more = {**lines, "names": ["epochs", "training_mse"]}
    assert not curve.takes(more)
    curve.renew(more, 3)
    told = json.loads(curve.since(2) or b"")
    assert (told["first"], told["names"]) == (0, ["epochs", "training_mse"])
    assert curve.since(3) is None


def test_forgotten_jobs_are_forgotten(jobs: JobService):
    sampler, work = Sampler(jobs), Work()
    key = started(jobs, work)
    sampler.catch_up()
    sampler.look()
    work.report(1, "")
    work.end()
    del jobs._registry._jobs[key]
    sampler.catch_up()
    assert not sampler.look()
    news = Reader(sampler, key).told()
    assert (news["jobs"], news["gone"]) == ([], [key])


def test_ids_lead_to_positions(jobs: JobService):
    sampler = Sampler(jobs)
    position = Position(1, frozenset(["job_1", "job_20"]))
    assert position_of(sampler, event_id(sampler, position).decode()) == position
    for other in (
        "",
        "x",
        f"{sampler.word}",
        f"{sampler.word}.7",
        f"{sampler.word}.x",
        "abc.1",
        f"{sampler.word}.-1",
    ):
        assert position_of(sampler, other) == Position()


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=300), st.integers(8, 60))
def test_thinning_keeps_what_stands_out(points: list[tuple[Any, Any]], count: int):
    columns = [list(column) for column in zip(*points, strict=True)]
    kept = kept_points(columns, count)
    assert kept == sorted(set(kept)) and len(kept) == min(count, len(points))
    assert kept[0] == 0 and kept[-1] == len(points) - 1
    for column in columns:
        known = [value for value in column if value is not None and not math.isnan(value)]
        shown = [column[place] for place in kept if column[place] in known]
        assert not known or (min(shown), max(shown)) == (min(known), max(known))
