"""The cluster, its links, its end, and the log."""

from __future__ import annotations

import logging
import urllib.parse
import urllib.request
from typing import Any

from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.running.serve_options import ServeOptions
from heavywater.session import LocalSession, start_here

from .axe import violations
from .conftest import watched
from .hands import expect


def test_facts_about_the_node(page: Any, node: RunningNode):
    client = node.node.clients.open()
    page.goto("cluster")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cluster pages")
    facts = page.get_by_role("region", name="This node")
    expect(facts).to_contain_text("1 connected")
    expect(facts.get_by_role("link", name="3 frames")).to_have_attribute("href", "frames")
    expect(page.get_by_role("meter", name="Load")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("This node works alone")
    expect(page.get_by_role("link", name="Shut down")).to_have_count(0)
    node.node.clients.end(client.client)
    page.watched.allowed.append("400")
    page.goto("cluster/shutdown")
    expect(page.get_by_role("alert")).to_contain_text("belongs to a session of Python or R")


def test_nodes_and_their_links(browser: Any):
    session = start_here("crewed", 1, nodes=1)
    with RunningNode(OpenNode(session)) as running, watched(browser, running) as page:
        page.goto("cluster")
        table = page.get_by_role("region", name="Nodes")
        expect(table).to_contain_text("healthy")
        expect(table).to_contain_text("idle")
        assert violations(page) == []
        page.get_by_role("link", name="Measure the links").click()
        rows = page.get_by_role("region", name="Times to nodes").get_by_role("row")
        expect(rows).to_have_count(5)
        assert float(rows.last.locator("data").last.get_attribute("value")) > 0
    session.cluster.close()


def test_a_node_of_its_own_is_ended(browser: Any):
    options = ServeOptions().node_options()
    with (
        RunningNode(OpenNode(LocalSession("ending", nthreads=1), options)) as running,
        watched(browser, running, java_script_enabled=False) as page,
    ):
        page.goto("cluster")
        page.get_by_role("link", name="Shut down").click()
        expect(page.get_by_role("main")).to_contain_text("Nothing is lost")
        assert not running.node.ended.is_set()
        page.get_by_role("button", name="Shut down").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The node ends")
        assert running.node.ended.wait(10)


def test_what_the_node_has_said(browser: Any, empty_node: RunningNode):
    logger = logging.getLogger("h2o.node")
    with watched(browser, empty_node) as page:
        page.goto("logs")
        expect(page.get_by_role("main")).to_contain_text("No line of this level yet")
        for i in range(600):
            logger.warning("line %d", i)
        logger.error("<img src=x onerror=alert(1)> is wrong")
        page.get_by_label("From level").select_option("warn")
        page.get_by_role("button", name="Filter").click()
        log = page.get_by_role("log")
        expect(log).to_contain_text("onerror=alert(1)")
        expect(log).not_to_contain_text("line 100:")
        assert log.inner_text().rstrip().endswith("is wrong")
        assert page.evaluate("document.getElementById('log').scrollTop") > 0
        assert violations(page) == []
        page.get_by_role("link", name="Show earlier ones, too").click()
        expect(log).to_contain_text("line 0\n")
        page.get_by_label("Containing").fill("LINE 59")
        page.get_by_label("Containing").press("Enter")
        expect(page.get_by_text("11 of 11 lines")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert download.value.suggested_filename == "h2o_warn.log"
        assert download.value.path().read_text().count("\n") == 11
        page.get_by_label("From level").select_option("error")
        page.get_by_role("button", name="Filter").click()
        expect(page.get_by_role("main")).to_contain_text("No line of this level contains this text")


def test_a_strange_level_is_the_usual_one(empty_node: RunningNode):
    query = urllib.parse.urlencode({"level": "../x", "text": "none of them"})
    answer = urllib.request.urlopen(f"{empty_node.url}/logs/download?{query}")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="h2o_info.log"')


def test_only_a_process_of_its_own_may_be_ended():
    assert not NodeOptions().may_be_ended
    assert ServeOptions().node_options().may_be_ended
