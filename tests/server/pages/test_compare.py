"""Models side by side, and how they are chosen."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from heavywater.exchange import table_of
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.comparing.model_comparison import Compared
from heavywater.session import JobHandle, LocalSession

from .axe import violations
from .conftest import watched
from .hands import expect

TWO = "compare?model=search_model_1&model=search_model_2"


def told(page: Any, region: str, row: str) -> list[str]:
    cells = (
        page.get_by_role("region", name=region, exact=True)
        .get_by_role("row")
        .filter(has=page.get_by_role("rowheader", name=row, exact=True))
    )
    return [text.strip() for text in cells.first.get_by_role("cell").all_inner_texts()]


def test_models_are_found_and_chosen(browser: Any, node: RunningNode):
    with watched(browser, node, java_script_enabled=False) as page:
        page.goto("compare")
        page.get_by_text("Tick up to 20 models").wait_for()
        expect(page.get_by_role("link", name="disease_cv_1")).to_have_count(0)
        page.get_by_label("Choose prices").check()
        page.get_by_role("searchbox", name="Search").fill("HEART")
        page.get_by_role("searchbox", name="Search").press("Enter")
        assert page.get_by_role("row").count() == 1 + 5  # disease, and the grid
        page.get_by_label("Choose disease").check()
        page.get_by_role("button", name="Compare").click()
        page.get_by_role("heading", name="Compare 2 models").wait_for()
        page.get_by_text("of different kinds (Regression, Binomial)").wait_for()
        page.get_by_role("link", name="Leave out prices").click()
        page.get_by_text("add others to compare it with").wait_for()
        page.get_by_role("link", name="Choose others").click()
        expect(page.get_by_label("Choose disease")).to_be_checked()


def test_a_node_without_models_says_what_to_do(browser: Any, empty_node: RunningNode):
    with watched(browser, empty_node) as page:
        page.goto("compare")
        page.locator("main").get_by_role("link", name="Build").wait_for()
        assert violations(page) == []


@pytest.mark.long
def test_too_many_models_are_refused(browser: Any, node: RunningNode):
    session = node.node.behind
    JobHandle(
        session,
        session.grids.train(
            "deeplearning", {"epochs": 0.1, "hidden": [1]}, {"seed": list(range(1, 22))}, x=["x0"], y="state",
            training_frame_key="heart", validation_frame_key=None, grid_id="many",
        ),
    ).wait()  # fmt: skip
    many = [f"many_model_{i + 1}" for i in range(21)]
    with watched(browser, node) as page:
        page.watched.allowed.append("400")
        page.goto("compare?" + "&".join(f"model={each}" for each in many))
        page.get_by_text("21 models are too many to be told from each other: choose at most 20").wait_for()
        expect(page.get_by_role("checkbox", checked=True)).to_have_count(21)
        page.get_by_label("Choose many_model_7", exact=True).uncheck()
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_role("heading", name="Compare 20 models")).to_be_visible()
        expect(page.locator(".line-chart .legend li")).to_have_count(20)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []
    session.objects.remove("many")


def test_a_model_that_is_not_there_is_named(page: Any):
    page.goto(TWO + "&model=<b>gone")
    expect(page.get_by_text("There is no model <b>gone")).to_be_visible()
    expect(page.get_by_role("heading", name="Compare 2 models")).to_be_visible()


def test_the_best_of_each_metric_is_marked(page: Any, node: RunningNode):
    page.goto(TWO)
    one, other = (node.node.behind.models.describe(f"search_model_{i}")["training_metrics"] for i in (1, 2))
    for label, name, greater in (("Logloss", "logloss", False), ("AUC", "AUC", True), ("R²", "r2", True)):
        values = one[name], other[name]
        best = values.index(max(values) if greater else min(values))
        cells = told(page, "Table of metrics", label)
        assert ["best" in cell for cell in cells] == [best == 0, best == 1]
    assert not any("best" in cell for cell in told(page, "Table of metrics", "Rows"))


def test_parameters_that_differ(page: Any):
    page.goto(TWO)
    region = page.get_by_role("region", name="Table of parameters that differ")
    assert region.get_by_role("rowheader").all_inner_texts() == ["hidden"]
    assert told(page, "Table of parameters that differ", "hidden") == ["[4]", "[8, 8]"]
    page.get_by_text("The same in all").click()
    expect(page.locator("details dt", has_text="rho")).to_be_visible()
    assert told(page, "Table of sizes and times", "Units of the layers") == ["8, 4, 2", "8, 8, 8, 2"]
    weights = told(page, "Table of sizes and times", "Weights and biases")
    assert int(weights[0]) == 8 * 4 + 4 + 4 * 2 + 2


@pytest.mark.parametrize("script", [False, True])
def test_curves(browser: Any, node: RunningNode, script: bool):
    with watched(browser, node, java_script_enabled=script) as page:
        page.goto("compare?model=disease&model=search_model_1")
        assert (
            page.get_by_role("combobox", name="Data").input_value() == "training"
        )  # only one has validation data
        page.get_by_role("combobox", name="Metric").select_option("AUC")
        page.get_by_role("combobox", name="Data").select_option("Both")
        page.get_by_role("combobox", name="Against").select_option("Samples")
        page.get_by_role("button", name="Show").click()
        page.get_by_text("AUC of training and validation data").first.wait_for()
        names = page.locator(".line-chart .legend li").all_inner_texts()
        assert [name.strip() for name in names] == [
            "disease, training",
            "disease, validation",
            "search_model_1, training",
        ]
        page.get_by_role("combobox", name="Data").select_option("Validation")
        page.get_by_label("logarithmic").check()
        page.get_by_role("button", name="Show").click()
        page.get_by_text("Without this curve: search_model_1").wait_for()
        page.get_by_text("Table: AUC of validation data").click()
        table = page.get_by_role("region", name="Table: AUC")
        assert table.get_by_role("row").count() == 1 + 5 and "1 500" in table.inner_text().replace(
            "\u202f", " "
        )


def test_models_of_different_kinds(page: Any):
    page.goto("compare?model=flowers&model=prices&model=rare&model=disease")
    expect(page.get_by_text("none is marked as the best")).to_be_visible()
    expect(page.get_by_text("training data are of different frames: iris, houses, heart")).to_be_visible()
    expect(page.locator(".best")).to_have_count(0)
    shared = told(page, "Table of metrics", "RMSE")
    assert len(shared) == 4 and "\u2013" not in shared
    first = page.get_by_role("region", name="Table of metrics").get_by_role("rowheader").all_inner_texts()
    assert set(first[1:4]) == {"RMSE", "MSE", "Rows"}  # after the heading of the group
    assert violations(page) == []


def test_seconds_are_read_from_the_history():
    history = {"columns": ["duration", "epochs", "samples", "training_rmse"],
               "rows": [[" 0.250 sec", 1.0, 10.0, 2.0], [" 2 min  1.500 sec", 2.0, 20.0, 1.0]]}  # fmt: skip
    compared = Compared(
        [
            {
                "model_id": "a",
                "model_category": "Regression",
                "response_column": "y",
                "scoring_history": history,
            }
        ]
    )
    assert compared.curves("rmse", "training", "seconds") == {"a": ([0.25, 121.5], [2.0, 1.0])}


def test_tables_as_files(page: Any, node: RunningNode):
    page.goto(TWO)
    found = {}
    for name in ("Curves", "Metrics", "Parameters", "Sizes and times"):
        with page.expect_download() as started:
            page.get_by_role("link", name=f"{name} as CSV").click()
        with Path(started.value.path()).open(newline="") as file:
            found[name] = list(csv.reader(file))
    assert found["Metrics"][0] == ["data", "metric", "search_model_1", "search_model_2"]
    metrics = {row[1]: row[2:] for row in found["Metrics"]}
    described = node.node.behind.models.describe("search_model_2")
    assert float(metrics["Logloss"][1]) == described["training_metrics"]["logloss"]
    assert ["hidden", "[4]", "[8, 8]"] in found["Parameters"]
    assert len(found["Curves"]) > 2 and found["Curves"][0] == ["model", "epochs", "logloss"]
    assert found["Sizes and times"][0][0] == "fact"
    page.watched.allowed.append("404")
    page.goto("compare/other.csv?model=prices")
    expect(page.get_by_text("no table 'other'")).to_be_visible()


def test_hostile_names(browser: Any):
    session = LocalSession("hostile", nthreads=1)
    hostile, long = '<img src=x onerror="alert(1)">', 10_000 * "k"
    rows = {"x": [1.0, 2.0, 3.0, 4.0] * 5, hostile: ["a", "<b>"] * 10, long: ["\u202eright", "b"] * 10}
    session.frames.upload(table_of(rows), "rows")
    for key, response in (("a&amp;'b'".replace("'", ""), hostile), ("m" * 300, long)):
        JobHandle(
            session,
            session.training.train(
                "deeplearning", {"epochs": 1, "hidden": [2], "model_id": key}, x=["x"], y=response, training_frame_key="rows",
            ),
        ).wait()  # fmt: skip
    with (
        RunningNode(OpenNode(session)) as node,
        watched(browser, node, viewport={"width": 390, "height": 800}) as page,
    ):
        page.goto("compare")
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_text("have different responses")).to_be_visible()
        expect(page.locator("main img")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []
