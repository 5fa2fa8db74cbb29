"""What is inside of a model, on its page: of every kind of model, with and without frames."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.exchange import table_of
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.models.model_insides import _activity
from heavywater.session import JobHandle, LocalSession

from .axe import violations
from .conftest import watched
from .filling import NET
from .hands import expect
from .test_charts import pixels

HOSTILE = "<img src=x onerror=alert(1)> \"'"
SIDE = 8


def trained(session: Any, frame: str, y: str | None, x: Any = None, **parameters: Any) -> None:
    given = {**NET, "epochs": 1, **parameters}
    started = session.training.train("deeplearning", given, x=x, y=y, training_frame_key=frame)
    JobHandle(session, started).wait()


@pytest.fixture(scope="module")
def inside() -> Any:
    """A node with models of digits of 8 x 8 pixels, of which one never changes, and others of a hostile column."""
    session, random = LocalSession("insides", nthreads=1), np.random.default_rng(1)
    x = random.random((120, SIDE * SIDE)) * (random.random((120, SIDE * SIDE)) < 0.3)
    x[:, 9] = 0
    digit = np.where(x[:, 20] > 0, "up", "down")
    columns = {f"p{i}": list(column) for i, column in enumerate(x.T)}
    session.frames.upload(table_of({**columns, "digit": list(digit)}), "digits")
    few = {HOSTILE: list(x[:, 20]), "color": list(np.array(["red", "blue"])[(x[:, 5] > 0).astype(int)])}
    session.frames.upload(table_of({**few, "three": list("abc" * 40), "y": list(x[:, 20] * 3)}), "few")
    trained(session, "digits", "digit", model_id="pictures", hidden=[70, 5])
    trained(session, "digits", "digit", model_id="maxout", activation="Maxout", variable_importances=False)
    trained(
        session, "digits", None, list(columns), model_id="coder", autoencoder=True, hidden=[4], sparse=True
    )
    trained(session, "few", "y", model_id="tanh", activation="TanhWithDropout")
    trained(session, "few", "three", model_id="classes")
    tanh = session.store.get("tanh", DeepLearningModel)
    session.store.put(replace(tanh, key="orphan", facts={**tanh.facts, "training_frame": "gone"}), "orphan")
    with RunningNode(OpenNode(session)) as running:
        yield running


@pytest.fixture
def tab(browser: Any, inside: RunningNode) -> Any:
    with watched(browser, inside) as page:
        yield page


def picture(page: Any, inside: RunningNode) -> np.ndarray:
    image = page.get_by_role("img", name="Weights of the units")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == int(
        image.get_attribute("width")
    )
    return pixels(page.request.get(image.evaluate("image => image.src")).body())


def test_units_are_pictures_where_inputs_are_pixels(tab: Any, inside: RunningNode):
    session = inside.node.behind
    tab.goto("models/pictures")
    found = picture(tab, inside)
    weights = session.store.get("pictures", DeepLearningModel).network.weights[0][0]
    zoom = found.shape[1] // (8 * (SIDE + 1))
    names = session.models.describe("pictures")["names"]
    assert "p9" not in names  # it never changed, but has its place in the picture
    for unit in (0, 11):
        top, left = (place * (SIDE + 1) for place in divmod(unit, 8))
        tile = found[::zoom, ::zoom][top : top + SIDE, left : left + SIDE].astype(int)
        signs = np.sign(tile[..., 0] - tile[..., 2]).ravel()
        assert signs[9] == 0
        strong = [k for k in range(len(names)) if abs(weights[unit, k]) > 0.02]
        assert [signs[int(names[k][1:])] for k in strong] == [np.sign(weights[unit, k]) for k in strong]
    tab.get_by_role("navigation", name="Parts of units").get_by_role("link", name="Next").click()
    expect(tab.get_by_text("65 \u2013 70 of 70 units")).to_be_visible()
    assert picture(tab, inside).shape[1] < found.shape[1]


def test_a_maxout_unit_has_two_pictures(tab: Any, inside: RunningNode):
    tab.goto("models/maxout")
    found = picture(tab, inside)
    model = inside.node.behind.store.get("maxout", DeepLearningModel)
    zoom = found.shape[1] // (8 * (SIDE + 1))
    assert found.shape[0] == 2 * (SIDE + 1) * zoom  # 8 units
    for channel in (0, 1):
        left = channel * (SIDE + 1)
        tile = found[::zoom, ::zoom][:SIDE, left : left + SIDE].astype(int)
        value = model.network.weights[0][channel, 0, 0]
        assert np.sign(tile[0, 0, 0] - tile[0, 0, 2]) == np.sign(value)
    expect(tab.get_by_text("variable_importances=False")).to_be_visible()
    expect(tab.get_by_role("region", name="Activity of hidden units")).to_contain_text("Maxout")


@pytest.mark.parametrize("key", ["tanh", "classes", "coder", "orphan"])
def test_every_kind_of_model_has_layers_and_importances(browser: Any, inside: RunningNode, key: str):
    frames = inside.node.behind.objects.keys("frame")
    with watched(browser, inside, viewport={"width": 390, "height": 800}, color_scheme="dark") as page:
        page.goto(f"models/{key}")
        for heading in ("Variable importances", "Neuron layers"):
            expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(page.get_by_role("heading", name="First-layer weights")).to_have_count(int(key == "coder"))
        expect(page.get_by_role("heading", name="By shuffling")).to_have_count(int(key != "coder"))
        expect(page.get_by_role("region", name="Status of neuron layers")).to_contain_text("Input")
        expect(page.get_by_text("Of 120 rows of", exact=False).last).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert inside.node.behind.objects.keys("frame") == frames


def test_what_is_told_of_dead_units():
    found = _activity(2, {"type": "Rectifier", "active": [0.0, 1.0, 0.5], "dead": [True, False, False]})
    assert (found["dead"], found["always"], found["mean"]) == ([1], 1, 0.5)
    assert found["share"] == pytest.approx(1 / 3)
    assert "Units of layer 2" in found["picture"]
    found = _activity(1, {"type": "Maxout", "active": [None, None], "dead": [False, False]})
    assert (found["always"], found["mean"], found["picture"]) == (None, None, "")


def test_columns_are_shuffled_on_request(browser: Any, inside: RunningNode):
    with watched(browser, inside, java_script_enabled=False) as page:
        page.goto("models/tanh?importances=all")
        form = page.locator("form", has=page.get_by_role("button", name="Shuffle"))
        form.get_by_label("Frame").select_option("few")
        form.get_by_label("Metric").select_option("RMSE")
        page.get_by_role("button", name="Shuffle").click()
        expect(page.get_by_role("img", name="Permutation importances")).to_be_visible()
        found = page.get_by_role("region", name="Table: By shuffling")
        page.get_by_text("Table: By shuffling").click()
        expect(found.get_by_role("row")).to_have_count(4)
        expect(found).to_contain_text(HOSTILE)
        result = next(key for key in inside.node.behind.objects.keys("frame") if "importances" in key)
        inside.node.behind.objects.remove(result)
        page.goto(f"models/tanh?permutation={result}")  # what it was is still known
        expect(page.get_by_text("Permutation importances of tanh: done.")).to_be_visible()


def test_a_frame_that_cannot_be_shuffled_is_named(tab: Any):
    tab.watched.allowed.append("400 (Bad Request)")
    tab.goto("models/tanh")
    tab.get_by_label("Rows at most").evaluate(
        "field => field.form.elements.metric.options[0].value = 'nonsense'"
    )
    tab.get_by_role("button", name="Shuffle").click()
    expect(tab.get_by_role("alert")).to_contain_text("metric='nonsense' must be one of AUTO")
    tab.goto("models/tanh?permutation=few")
    expect(tab.get_by_role("alert")).to_contain_text("'few' is no frame of importances")


def test_how_a_model_answers_to_one_column(tab: Any, inside: RunningNode):
    tab.goto("models/tanh")
    tab.get_by_label("Column").fill(HOSTILE)
    tab.locator("form", has=tab.get_by_label("Column")).get_by_role("button", name="Show").click()
    expect(tab.locator("figure", has_text="Partial dependence").locator(".uplot")).to_be_visible()
    expect(tab.get_by_text("if the column had one value in all rows; 120 of 120 rows of few")).to_be_visible()
    asked = inside.node.behind.models.partial_dependence("tanh", "few", [HOSTILE])
    tab.get_by_text("Table: Partial dependence").click()
    shown = tab.get_by_role("region", name="Table: Partial dependence").locator("tbody data")
    assert [float(each) for each in shown.evaluate_all("all => all.map(each => each.value)")][:4] == list(
        asked[0]["rows"][0][:4]
    )
    tab.goto("models/classes?dependence=color&dependence_class=b")
    drawn = tab.get_by_role("img", name="Partial dependence on color")
    expect(drawn).to_contain_text("red")
    tab.goto("models/classes?dependence=nothing")
    expect(tab.get_by_text("no column 'nothing'")).to_be_visible()
