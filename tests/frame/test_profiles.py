"""Facts and small pictures of columns, beside NumPy's histograms and counts."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.exchange import table_of
from heavywater.frame.columns.column_statistics import ColumnStatistics
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.exchange.arrow_frames import frame_of_table
from heavywater.frame.frame import Frame
from heavywater.frame.profiles import bars_of, level_counts, profile
from heavywater.frame.sharded_frame import FramePart, ShardedFrame
from scipy import sparse

RANDOM = np.random.default_rng(5)


def test_real_numbers_fall_into_classes_of_equal_width():
    numbers = np.append(RANDOM.normal(size=600_000), [np.nan, np.inf, -np.inf])
    bars = bars_of(numeric(numbers))
    assert bars is not None
    finite = numbers[np.isfinite(numbers)]
    counts, edges = np.histogram(finite, 24)
    assert sum(bars["counts"]) == len(finite)
    assert np.abs(np.array(bars["counts"]) - counts).max() <= 1  # a number on an edge, by rounding
    assert (bars["base"], bars["stride"]) == (edges[0], pytest.approx(edges[1] - edges[0]))


@pytest.mark.parametrize("kind", ["u1", "i2", "i4", "i8"])
def test_classes_of_whole_numbers_have_a_whole_width(kind: str):
    numbers = np.array([3, 4, 4, 50, 102, 102, 102]).astype(kind)
    bars = bars_of(numeric(numbers, np.arange(7) == 0))
    assert bars is not None
    assert (bars["base"], bars["stride"], len(bars["counts"])) == (4.0, 5.0, 20)
    assert [bars["counts"][i] for i in (0, 9, 19)] == [2, 1, 3]


def test_few_whole_numbers_have_a_class_each():
    bars = bars_of(numeric(np.array([1, 3, 3, 2], "i8")))
    assert bars == {"counts": [1, 1, 2], "base": 1.0, "stride": 1.0}


def test_columns_of_one_number_of_texts_and_of_nothing():
    assert bars_of(numeric(np.full(4, 0.5))) == {"counts": [4], "base": 0.5, "stride": 0.0}
    assert bars_of(strings(np.array(["a", None], object))) is None
    assert bars_of(numeric(np.full(4, np.nan))) is None
    assert bars_of(numeric(np.array([np.inf, -np.inf]))) is None
    assert bars_of(numeric(np.zeros(0))) is None
    assert bars_of(enum(-np.ones(3, int), ["x"])) is None


def test_the_widest_range_and_times():
    bars = bars_of(numeric(np.array([-1.7e308, 0.0, 1.7e308])))
    assert bars is not None
    assert sum(bars["counts"]) == 3
    assert (bars["counts"][0], bars["counts"][-1]) == (1, 1)
    bars = bars_of(times(np.array([0, 10**12]), np.zeros(2, bool)))
    assert bars is not None
    assert (bars["counts"][0], bars["counts"][-1], bars["base"]) == (1, 1, 0.0)


def test_sparse_numbers():
    cells = sparse.random(500, 1, density=0.1, format="csc", random_state=1)
    column = frame_of_table(table_of(cells)).columns[0]
    dense = numeric(np.asarray(cells.todense()).ravel())
    assert column.sparse is not None
    assert bars_of(column) == bars_of(dense)


def test_the_most_frequent_levels_come_first_and_the_others_are_counted():
    codes = np.concatenate([np.repeat(np.arange(30), np.arange(1, 31)), [-1]])
    bars = bars_of(enum(codes, [f"l{i}" for i in range(30)]))
    assert bars is not None
    assert bars["levels"][:2] == ["l29", "l28"]
    assert bars["counts"][:2] == [30, 29]
    assert bars["others"] == 1 + 2 + 3 + 4 + 5 + 6


def test_no_more_cells_are_looked_at_than_is_said():
    frame = Frame([f"c{i}" for i in range(5)], [numeric(RANDOM.normal(size=10)) for _ in range(5)])
    known = [found is not None for found in profile(frame, [0, 1, 2], 20)]
    assert known == [True, True, False]
    assert profile(frame, [4], 0)[0] is not None  # one at least
    known = [found is not None for found in profile(frame, list(range(5)), 0)]
    assert known == [True, True, True, False, True]  # what is known costs nothing
    assert all(profile(frame, list(range(5))))


def test_levels_by_position_by_count_and_by_a_text_in_them():
    column = enum(np.array([0, 1, 1, 2, 2, 2, -1]), ["Apple", "pear", "apricot"])
    statistics = ColumnStatistics.of(column)
    assert level_counts(statistics, 0, 2, False, "") == {
        "total": 3, "positions": [0, 1], "levels": ["Apple", "pear"], "counts": [1, 2],
    }  # fmt: skip
    assert level_counts(statistics, 1, 5, True, "AP")["levels"] == ["Apple"]
    assert level_counts(statistics, 0, 5, True, "ap") == {
        "total": 2, "positions": [2, 0], "levels": ["apricot", "Apple"], "counts": [3, 1],
    }  # fmt: skip
    assert level_counts(ColumnStatistics.of(numeric(np.arange(3))), 0, 5, False, "")["total"] == 0


def test_a_frame_whose_rows_lie_elsewhere_tells_what_is_known():
    columns = {"n": numeric(np.arange(6.0)), "e": enum(np.array([0, 1, 1, 1, 0, -1]), ["x", "y"])}
    statistics = {name: ColumnStatistics.of(column) for name, column in columns.items()}
    head = Frame(list(columns), [column.take(slice(0, 2)) for column in columns.values()])
    found = profile(ShardedFrame(statistics, [FramePart("node", "p", 6)], head, "far"), [0, 1])
    assert found[0] is not None
    assert found[1] is not None
    assert (found[0]["mean"], found[0]["bars"]) == (2.5, None)
    assert found[1]["bars"] == {"counts": [3, 2], "levels": ["y", "x"], "others": 0}
