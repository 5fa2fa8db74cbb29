"""The pages in Firefox: Debian's, driven by WebDriver BiDi."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from heavywater.server.node_server import RunningNode

from ..programs import finished, program
from .npm import npm_package
from .test_layout import PAGES

FIREFOX = program("firefox-esr", "firefox-esr", "IN FIREFOX")
NO_START = 3  # what firefox.mjs ends with then


def test_in_firefox(node: RunningNode):
    asked = {
        "url": node.url + "/", "pages": PAGES, "firefox": FIREFOX, "story": True,
        "puppeteer": str(npm_package("puppeteer-core", "25.16.0")),
    }  # fmt: skip
    command = ["node", str(Path(__file__).with_name("firefox.mjs")), json.dumps(asked)]
    done = finished(command, 240)
    if done.returncode == NO_START:
        warnings.warn(
            f"NODES ARE NOT TRIED IN FIREFOX, which does not start here: {done.stderr[-500:]}", stacklevel=1
        )
        pytest.skip("Firefox does not start")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert "by_firefox" in found["heading"]
    assert all(title.endswith("heavywater") for title in found["titles"].values())
