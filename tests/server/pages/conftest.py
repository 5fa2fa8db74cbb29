"""A node with data, and a browser that fails the test at any request to elsewhere, error of a script or refused source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from ..programs import program
from .filling import fill


@pytest.fixture(scope="module")  # not longer: while it is open no other event loop can run in this thread
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    chromium = program("chromium", "chromium", "IN A BROWSER")
    playwright.expect.set_options(timeout=15_000)
    with playwright.sync_playwright() as p:
        # without a graphics processor, which another process would have to play
        opened = p.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    """A node with frames, models, a grid and an autoencoder; see `filling`."""
    session = LocalSession("pages", nthreads=2)
    fill(session)
    with RunningNode(OpenNode(session)) as running:
        yield running


@pytest.fixture
def empty_node() -> Iterator[RunningNode]:
    with RunningNode(OpenNode(LocalSession("empty", nthreads=1))) as running:
        yield running


@pytest.fixture
def page(browser: Any, node: RunningNode) -> Iterator[Any]:
    """A tab; paths are those of the node: ``page.goto("frames")``."""
    with watched(browser, node) as tab:
        yield tab


class watched:  # noqa: N801  # a context, called like a function
    """A tab at a node, in a profile of its own; at the end of the block all that went wrong there fails the test.

    Parameters
    ----------
    browser : Browser
    node : RunningNode, or the address of one
    options : mapping
        Of the context: ``viewport, color_scheme, java_script_enabled, reduced_motion`` ...

    The tab has it as ``watched``; parts of messages that are expected, as of an answer 404, go into ``watched.allowed``.
    """

    def __init__(self, browser: Any, node: RunningNode | str, **options: Any) -> None:
        self.url = (node if isinstance(node, str) else node.url) + "/"
        self.context = browser.new_context(base_url=self.url, **options)
        self.wrong: list[str] = []
        self.allowed: list[str] = []

    def __enter__(self) -> Any:
        tab = self.context.new_page()
        tab.set_default_timeout(15_000)
        tab.on("request", self._look)
        tab.on("console", self._listen)
        tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        tab.watched = self
        return tab

    def _look(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.wrong.append(f"a request to elsewhere: {request.url}")

    def _listen(self, said: Any) -> None:
        if said.type == "error":
            self.wrong.append(said.text)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.context.close()
        if error is None:
            assert [each for each in self.wrong if not any(part in each for part in self.allowed)] == []
