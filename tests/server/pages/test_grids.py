"""Grid searches: their list, the table, and parallel coordinates with ranges."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.exchange import table_of
from heavywater.grids.grid import Grid, Member
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.charts.parallel_chart import parallel
from heavywater.server.pages.comparing.grid_views import GridView, Wishes
from heavywater.session import JobHandle, LocalSession

from .axe import violations
from .conftest import watched
from .hands import expect

SPACE = {"hidden": [[4], [8, 8]], "l1": [0.0, 1e-5, 1e-2], "rho": [0.9, 2.0]}
ROWS = "table tbody tr[data-line]"


@pytest.fixture(scope="module")
def searched(node: RunningNode) -> str:
    """A grid of six models and six failures, and two models of another hyper-parameter."""
    session = node.node.behind
    for space in (SPACE, {"l2": [0.0, 1e-3]}):
        JobHandle(
            session,
            session.grids.train(
                "deeplearning", {"epochs": 1, "seed": 1}, space, x=None, y="state",
                training_frame_key="heart", validation_frame_key=None, grid_id="rates",
            ),
        ).wait()  # fmt: skip
    return "grids/rates"


def listed(page: Any) -> Any:
    """What the list names, from its top."""
    return page.locator(f"{ROWS} th")


def names(page: Any) -> list[str]:
    """The same as texts, as it stands now."""
    return [each.strip() for each in listed(page).all_inner_texts()]


def test_the_list(page: Any, searched: str):
    page.goto("grids")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="rates", exact=True))
    expect(row).to_contain_text("hidden, l1, rho, l2")
    expect(row.get_by_role("cell").nth(3)).to_have_text("6")  # failed
    assert violations(page) == []
    row.get_by_role("link", name="rates", exact=True).click()
    expect(page.get_by_role("heading", name="rates")).to_be_visible()
    expect(page.get_by_text("8 of 8 models")).to_be_visible()


def test_an_empty_list_says_what_to_do(browser: Any, empty_node: RunningNode):
    with watched(browser, empty_node) as page:
        page.goto("grids")
        page.locator("main").get_by_role("link", name="Build").wait_for()


def test_without_scripts_the_table_is_sorted_and_filtered(browser: Any, node: RunningNode, searched: str):
    described = node.node.behind.grids.describe("rates")
    with watched(browser, node, java_script_enabled=False) as page:
        page.goto(searched)
        expect(listed(page)).to_have_text(described["model_ids"])
        page.get_by_role("link", name="AUC", exact=True).click()
        expect(listed(page)).to_have_text(node.node.behind.grids.describe("rates", "auc")["model_ids"])
        page.get_by_role("link", name="l1").click()
        cells = page.locator(f"{ROWS} td:nth-child(5)").all_inner_texts()
        assert cells == ["0", "0", "1e-5", "1e-5", "0.01", "0.01", "\u2013", "\u2013"]
        page.get_by_text("Ranges and axes").click()
        page.get_by_label("l1 from").fill("1e-6")
        page.get_by_label("hidden to").select_option("[4]")
        page.get_by_role("button", name="Show").last.click()
        page.get_by_text("2 of 8 models").wait_for()
        expect(page.locator(".parallel path.out")).to_have_count(8 + 6 - 2 - 2)  # two of them failed
        page.get_by_role("link", name="Clear the ranges").click()
        page.get_by_text("8 of 8 models").wait_for()


def test_a_wrong_range_is_refused_by_name(browser: Any, node: RunningNode, searched: str):
    with watched(browser, node) as page:
        page.watched.allowed.append("400")
        page.goto(f"{searched}?from_l1=much")
        page.get_by_text("l1: 'much' is no number").wait_for()


def test_failures_have_their_reasons_and_their_lines(page: Any, searched: str):
    page.goto(searched)
    failed = page.get_by_role("region", name="Reasons").get_by_role("row")
    expect(failed).to_have_count(1 + 6)
    expect(failed.nth(1)).to_contain_text("rho=2.0")
    expect(page.locator(".parallel path.failed")).to_have_count(6)
    expect(page.locator(".parallel path")).to_have_count(8 + 6)  # no line is lost
    axes = page.locator(".parallel .upright")
    assert [axes.nth(i).get_by_text("none", exact=True).count() for i in range(5)] == [1] * 5
    expect(axes.nth(1)).to_contain_text("log")
    assert "log" not in axes.nth(2).text_content()


def test_an_axis_can_be_made_linear_and_the_best_be_chosen(page: Any, searched: str):
    page.goto(searched)
    expect(page.locator(".parallel path.best")).to_have_count(3)
    page.get_by_label("Best models to highlight").fill("5")
    page.get_by_label("Metric").select_option("AUC")
    page.get_by_text("Ranges and axes").click()
    page.get_by_label("Scale of l1").select_option("linear")
    page.get_by_role("button", name="Show").last.click()
    expect(page.get_by_role("heading", name="Hyper-parameters and AUC")).to_be_visible()
    expect(page.locator(".parallel path.best")).to_have_count(5)
    assert "log" not in page.locator(".parallel .upright").nth(1).text_content()


def drag(page: Any, axis: int, start: float, end: float) -> None:
    """From one place of an axis to another, 0 its bottom and 1 its top."""
    page.locator(".parallel").scroll_into_view_if_needed()
    box = page.locator(".parallel .upright").nth(axis).locator("line").first.bounding_box()
    page.mouse.move(box["x"], box["y"] + (1 - start) * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 3, box["y"] + (1 - end) * box["height"], steps=4)
    page.mouse.up()


def test_ranges_are_dragged_along_several_axes(page: Any, searched: str):
    page.goto(searched)
    expect(page.locator(".parallel .grip")).to_have_count(5)
    page.locator(".parallel").scroll_into_view_if_needed()
    drag(page, 1, 0.06, 1.05)  # l1: all but none
    expect(page.get_by_text("6 of 8 models")).to_be_visible()
    drag(page, 0, 0.9, 1.05)  # hidden: the greatest
    expect(page.get_by_text("3 of 8 models")).to_be_visible()
    expect(page.locator(ROWS)).to_have_count(3)
    assert set(page.locator(f"{ROWS} td:nth-child(4)").all_inner_texts()) == {"[8, 8]"}
    expect(page.locator(".parallel path:not(.out):not(.failed)")).to_have_count(3)
    page.reload()  # the address has the ranges
    expect(page.locator(ROWS)).to_have_count(3)
    drag(page, 0, 0.5, 0.5)  # a click ends the range of an axis
    expect(page.locator(ROWS)).to_have_count(6)
    page.get_by_role("link", name="Clear the ranges").click()
    expect(page.locator(ROWS)).to_have_count(8)
    expect(page.get_by_role("link", name="Clear the ranges")).to_have_count(0)


def test_a_finger_sets_ranges_and_scrolls_sideways(browser: Any, node: RunningNode, searched: str):
    with watched(
        browser, node, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    ) as page:
        page.goto(searched)
        expect(page.locator(".parallel .grip")).to_have_count(5)
        page.locator(".parallel").scroll_into_view_if_needed()
        box = page.locator(".parallel .upright").first.locator("line").first.bounding_box()
        fingers = page.context.new_cdp_session(page)

        def swipe(x: float, y: float, across: float, down: float) -> None:
            for step in range(9):
                at = {"x": x + across * step / 8, "y": y + down * step / 8}
                kind = "touchMove" if step else "touchStart"
                fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
            fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        swipe(box["x"], box["y"] - 5, 0, 60)  # hidden: the greatest
        expect(page.locator(ROWS)).to_have_count(3)
        swipe(box["x"] + 200, box["y"] + 150, -160, 0)
        expect(page.locator(".parallel .upright").first.locator("line").first).not_to_be_in_viewport()


def test_ranges_are_set_by_keyboard(page: Any, searched: str):
    page.goto(searched)
    page.locator("#axes-summary").press("Enter")
    slider = page.get_by_label("l1, slider from")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "0")
    expect(page.get_by_text("6 of 8 models")).to_be_visible()
    slider.press("End")
    expect(page.get_by_label("l1 from")).to_have_value("0.01")
    expect(page.locator(ROWS)).to_have_count(2)
    page.get_by_label("l1, slider to").press("Home")  # takes the other end along
    expect(page.get_by_label("l1 to")).to_have_value("none")
    expect(page.locator(ROWS)).to_have_count(2)
    page.get_by_label("l1 to").fill("1e-4")  # words work, too
    expect(page.locator(ROWS)).to_have_count(6)
    page.get_by_label("l1 to").fill("1e-")
    expect(page.get_by_label("l1 to")).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []


def test_sorting_keeps_the_ranges_and_what_is_ticked(page: Any, searched: str):
    page.goto(f"{searched}?from_l1=0")
    first = names(page)
    page.get_by_label(f"Choose {first[1]}").check()
    page.get_by_role("link", name="R²").click()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    expect(page.get_by_label(f"Choose {first[1]}")).to_be_checked()
    expect(page.locator(ROWS)).to_have_count(6)
    expect(page.get_by_role("columnheader", name="R²")).to_have_attribute("aria-sort", "descending")
    page.get_by_label(f"Choose {names(page)[0]}").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_url("**/compare?model=*&model=*")


def test_a_table_of_several_pages(browser: Any, node: RunningNode):
    store, count = node.node.behind.store, 120
    model = store.get("search_model_1", DeepLearningModel)
    members = []
    for number in range(count):
        copied = copy.copy(model)
        copied.key = f"paged_{number:03}"
        store.put(copied, copied.key)
        members.append(Member(copied.key, {"l1": number / count}, str(number)))
    store.put(Grid("paged", ["l1"], members, [], {}), "paged")
    with watched(browser, node) as page:
        page.goto("grids/paged?sort=l1")
        page.get_by_label("Choose paged_007").check()
        page.get_by_role("link", name="Next").click()
        expect(page.get_by_text("51 \u2013 100 of 120 models")).to_be_visible()
        page.get_by_label("Choose paged_050").check()
        expect(page.get_by_text("2 chosen")).to_be_visible()
        page.get_by_role("link", name="Next").click()
        expect(page.locator(ROWS)).to_have_count(20)
        page.get_by_role("button", name="Compare", exact=True).click()  # those of other pages, too
        expect(page.get_by_role("heading", name="Compare 2 models")).to_be_visible()
        expect(page.get_by_role("link", name="paged_007").first).to_be_visible()
    node.node.behind.objects.remove("paged")


def test_a_grid_is_looked_at_while_it_searches(browser: Any, node: RunningNode):
    session = node.node.behind
    started = session.grids.train(
        "deeplearning", {"epochs": 100}, {"hidden": [[i] for i in range(20, 60)]}, x=None, y="state",
        training_frame_key="heart", validation_frame_key=None, grid_id="moving",
    )  # fmt: skip
    with watched(browser, node) as page:
        page.goto("grids/moving")
        page.get_by_text("searching").wait_for()
        expect(page.locator(ROWS).nth(1)).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Cancel").wait_for()
        page.locator("#load, #save").first.locator("summary").click()
        session.jobs.cancel(started["job"])
        expect(page.get_by_text("searching")).to_have_count(0)
        expect(page.locator("#save")).to_have_attribute("open", "")  # what is open stays so
        expect(listed(page)).to_have_text(session.grids.describe("moving")["model_ids"])


def test_models_are_removed_and_grids_saved_and_loaded(browser: Any, node: RunningNode, tmp_path: Path):
    session = node.node.behind
    JobHandle(
        session,
        session.grids.train(
            "deeplearning", {"epochs": 1}, {"l1": [0.0, 1e-3]}, x=None, y="state",
            training_frame_key="heart", validation_frame_key=None, grid_id="short",
        ),
    ).wait()  # fmt: skip
    with watched(browser, node, java_script_enabled=False) as page:
        page.goto("grids/short")
        page.get_by_label("Choose short_model_1").check()
        page.get_by_role("button", name="Remove").click()
        page.get_by_text("1 removed").wait_for()
        expect(listed(page)).to_have_text(["short_model_2"])
        page.get_by_role("button", name="Remove").click()
        page.get_by_text("No model was ticked").wait_for()
        page.get_by_text("Save, go on").click()
        page.get_by_label("Folder on the node's disk").fill(str(tmp_path))
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved as").wait_for()
        session.objects.remove("short")
        page.goto("grids")
        page.get_by_text("Load a grid").click()
        page.get_by_label("File on the node's disk").fill(str(tmp_path / "short"))
        page.get_by_role("button", name="Load").click()
        page.get_by_text("short is loaded").wait_for()
        page.goto("grids")
        page.get_by_label("Choose short").check()
        page.get_by_role("button", name="Remove with their models").click()
        page.get_by_text("1 removed").wait_for()
    left = session.objects.keys()
    assert "short" not in left and "short_model_2" not in left


def test_a_search_goes_on(browser: Any, node: RunningNode, searched: str):
    with watched(browser, node, java_script_enabled=False) as page:
        page.goto("grids/search")
        page.get_by_text("Save, go on").click()
        page.get_by_role("button", name="Go on with the search").click()
        page.get_by_text("The search goes on").wait_for()


def test_the_table_as_a_file(page: Any, searched: str):
    page.goto(f"{searched}?from_l1=0.01&sort=auc")
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    lines = Path(started.value.path()).read_text().splitlines()
    assert len(lines) == 3 and lines[0].startswith("model,hidden,l1,rho,l2,logloss,")
    assert lines[1].split(",")[0] == names(page)[0]


def test_models_of_segments(page: Any, node: RunningNode):
    session = node.node.behind
    JobHandle(
        session,
        session.training.train_segments(
            "deeplearning", {"epochs": 1, "hidden": [2]}, ["color"], x=["x0", "x1"], y="state",
            training_frame_key="heart", validation_frame_key=None, key="parts",
        ),
    ).wait()  # fmt: skip
    frames = session.objects.keys("frame")
    page.goto("grids")
    page.get_by_role("link", name="parts").click()
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("link", name="parts_0")).to_be_visible()
    assert violations(page) == []
    assert session.objects.keys("frame") == frames  # nothing is left


def described(count: int) -> dict[str, Any]:
    """What a session tells of a grid of so many models."""
    values = [
        {"l1": 10.0 ** -(i % 7), "hidden": [i % 9 + 1] * (i % 3 + 1), "rho": i / count} for i in range(count)
    ]
    return {
        "hyper_names": ["l1", "hidden", "rho"],
        "model_ids": [f"model_{i}" for i in range(count)],
        "hyper_values": values,
        "sort_metric": "logloss",
        "measures": {"logloss": [((i * 7919) % count) / count for i in range(count)]},
        "failed_params": [{"l1": 1.0}],
        "failure_details": ["no"],
        "failure_stack_traces": [""],
    }


def test_a_thousand_models_are_drawn():
    view = GridView(described(1000), Wishes(ranges={"rho": ("0.5", "")}, best=5))
    began = time.process_time()
    picture = parallel("all", view.axes, view.shades, set(view.best))
    assert picture.count("<path") == 1001 and len(picture) < 200_000
    assert time.process_time() - began < 2  # a slip that makes it quadratic takes minutes
    assert len(view.rows()) == 500 and view.best_models == [
        view.models[number]
        for number in sorted(range(1000), key=view.columns["logloss"].values.__getitem__)[:5]
    ]


def test_hostile_names(browser: Any):
    hostile = '<img src=x onerror="alert(1)">'
    session = LocalSession("hostile", nthreads=1)
    rows = {"x": [1.0, 2.0, 3.0, 4.0] * 5, hostile: ["a", "<b>"] * 10, "\u202eright": [1.0, 0.0] * 10}
    session.frames.upload(table_of(rows), "rows")
    JobHandle(
        session,
        session.grids.train(
            "deeplearning", {"epochs": 1, "hidden": [2]},
            {"activation": [hostile, "\u202eright", 10_000 * "y", "Tanh"], "l1": [0.0, 1e-3]},
            x=None, y="x", training_frame_key="rows", validation_frame_key=None, grid_id="a&amp;b",
        ),
    ).wait()  # fmt: skip
    with RunningNode(OpenNode(session)) as node, watched(browser, node) as page:
        page.goto("grids")
        page.get_by_role("link", name="a&amp;b", exact=True).click()
        expect(page.locator("main img")).to_have_count(0)
        expect(page.locator(".parallel path")).to_have_count(8)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []
