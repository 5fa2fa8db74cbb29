"""Predict: frames, files and texts of rows, what a model says of them, and where scores are cut."""

from __future__ import annotations

import re
import threading
from typing import Any

import numpy as np
import pytest
from heavywater.exchange import table_of, to_rows
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.predicting import prediction_runs, predictions
from heavywater.server.pages.predicting.score_cut import MOST_STEPS, ScoreSteps, rows_above

from .axe import violations
from .conftest import watched
from .hands import expect


def session_of(node: RunningNode) -> Any:
    return node.node.session


def predicted(page: Any, model: str, frame: str, name: str, kind: str = "") -> None:
    page.goto(f"predict?model={model}&frame={frame}")
    if kind:
        page.get_by_label(kind).check()
    page.get_by_label("Name of the result").fill(name)
    page.get_by_role("button", name="Predict", exact=True).click()


def rows_of(session: Any, key: str) -> Any:
    return to_rows(session.frames.fetch(key))


def test_a_frame_of_predictions_is_that_of_the_session(page: Any, node: RunningNode):
    session = session_of(node)
    predicted(page, "flowers", "iris", "iris_said")
    expect(page.get_by_role("heading", name="Predictions: iris_said")).to_be_visible()
    wanted = rows_of(session, session.models.predict("flowers", "iris"))
    assert rows_of(session, "iris_said") == wanted
    actual = rows_of(session, "iris")[1][4]
    first = page.get_by_role("region", name="Rows", exact=True).get_by_role("row").nth(1)
    expect(first).to_contain_text(f"1{actual}{wanted[1][0]}")
    expect(page.locator("tr.off")).to_have_count(
        sum(a[4] != b[0] for a, b in zip(rows_of(session, "iris")[1:51], wanted[1:51], strict=True))
    )
    error = session.models.metrics("flowers", "iris")["logloss"]
    expect(page.locator(f".metrics data[value='{error!r}']")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download CSV").click()
    assert saved.value.path().read_text() == session.frames.text("iris_said")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text(re.compile(r"^51 . 100 of 300 rows$"))).to_be_visible()
    page.get_by_label("Name", exact=True).fill("iris_and_said")
    page.get_by_role("button", name="Combine").click()
    together = session.frames.facts("iris_and_said")["names"]
    assert together == [*session.frames.facts("iris")["names"], *wanted[0]]


def test_of_two_classes_the_matrix_is_that_of_the_labels(page: Any, node: RunningNode):
    session = session_of(node)
    predicted(page, "disease", "heart", "heart_said")
    said = [row[0] for row in rows_of(session, "heart_said")[1:]]
    actual = [row[5] for row in rows_of(session, "heart")[1:]]
    pairs = list(zip(actual, said, strict=True))
    for line, name in enumerate(("sick", "well"), 1):
        cells = page.locator("table.confusion").get_by_role("row").nth(line).get_by_role("cell")
        counts = [str(pairs.count((name, other))) for other in ("sick", "well")]
        assert [cells.nth(k).inner_text() for k in (0, 1)] == counts
    expect(page.get_by_role("img", name="ROC curve")).to_be_visible()
    assert violations(page) == []


def test_numbers_stand_beside_what_they_are(page: Any, node: RunningNode):
    predicted(page, "prices", "houses", "prices_said")
    row = page.get_by_role("region", name="Rows", exact=True).get_by_role("row").nth(1)
    actual, off, said = (float(each) for each in row.locator("data").evaluate_all("l => l.map(d => d.value)"))
    assert off == actual - said


def test_intervals(browser: Any, page: Any, node: RunningNode):
    session = session_of(node)
    page.goto("predict?model=rare&frame=iris")
    field = page.get_by_label("that hold the truth with a probability of")
    expect(field).to_be_hidden()
    page.get_by_label("Model", exact=True).select_option("prices")
    page.get_by_label("Frame", exact=True).select_option("houses")
    page.get_by_label("Deep features").check()
    field.fill("0.8")
    expect(page.get_by_label("Predictions; of an autoencoder")).to_be_checked()
    page.get_by_label("Name of the result").fill("prices_between")
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.get_by_text("holds the truth with a probability of 0.8")).to_be_visible()
    wanted = rows_of(session, session.models.predict("prices", "houses", 0.8))
    assert wanted[0] == ["predict", "lower", "upper"] and rows_of(session, "prices_between") == wanted
    with watched(browser, node, java_script_enabled=False) as plain:
        plain.watched.allowed.append("400")
        plain.goto("predict")
        plain.get_by_label("Model", exact=True).select_option("disease")
        plain.get_by_label("Frame", exact=True).select_option("heart")
        field = plain.get_by_label("that hold the truth with a probability of")
        for kind, text, says in (
            ("Deep features", "0.9", "'Deep features' have none"),
            ("Predictions; of", "0", "must be a number between 0 and 1"),
        ):
            plain.get_by_label(kind).check()
            field.fill(text)
            plain.get_by_role("button", name="Predict", exact=True).click()
            expect(plain.get_by_role("alert")).to_contain_text(
                f"interval='{text}'" if text == "0" else f"interval={text}"
            )
            expect(plain.get_by_role("alert")).to_contain_text(says)
            expect(field).to_have_value(text)
        field.fill("0.9")
        plain.get_by_label("Name of the result").fill("disease_sets")
        plain.get_by_role("button", name="Predict", exact=True).click()
        expect(plain.get_by_role("columnheader", name="in_sick")).to_be_visible()
        assert rows_of(session, "disease_sets") == rows_of(
            session, session.models.predict("disease", "heart", 0.9)
        )


