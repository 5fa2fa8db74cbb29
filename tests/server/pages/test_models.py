"""The list of models."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.exchange import table_of
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from .conftest import watched
from .hands import expect


def listed(page: Any) -> Any:
    """What the list names, from its top."""
    return page.locator("table.model-list tbody td:nth-child(2) a")


def names(page: Any) -> list[str]:
    """The same as texts, as it stands now."""
    return [each.strip() for each in listed(page).all_inner_texts()]


@pytest.fixture
def store(node: RunningNode) -> Any:
    return node.node.behind.store


def copied(store: Any, key: str, new: str, **changes: Any) -> None:
    model = store.get(key, DeepLearningModel)
    store.put(replace(model, key=new, **changes), new)


def test_the_newest_come_first_without_the_models_of_folds(page: Any):
    page.goto("models")
    found = names(page)
    assert found[:4] == [f"search_model_{number}" for number in (4, 3, 2, 1)]
    assert found[-4:] == ["rare", "prices", "disease", "flowers"]
    page.get_by_role("checkbox", name="3 models of folds, too").check()
    page.get_by_role("button", name="Show").click()
    expect(listed(page).filter(has_text="disease_cv_")).to_have_count(3)


def test_sorted_and_searched(page: Any):
    page.goto("models")
    every = sorted(names(page))
    page.get_by_role("link", name="Name").click()
    expect(listed(page)).to_have_text(every)
    page.get_by_role("link", name="Name").click()
    expect(listed(page)).to_have_text(every[::-1])
    page.get_by_label("Metric").select_option("AUC")
    page.get_by_role("searchbox", name="Search").fill("STATE")
    page.get_by_role("button", name="Show").click()
    expect(listed(page)).to_have_count(5)
    assert set(names(page)) == {"disease", *(f"search_model_{number}" for number in (1, 2, 3, 4))}
    page.get_by_role("link", name="Training").click()
    shown = page.locator("table.model-list tbody td:nth-child(7) data").all()
    values = [float(each.get_attribute("value")) for each in shown]
    assert len(values) == 5
    assert values == sorted(values)


def test_compare_is_given_those_that_are_ticked(page: Any):
    page.watched.allowed += ["404", "400"]  # what the page says is not told here
    page.goto("models")
    for name in ("prices", "flowers"):
        page.get_by_role("checkbox", name=f"Choose {name}", exact=True).check()
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(re.escape("/compare?model=prices&model=flowers") + "$"))


def test_removed_are_those_that_are_ticked(page: Any, store: Any):
    copied(store, "prices", "old<i>")
    page.goto("models")
    page.get_by_role("checkbox", name="Choose old<i>").check()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status").filter(has_text="1 removed")).to_be_visible()
    assert "old<i>" not in names(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".note")).to_contain_text("No model was ticked")


def test_models_come_from_files(page: Any, node: RunningNode, tmp_path: Path):
    session = node.node.behind
    ours = session.model_files.save("prices", tmp_path / "prices_file")
    mojo = session.model_files.save_mojo("flowers", tmp_path / "flowers.zip")
    session.objects.remove("prices")
    page.goto("models")
    page.get_by_text("Load a model").click()
    page.get_by_label("or file of the node").fill(ours)
    page.get_by_role("button", name="Load").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("prices")
    page.goto("models")
    page.get_by_text("Load a model").click()
    page.get_by_label("File to send").set_input_files(mojo)
    page.get_by_label("Name", exact=True).fill("sent/<b>")
    page.get_by_role("button", name="Load").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("sent/<b>")
    expect(page.locator(".key-facts")).to_contain_text("MOJO flowers.zip")
    assert list(node.node.uploads.iterdir()) == []
    session.objects.remove("sent/<b>")


def test_what_cannot_be_loaded(page: Any):
    page.watched.allowed.append("400")
    path = "or file of the node"
    for fields, wrong in (
        ({}, "name a file"),
        ({path: "/nowhere/x.zip"}, "/nowhere/x.zip"),
        ({path: "/nowhere/x", "Name": "new"}, "knows the name of its model"),
        ({path: "/nowhere/x.zip", "Name": "iris"}, "is taken"),
    ):
        page.goto("models")
        page.get_by_text("Load a model").click()
        for name, value in fields.items():
            page.get_by_label(name, exact=True).fill(value)
        page.get_by_role("button", name="Load").click()
        expect(page.get_by_role("alert")).to_contain_text(wrong)


def test_a_thousand_models_are_shown_in_parts(browser: Any, monkeypatch: pytest.MonkeyPatch):
    session = LocalSession("many", nthreads=1)
    session.frames.upload(table_of({"x": [1.0, 2.0] * 10, "y": [0.0, 1.0] * 10}), "rows")
    parameters = {"hidden": [2], "epochs": 1, "model_id": "first"}
    started = session.training.train("deeplearning", parameters, x=None, y="y", training_frame_key="rows")
    session.jobs.wait(started["job"], 60)
    for number in range(999):
        copied(session.store, "first", f"copy_{number}")

    def refuse(self: Any) -> Any:
        raise AssertionError("a list needs no descriptions")

    monkeypatch.setattr(DeepLearningModel, "description", refuse)
    with (
        RunningNode(OpenNode(session)) as running,
        watched(browser, running, java_script_enabled=False) as page,
    ):
        page.goto("models?sort=name")
        expect(listed(page)).to_have_count(50)
        assert "1 000 models" in page.locator(".pager").inner_text().replace("\u202f", " ")
        page.get_by_role("link", name="Next models").click()
        fifty_first = sorted(f"copy_{number}" for number in range(999))[50]
        expect(listed(page).first).to_have_text(fifty_first)


def test_nothing_yet(browser: Any, empty_node: RunningNode):
    with watched(browser, empty_node) as page:
        page.goto("models")
        expect(page.locator(".empty").get_by_role("link", name="Build")).to_be_visible()
