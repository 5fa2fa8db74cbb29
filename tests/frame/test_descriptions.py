"""What H2O's server tells of a frame: histograms as it makes them, a number that changes with the content."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.figures import Figures
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.columns.sparse import sparse_columns
from heavywater.frame.descriptions import checksum_of, describe, histogram_of
from heavywater.frame.frame import Frame
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse


@pytest.mark.parametrize(
    ("column", "count", "base", "stride"),
    [
        (numeric(np.arange(1000)), 1000, 0, 1),  # counted with the real H2O
        (numeric(np.arange(1001)), 1000, 0, 1.001),
        (numeric(np.arange(12000)), 1000, 0, 12),
        (numeric([-2, 4]), 7, -2, 1),
        (numeric([0.5, 999]), 1000, 0.5, 0.9985),
        (enum(np.arange(1500), [f"l{i}" for i in range(1500)]), 1500, 0, 1),
        (enum(np.array([1, 1, -1]), ["a", "b", "c"]), 3, 0, 1),
        (numeric([3.5, 3.5]), 1, 3.5, 1),
        (times(np.array([0, 999_999_999])), 1000, 0, 1e6),
    ],
)
def test_classes_of_histograms(column: Column, count: int, base: float, stride: float) -> None:
    found = histogram_of(column)
    assert (len(found["bins"]), found["base"], found["stride"]) == (count, base, stride)
    assert sum(found["bins"]) == len(column) - column.missing_count


def test_texts_and_nothing_have_no_histogram() -> None:
    assert histogram_of(strings(["a", None])) is None
    assert histogram_of(numeric([np.nan, np.inf]))["bins"] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-100, 100) | st.integers(-5, 5), min_size=2, max_size=60))
def test_histograms_are_those_of_numpy(values: list[float]) -> None:
    column = Column("real", np.array(values, np.float64))
    found = histogram_of(column)
    edges = found["base"] + found["stride"] * np.arange(len(found["bins"]) + 1)
    within = np.histogram(np.array(values), np.append(edges[:-1], np.inf))[0]
    assert found["bins"] == within.tolist()


def changed(column: Column) -> Column:
    values = column.values.copy()
    values[0], values[1] = values[1], values[0]
    return Column(column.kind, values, None, column.levels)


@pytest.mark.parametrize(
    "column",
    [numeric([1, 2, 3]), numeric([0.5, 1, 2]), enum(np.array([0, 1, 1]), ["a", "b"]), strings(["a", "bc", ""]), times(np.array([1, 2, 3]))],
)  # fmt: skip
def test_the_checksum_changes_with_the_content(column: Column) -> None:
    frame = Frame(["a"], [column])
    same = Frame(["a"], [column.take(np.arange(len(column)))])
    assert checksum_of(frame) == checksum_of(same)
    others: list[Any] = [
        Frame(["b"], [column]),
        Frame(["a"], [changed(column)]),
        frame.take(np.array([0, 1])),
    ]
    assert len({checksum_of(each) for each in [frame, *others]}) == 4


def test_texts_are_told_apart_by_their_ends() -> None:
    columns = [
        strings(["ab", "c"]),
        strings(["a", "bc"]),
        strings(["ab", "c", None]).take(slice(0, 2)),
        strings(["ab", None]),
    ]
    sums = [checksum_of(Frame(["a"], [each])) for each in columns]
    assert sums[0] == sums[2] and len(set(sums)) == 3


def test_pages_of_a_frame_tell_the_size_of_all() -> None:
    (thin,) = sparse_columns(sparse.csc_matrix(np.eye(40)[:, :1]))
    frame = Frame(["t", "n", "s"], [strings(["x"] * 40), numeric(np.arange(40)), thin])
    told = describe(frame, [1], "extremes")
    assert [each["label"] for each in told["columns"]] == ["n"]
    assert (told["rows"], told["num_columns"], told["column_count"], told["byte_size"]) == (
        40,
        3,
        1,
        frame.nbytes,
    )
    assert {name for name, _, _ in told["layouts"]} == {"text", "uint8", "sparse numbers"}
    assert sum(each[1] for each in told["layouts"]) == 3
    assert sum(each[2] for each in told["layouts"]) == frame.nbytes


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-9, 9), min_size=1, max_size=30), st.integers(1, 6))
def test_a_few_of_the_smallest_and_largest_need_no_order(values: list[float], count: int) -> None:
    plain = np.array(values)
    loose, ordered = Figures(plain), Figures(np.sort(plain))
    assert loose.smallest(count) == np.sort(plain)[:count].tolist()
    assert loose.largest(count) == np.sort(plain)[::-1][:count].tolist()
    assert ordered.numbers.tolist() == loose.numbers.tolist() == np.sort(plain).tolist()
    assert loose.smallest(count) == np.sort(plain)[:count].tolist()  # in order now
