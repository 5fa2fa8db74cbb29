"""Figures of columns: the same from counts as from all numbers, and worked out once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.frame import summary
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.figures import Figures
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.columns.sparse import sparse_columns
from heavywater.frame.frame import Frame
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

RANGES = {"u1": (0, 255), "i1": (-128, 127), "u2": (0, 2**16 - 1), "i2": (-(2**15), 2**15 - 1)}
PROBABILITIES = (0, 0.001, 0.1, 0.25, 1 / 3, 0.5, 0.7, 0.999, 1)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_counted_figures_are_those_of_all_numbers(data: Any) -> None:
    kind = data.draw(st.sampled_from(sorted(RANGES)))
    cells = data.draw(st.lists(st.one_of(st.none(), st.integers(*RANGES[kind])), min_size=1, max_size=40))
    present = np.array([cell for cell in cells if cell is not None], np.float64)
    values = np.array([cell or 0 for cell in cells], kind)
    column = Column("int", values, np.array([cell is None for cell in cells]))
    figures, plain = Figures.of(column), Figures(present)
    assert figures.counts is not None and figures.size == plain.size == len(present)
    if not len(present):
        return
    assert figures.range() == plain.range() == (present.min(), present.max())
    assert figures.quantiles(PROBABILITIES) == pytest.approx(
        np.quantile(present, PROBABILITIES), rel=1e-15, abs=0
    )
    assert figures.smallest(5) == np.sort(present)[:5].tolist() == plain.smallest(5)
    assert figures.largest(5) == np.sort(present)[::-1][:5].tolist() == plain.largest(5)
    if present.min() < present.max():
        assert figures.histogram(10) == plain.histogram(10) == np.histogram(present, 10)[0].tolist()


def test_levels_are_counted_by_their_codes() -> None:
    column = enum(np.array([1, 0, -1, 1, 2]), ["x", "y", "z"])
    assert Figures.of(column).numbers.tolist() == [0, 1, 2] and Figures.of(column).size == 4


def test_facts_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = Frame(["a", "b"], [numeric([1, 2, np.nan, 4]), numeric([0.5, np.inf, -np.inf, 2])])
    first = (summary.summary_table(frame), summary.facts_of_columns(frame))
    first[1][0]["mins"].append(99.0)  # what was given away may be changed

    def again(*_: Any) -> Any:
        raise AssertionError("worked out again")

    monkeypatch.setattr(Figures, "of", again)
    renamed = Frame(["c", "d"], frame.columns)
    assert [row[1:] for row in summary.summary_table(renamed)["rows"]] == [
        row[1:] for row in first[0]["rows"]
    ]
    facts = summary.facts_of_columns(renamed)
    assert facts[0]["mins"] == [1, 2, 4] and facts[1]["positive_infinity_count"] == 1


def test_sparse_columns_have_the_figures_of_full_ones() -> None:
    full = np.array([0, 0, 3.5, 0, -1, 0, np.nan, 2, 0, 0, 0, 0])
    (thin,) = sparse_columns(sparse.csc_matrix(full.reshape(-1, 1)))
    assert thin.sparse is not None
    assert summary.distribution_of(thin) == summary.distribution_of(Column("real", full))
    assert summary.summarize(thin) == summary.summarize(Column("real", full))
