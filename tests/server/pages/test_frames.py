"""The list of frames: order, search, parts, temporaries, frames on nodes, the end of frames."""

from __future__ import annotations

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


def names(page: Any) -> list[str]:
    return list(page.locator("tbody td:nth-child(2) a").all_inner_texts())


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
        assert names(page) == ["far", "gamma", "alpha", "Beta"]  # the newest one first
        for heading, wanted in (
            ("Name", ["alpha", "Beta", "far", "gamma"]),
            ("Rows", ["alpha", "gamma", "far", "Beta"]),
        ):
            page.get_by_role("columnheader", name=heading).get_by_role("link").click()
            assert names(page) == wanted
        page.get_by_role("columnheader", name="Rows").get_by_role("link").click()
        assert names(page)[0] == "Beta"
        page.get_by_role("searchbox").fill("ET")
        page.get_by_role("button", name="Search").click()
        assert names(page) == ["Beta"]
        assert "sort=-rows" in page.url  # the order stays
        page.goto("frames")
        page.get_by_role("link", name="Show 2 temporary frames of clients").click()
        assert len(names(page)) == 6
        assert page.get_by_text("temporary", exact=True).count() == 2
        assert page.get_by_text("on 2 nodes").count() == 1
        assert violations(page) == []


def test_what_is_ticked_is_removed_and_the_place_in_the_list_stays(browser: Any, many: RunningNode):
    with watched(browser, many, java_script_enabled=False) as page:
        page.goto("frames?sort=name")
        page.get_by_role("checkbox", name="Choose alpha").check()
        page.get_by_role("checkbox", name="Choose far").check()
        page.get_by_role("button", name="Remove").click()
        assert "2 removed" in page.locator(".note").inner_text()
        assert names(page) == ["Beta", "gamma"]
        assert "sort=name" in page.url
        page.get_by_role("button", name="Remove").click()
        assert "No frame was ticked" in page.locator(".note").inner_text()
    assert "alpha" not in many.node.behind.objects.keys("frame")


@pytest.mark.long
def test_a_thousand_frames_come_in_parts(browser: Any, empty_node: RunningNode):
    session = empty_node.node.behind
    table = pa.table({"a": [1]})
    for i in range(1000):
        session.frames.upload(table, f"frame_{i:04d}")
    with watched(browser, empty_node) as page:
        page.goto("frames?sort=name")
        assert (len(names(page)), names(page)[0]) == (100, "frame_0000")
        page.get_by_role("link", name="Next frames").click()
        assert names(page)[0] == "frame_0100"
        page.get_by_role("link", name="Last frames").click()
        assert names(page)[-1] == "frame_0999"
        page.get_by_role("link", name="Previous frames").click()
        assert names(page)[0] == "frame_0800"


def test_an_empty_list_says_what_to_do(browser: Any, empty_node: RunningNode):
    with watched(browser, empty_node) as page:
        page.goto("frames")
        assert page.get_by_role("main").get_by_role("link", name="Import").count() == 1


def test_a_frame_is_saved_and_loaded(browser: Any, many: RunningNode, tmp_path: Path):
    with watched(browser, many, java_script_enabled=False) as page:
        page.goto("frames/alpha")
        page.get_by_text("Export", exact=True).first.click()
        page.get_by_label("Folder").fill(str(tmp_path))
        page.get_by_role("button", name="Save").click()
        assert "was saved" in page.locator(".note").inner_text()
        page.get_by_role("button", name="Remove").click()
        assert "alpha was removed" in page.locator(".note").inner_text()
        page.get_by_text("Load a saved frame").click()
        page.get_by_label("Folder").fill(str(tmp_path))
        page.get_by_label("Name of the frame").fill("alpha")
        page.get_by_role("button", name="Load").click()
        assert page.get_by_role("heading", level=1).inner_text() == "alpha"
        page.goto("frames")
        page.get_by_text("Load a saved frame").click()
        page.get_by_label("Folder").fill(str(tmp_path / "nothing"))
        page.get_by_label("Name of the frame").fill("none")
        page.get_by_role("button", name="Load").click()
        assert "none" in page.locator(".note.wrong").inner_text()
