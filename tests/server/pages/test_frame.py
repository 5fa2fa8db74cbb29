"""A frame, its columns and its rows: hostile names, many columns, many rows; converts, splits, downloads."""

from __future__ import annotations

import io
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from heavywater.exchange import table_of
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.basics.attachments import attachment
from heavywater.server.pages.frames import column_page, frame_page
from heavywater.session import JobHandle, LocalSession

from ...session.contract import frames_of_every_kind
from .axe import violations
from .conftest import watched
from .hands import expect
from .test_frames import put_sharded

EVIL = '<img src=x onerror="document.title=1">'
LEVELS = [EVIL, "\"quotes\" 'too'", "\u202eright to left", "new\nline", "x" * 10_000]
HOSTILE: dict[str, Any] = {
    EVIL: LEVELS * 4,
    "\u202eabc": [None, -1.0, *[0.25, -0.25] * 8, 0.0, 1.0],
    "new\nline": list(range(20)),
    "y" * 10_000: ["a,b", 'c"d', None, "e\nf"] * 5,
}
MANY = 10_000_000
SEVERAL = 2_100_000  # more than are written at a time


@pytest.fixture(scope="module")
def places() -> Iterator[RunningNode]:
    """A node with the frames of this module: hostile, wide, long, of times, on nodes."""
    session = LocalSession("frames", nthreads=2)
    put_hostile(session)
    days = pa.array([0, 86_400_000, 90_061_500, None], pa.timestamp("ms"))
    session.frames.upload(pa.table({"when": days, "n": [1, 2, 3, 4]}), "days")
    session.frames.upload(pa.table({"few": (np.arange(MANY) % 200).astype("u1")}), "long")
    session.frames.upload(pa.table({"few": (np.arange(SEVERAL) % 200).astype("u1")}), "several")
    columns = [numeric(np.arange(20, dtype="u1") * (i % 7), np.arange(20) < i % 5) for i in range(35)]
    wide = Frame([f"c{i:05d}" for i in range(10_000)], [columns[i % 35] for i in range(10_000)])
    session.store.put_frame(wide, "wide")
    put_sharded(session, "days", "far")
    with RunningNode(OpenNode(session)) as running:
        yield running


@pytest.fixture
def hostile(places: RunningNode) -> LocalSession:
    """The session, its frame ``hostile`` as it was in the beginning."""
    put_hostile(places.node.behind)
    return places.node.behind


def put_hostile(session: LocalSession) -> None:
    types = {EVIL: "enum", "y" * 10_000: "string"}
    session.frames.upload(table_of(HOSTILE, column_types=types), "hostile")


@pytest.fixture
def tab(browser: Any, places: RunningNode) -> Iterator[Any]:
    with watched(browser, places) as page:
        yield page


@pytest.fixture
def plain_tab(browser: Any, places: RunningNode) -> Iterator[Any]:
    """One without scripts."""
    with watched(browser, places, java_script_enabled=False) as page:
        yield page


def row(page: Any, name: str) -> list[str]:
    """What the table of columns shows of one."""
    found = page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
    return [text.replace("\u202f", "") for text in found.get_by_role("cell").all_inner_texts()]


def positions(page: Any) -> list[int]:
    shown = page.locator("table.columns tbody td:nth-child(2)").all_inner_texts()
    return [int(text.replace("\u202f", "")) for text in shown]


def fetched(node: RunningNode, path: str) -> tuple[bytes, str]:
    """An answer, and under which name it is to be saved."""
    request = urllib.request.Request(f"{node.url}/{path}", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request) as reply:
        return reply.read(), reply.headers.get("Content-Disposition", "")


# ---- columns


