"""The menu: on a phone it opens over the page."""

from __future__ import annotations

from typing import Any

from heavywater.server.node_server import RunningNode

from .conftest import watched


def test_on_a_phone(browser: Any, node: RunningNode):
    with watched(browser, node, viewport={"width": 390, "height": 800}) as page:
        page.goto("frames")
        page.get_by_text("Menu", exact=True).click()
        page.get_by_role("link", name="Home", exact=True).click()
        assert page.url == node.url + "/"


def test_colours_are_remembered(page: Any):
    page.goto("frames")
    page.get_by_role("button", name="Dark").click()
    page.reload()
    page.get_by_role("button", name="Light").wait_for()
    assert (
        page.evaluate("getComputedStyle(document.body).colorScheme || document.documentElement.dataset.theme")
        == "dark"
    )


def test_scripts_are_told_errors_as_json(page: Any):
    page.goto("frames")
    page.watched.allowed.append("404")
    asked = "fetch('frames/nothing', {headers: {Accept: 'application/json'}}).then(async r => [r.status, await r.json()])"
    status, answer = page.evaluate(asked)
    assert status == 404
    assert "nothing" in answer["error"]