def test_rows_of_a_file(page: Any, node: RunningNode):
    session, text = session_of(node), "x0,x1,color,other\n1.5,2,red,7\n-1,,<b>violet</b>,8\n"
    page.goto("predict?model=disease")
    page.get_by_text("Rows of a file").click()
    file = {"name": '<img src=x> "rows".csv', "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.get_by_text("made of a file")).to_be_visible()
    expect(
        page.get_by_text("Columns missing in the frame, taken as missing values: 'x2', 'x3'")
    ).to_be_visible()
    expect(page.get_by_text("'<b>violet</b>'")).to_be_visible()
    frame, key = session.objects.keys("frame")[-2:]
    rows = [{"x0": 1.5, "x1": 2, "color": "red"}, {"x0": -1, "color": "violet"}]
    with pytest.warns(RuntimeWarning):
        said = session.models.score_rows("disease", rows)
    assert rows_of(session, key)[1:] == [list(each.values()) for each in said]
    page.get_by_role("button", name="Remove").click()
    assert not {key, frame} & set(session.objects.keys("frame"))


def test_rows_as_text_without_scripts(browser: Any, node: RunningNode):
    with watched(browser, node, java_script_enabled=False) as page:
        page.goto("predict?model=prices")
        page.get_by_text("Rows of a file").click()
        page.get_by_label("Rows as text").fill("x0,x1,x2,x3,color\n1,2,3,4,red\n0,0,0,0,blue\n0,0,0,0,")
        page.get_by_role("button", name="Predict", exact=True).click()
        expect(page.get_by_text(re.compile(r"^1 . 3 of 3 rows$"))).to_be_visible()


def test_what_cannot_be_said_of_a_file(page: Any):
    page.goto("predict?model=prices")
    page.get_by_text("Rows of a file").click()
    page.get_by_label("Rows as text").fill("a,b\n1,2")
    page.watched.allowed.append("400")
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(
        "no column of the file is an input of the model: it has a, b"
    )


def test_a_name_that_is_taken_is_refused(page: Any, node: RunningNode):
    page.watched.allowed.append("400")
    predicted(page, "flowers", "iris", "houses")
    expect(page.get_by_role("alert")).to_contain_text("'houses' is there already")
    expect(page.get_by_label("Model", exact=True)).to_have_value("flowers")
    assert session_of(node).frames.facts("houses")["names"][-1] == "price"


def test_deep_features_and_reconstructions(page: Any, node: RunningNode):
    session = session_of(node)
    page.goto("predict?model=flowers&frame=iris")
    page.get_by_label("Hidden layer", exact=True).fill("2")
    page.get_by_label("Name of the result").fill("features")
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.get_by_role("heading", name="Deep features of layer 2")).to_be_visible()
    assert rows_of(session, "features") == rows_of(
        session, session.models.deep_features("flowers", "iris", 1)
    )
    predicted(page, "rare", "iris", "again", "Reconstruction")
    assert rows_of(session, "again") == rows_of(session, session.models.predict("rare", "iris"))
    predicted(page, "rare", "iris", "errors", "Squared error")
    assert rows_of(session, "errors") == rows_of(session, session.models.anomaly("rare", "iris", True))


def test_what_a_model_can_be_asked_follows_the_choice(page: Any):
    page.goto("predict?model=flowers")
    expect(page.get_by_label("Frame", exact=True)).to_have_value("iris")  # which it was trained on
    expect(page.get_by_label("Reconstruction")).to_be_hidden()
    page.get_by_label("Frame", exact=True).select_option("houses")
    expect(page.get_by_role("status").filter(has_text="4 of 4 inputs")).to_be_visible()
    page.get_by_label("Model", exact=True).select_option("disease")
    page.get_by_label("Frame", exact=True).select_option("iris")
    expect(page.get_by_text("4 of 5 inputs are in the frame; missing: color")).to_be_visible()
    page.get_by_label("Model", exact=True).select_option("rare")
    expect(page.get_by_label("Reconstruction")).to_be_visible()


# ---- anomalies


