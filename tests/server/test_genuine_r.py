"""H2O's own R package against a node: what it does there, and the facts that H2O itself has told it (`make test-genuine-r`)."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest

from ..cluster import certificates
from .genuine_r_runs import CHAPTERS, REFERENCE, reason_to_skip, run_chapter

pytestmark = pytest.mark.skipif(reason_to_skip() is not None, reason=str(reason_to_skip()))

RECORDED: dict[str, dict[str, dict[str, Any]]] = json.loads(REFERENCE.read_text(encoding="utf-8"))

# Facts that are not as H2O has them, and why.
OTHERWISE: dict[tuple[str, str], str] = {
    ("summary", "summary"): "quantiles are exact",
    ("summary", "factors"): "quantiles are exact",
    ("mathematics", "digamma"): "H2O computes nine digits",
    ("reducers", "spearman"): "ranks of ties are averaged",
    ("print, show and summary of models", "headings"): "it is told whether all rows were scored",
    ("many parameters", "given"): "what auc_type=AUTO came to is told",
    ("new columns of texts, factors and times", "types"): "dates are times",
    ("cut, scale, hist", "counts"): "a bound belongs to the class below it, to the last bit",
    ("table and unique", "wide"): "H2O calls columns of whole numbers 0.0, 1.0 ...",
    ("merge", "right"): "rows are in the order of the right frame",
    ("exportFile and downloadCSV", "text"): "3.0 is written as 3",
}


# Scenarios that the node refuses by name, and why.
REFUSED = {"tabulate": "counts of two columns in classes are not there: h2o.table() after h2o.cut()"}


@contextmanager
def serving(*options: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Port and process of a node that ``h2o serve`` opens."""
    command = [sys.executable, "-m", "h2o", "serve", "--port", "0", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["port"], process
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="module")
def chapters(tmp_path_factory):
    """Each chapter, run once when it is first asked for."""
    with serving() as (port, _):
        yield cache(lambda name: run_chapter(port, name, tmp_path_factory.mktemp(name)))


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
    if scenario in REFUSED:
        assert "there is no such request at this node" in found[scenario]["problem"]
        return
    assert found[scenario]["problem"] is None
    expected = {n: v for n, v in RECORDED[chapter][scenario].items() if (scenario, n) not in OTHERWISE}
    facts = found[scenario]["facts"]
    assert set(facts) >= set(expected)
    for name, value in expected.items():
        assert same(facts[name], value), f"{name}: {facts[name]} in place of {value}"


def keys(port: int) -> list[str]:
    """Keys of the frames at a node."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/3/Frames") as reply:
        return [each["frame_id"]["name"] for each in json.load(reply)["frames"]]


def problems(found: dict[str, dict[str, Any]]) -> list[str]:
    return [each["problem"] for each in found.values() if each["problem"]]


def test_temporaries_end_with_the_client_and_the_node_when_it_is_asked(tmp_path):
    with serving() as (port, process):
        assert problems(run_chapter(port, "leaving", tmp_path)) == []
        assert keys(port) == ["mine"]
        assert problems(run_chapter(port, "shutdown", tmp_path)) == []
        assert process.wait(60) == 0


def test_a_token_is_shown_as_password(tmp_path):
    (tmp_path / "token").touch(0o600)
    (tmp_path / "token").write_text("0123456789abcdef0123456789abcdef\n")
    with serving("--token-file", str(tmp_path / "token")) as (port, _):
        access = {"username": "anybody", "password": "0123456789abcdef0123456789abcdef"}
        assert problems(run_chapter(port, "leaving", tmp_path, **access)) == []
        assert problems(run_chapter(port, "leaving", tmp_path, **access | {"password": "another"}))
        assert problems(run_chapter(port, "leaving", tmp_path))


def test_it_connects_with_tls_and_below_a_path(tmp_path):
    tls = certificates.write(tmp_path, "node")
    options = ["--tls-cert", str(tls.cert), "--tls-key", str(tls.key), "--root-path", "/below/it"]
    with serving(*options) as (port, _):
        access = {"https": True, "context_path": "below/it"}
        assert problems(run_chapter(port, "leaving", tmp_path, **access, cacert=str(tls.ca))) == []
        assert problems(run_chapter(port, "leaving", tmp_path, **access, insecure=True)) == []
        assert problems(run_chapter(port, "leaving", tmp_path, **access))
