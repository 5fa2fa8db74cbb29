"""Jobs: the list, and one while it goes on, with and without scripts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from heavywater.errors import InvalidArgument
from heavywater.exchange import table_of
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import JobHandle, LocalSession

from ..asking import GenuineAsker
from .axe import violations
from .conftest import watched
from .hands import expect
from .streaming import Work

HOSTILE = "<img/src=x/onerror=alert(1)>\"'&"
ENDLESS = {"epochs": 1e9, "hidden": [4], "seed": 1, "stopping_rounds": 0, "classification_stop": -1.0}


@pytest.fixture
def live() -> Iterator[RunningNode]:
    """A node with one small frame."""
    session = LocalSession("live", nthreads=1)
    rows = {"x": [float(k % 7) for k in range(100)], "y": [("a", "b")[k % 7 > 3] for k in range(100)]}
    session.frames.upload(table_of(rows), "rows")
    with RunningNode(OpenNode(session)) as running:
        yield running


def begun(
    node: RunningNode, destination: str = "made", description: str = "deeplearning Model Build"
) -> Work:
    """A job that does as the test says."""
    work = Work()
    node.node.session.jobs.start(description, work, destination)
    return work


def trained(node: RunningNode, **further: Any) -> JobHandle:
    session = node.node.session
    started = session.training.train(
        "deeplearning",
        {**ENDLESS, **further},
        x=None,
        y="y",
        training_frame_key="rows",
        validation_frame_key="rows",
    )
    return JobHandle(session, started)


def test_jobs_are_listed_with_what_they_make(browser: Any, live: RunningNode):
    failing, running = begun(live, HOSTILE, "Parse"), begun(live, "other")
    failing.report(0.1, "first part")
    failing.end(InvalidArgument(f"no column {HOSTILE}"))
    trained(live, model_id="done", epochs=1).wait()
    with watched(browser, live) as page:
        page.goto("jobs")
        rows = page.get_by_role("main").locator("tbody tr")
        expect(rows).to_have_count(3)  # the newest first
        expect(rows.nth(0)).to_contain_text("done")
        assert rows.nth(0).get_by_role("link", name="done").get_attribute("href") == "models/done"
        expect(rows.nth(2)).to_contain_text("failed")
        expect(rows.nth(2)).to_contain_text(f"no column {HOSTILE}")
        running.report(0.333, "a third")
        expect(rows.nth(1)).to_contain_text("33 %")
        expect(rows.nth(1)).to_contain_text("a third")
        assert violations(page) == []
        new = begun(live, "newest")  # the list is made anew when others run
        expect(rows).to_have_count(4)
        expect(rows.nth(0)).to_contain_text("newest")
        page.get_by_role("button", name="Cancel other").click()
        expect(page.get_by_role("status").filter(has_text="Asked to stop")).to_be_visible()
        expect(page.locator("tbody tr").nth(2)).to_contain_text("cancelled")
        new.end()
        expect(page.locator("tbody tr").nth(0)).to_contain_text("done")


def test_many_jobs_come_in_pages(live: RunningNode):
    jobs = live.node.session.jobs
    for number in range(1000):
        jobs.start("Parse", lambda job: None, f"frame_{number}")
    asker = GenuineAsker(live)
    start = time.perf_counter()
    text = asker.ask("GET", "/jobs").body.decode()
    assert time.perf_counter() - start < 5
    assert text.count("<tr") == 51 and "frame_999" in text and "frame_949" not in text
    text = asker.ask("GET", "/jobs", {"first": 51}).body.decode()
    assert "frame_949" in text and 'href="?" rel="prev"' in text and 'href="?first=101"' in text
    assert "frame_0" in asker.ask("GET", "/jobs", {"first": 10**9}).body.decode()
    assert asker.ask("GET", "/jobs/job_99999").status == 404


def test_a_training_is_watched_and_cancelled(browser: Any, live: RunningNode):
    training = trained(
        live, model_id="net", score_interval=0.1, score_each_iteration=True, train_samples_per_iteration=5000
    )
    with watched(browser, live) as page:
        page.goto(f"jobs/{training.key}")
        chart = page.get_by_role("img").filter(has=page.locator("canvas"))
        expect(chart).to_be_visible()
        expect(page.get_by_label("Metric")).to_have_value("logloss")
        speed = page.locator("[data-field=speed]")
        expect(speed).to_have_text(re.compile("[1-9]"))
        page.get_by_text("Table: scores over epochs").click()
        lines = page.get_by_role("table").locator("tbody tr")
        expect(lines.nth(3)).to_be_visible()
        before = lines.count()
        expect(lines.nth(before + 1)).to_be_attached()
        page.get_by_label("Metric").select_option("auc")
        expect(page.locator("[data-field=best]")).to_contain_text("Best: 1 (validation)")
        assert violations(page) == []
        page.get_by_role("button", name="Cancel").click()
        link = page.get_by_role("link", name="Show the model")  # without a click of the user
        expect(link).to_be_visible()
        assert link.get_attribute("href") == "../models/net"
        expect(page.get_by_text("the model is kept")).to_be_visible()
        expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    assert training.status == "CANCELLED"


def test_the_page_of_a_job_is_made_anew_in_its_place(browser: Any, live: RunningNode):
    work = begun(live, "net")
    work.score(*[1 / (k + 1) for k in range(300)])
    with watched(browser, live, viewport={"width": 900, "height": 300}) as page:
        page.goto("jobs/job_1")
        page.get_by_text("Table: scores over epochs").click()
        summary = page.locator("summary", has_text="Table: scores")
        summary.focus()
        expect(page.get_by_role("button", name="Cancel")).to_be_attached()
        place = page.evaluate("scrollY")
        assert place > 0
        work.score(0.001)
        work.end()
        expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
        expect(page.get_by_role("table")).to_contain_text("0.001")
        assert page.evaluate("document.activeElement.textContent") == "Table: scores over epochs"
        assert page.evaluate("scrollY") > 0


def test_the_page_of_a_model_follows_its_training(browser: Any, live: RunningNode):
    training = trained(live, model_id="net", score_interval=0.1)
    with watched(browser, live) as page:
        page.goto("models/net")
        expect(page.get_by_label("Metric")).to_have_value("logloss")
        page.get_by_label("Metric").select_option("auc")
        training.cancel()
        expect(page.get_by_role("region", name="Metrics").first).to_be_visible()
        expect(
            page.locator("#main .line-chart.answers").first
        ).to_be_visible()  # a module that was not there before
        assert violations(page) == []


def test_what_a_user_has_filled_in_stays(browser: Any, live: RunningNode):
    trained(live, model_id="net", epochs=1).wait()
    with watched(browser, live) as page:
        page.goto("models")
        page.get_by_role("searchbox", name="Search").press_sequentially("abc")
        begun(live, "further").report(0.5, "")
        expect(page.get_by_role("heading", name="In training")).to_be_visible()
        search = page.get_by_role("searchbox", name="Search")
        expect(search).to_have_value("abc")
        expect(search).to_be_focused()


def test_warnings_and_failures_are_told(browser: Any, live: RunningNode):
    work = begun(live, "broken")
    work.report(0.1, "<b>so far</b>")
    with watched(browser, live) as page:
        page.goto("jobs/job_1")
        main = page.get_by_role("main")
        expect(main).to_contain_text("<b>so far</b>")
        assert work.job is not None
        work.job.remark("x", f"beware of {HOSTILE}")
        expect(main).to_contain_text(f"beware of {HOSTILE}")
        work.end(InvalidArgument(f"cannot be: {HOSTILE}"))
        expect(page.get_by_role("alert")).to_have_text(f"cannot be: {HOSTILE}")
        expect(main).to_contain_text(f"beware of {HOSTILE}")
        assert violations(page) == []


def test_a_job_is_watched_and_cancelled_without_scripts(browser: Any, live: RunningNode):
    training = trained(
        live, model_id="net", score_interval=0.1, score_each_iteration=True, train_samples_per_iteration=5000
    )
    deadline = time.monotonic() + 20
    while not training.history and time.monotonic() < deadline:
        time.sleep(0.05)
    with watched(browser, live, java_script_enabled=False) as page:
        page.goto(f"jobs/{training.key}?curve=auc")
        expect(page.get_by_role("img", name="AUC over epochs")).to_be_visible()
        expect(page.get_by_label("Metric")).to_have_value("auc")
        page.get_by_label("Metric").select_option("rmse")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_role("img", name="RMSE over epochs")).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        training.wait()
        page.goto(f"jobs/{training.key}")
        expect(page.get_by_role("link", name="Show the model")).to_be_visible()


def test_nothing_has_run_yet(browser: Any, empty_node: RunningNode):
    with watched(browser, empty_node) as page:
        page.goto("jobs")
        expect(page.get_by_role("main")).to_contain_text("Nothing has run yet")
        assert violations(page) == []
