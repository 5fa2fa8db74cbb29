"""Files become frames: by a path, by an upload, with what a user says of them."""

from __future__ import annotations

import contextlib
import gzip
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.importing import import_setup
from heavywater.server.pages.importing.import_drafts import ImportDrafts
from heavywater.session import LocalSession
from pyarrow import parquet

from .axe import violations
from .conftest import watched
from .hands import expect

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def importing() -> Iterator[RunningNode]:
    with RunningNode(OpenNode(LocalSession("importing", nthreads=1))) as running:
        yield running


@pytest.fixture
def session(importing: RunningNode) -> Iterator[LocalSession]:
    yield importing.node.behind
    importing.node.behind.objects.remove_all()
    drafts = importing.node.kept(ImportDrafts)
    for each in drafts.all():
        drafts.discard(importing.node.session, each.word)


@pytest.fixture
def tab(browser: Any, importing: RunningNode, session: LocalSession) -> Iterator[Any]:
    with watched(browser, importing) as page:
        yield page


@pytest.fixture
def plain(browser: Any, importing: RunningNode, session: LocalSession) -> Iterator[Any]:
    """A tab without scripts."""
    with watched(browser, importing, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str], str]:
    def write(name: str, text: str) -> str:
        path = tmp_path / name
        (gzip.open if name.endswith("gz") else open)(path, "wt", encoding="utf-8").write(text)
        return str(path)

    return write


ROWS = "a;b;c\n" + "".join(f"{i};{i / 2};{'xyz'[i % 3]}\n" for i in range(50))


def send(page: Any, *paths: str) -> None:
    page.goto("import")
    page.get_by_label("Files to upload").set_input_files(list(paths))
    page.get_by_role("button", name="Upload", exact=True).click()


def do_import(page: Any) -> None:
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page).to_have_url(re.compile("/(frames|jobs)/"))


