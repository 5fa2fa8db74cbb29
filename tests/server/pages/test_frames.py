"""The list of frames: order, search, parts, temporaries, frames on nodes, the end of frames."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from heavywater.frame.columns.column_statistics import ColumnStatistics
from heavywater.frame.frame import Frame
from heavywater.frame.sharded_frame import FramePart, ShardedFrame
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from .axe import violations
from .conftest import watched
from .hands import expect


def put(session: LocalSession, key: str | None, rows: int = 3, columns: int = 1) -> str:
    table = pa.table({f"c{i}": np.arange(rows) for i in range(columns)})
    return str(session.frames.upload(table, key)["frame"])


def put_sharded(session: LocalSession, frame: str, key: str) -> None:
    """A frame of which only the first two rows are here."""
    whole = session.store.frame(frame)
    statistics = {
        name: ColumnStatistics.of(column) for name, column in zip(whole.names, whole.columns, strict=True)
    }
    head = Frame(whole.names, [column.take(slice(0, 2)) for column in whole.columns])
    parts = [FramePart("one", "p", whole.nrow - 1), FramePart("two", "q", 1)]
    session.store.put(ShardedFrame(statistics, parts, head, key), key)


def listed(page: Any) -> Any:
    """What the list names, from its top."""
    return page.locator("tbody td:nth-child(2) a")


@pytest.fixture
def many(empty_node: RunningNode) -> RunningNode:
    """Three frames of different sizes, one on nodes, two temporaries."""
    session = empty_node.node.behind
    for key, rows, columns in (("Beta", 30, 2), ("alpha", 4, 9), ("gamma", 7, 1)):
        put(session, key, rows, columns)
    put_sharded(session, "gamma", "far")
    put(session, None)
    put(session, None)
    return empty_node


def test_order_search_and_temporaries(browser: Any, many: RunningNode):
    with watched(browser, many) as page:
        page.goto("frames")
        expect(listed(page)).to_have_text(["far", "gamma", "alpha", "Beta"])  # the newest one first
        for heading, wanted in (
            ("Name", ["alpha", "Beta", "far", "gamma"]),
            ("Rows", ["alpha", "gamma", "far", "Beta"]),
        ):
            page.get_by_role("columnheader", name=heading).get_by_role("link").click()
            expect(listed(page)).to_have_text(wanted)
        page.get_by_role("columnheader", name="Rows").get_by_role("link").click()
        expect(listed(page).first).to_have_text("Beta")
        page.get_by_role("searchbox").fill("ET")
        page.get_by_role("button", name="Search").click()
        expect(listed(page)).to_have_text(["Beta"])
        expect(page).to_have_url(re.compile("sort=-rows"))  # the order stays
        page.goto("frames")
        page.get_by_role("link", name="Show 2 temporary frames of clients").click()
        expect(listed(page)).to_have_count(6)
        expect(page.get_by_text("temporary", exact=True)).to_have_count(2)
        expect(page.get_by_text("on 2 nodes")).to_have_count(1)
        assert violations(page) == []


def test_what_is_ticked_is_removed_and_the_place_in_the_list_stays(browser: Any, many: RunningNode):
    with watched(browser, many, java_script_enabled=False) as page:
        page.goto("frames?sort=name")
        page.get_by_role("checkbox", name="Choose alpha").check()
        page.get_by_role("checkbox", name="Choose far").check()
        page.get_by_role("button", name="Remove").click()
        expect(page.locator(".note")).to_contain_text("2 removed")
        expect(listed(page)).to_have_text(["Beta", "gamma"])
        expect(page).to_have_url(re.compile("sort=name"))
        page.get_by_role("button", name="Remove").click()
        expect(page.locator(".note")).to_contain_text("No frame was ticked")
    assert "alpha" not in many.node.behind.objects.keys("frame")


@pytest.mark.long
def test_a_thousand_frames_come_in_parts(browser: Any, empty_node: RunningNode):
    session = empty_node.node.behind
    table = pa.table({"a": [1]})
    for i in range(1000):
        session.frames.upload(table, f"frame_{i:04d}")
    with watched(browser, empty_node) as page:
        page.goto("frames?sort=name")
        expect(listed(page)).to_have_count(100)
        expect(listed(page).first).to_have_text("frame_0000")
        page.get_by_role("link", name="Next frames").click()
        expect(listed(page).first).to_have_text("frame_0100")
        page.get_by_role("link", name="Last frames").click()
        expect(listed(page).last).to_have_text("frame_0999")
        page.get_by_role("link", name="Previous frames").click()
        expect(listed(page).first).to_have_text("frame_0800")


def test_an_empty_list_says_what_to_do(browser: Any, empty_node: RunningNode):
    with watched(browser, empty_node) as page:
        page.goto("frames")
        expect(page.get_by_role("main").get_by_role("link", name="Import")).to_have_count(1)


def test_a_frame_is_saved_and_loaded(browser: Any, many: RunningNode, tmp_path: Path):
    with watched(browser, many, java_script_enabled=False) as page:
        page.goto("frames/alpha")
        page.get_by_text("Export", exact=True).first.click()
        page.get_by_label("Folder").fill(str(tmp_path))
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".note")).to_contain_text("was saved")
        page.get_by_role("button", name="Remove").click()
        expect(page.locator(".note")).to_contain_text("alpha was removed")
        page.get_by_text("Load a saved frame").click()
        page.get_by_label("Folder").fill(str(tmp_path))
        page.get_by_label("Name of the frame").fill("alpha")
        page.get_by_role("button", name="Load").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("alpha")
        page.goto("frames")
        page.get_by_text("Load a saved frame").click()
        page.get_by_label("Folder").fill(str(tmp_path / "nothing"))
        page.get_by_label("Name of the frame").fill("none")
        page.get_by_role("button", name="Load").click()
        expect(page.locator(".note.wrong")).to_contain_text("none")
