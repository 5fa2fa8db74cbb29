"""H2O's own R package against a node: what it does there, and the facts that H2O itself has told it (`make test-genuine-r`)."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

import pytest

from .genuine_r_runs import CHAPTERS, REFERENCE, reason_to_skip, run_chapter

pytestmark = pytest.mark.skipif(reason_to_skip() is not None, reason=str(reason_to_skip()))

RECORDED: dict[str, dict[str, dict[str, Any]]] = json.loads(REFERENCE.read_text(encoding="utf-8"))

# Facts that are not as H2O has them, and why.
OTHERWISE: dict[tuple[str, str], str] = {
    ("summary", "summary"): "quantiles are exact",
    ("summary", "factors"): "quantiles are exact",
    ("mathematics", "digamma"): "H2O computes nine digits",
    ("reducers", "spearman"): "ranks of ties are averaged",
    ("cut, scale, hist", "counts"): "a bound belongs to the class below it, to the last bit",
    ("table and unique", "wide"): "H2O calls columns of whole numbers 0.0, 1.0 ...",
    ("merge", "right"): "rows are in the order of the right frame",
    ("exportFile and downloadCSV", "text"): "3.0 is written as 3",
}


@pytest.fixture(scope="module")
def chapters(tmp_path_factory):
    """Each chapter, run once when it is first asked for."""
    from heavywater.server.node import OpenNode
    from heavywater.server.node_server import RunningNode
    from heavywater.session import LocalSession

    with RunningNode(OpenNode(LocalSession("genuine_r", 2))) as node:
        yield cache(lambda name: run_chapter(node.port, name, tmp_path_factory.mktemp(name)))


def same(mine: Any, theirs: Any) -> bool:
    """Whether two values of JSON are the same, numbers to nine digits; columns may have names where H2O has none but C1, C2 ..."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        named = all(t in (m, f"C{i}") for i, (m, t) in enumerate(zip(mine, theirs, strict=False), 1))
        return named and same(list(mine.values()), list(theirs.values()))
    if isinstance(mine, list) and isinstance(theirs, list):
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    if isinstance(mine, int | float) and isinstance(theirs, int | float):
        return math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-12)
    return bool(mine == theirs)


def test_chapters_are_recorded():
    assert sorted(RECORDED) == sorted(CHAPTERS)
    assert sum(map(len, RECORDED.values())) > 100


@pytest.mark.parametrize(("chapter", "scenario"), [(c, s) for c, each in RECORDED.items() for s in each])
def test_scenario(chapter, scenario, chapters):
    found = chapters(chapter)
    assert scenario in found, found.get("the whole chapter")
    assert found[scenario]["problem"] is None
    expected = {n: v for n, v in RECORDED[chapter][scenario].items() if (scenario, n) not in OTHERWISE}
    facts = found[scenario]["facts"]
    assert set(facts) >= set(expected)
    for name, value in expected.items():
        assert same(facts[name], value), f"{name}: {facts[name]} in place of {value}"