def test_hostile_names_do_no_harm(tab: Any, hostile: LocalSession):
    for path in (
        "",
        "/rows",
        "/columns/1",
        "/columns/2",
        "/columns/3",
        "/columns/4",
        "/columns/1?sort=position",
    ):
        tab.goto(f"frames/hostile{path}")
        expect(tab.locator("main img")).to_have_count(0)
        assert tab.title().endswith("heavywater")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(tab) == []
    tab.goto("frames/hostile")
    assert row(tab, EVIL)[3:5] == ["enum", "0"]
    assert row(tab, EVIL)[8] == "5"
    assert row(tab, "\u202eabc")[4:8] == ["1 5 %", "\u22121", "0", "1"]
    expect(tab.get_by_role("img", name="Histogram of new")).to_have_count(1)


@pytest.mark.long
def test_search_order_and_parts_of_ten_thousand_columns(plain_tab: Any):
    page = plain_tab
    page.goto("frames/wide")
    assert positions(page) == list(range(1, 51))
    page.get_by_role("link", name="Last columns").click()
    assert positions(page)[-1] == 10_000
    page.get_by_role("columnheader", name="Missing").get_by_role("link").click()
    assert positions(page)[:3] == [1, 6, 11]
    page.get_by_role("columnheader", name="Missing").get_by_role("link").click()
    assert positions(page)[:3] == [5, 10, 15]
    page.get_by_role("columnheader", name="Max").get_by_role("link").click()
    page.get_by_role("columnheader", name="Max").get_by_role("link").click()
    assert positions(page)[:2] == [7, 14]
    page.get_by_role("searchbox").fill("C0123")
    page.get_by_role("button", name="Search").click()
    assert sorted(positions(page)) == list(range(1231, 1241))
    page.get_by_label("Type").select_option("int")
    page.get_by_role("searchbox").fill("none such")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No column is like that.")).to_have_count(1)
    page.get_by_role("link", name="All columns").click()
    assert positions(page)[0] == 1


