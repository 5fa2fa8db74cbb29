"""The first page: what runs, the newest of everything, what to do where there is nothing."""

from __future__ import annotations

import threading
import urllib.request
from typing import Any

import pytest
from heavywater.exchange import table_of
from heavywater.server.node_server import RunningNode

from .conftest import watched
from .hands import expect


def test_what_there_is(page: Any):
    page.goto("./")
    models = page.get_by_role("region", name="Newest models")
    expect(models.get_by_role("link", name="disease", exact=True)).to_have_attribute("href", "models/disease")
    expect(models.get_by_role("row", name="flowers")).to_contain_text("Logloss")
    expect(models.get_by_role("row", name="prices")).to_contain_text("Mean residual deviance")
    expect(page.get_by_role("region", name="Newest frames").get_by_role("row", name="iris")).to_contain_text(
        "300"
    )
    expect(page.get_by_role("meter", name="Frames in memory")).to_be_visible()
    expect(page.get_by_role("meter", name="Load")).to_be_visible()
    expect(page.get_by_text("disease_cv_1")).to_have_count(0)  # a part of another one


def test_frames_that_clients_do_not_keep_are_not_news(page: Any, node: RunningNode):
    session = node.node.behind
    session.frames.upload(table_of({"a": [1.0]}), "py_7_sid_ab12")
    page.goto("./")
    expect(page.get_by_role("region", name="Newest frames").get_by_role("row")).to_have_count(4)
    expect(page.get_by_text("py_7_sid_ab12")).to_have_count(0)
    session.objects.remove("py_7_sid_ab12")


def test_where_there_is_nothing(browser: Any, empty_node: RunningNode):
    with watched(browser, empty_node, java_script_enabled=False) as page:
        page.goto("./")
        expect(page.get_by_text("No frame yet")).to_be_visible()
        expect(page.get_by_text("Nothing runs.")).to_be_visible()
        page.get_by_role("main").get_by_role("link", name="Import", exact=True).click()
        expect(page.get_by_label("Files to upload")).to_be_visible()


def test_of_many_the_newest_are_shown(browser: Any, empty_node: RunningNode):
    session = empty_node.node.behind
    for i in range(1000):
        session.frames.upload(table_of({"x": [1.0]}), f"frame_{i}")
    session.frames.upload(table_of({"x": [1.0]}), "<b>last</b>")
    with watched(browser, empty_node) as page:
        page.goto("./")
        frames = page.get_by_role("region", name="Newest frames")
        expect(frames.get_by_role("link")).to_have_count(10)
        expect(frames.get_by_role("link").first).to_have_text("<b>last</b>")
        expect(page.get_by_role("link", name="All 1\u202f001 frames")).to_have_attribute("href", "frames")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_runs(browser: Any, empty_node: RunningNode, scripts: bool):
    goes_on, ends = threading.Event(), threading.Event()

    def work(job: Any) -> str:
        job.update(0.25, "a quarter")
        goes_on.wait(60)
        job.update(0.5, "half of it")
        ends.wait(60)
        return ""

    empty_node.node.session.jobs.start("Work", work, "made_of_it")
    with watched(browser, empty_node, java_script_enabled=scripts) as page:
        page.goto("./")
        bar = page.get_by_role("progressbar", name="made_of_it")
        expect(bar).to_have_attribute("value", "0.25")
        expect(page.get_by_role("main")).to_contain_text("a quarter")
        goes_on.set()
        if scripts:
            expect(bar).to_have_attribute("value", "0.5")
            expect(page.get_by_role("main")).to_contain_text("half of it")
        ends.set()
        if scripts:
            expect(page.get_by_text("Nothing runs.")).to_be_visible()


def test_programs_are_told_what_this_is(empty_node: RunningNode):
    said = urllib.request.urlopen(empty_node.url + "/").read().decode()
    assert said.startswith("A node of heavywater")
