"""What all pages share: the menu, the colours, names that do not harm, addresses."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from heavywater.errors import NotFound
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.basics.addresses import address, key_at
from hypothesis import given
from hypothesis import strategies as st

from .axe import violations
from .conftest import watched

PAGES = [
    "",
    "frames",
    "grids",
    "grids/search?from_l1=0.001",
    "compare",
    "compare?model=disease&model=search_model_1&model=prices",
    "build",
    "build?frame=heart&response=state&search=hidden&nfolds=1",
    "build?checkpoint=prices",
    "import",
    "predict",
    "predict/row",
    "predict/row?model=disease&frame=heart&row=4",
    "jobs",
    "jobs/job_1",
    "frames/heart",
    "frames/heart/rows",
    "frames/heart/columns/1",
    "cluster",
    "cluster/links",
    "logs",
    "models",
    *(f"models/{key}" for key in ("flowers", "disease", "prices", "rare", "disease/pojo")),
]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_every_key_has_an_address(key: str):
    part = address(key)
    assert "/" not in part
    assert part not in (".", "..")
    assert key_at(unquote(part), ["other", key], "frame") == key


def test_an_address_of_nothing():
    with pytest.raises(NotFound, match="no frame"):
        key_at("~0123", ["a"], "frame")


@pytest.mark.parametrize("path", PAGES)
def test_pages_shut_nobody_out(browser: Any, node: RunningNode, path: str):
    with watched(browser, node) as page:
        page.goto(path or node.url)
        for width, scheme in ((1440, "light"), (390, "dark")):  # each width and both colours, once
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page) == []
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"wider than a screen of {width}"