def test_what_takes_long_is_filled_in(tab: Any, hostile: LocalSession, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(frame_page, "MOST_CELLS", 1)
    monkeypatch.setattr(column_page, "MOST_ROWS", 5)
    with tab.expect_response(lambda reply: reply.url.endswith("frames/hostile")) as first:
        tab.goto("frames/hostile")
    assert first.value.text().count("data-later") == 4  # three columns, and the line above them
    expect(tab.locator("[data-later]")).to_have_count(0)
    assert row(tab, "new line")[4:8] == ["0", "0", "9.5", "19"]
    tab.goto("frames/hostile/columns/3")
    expect(tab.get_by_role("region", name="Quantiles").get_by_role("row")).to_have_count(18)


def test_what_takes_long_is_a_link_without_scripts(
    plain_tab: Any, hostile: LocalSession, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(frame_page, "MOST_CELLS", 1)
    monkeypatch.setattr(column_page, "MOST_ROWS", 5)
    plain_tab.goto("frames/hostile")
    assert row(plain_tab, "new line")[4] == "…"
    for _ in range(3):
        plain_tab.get_by_role("link", name="Work them out").click()
    assert row(plain_tab, "new line")[4] == "0"
    expect(plain_tab.get_by_role("link", name="Work them out")).to_have_count(0)
    plain_tab.goto("frames/hostile/columns/3")
    plain_tab.get_by_role("link", name="Work them out").click()
    expect(plain_tab.get_by_role("region", name="Quantiles").get_by_role("row")).to_have_count(18)


def test_all_about_a_column(tab: Any, places: RunningNode):
    tab.goto("frames/long/columns/1")
    facts = tab.get_by_role("region", name="Facts")
    expect(facts).to_contain_text("10\u202f000\u202f000")
    expect(facts.locator("data[value='99.5']")).to_have_count(1)
    tab.get_by_text("Table: Histogram").click()
    counts = tab.locator(".table-behind tbody td:last-child").all_inner_texts()
    assert sum(int(each.replace("\u202f", "")) for each in counts) == MANY
    tab.goto("frames/days/columns/1")
    expect(tab.get_by_role("region", name="Facts")).to_contain_text("1970-01-02 01:01:01.500")
    for missing in ("0", "3", "x", "9" * 30):
        tab.watched.allowed.append("404")
        assert tab.goto(f"frames/days/columns/{missing}").status == 404


def test_levels_are_searched_and_come_in_parts(plain_tab: Any, places: RunningNode):
    codes = np.repeat(np.arange(120), np.arange(1, 121))
    places.node.behind.store.put_frame(
        Frame(["e"], [enum(codes, [f"Level {i}" for i in range(120)])]), "levels"
    )
    page = plain_tab
    page.goto("frames/levels/columns/1")
    levels = page.get_by_role("region", name="Levels").locator("tbody td:nth-child(2)")
    assert (levels.count(), levels.first.inner_text()) == (50, "Level 119")
    page.get_by_role("link", name="Next levels").click()
    expect(levels.first).to_have_text("Level 69")
    page.get_by_role("link", name="In their order").click()
    expect(levels.first).to_have_text("Level 0")
    page.get_by_role("searchbox").fill("LEVEL 11")
    page.get_by_role("button", name="Search").click()
    expect(levels).to_have_text(["Level 11", *(f"Level 11{i}" for i in range(10))])


# ---- rows


def test_one_jumps_in_ten_million_rows(plain_tab: Any):
    page = plain_tab
    page.goto("frames/long/rows")
    page.get_by_label("Row", exact=True).fill(str(MANY - 5))
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody td")).to_have_text([str(each) for each in range(194, 200)])
    expect(page.locator("tbody th").first).to_have_text(f"{MANY - 5:,}".replace(",", "\u202f"))
    page.get_by_role("link", name="Previous rows").first.click()
    expect(page.locator("tbody td").first).to_have_text("144")
    page.get_by_role("link", name="First rows").first.click()
    expect(page.locator("tbody th").first).to_have_text("1")
    page.get_by_role("link", name="Last rows").first.click()
    expect(page.locator("tbody th").last).to_have_text(f"{MANY:,}".replace(",", "\u202f"))


def test_cells_show_what_they_are(tab: Any, hostile: LocalSession):
    tab.goto("frames/hostile/rows?count=25")
    first, fifth = (tab.locator("tbody tr").nth(i).locator("td") for i in (0, 4))
    expect(first.nth(0)).to_have_text(EVIL)
    expect(first.nth(1).locator("[title=missing]")).to_have_count(1)
    long = fifth.nth(0)
    assert len(long.inner_text()) < 70
    assert len(long.locator("bdi").get_attribute("title")) == 1000
    tab.goto("frames/days/rows")
    assert tab.locator("tbody td:nth-of-type(1)").all_inner_texts() == [
        "1970-01-01", "1970-01-02", "1970-01-02 01:01:01.500", "\u2013",
    ]  # fmt: skip


def test_columns_of_wide_rows_come_in_parts(plain_tab: Any):
    plain_tab.goto("frames/wide/rows?columns=10&row=2")
    heads = plain_tab.locator("thead th a")
    assert (heads.count(), heads.first.inner_text()) == (10, "c00000")
    plain_tab.get_by_role("link", name="Next columns").click()
    expect(heads.first).to_have_text("c00010")
    expect(plain_tab.locator("tbody th").first).to_have_text("2")
    plain_tab.get_by_role("link", name="Last columns").click()
    expect(heads.last).to_have_text("c09999")


def test_of_rows_on_nodes_the_first_ones_are_shown(tab: Any):
    for path in ("", "/rows", "/columns/1", "/columns/2"):
        tab.goto(f"frames/far{path}")
        expect(tab.get_by_role("button", name="Convert")).to_have_count(0)
        expect(tab.get_by_role("link", name="Download")).to_have_count(0)
    assert violations(tab) == []
    tab.goto("frames/far/rows")
    expect(tab.locator("tbody tr")).to_have_count(2)
    tab.goto("frames/far")
    assert row(tab, "n")[3:7] == ["0", "1", "2.5", "4"]
    tab.watched.allowed.append("400")
    assert tab.goto("frames/far/csv").status == 400


# ---- changes


def test_columns_are_converted_and_the_order_stays(plain_tab: Any, hostile: LocalSession):
    page = plain_tab
    page.goto("frames/hostile?sort=-position")
    page.get_by_role("checkbox", name="Choose new line").check()
    page.get_by_role("checkbox", name="Choose yyy").check()
    page.get_by_label("Convert the chosen ones to").select_option("factor")
    page.get_by_role("button", name="Convert").click()
    expect(page.locator(".note")).to_contain_text("2 columns are factors now")
    expect(page).to_have_url(re.compile("sort=-position"))
    assert hostile.frames.facts("hostile")["types"] == ["enum", "real", "enum", "enum"]
    assert hostile.frames.levels("hostile")[2] == [str(i) for i in range(20)]
    page.get_by_role("link", name="new line").click()
    page.get_by_label("Convert to").select_option("number")
    page.get_by_role("button", name="Convert").click()
    expect(page).to_have_url(re.compile("columns/3"))
    assert hostile.frames.cells("hostile", [2])[0] == list(range(20))
    page.get_by_role("textbox", name="Name").fill('new "name"')
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", level=1)).to_have_text('new "name"')
    page.get_by_role("textbox", name="Name").fill(EVIL)
    page.get_by_role("button", name="Rename").click()
    expect(page.locator(".note.wrong")).to_contain_text("already")


def test_what_cannot_be_converted_is_said(plain_tab: Any, hostile: LocalSession):
    plain_tab.goto("frames/hostile")
    plain_tab.get_by_role("button", name="Convert").click()
    expect(plain_tab.locator(".note.wrong")).to_contain_text("Tick the columns")
    plain_tab.get_by_role("checkbox", name="Choose \u202eabc").check()
    plain_tab.get_by_role("button", name="Convert").click()
    expect(plain_tab.locator(".note.wrong")).to_contain_text("is of type real")
    assert hostile.frames.facts("hostile")["types"][1] == "real"


def test_a_split_has_all_rows_and_is_that_of_the_same_seed(plain_tab: Any, places: RunningNode):
    page, frames = plain_tab, places.node.behind.frames
    page.goto("frames/several")
    page.get_by_text("Split", exact=True).first.click()
    page.get_by_label("Share 1").fill("0.6")
    page.get_by_label("Name 3").fill("several_valid")
    page.get_by_label("Share 3").fill("0.1")
    page.get_by_label("Seed").fill("7")
    page.get_by_role("button", name="Split").click()
    expect(page.locator(".note")).to_contain_text("was split with seed 7")
    rows = [frames.facts(name)["nrow"] for name in ("several_train", "several_valid", "several_test")]
    assert sum(rows) == SEVERAL
    assert np.allclose(np.array(rows) / SEVERAL, [0.6, 0.1, 0.3], atol=0.01)
    expected = frames.rapids("(tmp= want (rows several (<= (h2o.runif several 7) 0.6)))")
    assert frames.facts(expected.key)["nrow"] == rows[0]
    assert all("_sid_" not in key for key in places.node.behind.objects.keys("frame"))


@pytest.mark.parametrize(
    ("share", "name", "said"),
    [
        ("2", "other", "must lie between 0 and 1"),
        ("much", "other", "must lie between 0 and 1"),
        ("0.5", "long", "already"),
        ("0.5", "days_train", "a name of its own"),
        ("0.5", "a b", "blank"),
        ("", "other", "cannot both have the rest"),
    ],
)
def test_a_split_that_is_wrong_is_refused(
    plain_tab: Any, places: RunningNode, share: str, name: str, said: str
):
    before = places.node.behind.objects.keys()
    plain_tab.goto("frames/days")
    plain_tab.get_by_text("Split", exact=True).first.click()
    plain_tab.get_by_label("Name 3").fill(name)
    plain_tab.get_by_label("Share 3").fill(share)
    plain_tab.get_by_label("Share 1").fill("0.1")
    plain_tab.get_by_role("button", name="Split").click()
    expect(plain_tab.locator(".note.wrong")).to_contain_text(said)
    assert places.node.behind.objects.keys() == before


def test_frames_of_every_kind_have_all_pages(places: RunningNode):
    for number, frame in enumerate(frames_of_every_kind().values()):
        key = places.node.behind.store.put_frame(frame, f"kind_{number}")
        columns = [f"/columns/{i + 1}" for i in range(frame.ncol)]
        orders = [f"?sort=-{name}" for name in ("name", "type", "missing", "mean", "levels")]
        for path in ("", "/rows", "/rows?row=1000000&column=7", "/csv", "/parquet", *orders, *columns):
            content, _ = fetched(places, f"frames/{key}{path}")
            assert content or path == "/csv"
        places.node.behind.objects.remove(key)


# ---- files


def test_a_downloaded_csv_is_the_frame_again(places: RunningNode, hostile: LocalSession, tmp_path: Path):
    content, header = fetched(places, "frames/hostile/csv")
    assert header == "attachment; filename=\"hostile.csv\"; filename*=UTF-8''hostile.csv"
    (tmp_path / "again.csv").write_bytes(content)
    options = {"types": ["enum", "real", "int", "string"]}
    JobHandle(
        hostile, hostile.files.import_files(str(tmp_path / "again.csv"), "again", options=options)
    ).wait()
    assert hostile.frames.facts("again")["names"] == list(HOSTILE)
    wanted = hostile.frames.cells("hostile", level_names=True)
    assert hostile.frames.cells("again", level_names=True) == wanted


def test_a_downloaded_parquet_is_the_frame_again(places: RunningNode, hostile: LocalSession):
    before = list(places.node.uploads.iterdir())
    for key in ("hostile", "days"):
        content, header = fetched(places, f"frames/{key}/parquet")
        assert f'filename="{key}.parquet"' in header
        table = pyarrow.parquet.read_table(io.BytesIO(content))
        assert table.column_names == hostile.frames.facts(key)["names"]
        again = hostile.frames.upload(table)["frame"]
        assert hostile.frames.cells(again, level_names=True) == hostile.frames.cells(key, level_names=True)
        hostile.objects.release([again])
    assert list(places.node.uploads.iterdir()) == before  # nothing stays on the disk


def test_long_downloads_come_in_pieces(places: RunningNode, tmp_path: Path):
    content, _ = fetched(places, "frames/several/csv")
    cells = np.array(content.split(b"\n")[1:-1]).astype("u1")
    assert np.array_equal(cells, (np.arange(SEVERAL) % 200).astype("u1"))
    content, _ = fetched(places, "frames/several/parquet")
    read = pyarrow.parquet.ParquetFile(io.BytesIO(content))
    assert (read.metadata.num_rows, read.metadata.num_row_groups) == (SEVERAL, 3)
    assert all("_sid_" not in key for key in places.node.behind.objects.keys("frame"))


def test_names_of_files_are_plain_for_browsers():
    header = attachment('a"b\r\nX: y\u202e' + "z" * 1000 + ".csv")["Content-Disposition"]
    assert header.isascii()
    assert "\r" not in header and "\n" not in header
    assert header.startswith('attachment; filename="a_b__X__y_zzz')
    assert len(header) < 600


def test_a_frame_is_exported_to_the_disk_of_the_node(plain_tab: Any, places: RunningNode, tmp_path: Path):
    plain_tab.goto("frames/days")
    for _ in range(2):
        plain_tab.get_by_text("Export", exact=True).first.click()
        plain_tab.get_by_label("File").fill(str(tmp_path / "days.csv"))
        plain_tab.get_by_role("button", name="Export").click()
    expect(plain_tab.locator(".note.wrong")).to_contain_text("exists")
    assert (tmp_path / "days.csv").read_text().splitlines()[0] == '"when","n"'
    plain_tab.get_by_text("Export", exact=True).first.click()
    plain_tab.get_by_label("File").fill(str(tmp_path / "days.parquet"))
    plain_tab.get_by_label("Format").select_option("parquet")
    plain_tab.get_by_role("button", name="Export").click()
    expect(plain_tab.locator(".note")).to_contain_text("was written")
    assert pyarrow.parquet.read_table(tmp_path / "days.parquet").num_rows == 4
