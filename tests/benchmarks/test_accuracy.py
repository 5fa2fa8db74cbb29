"""Accuracy on held-out rows: the cheap part of the comparison with H2O, and the verdicts of the table."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from tests.benchmarks.accuracy import HEAD, Cell, compare, verdict

DATA = Path(__file__).parents[1] / "data"


def test_not_worse_than_h2o_on_small_data() -> None:
    """Tanh [50, 50], 10 epochs, three seeds, reproducible: all metrics of three data sets, see data/accuracy."""
    arguments = argparse.Namespace(
        reference=DATA / "accuracy", data=DATA, datasets=None, configs=["tanh50"], seeds=3
    )
    lines = list(compare(arguments))
    assert len(lines) == 2 + 3 + 2 and all(len(line) == len(HEAD) for line in lines)
    assert [line for line in lines if line[-1] == "WORSE"] == []


def test_verdict() -> None:
    theirs = Cell(1.0, 0.1, 8)
    assert verdict("rmse", theirs, Cell(1.05, 0.5, 3)) == "same"
    assert verdict("rmse", theirs, Cell(1.2, 0.5, 3)) == "WORSE"
    assert verdict("rmse", theirs, Cell(0.8, 0.5, 3)) == "better"
    assert verdict("auc", theirs, Cell(0.8, 0.5, 3)) == "WORSE"
    once = Cell(1.0, math.nan, 1)
    assert verdict("rmse", once, Cell(1.04, 0.0, 3)) == "same"
    assert verdict("rmse", once, Cell(1.06, 0.0, 3)) == "WORSE"
