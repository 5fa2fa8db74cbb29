"""Curves that answer to a pointer take the place of the pictures, and follow colours, size and what is new."""

from __future__ import annotations

from typing import Any

import pytest
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.pages import home
from heavywater.server.pages.basics.rendering import environment
from heavywater.server.pages.charts.line_chart import lines
from heavywater.session import LocalSession
from starlette.responses import Response

from .axe import violations
from .conftest import watched
from .hands import expect

HOSTILE = "<img src=x onerror=alert(1)>"
PAGE = """{% extends "layout.html" %}{% import "ui.html" as ui with context %}
{% block scripts %}<script type="module" src="{{ root }}{{ static_folder }}/js/charts.js"></script>{% endblock %}
{% block main %}<h1>Charts</h1>{% call ui.figure("Error", picture) %}<table><tr><td>1</td></tr></table>{% endcall %}
<div id="live"></div>{% endblock %}"""
UPDATE = """async (curves) => {
  const { lineChart } = await import(new URL(document.documentElement.dataset.static + "js/charts.js", document.baseURI));
  lineChart(document.getElementById("live"), curves);
}"""


def shown(call: Any) -> Response:
    curves = {"training": (range(101), [1 / (1 + i) for i in range(101)]), HOSTILE: (range(101), [0.5] * 101)}
    picture = lines("Error by epochs", curves, x_label="epochs", y_label="error", marks=[(40, "best")])
    template: Any = environment().from_string(PAGE)  # taken as it is where the name of one would be looked up
    return call.page(template, picture=picture)


@pytest.fixture(scope="module")
def charts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(home.ROUTES, "GET /charts", shown)
        with RunningNode(OpenNode(LocalSession("charts", nthreads=1))) as running:
            yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_values_on_hover_and_zoom_by_dragging(browser, charts, scheme):
    with watched(browser, charts, color_scheme=scheme, viewport={"width": 800, "height": 700}) as page:
        page.goto("charts")
        picture = page.locator("figure")
        expect(picture.locator(".uplot")).to_be_visible()
        expect(picture.locator("svg.drawn")).to_be_hidden()
        assert violations(page) == []
        place = picture.locator(".u-over").bounding_box()
        across = place["x"] + place["width"] * 0.5
        page.mouse.move(across, place["y"] + 40)
        tip = picture.locator(".chart-tip")
        expect(tip).to_contain_text("epochs 50")
        expect(tip).to_contain_text("training 0.0196078")
        expect(tip).to_contain_text(HOSTILE)
        whole = page.get_by_role("button", name="Show all")
        expect(whole).to_be_hidden()
        page.mouse.down()
        page.mouse.move(across + 100, place["y"] + 60, steps=3)
        page.mouse.up()
        page.mouse.move(place["x"] + 1, place["y"] + 40)
        expect(tip).to_contain_text("epochs 50")  # where the selection began, the plot begins now
        whole.click()
        expect(whole).to_be_hidden()
        page.mouse.move(place["x"] + 1, place["y"] + 40)
        expect(tip).to_contain_text("epochs 0")


def test_without_scripts_and_in_print_there_is_the_picture(browser, charts):
    with watched(browser, charts, java_script_enabled=False) as page:
        page.goto("charts")
        expect(page.get_by_role("img", name="Error by epochs")).to_be_visible()
    with watched(browser, charts) as page:
        page.goto("charts")
        expect(page.locator(".uplot")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.locator("figure svg.drawn")).to_be_visible()
        expect(page.locator("figure .uplot")).to_be_hidden()


def test_nothing_moves_when_curves_take_the_place_of_pictures(browser, charts):
    with watched(browser, charts, viewport={"width": 390, "height": 800}) as page:
        page.goto("charts")
        expect(page.locator(".uplot")).to_be_visible()
        after = page.locator("figure").bounding_box()
        page.set_viewport_size({"width": 700, "height": 800})
        wide = page.locator("figure").bounding_box()
        assert wide["height"] == after["height"]
        expect(page.locator(".uplot canvas")).to_have_css("width", f"{wide['width']:g}px")
    with watched(browser, charts, viewport={"width": 390, "height": 800}, java_script_enabled=False) as page:
        page.goto("charts")
        assert page.locator("figure").bounding_box() == after


def test_live_curves_grow_where_they_are(browser, charts):
    with watched(browser, charts, viewport={"width": 800, "height": 900}) as page:
        page.goto("charts")
        curves = {"names": ["epochs", "training"], "columns": [[0, 1], [3, 2]], "x": "epochs", "y": "logloss"}
        page.evaluate(UPDATE, curves)
        live = page.locator("#live")
        expect(live.locator(".uplot")).to_be_visible()
        first = live.bounding_box()
        page.evaluate(UPDATE, {**curves, "columns": [[0, 1, 2], [3, 2, 1]], "marks": [[2, "best"]]})
        place = live.locator(".u-over").bounding_box()
        page.mouse.move(place["x"] + place["width"] - 1, place["y"] + 9)
        expect(live.locator(".chart-tip")).to_contain_text("epochs 2")
        assert live.bounding_box() == first
        wider = {"names": ["epochs", "training", HOSTILE], "columns": [[0, 1], [3, 2], [4, None]]}
        page.evaluate(UPDATE, wider)  # another curve has come
        expect(live.get_by_role("listitem")).to_have_text(["training", HOSTILE])


def test_colours_follow_the_switch(browser, charts):
    with watched(browser, charts, color_scheme="light") as page:
        page.goto("charts")
        canvas = page.locator("figure .uplot canvas")
        expect(canvas).to_be_visible()
        before = canvas.screenshot()
        page.get_by_role("button", name="Dark").click()
        found = [
            page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--series-1')"),
            page.evaluate(
                """() => {
                  const canvas = document.querySelector("figure .uplot canvas");
                  const seen = new Set();
                  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) seen.add([...data.slice(i, i + 3)].join());
                  return [...seen];
                }"""
            ),
        ]
        wanted = ",".join(str(int(found[0].strip()[i : i + 2], 16)) for i in (1, 3, 5))
        assert wanted in found[1]
        assert canvas.screenshot() != before