def wait_until(page: Any, holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come to hold")


def on_their_way(session: LocalSession) -> list[str]:
    found = []
    for folder in session.transit.folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # taken away at this moment
            found += [each.name for each in folder.iterdir()]
    return found


def test_an_upload_is_looked_at_and_changed(
    tab: Any, importing: RunningNode, session: LocalSession, file: Any
):
    send(tab, file("rows.csv.gz", ROWS))
    tab.wait_for_url("**/import/*")
    assert on_their_way(session) == ["rows.csv.gz"]
    assert violations(tab) == []
    name = tab.get_by_label("Name of column 2")
    expect(name).to_have_value("b")
    expect(tab.get_by_role("cell", name="24.5")).to_have_count(0)  # the first ten rows alone
    tab.get_by_label("Separator", exact=True).select_option("comma ,")
    expect(tab.get_by_role("alert")).to_contain_text("the separator sep=',' does not occur, but ';' cuts")
    tab.get_by_label("Separator", exact=True).select_option("semicolon ;")
    expect(name).to_have_value("b")
    tab.get_by_label("First line").select_option("holds data")
    expect(name).to_have_value("C2")
    tab.get_by_label("First line").select_option("holds names")
    expect(name).to_have_value("b")
    name.fill("half of it")
    tab.get_by_label("Type of column 3").select_option("string")
    tab.get_by_label("Import column 1").uncheck()
    tab.get_by_label("Name of the frame").fill("mended")
    tab.get_by_label("Missing values").fill("x\n0.5")
    tab.get_by_label("Missing values").blur()
    expect(tab.locator("th.left-out")).to_have_count(1)
    (draft,) = importing.node.kept(ImportDrafts).all()
    wait_until(tab, lambda: "na_strings" in draft.layout)
    tab.reload()
    expect(name).to_have_value("half of it")
    expect(tab.get_by_label("Missing values")).to_have_value("x\n0.5")
    do_import(tab)
    facts = session.frames.facts("mended")
    assert (facts["nrow"], facts["names"], facts["types"]) == (50, ["half of it", "c"], ["real", "string"])
    assert session.frames.cells("mended", count=3) == [[0.0, None, 1.0], [None, "y", "z"]]
    assert on_their_way(session) == []


def test_without_scripts(plain: Any, session: LocalSession, file: Any):
    send(plain, file("one.csv", ROWS), file("two.csv", ROWS))
    expect(plain.get_by_role("heading", level=1)).to_have_text("Import one.csv and 1 more")
    plain.get_by_label("Name of column 1").fill("number")
    plain.get_by_label("Name of column 1").press("Enter")
    expect(plain.get_by_label("Name of column 1")).to_have_value("number")
    plain.get_by_label("Type of column 2").select_option("enum")
    plain.get_by_role("button", name="Preview").click()
    expect(plain.get_by_label("Type of column 2")).to_have_value("enum")
    plain.get_by_role("button", name="Leave out two.csv").click()
    expect(plain.get_by_label("Name of column 1")).to_have_value("number")
    do_import(plain)
    facts = session.frames.facts("one.hex")
    assert (facts["nrow"], facts["names"], facts["types"]) == (
        50,
        ["number", "b", "c"],
        ["int", "enum", "enum"],
    )
    assert on_their_way(session) == []


def test_a_path(tab: Any, session: LocalSession, file: Any, tmp_path: Path):
    for name in ("part-1.csv", "part-2.csv", "other.txt"):
        file(name, ROWS)
    tab.goto("import")
    path = tab.get_by_label("Path or pattern")
    path.press_sequentially(str(tmp_path / "pa"))
    expect(tab.locator("#matches option")).to_have_count(2)
    path.fill(str(tmp_path / "nothing"))
    tab.watched.allowed.append("400")
    tab.get_by_role("button", name="Continue").click()
    expect(tab.get_by_role("alert")).to_contain_text("no such file or folder")
    expect(path).to_have_value(str(tmp_path / "nothing"))
    path.fill(str(tmp_path))
    tab.get_by_text("Several paths").click()
    tab.get_by_label("Only files in folders").fill(r"part-\d")
    tab.get_by_role("button", name="Continue").click()
    expect(tab.get_by_role("heading", name="2 files")).to_be_visible()
    do_import(tab)
    assert session.frames.facts("part_1.hex")["nrow"] == 100
    assert len(list(tmp_path.iterdir())) == 3


def test_a_bad_file_is_a_pause(tab: Any, session: LocalSession, file: Any, tmp_path: Path):
    bad = file("bad.csv", "")
    send(tab, file("good.csv", ROWS), bad, file("last.csv", ROWS))
    pause = tab.get_by_role("alert")
    expect(pause).to_contain_text("bad.csv: the file is empty")
    expect(tab.get_by_role("button", name="Retry")).to_be_focused()
    expect(tab.get_by_role("progressbar", name="Upload of good.csv")).to_have_attribute("value", "1")
    expect(tab.get_by_role("progressbar", name="Upload of last.csv")).to_have_attribute("value", "0")
    tab.get_by_role("button", name="Retry").click()
    expect(pause).to_contain_text("bad.csv: the file is empty")
    tab.get_by_role("button", name="Skip").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Import good.csv and 1 more")
    assert sorted(on_their_way(session)) == ["good.csv", "last.csv"]
    do_import(tab)
    assert session.frames.facts("good.hex")["nrow"] == 100


def test_a_file_of_other_columns_is_a_pause_and_stop_leaves_nothing(
    tab: Any, session: LocalSession, file: Any
):
    send(tab, file("good.csv", ROWS), file("other.csv", "p,q\n1,2\n"))
    expect(tab.get_by_role("alert")).to_contain_text(
        "other.csv: its columns (2: p, q) are not those of good.csv"
    )
    tab.get_by_role("button", name="Stop").click()
    expect(tab.get_by_label("Uploads")).to_have_count(0)
    expect(tab.get_by_label("Files to upload")).to_be_visible()
    assert on_their_way(session) == []


def test_the_only_file_may_be_kept_and_mended(tab: Any, session: LocalSession, file: Any):
    send(tab, file("short.csv", "a,b\n1,2,3,4\n5,6,7,8\n"))
    expect(tab.get_by_role("alert")).to_contain_text("the first line has 2 names")
    tab.get_by_role("button", name="Keep anyway").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Import short.csv")
    tab.get_by_text("More", exact=True).click()
    tab.get_by_label("Fill up short lines").check()
    expect(tab.get_by_label("Name of column 4")).to_have_value("C4")
    do_import(tab)
    assert session.frames.facts("short.hex")["names"] == ["a", "b", "C3", "C4"]


def test_a_file_is_dropped_on_another_page(tab: Any, session: LocalSession):
    tab.goto("frames")
    tab.evaluate(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File([text], 'dropped.csv'));
          dispatchEvent(new DragEvent('dragenter', {dataTransfer: data}));
          dispatchEvent(new DragEvent('drop', {dataTransfer: data, cancelable: true}));
        }""",
        ROWS,
    )
    expect(tab.get_by_role("heading", level=1)).to_have_text("Import dropped.csv")
    tab.get_by_role("button", name="Discard").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Import")
    assert on_their_way(session) == []


def test_an_upload_shows_how_far_it_is_and_is_cancelled(tab: Any, session: LocalSession, tmp_path: Path):
    path = tmp_path / "large.csv"
    path.write_text("a,b\n" + "12345,67890\n" * 2_000_000)
    session_of = tab.context.new_cdp_session(tab)
    session_of.send("Network.enable")
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2_000_000}
    session_of.send("Network.emulateNetworkConditions", limits)
    send(tab, str(path))
    expect(tab.get_by_label("Uploads")).to_contain_text(re.compile(r"[1-9]\d? % · [\d.]+ MB of 24.0 MB"))
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_label("Uploads")).to_have_count(0)
    wait_until(tab, lambda: on_their_way(session) == [])


def test_hostile_names(tab: Any, session: LocalSession, tmp_path: Path):
    long, odd = "l" * 10_000, 'with "quotes"\nand a line'
    quoted = ",".join(
        '"' + each.replace('"', '""') + '"' for each in (HOSTILE, "\u202e\u05e2\u05d1\u05e8", long, odd)
    )
    path = tmp_path / f"{HOSTILE.replace('/', '')}.csv"
    path.write_text(f"{quoted}\n1,2,{HOSTILE.replace(',', '')},4\n5,6,7,8\n", encoding="utf-8")
    send(tab, str(path))
    expect(tab.get_by_label("Name of column 1")).to_have_value(HOSTILE)
    assert violations(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.get_by_label("Name of the frame").fill('no "name" <b>')
    tab.get_by_role("button", name="Import", exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text("cannot name an object")
    tab.get_by_label("Name of the frame").fill("<b>")
    do_import(tab)
    assert session.frames.facts("<b>")["names"] == [HOSTILE, "\u202e\u05e2\u05d1\u05e8", long, odd]


def test_the_import_is_not_given_up_for_an_answer_to_what_was_typed_before(
    tab: Any, session: LocalSession, file: Any
):
    send(tab, file("late.csv", ROWS))
    tab.wait_for_url(
        "**/import/*"
    )  # and until all is loaded: requests on their way while routes come may never end
    asked: list[Any] = []

    def answer(route: Any) -> None:
        """Of what was typed the answer comes, a refusal, while the import is on its way."""
        if route.request.resource_type == "fetch":
            asked.append(route)
            return
        if route.request.method == "POST":
            with contextlib.suppress(Exception):  # nobody may wait for it any more
                asked[0].fulfill(status=400, body="<p>These files are being imported already.</p>")
            tab.wait_for_timeout(300)
        route.continue_()

    tab.route("**/import/*", answer)
    tab.watched.allowed.append("400")
    name = tab.get_by_label("Name of the frame")
    name.fill("late")
    name.blur()
    wait_until(tab, lambda: bool(asked))
    do_import(tab)
    assert session.frames.facts("late")["nrow"] == 50


# What the form holds, sent as a script sends it after typing.
TYPED = """() => {
  const form = document.getElementById("setup");
  const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  return fetch(form.action, { method: "POST", body }).then((reply) => reply.status);
}"""


def test_what_was_typed_does_not_take_away_why_the_import_failed(tab: Any, file: Any):
    """Sent when the field is left for the button, it may reach the node after the import has failed."""
    send(tab, file("rows.csv", ROWS))
    tab.wait_for_url("**/import/*")
    name = tab.get_by_label("Name of the frame")
    name.fill("no name")
    tab.get_by_role("button", name="Import", exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text("cannot name an object")
    assert tab.evaluate(TYPED) == 200
    tab.reload()
    expect(tab.get_by_role("alert")).to_contain_text("cannot name an object")
    name.fill("a_name")
    name.blur()
    expect(tab.get_by_role("alert")).to_have_count(0)


@pytest.mark.long
def test_many_columns_are_shown_in_parts(tab: Any, importing: RunningNode, file: Any):
    send(
        tab,
        file("wide.csv", ",".join(f"c{i}" for i in range(10_000)) + "\n" + ",".join(["1"] * 10_000) + "\n"),
    )
    expect(tab.get_by_text("1 \u2013 30 of 10\u202f000 columns")).to_be_visible()
    tab.get_by_role("button", name="Next").click()
    expect(tab.get_by_label("Name of column 31")).to_have_value("c30")
    tab.get_by_label("Name of column 31").fill("thirty")
    tab.get_by_label("Columns whose name contains").fill("c99")
    tab.get_by_label("Columns whose name contains").press("Enter")
    expect(tab.get_by_text("1 \u2013 30 of 111 columns")).to_be_visible()
    tab.get_by_label("Type of column 100", exact=True).select_option("string")
    tab.get_by_role("button", name="Preview", exact=True).click()
    expect(tab.get_by_label("Type of column 100", exact=True)).to_have_value("string")
    (draft,) = importing.node.kept(ImportDrafts).all()
    assert (draft.names, draft.types, draft.skipped, draft.width) == (
        {30: "thirty"},
        {99: "string"},
        set(),
        10_000,
    )


def test_what_fails_while_it_is_read_can_be_mended(tab: Any, session: LocalSession, file: Any):
    text = "a,b\n" + "1,2\n" * 70_000 + "1,2,3\n"
    send(tab, file("late.csv", text))
    tab.get_by_role("button", name="Import", exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text("late.csv, line 70002")
    assert session.objects.keys() == []
    assert on_their_way(session) == ["late.csv"]


def test_what_the_node_does_not_take_behind_a_prefix(browser: Any, tmp_path: Path):
    (tmp_path / "open").mkdir()
    options = NodeOptions(roots=(str(tmp_path / "open"),), max_upload=1000, root_path="/behind/it")
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n" + "1,2\n" * 1000)
    with (
        RunningNode(OpenNode(LocalSession("guarded", nthreads=1), options)) as running,
        watched(browser, running) as page,
    ):
        page.watched.allowed += ["400", "413"]
        page.goto("import")
        page.get_by_label("Path or pattern").fill(str(secret))
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_contain_text("is not below a folder")
        send(page, str(secret))
        expect(page.get_by_role("alert")).to_contain_text("more than 1000 bytes")
        page.get_by_role("button", name="Skip").click()
        expect(page.get_by_label("Uploads")).to_have_count(0)
        assert page.evaluate(f"fetch('import/completions?path={tmp_path}/se').then(r => r.json())") == {
            "matches": []
        }
        small = tmp_path / "small.csv"
        small.write_text("a,b\n1,2\n")
        send(page, str(small))
        do_import(page)
        assert running.node.behind.frames.facts("small.hex")["nrow"] == 1


def test_rows_of_typed_files_are_shown(tab: Any, session: LocalSession, tmp_path: Path):
    path = str(tmp_path / "typed.parquet")
    parquet.write_table(pa.table({"n": [1.5, None], "t": [HOSTILE, "b"], "w": [b"\xff", None]}), path)
    send(tab, path)
    expect(tab.get_by_role("cell", name="1.5")).to_be_visible()
    expect(tab.get_by_role("cell", name=HOSTILE)).to_be_visible()
    tab.get_by_label("Import column 3").uncheck()
    expect(tab.locator("th.left-out")).to_have_count(1)
    expect(tab.get_by_role("cell", name="1.5")).to_be_visible()
    do_import(tab)
    assert session.frames.facts("typed.hex")["names"] == ["n", "t"]


def test_what_takes_longer_is_watched(
    plain: Any, importing: RunningNode, session: LocalSession, file: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(import_setup, "_AT_ONCE", 0.0)
    send(plain, file("rows.csv", ROWS))
    files, held = importing.node.session.files, threading.Event()
    monkeypatch.setattr(files, "import_files", _held(session, files.import_files, held))
    plain.get_by_role("button", name="Import", exact=True).click()
    expect(plain).to_have_url(re.compile("/jobs/job_"))
    assert on_their_way(session) == ["rows.csv"]
    plain.goto("import")
    plain.get_by_role("link", name="rows.csv").click()
    expect(plain.get_by_text("These files are being imported")).to_be_visible()
    expect(plain.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    held.set()
    for each in session.jobs.known():
        session.jobs.wait(each["job"], 30)
    wait_until(plain, lambda: on_their_way(session) == [])
    assert session.frames.facts("rows.hex")["nrow"] == 50


def _held(session: LocalSession, begin: Callable[..., Any], held: threading.Event) -> Any:
    """An import that begins when an event is set."""

    def import_files(*given: Any, **named: Any) -> Any:
        def work(job: Any) -> str:
            held.wait(30)
            inner = begin(*given, **named)
            session.jobs.wait(inner["job"], 30)
            return str(inner["destination"])

        return session.jobs.start("Parse", work, "rows.hex")

    return import_files


def test_each_file_may_become_a_frame(tab: Any, session: LocalSession, file: Any):
    send(tab, file("train.csv", ROWS), file("test.csv", ROWS), file("other.csv", "p,q\n1,2\n"))
    expect(tab.get_by_role("alert")).to_contain_text("which they have to be to become one frame")
    tab.get_by_role("button", name="Keep anyway").click()
    expect(tab.get_by_text("other.csv: its columns")).to_be_visible()
    tab.get_by_label("Make a frame of each").check()
    expect(tab.get_by_text("Each frame is called after its file")).to_be_visible()
    tab.get_by_label("Name of column 1").fill("number")
    tab.get_by_role("button", name="Import", exact=True).click()
    expect(tab).to_have_url(re.compile("/(frames|jobs)"))
    for each in session.jobs.known():
        session.jobs.wait(each["job"], 30)
    names = {key: list(session.frames.facts(key)["names"]) for key in session.objects.keys("frame")}
    expected = ["number", "b", "c"]
    assert names == {"train.hex": expected, "test.hex": expected, "other.hex": ["p", "q"]}
    wait_until(tab, lambda: on_their_way(session) == [])
