"""The booklet's digits from a file to a comparison: once by clicks, once by keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from ...export.programs import run
from .conftest import watched
from .hands import Keyboard, Mouse, expect

DIGITS = str(Path(__file__).parents[2] / "data" / "mnist" / "digits.csv.gz")  # 3 000 of them
SLOW = 60_000  # milliseconds, on a machine that does other things as well


def link(page: Any, name: str) -> Any:
    return page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)


def button(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize("kind", [Mouse, Keyboard])
def test_digits_from_a_file_to_a_comparison(browser: Any, tmp_path: Path, kind: type[Mouse]):
    with RunningNode(OpenNode(LocalSession("story", nthreads=2))) as node, watched(browser, node) as page:
        page.set_default_timeout(SLOW)
        page.goto("./")
        hand = kind(page)
        _import(hand)
        _split(hand)
        _train_and_cancel(hand)
        _predict(hand)
        _java(hand, tmp_path)
        _grid(hand)
        _compare(hand)


def _import(hand: Mouse) -> None:
    page = hand.page
    hand.press(link(page, "Import"))
    hand.send(page.get_by_label("Files to upload"), DIGITS)
    hand.press(button(page, "Upload"))
    page.wait_for_url("**/import/*")
    hand.press(button(page, "Import"))
    page.wait_for_url(re.compile("/(frames|jobs)/"))
    if "/jobs/" in page.url:  # it takes longer than a page waits
        hand.press(page.get_by_role("link", name="Show the frame"))
    expect(page.get_by_text("3 000 rows · 785 columns")).to_be_visible()
    hand.fill(page.get_by_role("searchbox", name="Search columns by name"), "C785")
    hand.press(button(page, "Search"))
    page.wait_for_url("**search=C785*")
    hand.press(page.get_by_label("Choose C785"))
    hand.press(button(page, "Convert"))
    expect(page.get_by_role("row", name=re.compile("C785"))).to_contain_text("enum")


def _split(hand: Mouse) -> None:
    page = hand.page
    hand.press(page.locator("summary").filter(has_text=re.compile("^Split$")))
    hand.fill(page.get_by_label("Name 1"), "train")
    hand.fill(page.get_by_label("Share 1"), "0.8")
    hand.fill(page.get_by_label("Name 2"), "test")
    hand.press(button(page, "Split"))
    expect(page.get_by_role("status").filter(has_text="train")).to_be_visible()


def _fill(hand: Mouse, **texts: str) -> None:
    page = hand.page
    hand.press(link(page, "Build"))
    hand.choose(page.get_by_label("Training frame", exact=True), "train")
    hand.choose(page.get_by_label("Validation frame", exact=True), "test")
    hand.fill(
        page.locator("input[name=response_column]"), "C785"
    )  # of many columns one is looked up, not chosen from a list
    for name, text in texts.items():
        hand.fill(page.get_by_label(name, exact=True), text)


def _train_and_cancel(hand: Mouse) -> None:
    page = hand.page
    _fill(hand, model_id="cancelled", hidden="32, 32", epochs="1000000")
    hand.press(page.locator("summary").filter(has_text="Advanced"))
    hand.fill(page.locator("#p-stopping_rounds"), "0")
    hand.press(page.locator("summary").filter(has_text="Expert"))
    hand.fill(page.get_by_label("classification_stop", exact=True), "-1")
    hand.press(button(page, "Start"))
    page.wait_for_url("**/jobs/*")
    expect(page.get_by_text("rows/s, epoch")).to_be_visible()
    hand.press(page.get_by_text("Table: scores over epochs"))
    lines = page.get_by_role("region", name="Table: scores over epochs").get_by_role("row")
    expect(lines.nth(lines.count())).to_be_visible(timeout=SLOW)  # the curve moves
    hand.press(button(page, "Cancel"))
    hand.press(page.get_by_role("link", name="Show the model"))
    expect(page.get_by_role("heading", name="cancelled", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Confusion matrix")).to_be_visible()


def _predict(hand: Mouse) -> None:
    page = hand.page
    hand.press(page.get_by_role("main").get_by_role("link", name="Predict", exact=True))
    hand.choose(page.get_by_label("Frame", exact=True), "test")
    hand.press(button(page, "Predict"))
    expect(page.get_by_role("heading", name="Rows", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Metrics on these rows")).to_be_visible()


def _java(hand: Mouse, folder: Path) -> None:
    page = hand.page
    hand.press(link(page, "Models"))
    hand.press(page.get_by_role("link", name="cancelled", exact=True))
    hand.press(page.get_by_role("link", name="Preview POJO"))
    expect(page.get_by_role("region", name="Source")).to_contain_text("public class")
    with page.expect_download() as begun:
        hand.press(page.get_by_role("link", name="Download"))
    file = folder / begun.value.suggested_filename
    begun.value.save_as(file)
    run(["javac", "-d", folder, file], folder)
    assert file.with_suffix(".class").exists()


def _grid(hand: Mouse) -> None:
    page = hand.page
    _fill(hand, epochs="0.5")
    hand.press(page.get_by_label("search hidden", exact=True))
    hand.fill(page.get_by_label("Values of hidden to try"), "[8], [16, 16]")
    hand.press(page.locator("summary").filter(has_text="Advanced"))
    hand.press(page.get_by_label("search l1", exact=True))
    hand.fill(page.get_by_label("Values of l1 to try"), "0, 0.001")
    hand.fill(page.get_by_label("grid_id", exact=True), "four")
    hand.press(button(page, "Start"))
    page.wait_for_url("**/jobs/*")
    hand.press(page.get_by_role("link", name="Show the grid"))
    expect(page.get_by_text("4 of 4 models")).to_be_visible()
    expect(page.locator("#picture svg path, #picture svg polyline").first).to_be_visible()


def _compare(hand: Mouse) -> None:
    page = hand.page
    boxes = page.get_by_role("checkbox", name=re.compile("^Choose four"))
    for place in (0, 1):
        hand.press(boxes.nth(place))
    hand.press(button(page, "Compare"))
    expect(page.get_by_role("heading", name="Compare", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("hidden")
