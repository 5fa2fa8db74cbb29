"""One row: a form of the inputs, and the answer that follows it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.errors import InvalidArgument
from heavywater.exchange import table_of, to_rows
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.basics.wording import short_number
from heavywater.server.pages.predicting.answer_view import MOST_CLASSES, shown_answer
from heavywater.server.pages.predicting.row_fields import fields_of, moment_text, slider_step
from heavywater.session import LocalSession

from .axe import violations
from .conftest import watched
from .hands import expect

WHAT_IF = "predict/row?model={}&frame={}&row={}"


def session_of(node: RunningNode) -> LocalSession:
    return node.node.behind


def row_of(node: RunningNode, frame: str, row: int) -> dict[str, Any]:
    names, *rows = to_rows(session_of(node).frames.fetch(frame, None, row - 1, 1))
    return dict(zip(names, rows[0], strict=True))


def shares_on(page: Any) -> Any:
    return page.locator("#bars td.n")


def shares_of(node: RunningNode, model: str, row: dict[str, Any]) -> list[str]:
    said = session_of(node).models.score_rows(model, [row])[0]
    return [short_number(each) for each in list(said.values())[1:]]


def test_a_slider_changes_the_answer_to_that_of_the_model(page: Any, node: RunningNode):
    page.goto(WHAT_IF.format("disease", "heart", 17))
    row = row_of(node, "heart", 17)
    expect(shares_on(page)).to_have_text(shares_of(node, "disease", row))
    expect(page.get_by_label("x0", exact=True)).to_have_value(repr(row["x0"]))
    expect(page.locator("#change")).to_have_text("as at the start")
    page.get_by_label("Slider of x0").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    moved = float(page.get_by_label("x0", exact=True).input_value())
    assert moved > row["x0"]
    expect(shares_on(page)).to_have_text(shares_of(node, "disease", {**row, "x0": moved}))
    page.get_by_label("color", exact=True).select_option(label="green")
    page.get_by_label("x1", exact=True).fill("")
    changed = {**row, "x0": moved, "color": "green", "x1": None}
    expect(shares_on(page)).to_have_text(shares_of(node, "disease", changed))
    said = session_of(node).models.score_rows("disease", [changed])[0]["predict"]
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    page.get_by_role("link", name="Back to the start").click()
    expect(shares_on(page)).to_have_text(shares_of(node, "disease", row))
    expect(page.get_by_label("x1", exact=True)).to_have_value(repr(row["x1"]))
    page.get_by_role("link", name="Next row").click()
    expect(shares_on(page)).to_have_text(shares_of(node, "disease", row_of(node, "heart", 18)))


def test_a_number_is_compared_with_the_start(page: Any, node: RunningNode):
    page.goto("predict/row?model=prices")
    start = {
        name: float(page.get_by_label(name, exact=True).input_value()) for name in ("x0", "x1", "x2", "x3")
    }
    color = page.get_by_label("color", exact=True).evaluate("s => s.selectedOptions[0].label")
    start["color"] = color
    page.get_by_label("Slider of x0").fill("1.5")
    scored = session_of(node).models.score_rows("prices", [start, {**start, "x0": 1.5}])
    before, now = (each["predict"] for each in scored)
    expect(page.locator("#headline")).to_have_text(short_number(now))
    expect(page.locator("#change")).to_contain_text(f"+{short_number(now - before)} against")
    page.get_by_label("x0", exact=True).fill("1e300")
    expect(page.locator("#remarks")).to_contain_text("scored like missing values")


def test_without_scripts_a_button_asks(browser: Any, node: RunningNode):
    with watched(browser, node, java_script_enabled=False) as page:
        page.goto("predict/row")
        page.get_by_label("Model", exact=True).select_option("rare")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_label("Slider of x0")).to_be_hidden()
        page.get_by_label("x0", exact=True).fill("3")
        page.get_by_label("kind", exact=True).select_option("")
        page.get_by_role("button", name="Predict", exact=True).click()
        values = {f"x{k}": float(page.get_by_label(f"x{k}", exact=True).input_value()) for k in range(4)}
        assert values["x0"] == 3
        said = session_of(node).models.score_rows("rare", [{**values, "kind": None}])[0]
        expect(page.locator("#headline")).to_have_text(short_number(said["Reconstruction.MSE"]))
        page.get_by_label("Start from", exact=True).select_option("iris")
        page.get_by_label("row", exact=True).fill("5")
        page.get_by_role("button", name="Take it").click()
        expect(page.get_by_label("x0", exact=True)).to_have_value(repr(row_of(node, "iris", 5)["x0"]))


@pytest.mark.parametrize(
    ("model", "frame"), [("prices", "houses"), ("disease", "heart"), ("flowers", "iris"), ("rare", "iris")]
)
def test_contributions_add_up_to_the_answer(browser: Any, node: RunningNode, model: str, frame: str):
    session = session_of(node)
    with watched(browser, node, java_script_enabled=False) as page:
        page.goto(WHAT_IF.format(model, frame, 4))
        page.get_by_label("x0", exact=True).fill("0.75")
        page.get_by_role("button", name="Explain").click()
        row = {**row_of(node, frame, 4), "x0": 0.75}
        said = session.models.score_rows(model, [row])[0]
        answer = next(iter(said.values()))
        cells = page.locator("#contributions td.n data").evaluate_all("l => l.map(d => Number(d.value))")
        assert len(cells) == len(session.models.inputs(model)) + 2
        assert cells[-1] == pytest.approx(said[answer] if isinstance(answer, str) else answer, rel=1e-5)
        assert sum(cells[:-1]) == pytest.approx(cells[-1], rel=1e-5)
        assert sorted(cells[1:-1], key=lambda each: -abs(each)) == cells[1:-1]
        widths = page.locator("#contributions .fill").evaluate_all(
            "l => l.map(r => Number(r.getAttribute('width')))"
        )
        assert widths == pytest.approx([abs(each) * widths[0] / abs(cells[1]) for each in cells[1:-1]])
        expect(page.get_by_label("x0", exact=True)).to_have_value("0.75")


def test_contributions_are_those_of_the_row_that_is_shown(page: Any, node: RunningNode):
    page.goto(WHAT_IF.format("prices", "houses", 4))
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("x0", exact=True).fill("2")
    expect(page.get_by_role("heading", name="Why")).to_have_count(0)
    page.get_by_role("button", name="Explain").click()
    said = session_of(node).models.score_rows("prices", [{**row_of(node, "houses", 4), "x0": 2}])[0][
        "predict"
    ]
    expect(page.locator("#contributions tr.chosen td")).to_have_text(short_number(said))


def test_calibrated_probabilities_stand_aside(page: Any, node: RunningNode):
    session = session_of(node)
    parameters = {
        "hidden": [3], "epochs": 1, "seed": 1, "model_id": "calibrated", "calibrate_model": True, "calibration_frame": "heart",
    }  # fmt: skip
    started = session.training.train(
        "deeplearning", parameters, x=None, y="state", training_frame_key="heart"
    )
    session.jobs.wait(started["job"], 60)
    page.goto(WHAT_IF.format("calibrated", "heart", 17))
    expect(shares_on(page)).to_have_text(shares_of(node, "calibrated", row_of(node, "heart", 17))[:2])


def test_many_inputs_and_many_levels(browser: Any, page: Any, node: RunningNode):
    session, random = session_of(node), np.random.default_rng(1)
    data: dict[str, Any] = {f"p{k}": list(random.integers(0, 255, 80)) for k in range(60)}
    data |= {"city": [f"city {k} <i>" for k in range(80)], "y": list(random.normal(size=80))}
    data["empty"] = [0, 1] * 40
    session.frames.upload(table_of(data, column_types={"city": "enum"}), "wide")
    job = session.training.train(
        "deeplearning", {"hidden": [3], "epochs": 1, "seed": 1, "model_id": "broad"}, x=None, y="y",
        training_frame_key="wide",
    )  # fmt: skip
    session.jobs.wait(job["job"], 60)
    page.goto(WHAT_IF.format("broad", "wide", 2))
    most = session.models.describe("broad")["variable_importances"]["rows"][0][0]
    assert most.startswith("city.") or page.locator(".input-row").first.get_attribute("data-name") == most
    expect(page.locator(".input-row:visible")).to_have_count(16)
    page.get_by_label("Find an input").fill("CIT")
    expect(page.locator(".input-row:visible")).to_have_count(1)
    row = row_of(node, "wide", 2)
    page.get_by_label("city", exact=True).fill("city 7 <i>")
    said = session.models.score_rows("broad", [{**row, "city": "city 7 <i>"}])[0]["predict"]
    expect(page.locator("#headline")).to_have_text(short_number(said))
    page.get_by_label("city", exact=True).fill("nowhere")
    expect(page.locator("#remarks")).to_contain_text("'nowhere'")
    with watched(browser, node, java_script_enabled=False) as plain:
        plain.goto(WHAT_IF.format("broad", "wide", 2))
        first = plain.locator(".input-row").first.get_attribute("data-name")
        plain.get_by_label(first, exact=True).fill("200")
        plain.get_by_label("Find an input").fill("p5")
        plain.get_by_role("button", name="Find").click()
        expect(plain.locator(".input-row")).to_have_count(sum("p5" in name for name in row))
        said = session.models.score_rows("broad", [{**row, first: 200}])[0]["predict"]
        expect(plain.locator("#headline")).to_have_text(short_number(said))
    answer = page.request.get("predict/row/levels?model=broad&input=60&text=Y 7")
    assert answer.json()["levels"] == ["city 7 <i>", *(f"city {k} <i>" for k in range(70, 80))]


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [("v0", "word", "column 'x0': 'word' must be a number"), ("v4", "9", "3 levels")],
)
def test_what_cannot_be_is_refused(page: Any, field: str, text: str, why: str):
    page.goto("predict/row?model=disease")
    page.watched.allowed.append("400")
    status, answer = page.evaluate(
        """async ([field, text]) => {
            const body = new URLSearchParams({model: "disease", [field]: text});
            const reply = await fetch("row/answer", {method: "POST", body, headers: {Accept: "application/json"}});
            return [reply.status, (await reply.json()).error];
        }""",
        [field, text],
    )
    assert (status, why in answer) == (400, True), answer


# ---- what the form is made of


def number(**facts: Any) -> dict[str, Any]:
    given = {
        "name": "n",
        "kind": "real",
        "role": "input",
        "importance": None,
        "low": -1.0,
        "high": 3.0,
        "mean": 0.123456,
    }
    return given | facts


def test_fields_of_numbers():
    whole, real, flat, absent = fields_of(
        [number(kind="int", low=0.0, high=6.0, mean=2.6), number(), number(low=2.0, high=2.0), number()],
        {},
    )
    assert (whole.start_text, whole.low, whole.high, whole.step) == ("3", 0, 6, 1)
    assert (real.start, real.start_text, real.step) == (0.1235, "0.1235", 0.02)
    assert flat.step is None
    assert absent.cell("") is None and absent.cell("4.5") == 4.5 and absent.cell("1 Jan") == "1 Jan"
    (given,) = fields_of([number()], {"n": None})
    assert (given.start, given.start_text) == (None, "")


def test_fields_of_factors():
    given = {
        "name": "f",
        "kind": "enum",
        "importance": None,
        "cardinality": 3,
        "levels": ["a", "", "0"],
        "common": "",
    }
    (field,) = fields_of([given], {})
    assert (field.control, field.start, field.start_text, field.cell("2"), field.cell("")) == (
        "choice",
        "",
        "1",
        "0",
        None,
    )
    with pytest.raises(InvalidArgument, match="3 levels, and none is number 9"):
        field.cell("9")
    (unseen,) = fields_of([given], {"f": "new"})
    assert (unseen.control, unseen.start_text, unseen.cell("b")) == ("search", "new", "b")


def test_moments_can_be_read_back():
    assert moment_text(1_700_000_000_000) == "2023-11-14 22:13:20"
    assert moment_text(1_700_000_000_001) == "1700000000001"
    assert moment_text(1e300) == "1e+300"
    assert moment_text(None) == ""


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1e-9, 1e-9), (3, 1e12), (0.5, 0.7)])
def test_steps_are_round(low: float, high: float):
    step = slider_step(low, high, whole=False)
    assert 100 <= (high - low) / step <= 200.5
    assert float(f"{step:.0e}") == step
    assert slider_step(low, high, whole=True) >= 1


def test_of_many_classes_the_most_probable_ones_are_shown():
    names = [f"c{k}" for k in range(100)]
    shares = {name: k / 4950 for k, name in enumerate(names)}
    described = {"response_domain": names, "response_column": "y", "default_threshold": None}
    found = shown_answer(described, {"predict": "c99", **shares}, {"predict": "c99", **shares}, [])
    assert [bar.name for bar in found.bars] == names[: -MOST_CLASSES - 1 : -1]
    assert (found.others, found.headline, found.change) == (80, "c99", "as at the start")


def test_a_missing_answer_is_told():
    described = {"response_domain": None, "response_column": None, "default_threshold": None}
    found = shown_answer(described, {"e": 1.0}, {"e": None}, [])
    assert (found.headline, found.change) == (short_number(float("nan")), "1 at the start")
