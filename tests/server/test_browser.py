"""Pages of other origins in a real browser: they change nothing at a node and read nothing of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from heavywater.exchange import table_of
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import JobHandle, LocalSession

from .programs import program

CHROMIUM = program("chromium", "chromium", "IN A BROWSER")
playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")

TOKEN = "0123456789abcdef" * 2
# What a page of somebody else tries. `report` takes what it could read.
EVIL = Path(__file__).with_name("evil.html").read_text(encoding="utf-8")


class Evil:
    """A server of pages that ask a node behind its user's back."""

    def __init__(self) -> None:
        self.page = b""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(outer.page if self.path == "/" else b"")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def aim(self, url: str, folder: Path) -> None:
        self.page = EVIL.replace("NODE", json.dumps(url)).replace("FOLDER", json.dumps(str(folder))).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Names of evil.example lead to this machine, as their owner may choose."""
    with playwright.sync_playwright() as p:
        rules = "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP *.evil.example 127.0.0.1"
        opened = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", rules])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def evil() -> Iterator[Evil]:
    server = Evil()
    yield server
    server.close()


@pytest.fixture(scope="module")
def local() -> LocalSession:
    session = LocalSession("browsed", nthreads=1)
    session.frames.upload(table_of({"x": [1.0, 2.0] * 30, "y": ["a", "b"] * 30}), "kept")
    parameters = {"hidden": [2], "epochs": 1, "model_id": "model"}
    JobHandle(
        session, session.training.train("deeplearning", parameters, x=["x"], y="y", training_frame_key="kept")
    ).wait()
    return session


@pytest.mark.parametrize(
    ("name", "token"),
    [("127.0.0.1", TOKEN), ("localhost", None), ("evil.example", TOKEN), ("a.evil.example", None)],
)
def test_pages_of_others(
    browser: Any, evil: Evil, local: LocalSession, tmp_path: Path, name: str, token: str | None
):
    """From another port of this machine, and from a name whose owner lets it lead to this machine."""
    with RunningNode(OpenNode(local, NodeOptions(token=token))) as running, browser.new_context() as context:
        if token:
            context.new_page().goto(running.new_link())
        node = f"http://{name}:{running.port}" if name.endswith("evil.example") else running.url
        evil.aim(node, tmp_path)
        page = context.new_page()
        page.goto(f"http://{name}:{evil.port}/")
        playwright.expect(page).to_have_title("done", timeout=20_000)
        got = json.loads(page.locator("body").get_attribute("data-got"))
        assert len(got) > 15
        assert {
            what: value
            for what, value in got.items()
            if value not in ("refused", "opaque", "nothing", "hidden", "opened")
        } == {}
        assert {got["image"], got["script"], got["style"], got["websocket"], got["events"]} <= {
            "refused",
            "nothing",
        }
        assert not running.node.ended.is_set()
        assert local.objects.keys() == ["kept", "model"]
        assert list(tmp_path.iterdir()) == []
        assert running.node.clients._known == {}


def test_a_name_that_leads_here_does_not_open_the_node(browser: Any, local: LocalSession):
    """The page itself comes from the node, as far as the browser can tell; so nothing but the name gives it away."""
    with RunningNode(OpenNode(local)) as running, browser.new_context() as context:
        page = context.new_page()
        answer = page.goto(f"http://evil.example:{running.port}/")
        assert answer.status == 403
        assert "not asked under the name 'evil.example'" in page.locator("body").inner_text()


def test_pages_of_the_node_itself_are_let_in(browser: Any, local: LocalSession):
    with RunningNode(OpenNode(local, NodeOptions(token=TOKEN))) as running, browser.new_context() as context:
        page, link = context.new_page(), running.new_link()
        assert page.goto(running.url).status == 401
        assert page.goto(link).status == 200
        assert page.url == running.url + "/"
        assert page.evaluate("document.cookie") == ""  # which scripts cannot read
        assert page.evaluate("fetch('3/Cloud').then(r => r.status)") == 200
        assert (
            page.evaluate(
                "fetch('99/Rapids', {method: 'POST', body: new URLSearchParams({ast: '(+ 1 2)'})}).then(r => r.json())"
            )["scalar"]
            == 3
        )
        assert page.goto(link).status == 403