def test_scores_are_cut_off(page: Any, node: RunningNode):
    session = session_of(node)
    predicted(page, "rare", "iris", "scores")
    scores = np.array([row[0] for row in rows_of(session, "scores")[1:]])
    above = page.locator("#lie-above")
    expect(above).to_contain_text("15 of 300 rows (5 %) lie above")
    page.get_by_label("Slider of the cut-off").fill("293")
    cut = np.sort(scores)[293]
    expect(page.get_by_label("Scores above")).to_have_value(str(cut))
    expect(above).to_contain_text("6 of 300 rows (2 %) lie above")
    listed = page.locator("#above tbody tr td:first-child")
    expect(listed).to_have_text([str(k + 1) for k in np.argsort(-scores)[:6]])
    listed.nth(1).get_by_role("link").click()
    expect(page.get_by_label("row", exact=True)).to_have_value(str(np.argsort(-scores)[1] + 1))
    page.go_back()
    page.get_by_label("Scores above").fill("1e9")
    expect(above).to_contain_text("0 of 300 rows")
    page.get_by_label("Scores above").fill(str(cut))
    page.get_by_label("Name", exact=True).first.fill("odd")
    page.get_by_role("button", name="Make a frame of these rows").click()
    found = rows_of(session, "odd")
    assert found[0] == [*session.frames.facts("iris")["names"], "Reconstruction.MSE"]
    assert sorted(row[-1] for row in found[1:]) == sorted(scores[scores > cut])


def test_scores_without_scripts(browser: Any, node: RunningNode):
    with watched(browser, node, java_script_enabled=False) as page:
        predicted(page, "rare", "iris", "plain_scores")
        expect(page.get_by_label("Slider of the cut-off")).to_be_hidden()
        page.get_by_label("Scores above").fill("0")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("#lie-above")).to_contain_text("300 of 300 rows (100 %)")
        expect(page.get_by_text(re.compile(r"^1 . 25 of 300 rows above$"))).to_be_visible()
        page.get_by_role("navigation", name="Parts of rows above").get_by_role("link", name="Next").click()
        expect(page.get_by_text(re.compile(r"^26 . 50 of 300 rows above$"))).to_be_visible()
    with watched(browser, node, color_scheme="dark", viewport={"width": 390, "height": 800}) as page:
        page.goto("predict/of/plain_scores")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("rows", [1, 7, 5000])
def test_steps_say_how_many_lie_above(rows: int):
    scores = np.random.default_rng(rows).exponential(size=rows).round(2)
    scores[rows // 2 : rows // 2 + 1] = np.nan if rows > 1 else 1.0
    steps = ScoreSteps.of(scores)
    assert len(steps.cuts) <= MOST_STEPS
    assert steps.above == [int((scores > cut).sum()) for cut in steps.cuts]
    assert sum(steps.counts) == steps.rows == (~np.isnan(scores)).sum()
    known = np.flatnonzero(scores > steps.first_cut)
    wanted = known[np.lexsort((known, -scores[known]))]
    for first in (0, 3):
        count, places, found = rows_above(scores, steps.first_cut, first, 5)
        assert count == len(wanted)
        assert places.tolist() == wanted[first : first + 5].tolist()
        assert found.tolist() == scores[places].tolist()


def test_scores_of_no_row():
    steps = ScoreSteps.of(np.array([np.nan]))
    assert (steps.rows, steps.cuts, steps.first_cut) == (0, [], 0.0)


# ---- what takes longer


def test_a_prediction_that_takes_longer_is_watched(
    page: Any, node: RunningNode, monkeypatch: pytest.MonkeyPatch
):
    going, ask = threading.Event(), prediction_runs._ask
    monkeypatch.setattr(predictions, "_PATIENCE", 0.05)
    monkeypatch.setattr(prediction_runs, "_ask", lambda *given: going.wait(20) and ask(*given))
    predicted(page, "flowers", "iris", "later")
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    expect(page.get_by_role("link", name="job", exact=True)).to_have_attribute(
        "href", re.compile("jobs/job_")
    )
    going.set()
    expect(page.get_by_text(re.compile(r"^1 . 50 of 300 rows$"))).to_be_visible()


def test_hostile_names(page: Any, node: RunningNode):
    session = session_of(node)
    evil, n = '<img src=x onerror="alert(1)">', np.arange(60)
    data = {
        evil: list(n * 1.0),
        "\u202e'\"<b>": [["<script>", "\n"][k % 2] for k in n],
        "y" * 10_000: list(n % 7 * 1.0),
    }
    session.frames.upload(table_of(data), "f<img>&")
    job = session.training.train(
        "deeplearning", {"hidden": [2], "epochs": 1, "model_id": "m<b>&~", "autoencoder": True}, x=None, y=None,
        training_frame_key="f<img>&",
    )  # fmt: skip
    session.jobs.wait(job["job"], 60)
    page.goto("predict")
    page.get_by_label("Model", exact=True).select_option("m<b>&~")
    page.get_by_label("Frame", exact=True).select_option("f<img>&")
    expect(page.get_by_text("3 of 3 inputs")).to_be_visible()
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.locator("#above").get_by_role("columnheader").nth(2)).to_have_text(evil)
    page.get_by_label("Slider of the cut-off").fill("0")
    expect(page.locator("#above tbody tr")).to_have_count(25)
    expect(page.locator("#above img, #above script, #above b")).to_have_count(0)
    page.goto("predict/row?" + "model=m%3Cb%3E%26~&frame=f%3Cimg%3E%26&row=3")
    expect(page.get_by_label(evil, exact=True)).to_have_value("2")
    expect(page.get_by_role("heading", name="What if: m<b>&~")).to_be_visible()
    assert violations(page) == []
