"""The R of the README and of the quick start runs, as it stands."""

from __future__ import annotations

import pytest

from ..house import pages
from .fixtures import ROOT

MADE = {"README.md": ["", ".html", ".zip"], "docs/guide/quick-start.md": []}
SHOWN = {"README.md": "setosa", "docs/guide/quick-start.md": "variable"}


@pytest.mark.parametrize("page", MADE)
def test_it_runs(page, run_r, tmp_path):
    (text,) = pages.blocks(ROOT / page, "r")
    assert SHOWN[page] in run_r(f"setwd('{tmp_path}')\n{text}")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == MADE[page]
