"""What all pages load and share: the menu on a phone, the choice of colours, scripts and styles."""

from __future__ import annotations

import gzip
from http.client import HTTPConnection
from typing import Any

from heavywater.server.node_server import RunningNode
from heavywater.server.pages.basics.assets import assets, static_folder

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


def test_what_browsers_load_is_kept_and_packed(node: RunningNode):
    connection = HTTPConnection(node.host, node.port)
    connection.request("GET", f"/{static_folder()}/css/base.css", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    assert gzip.decompress(answer.read()) == assets()["css/base.css"]
    assert "immutable" in answer.headers["cache-control"]
    connection.request("GET", "/static/older/css/base.css")
    answer = connection.getresponse()
    assert answer.read() == assets()["css/base.css"]
    assert answer.headers["cache-control"] == "no-cache"
    for path in ("css/../../page_routes.py", "%2e%2e/page_routes.py", "nothing.js"):
        connection.request("GET", f"/{static_folder()}/{path}")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 404
    connection.close()


def test_all_that_browsers_load_is_small():
    assert sum(len(gzip.compress(each)) for each in assets().values()) < 150_000
