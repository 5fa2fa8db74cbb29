"""Numbers, truth values and text read in the levels that a factor had in training."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.deeplearning.encoding.levels import in_levels, number_of_level, unseen_levels
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, factor, numeric, reals, strings, times
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.one_of(
    st.integers(-(2**62), 2**62), st.integers(-3, 3), st.floats(allow_nan=False, allow_infinity=False)
)
CELLS = st.lists(st.one_of(st.none(), NUMBERS), min_size=1, max_size=12)


def column_of(cells: list) -> Column:
    if all(isinstance(cell, int) for cell in cells):
        return numeric(np.array(cells, np.int64))
    return numeric(np.array([np.nan if cell is None else cell for cell in cells], float))


@given(CELLS)
def test_a_column_of_numbers_is_the_factor_it_would_have_become(cells: list) -> None:
    column = column_of(cells)
    if column.kind == "bad":
        return
    known = factor(column)
    found = in_levels(column, known.levels or ())
    assert found is not None and found.texts().tolist() == known.texts().tolist()


@given(CELLS, st.data())
def test_the_spelling_of_a_number_does_not_matter(cells: list, data: st.DataObject) -> None:
    """A level stands for the cells that have its value, whichever they are stored as; other cells keep their names."""
    column = column_of(cells)
    values = {float(cell) for cell in cells if cell is not None and abs(cell) < 2**53}
    domain = [
        data.draw(st.sampled_from([str(v), repr(v), f"{v:.17g}", f"{v:.20e}"])) for v in sorted(values)
    ] + ["other"]
    found = in_levels(column, domain)
    if not values:
        assert found is None or not set(found.levels or ()) & set(domain)
        return
    assert found is not None
    for cell, text in zip(column.numbers().tolist(), found.texts().tolist(), strict=True):
        if np.isnan(cell):
            assert text is None
        else:
            assert text not in domain or float(text) == cell
            assert (text in domain) == (cell in values)


@pytest.mark.parametrize(
    ("levels", "cells", "expected"),
    [
        (["0", "1"], [0, 1, np.nan, 1], ["0", "1", None, "1"]),
        (["1", "2", "unknown"], [1, 3, 2, 2], ["1", "3", "2", "2"]),
        (["001", "002"], [1, 2, 3, 1], ["001", "002", "3", "001"]),  # numbers that lost their zeros
        (["01", "1"], [1, 1, 1, 1], ["1", "1", "1", "1"]),  # its own name comes first
        (["1.0", "2.5"], [1, 2.5, 2, 1], ["1.0", "2.5", "2.0", "1.0"]),
        (["1", "2"], [1, 2.5, 2, 1], ["1", "2.5", "2", "1"]),
        (["False", "True"], [0, 1, 1, 2], ["False", "True", "True", "2"]),
        (["FALSE", "TRUE"], [0, 1, 1, np.nan], ["FALSE", "TRUE", "TRUE", None]),
        (["True", "maybe"], [0, 1, 1, 0], None),
        (["a", "b"], [0, 1, 1, 0], None),
        (["nan", "inf"], [0, 1, 1, 0], None),
        (["a", "b"], [np.nan] * 4, [None] * 4),
    ],
)
def test_numbers(levels: list[str], cells: list[float], expected: list | None) -> None:
    found = in_levels(numeric(np.array(cells)), levels)
    assert (None if found is None else found.texts().tolist()) == expected


@pytest.mark.parametrize("own", [["False", "True"], ["FALSE", "TRUE"], ["false", "true"]])
@pytest.mark.parametrize("levels", [["0", "1"], ["0.0", "1.0"], ["False", "True"], ["FALSE", "TRUE"]])
@pytest.mark.parametrize("as_text", [False, True])
def test_truth_values(own: list[str], levels: list[str], as_text: bool) -> None:
    column = enum(np.array([1, 0, -1, 1]), own)
    found = in_levels(strings(column.texts()) if as_text else column, levels)
    assert found is not None and found.texts().tolist() == [levels[1], levels[0], None, levels[1]]


def test_other_factors_keep_their_names() -> None:
    column = enum(np.array([0, 1, 2]), ["1.0", "True", "x"])
    found = in_levels(column, ["1", "x"])
    assert found is not None and found.texts().tolist() == ["1.0", "True", "x"]
    assert unseen_levels(found, ["1", "x"]) == ["1.0", "True"]


def test_what_can_be_no_level() -> None:
    assert in_levels(times(np.arange(3)), ["0", "1"]) is None
    assert in_levels(strings(["a"], "uuid"), ["a"]) is None
    assert in_levels(reals(np.array([0.5, np.inf])), ["0.5"]).texts().tolist() == ["0.5", "Infinity"]


@pytest.mark.parametrize("text", ["1_000", " 1", "1 ", "nan", "inf", "", "0x1", "\u0661", "1e", "--1", "$1"])
def test_what_is_no_number(text: str) -> None:
    assert number_of_level(text) is None
