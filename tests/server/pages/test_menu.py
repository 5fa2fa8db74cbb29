"""What all pages load and share: the menu on a phone, the choice of colours, scripts and styles."""

from __future__ import annotations

import gzip
import re
from http.client import HTTPConnection
from typing import Any

from heavywater.server.node_server import RunningNode
from heavywater.server.pages.basics.assets import assets, static_folder

from .conftest import watched
from .hands import expect


def test_on_a_phone(browser: Any, node: RunningNode):
    with watched(browser, node, viewport={"width": 390, "height": 800}) as page:
        page.goto("frames")
        page.get_by_text("Menu", exact=True).click()
        page.get_by_role("link", name="Home", exact=True).click()
        expect(page).to_have_url(node.url + "/")


def test_scripts_do_not_turn_back_a_user_who_is_leaving(page: Any):
    page.goto("frames")
    page.route("**/models", lambda route: (page.wait_for_timeout(500), route.continue_()))
    script = page.locator("script[src$='js/app.js']").get_attribute("src")
    page.evaluate(
        """async (app) => {
          const { go } = await import(new URL(app.replace("app.js", "address.js"), location.href));
          document.querySelector('a[href$="models"]').click();
          setTimeout(go, 100, location.href);
        }""",
        script,
    )
    expect(page).to_have_url(re.compile("/models$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Models")


def test_scripts_reload_a_page_with_a_place_in_its_address(page: Any):
    page.goto("frames#main")
    page.evaluate("window.before = true")
    script = page.locator("script[src$='js/app.js']").get_attribute("src")
    page.evaluate(
        """async (app) => {
          const { go } = await import(new URL(app.replace("app.js", "address.js"), location.href));
          setTimeout(go, 0, location.href);
        }""",
        script,
    )
    page.wait_for_function("window.before === undefined")


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
