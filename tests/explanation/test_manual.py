"""What docs/explanations.md shows can be run, and is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .pictures import PAGE, run


@pytest.mark.same_process
def test_scripts_of_the_manual(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(tmp_path)
    assert {"explained.html", "groups.html", "summary.png", "dependence.png", "single.png"} <= {
        each.name for each in tmp_path.iterdir()
    }
    said = re.search(
        r"prints that noise gets (\d+) % of the one and (\d+) % of the other",
        PAGE.read_text(encoding="utf-8"),
    )
    printed = re.search(
        r"noise gets (\d+)% of Gedeon's importance, and (\d+)% of the", capsys.readouterr().out
    )
    assert said is not None and printed is not None
    for number, expected in zip(printed.groups(), said.groups(), strict=True):
        assert abs(int(number) - int(expected)) <= 5
    assert list(found["page"]) == [
        "residual_analysis", "learning_curve", "varimp", "permutation_importance", "shap_summary", "pdp", "ice",
    ]  # fmt: skip
    assert set(found["best"]["model_id"].as_data_frame()["model_id"]) <= {
        each.model_id for each in found["models"]
    }


def test_pictures_are_there_and_small() -> None:
    named = set(re.findall(r"\]\(explanations/(\w+\.png)\)", PAGE.read_text(encoding="utf-8")))
    there = {each.name: each.stat().st_size for each in (PAGE.parent / "explanations").iterdir()}
    assert named == set(there) and max(there.values()) < 90_000
