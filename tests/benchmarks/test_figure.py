"""What the README's figure shows, and the figures that documents quote, are those of the files in `results`."""

from __future__ import annotations

import html
import re

import pytest

from . import figure, quoted

STALE = "run python -m tests.benchmarks.figure"


@pytest.mark.parametrize("name", figure.COLOURS)
def test_the_picture_is_made_of_the_files(name):
    text = (figure.PICTURES / name).read_text(encoding="utf-8")
    (described,) = re.findall(r"<dc:description>(.*?)</dc:description>", text, re.DOTALL)
    assert html.unescape(described) == figure.description(), STALE


@pytest.mark.parametrize("name", quoted.DOCUMENTS)
def test_what_documents_quote_is_in_the_files(name):
    text = (figure.ROOT / name).read_text(encoding="utf-8")
    assert quoted.MARKED.search(text)
    assert (
        text.count("<!-- figures:")
        == len(quoted.MARKED.findall(text))
        == text.count("<!-- end of figures -->")
    )
    assert quoted.renewed(text) == text, STALE


def test_another_figure_is_noticed():
    text = "a\n<!-- figures: headline -->\nold\n<!-- end of figures -->\nb\n"
    assert quoted.renewed(text).splitlines()[2] == quoted.headline().strip()
    assert quoted.renewed(text).endswith("<!-- end of figures -->\nb\n")
    with pytest.raises(KeyError, match="nothing"):
        quoted.renewed(text.replace("headline", "nothing"))


def test_serving_takes_what_the_readme_says():
    memory = int(re.match(r"Measured: (\d+) MB", quoted.serving())[1])
    (said,) = re.findall(r"Scoring in (\d+) MB", (figure.ROOT / "README.md").read_text(encoding="utf-8"))
    assert memory <= int(said)


def test_all_trainings_beside_a_peer_are_in_the_figure():
    assert {each.peer for each in quoted.speeds()} == {"H2O", "PyTorch"}
    assert all(each.ratio > 0 and 0 < each.error < 1 for each in quoted.speeds())
    assert {"tabular", "hgb", "mlp", "lightgbm", "default"} <= quoted.accuracies().keys()
