"""What runs, as a stream: over HTTP, and in the tabs of a browser."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.live import streams
from heavywater.server.pages.live.streams import Streams
from heavywater.session import LocalSession

from ..processes import node_process
from .conftest import watched
from .hands import expect
from .streaming import Stream, Work, stream

BUILD = "deeplearning Model Build"


@pytest.fixture
def live() -> Iterator[RunningNode]:
    """A node in which nothing runs."""
    with RunningNode(OpenNode(LocalSession("live", nthreads=1))) as running:
        yield running


@pytest.fixture
def work(live: RunningNode) -> Iterator[Work]:
    """A job that runs there."""
    made = Work()
    live.node.session.jobs.start(BUILD, made, "made")
    yield made
    made.end()


def until(true: Any) -> None:
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert true()


def opened(node: RunningNode) -> Streams:
    return node.node.kept(Streams)


def statuses(news: Any) -> list[str]:
    return [each["status"] for each in news["jobs"]]


# ---- over HTTP


def test_a_stream_tells_starts_progress_curves_and_ends(live: RunningNode):
    with stream(live, "history=job_1") as reader:
        assert reader.reply.headers["Content-Type"].startswith("text/event-stream")
        assert reader.reply.headers["X-Accel-Buffering"] == "no"
        assert reader.reply.headers["Cache-Control"] == "no-store"
        news = reader.next().news
        assert news["fresh"] and (news["jobs"], news["gone"]) == ([], ["job_1"])
        made = Work()
        live.node.session.jobs.start(BUILD, made, "made")
        reader.until(lambda news: news["running"] == 1)
        made.score(0.7, 0.6)
        made.report(0.5, "half")
        found = reader.until(lambda news: news["jobs"] and news["jobs"][0]["message"] == "half")
        made.end()
        found += reader.until(lambda news: statuses(news) == ["DONE"])
        assert [curve["columns"][:2] for news in found for curve in news["curves"]] == [[[0, 1], [0.7, 0.6]]]


def test_who_comes_back_is_told_the_rest(live: RunningNode, work: Work):
    work.score(0.7, 0.6)
    with stream(live, "history=job_1") as reader:
        reader.until(lambda news: news["curves"])
    until(lambda: not len(opened(live)))
    work.score(0.5)
    work.report(0.5, "half")
    other = Work()
    live.node.session.jobs.start(BUILD, other, "other")
    for known in (
        {"after": reader.id},
        {"query": f"history=job_1&after={reader.id}"},
    ):  # a header, or a part of the address
        with stream(live, **{"query": "history=job_1", **known}) as again:
            news = again.next().news
            assert not news["fresh"]
            assert {each["job"]: each["fraction"] for each in news["jobs"]} == {"job_1": 0.5, "job_2": 0}
            assert [(curve["first"], curve["columns"][:2]) for curve in news["curves"]] == [(2, [[2], [0.5]])]
    with stream(live, "history=job_1", after=again.id) as unchanged:
        assert unchanged.next().kind == "beat"
    with stream(live, after="0123.17.job_1") as stranger:  # of another node
        assert stranger.next().news["fresh"]
    other.end()


def test_many_streams_share_what_looks_at_the_jobs(
    live: RunningNode, work: Work, monkeypatch: pytest.MonkeyPatch
):
    readers = [Stream(live, "history=job_1") for _ in range(10)]
    for each in readers:
        each.next()
    sampler = opened(live).sampler(live.node.session.jobs)
    asked: list[str] = []
    jobs = live.node.session.jobs
    state = jobs.state

    def counted(key: str) -> Any:
        asked.append(key)
        return state(key)

    monkeypatch.setattr(jobs, "state", counted)
    start = time.monotonic()
    work.score(0.7)
    work.report(0.5, "half")
    lines = []
    for each in readers:
        told = each.next()
        while not told.news["curves"]:
            told = each.next()
        lines.append((told.id, json.dumps(told.news["curves"])))
        each.close()
    assert len(set(lines)) == 1
    assert len(asked) <= 2 + (time.monotonic() - start) / streams.LOOK_SECONDS
    until(lambda: not len(opened(live)))
    count = len(asked)
    time.sleep(3 * streams.LOOK_SECONDS)
    assert len(asked) == count  # nobody looks on, and nothing looks at the jobs
    assert sampler.running


def test_nothing_is_looked_at_while_nothing_runs(live: RunningNode, monkeypatch: pytest.MonkeyPatch):
    with stream(live) as reader:
        reader.next()
        time.sleep(3 * streams.LOOK_SECONDS)
        looked: list[int] = []
        sampler = opened(live).sampler(live.node.session.jobs)

        def look() -> bool:
            looked.append(1)
            return False

        monkeypatch.setattr(sampler, "look", look)
        time.sleep(5 * streams.LOOK_SECONDS)
        assert looked == []


def test_silence_is_broken(live: RunningNode, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.2)
    with stream(live) as reader:
        assert [reader.next().kind for _ in range(3)] == ["message", "beat", "beat"]


def test_a_slow_reader_gets_the_latest_state_and_costs_no_memory(live: RunningNode, work: Work):
    slow = socket.create_connection((live.host, live.port))
    slow.sendall(b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    with stream(live) as quick:
        quick.next()
        for number in range(40):  # more than what lies between the two
            work.report(number / 100, f"{number} " + "x" * 400_000)
            while not (told := quick.next().news)["jobs"] or told["jobs"][0]["fraction"] < number / 100:
                pass
    work.report(0.9, "the last")
    content = b""
    while b'"the last"' not in content:
        received = slow.recv(2**20)
        assert received
        content += received
    slow.close()
    assert content.count(b"\ndata: ") < 25


def test_streams_end_with_the_client(live: RunningNode):
    with stream(live) as reader:
        reader.next()
        assert len(opened(live)) == 1
    until(lambda: not len(opened(live)))


def test_there_are_not_too_many_streams(live: RunningNode, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("heavywater.server.pages.live.live_requests.MOST_STREAMS", 1)
    with stream(live) as reader:
        reader.next()
        refused = HTTPConnection(live.host, live.port, timeout=20)
        refused.request("GET", "/live")
        reply = refused.getresponse()
        assert (reply.status, reply.headers["Retry-After"]) == (503, "10")
        refused.close()


def test_the_head_of_a_stream_can_be_asked_for(live: RunningNode):
    connection = HTTPConnection(live.host, live.port, timeout=20)
    connection.request("HEAD", "/live")
    assert connection.getresponse().read() == b""
    connection.close()


def test_streams_end_with_the_node(live: RunningNode):
    with stream(live) as reader:
        reader.next()
        start = time.monotonic()
        live.node.stop()
        assert reader.next().kind == "end"
        with pytest.raises(EOFError):
            reader.next()
        live.stop()
        assert time.monotonic() - start < 4  # not the 5 s that answers are given which are on their way


def test_a_node_that_is_to_end_waits_for_no_stream():
    with node_process("--port", "0") as node:
        idle = [socket.create_connection(("127.0.0.1", node.said["port"])) for _ in range(3)]
        for each in idle:
            each.sendall(b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert each.recv(12) == b"HTTP/1.1 200"
        start = time.monotonic()
        assert node.end(signal.SIGTERM)[0] == 0
        assert time.monotonic() - start < 4
        for each in idle:
            each.close()


# ---- in a browser


def test_the_top_of_each_page_tells_what_runs(browser: Any, live: RunningNode, work: Work):
    with watched(browser, live) as page:
        page.goto("frames")
        running = page.get_by_role("link", name="1 running")
        expect(running).to_be_visible()
        work.report(0.456, "")
        expect(running).to_have_text("1 running · 45 %")
        other = Work()
        live.node.session.jobs.start(BUILD, other, "<b>other</b>")
        expect(page.locator("#running")).to_have_text("2 running · 0 %")
        announced = page.locator("#announced")
        expect(announced).to_have_text("<b>other</b>: started")
        other.end()
        expect(announced).to_have_text("<b>other</b>: done")
        expect(page.locator("#running")).to_have_text("1 running · 45 %")


def test_a_dozen_tabs_are_live_and_share_a_stream(browser: Any, live: RunningNode, work: Work):
    with watched(browser, live) as page:
        tabs = [page, *(page.context.new_page() for _ in range(11))]
        for tab in tabs:  # a browser has six connections to one address
            tab.goto(live.url)
        for fraction in (0.25, 0.75):
            work.report(fraction, "")
            for tab in tabs:
                expect(tab.locator("#running")).to_have_text(f"1 running · {100 * fraction:.0f} %")
        assert len(opened(live)) == 1
        for tab in tabs[1:]:
            tab.close()
        work.report(0.8, "")
        expect(page.locator("#running")).to_have_text("1 running · 80 %")


@pytest.mark.parametrize("workers", ["shared", "none"])
def test_a_tab_has_a_stream_while_it_is_looked_at(browser: Any, live: RunningNode, work: Work, workers: str):
    with watched(browser, live) as page:
        page.add_init_script(
            ("delete window.SharedWorker;" if workers == "none" else "") + " let seen = 'visible';"
            "Object.defineProperty(document, 'visibilityState', {get: () => seen});"
            "window.look = (now) => { seen = now; document.dispatchEvent(new Event('visibilitychange')); };"
        )
        page.goto(live.url)
        work.report(0.25, "")
        expect(page.locator("#running")).to_have_text("1 running · 25 %")
        assert len(opened(live)) == 1
        page.evaluate("look('hidden')")
        until(lambda: not len(opened(live)))
        work.report(0.5, "")
        page.evaluate("look('visible')")
        expect(page.locator("#running")).to_have_text("1 running · 50 %")


def test_a_lost_connection_is_told_and_found_again(browser: Any, work: Work, live: RunningNode):
    with watched(browser, live) as page:
        page.watched.allowed += ["ERR_"]
        page.goto(live.url)
        expect(page.locator("#running")).to_have_text("1 running · 0 %")
        port = live.port
        live.stop()
        expect(page.locator("#running")).to_have_text("No connection")
        with RunningNode(OpenNode(LocalSession("again", nthreads=1)), port=port) as again:
            assert again.port == port
            other = Work()
            again.node.session.jobs.start(BUILD, other, "again")
            other.report(0.1, "")
            expect(page.locator("#running")).to_have_text("1 running · 10 %", timeout=15_000)
            other.end()
