"""The page of a model."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.uncertainty.calibration import Calibration
from heavywater.exchange import table_of
from heavywater.export import limits
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.basics.addresses import address
from heavywater.server.pages.basics.attachments import comma_separated
from heavywater.server.pages.models.java_colours import coloured
from heavywater.server.pages.scores.confusion import Confusion
from heavywater.session import JobHandle

from ...export.programs import need_java, run
from .conftest import watched
from .filling import NET
from .hands import expect

HOSTILE = "<img/src=x/onerror=alert&amp;>\u202eabc"
KINDS = {
    "flowers": ["Scoring history", "Metrics", "Confusion matrix", "Hit ratios", "Parameters", "Files"],
    "disease": ["Scoring history", "Metrics", "Confusion matrix and thresholds", "Gains and lift", "Cross-validation"],
    "prices": ["Scoring history", "Metrics", "Predicted and actual"],
    "rare": ["Scoring history", "Metrics", "Reconstruction error"],
}  # fmt: skip


@pytest.fixture
def session(node: RunningNode) -> Any:
    return node.node.behind


def copied(session: Any, key: str, new: str, **changes: Any) -> str:
    session.store.put(replace(session.store.get(key, DeepLearningModel), key=new, **changes), new)
    return new


def cells(page: Any) -> list[list[float]]:
    """The numbers of the matrix that the slider moves."""
    read = "rows => rows.map(row => [...row.querySelectorAll('td data')].map(each => Number(each.value)))"
    found: list[list[float]] = page.locator("#threshold-matrix tbody tr").evaluate_all(read)
    return found


def numbers(page: Any) -> dict[str, float]:
    read = "all => Object.fromEntries(all.map(each => [each.dataset.metric, Number(each.firstChild.value)]))"
    found: dict[str, float] = page.locator("#threshold-numbers [data-metric]").evaluate_all(read)
    return found


def wanted(table: Any, line: int) -> tuple[list[list[float]], dict[str, float]]:
    """What a line of the table of thresholds says, as the page shows it."""
    at = dict(zip(table["columns"], table["rows"][line], strict=True))
    counts = [[at["tns"], at["fps"]], [at["fns"], at["tps"]]]
    matrix = []
    for i in (0, 1):
        total, right = sum(counts[i]), counts[i][i]
        predicted = counts[0][i] + counts[1][i]
        precision = [right / predicted] if predicted else []
        matrix.append([*counts[i], total, (total - right) / total, *precision, right / total])
    return matrix, at


@pytest.mark.parametrize("key", KINDS)
def test_each_kind_has_its_parts(page: Any, node: RunningNode, key: str, session: Any):
    frames = session.objects.keys("frame")
    page.goto(f"models/{key}")
    headings = page.locator("main h2").all_inner_texts()
    assert [each for each in KINDS[key] if each not in headings] == []
    assert (
        page.get_by_role("link", name="Continue training").get_attribute("href")
        == f"../build?checkpoint={key}"
    )
    metrics = session.models.describe(key)["training_metrics"]
    shown = (
        page.get_by_role("region", name="Metrics")
        .locator("data")
        .evaluate_all("all => all.map(each => each.value)")
    )
    assert repr(metrics["RMSE"]) in shown
    assert session.objects.keys("frame") == frames  # what was predicted for the page is gone


def test_the_slider_moves_the_matrix(page: Any, session: Any):
    table = session.models.describe("disease")["validation_metrics"]["thresholds_and_metric_scores"]
    last = len(table["rows"]) - 1
    page.goto("models/disease")
    slider = page.get_by_role("slider", name="Move")
    for line in (last, last // 2, 7, 0):
        slider.fill(str(last - line))
        matrix, at = wanted(table, line)
        found = cells(page)
        assert [row[:3] for row in found] == [row[:3] for row in matrix]
        for row, other in zip(found, matrix, strict=True):
            assert row == pytest.approx(other)
        assert numbers(page) == pytest.approx({name: at[name] for name in numbers(page)})
        assert float(page.get_by_role("spinbutton", name="Threshold").input_value()) == at["threshold"]
    slider.press("ArrowRight")
    assert [row[:3] for row in cells(page)] == [row[:3] for row in wanted(table, 0)[0]]  # it is at its end
    page.get_by_role("spinbutton", name="Threshold").fill(str(table["rows"][20][0] + 1e-9))
    page.get_by_role("spinbutton", name="Threshold").press("Tab")
    assert [row[:3] for row in cells(page)] == [row[:3] for row in wanted(table, 20)[0]]


def test_all_of_it_without_scripts(browser: Any, node: RunningNode, session: Any):
    with watched(browser, node, java_script_enabled=False) as page:
        page.goto("models/disease")
        expect(page.locator("#slider")).to_be_hidden()
        page.get_by_label("Data", exact=True).select_option("cross_validation")
        page.get_by_role("spinbutton", name="Threshold").fill("0.25")
        page.locator("#threshold-form").get_by_role("button", name="Show").click()
        table = session.models.describe("disease")["cross_validation_metrics"]["thresholds_and_metric_scores"]
        line = min(range(len(table["rows"])), key=lambda i: abs(table["rows"][i][0] - 0.25))
        assert [row[:3] for row in cells(page)] == [row[:3] for row in wanted(table, line)[0]]
        page.get_by_label("Metric", exact=True).select_option("auc")
        page.locator("section", has=page.get_by_role("heading", name="Scoring history")).get_by_role(
            "button"
        ).click()
        expect(page.get_by_text("AUC over epochs", exact=True).first).to_be_visible()
        expect(page.get_by_label("Data", exact=True)).to_have_value("cross_validation")  # other choices stay
        before = session.models.describe("disease")["default_threshold"]
        page.get_by_role("button", name="Predict with this threshold").click()
        assert session.models.reset_threshold("disease", before) == pytest.approx(table["rows"][line][0])
        page.goto("models/prices?frame=houses")
        expect(page.locator("main")).to_contain_text("300 of 300 rows of houses")


def test_frames_that_can_be_chosen(page: Any, session: Any):
    session.frames.upload(table_of({"price": ["much", "little"], "x0": [1.0, 2.0]}), "words")
    session.frames.upload(table_of({"price": [float(i) for i in range(3000)], "x0": [0.5] * 3000}), "larger")
    frames = session.objects.keys("frame")
    page.goto("models/prices?frame=words")
    assert page.get_by_label("Frame", exact=True).locator("option").all_inner_texts() == ["houses", "larger"]
    page.get_by_label("Frame", exact=True).select_option("larger")
    part = page.get_by_role("region", name="Predicted and actual", exact=True)
    part.get_by_role("button", name="Show").click()
    said = part.locator("p").first.inner_text()
    shown, of = (int(re.sub(r"\D", "", each)) for each in said.split(" rows")[0].split(" of "))
    assert 800 < shown <= 1000
    assert of == 3000
    assert session.objects.keys("frame") == frames
    for key in ("words", "larger"):
        session.objects.remove(key)


def test_java_compiles_and_predicts(page: Any, session: Any, tmp_path: Path):
    copied(session, "flowers", HOSTILE)
    page.goto(f"models/{address(HOSTILE)}/pojo")
    expect(page.locator("pre .j-word", has_text="class").first).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    assert re.fullmatch(r"\w+\.java", file.name)
    assert f"class {file.stem} " in file.read_text()
    need_java()
    run(["javac", "-Xlint:all", "-Werror", "-d", tmp_path, file], tmp_path)
    assert (tmp_path / f"{file.stem}.class").exists()
    session.objects.remove(HOSTILE)


def test_the_source_can_be_copied(browser: Any, node: RunningNode):
    with watched(browser, node, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("models/flowers/pojo")
        page.get_by_role("button", name="Copy").click()
        page.get_by_text("Copied", exact=True).wait_for()
        assert page.evaluate("navigator.clipboard.readText()").startswith(
            page.locator("pre").inner_text()[:50]
        )


def test_what_files_cannot_carry_is_said(page: Any, session: Any, monkeypatch: pytest.MonkeyPatch):
    copied(session, "disease", "limited", calibration=Calibration("PlattScaling", "", 9, 0.5, 0.4))
    monkeypatch.setattr(limits, "LARGEST_MESSAGE", 100)
    page.goto("models/limited")
    files = page.get_by_role("region", name="Files", exact=True)
    lines = files.get_by_role("listitem").all_inner_texts()
    told = [line.split()[0] for line in lines if "calibrated probabilities are left out" in line]
    assert told == ["Preview", "MOJO:"]
    assert "an ONNX file holds 2" in lines[2]
    expect(files.get_by_role("link", name="MOJO")).to_have_count(1)
    expect(files.get_by_role("link", name="ONNX")).to_have_count(0)
    session.objects.remove("limited")


def test_files_come_and_nothing_stays(page: Any, node: RunningNode, session: Any, tmp_path: Path):
    key = copied(session, "prices", "a/<b>&\u05d0")
    page.goto(f"models/{address(key)}")
    begin = {"ONNX": b"\x08\x08\x12", "C source": b"/*", "its header": b"/*"}
    for name in ("MOJO", *begin, "Model file", "JSON"):
        with page.expect_download() as started:
            page.get_by_role("link", name=name, exact=True).click()
        file = tmp_path / f"{name}.zip"
        started.value.save_as(file)
        assert started.value.suggested_filename.startswith("a_")
        if name == "MOJO":
            loaded = session.model_files.import_mojo(file)
        elif name in begin:
            assert file.read_bytes().startswith(begin[name])
            continue
        elif name == "Model file":
            session.objects.remove(key)
            loaded = session.model_files.load(file)
            assert loaded == key
        else:
            assert '"RMSE"' in file.read_text()
            continue
        assert session.models.describe(loaded)["response_column"] == "price"
        session.objects.remove(loaded)
        if name == "Model file":
            copied(session, "prices", key)
    assert list(node.node.uploads.iterdir()) == []
    session.objects.remove(key)


def test_names_do_no_harm(page: Any, session: Any):
    page.watched.allowed.append("404")
    session.frames.upload(
        table_of(
            {"<img src=x onerror=alert(1)>": [1.0, 2.0] * 20, "y": ["<b>'\"", "\u202e" + "long" * 2500] * 20}
        ),
        "hostile",
    )
    long = "m" * 10_000
    JobHandle(
        session, session.training.train("deeplearning", {**NET, "model_id": HOSTILE, "nfolds": 2}, x=None, y="y",
                                        training_frame_key="hostile")
    ).wait()  # fmt: skip
    for key in (HOSTILE, copied(session, "flowers", long)):
        page.goto("models")
        page.get_by_role("checkbox", name=f"Choose {key}").wait_for()
        page.goto(f"models/{address(key)}")
        assert page.get_by_role("heading", level=1).inner_text()[:5] == key[:5]
        expect(page.locator("img")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_text("Remove", exact=True).click()
        page.get_by_role("button", name="Remove for good").click()
        assert key not in session.objects.keys("model")
        page.goto(f"models/{address(key)}")
        expect(page.get_by_role("alert")).to_contain_text("no model")
    session.objects.remove("hostile")


def test_a_matrix_of_many_classes_stays_usable(page: Any, session: Any):
    table: dict[str, Any] = {"columns": [f"c{i}" for i in range(120)] + ["Error", "Rate"], "rows": []}
    random = np.random.default_rng(2)
    counts = random.integers(0, 3, (120, 120)) + np.diag(np.full(120, 50))
    counts[7, 90] = 99
    table["rows"] = [[*map(int, row), 0.0, ""] for row in (*counts, counts.sum(axis=0))]
    metrics = session.store.get("flowers", DeepLearningModel).training_metrics
    copied(
        session,
        "flowers",
        "many",
        validation_metrics=None,
        training_metrics={**metrics, "cm": {"table": table}},
    )
    page.goto("models/many")
    mistakes = page.get_by_role("region", name="Most frequent mistakes").locator("tbody tr").first
    assert mistakes.locator("td").all_inner_texts()[:3] == ["c7", "c90", "99"]
    expect(page.locator("table.confusion tbody tr")).to_have_count(26)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    text = page.request.get(f"{page.url}/matrix?part=training").text()
    assert [line.split(",")[1:] for line in text.splitlines()[1:]] == [
        [str(each) for each in row] for row in counts
    ]
    session.objects.remove("many")


def test_models_that_know_little(page: Any, session: Any, tmp_path: Path):
    """No history, no metrics, warnings; from elsewhere."""
    bare = copied(
        session, "flowers", "bare", history=None, varimp=None, training_metrics=None, validation_metrics=None, facts={},
        warnings=["the model is <b>unstable</b>"],
    )  # fmt: skip
    page.goto(f"models/{bare}")
    expect(page.locator(".note.warn")).to_contain_text("the model is <b>unstable</b>")
    expect(page.locator(".empty")).to_contain_text("no metrics")
    expect(page.locator("figure")).to_have_count(0)
    session.objects.remove(bare)
    imported = session.model_files.import_mojo(
        session.model_files.save_mojo("disease", tmp_path / "d.zip"), "came"
    )
    page.goto(f"models/{imported}")
    expect(page.get_by_role("link", name="Continue training")).to_have_count(0)
    expect(page.get_by_role("slider", name="Move")).to_be_visible()
    session.objects.remove(imported)


def test_a_metric_of_the_users_own(page: Any, session: Any):
    metric = session.training.put_metric(_Doubled, "doubled")
    JobHandle(
        session, session.training.train("deeplearning", {**NET, "model_id": "own", "custom_metric_func": metric}, x=None,
                                        y="price", training_frame_key="houses")
    ).wait()  # fmt: skip
    page.goto("models/own?curve=custom")
    expect(page.get_by_role("region", name="Table: Metrics")).to_contain_text("Custom metric")
    expect(page.get_by_text("Custom metric over epochs", exact=True).first).to_be_visible()
    session.objects.remove("own")


class _Doubled:
    """A metric that is always 2."""

    def map(self, predicted: Any, actual: Any, weight: Any, offset: Any, model: Any) -> list[float]:
        return [2.0 * weight, weight]

    def reduce(self, left: list[float], right: list[float]) -> list[float]:
        return [left[0] + right[0], left[1] + right[1]]

    def metric(self, last: list[float]) -> float:
        return last[0] / last[1]


def test_a_model_in_training_has_a_page(page: Any, session: Any):
    started = session.training.train(
        "deeplearning", {"hidden": [4], "epochs": 1e9, "stopping_rounds": 0, "model_id": "growing"}, x=None,
        y="kind", training_frame_key="iris",
    )  # fmt: skip
    page.goto("models/growing")
    expect(page.get_by_role("heading", level=1)).to_have_text("growing")
    page.goto("models")
    expect(page.locator(".training").get_by_role("link", name="growing")).to_be_visible()
    session.jobs.cancel(started["job"])
    session.jobs.wait(started["job"], 60)
    page.goto("models/growing")
    expect(page.get_by_role("heading", name="Metrics")).to_be_visible()
    session.objects.remove("growing")


def test_the_page_of_paper_has_no_controls(page: Any):
    page.emulate_media(media="print")
    page.goto("models/disease")
    for role in ("button", "combobox", "slider", "spinbutton", "checkbox"):
        assert [each for each in page.get_by_role(role).all() if each.is_visible()] == []
    for heading in ("Scoring history", "Metrics", "Confusion matrix and thresholds", "Parameters"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('main')).padding") == "0px"


def test_errors_precision_and_recall():
    found = Confusion(["a", "b", "c"], [[8, 2, 0], [1, 9, 0], [0, 0, 0]])
    first, second, none = found.lines()
    assert (first.error, first.precision, first.recall) == pytest.approx((0.2, 8 / 9, 0.8))
    assert (second.rows, second.error) == (10, pytest.approx(0.1))
    assert (none.error, none.precision, none.recall) == (None, None, None)
    assert found.error == pytest.approx(3 / 20)
    assert found.mistakes() == [("a", "b", 2.0, 0.2), ("b", "a", 1.0, 0.1)]
    assert (
        comma_separated(Confusion(['a,"b"', "c"], [[1, 0], [0, 1]]).table()).splitlines()[1]
        == '"a,""b""",1,0'
    )


def test_java_is_escaped_and_its_constants_are_cut():
    source = 'class A { // <b>\n  String a = "%s"; int b = 0x1F; }' % ("x" * 5000)
    shown, cut = coloured(source)
    assert cut
    assert '<span class="j-comment">// &lt;b&gt;</span>' in shown
    assert '<span class="j-word">class</span> <span class="j-type">A</span>' in shown
    assert '<span class="j-number">0x1F</span>' in shown
    assert len(shown) < 1000
    plain, cut = coloured('String a = "\\"<";')
    assert not cut
    assert "&lt;" in plain
