"""Accuracy on held-out rows: the cheap part of the comparison with H2O, and the verdicts of the table."""

from __future__ import annotations

import math

import pytest

from .accuracy import HEAD, Cell, _note, chance, compare, verdict


@pytest.mark.long
def test_not_worse_than_h2o_on_small_data() -> None:
    """Tanh [50, 50], 10 epochs, three seeds, reproducible: all metrics of three data sets."""
    lines = [
        line
        for line in compare(("boston", "prostate", "iris_shuffled"), ["tanh50"], 3, reproducible=True)
        if line[2] == "10"
    ]
    assert len(lines) == 2 + 3 + 2 and all(len(line) == len(HEAD) for line in lines)
    assert [line for line in lines if line[10] == "WORSE"] == []


def test_verdict() -> None:
    theirs = Cell(1.0, 0.1, 8)
    assert verdict("rmse", theirs, Cell(1.05, 0.5, 3)) == "same"
    assert verdict("rmse", theirs, Cell(1.1, 0.5, 3)) == "same"
    assert verdict("rmse", theirs, Cell(1.2, 0.5, 3)) == "WORSE"
    assert verdict("rmse", theirs, Cell(0.8, 0.5, 3)) == "better"
    assert verdict("auc", theirs, Cell(0.8, 0.5, 3)) == "WORSE"
    once = Cell(1.0, math.nan, 1)
    assert verdict("rmse", once, Cell(1.019, 0.0, 3)) == "same"
    assert verdict("rmse", once, Cell(1.03, 0.0, 3)) == "WORSE"


def test_chance() -> None:
    assert chance(Cell(1.0, math.nan, 1), Cell(1.0, 0.1, 4)) == ""
    assert float(chance(Cell(1.0, 0.1, 8), Cell(1.0, 0.2, 8))) == 1
    assert float(chance(Cell(1.0, 0.1, 8), Cell(1.5, 0.1, 8))) < 1e-6
    # Student's table: t = 2.145 with 14 degrees of freedom
    assert float(chance(Cell(0.0, 1.0, 8), Cell(2.145 / 2, 1.0, 8))) == pytest.approx(0.05, rel=1e-2)


def test_notes() -> None:
    theirs = Cell(0.5, 0.01, 8)
    assert _note("error", theirs, Cell(0.4, 0.01, 8), Cell(0.505, 0, 8), 100, "") == (
        "shuffled; in the order of the file 0.505"
    )
    assert _note("error", theirs, Cell(0.4, 0.01, 8), Cell(0.4, 0, 8), 100, "") == ""
    assert (
        _note("error", theirs, Cell(0.52, 0.01, 8), None, 20, "why") == "less than one of 20 test rows; why"
    )
    assert _note("error", theirs, Cell(0.52, 0.01, 8), None, 100, "why") == "why"
    assert _note("error", theirs, theirs, None, 100, "why") == ""
